// SPDX-License-Identifier: Apache-2.0
// `cosdiag run`, `env` and `ca` as people use them: real processes, HTTPS looked into, and nothing left behind.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmod, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { HOST } from './support/clients.mjs';
import { program, start_cosdiag } from './support/cosdiag.mjs';
import { assert_no_secret, read_diagnosis, secrets_of } from './support/diagnosis.mjs';
import { clean_env, eventually, file_with, run, scratch } from './support/environment.mjs';
import { start_tls_origin } from './support/tls_origin.mjs';

const URL_REFUSED = `https://${HOST}/private`;
const CURL = ['curl', '-q', '-sS', '-i', '--max-time', '60'];

/** A data folder and a place for temporary files, of one test; `cosdiag` runs the program there to its end. */
async function home(t) {
  const folder = await scratch(t);
  const [data, tmp] = ['data', 'tmp'].map((name) => path.join(folder, name));
  await mkdir(tmp);
  const env = (extra = {}) => clean_env({ COSDIAG_DATA_DIR: data, TMPDIR: tmp, COSDIAG: program(), ...extra });
  const cosdiag = (args, extra) => run(program(), args, { env: env(extra) });
  return { folder, data, tmp, env, cosdiag, file: (name) => path.join(data, name) };
}

const towards = ({ port, ca }) => [
  ...['--connect-to', `::127.0.0.1:${port}`, '--allow-destination', '127.0.0.0/8', '--upstream-ca', ca],
];

const head_of = (stdout) => {
  const lines = stdout.slice(0, stdout.indexOf('\r\n\r\n')).split('\r\n').slice(1);
  return Object.fromEntries(lines.map((line) => line.split(/: (.*)/s)).map(([name, value]) => [name.toLowerCase(), value]));
};

/** What curl prints with -i behind a proxy: CONNECT's answer, then the origin's. */
const answer_in_tunnel = (stdout) => stdout.slice(stdout.indexOf('\r\n\r\n') + 4);

const fingerprint = (text) => /SHA-256 +([0-9A-F:]{95})\n/.exec(text)[1];

