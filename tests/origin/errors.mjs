// SPDX-License-Identifier: Apache-2.0
// COS's refusals in its own words, and the two places where its name for them is found: answers seen in the wild have
// most of them in Code, the troubleshooting page prints all of them in Message beside AccessDenied.
import { CosError } from './answer.mjs';

const CORS_MESSAGE =
  'CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / ' +
  "Access-Control-Request-Method or Access-Control-Requet-Headers are not whitelisted by the resource's CORS spec";

/** name → [Code, Message] as COS answers today. */
const REFUSALS = {
  'Access Denied.': ['AccessDenied', 'Access Denied.'],
  AccessForbidden: ['AccessForbidden', CORS_MESSAGE],
  'You are denied by bucket referer rule': ['AccessDenied', 'You are denied by bucket referer rule'],
  InvalidAccessKeyId: ['InvalidAccessKeyId', 'The Access Key Id you provided does not exist in our records'],
  InvalidObjectState: ['InvalidObjectState', 'The operation is not valid for the object storage class.'],
  RequestTimeTooSkewed: [
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
  ],
  'Request has expired': ['AccessDenied', 'Request has expired'],
  SignatureDoesNotMatch: ['SignatureDoesNotMatch', 'The Signature you specified is invalid.'],
};

export const REFUSAL_NAMES = Object.keys(REFUSALS);

/** A 403 by its name in the troubleshooting guide. */
export function refusal(name, elements = {}, fields = {}) {
  const [code, message] = REFUSALS[name];
  return Object.assign(new CosError(403, code, message, elements, fields), { name });
}

/** Moves the name: `as_answered` (today's form), `code` (in Code alone) or `message` (beside AccessDenied). */
export function place(error, placement) {
  if (!error.name || placement === 'as_answered') return error;
  const [, message] = REFUSALS[error.name];
  const texts =
    placement === 'code'
      ? { code: error.name, message: message === error.name ? 'Forbidden' : message }
      : { code: 'AccessDenied', message: error.name };
  return Object.assign(new CosError(403), error, texts);
}

export const malformed_key_id = () =>
  Object.assign(refusal('InvalidAccessKeyId'), { message: 'The access key Id format you provided is invalid.' });

export const not_found = (code, message) => new CosError(404, code, message);

export const bad_request = (code, message) => new CosError(400, code, message);
