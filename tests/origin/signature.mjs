// SPDX-License-Identifier: Apache-2.0
// COS's own signature, verified with the encoder and sorter of Tencent's Node SDK: nothing here is shared with the proxy.
import { createHash, createHmac } from 'node:crypto';
import { createRequire } from 'node:module';

const { obj2str } = createRequire(new URL('../e2e/package.json', import.meta.url))('cos-nodejs-sdk-v5/sdk/util.js');

const hmac = (key, text) => createHmac('sha1', key).update(text).digest('hex');

/** Percent-decodes as UTF-8; bytes that are no UTF-8, and broken escapes, are kept readable instead of failing. */
export function decode(text) {
  const bytes = text.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** The query as pairs, decoded; `+` stands for a space as in forms. */
export function query_pairs(query) {
  if (!query) return [];
  return query
    .split('&')
    .filter(Boolean)
    .map((pair) => pair.split(/=(.*)/s))
    .map(([name, value = '']) => [decode(name.replaceAll('+', ' ')), decode(value.replaceAll('+', ' '))]);
}

const split_pairs = (text) => Object.fromEntries(text.split('&').map((pair) => pair.split(/=(.*)/s).slice(0, 2)));

/** The seven q- fields from the Authorization field, the query, or `?sign=`; null when the request carries none. */
export function read_cos_signature(head) {
  const query = Object.fromEntries(query_pairs(head.query));
  const written = head.get('authorization') || query.sign || '';
  const fields = written.startsWith('q-sign-algorithm=') ? split_pairs(written) : query;
  if (!('q-ak' in fields)) return null;
  return {
    key_id: fields['q-ak'],
    sign_time: fields['q-sign-time'] ?? '',
    key_time: fields['q-key-time'] ?? '',
    header_list: (fields['q-header-list'] ?? '').split(';').filter(Boolean),
    param_list: (fields['q-url-param-list'] ?? '').split(';').filter(Boolean),
    signature: fields['q-signature'] ?? '',
    token: head.get('x-cos-security-token') ?? query['x-cos-security-token'],
  };
}

/** What COS computes from the request it received: the two strings it shows in a SignatureDoesNotMatch. */
export function cos_strings(head, signed) {
  const received = new Map(query_pairs(head.query).map(([name, value]) => [name.toLowerCase(), value]));
  const params = Object.fromEntries(signed.param_list.map((name) => [decode(name), received.get(decode(name)) ?? '']));
  const utf8 = (value) => Buffer.from(value ?? '', 'latin1').toString('utf8');
  const headers = Object.fromEntries(signed.header_list.map((name) => [decode(name), utf8(head.get(decode(name)))]));
  const lines = [head.method.toLowerCase(), decode(head.path), obj2str(params, true), obj2str(headers, true), ''];
  const format_string = lines.join('\n');
  const digest = createHash('sha1').update(format_string, 'utf8').digest('hex');
  return { format_string, string_to_sign: `sha1\n${signed.sign_time}\n${digest}\n` };
}

/** The signature that `secret_key` gives over a string, under the request's key time. */
export const sign_cos = (secret_key, key_time, string_to_sign) => hmac(hmac(secret_key, key_time), string_to_sign);

/** A window's ends in seconds; null when it is not two numbers in order. */
export function window_of(text) {
  const match = /^(\d{1,12});(\d{1,12})$/.exec(text);
  const [start, end] = match ? [Number(match[1]), Number(match[2])] : [1, 0];
  return start <= end ? { start, end } : null;
}
