// SPDX-License-Identifier: Apache-2.0
// What passed before, remembered: a refusal after a grant says so, and tries of one call are counted.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { KEYS, PUBLIC_BUCKET } from '../origin/world.mjs';
import { HOST, authorization, curl, host_of, key_time, node_sdk, place } from './support/clients.mjs';
import { start_pair } from './support/cosdiag.mjs';
import { read_diagnosis } from './support/diagnosis.mjs';

const cleanup = [];
const suite = { after: (end) => cleanup.push(end) };

describe('memory', () => {
  let origin, cosdiag;
  before(async () => ({ origin, cosdiag } = await start_pair(suite)));
  after(async () => {
    for (const end of cleanup.reverse()) await end();
  });

  const refusal = async (call) => {
    const error = await call.then(
      () => assert.fail('the call went through'),
      (reason) => reason,
    );
    const [found] = read_diagnosis(error.headers);
    return { found, entry: await cosdiag.entry(found.id) };
  };
  const remembered = ({ causes: [cause] }) => cause.evidence.filter(({ from }) => from === 'memory');

  test('a key that may write in one folder and not in another is told from one that may nothing', async () => {
    const sdk = node_sdk(cosdiag.url, KEYS.uploader);
    await sdk.putObject({ ...place('uploads/a'), Body: 'a' });
    const { found, entry } = await refusal(sdk.putObject({ ...place('elsewhere/a'), Body: 'a' }));
    assert.equal(found.cause, 'permission-denied');
    assert.equal(remembered(entry)[0].what, 'this key, another call on this bucket');
    assert.match(entry.causes[0].remedies[0].step, /The key works on this bucket/);
  });

  test('a HEAD, which has no body, draws on what the key did before', async () => {
    const sdk = node_sdk(cosdiag.url, KEYS.uploader);
    await sdk.putObject({ ...place('uploads/b'), Body: 'b' });
    const { found } = await refusal(sdk.headObject(place('exampleobject')));
    assert.deepEqual([found.cause, found.confidence], ['permission-denied', 'likely']);
  });

  test('a refusal after an earlier grant says that something changed', async () => {
    const url = `http://${host_of(PUBLIC_BUCKET)}/exampleobject`;
    assert.equal((await curl(cosdiag.url, [url])).status, 200);
    origin.world.buckets.get(PUBLIC_BUCKET).acl = 'private';
    const [found] = read_diagnosis((await curl(cosdiag.url, [url])).headers);
    const entry = await cosdiag.entry(found.id);
    assert.equal(found.cause, 'anonymous-request');
    assert.match(remembered(entry)[0].value, /^readable .* ago$/);
  });

  test('tries of one call are counted, and point to the first', async () => {
    const url = `http://${host_of(PUBLIC_BUCKET)}/counted`;
    const ids = [];
    for (let i = 0; i < 3; ++i) ids.push(read_diagnosis((await curl(cosdiag.url, [url])).headers)[0].id);
    const entries = await Promise.all(ids.map((id) => cosdiag.entry(id)));
    assert.deepEqual(
      entries.map(({ attempts, first_id }) => [attempts, first_id]),
      [
        [undefined, undefined],
        [2, ids[0]],
        [3, ids[0]],
      ],
    );
  });

  test('the clock of a signer, known from what it was allowed, tells an old signature from a slow clock', async () => {
    const get = (window) =>
      curl(cosdiag.url, ['-H', `Authorization: ${authorization(KEYS.root, { window })}`, `http://${HOST}/exampleobject`]);
    const old = key_time(-1140, -240);
    const deadline = Date.now() + 20_000;
    for (;;) {
      assert.equal((await get(key_time(-240, 660))).status, 200);
      const [found] = read_diagnosis((await get(old)).headers);
      const entry = await cosdiag.entry(found.id);
      assert.equal(found.cause, 'signature-expired');
      const clock = remembered(entry).find(({ what }) => what === "this signer's clock minus COS's");
      if (clock) return assert.match(clock.value, /^-4 min \d+ s to -[23] min \d+ s in \d+ requests, the last \d+ s ago$/);
      assert.ok(Date.now() < deadline, 'no estimate after 20 s');
    }
  });
});