describe('e2e/commands: run', () => {
  test('HTTPS is looked into without any preparation, and the diagnosis is for people, beside the output', async (t) => {
    const { cosdiag, tmp } = await home(t);
    const origin = await start_tls_origin(t);
    const { status, stdout, stderr } = await cosdiag(['run', ...towards(origin), '--', ...CURL, URL_REFUSED]);
    assert.equal(status, 0, stderr);
    const [{ id, cause }] = read_diagnosis(head_of(answer_in_tunnel(stdout)));
    assert.equal(cause, 'anonymous-request');
    assert.match(stderr, /^cosdiag: http:\/\/ and HTTPS to myqcloud\.com, .* with a CA for this run alone\n/);
    assert.ok(stderr.includes(id) && stderr.includes('anonymous-request'), stderr);
    assert.ok(!stderr.includes('"schema"') && !stderr.includes('\x1b') && !stderr.includes('nothing passed'), stderr);
    assert.deepEqual(await readdir(tmp), []);
  });

  test('with --log diagnoses go to the file as JSON lines, and are only counted on the error stream', async (t) => {
    const { cosdiag, folder } = await home(t);
    const origin = await start_tls_origin(t);
    const log = path.join(folder, 'log');
    const { stderr } = await cosdiag(['run', '--log', log, ...towards(origin), '--', ...CURL, URL_REFUSED, URL_REFUSED]);
    const entries = (await readFile(log, 'utf8')).trim().split('\n').map((line) => JSON.parse(line));
    assert.deepEqual(entries.map(({ causes }) => causes[0].cause), ['anonymous-request', 'anonymous-request']);
    assert.ok(!stderr.includes('anonymous-request'), stderr);
    assert.ok(stderr.endsWith(`cosdiag: 2 diagnoses went to ${log}\n`), stderr);
    assert_no_secret(stderr + (await readFile(log, 'utf8')), secrets_of(origin.origin.recorded()), 'log and messages');
  });

  test('many clients at once end with all of their diagnoses written', async (t) => {
    const { cosdiag, folder } = await home(t);
    const origin = await start_tls_origin(t);
    const log = path.join(folder, 'log');
    const clients = `for i in 1 2 3 4 5 6 7 8; do ${CURL.join(' ')} ${`${URL_REFUSED} `.repeat(20)} >/dev/null & done; wait`;
    const { status } = await cosdiag(['run', '--log', log, ...towards(origin), '--', 'sh', '-c', clients]);
    assert.equal(status, 0);
    assert.equal((await readFile(log, 'utf8')).trim().split('\n').length, 160);
  });

  test('a client that does not trust the CA is told how, even if it ends at once', async (t) => {
    const { cosdiag } = await home(t);
    const origin = await start_tls_origin(t);
    const distrusting = ['env', '-u', 'CURL_CA_BUNDLE', '-u', 'SSL_CERT_FILE', ...CURL, URL_REFUSED];
    const { status, stderr } = await cosdiag(['run', ...towards(origin), '--', ...distrusting]);
    assert.equal(status, 60);
    assert.match(stderr, /client-distrusts-ca/);
    assert.match(stderr, /CURL_CA_BUNDLE=\S+\/bundle\.pem/);
  });

  test('the command sees the proxy and the trust files, keeps its own CAs, and leaves nothing behind', async (t) => {
    const { cosdiag, tmp } = await home(t);
    const { ca } = await start_tls_origin(t);
    const shown = 'env; stat -c %a:%n "${SSL_CERT_FILE%/*}" "${SSL_CERT_FILE%/*}"/*; cat "$NODE_EXTRA_CA_CERTS"';
    const { stdout, stderr } = await cosdiag(['run', '--', 'sh', '-c', shown], { NODE_EXTRA_CA_CERTS: ca });
    const folder = /^SSL_CERT_FILE=(.*)\/bundle\.pem$/m.exec(stdout)[1];
    assert.ok(folder.startsWith(`${tmp}/cosdiag-`), folder);
    assert.match(stdout, /^https_proxy=http:\/\/127\.0\.0\.1:\d+$/m);
    const modes = [`700:${folder}`, ...['bundle.pem', 'ca.pem', 'truststore.p12'].map((name) => `644:${folder}/${name}`)];
    assert.ok(stdout.includes(modes.join('\n')), stdout);
    assert.ok(stdout.includes((await readFile(ca, 'utf8')).trim()));
    assert.match(stderr, /cosdiag: nothing passed through the proxy: sh may not read its variables/);
    assert.deepEqual(await readdir(tmp), []);
  });

  test('the exit status is the command’s', async (t) => {
    const { cosdiag, tmp } = await home(t);
    const rows = [
      [['true'], 0],
      [['sh', '-c', 'exit 7'], 7],
      [['sh', '-c', 'kill -TERM $$'], 143],
      [['sh', '-c', 'kill -KILL $$'], 137],
      [['no-such\x1b[2Jcommand'], 127, /cosdiag: no-such\\x1b\[2Jcommand: no such command\n$/],
      [['/etc/passwd'], 126, /cosdiag: \/etc\/passwd cannot be run: Permission denied\n$/],
    ];
    for (const [command, expected, message = /./] of rows) {
      const { status, stderr } = await cosdiag(['run', '--', ...command]);
      assert.equal(status, expected, command.join(' '));
      assert.match(stderr, message);
    }
    assert.deepEqual(await readdir(tmp), []);
  });

  test('signals are the command’s, and nothing is left behind', async (t) => {
    const { env, tmp } = await home(t);
    const source = (signal) => `process.on('${signal}', () => process.exit(9)); console.log('ready'); setInterval(() => {}, 1e6)`;
    for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT']) {
      const child = spawn(program(), ['run', '--', process.execPath, '-e', source(signal)], { env: env(), detached: true });
      let out = '';
      child.stdout.on('data', (piece) => (out += piece));
      let end = null;
      child.on('close', (status, by) => (end = { status, by }));
      await eventually(() => out.includes('ready'), 'the command to start');
      assert.equal((await readdir(tmp)).length, 1);
      child.kill(signal);
      await eventually(() => end, 'the program to end');
      assert.deepEqual(end, { status: 9, by: null }, signal);
      assert.deepEqual(await readdir(tmp), []);
    }
  });

  test('a lasting CA is used where there is one', async (t) => {
    const { cosdiag, file } = await home(t);
    await cosdiag(['ca', 'init']);
    const origin = await start_tls_origin(t);
    const trusting = [...CURL, '--cacert', file('ca.pem'), URL_REFUSED];
    const { status, stderr } = await cosdiag(['run', ...towards(origin), '--', ...trusting]);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /with the CA made on \d{4}-\d\d-\d\d\n/);
  });
});

