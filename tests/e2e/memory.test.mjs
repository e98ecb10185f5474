// SPDX-License-Identifier: Apache-2.0
// What passed before, remembered: a refusal after a grant says so, and tries of one call are counted.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { APPID, BUCKET, HOTLINK_BUCKET, KEYS, PUBLIC_BUCKET, REGION } from '../origin/world.mjs';
import { HOST, authorization, curl, host_of, key_time, node_sdk, place } from './support/clients.mjs';
import { start_pair } from './support/cosdiag.mjs';
import { read_diagnosis } from './support/diagnosis.mjs';

const cleanup = [];
const suite = { after: (end) => cleanup.push(end) };

after(async () => {
  for (const end of cleanup.reverse()) await end();
});

describe('memory', () => {
  let origin, cosdiag;
  before(async () => ({ origin, cosdiag } = await start_pair(suite)));

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

describe("a bucket's documents that passed by", () => {
  let origin, cosdiag, sdk;
  before(async () => {
    ({ origin, cosdiag } = await start_pair(suite));
    sdk = node_sdk(cosdiag.url);
  });

  const bucket = { Bucket: BUCKET, Region: REGION };
  const refused = async (...args) => {
    const { status, headers } = await curl(cosdiag.url, args);
    assert.equal(status, 403);
    const [found] = read_diagnosis(headers);
    const [cause] = (await cosdiag.entry(found.id)).causes;
    const remembered = cause.evidence.filter(({ from }) => from === 'memory').map(({ value }) => value);
    return { ...found, remembered, step: cause.remedies[0].step };
  };
  const preflight = (page, method) =>
    refused('-X', 'OPTIONS', '-H', `Origin: ${page}`, '-H', `Access-Control-Request-Method: ${method}`, `http://${HOST}/k`);

  test('CORS rules put by an SDK say which of them fails a preflight, and in what', async () => {
    assert.equal((await preflight('https://shop.example', 'PUT')).confidence, 'likely');
    await sdk.putBucketCors({
      ...bucket,
      CORSRules: [
        { AllowedOrigin: ['https://blog.example'], AllowedMethod: ['GET'], AllowedHeader: ['*'] },
        { ID: 'shop', AllowedOrigin: ['https://*.shop.example', 'https://shop.example'], AllowedMethod: ['GET'] },
      ],
    });
    const { cause, confidence, remembered, step } = await preflight('https://shop.example', 'PUT');
    assert.deepEqual([cause, confidence], ['cors-denied', 'certain']);
    assert.deepEqual(remembered, ['rule 2 comes closest (shop): AllowedMethod has GET, asked for is PUT']);
    assert.equal(step, 'In CORS rule 2, let AllowedMethod hold PUT.');
  });

  test('CORS rules changed by another way are not taken for those in force', async () => {
    await sdk.putBucketCors({ ...bucket, CORSRules: [{ AllowedOrigin: ['https://shop.example'], AllowedMethod: ['PUT'] }] });
    origin.world.buckets.get(BUCKET).cors = [];
    const { confidence, remembered } = await preflight('https://shop.example', 'PUT');
    assert.deepEqual([confidence, remembered], ['likely', ['rule 1 would allow this']]);
  });

  test('CORS rules read by an SDK count like those written, and deleted ones leave none', async () => {
    origin.world.buckets.get(BUCKET).cors = [{ origins: ['https://blog.example'], methods: ['GET'] }];
    await sdk.getBucketCors(bucket);
    const { confidence, remembered } = await preflight('http://blog.example', 'GET');
    assert.equal(confidence, 'certain');
    assert.match(remembered[0], /its scheme is another/);
    await sdk.deleteBucketCors(bucket);
    assert.deepEqual((await preflight('https://blog.example', 'GET')).remembered, ['the bucket has no CORS rule at all']);
  });

  test('a hotlink list put by an SDK makes the refusal of another page certain', async () => {
    const guarded = { Bucket: HOTLINK_BUCKET, Region: REGION };
    const picture = `http://${host_of(HOTLINK_BUCKET)}/picture.png`;
    const list = { Status: 'Enabled', RefererType: 'White-List', DomainList: { Domains: ['*.shop.example'] } };
    await sdk.putBucketReferer({ ...guarded, RefererConfiguration: { ...list, EmptyReferConfiguration: 'Deny' } });
    assert.equal((await curl(cosdiag.url, ['-e', 'https://www.shop.example/a', picture])).status, 200);
    const other = await refused('-e', 'https://blog.example/post', picture);
    assert.deepEqual([other.cause, other.confidence], ['referer-denied', 'certain']);
    assert.deepEqual(other.remembered, ['allowlist of 1 entry, none of which fits']);
    assert.deepEqual((await refused(picture)).remembered, ['allowlist of 1 entry, empty Referers are refused']);
  });

  test('a policy put by an SDK names the statement that denies', async () => {
    const uploader = `qcs::cam::uin/100000000001:uin/${KEYS.uploader.uin}`;
    const statement = (Effect, who, place) => ({
      Effect,
      Principal: { qcs: [who] },
      Action: ['name/cos:PutObject'],
      Resource: [`qcs::cos:${REGION}:uid/${APPID}:${BUCKET}/${place}`],
    });
    const Statement = [statement('allow', uploader, '*'), statement('deny', uploader, 'uploads/frozen/*')];
    await sdk.putBucketPolicy({ ...bucket, Policy: { version: '2.0', Statement } });
    const with_key = node_sdk(cosdiag.url, KEYS.uploader);
    await with_key.putObject({ ...place('anywhere/a'), Body: 'a' });
    const error = await with_key.putObject({ ...place('uploads/frozen/a'), Body: 'a' }).catch((reason) => reason);
    const [found] = read_diagnosis(error.headers);
    const [cause] = (await cosdiag.entry(found.id)).causes;
    assert.deepEqual([cause.cause, cause.confidence], ['permission-denied', 'likely']);
    assert.equal(
      cause.remedies[0].step,
      `In the bucket policy, look first at what denies: statement 2 of 2 denies it to ${uploader}.`,
    );
  });

  test('a deny to everyone explains a refusal of who does not sign', async () => {
    const Statement = [{ effect: 'deny', principal: '*', action: 'cos:GetObject', resource: '*' }];
    await sdk.putBucketPolicy({ Bucket: PUBLIC_BUCKET, Region: REGION, Policy: { version: '2.0', statement: Statement } });
    const { cause, step } = await refused(`http://${host_of(PUBLIC_BUCKET)}/exampleobject`);
    assert.equal(cause, 'anonymous-request');
    assert.match(step, /statement 1 of 1 denies it to everyone/);
  });

  for (const EncodingType of [undefined, 'url'])
    test(`a list of objects tells the class of a refused one (encoding-type: ${EncodingType})`, async () => {
      const key = `cold ${EncodingType}/猫 & more`;
      origin.world.merge({ objects: [{ bucket: BUCKET, key, storage_class: 'DEEP_ARCHIVE' }] });
      await sdk.getBucket({ ...bucket, Prefix: 'cold', EncodingType });
      origin.rules.add({ match: { path: '/cold*' }, times: 1, refuse: 'InvalidObjectState' });
      const error = await sdk.getObject(place(key)).catch((reason) => reason);
      const [found] = read_diagnosis(error.headers);
      assert.deepEqual([found.cause, found.confidence], ['object-archived', 'certain']);
      assert.match(found.summary, /\(DEEP_ARCHIVE\)/);
    });
});
