// SPDX-License-Identifier: Apache-2.0
// The program among its neighbours: signals, its log, an address that is taken, destinations that it must not reach.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import { describe, test } from 'node:test';
import { start_origin } from '../origin/origin.mjs';
import { HOST, curl } from './support/clients.mjs';
import { program, start_cosdiag, start_pair } from './support/cosdiag.mjs';
import { read_diagnosis } from './support/diagnosis.mjs';
import { clean_env, eventually, run } from './support/environment.mjs';

const refused = (cosdiag) => curl(cosdiag.url, [`http://${HOST}/private`]);

/** curl asks many times over one connection; the number of 403s that bear a diagnosis. */
async function diagnosed(cosdiag, times) {
  const { stdout } = await curl(cosdiag.url, Array(times).fill(`http://${HOST}/private`));
  return stdout.toString('latin1').match(/\r\nX-Cos-Diagnosis: /gi)?.length;
}

describe('e2e/lifecycle', () => {
  test('the log is for its owner’s eyes only, and SIGHUP opens it anew', async (t) => {
    const { cosdiag } = await start_pair(t);
    const [{ id }] = read_diagnosis((await refused(cosdiag)).headers);
    await cosdiag.entry(id);
    assert.equal(statSync(cosdiag.log_file).mode & 0o777, 0o600);
    renameSync(cosdiag.log_file, `${cosdiag.log_file}.1`);
    cosdiag.child.kill('SIGHUP');
    await eventually(() => existsSync(cosdiag.log_file), 'a new log file');
    const [later] = read_diagnosis((await refused(cosdiag)).headers);
    await cosdiag.entry(later.id);
    assert.ok(readFileSync(`${cosdiag.log_file}.1`, 'utf8').includes(id));
  });

  test('a full disk costs log entries, not answers', async (t) => {
    const origin = await start_origin();
    t.after(() => origin.close());
    const cosdiag = await start_cosdiag(t, origin.port, ['--log', '/dev/full'], { log: false });
    assert.equal(await diagnosed(cosdiag, 200), 200);
    assert.equal(cosdiag.exit, null);
  });

  test('a reader that has stopped reading costs log entries, not answers', async (t) => {
    const origin = await start_origin();
    t.after(() => origin.close());
    const cosdiag = await start_cosdiag(t, origin.port, [], { log: false });
    for (let round = 0; round < 6; round += 1) assert.equal(await diagnosed(cosdiag, 1000), 1000);
    assert.equal(cosdiag.exit, null);
  });

  test('SIGTERM lets a request finish that is under way, takes no new client, and ends with 0', async (t) => {
    const { origin, cosdiag } = await start_pair(t);
    origin.rules.add({ steps: [{ wait_ms: 300 }, { send: 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone' }] });
    const under_way = curl(cosdiag.url, [`http://${HOST}/slow`]);
    await eventually(() => origin.requests.length === 1, 'the request to arrive');
    cosdiag.child.kill('SIGTERM');
    assert.equal((await under_way).body.toString(), 'done');
    await eventually(() => cosdiag.exit, 'the program to end');
    assert.deepEqual(cosdiag.exit, { status: 0, signal: null });
    assert.equal((await curl(cosdiag.url, [`http://${HOST}/late`])).exit, 7);
  });

  test('a second instance says that the address is taken', async (t) => {
    const { cosdiag } = await start_pair(t);
    const second = await run(program(), ['--listen', `127.0.0.1:${cosdiag.port}`], { env: clean_env() });
    assert.equal(second.status, 1);
    assert.match(second.stderr, new RegExp(`127\\.0\\.0\\.1:${cosdiag.port}.*(taken|in use)`));
  });

  test('the program’s own listener and metadata services are out of reach, and the refusal names the rule', async (t) => {
    const cosdiag = await start_cosdiag(t, null);
    for (const target of [cosdiag.url, 'http://169.254.169.254/latest/meta-data/', 'http://169.254.0.23/']) {
      const seen = await curl(cosdiag.url, [target]);
      assert.ok(seen.status >= 400, `${target}: ${seen.status}`);
      assert.match(
        seen.headers['proxy-status'],
        /error=(destination_ip_prohibited|proxy_loop_detected|http_request_denied)/,
        target,
      );
      assert.equal(seen.headers['x-cos-diagnosis'], undefined);
    }
  });

  test('misuse is told on the error stream with status 2, and nothing starts', async () => {
    for (const args of [
      ['--no-such-option'],
      ['--listen', 'nowhere'],
      ['--threads', '-1'],
      ['--config', '/nonexistent.yaml'],
    ]) {
      const { status, stderr, stdout } = await run(program(), args, { env: clean_env() });
      assert.deepEqual([status, stdout], [2, ''], args.join(' '));
      assert.ok(stderr.length > 0 && !stderr.includes('listening on'), args.join(' '));
    }
  });
});