describe('e2e/commands: ca', () => {
  test('init makes a CA once; show and export tell of the same one', async (t) => {
    const { cosdiag, file, folder } = await home(t);
    const made = await cosdiag(['ca', 'init']);
    assert.equal(made.status, 0, made.stderr);
    const again = await cosdiag(['ca', 'init']);
    assert.equal(again.status, 0);
    const shown = await cosdiag(['ca', 'show']);
    assert.deepEqual([again.stdout, shown.stdout].map(fingerprint), Array(2).fill(fingerprint(made.stdout)));
    const { stdout } = await run('openssl', ['x509', '-noout', '-fingerprint', '-sha256', '-in', file('ca.pem')]);
    assert.ok(stdout.trim().endsWith(fingerprint(made.stdout)));
    assert.equal((await stat(file('ca.key'))).mode & 0o777, 0o600);

    const exported = await cosdiag(['ca', 'export', '--dir', path.join(folder, 'out')]);
    assert.equal(exported.status, 0, exported.stderr);
    assert.deepEqual((await readdir(path.join(folder, 'out'))).sort(), ['bundle.pem', 'ca.pem', 'truststore.p12']);
    assert.equal(await readFile(path.join(folder, 'out/ca.pem'), 'utf8'), await readFile(file('ca.pem'), 'utf8'));
  });

  test('init refuses where the CA lacks a custom domain, and replaces it with --force', async (t) => {
    const { cosdiag } = await home(t);
    const first = fingerprint((await cosdiag(['ca', 'init'])).stdout);
    const config = await file_with(t, 'cos: {custom_domains: [files.example.com]}\n');
    const refused = await cosdiag(['ca', 'init', '--config', config]);
    assert.deepEqual([refused.status, refused.stdout], [1, '']);
    assert.match(refused.stderr, /does not cover files\.example\.com\. .*--force/);
    const forced = await cosdiag(['ca', 'init', '--force', '--config', config]);
    assert.equal(forced.status, 0);
    assert.notEqual(fingerprint(forced.stdout), first);
    assert.match(forced.stdout, /files\.example\.com, the names below them, and nothing else/);
  });

  test('a key that others may read is refused by every command, and nothing starts', async (t) => {
    const { cosdiag, file, tmp } = await home(t);
    await cosdiag(['ca', 'init']);
    await chmod(file('ca.key'), 0o644);
    for (const args of [['ca', 'init'], ['ca', 'show'], ['env'], ['run', 'true'], ['--listen', '127.0.0.1:0']]) {
      const { status, stdout, stderr } = await cosdiag(args);
      assert.deepEqual([status, stdout], [1, ''], args.join(' '));
      assert.match(stderr, /^cosdiag: .*ca\.key is open to others than its owner \(644\).* Run chmod 600 /, args.join(' '));
    }
    assert.deepEqual(await readdir(tmp), []);
  });

  test('without a CA show says how to make one, and a listener that is to speak TLS does not start', async (t) => {
    const { cosdiag } = await home(t);
    const shown = await cosdiag(['ca', 'show']);
    assert.equal(shown.status, 1);
    assert.match(shown.stderr, /Make one with cosdiag ca init/);
    const config = await file_with(t, 'listeners: [{address: "127.0.0.1:0", mode: reverse, tls: true}]\n');
    const served = await cosdiag(['--config', config]);
    assert.equal(served.status, 1);
    assert.match(served.stderr, /^cosdiag: the listener at 127\.0\.0\.1:0 is to speak TLS .*cosdiag ca init/);
  });
});

