// SPDX-License-Identifier: Apache-2.0
// cosdiag tail and cosdiag healthcheck as people and containers use them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync, existsSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { start_origin } from '../origin/origin.mjs';
import { KEYS } from '../origin/world.mjs';
import { HOST, curl, presigned } from './support/clients.mjs';
import { program, start_cosdiag, start_pair } from './support/cosdiag.mjs';
import { assert_no_secret, read_diagnosis, secrets_of } from './support/diagnosis.mjs';
import { clean_env, eventually, run, scratch } from './support/environment.mjs';
import { start_admin, start_tail } from './support/tail.mjs';

const BLOCK = /^\d\d:\d\d:\d\d 403 GET http/m;

/** A 403 for that object, or that URL; its id. */
async function refused(cosdiag, object) {
  const url = object.startsWith('http') ? object : `http://${HOST}/${object}`;
  return read_diagnosis((await curl(cosdiag.url, [url])).headers)[0].id;
}

/** A log with entries for these objects, in that order. */
async function log_of(t, objects) {
  const { cosdiag } = await start_pair(t);
  for (const object of objects) await cosdiag.entry(await refused(cosdiag, object));
  return cosdiag.log_file;
}

const tail = (args, options = {}) => run(program(), ['tail', ...args], { env: clean_env({ TZ: 'UTC' }), ...options });
const count = (text, part) => text.split(part).length - 1;

/** The program with an admin listener on a port that later instances can have again. */
async function start_with_admin(t, args = [], address = '127.0.0.1:0') {
  const origin = await start_origin();
  t.after(() => origin.close());
  const cosdiag = await start_cosdiag(t, origin.port, ['--admin', address, ...args]);
  cosdiag.admin = /live page\s+http:\/\/([^/\s]+)/.exec(cosdiag.stderr)[1];
  cosdiag.end = async () => {
    cosdiag.child.kill('SIGTERM');
    await eventually(() => cosdiag.exit, 'the program to end');
  };
  return { origin, cosdiag };
}

