// SPDX-License-Identifier: Apache-2.0
// Without a CA: clients speak clear HTTP to the proxy, and the proxy TLS to COS.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { KEYS } from '../origin/world.mjs';
import { HOST, curl, node_sdk, place, rclone } from './support/clients.mjs';
import { start_cosdiag } from './support/cosdiag.mjs';
import { read_diagnosis } from './support/diagnosis.mjs';
import { start_tls_origin } from './support/tls_origin.mjs';

describe('e2e/upgrade', () => {
  const ends = [];
  const suite = { after: (end) => ends.push(end) };
  let cosdiag, origin;
  before(async () => {
    origin = await start_tls_origin(suite);
    cosdiag = await start_cosdiag(suite, origin.port, ['--upgrade', '--upstream-ca', origin.ca]);
  });
  after(async () => {
    for (const end of ends.reverse()) await end();
  });

  test('what the SDK signed for http:// is good at the other end of TLS', async () => {
    const sdk = node_sdk(cosdiag.url);
    await sdk.putObject({ ...place('upgraded'), Body: 'by TLS' });
    assert.equal((await sdk.getObject(place('upgraded'))).Body.toString(), 'by TLS');
    assert.equal((await sdk.headObject(place('upgraded'))).statusCode, 200);
  });

  test('so is what rclone signed', async (t) => {
    const { status, stdout, stderr } = await rclone(t, cosdiag.url, ['cat', `cos:${HOST.split('.')[0]}/exampleobject`]);
    assert.equal(status, 0, stderr);
    assert.notEqual(stdout.length, 0);
  });

  test('a 403 is diagnosed, and its entry tells of the leg to COS', async () => {
    const error = await node_sdk(cosdiag.url, KEYS.uploader).getObject(place('exampleobject')).then(() => null, (reason) => reason);
    const [found] = read_diagnosis(error.headers);
    assert.equal(found.cause, 'permission-denied');
    const entry = await cosdiag.entry(found.id);
    assert.match(entry.request.url, /^https:/);
  });

  test('an origin whose certificate is not to be trusted gets nothing, and the client is told why', async (t) => {
    const wary = await start_cosdiag(t, origin.port, ['--upgrade']);
    const { status, body, headers } = await curl(wary.url, ['-H', 'Authorization: secret', `http://${HOST}/exampleobject`]);
    assert.equal(status, 502);
    assert.match(body.toString(), /<Code>CosdiagOriginCertificate<\/Code>.*self.signed certificate.*--upstream-ca/s);
    assert.match(headers['proxy-status'], /error=tls_certificate_error/);
  });
});
