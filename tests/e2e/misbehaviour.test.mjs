// SPDX-License-Identifier: Apache-2.0
// An origin at its worst: early refusals, cuts, resets, trickles and nonsense. The client must see what happened.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { BUCKET, KEYS } from '../origin/world.mjs';
import { HOST, curl, node_sdk, place, presigned, raw, split_answer } from './support/clients.mjs';
import { start_pair } from './support/cosdiag.mjs';
import { read_diagnosis } from './support/diagnosis.mjs';
import { file_with } from './support/environment.mjs';

const BIG = Buffer.alloc(50 * 1024 * 1024, 'a large upload ');
const DENIED = { error: { name: 'Access Denied.' } };
const CLOSING = { error: { name: 'Access Denied.', connection: 'close' } };

/** How COS, or what stands before it, may refuse an upload that it has not read. */
const EARLY = [
  ['and reads on', [DENIED]],
  ['and reads on until it closes', [CLOSING, { read: 'all' }, { end: true }]],
  ['and stops reading, waiting for the client to go', [CLOSING, { stall: true }]],
  ['and sends FIN without reading', [CLOSING, { end: true }]],
  ['in the middle of the upload', [{ read: 5_000_000 }, DENIED]],
  ['and resets the connection once the answer is out', [{ read: 100_000 }, CLOSING, { wait_ms: 100 }, { reset: true }]],
];