describe('e2e/tail: a file', () => {
  test('one that is not there yet is waited for, and followed through both ways of rotation', async (t) => {
    const { origin, cosdiag } = await start_pair(t);
    const log = `${cosdiag.log_file}.later`;
    const watched = start_tail(t, [log]);
    await watched.says('is not there yet. It is waited for.');
    renameSync(cosdiag.log_file, log);
    const ids = [await refused(cosdiag, presigned(KEYS.uploader, { object: 'first' }))];
    await watched.shows(`id ${ids[0]}`);
    assert.match(watched.stdout, BLOCK);

    copyFileSync(log, `${log}.1`);
    truncateSync(log, 0);
    await watched.says('was cut short, and is read from its beginning');
    ids.push(await refused(cosdiag, 'second'));
    await watched.shows(`id ${ids[1]}`);

    renameSync(log, `${log}.2`);
    ids.push(await refused(cosdiag, 'third'));
    await watched.shows(`id ${ids[2]}`);
    cosdiag.child.kill('SIGHUP');
    await eventually(() => existsSync(cosdiag.log_file), 'a new log file');
    renameSync(cosdiag.log_file, log);
    ids.push(await refused(cosdiag, 'fourth'));
    await watched.shows(`id ${ids[3]}`);
    await watched.says('is another file now, and read from its beginning');
    assert.deepEqual(ids.map((id) => count(watched.stdout, `id ${id}`)), [1, 1, 1, 1]);
    assert_no_secret(watched.stdout + watched.stderr, secrets_of(origin.requests), 'tail');
  });

  test('later tries of a request take one line each', async (t) => {
    const { cosdiag } = await start_pair(t);
    const watched = start_tail(t, [cosdiag.log_file]);
    const id = await refused(cosdiag, 'again');
    await watched.shows(`id ${id}`);
    for (let number = 2; number <= 3; number += 1) {
      await refused(cosdiag, 'again');
      await watched.shows(new RegExp(`^\\d\\d:\\d\\d:\\d\\d again: try ${number} of ${id.slice(0, 6)}…$`, 'm'));
    }
    assert.equal(count(watched.stdout, ' 403 GET '), 1);
  });

  test('the last entries that fit come first, ten without -n, and --no-follow ends there', async (t) => {
    const log = await log_of(t, Array.from({ length: 12 }, (_, index) => `${index % 2 ? 'odd' : 'even'}/${index}`));
    const heads = async (...args) => {
      const { status, stdout, stderr } = await tail(['--no-follow', ...args, log]);
      assert.deepEqual([status, stderr], [0, ''], args.join(' '));
      return [...stdout.matchAll(/403 GET \S+\/(\d+)$/gm)].map((match) => Number(match[1]));
    };
    assert.deepEqual(await heads(), [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    assert.deepEqual(await heads('-n', '2'), [10, 11]);
    assert.deepEqual(await heads('-n', '2', '--key', 'EVEN/'), [8, 10]);
    assert.deepEqual(await heads('-n', 'all', '--key', 'odd/'), [1, 3, 5, 7, 9, 11]);
    assert.deepEqual(await heads('-n', '0'), []);
    assert.deepEqual(await heads('--cause', 'cors-denied'), []);
    const whole = readFileSync(log, 'utf8');
    assert.equal((await tail(['--no-follow', '-n', 'all', '--json', log])).stdout, whole);
  });

  test('every filter keeps what fits and nothing else', async (t) => {
    const log = await log_of(t, ['open.txt', presigned(KEYS.uploader, { object: 'signed.txt' })]);
    const [open, signed] = readFileSync(log, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
    const shown = async (...args) => {
      const { stdout } = await tail(['--no-follow', '--json', ...args, log]);
      return stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line).id);
    };
    const both = [open.id, signed.id];
    assert.deepEqual(await shown('--cause', 'anonymous-request'), [open.id]);
    assert.deepEqual(await shown('--confidence', open.causes[0].confidence, '--key', 'OPEN'), [open.id]);
    assert.deepEqual(await shown('--bucket', open.request.bucket), both);
    assert.deepEqual(await shown('--bucket', open.request.bucket.split('-')[0]), []);
    assert.deepEqual(await shown('--access-key', KEYS.uploader.secret_id), [signed.id]);
    assert.deepEqual(await shown('--access-key', signed.request.access_key), [signed.id]);
    assert.deepEqual(await shown('--action', 'GetObject'), both);
    assert.deepEqual(await shown('--host', HOST.toUpperCase()), both);
    assert.deepEqual(await shown('--text', 'not signed'), [open.id]);
  });

  test('what cannot be read is told with status 1', async (t) => {
    for (const file of ['/nonexistent/log', '/']) {
      const { status, stdout, stderr } = await tail(['--no-follow', file]);
      assert.deepEqual([status, stdout], [1, '']);
      assert.match(stderr, /^cosdiag: ".*" cannot be read: .*\. Name a file that cosdiag --log writes\.\n$/);
    }
    const { status } = await tail([path.join(await scratch(t), 'log'), '--no-such']);
    assert.equal(status, 2);
  });
});

describe('e2e/tail: streams and terminals', () => {
  test('standard input is shown as it comes; lines that are no entries are counted, and bytes that control are none', async (t) => {
    const log = readFileSync(await log_of(t, ['first', 'second']), 'utf8');
    const [first] = log.split('\n');
    const hostile = first.replace('/first', '/\\u001b[2J\\u009b31m').replace('"id":"', '"id":"\\u001b]0;x\\u0007');
    const huge = `{"schema":"cosdiag.diagnosis/1","x":"${'x'.repeat(2 << 20)}"}`;
    const input = `\x1b[2Jnoise\n${log}${huge}\n\x1b[36mweb |\x1b[0m ${hostile}\n{"schema":"another/1"}\nno end`;
    const { status, stdout, stderr } = await tail(['-'], { input });
    assert.equal(status, 0);
    assert.equal(count(stdout, ' 403 GET '), 3);
    assert.match(stdout, /\/\\x1b\[2J\\x9b31m/);
    assert.doesNotMatch(stdout + stderr, /[\x00-\x09\x0b-\x1f\x7f\x80-\x9f]/);
    assert.match(stderr, /^cosdiag: 4 lines were passed over: they are no entries of the diagnosis log\.$/m);
    const last = await tail(['-n', '1', '--json', '-'], { input: log });
    assert.equal(last.stdout, `${log.split('\n')[1]}\n`);
    for (const args of [['-'], ['-n', 'all', '-']]) {
      const watched = start_tail(t, args);
      watched.child.stdin.write(`${first}\n`);
      await watched.shows(BLOCK);
      watched.child.stdin.end();
      await watched.ended();
      assert.deepEqual(watched.exit, { status: 0, signal: null });
    }
  });

  test('a terminal gets colours unless NO_COLOR is set, and no escapes but those even with --json', async (t) => {
    const log = await log_of(t, ['first']);
    appendFileSync(log, readFileSync(log, 'utf8').replaceAll('/first', '/\x7f\u009b2J\u202e'));
    const on_terminal = async (args, env = {}) => {
      const words = [program(), 'tail', '--no-follow', ...args, log].join(' ');
      const { stdout } = await run('script', ['-qec', words, '/dev/null'], {
        env: clean_env({ TZ: 'UTC', TERM: 'xterm', SHELL: '/bin/sh', ...env }),
      });
      return stdout;
    };
    const plain = (text) => text.replaceAll(/\x1b\[[\d;]*m/g, '');
    const coloured = await on_terminal([]);
    assert.match(coloured, /^\x1b\[2m\d\d:\d\d:\d\d\x1b\[0m \x1b\[1m403 GET\x1b\[0m /m);
    assert.doesNotMatch(plain(coloured), /[\x00-\x09\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\u202e]/);
    assert.doesNotMatch(await on_terminal([], { NO_COLOR: '1' }), /\x1b/);
    const json = await on_terminal(['--json']);
    assert.doesNotMatch(json, /[\x00-\x09\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\u202e]/);
    const raw = readFileSync(log, 'utf8').split('\n').filter(Boolean);
    const read = json.split('\r\n').filter(Boolean);
    assert.deepEqual(read.map((line) => JSON.parse(line)), raw.map((line) => JSON.parse(line)));
  });

  test('it ends when its reader does, though nothing more comes, and dies of SIGINT as tail does', async (t) => {
    const log = await log_of(t, ['first', 'second']);
    const { status, stdout, stderr } = await run('sh', ['-c', `'${program()}' tail '${log}' | head -n 1`], {
      env: clean_env({ TZ: 'UTC' }),
    });
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, BLOCK);
    const watched = start_tail(t, [log]);
    await watched.shows('/second');
    watched.child.kill('SIGINT');
    await watched.ended();
    assert.deepEqual(watched.exit, { status: null, signal: 'SIGINT' });
  });

  test('nobody is told in Chinese who did not ask for it', async (t) => {
    const log = await log_of(t, ['first']);
    assert.match((await tail(['--no-follow', '--lang', 'zh', log])).stdout, /怎么办/);
    assert.doesNotMatch((await tail(['--no-follow', log])).stdout, /怎么办/);
  });
});

describe('e2e/tail: the admin listener', () => {
  test('what was diagnosed before is shown, then what comes, across a restart', async (t) => {
    const { origin, cosdiag } = await start_with_admin(t);
    const before = [await refused(cosdiag, 'first'), await refused(cosdiag, 'second')];
    await cosdiag.entry(before[1]);
    const once = await tail(['--no-follow', '-n', '1', '--json', '--admin', cosdiag.admin]);
    assert.deepEqual([once.status, once.stderr, JSON.parse(once.stdout).id], [0, '', before[1]]);

    const watched = start_tail(t, ['--admin', cosdiag.admin]);
    const filtered = start_tail(t, ['--json', '--key', 'THIRD', '--admin', cosdiag.admin]);
    for (const id of before) await watched.shows(`id ${id}`);
    const third = await refused(cosdiag, 'third');
    await watched.shows(`id ${third}`);
    await filtered.shows(`"id":"${third}"`);
    assert.equal(filtered.stdout, `${JSON.stringify(await cosdiag.entry(third))}\n`);

    await cosdiag.end();
    await watched.says('the program is ending.');
    await watched.says('It is tried again every second.');
    const next = await start_cosdiag(t, origin.port, ['--admin', cosdiag.admin]);
    const fourth = await refused(next, 'fourth');
    await watched.says('the program was started anew.');
    await watched.shows(`id ${fourth}`);
    assert.equal(count(watched.stdout, ' 403 GET '), 4);
    assert_no_secret(watched.stdout + watched.stderr, secrets_of(origin.requests), 'tail');
  });

  test('a broken connection is taken up where it broke, and entries that were missed are told of', async (t) => {
    const entry = JSON.parse(readFileSync(await log_of(t, ['first']), 'utf8'));
    const at = (id) => ({ ...entry, id });
    const admin = await start_admin(t, { entries: [{ seq: 7, entry: at('0000000000000007') }] });
    const watched = start_tail(t, ['--admin', admin.address, '--text', '0000 0&%']);
    await admin.stream(0).then((stream) => stream.end());
    const second = await admin.stream(1);
    assert.equal(new URL(second.request.url, 'http://x').searchParams.get('text'), '0000 0&%');
    assert.deepEqual([watched.stdout, second.request.headers['last-event-id']], ['', '7']);
    watched.child.kill();

    const whole = start_tail(t, ['--admin', admin.address]);
    await whole.shows('id 0000000000000007');
    const third = await admin.stream(2);
    third.send('diagnosis', at('0000000000000008'), 8);
    await whole.shows('id 0000000000000008');
    third.end();
    const fourth = await admin.stream(3);
    assert.equal(fourth.request.headers['last-event-id'], '8');
    await whole.says(/broke|ended the connection/);
    await whole.says(`connected to ${admin.address} again.`);
    fourth.send('forgotten', { from: 9, to: 20 });
    fourth.send('diagnosis', at('0000000000000021'), 21);
    await whole.says('12 entries were missed: the program no longer holds them.');
    await whole.shows('id 0000000000000021');
    admin.instance = '99999999';
    fourth.end();
    await whole.says('the program was started anew.');
    assert.equal((await admin.stream(5)).request.headers['last-event-id'], '0');
  });

  test('users are asked for, and named by the environment', async (t) => {
    const hash = execFileSync('openssl', ['passwd', '-6', 'open-sesame'], { encoding: 'utf8' }).trim();
    const settings = path.join(await scratch(t), 'settings.yaml');
    writeFileSync(settings, `admin:\n  users: [{name: alice, password_hash: '${hash}'}]\n`);
    const { cosdiag } = await start_with_admin(t, ['--config', settings]);
    const args = ['--no-follow', '--admin', cosdiag.admin];
    const stranger = await tail(args);
    assert.equal(stranger.status, 1);
    assert.match(stranger.stderr, /wants to know who asks: .*\. Set COSDIAG_ADMIN_USER=NAME:PASSWORD in the environment\.\n$/);
    const known = await tail(args, { env: clean_env({ COSDIAG_ADMIN_USER: 'alice:open-sesame' }) });
    assert.deepEqual([known.status, known.stderr], [0, '']);
    assert.equal((await run(program(), ['healthcheck', '--admin', cosdiag.admin])).status, 0);
  });

  test('where nothing or something else listens, that is told with what to do', async (t) => {
    const { cosdiag } = await start_with_admin(t);
    const other = await tail(['--admin', `127.0.0.1:${cosdiag.port}`]);
    assert.deepEqual([other.status, other.stdout], [1, '']);
    assert.match(other.stderr, /is not cosdiag's admin listener\.\n$/);
    await cosdiag.end();
    const none = await tail(['--admin', cosdiag.admin]);
    assert.deepEqual([none.status, none.stdout], [1, '']);
    assert.equal(
      none.stderr,
      `cosdiag: nothing listens at ${cosdiag.admin}. Serve with --admin ${cosdiag.admin}, ` +
        'name another address with tail --admin, or the log itself: cosdiag tail FILE.\n',
    );
  });
});

describe('e2e/healthcheck', () => {
  test('it says by its status whether requests are taken, and in one line why not', async (t) => {
    const { origin, cosdiag } = await start_with_admin(t);
    const settings = path.join(await scratch(t), 'settings.yaml');
    writeFileSync(settings, `admin: {address: '${cosdiag.admin}'}\n`);
    const check = (...args) => run(program(), ['healthcheck', ...args]);
    for (const args of [['--admin', cosdiag.admin], ['--config', settings], ['--admin', cosdiag.admin.replace('127.0.0.1', '0.0.0.0')]])
      assert.deepEqual(await check(...args), { status: 0, stdout: '', stderr: '' }, args.join(' '));

    origin.rules.add({ steps: [{ stall: true }] });
    const under_way = curl(cosdiag.url, [`http://${HOST}/slow`]);
    await eventually(() => origin.requests.length === 1, 'the request to arrive');
    cosdiag.child.kill('SIGTERM');
    await eventually(async () => (await check('--admin', cosdiag.admin)).stderr.includes('is ending.'), 'it to drain');
    cosdiag.child.kill('SIGTERM');
    await under_way;
    await eventually(() => cosdiag.exit, 'the program to end');
    const { status, stderr } = await check('--admin', cosdiag.admin);
    assert.equal(status, 1);
    assert.match(stderr, /^cosdiag: not ready: nothing listens at [^\n]*\n$/);
    assert.equal((await check('--admin', 'nowhere')).status, 2);
  });
});
