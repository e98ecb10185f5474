// SPDX-License-Identifier: Apache-2.0
// The eight messages for scripts/demo: a line each, the message's name and then curl's arguments, separated by tabs.
import { BUCKET, HOTLINK_BUCKET, KEYS } from '../../origin/world.mjs';
import { HOST, authorization, host_of, key_time, presigned } from './clients.mjs';

const hour_ago = new Date(Date.now() - 3_600_000).toUTCString();
const dated = { 'x-cos-date': hour_ago };
const unknown = { ...KEYS.root, secret_id: 'AKIDNobodyKnowsThisKeyNobodyKnows000' };
const wrong = { ...KEYS.root, secret_key: 'NotTheSecretThatTheServerHolds00' };
const object = `http://${HOST}/exampleobject`;

const requests = [
  ['Access Denied.', presigned(KEYS.uploader, { bucket: BUCKET })],
  ['AccessForbidden', '-X', 'OPTIONS', '-H', 'Origin: https://app.example', '-H', 'Access-Control-Request-Method: PUT', object],
  ['You are denied by bucket referer rule', '-e', 'https://blog.example/post', `http://${host_of(HOTLINK_BUCKET)}/picture.png`],
  ['InvalidAccessKeyId', presigned(unknown)],
  ['InvalidObjectState', presigned(KEYS.root, { object: 'archived' })],
  ['RequestTimeTooSkewed', '-H', `x-cos-date: ${hour_ago}`, '-H', `Authorization: ${authorization(KEYS.root, { headers: dated })}`, object],
  ['Request has expired', presigned(KEYS.root, { window: key_time(-7200, -3600) })],
  ['SignatureDoesNotMatch', presigned(wrong)],
];
process.stdout.write(requests.map((words) => `${words.join('\t')}\n`).join(''));
