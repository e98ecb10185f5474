// SPDX-License-Identifier: Apache-2.0
// Real clients through the program: every request they sign must still verify at the far end.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { describe, test } from 'node:test';
import { BUCKET, KEYS, PUBLIC_BUCKET, make_object } from '../origin/world.mjs';
import {
  HOST,
  aws,
  boto3,
  curl,
  host_of,
  node_sdk,
  place,
  presigned,
  python,
  raw,
  rclone,
  s3cmd,
  split_answer,
} from './support/clients.mjs';
import { start_pair } from './support/cosdiag.mjs';
import { read_diagnosis } from './support/diagnosis.mjs';
import { file_with } from './support/environment.mjs';

const MEBIBYTE = 1024 * 1024;
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Bytes that differ everywhere, so that a lost or doubled piece shows. */
function pattern(size) {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at + 4 <= size; at += 4) bytes.writeUInt32LE(Math.imul(at, 2654435761) >>> 0, at);
  return bytes;
}

const statuses = (origin) => origin.requests.map(({ answer }) => Number(String(answer.at(-1)).slice(9, 12)));

describe('e2e/clients', () => {
  test('the Node SDK writes, reads, lists, copies and deletes keys with spaces, plus signs and Chinese', async (t) => {
    const { origin, cosdiag } = await start_pair(t);
    const cos = node_sdk(cosdiag.url);
    const keys = ['a b+c中.txt', 'dir//x', 'dir/../y', 'q?&=#%25', "~!'()*", 'trailing/', '%2F'];
    for (const key of keys) {
      await cos.putObject({ ...place(key), Body: key });
      assert.equal((await cos.getObject(place(key))).Body.toString(), key);
      assert.equal((await cos.headObject(place(key))).headers['content-length'], String(Buffer.byteLength(key)));
    }
    const source = `${HOST}/${encodeURIComponent('a b+c中.txt')}`;
    await cos.putObjectCopy({ ...place('copy'), CopySource: source });
    const { Contents } = await cos.getBucket({ ...place(), Prefix: '', EncodingType: 'url' });
    assert.ok(Contents.map(({ Key }) => decodeURIComponent(Key)).includes('a b+c中.txt'));
    await cos.deleteMultipleObject({ ...place(), Objects: keys.map((Key) => ({ Key })) });
    await cos.deleteObject(place('copy'));
    assert.deepEqual(
      statuses(origin).filter((status) => status >= 300),
      [],
    );
    assert.deepEqual(await cosdiag.entries(), []);
  });

  test('50 MiB arrive whole both ways, with a length and as a stream', async (t) => {
    const { origin, cosdiag } = await start_pair(t);
    const content = pattern(50 * MEBIBYTE);
    const cos = node_sdk(cosdiag.url);
    await cos.putObject({ ...place('big'), Body: content });
    assert.ok((await cos.getObject(place('big'))).Body.equals(content));
    const stream = new PassThrough();
    stream.end(content);
    await cos.putObject({ ...place('streamed'), Body: stream });
    const uploads = origin.recorded().filter(({ head }) => head.startsWith('PUT'));
    assert.deepEqual(
      uploads.map(({ body_sha256 }) => body_sha256),
      [sha256(content), sha256(content)],
    );
    assert.match(uploads[1].head, /transfer-encoding: chunked/i);
  });

  test('a multipart upload of the Node SDK is put together as it was cut', async (t) => {
    const { origin, cosdiag } = await start_pair(t);
    const content = pattern(12 * MEBIBYTE);
    const size = { SliceSize: MEBIBYTE, ChunkSize: MEBIBYTE };
    await node_sdk(cosdiag.url).sliceUploadFile({ ...place('parts'), FilePath: await file_with(t, content), ...size });
    assert.ok(origin.world.buckets.get(BUCKET).objects.get('parts').body.equals(content));
    assert.deepEqual(
      statuses(origin).filter((status) => status >= 300 && status !== 404),
      [],
    );
  });

  test('plain HTTP inside a CONNECT tunnel arrives, answers and refusals alike', async (t) => {
    const { origin, cosdiag } = await start_pair(t);
    const tunnelled = (key) => node_sdk(cosdiag.url, key, { Tunnel: true });
    assert.equal((await tunnelled().getObject(place('exampleobject'))).Body.toString(), 'hello from the stand-in\n');
    await assert.rejects(tunnelled(KEYS.uploader).getObject(place('exampleobject')), {
      code: 'AccessDenied',
      statusCode: 403,
    });
    assert.ok(origin.recorded().every(({ head }) => head.startsWith('GET /exampleobject HTTP/1.1')));
  });

  test('what a client says before the tunnel is up, and after its own end, is delivered', async (t) => {
    const { origin, cosdiag } = await start_pair(t);
    const connect = `CONNECT ${HOST}:80 HTTP/1.1\r\nHost: ${HOST}:80\r\n\r\n`;
    const early = `${connect}GET /early HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`;
    const answer = await raw(cosdiag.port, early, { half_close: true });
    assert.match(answer.bytes.toString(), /^HTTP\/1\.1 200 [^]*\r\n\r\nHTTP\/1\.1 403 [^]*<\/Error>\n\n$/);
    assert.match(origin.recorded()[0].head, /^GET \/early /);
  });

  test('boto3 verifies under Signature Version 4 and 2', async (t) => {
    const { cosdiag } = await start_pair(t);
    const key = 'p/a b+中.txt';
    const calls = [
      ['put_object', { Key: key, Body: 'hi' }],
      ['get_object', { Key: key }],
      ['head_object', { Key: key }],
    ];
    for (const version of ['s3v4', 's3']) {
      const answers = await boto3(cosdiag.url, calls, { version });
      assert.deepEqual(
        answers.map(({ ok }) => ok),
        [true, true, true],
        version,
      );
      assert.equal(answers[1].body, 'hi');
    }
    const [{ code, headers }] = await boto3(cosdiag.url, [['get_object', { Key: 'x' }]], { key: KEYS.uploader });
    assert.equal(code, 'AccessDenied');
    assert.equal(read_diagnosis(headers)[0].cause, 'permission-denied');
  });

  test('rclone, s3cmd and the AWS command line move a file there and back', async (t) => {
    const { cosdiag } = await start_pair(t);
    const content = pattern(6 * MEBIBYTE);
    const file = await file_with(t, content);
    const copied = await rclone(t, cosdiag.url, ['copyto', file, `cos:${BUCKET}/r/a b+中.bin`]);
    assert.equal(copied.status, 0, copied.stderr);
    assert.ok((await rclone(t, cosdiag.url, ['cat', `cos:${BUCKET}/r/a b+中.bin`])).stdout.equals(content));
    const put = await s3cmd(t, cosdiag.url, ['put', file, `s3://${BUCKET}/s/a b.bin`]);
    assert.equal(put.status, 0, put.stderr);
    const query = ['--prefix', 's/', '--query', 'Contents[].Size'];
    const listed = await aws(t, cosdiag.url, ['s3api', 'list-objects', '--bucket', BUCKET, ...query]);
    assert.deepEqual(JSON.parse(listed.stdout || 'null'), [content.length], listed.stderr);
  });

  test('Python requests gets a presigned object, and the diagnosis of a refused one', async (t) => {
    const { cosdiag } = await start_pair(t);
    const source = `
import json, sys, requests
urls = [json.loads(arg) for arg in sys.argv[1:]]
with requests.Session() as session:
    answers = [session.get(url) for url in urls] + [session.head(urls[1])]
print(json.dumps([[a.status_code, dict((k.lower(), v) for k, v in a.headers.items())] for a in answers]))`;
    const [fine, refused, head] = await python(cosdiag.url, source, [presigned(KEYS.root), `http://${HOST}/private`]);
    assert.deepEqual([fine[0], refused[0], head[0]], [200, 403, 403]);
    assert.equal(read_diagnosis(refused[1])[0].cause, 'anonymous-request');
    assert.ok(read_diagnosis(head[1]));
  });

  test('curl waits for 100 Continue, uploads without a length, asks for ranges and speaks HTTP/1.0', async (t) => {
    const { origin, cosdiag } = await start_pair(t);
    const file = await file_with(t, pattern(MEBIBYTE));
    const put = presigned(KEYS.root, { method: 'PUT', object: 'uploads/x' });
    const expecting = await curl(cosdiag.url, [
      '-T',
      file,
      '-H',
      'Expect: 100-continue',
      '--expect100-timeout',
      '30',
      put,
    ]);
    assert.deepEqual([expecting.status, expecting.interim], [200, 1]);
    const chunked = await curl(cosdiag.url, ['-T', '-', '-H', 'Expect:', put], { input: 'no length' });
    assert.equal(chunked.status, 200);
    assert.equal(origin.world.buckets.get(BUCKET).objects.get('uploads/x').body.toString(), 'no length');
    const open = `http://${host_of(PUBLIC_BUCKET)}/exampleobject`;
    assert.equal((await curl(cosdiag.url, ['-r', '7-9', open])).body.toString(), 'may');
    const old = await curl(cosdiag.url, ['--http1.0', open]);
    assert.deepEqual([old.status, old.body.toString()], [200, 'anyone may read this\n']);
  });

  test('requests of one connection are answered in order, and connections to the origin are shared', async (t) => {
    const { origin, cosdiag } = await start_pair(t, { args: ['--threads', '1'] });
    for (let index = 0; index < 5; index += 1) {
      origin.world.buckets.get(PUBLIC_BUCKET).objects.set(String(index), make_object(`answer ${index}`));
    }
    const ask = (index, more = '') =>
      `GET http://${host_of(PUBLIC_BUCKET)}/${index} HTTP/1.1\r\nHost: ${host_of(PUBLIC_BUCKET)}\r\n${more}\r\n`;
    const pipelined = [0, 1, 2, 3].map((index) => ask(index)).join('') + ask(4, 'Connection: close\r\n');
    const { bytes } = await raw(cosdiag.port, pipelined);
    assert.deepEqual(
      bytes.toString().match(/answer \d/g),
      [0, 1, 2, 3, 4].map((index) => `answer ${index}`),
    );
    const again = await raw(cosdiag.port, ask(2, 'Connection: close\r\n'));
    assert.equal(split_answer(again.bytes).body.toString(), 'answer 2');
    assert.equal(origin.connections, 1);
  });
});
