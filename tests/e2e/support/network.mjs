// SPDX-License-Identifier: Apache-2.0
// What tests in network namespaces of their own need.
import path from 'node:path';
import { run } from './environment.mjs';

/** Whether this machine lets us make namespaces; some containers do not. */
export async function namespaces() {
  const { status } = await run('unshare', ['--map-root-user', '--net', '--mount', 'ip', 'link', 'show', 'lo']);
  return status === 0;
}

/** For a script of bash that runs in one: `says FILE PATTERN` waits until the file has such a line, and fails if none comes. */
export const SAYS = `
says() {
  timeout 20 grep -qm1 -- "$2" < <(tail -n +1 -s 0.05 --pid=$$ -F "$1" 2>/dev/null) || { echo "$1 never said: $2" >&2; return 1; }
}
`;

/** { key, cert }: files with a certificate for that name, signed by itself. */
export async function certificate(folder, host, { cert = 'cert.pem', key = 'key.pem', days = 1, more = [] } = {}) {
  const made = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', String(days)];
  const names = ['-subj', '/CN=stand-in', '-addext', `subjectAltName=DNS:${host}`];
  const files = { key: path.join(folder, key), cert: path.join(folder, cert) };
  const { status, stderr } = await run('openssl', ['req', ...made, ...names, ...more, '-keyout', files.key, '-out', files.cert]);
  if (status !== 0) throw new Error(`openssl: ${stderr}`);
  return files;
}

/** The arguments that make unshare(1) give namespaces in which there is more than one user; null where it may not. */
export async function namespaces_with_users() {
  const try_it = 'setpriv --reuid 4242 true && ip link add name a0 type veth && nft list ruleset';
  for (const users of [[], ['--map-root-user', '--map-auto']]) {
    const args = [...users, '--net', '--mount'];
    const { status } = await run('unshare', [...args, 'sh', '-c', try_it]);
    if (status === 0) return args;
  }
  return null;
}
