// SPDX-License-Identifier: Apache-2.0
// POST Object: a form upload, whose signature stands in form fields and covers the policy alone (436/14690).
import { createHash } from 'node:crypto';
import { CosError } from './answer.mjs';
import { check_key, check_rights, check_window } from './checks.mjs';
import { bad_request, refusal } from './errors.mjs';
import { sign_cos } from './signature.mjs';

export const is_form = (head) =>
  head.method === 'POST' && /^multipart\/form-data/i.test(head.get('content-type') ?? '');

/** The form's fields and its file. Field names are lower-cased; the file must be the last part. */
export function read_form(head, body) {
  const boundary = /boundary="?([^";]+)/i.exec(head.get('content-type'))?.[1];
  const text = body.toString('latin1');
  const fields = new Map();
  for (const part of text.split(`--${boundary}`).slice(1, -1)) {
    const [part_head, content] = part.slice(2, -2).split(/\r\n\r\n(.*)/s);
    const name = /name="([^"]*)"/.exec(part_head)?.[1].toLowerCase();
    const filename = /filename="([^"]*)"/.exec(part_head)?.[1];
    const bytes = Buffer.from(content ?? '', 'latin1');
    if (name === 'file') return { fields, file: bytes, filename: filename ?? '' };
    fields.set(name, bytes.toString('utf8'));
  }
  throw bad_request('MalformedPOSTRequest', 'The body of your POST request is not well-formed multipart/form-data.');
}

/** Checks key, time, signature, policy and right of a form; returns the object's key. */
export function check_form(exchange, { fields, filename }) {
  const object_key = (fields.get('key') ?? '').replaceAll('${filename}', filename);
  const key_id = fields.get('q-ak');
  if (key_id) {
    exchange.caller = check_key(exchange, key_id, fields.get('x-cos-security-token'));
    check_policy(exchange, fields);
  }
  check_rights(exchange, [{ action: 'name/cos:PostObject', bucket: exchange.bucket, key: object_key }]);
  return object_key;
}

function check_policy(exchange, fields) {
  check_window(exchange, fields.get('q-key-time') ?? '');
  const policy_text = Buffer.from(fields.get('policy') ?? '', 'base64');
  const to_sign = createHash('sha1').update(policy_text).digest('hex');
  if (sign_cos(exchange.caller.secret_key, fields.get('q-key-time'), to_sign) !== fields.get('q-signature')) {
    throw refusal('SignatureDoesNotMatch');
  }
  const policy = JSON.parse(policy_text.toString('utf8'));
  const [end, now] = [Date.parse(policy.expiration), exchange.now_ms].map((ms) => Math.floor(ms / 1000));
  if (now > end) {
    const times = `expiration time: ${end} but the time now : ${now}`;
    throw new CosError(403, 'AccessDenied', `You post object request has been expired, ${times}`);
  }
  for (const condition of policy.conditions) check_condition(exchange, fields, condition);
}

function check_condition({ bucket }, fields, condition) {
  const [kind, name, wanted] = Array.isArray(condition)
    ? [condition[0], String(condition[1]).replace(/^\$/, ''), condition[2]]
    : ['eq', ...Object.entries(condition)[0]];
  if (kind === 'content-length-range') return;
  const aliases = { bucket, 'q-sign-time': fields.get('q-key-time') };
  const value = aliases[name] ?? fields.get(name.toLowerCase()) ?? '';
  if (kind === 'starts-with' ? value.startsWith(wanted) : value === wanted) return;
  throw new CosError(403, 'AccessDenied', `Condition key ${name} doesn't match the value ${wanted}`);
}
