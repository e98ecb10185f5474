// SPDX-License-Identifier: Apache-2.0
// AWS Signature Version 4 and 2, as S3 clients send them to COS, verified with Node's own crypto.
import { createHash, createHmac } from 'node:crypto';
import { decode } from './signature.mjs';

const SUB_RESOURCES = new Set(
  (
    'acl cors delete lifecycle location logging notification partNumber policy requestPayment restore tagging torrent ' +
    'uploadId uploads versionId versioning versions website response-cache-control response-content-disposition ' +
    'response-content-encoding response-content-language response-content-type response-expires'
  ).split(' '),
);

const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const hmac256 = (key, text) => createHmac('sha256', key).update(text).digest();

const encode = (text) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

const raw_pairs = (query) =>
  (query ?? '')
    .split('&')
    .filter(Boolean)
    .map((pair) => pair.split(/=(.*)/s));

/** The V4 or V2 credentials of a request; null when it carries none. */
export function read_s3_signature(head) {
  const written = head.get('authorization') ?? '';
  const query = Object.fromEntries(raw_pairs(head.query).map(([name, value = '']) => [decode(name), decode(value)]));
  if (written.startsWith('AWS4-HMAC-SHA256 ')) return v4_from_field(head, written);
  if (query['X-Amz-Algorithm']) return v4_from_query(query);
  const v2 = /^AWS ([^:]+):(.+)$/.exec(written);
  if (v2)
    return {
      version: 2,
      key_id: v2[1],
      signature: v2[2],
      date: head.get('date'),
      token: head.get('x-amz-security-token'),
    };
  if (!query.AWSAccessKeyId) return null;
  const { AWSAccessKeyId: key_id, Signature: signature, Expires: expires } = query;
  return {
    version: 2,
    key_id,
    signature,
    expires: Number(expires),
    date: expires,
    token: query['x-amz-security-token'],
  };
}

function v4_from_field(head, written) {
  const part = (name) => new RegExp(`${name}=([^,\\s]+)`).exec(written)?.[1] ?? '';
  const [key_id, ...scope] = part('Credential').split('/');
  return {
    version: 4,
    key_id,
    scope,
    signed_headers: part('SignedHeaders').split(';'),
    signature: part('Signature'),
    amz_date: head.get('x-amz-date') ?? '',
    payload: head.get('x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD',
    token: head.get('x-amz-security-token'),
  };
}

function v4_from_query(query) {
  const [key_id, ...scope] = query['X-Amz-Credential'].split('/');
  return {
    version: 4,
    key_id,
    scope,
    signed_headers: query['X-Amz-SignedHeaders'].split(';'),
    signature: query['X-Amz-Signature'],
    amz_date: query['X-Amz-Date'],
    lifetime: Number(query['X-Amz-Expires']),
    payload: 'UNSIGNED-PAYLOAD',
    token: query['X-Amz-Security-Token'],
  };
}

/** Milliseconds of `20240102T030405Z`; NaN for anything else. */
export const amz_time = (text) =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

/** Whether the secret gives the signature sent. */
export function s3_signature_matches(head, bucket, signed, secret_key) {
  const expected = signed.version === 4 ? sign_v4(head, signed, secret_key) : sign_v2(head, bucket, signed, secret_key);
  return expected === signed.signature;
}

function sign_v4(head, signed, secret_key) {
  const path = head.path
    .split('/')
    .map((segment) => encode(decode(segment)))
    .join('/');
  const query = raw_pairs(head.query)
    .map(([name, value = '']) => [encode(decode(name)), encode(decode(value))])
    .filter(([name]) => name !== 'X-Amz-Signature')
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : 1))
    .map((pair) => pair.join('='))
    .join('&');
  const field = (name) => (head.get(name) ?? '').replace(/ +/g, ' ');
  const headers = signed.signed_headers.map((name) => `${name}:${field(name)}\n`).join('');
  const canonical = [head.method, path, query, headers, signed.signed_headers.join(';'), signed.payload].join('\n');
  const to_sign = ['AWS4-HMAC-SHA256', signed.amz_date, signed.scope.join('/'), sha256(canonical)].join('\n');
  const key = signed.scope.reduce((so_far, part) => hmac256(so_far, part), `AWS4${secret_key}`);
  return hmac256(key, to_sign).toString('hex');
}

function sign_v2(head, bucket, signed, secret_key) {
  const amz = head.fields
    .map(([name, value]) => [name.toLowerCase(), value])
    .filter(([name]) => name.startsWith('x-amz-'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map((pair) => `${pair.join(':')}\n`)
    .join('');
  const wanted = raw_pairs(head.query)
    .filter(([name]) => SUB_RESOURCES.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === undefined ? name : `${name}=${decode(value)}`));
  const resource = `${bucket ? `/${bucket}` : ''}${head.path}${wanted.length ? `?${wanted.join('&')}` : ''}`;
  const date = head.get('x-amz-date') && !signed.expires ? '' : (signed.date ?? '');
  const plain = [head.method, head.get('content-md5') ?? '', head.get('content-type') ?? '', date, amz + resource].join(
    '\n',
  );
  return createHmac('sha1', secret_key).update(plain).digest('base64');
}
