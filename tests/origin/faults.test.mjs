// SPDX-License-Identifier: Apache-2.0
// The misbehaviours as they look on the wire, seen without a proxy between; and the control port.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { clean_env } from '../e2e/support/environment.mjs';
import { HOST, curl, raw, split_answer } from '../e2e/support/clients.mjs';
import { origin_for } from './support.mjs';

const get = (path, more = '') => `GET ${path} HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n${more}\r\n`;

/** One request to an origin with one rule. */
async function with_rule(t, steps, request = get('/x'), options = {}) {
  const { origin } = await origin_for(t);
  origin.rules.add({ steps });
  return { origin, ...(await raw(origin.port, request, options)) };
}

describe('origin/faults', () => {
  test('an error can be gzip-coded, chunked, close-delimited, of HTTP/1.0, or longer than any limit', async (t) => {
    const gzip = split_answer((await with_rule(t, [{ error: { coding: 'gzip' } }])).bytes);
    assert.match(gunzipSync(gzip.body).toString(), /<Code>AccessDenied/);
    const chunked = split_answer((await with_rule(t, [{ error: { framing: 'chunked' } }])).bytes);
    assert.match(chunked.body.toString(), /^[0-9a-f]+\r\n<\?xml[^]*0\r\n\r\n$/);
    const closed = split_answer(
      (await with_rule(t, [{ error: { framing: 'close', version: '1.0' } }, { end: true }])).bytes,
    );
    assert.match(closed.head, /^HTTP\/1\.0 403 /);
    assert.equal(closed.headers['content-length'], undefined);
    const long = split_answer((await with_rule(t, [{ error: { pad: 70_000 } }])).bytes);
    assert.ok(long.body.length > 70_000 && long.body.length === Number(long.headers['content-length']));
  });

  test('a reset is a reset, a FIN a FIN, and a trickle arrives whole', async (t) => {
    const partial = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf';
    const { origin, url } = await origin_for(t);
    origin.rules.add({ steps: [{ send: partial }, { reset: true }] });
    const reset = await curl(url, [`http://${HOST}/x`]);
    assert.deepEqual([reset.exit, reset.body.toString()], [56, 'half'], reset.stderr);
    const cut = await with_rule(t, [{ send: partial }, { end: true }]);
    assert.deepEqual([cut.end, cut.bytes.toString()], ['fin', partial]);
    const trickled = await with_rule(t, [{ trickle: { step: { error: {} }, piece: 200, interval_ms: 1 } }]);
    assert.match(trickled.bytes.toString(), /<\/Error>\n\n$/);
  });

  test('a stall answers nothing until the client goes', async (t) => {
    const { origin } = await origin_for(t);
    origin.rules.add({ match: { path: '/x' }, steps: [{ stall: true }] });
    const stalled = raw(origin.port, get('/x'));
    const answered = await raw(origin.port, get('/y'));
    assert.match(answered.bytes.toString(), /^HTTP\/1\.1 403/);
    await origin.close();
    assert.equal((await stalled).bytes.length, 0);
  });

  test('a 403 can come before the body has been read, which then is or is not read', async (t) => {
    const put = `PUT /x HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 10\r\n\r\n`;
    const { origin, bytes } = await with_rule(t, [{ error: {} }, { stall: true }], put, {
      until: (got) => got.includes('</Error>'),
    });
    assert.equal(split_answer(bytes).status, 403);
    assert.equal(origin.recorded()[0].body_length, 0);
  });

  test('rules pick by method, path and field, newest first, for so many requests', async (t) => {
    const { origin } = await origin_for(t);
    origin.rules.add({ match: { path: '/a*' }, steps: [{ send: 'HTTP/1.1 201 A\r\nContent-Length: 0\r\n\r\n' }] });
    origin.rules.add({
      match: { header: { 'x-test': '1' } },
      times: 1,
      steps: [{ send: 'HTTP/1.1 202 B\r\nContent-Length: 0\r\n\r\n' }],
    });
    const status = async (request) =>
      split_answer((await raw(origin.port, request, { until: (got) => got.includes('\r\n\r\n') })).bytes).status;
    assert.equal(await status(get('/abc', 'X-Test: 1\r\n')), 202);
    assert.equal(await status(get('/abc', 'X-Test: 1\r\n')), 201);
    assert.equal(await status(get('/b')), 403);
  });

  test('what arrived is recorded to the byte', async (t) => {
    const { origin } = await origin_for(t);
    const head = `POST //a/../b%2f?x=&y HTTP/1.1\r\nhOsT: ${HOST}\r\nX-Empty:\r\nx-empty:  two \r\nTransfer-Encoding: chunked\r\n\r\n`;
    await raw(origin.port, [head, '3;ext=1\r\nabc\r\n0\r\nTrailer: t\r\n\r\n'], {
      until: (got) => got.includes('</Error>'),
    });
    const [recorded] = origin.recorded();
    assert.equal(recorded.head, head);
    assert.deepEqual(recorded.framing, ['3;ext=1\r\n', '0\r\n', 'Trailer: t\r\n', '\r\n']);
    assert.equal(recorded.body_length, 3);
    assert.match(recorded.answer, /^HTTP\/1\.1 403 /);
  });

  test('as a program it prints its ports, obeys the control port and ends on SIGTERM', async (t) => {
    const main = fileURLToPath(new URL('main.mjs', import.meta.url));
    const child = spawn(process.execPath, [main, '--clock-offset', '3600'], { env: clean_env() });
    t.after(() => child.kill('SIGKILL'));
    const [line] = await once(child.stdout, 'data');
    const { port, control_port } = JSON.parse(line);
    const control = async (method, path, value) =>
      (await fetch(`http://127.0.0.1:${control_port}${path}`, { method, body: value && JSON.stringify(value) })).json();
    const date = async () => Date.parse(split_answer((await raw(port, get('/x'))).bytes).headers.date);
    assert.ok((await date()) > Date.now() + 3_500_000);
    await control('PUT', '/settings', { clock_offset_ms: 0 });
    assert.ok((await date()) < Date.now() + 3_500_000);
    const object = { bucket: 'openbucket-1250000000', key: 'k', body: 'made by a test' };
    await control('POST', '/world', { buckets: [{ name: object.bucket, acl: 'public-read' }], objects: [object] });
    const made = await raw(port, get('/k').replace(HOST, HOST.replace('examplebucket', 'openbucket')));
    assert.equal(split_answer(made.bytes).body.toString(), 'made by a test');
    assert.equal((await control('GET', '/requests')).length, 3);
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });
});