describe('e2e/commands: serving and env', () => {
  test('eval "$(cosdiag env)" is all that a shell needs for HTTPS to be looked into', async (t) => {
    const { cosdiag, data, env } = await home(t);
    await cosdiag(['ca', 'init']);
    const origin = await start_tls_origin(t);
    const serving = await start_cosdiag(t, origin.port, ['--upstream-ca', origin.ca, '--data-dir', data]);
    assert.match(serving.stderr, /HTTPS to COS {3}seen, where clients trust the CA made on \d{4}/);
    const line = /^ {2}(eval .*?) {2,}#/m.exec(serving.stderr)[1];
    const script = `${line}\n${line}\n${CURL.join(' ')} ${URL_REFUSED}`;
    const { status, stdout, stderr } = await run('sh', ['-c', script], { env: env() });
    assert.equal(status, 0, stderr);
    assert.equal(stderr, '');
    const [{ id }] = read_diagnosis(head_of(answer_in_tunnel(stdout)));
    assert.equal((await serving.entry(id)).request.scheme ?? 'https', 'https');
  });

  test('the environment of a shell stays as it is when it is evaluated twice, and so do the files', async (t) => {
    const { cosdiag, env, file } = await home(t);
    const { ca } = await start_tls_origin(t);
    await cosdiag(['ca', 'init']);
    const script = 'eval "$("$COSDIAG" env)"; env | sort; cat "$SSL_CERT_FILE"';
    const evaluate = (times) =>
      run('sh', ['-c', `${'eval "$("$COSDIAG" env)"; '.repeat(times - 1)}${script}`], {
        env: env({ SSL_CERT_FILE: ca, NODE_EXTRA_CA_CERTS: ca, JAVA_TOOL_OPTIONS: '-Xmx1g' }),
      });
    const once = await evaluate(1);
    assert.equal(once.stderr, '');
    assert.ok(once.stdout.includes((await readFile(ca, 'utf8')).trim()));
    assert.match(once.stdout, /^JAVA_TOOL_OPTIONS=-Xmx1g -D/m);
    assert.deepEqual(await evaluate(3), once);
    assert.match(once.stdout, new RegExp(`^SSL_CERT_FILE=${file('bundle.pem')}$`, 'm'));
  });

  test('without a CA the start says that HTTPS is unseen, and so does env', async (t) => {
    const { cosdiag } = await home(t);
    const serving = await start_cosdiag(t, null);
    assert.match(serving.stderr, /HTTPS to COS {3}passes through unseen, since no CA was made/);
    const { status, stdout, stderr } = await cosdiag(['env']);
    assert.equal(status, 0);
    assert.match(stdout, /^export http_proxy=http:\/\/127\.0\.0\.1:8403$/m);
    assert.ok(!stdout.includes('SSL_CERT_FILE'));
    assert.match(stderr, /no CA was made.*cosdiag ca init/);
  });

  test('nothing of it needs a home', async () => {
    const env = { PATH: process.env.PATH };
    const commands = [
      [['run', '--', 'true'], 0, /with a CA for this run alone/],
      [['env'], 0, /no CA was made/],
      [['ca', 'show'], 2, /--data-dir DIR/],
    ];
    for (const [args, expected, message] of commands) {
      const { status, stderr } = await run(program(), args, { env });
      assert.equal(status, expected, stderr);
      assert.match(stderr, message);
    }
    const serving = spawn(program(), ['--listen', '127.0.0.1:0'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    serving.stderr.on('data', (piece) => (said += piece));
    await eventually(() => /listening on/.test(said), 'the program to listen');
    serving.kill('SIGTERM');
    await eventually(() => serving.exitCode !== null, 'the program to end');
    assert.equal(serving.exitCode, 0);
  });

  test('a custom domain that the CA lacks is told at the start', async (t) => {
    const { cosdiag, data, folder } = await home(t);
    await cosdiag(['ca', 'init']);
    const config = path.join(folder, 'cosdiag.yaml');
    await writeFile(config, 'cos: {custom_domains: [files.example.com]}\n');
    const serving = await start_cosdiag(t, null, ['--data-dir', data, '--config', config]);
    assert.match(serving.stderr, /HTTPS to files\.example\.com \(cos\.custom_domains\) passes through unseen: .*--force/);
  });
});
