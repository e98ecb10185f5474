// SPDX-License-Identifier: Apache-2.0
// Proxies of others that stand behind the program: Squid and tinyproxy with a password, each before one more proxy, which
// knows the way to the stand-ins.
import { spawn } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { start_cosdiag } from './cosdiag.mjs';
import { clean_env, eventually, run, scratch } from './environment.mjs';

export const USER = 'corpuser';

/** By the kind of proxy: tinyproxy knows letters and digits only. */
export const PASSWORDS = { cosdiag: 'p@rent:Passw0rd', squid: 'p@rent:Passw0rd', tinyproxy: 'parentPassw0rd' };

/** The URL of a proxy with credentials in it. */
export const with_password = (port, password) =>
  `http://${USER}:${encodeURIComponent(password)}@127.0.0.1:${port}`;

/** A port that nobody listens on. */
export async function free_port() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Whether somebody takes connections at that port. */
const answers = (port) =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('connect', () => (socket.destroy(), resolve(true)));
    socket.on('error', () => resolve(false));
  });

/** Runs a proxy in the foreground until the test ends. */
async function serve(t, command, args, port) {
  const child = spawn(command, args, { env: clean_env(), stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  let ended = false;
  child.stderr.on('data', (piece) => (said += piece));
  child.on('close', () => (ended = true));
  t.after(async () => {
    if (!ended) child.kill('SIGKILL');
    await eventually(() => ended, `${command} to end`);
  });
  const ready = async () => {
    if (ended) throw new Error(`${command} ended: ${said}`);
    return answers(port);
  };
  await eventually(ready, `${command} to listen`);
  return port;
}

/** The password as crypt(5) keeps it. */
async function hashed(password) {
  const { stdout } = await run('openssl', ['passwd', '-6', '-stdin'], { input: password });
  return stdout.trim();
}

async function settings_file(t, name, text) {
  const folder = await scratch(t);
  await chmod(folder, 0o755); // Squid's helpers run as another user
  const file = path.join(folder, name);
  await writeFile(file, text, { mode: 0o644 });
  return file;
}

export const DENIED_HOST = 'denied-1250000000.cos.ap-guangzhou.myqcloud.com';

/** Each starts with a password, before `next`'s port, and gives its own port. */
export const STRANGERS = {
  async squid(t, next) {
    const port = await free_port();
    const passwords = await settings_file(t, 'passwords', `${USER}:${await hashed(PASSWORDS.squid)}\n`);
    const lines = [
      `http_port 127.0.0.1:${port}`,
      `auth_param basic program /usr/lib/squid/basic_ncsa_auth ${passwords}`,
      'auth_param basic realm corp',
      'acl known proxy_auth REQUIRED',
      `acl denied dstdomain ${DENIED_HOST}`,
      'http_access deny !known',
      'http_access deny denied',
      'http_access allow all',
      `cache_peer 127.0.0.1 parent ${next} 0 no-query no-digest default`,
      'never_direct allow all',
      'cache deny all',
      'cache_mem 0 MB',
      'access_log none',
      'cache_log /dev/null',
      'netdb_filename none',
      'pid_filename none',
      'pinger_enable off',
      'shutdown_lifetime 0 seconds',
      'visible_hostname corp',
    ];
    return serve(t, '/usr/sbin/squid', ['-N', '-f', await settings_file(t, 'squid.conf', `${lines.join('\n')}\n`)], port);
  },
  async tinyproxy(t, next) {
    const port = await free_port();
    const lines = ['Listen 127.0.0.1', `Port ${port}`, 'Timeout 60', 'MaxClients 50', 'LogLevel Critical'];
    lines.push(`BasicAuth ${USER} ${PASSWORDS.tinyproxy}`, `Upstream http 127.0.0.1:${next}`);
    const file = await settings_file(t, 'tinyproxy.conf', `${lines.join('\n')}\n`);
    return serve(t, '/usr/bin/tinyproxy', ['-d', '-c', file], port);
  },
};

/** The settings with which the program itself asks for that password. */
export async function asking_for_password(t) {
  const hash = await hashed(PASSWORDS.cosdiag);
  return settings_file(t, 'cosdiag.yaml', `access:\n  users:\n    - {name: ${USER}, password_hash: '${hash}'}\n`);
}

/** The last proxy in a row: the one that knows where the stand-ins are, in the clear and, at port 443, over TLS. */
export const start_last = (t, origin, tls_port, args = []) =>
  start_cosdiag(t, null, [
    ...['--connect-to', `:443:127.0.0.1:${tls_port}`, '--connect-to', `::127.0.0.1:${origin.port}`],
    ...['--allow-destination', '127.0.0.0/8', ...args],
  ]);
