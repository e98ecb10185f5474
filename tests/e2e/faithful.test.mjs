// SPDX-License-Identifier: Apache-2.0
// Byte for byte: what a client wrote is what the origin reads, and back, but for the fields of one hop (RFC 9110 §7.6.1).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { HOST, curl, raw, split_answer } from './support/clients.mjs';
import { start_pair } from './support/cosdiag.mjs';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';
const lines_of = (head) => head.split('\r\n').slice(0, -2);
const without_via = (lines) => lines.filter((line) => !/^via:/i.test(line));

describe('e2e/faithful', () => {
  let pair;
  const undo = [];
  before(async () => (pair = await start_pair({ after: (step) => undo.push(step) })));
  after(async () => {
    for (const step of undo.reverse()) await step();
  });

  /** Sends raw bytes through the program while the origin answers with `steps`; what the origin recorded, and the answer. */
  async function exchange(request, steps = [{ read: 'all' }, { send: OK }], options = {}) {
    const { origin, cosdiag } = pair;
    origin.rules.clear();
    origin.rules.add({ steps });
    origin.requests = [];
    const until = (got) => split_answer(got).status > 0 && got.includes(options.last ?? '\r\n\r\n');
    const { bytes, end } = await raw(cosdiag.port, request, { until, ...options });
    return { recorded: origin.recorded(), answer: split_answer(bytes), bytes, end };
  }

  test('order, case, spelling and empty values of fields stay', async () => {
    const fields = [
      'x-COS-Meta-Name: Ü',
      'Cache-Control:',
      'ACCEPT: */*',
      'x-cos-acl:private',
      'X-Empty:  ',
      'Cookie: a=b',
      'Cookie: c=d',
      `hOsT: ${HOST}`,
      'Authorization: q-sign-algorithm=sha1&q-ak=AKIDx&q-sign-time=1;2',
      'Content-Length: 0',
      'Expires: 0',
      'Accept-Encoding: gzip,  deflate',
      'User-Agent: a "quoted" (comment)',
      'Date: not a date',
      'Range: bytes=0-0',
    ];
    const { recorded } = await exchange(`DELETE http://${HOST}/x HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n`);
    const [line, ...seen] = without_via(lines_of(recorded[0].head));
    assert.equal(line, 'DELETE /x HTTP/1.1');
    const outer_blanks = (field) => field.replace(/: */, ':').replace(/ +$/, '');
    const written = fields.map((field) => Buffer.from(field, 'utf8').toString('latin1'));
    assert.deepEqual(seen.map(outer_blanks), written.map(outer_blanks));
  });

  test('fields of the hop stay behind, and what Connection nominates with them', async () => {
    const hop = [
      'Proxy-Connection: keep-alive',
      'Connection: keep-alive, X-Gone',
      'X-Gone: 1',
      'Keep-Alive: timeout=5',
      'TE: trailers',
      'Proxy-Authorization: Basic eDp5',
      'Upgrade: h2c',
    ];
    const { recorded } = await exchange(
      `GET http://${HOST}/x HTTP/1.1\r\nHost: ${HOST}\r\n${hop.join('\r\n')}\r\nX-Stays: 1\r\n\r\n`,
    );
    const seen = without_via(lines_of(recorded[0].head)).slice(1);
    assert.deepEqual(seen, [`Host: ${HOST}`, 'X-Stays: 1']);
  });

  test('the target stays as written', async () => {
    const targets = [
      '/',
      '/?',
      '/?acl',
      '/a%2Fb%2fc',
      '//double//slash',
      '/a/../b/./c',
      '/a+b%20c',
      '/%E4%B8%AD',
      '/x?prefix=&delimiter=%2F&a+b=c',
      "/~!$&'()*,;=:@",
      '/x?q=a/b?c=d',
      '/%',
      '/x;v=1?&&',
    ];
    for (const target of targets) {
      const { recorded } = await exchange(`GET http://${HOST}${target} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`);
      assert.equal(lines_of(recorded[0].head)[0], `GET ${target} HTTP/1.1`);
    }
  });

  test('an empty path becomes /, and * for OPTIONS', async () => {
    const get = await exchange(`GET http://${HOST} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`);
    assert.equal(lines_of(get.recorded[0].head)[0], 'GET / HTTP/1.1');
    const query = await exchange(`GET http://${HOST}?acl HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`);
    assert.equal(lines_of(query.recorded[0].head)[0], 'GET /?acl HTTP/1.1');
    const options = await exchange(`OPTIONS http://${HOST} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`);
    assert.equal(lines_of(options.recorded[0].head)[0], 'OPTIONS * HTTP/1.1');
  });

  test('Content-Length is neither invented nor dropped', async () => {
    for (const method of ['HEAD', 'DELETE', 'GET', 'PUT', 'POST']) {
      const written = `${method} http://${HOST}/x HTTP/1.1\r\nHost: ${HOST}\r\n`;
      const bare = await exchange(`${written}\r\n`);
      assert.doesNotMatch(bare.recorded[0].head, /content-length|transfer-encoding/i, method);
      const zero = await exchange(`${written}content-LENGTH: 0\r\n\r\n`);
      assert.match(zero.recorded[0].head, /^content-LENGTH: 0\r$/m, method);
    }
  });

  test('a chunked body stays chunked: its bytes and trailers arrive, its extensions do not', async () => {
    const head = `PUT http://${HOST}/x HTTP/1.1\r\nHost: ${HOST}\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const { recorded } = await exchange([head, '5;ext="1"\r\nhello\r\n', '0\r\nX-Sum: 1\r\n\r\n']);
    assert.equal(recorded[0].body_length, 5);
    assert.equal(recorded[0].framing.join(''), '5\r\n0\r\nX-Sum: 1\r\n\r\n');
    assert.match(recorded[0].head, /^Trailer: X-Sum\r$/m);
  });

  test('an answer’s fields and body come back as they were sent', async () => {
    const fields = [
      'X-ODD: 1',
      'x-cos-meta-a:',
      'Date: Thu, 01 Jan 1970 00:00:00 GMT',
      'Server: tencent-cos',
      'Set-Cookie: a',
      'Set-Cookie: b',
      'ETag: "x"',
      'x-cos-meta-u: \u00e4',
      'Content-Length: 6',
      'Content-Type: text/plain',
    ];
    const sent = `HTTP/1.1 207 Quite Odd\r\n${fields.join('\r\n')}\r\nKeep-Alive: timeout=1\r\n\r\n\u0000\u00ff\r\n\r\n`;
    const { bytes } = await exchange(`GET http://${HOST}/x HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`, [{ send: sent }], {
      last: '\u0000',
    });
    const text = bytes.toString('latin1');
    const seen = without_via(lines_of(text.slice(0, text.indexOf('\r\n\r\n') + 4))).filter(
      (line) => !/^connection:/i.test(line),
    );
    assert.deepEqual(seen, ['HTTP/1.1 207 Quite Odd', ...fields]);
    assert.ok(text.endsWith('\r\n\r\n\u0000\u00ff\r\n\r\n'));
  });

  test('an answer to HEAD keeps the length it speaks of and has no body; 204 and 304 have none either', async () => {
    const head = await exchange(`HEAD http://${HOST}/x HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`, [
      { send: 'HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n' },
    ]);
    assert.equal(head.answer.headers['content-length'], '12345');
    for (const status of [204, 304]) {
      const sent = `HTTP/1.1 ${status} Fine\r\nETag: "e"\r\n\r\n`;
      const { answer } = await exchange(`GET http://${HOST}/x HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`, [{ send: sent }]);
      assert.deepEqual(
        [answer.status, answer.headers['content-length'], answer.headers.etag],
        [status, undefined, '"e"'],
      );
    }
  });

  test('every interim answer is passed on, in order', async () => {
    const bursts = Array.from(
      { length: 20 },
      (_, index) => `HTTP/1.1 103 Early Hints\r\nX-Number: ${index}\r\n\r\n`,
    ).join('');
    const { bytes } = await exchange(`GET http://${HOST}/x HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`, [{ send: bursts + OK }]);
    const numbers = [...bytes.toString().matchAll(/X-Number: (\d+)/g)].map((match) => Number(match[1]));
    assert.deepEqual(numbers, [...numbers.keys()]);
    assert.deepEqual([numbers.length, split_answer(bytes).status], [20, 200]);
  });

  test('a Host that differs from the target gives way to the target', async () => {
    const { recorded } = await exchange(
      `GET http://${HOST}/x HTTP/1.1\r\nX-First: 1\r\nHost: elsewhere.example\r\n\r\n`,
    );
    assert.deepEqual(without_via(lines_of(recorded[0].head)).slice(1), ['X-First: 1', `Host: ${HOST}`]);
    const same = await exchange(`GET http://${HOST}:80/x HTTP/1.1\r\nHost: ${HOST.toUpperCase()}\r\n\r\n`);
    assert.match(same.recorded[0].head, new RegExp(`^Host: ${HOST.toUpperCase()}\r$`, 'm'));
  });

  test('what two parsers could read in two ways is refused and never forwarded', async () => {
    const { origin, cosdiag } = pair;
    const start = `POST http://${HOST}/x HTTP/1.1\r\nHost: ${HOST}\r\n`;
    const ambiguous = [
      `${start}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      `${start}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`,
      `${start}Content-Length: +3\r\n\r\nabc`,
      `${start}Content-Length : 3\r\n\r\nabc`,
      `${start}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
      `${start}X-Folded: a\r\n b\r\n\r\n`,
      `${start}Host: other.example\r\n\r\n`,
      `${start}X-Bare: a\nContent-Length: 3\r\n\r\nabc`,
      `${start}Connection: Authorization\r\nAuthorization: x\r\n\r\n`,
      `POST http://user:word@${HOST}/x HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`,
    ];
    origin.rules.clear();
    origin.requests = [];
    for (const request of ambiguous) {
      const { bytes, end } = await raw(cosdiag.port, request);
      const answer = split_answer(bytes);
      assert.equal(answer.status, 400, JSON.stringify(request));
      assert.match(answer.body.toString(), /<Error>[^]*<Code>/);
      assert.equal(answer.headers['x-cos-diagnosis'] ?? answer.headers['x-cos-request-id'], undefined);
      assert.notEqual(end, 'timeout', 'the connection is closed');
    }
    assert.deepEqual(origin.requests, []);
  });

  test('Date of a refusal is COS’s, not the program’s', async () => {
    const { origin, cosdiag } = pair;
    origin.rules.clear();
    origin.rules.add({ clock_offset_ms: -86_400_000 });
    const { headers } = await curl(cosdiag.url, [`http://${HOST}/x`]);
    assert.ok(Date.parse(headers.date) < Date.now() - 86_000_000);
  });
});
