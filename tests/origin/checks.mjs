// SPDX-License-Identifier: Apache-2.0
// COS's checks on a request's head, in the order its troubleshooting guide gives (436/40105):
// CORS, referer, anonymous, key, time, signature, permission, storage class. The first that fails is the answer.
import { copy_source, document_of, needed_rights } from './action.mjs';
import { bad_request, malformed_key_id, not_found, refusal } from './errors.mjs';
import { cors_rule, missing_rights, referer_passes } from './permission.mjs';
import { CosError } from './answer.mjs';
import { amz_time, read_s3_signature, s3_signature_matches } from './s3_signature.mjs';
import { cos_strings, decode, query_pairs, read_cos_signature, sign_cos, window_of } from './signature.mjs';

const BUCKET_HOST =
  /^([a-z0-9-]+-\d+)\.cos(?:-internal|-website|-dualstack)?\.([a-z0-9-]+)\.(?:myqcloud\.com|tencentcos\.cn)$/;
const SERVICE_HOST = /^(?:service\.cos|cos\.([a-z0-9-]+))\.(?:myqcloud\.com|tencentcos\.cn)$/;
const SKEW_LIMIT_MS = 900_000;
const COLD = new Set(['ARCHIVE', 'DEEP_ARCHIVE']);

/** Fills in what host and path say: bucket and key, decoded. Throws for a host that names no bucket. */
export function address(exchange) {
  const { head, world } = exchange;
  exchange.decoded_path = decode(head.path);
  exchange.params = new Map(query_pairs(head.query));
  const [, bucket] = BUCKET_HOST.exec(head.host) ?? [];
  if (bucket) return Object.assign(exchange, { bucket, key: exchange.decoded_path.slice(1) });
  if (!SERVICE_HOST.test(head.host)) throw bad_request('UserCnameInvalid', 'The specified cname is invalid.');
  const [, in_path, key = ''] = /^\/([^/]+)\/?(.*)$/s.exec(exchange.decoded_path) ?? [];
  if (in_path && !world.buckets.get(in_path)?.path_style) {
    const message = 'The bucket you are attempting to access must be addressed using COS virtual-styled domain.';
    throw new CosError(403, 'PathStyleDomainForbidden', message);
  }
  return Object.assign(exchange, { bucket: in_path ?? null, key, path_style: Boolean(in_path) });
}

/** Every check that needs no body. Leaves `exchange.caller`: the key's record, or null for an anonymous request. */
export function check_head(exchange) {
  const { head, world } = exchange;
  const bucket = world.buckets.get(exchange.bucket);
  if (head.method === 'OPTIONS') return check_preflight(exchange, bucket);
  const cos = read_cos_signature(head);
  const s3 = cos ? null : read_s3_signature(head);
  exchange.s3 = s3 !== null;
  exchange.signed_payload = s3?.payload;
  if (!cos && !s3 && bucket && !referer_passes(bucket.referer, head.get('referer'))) {
    throw refusal('You are denied by bucket referer rule');
  }
  exchange.caller = cos ? check_cos(exchange, cos) : s3 ? check_s3(exchange, s3) : null;
  if (exchange.is_form || (head.method === 'POST' && exchange.params.has('delete'))) return;
  check_rights(exchange, needed_rights(head, exchange));
  if (exchange.bucket && !bucket && head.method !== 'PUT')
    throw not_found('NoSuchBucket', 'The specified bucket does not exist.');
  check_storage_class(exchange, bucket);
}

function check_preflight(exchange, bucket) {
  const { head } = exchange;
  const split = (text) =>
    (text ?? '')
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean);
  const asked = {
    origin: head.get('origin') ?? '',
    method: head.get('access-control-request-method') ?? '',
    headers: split(head.get('access-control-request-headers')),
  };
  exchange.cors = cors_rule(bucket?.cors ?? [], asked);
  if (!exchange.cors) throw refusal('AccessForbidden');
}

export function check_rights(exchange, rights) {
  if (missing_rights(exchange.world, exchange.caller, rights).length) throw refusal('Access Denied.');
}

const reads_object = (head, params) => head.method === 'GET' && !document_of(params) && !params.has('uploadId');

function check_storage_class({ head, params, bucket, key }, found) {
  const source = copy_source(head) ?? (reads_object(head, params) ? { bucket, key } : null);
  const object = source && (source.bucket === bucket ? found : null)?.objects.get(source.key);
  if (!object || !COLD.has(object.storage_class) || object.restored) return;
  throw refusal('InvalidObjectState', {}, { 'x-cos-storage-class': object.storage_class });
}

/** The record of a key id that may sign now, with the token that goes with it. Shared with form uploads. */
export function check_key({ world, now_ms }, key_id, token) {
  if (!/^AKID[A-Za-z0-9_-]{8,}$/.test(key_id)) throw malformed_key_id();
  const key = world.keys.get(key_id);
  const now = now_ms / 1000;
  const lives = key && now >= (key.valid_from ?? 0) && now <= (key.valid_until ?? Infinity);
  if (!lives || key.disabled || (key.token ?? '') !== (token ?? '')) throw refusal('InvalidAccessKeyId');
  return key;
}

const expired = ({ now_ms }) =>
  refusal('Request has expired', { ServerTime: `${new Date(now_ms).toISOString().slice(0, 19)}Z` });

/** Throws unless the server's clock is inside the window (`start;end`, seconds). Shared with form uploads. */
export function check_window(exchange, text) {
  const window = window_of(text);
  const now = exchange.now_ms / 1000;
  if (!window || now < window.start - 1 || now > window.end) throw expired(exchange);
}

function check_date(exchange, sent_ms) {
  if (Math.abs(sent_ms - exchange.now_ms) > SKEW_LIMIT_MS) throw refusal('RequestTimeTooSkewed');
}

function check_cos(exchange, signed) {
  const { head } = exchange;
  const key = check_key(exchange, signed.key_id, signed.token);
  check_date(exchange, Date.parse(head.get('x-cos-date') ?? head.get('date') ?? ''));
  check_window(exchange, signed.key_time);
  check_window(exchange, signed.sign_time);
  const { format_string, string_to_sign } = cos_strings(head, signed);
  if (sign_cos(key.secret_key, signed.key_time, string_to_sign) !== signed.signature) {
    throw refusal('SignatureDoesNotMatch', { StringToSign: string_to_sign, FormatString: format_string });
  }
  return key;
}

function check_s3(exchange, signed) {
  const { head, now_ms } = exchange;
  const key = check_key(exchange, signed.key_id, signed.token);
  const sent_ms = signed.version === 4 ? amz_time(signed.amz_date) : Date.parse(head.get('x-amz-date') ?? signed.date);
  const end_ms = signed.lifetime ? sent_ms + signed.lifetime * 1000 : signed.expires * 1000;
  if (Number.isNaN(end_ms)) check_date(exchange, sent_ms);
  else if (now_ms > end_ms) throw expired(exchange);
  if (/^STREAMING/.test(signed.payload ?? '')) throw bad_request('InvalidArgument', 'aws-chunked is not supported.');
  const bucket = exchange.path_style ? null : exchange.bucket;
  if (!s3_signature_matches(head, bucket, signed, key.secret_key)) throw refusal('SignatureDoesNotMatch');
  return key;
}
