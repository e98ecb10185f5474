// SPDX-License-Identifier: Apache-2.0
// The bytes and the order of refusals: what a diagnosing proxy is going to be fed.
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import { HOST, curl, host_of, key_time, node_sdk, place, presigned } from '../e2e/support/clients.mjs';
import { REFUSAL_NAMES } from './errors.mjs';
import { origin_for } from './support.mjs';
import { APPID, BUCKET, HOTLINK_BUCKET, KEYS, PUBLIC_BUCKET } from './world.mjs';

const url_of = (bucket, path) => `http://${host_of(bucket)}${path}`;
const element = (body, name) => new RegExp(`<${name}>([^]*?)</${name}>`).exec(body)?.[1];

const hmac = (key, text) => createHmac('sha1', key).update(text).digest('hex');
const sha1 = (text) => createHash('sha1').update(text).digest('hex');

describe('origin/answers', () => {
  test('a refusal has COS’s layout: single quotes, tabs, order of elements, two newlines at the end', async (t) => {
    const { url } = await origin_for(t);
    const { head, body, headers } = await curl(url, [url_of(BUCKET, '/a%20b%E4%B8%AD')]);
    const names = head
      .split('\r\n')
      .slice(1, -2)
      .map((line) => line.split(':')[0]);
    const expected = [
      'Content-Type',
      'Content-Length',
      'Connection',
      'Date',
      'Server',
      'x-cos-request-id',
      'x-cos-trace-id',
    ];
    assert.deepEqual(names, expected);
    const [request_id, trace_id] = [headers['x-cos-request-id'], headers['x-cos-trace-id']];
    assert.equal(
      body.toString(),
      "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\t<Code>AccessDenied</Code>\n\t<Message>Access Denied.</Message>\n" +
        `\t<Resource>${HOST}/a+b中</Resource>\n\t<RequestId>${request_id}</RequestId>\n\t<TraceId>${trace_id}</TraceId>\n</Error>\n\n`,
    );
    assert.equal(Number(headers['content-length']), body.length);
    assert.equal(trace_id.length, 172);
  });

  test('the request id begins with the server’s clock, which Date shows too', async (t) => {
    const { url } = await origin_for(t, { clock_offset_ms: -3_600_000 });
    const { headers } = await curl(url, [url_of(BUCKET, '/x')]);
    const fields = Buffer.from(headers['x-cos-request-id'], 'base64').toString().split('_');
    assert.equal(fields.length, 4);
    assert.equal(parseInt(fields[0], 16), Date.parse(headers.date) / 1000);
    assert.ok(Date.now() - Date.parse(headers.date) >= 3_600_000);
  });

  test('a refused signature comes with the strings that the server computed', async (t) => {
    const { url } = await origin_for(t);
    const wrong = { ...KEYS.root, secret_key: 'another secret' };
    const { status, body } = await curl(url, [`${presigned(wrong, { object: 'a b&中' })}`]);
    assert.equal(status, 403);
    assert.equal(element(body, 'Code'), 'SignatureDoesNotMatch');
    assert.equal(element(body, 'FormatString'), `get\n/a b&amp;中\n\nhost=${HOST}\n`);
    assert.match(element(body, 'StringToSign'), /^sha1\n\d+;\d+\n[0-9a-f]{40}\n$/);
  });

  test('a name stands in Code alone, or in Message beside AccessDenied, as asked', async (t) => {
    const { origin, url } = await origin_for(t);
    for (const name of REFUSAL_NAMES) {
      origin.rules.add({ refuse: name, placement: 'code', times: 1 });
      const in_code = (await curl(url, [url_of(BUCKET, '/x')])).body.toString();
      assert.equal(element(in_code, 'Code'), name);
      assert.notEqual(element(in_code, 'Message'), name);
      origin.rules.add({ refuse: name, placement: 'message', times: 1 });
      const in_message = (await curl(url, [url_of(BUCKET, '/x')])).body.toString();
      assert.deepEqual([element(in_message, 'Code'), element(in_message, 'Message')], ['AccessDenied', name]);
    }
  });

  test('the first check that fails is the answer', async (t) => {
    const { origin, url } = await origin_for(t);
    const wrong_secret = { ...KEYS.root, secret_key: 'another secret' };
    const stale = presigned(wrong_secret, { window: key_time(-7200, -3600) });
    const code = async (...args) => element((await curl(url, args)).body, 'Message');
    assert.equal(await code(stale), 'Request has expired', 'the time comes before the signature');
    assert.match(await code(presigned(KEYS.disabled)), /does not exist/);
    assert.match(await code(presigned({ ...KEYS.root, secret_id: '"AKID"' })), /format you provided is invalid/);
    assert.match(await code(url_of(HOTLINK_BUCKET, '/picture.png')), /referer rule/);
    assert.match(await code(url_of('nosuchbucket-1250000000', '/x')), /Access Denied/, 'rights come before existence');
    assert.equal(
      await code(presigned(KEYS.uploader, { object: 'archived' })),
      'Access Denied.',
      'and before the class',
    );
    assert.match(await code(presigned(KEYS.root, { object: 'archived' })), /storage class/);
    assert.match(await code('http://www.example.com/'), /cname/);
    assert.match(await code(`http://cos.ap-guangzhou.myqcloud.com/${BUCKET}/x`), /virtual-styled/);
  });

  test('a referer that the list covers gets the picture, and so does a signed request without one', async (t) => {
    const { url } = await origin_for(t);
    const picture = url_of(HOTLINK_BUCKET, '/picture.png');
    assert.equal((await curl(url, ['-e', 'https://www.example.com/page', picture])).status, 200);
    assert.equal((await curl(url, ['-e', 'https://www.example.org/', picture])).status, 403);
    assert.equal(
      (await curl(url, [presigned(KEYS.root, { bucket: HOTLINK_BUCKET, object: 'picture.png' })])).status,
      200,
    );
  });

  test('a preflight is answered by the rule that fits, and refused without one', async (t) => {
    const { url } = await origin_for(t);
    const ask = (origin, method) =>
      curl(url, [
        '-X',
        'OPTIONS',
        '-H',
        `Origin: ${origin}`,
        '-H',
        `Access-Control-Request-Method: ${method}`,
        url_of(BUCKET, '/x'),
      ]);
    const allowed = await ask('https://www.example.com', 'PUT');
    assert.equal(allowed.headers['access-control-allow-origin'], 'https://www.example.com');
    const refused = await ask('https://www.example.com', 'DELETE');
    assert.equal(element(refused.body, 'Code'), 'AccessForbidden');
    assert.match(element(refused.body, 'Message'), /the resource&apos;s CORS spec$/);
    assert.equal(refused.headers['access-control-allow-origin'], undefined);
  });

  test('HEAD is refused without a body, a range is served as such, and an unchanged object is not sent again', async (t) => {
    const { url } = await origin_for(t);
    const open = url_of(PUBLIC_BUCKET, '/exampleobject');
    const refused = await curl(url, ['-I', url_of(BUCKET, '/x')]);
    assert.deepEqual([refused.status, refused.body.length], [403, 0]);
    assert.ok(Number(refused.headers['content-length']) > 0, 'the length is that of the body held back');
    const range = await curl(url, ['-r', '7-9', open]);
    assert.deepEqual(
      [range.status, range.headers['content-range'], range.body.toString()],
      [206, 'bytes 7-9/21', 'may'],
    );
    assert.equal((await curl(url, ['-H', `If-None-Match: ${range.headers.etag}`, open])).status, 304);
  });

  test('a form upload is judged by its form', async (t) => {
    const { origin, url } = await origin_for(t);
    const form = (key, action) => {
      const at = Math.floor(Date.now() / 1000);
      const time = `${at - 1};${at + 600}`;
      const conditions = [
        { 'q-sign-algorithm': 'sha1' },
        { 'q-ak': key.secret_id },
        { 'q-sign-time': time },
        ['starts-with', '$key', 'uploads/'],
      ];
      const policy = JSON.stringify({ expiration: new Date((at + 600) * 1000).toISOString(), conditions });
      const signature = hmac(hmac(key.secret_key, time), sha1(policy));
      const fields = {
        key: action,
        policy: Buffer.from(policy).toString('base64'),
        'q-sign-algorithm': 'sha1',
        'q-ak': key.secret_id,
      };
      Object.assign(fields, { 'q-key-time': time, 'q-signature': signature });
      return [
        ...Object.entries(fields).flatMap(([name, value]) => ['--form-string', `${name}=${value}`]),
        '-F',
        'file=content;filename=f',
        url_of(BUCKET, '/'),
      ];
    };
    assert.equal((await curl(url, form(KEYS.root, 'uploads/${filename}'))).status, 204);
    assert.equal(origin.world.buckets.get(BUCKET).objects.get('uploads/f').body.toString(), 'content');
    assert.match(
      element((await curl(url, form(KEYS.root, 'elsewhere'))).body, 'Message'),
      /^Condition key \$?key doesn&apos;t match/,
    );
    assert.equal(
      element((await curl(url, form(KEYS.uploader, 'uploads/f'))).body, 'Message'),
      'Access Denied.',
      'PutObject is not PostObject',
    );
    const forged = form({ ...KEYS.root, secret_key: 'x' }, 'uploads/f');
    assert.equal(element((await curl(url, forged)).body, 'Code'), 'SignatureDoesNotMatch');
  });

  test('a clock more than 15 minutes off is told so to those who send a date', async (t) => {
    const { url } = await origin_for(t);
    const Headers = { 'x-cos-date': new Date(Date.now() - 16 * 60_000).toUTCString() };
    await assert.rejects(node_sdk(url).getObject({ ...place('exampleobject'), Headers }), {
      code: 'RequestTimeTooSkewed',
    });
    Headers['x-cos-date'] = new Date(Date.now() - 14 * 60_000).toUTCString();
    assert.equal((await node_sdk(url).getObject({ ...place('exampleobject'), Headers })).statusCode, 200);
  });

  test('the account of another bucket’s owner may list its own buckets only', async (t) => {
    const { url } = await origin_for(t);
    const { Buckets } = await node_sdk(url, KEYS.other_account).getService({ Domain: 'service.cos.myqcloud.com' });
    assert.ok(Buckets.length > 0 && Buckets.every(({ Name }) => !Name.endsWith(APPID)));
  });
});
