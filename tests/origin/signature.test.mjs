// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { COS } from '../e2e/support/clients.mjs';
import { RequestHead } from './bytes.mjs';
import { amz_time, read_s3_signature, s3_signature_matches } from './s3_signature.mjs';
import { cos_strings, decode, query_pairs, read_cos_signature, sign_cos, window_of } from './signature.mjs';

const head_of = (...lines) => new RequestHead(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'utf8'));
const VENDOR_HOST = 'examplebucket-1250000000.cos.ap-beijing.myqcloud.com';
const VENDOR_PATH = '/exampleobject(%E8%85%BE%E8%AE%AF%E4%BA%91)';

describe('origin/signature', () => {
  test('the two requests that the vendor documents give the digests that the vendor documents', () => {
    const put = head_of(
      `PUT ${VENDOR_PATH} HTTP/1.1`,
      `Host: ${VENDOR_HOST}`,
      'Date: Thu, 16 May 2019 06:45:51 GMT',
      'Content-Type: text/plain',
      'Content-Length: 13',
      'Content-MD5: mQ/fVh815F3k6TAUm8m0eg==',
      'x-cos-acl: private',
      'x-cos-grant-read: uin="100000000011"',
    );
    const put_fields = 'content-length;content-md5;content-type;date;host;x-cos-acl;x-cos-grant-read'.split(';');
    const put_time = '1557989151;1557996351';
    const put_strings = cos_strings(put, { header_list: put_fields, param_list: [], sign_time: put_time });
    assert.equal(put_strings.string_to_sign, `sha1\n${put_time}\n8b2751e77f43a0995d6e9eb9477f4b685cca4172\n`);

    const query = 'response-content-type=application%2Foctet-stream&response-cache-control=max-age%3D600';
    const get = head_of(
      `GET ${VENDOR_PATH}?${query} HTTP/1.1`,
      `Host: ${VENDOR_HOST}`,
      'Date: Thu, 16 May 2019 06:55:53 GMT',
    );
    const lists = { header_list: ['date', 'host'], param_list: ['response-cache-control', 'response-content-type'] };
    const get_strings = cos_strings(get, { ...lists, sign_time: '1557989753;1557996953' });
    assert.equal(get_strings.string_to_sign.split('\n')[2], '54ecfe22f59d3514fdc764b87a32d8133ea611e6');
  });

  test('every signature of the vendor’s own signer is the one expected here', () => {
    const stories = [
      ['GET', '/exampleobject', {}, {}],
      ['PUT', '/a b+c中.txt', {}, { 'x-cos-acl': 'private', 'content-length': '0' }],
      ['GET', '/', { prefix: 'a/b', delimiter: '/', 'max-keys': '1' }, {}],
      ['POST', "/~!'()*", { uploads: '' }, { 'content-type': 'text/plain; charset=utf-8' }],
      ['DELETE', '/x//y/', { uploadId: 'a+b=' }, { 'x-cos-meta-name': '100%' }],
    ];
    for (const [method, path, query, fields] of stories) {
      const headers = { host: VENDOR_HOST, ...fields };
      const signer = { SecretId: 'AKIDExampleExample', SecretKey: 'an example', UseRawKey: true };
      const written = COS.getAuthorization({
        ...signer,
        Method: method,
        Pathname: path,
        Query: query,
        Headers: headers,
      });
      const pairs = Object.entries(query).map((pair) => pair.map(encodeURIComponent).join('='));
      const target = `${encodeURI(path)}?${pairs.join('&')}`;
      const lines = Object.entries({ ...headers, Authorization: written }).map((pair) => pair.join(': '));
      const head = head_of(`${method} ${target} HTTP/1.1`, ...lines);
      const signed = read_cos_signature(head);
      const { string_to_sign } = cos_strings(head, signed);
      assert.equal(sign_cos('an example', signed.key_time, string_to_sign), signed.signature, `${method} ${path}`);
    }
  });

  test('the digest in the string to sign is that of the format string', () => {
    const head = head_of('HEAD /a%20b?x=1 HTTP/1.1', 'Host: h');
    const { format_string, string_to_sign } = cos_strings(head, {
      header_list: ['host'],
      param_list: ['x'],
      sign_time: '1;2',
    });
    assert.equal(format_string, 'head\n/a b\nx=1\nhost=h\n');
    assert.equal(string_to_sign, `sha1\n1;2\n${createHash('sha1').update(format_string).digest('hex')}\n`);
  });

  test('a signature is found in the Authorization field, in the query, and in ?sign=', () => {
    const q =
      'q-sign-algorithm=sha1&q-ak=AKIDx&q-sign-time=1;2&q-key-time=1;2&q-header-list=host&q-url-param-list=&q-signature=ab';
    const expected = {
      key_id: 'AKIDx',
      sign_time: '1;2',
      key_time: '1;2',
      header_list: ['host'],
      param_list: [],
      signature: 'ab',
    };
    for (const head of [
      head_of('GET / HTTP/1.1', `Authorization: ${q}`),
      head_of(`GET /?${q.replaceAll(';', '%3B')} HTTP/1.1`),
      head_of(`GET /?sign=${encodeURIComponent(q)} HTTP/1.1`),
    ]) {
      assert.deepEqual({ ...read_cos_signature(head) }, { ...expected, token: undefined });
    }
    assert.equal(
      read_cos_signature(head_of('GET / HTTP/1.1', 'Authorization: ')),
      null,
      'an empty field signs nothing',
    );
  });

  test('broken escapes and windows are values, not failures', () => {
    assert.equal(decode('%E4%B8%AD%zz'), '中%zz');
    assert.deepEqual(query_pairs('a+b=c%2B&acl&=x'), [
      ['a b', 'c+'],
      ['acl', ''],
      ['', 'x'],
    ]);
    assert.deepEqual(window_of('1;2'), { start: 1, end: 2 });
    for (const text of ['2;1', '1', 'a;b', '1557989151000;1557996351000x']) assert.equal(window_of(text), null, text);
  });

  test('AWS’s documented Version 4 example has the documented signature', () => {
    const head = head_of(
      'GET /test.txt HTTP/1.1',
      'Host: examplebucket.s3.amazonaws.com',
      'Range: bytes=0-9',
      'x-amz-date: 20130524T000000Z',
      'x-amz-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      'Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,' +
        'SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,' +
        'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    );
    const signed = read_s3_signature(head);
    const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
    assert.ok(s3_signature_matches(head, 'examplebucket', signed, secret));
    assert.ok(!s3_signature_matches(head, 'examplebucket', signed, `${secret} `));
    assert.equal(amz_time(signed.amz_date), Date.UTC(2013, 4, 24));
  });

  test('AWS’s documented Version 2 example has the documented signature', () => {
    const head = head_of(
      'GET /photos/puppy.jpg HTTP/1.1',
      'Host: awsexamplebucket1.us-west-1.s3.amazonaws.com',
      'Date: Tue, 27 Mar 2007 19:36:42 +0000',
      'Authorization: AWS AKIAIOSFODNN7EXAMPLE:qgk2+6Sv9/oM7G3qLEjTH1a1l1g=',
    );
    const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
    assert.ok(s3_signature_matches(head, 'awsexamplebucket1', read_s3_signature(head), secret));
  });
});