describe('e2e/misbehaviour', () => {
  let pair;
  const undo = [];
  before(async () => (pair = await start_pair({ after: (step) => undo.push(step) })));
  after(async () => {
    for (const step of undo.reverse()) await step();
  });

  const misbehave = (steps, more = {}) => {
    pair.origin.rules.clear();
    pair.origin.rules.add({ steps, ...more });
  };
  const get = (more = []) => curl(pair.cosdiag.url, [...more, `http://${HOST}/x`]);

  for (const [how, steps] of EARLY) {
    test(`a 403 that comes before a 50 MiB upload is read reaches curl, when COS answers ${how}`, async (t) => {
      misbehave(steps);
      const file = await file_with(t, BIG);
      const url = presigned(KEYS.uploader, { method: 'PUT', object: 'elsewhere' });
      const { status, headers, body } = await curl(pair.cosdiag.url, ['-T', file, '-H', 'Expect:', url]);
      assert.equal(status, 403);
      assert.match(body.toString(), /<Code>AccessDenied<\/Code>/);
      assert.equal(read_diagnosis(headers)[0].cause, 'permission-denied');
    });
  }

  test('the Node SDK gets the early 403 too, from memory and from a stream', async (t) => {
    pair.origin.rules.clear();
    const { createReadStream } = await import('node:fs');
    const sdk = node_sdk(pair.cosdiag.url, KEYS.uploader);
    for (const Body of [BIG, createReadStream(await file_with(t, BIG))]) {
      const error = await sdk.putObject({ ...place('elsewhere'), Body }).then(
        () => assert.fail('went through'),
        (reason) => reason,
      );
      assert.deepEqual([error.statusCode, error.code], [403, 'AccessDenied']);
      assert.equal(read_diagnosis(error.headers)[0].cause, 'permission-denied');
    }
  });

  test('a refused Expect: 100-continue costs no upload', async (t) => {
    pair.origin.rules.clear();
    pair.origin.requests = [];
    const file = await file_with(t, BIG);
    const url = presigned(KEYS.uploader, { method: 'PUT', object: 'elsewhere' });
    const { status } = await curl(pair.cosdiag.url, [
      '-T',
      file,
      '-H',
      'Expect: 100-continue',
      '--expect100-timeout',
      '30',
      url,
    ]);
    assert.equal(status, 403);
    assert.equal(pair.origin.recorded()[0].body_length, 0);
  });

  test('a cut answer stays visibly cut', async () => {
    misbehave([{ send: 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf' }, { end: true }]);
    const cut = await get();
    assert.deepEqual([cut.exit, cut.body.toString()], [18, 'half'], cut.stderr);
    misbehave([{ send: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n' }, { end: true }]);
    const chunked = await get();
    assert.ok([18, 56].includes(chunked.exit), `curl ended with ${chunked.exit}`);
    assert.equal(chunked.body.toString(), 'half');
    misbehave([
      { send: 'HTTP/1.1 403 Forbidden\r\nServer: tencent-cos\r\nContent-Length: 100\r\n\r\n<Error>' },
      { end: true },
    ]);
    const refused = await get();
    assert.deepEqual([refused.exit, refused.status, refused.body.toString()], [18, 403, '<Error>']);
  });

  test('a reset in the middle of an answer is no quiet end', async () => {
    misbehave([{ send: 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf' }, { wait_ms: 50 }, { reset: true }]);
    const reset = await get();
    assert.equal(reset.exit, 56, reset.stderr);
  });

  test('a refusal is diagnosed and left alone in every framing and coding', async () => {
    const shapes = [
      ['chunked', { framing: 'chunked' }, []],
      ['close-delimited', { framing: 'close', connection: 'close' }, [{ end: true }]],
      ['HTTP/1.0', { framing: 'close', version: '1.0', connection: 'close' }, [{ end: true }]],
      ['gzip', { coding: 'gzip' }, []],
      ['deflate', { coding: 'deflate' }, []],
      ['gzip and chunked', { coding: 'gzip', framing: 'chunked' }, []],
      ['longer than what is held', { pad: 100_000 }, []],
    ];
    for (const [name, shape, more] of shapes) {
      misbehave([{ error: { name: 'Access Denied.', ...shape } }, ...more]);
      pair.origin.requests = [];
      const seen = await get(['--raw']);
      assert.deepEqual([seen.exit, seen.status], [0, 403], name);
      assert.equal(read_diagnosis(seen.headers)[0].cause, 'anonymous-request', name);
      const sent = split_answer(Buffer.concat(pair.origin.requests[0].answer));
      const payload = shape.framing === 'chunked' ? dechunk : (bytes) => bytes;
      assert.ok(payload(seen.body).equals(payload(sent.body)), `${name}: the body changed`);
      if (shape.coding === 'gzip') assert.match(gunzipSync(payload(seen.body)).toString(), /<Code>AccessDenied/);
    }
  });

  test('a refusal that trickles in arrives whole', async () => {
    misbehave([{ trickle: { step: DENIED, piece: 4, interval_ms: 2 } }]);
    pair.origin.requests = [];
    const seen = await get();
    assert.equal(seen.status, 403);
    assert.ok(read_diagnosis(seen.headers));
    assert.ok(seen.body.equals(split_answer(Buffer.concat(pair.origin.requests[0].answer)).body));
  });

  test('nonsense from the origin is a 502 that says so in COS’s own form', async () => {
    const nonsense = [
      'SSH-2.0-OpenSSH_9.2\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd',
      'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n',
      'HTTP/1.1 200 OK\r\nBroken Name: 1\r\n\r\n',
      '',
    ];
    for (const bytes of nonsense) {
      misbehave([{ send: bytes }, { end: true }]);
      const seen = await get();
      assert.equal(seen.status, 502, JSON.stringify(bytes));
      assert.ok(seen.headers['proxy-status'], 'Proxy-Status (RFC 9209) names the error');
      assert.match(seen.body.toString(), /<Error>[^]*<Code>[^]*<Message>/);
      assert.equal(seen.headers['x-cos-request-id'] ?? seen.headers['x-cos-diagnosis'], undefined);
    }
  });

  test('bytes after an answer reach nobody', async () => {
    misbehave([
      { send: 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nmineHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison' },
    ]);
    const ask = `GET http://${HOST}/x HTTP/1.1\r\nHost: ${HOST}\r\n`;
    const first = await raw(pair.cosdiag.port, `${ask}\r\n`, { until: (got) => got.includes('mine') });
    assert.equal(split_answer(first.bytes).body.toString(), 'mine');
    misbehave([{ send: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nclean' }]);
    for (let index = 0; index < 8; index += 1) assert.equal((await get()).body.toString(), 'clean');
  });

  test('a pooled connection that the origin has closed costs no request', async () => {
    for (let index = 0; index < 20; index += 1) {
      misbehave([{ send: 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine' }, { end: true }]);
      assert.equal((await get()).body.toString(), 'fine');
    }
  });

  test('a client that has sent its FIN still gets its answer', async () => {
    misbehave([{ wait_ms: 50 }, { send: 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine' }]);
    const request = `GET http://${HOST}/x HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`;
    const { bytes } = await raw(pair.cosdiag.port, request, { half_close: true });
    assert.equal(split_answer(bytes).body.toString(), 'fine');
  });

  test('an origin that refuses connections is a 502, and the bucket’s name is in the words', async (t) => {
    const other = await start_pair(t);
    await other.origin.close();
    const seen = await curl(other.cosdiag.url, [`http://${HOST}/x`]);
    assert.equal(seen.status, 502);
    assert.match(seen.headers['proxy-status'], /error=connection_refused/);
    assert.ok(seen.body.toString().includes(BUCKET), 'the message names the host');
  });
});

/** The payload of a chunked body. */
function dechunk(bytes) {
  const pieces = [];
  for (let at = 0; ;) {
    const line_end = bytes.indexOf('\r\n', at);
    const size = parseInt(bytes.subarray(at, line_end).toString(), 16);
    if (size === 0) return Buffer.concat(pieces);
    pieces.push(bytes.subarray(line_end + 2, line_end + 2 + size));
    at = line_end + 2 + size + 2;
  }
}
