// SPDX-License-Identifier: Apache-2.0
// The eight messages of the troubleshooting guide, each provoked by a real client with a real signature and read back by
// that client, wherever COS puts its name for them.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BUCKET, HOTLINK_BUCKET, KEYS } from '../origin/world.mjs';
import {
  COS,
  HOST,
  boto3,
  curl,
  host_of,
  key_time,
  node_sdk,
  place,
  presigned,
  split_answer,
} from './support/clients.mjs';
import { start_pair } from './support/cosdiag.mjs';
import { assert_no_secret, check_entry, read_diagnosis, secrets_of } from './support/diagnosis.mjs';

const PLACEMENTS = ['as_answered', 'code', 'message'];
const WRONG_SECRET = { ...KEYS.root, secret_key: 'NotTheSecretThatTheServerHolds00' };
const UNKNOWN_KEY = { ...KEYS.root, secret_id: 'AKIDNobodyKnowsThisKeyNobodyKnows000' };
const preflight = [
  '-X',
  'OPTIONS',
  '-H',
  'Origin: https://elsewhere.example',
  '-H',
  'Access-Control-Request-Method: PUT',
];

/** A call of the Node SDK that must fail: what the caller holds then. */
async function sdk_error(call) {
  const error = await call.then(
    () => assert.fail('the call went through'),
    (reason) => reason,
  );
  return { status: error.statusCode, headers: error.headers, code: error.error?.Code, message: error.error?.Message };
}

const sdk_get = (proxy, key, object, options = {}) => sdk_error(node_sdk(proxy, key, options).getObject(place(object)));

async function boto3_error(proxy, key, name, call) {
  const [answer] = await boto3(proxy, [[name, call]], { key });
  return answer;
}

/** name, who asks, what must be found; `rule` changes COS for that request only. */
const STORIES = [
  {
    name: 'Access Denied.',
    who: 'curl without a signature',
    token: 'anonymous-request',
    confidence: 'likely',
    ask: (proxy) => curl(proxy, [`http://${HOST}/exampleobject`]),
  },
  {
    name: 'Access Denied.',
    who: 'the Node SDK with a sub-account’s key',
    token: 'permission-denied',
    confidence: 'likely',
    ask: (proxy) => sdk_get(proxy, KEYS.uploader, 'exampleobject'),
  },
  {
    name: 'Access Denied.',
    who: 'the Node SDK with a temporary key',
    token: 'temporary-key-scope',
    confidence: 'likely',
    ask: (proxy) => sdk_get(proxy, KEYS.temporary, 'exampleobject'),
  },
  {
    name: 'AccessForbidden',
    who: 'curl as a browser asking beforehand',
    token: 'cors-denied',
    confidence: 'likely',
    ask: (proxy) => curl(proxy, [...preflight, `http://${HOST}/exampleobject`]),
  },
  {
    name: 'You are denied by bucket referer rule',
    who: 'curl without a Referer',
    token: 'referer-denied',
    confidence: 'likely',
    ask: (proxy) => curl(proxy, [`http://${host_of(HOTLINK_BUCKET)}/picture.png`]),
  },
  {
    name: 'InvalidAccessKeyId',
    who: 'the Node SDK with an unknown key',
    token: 'access-key-unknown',
    confidence: 'likely',
    ask: (proxy) => sdk_get(proxy, UNKNOWN_KEY, 'exampleobject'),
  },
  {
    name: 'InvalidObjectState',
    who: 'the Node SDK reading an archived object',
    token: 'object-archived',
    confidence: 'certain',
    ask: (proxy) => sdk_get(proxy, KEYS.root, 'archived'),
  },
  {
    name: 'InvalidObjectState',
    who: 'boto3 reading an archived object',
    token: 'object-archived',
    confidence: 'certain',
    ask: (proxy) => boto3_error(proxy, KEYS.root, 'get_object', { Key: 'archived' }),
  },
  {
    name: 'RequestTimeTooSkewed',
    who: 'boto3 whose clock is an hour behind COS’s',
    token: 'clock-skewed',
    confidence: 'certain',
    rule: { clock_offset_ms: 3_600_000 },
    ask: (proxy) => boto3_error(proxy, KEYS.root, 'get_object', { Key: 'exampleobject' }),
  },
  {
    name: 'Request has expired',
    who: 'curl with yesterday’s presigned URL',
    token: 'signature-expired',
    confidence: 'certain',
    ask: (proxy) => curl(proxy, [presigned(KEYS.root, { window: key_time(-86_400, -82_800) })]),
  },
  {
    name: 'SignatureDoesNotMatch',
    who: 'the Node SDK with a wrong secret',
    token: 'signature-mismatch',
    confidence: 'likely',
    ask: (proxy) => sdk_get(proxy, WRONG_SECRET, 'exampleobject'),
  },
  {
    name: 'SignatureDoesNotMatch',
    who: 'boto3 with a wrong secret',
    token: 'signature-mismatch',
    confidence: 'likely',
    ask: (proxy) => boto3_error(proxy, WRONG_SECRET, 'get_object', { Key: 'exampleobject' }),
  },
];

describe('e2e/diagnosis', () => {
  let pair;
  const undo = [];
  before(async () => (pair = await start_pair({ after: (step) => undo.push(step) })));
  after(async () => {
    for (const step of undo.reverse()) await step();
  });

  for (const story of STORIES) {
    for (const placement of PLACEMENTS) {
      test(`${story.name}, named ${placement}: ${story.who} is told ${story.token}`, async () => {
        const { origin, cosdiag } = pair;
        origin.requests = [];
        origin.rules.clear();
        origin.rules.add({ ...story.rule, placement });
        const seen = await story.ask(cosdiag.url);
        assert.equal(seen.status, 403);
        const findings = read_diagnosis(seen.headers);
        assert.equal(findings[0].cause, story.token, seen.headers['x-cos-diagnosis']);
        assert.equal(findings[0].confidence, story.confidence, seen.headers['x-cos-diagnosis']);
        assert.ok(findings[0].summary && findings[0].fix, 'the header says what and what to do');

        assert.equal(origin.requests.length, 1);
        const sent = split_answer(Buffer.from(origin.recorded()[0].answer, 'latin1'));
        if (seen.body) assert.ok(seen.body.equals(sent.body), 'the body arrives as COS sent it');
        for (const name of Object.keys(sent.headers).filter((one) => one !== 'connection')) {
          assert.equal(seen.headers[name], sent.headers[name], name);
        }

        const entry = await cosdiag.entry(findings[0].id);
        check_entry(entry, findings);
        assert.equal(entry.response.request_id, sent.headers['x-cos-request-id'] ?? sent.headers['x-amz-request-id']);
        assert.equal((await cosdiag.entries()).filter(({ id }) => id === entry.id).length, 1);
        const secrets = secrets_of(origin.requests.map(({ head }) => ({ head })));
        assert_no_secret(seen.headers['x-cos-diagnosis'], secrets, 'the header');
        assert_no_secret(await cosdiag.log_text(), secrets, 'the log');
        assert_no_secret(cosdiag.stderr + cosdiag.stdout, secrets, 'the messages');
      });
    }
  }

  test('a HEAD that is refused says why in its header, where nothing else can', async () => {
    const { cosdiag, origin } = pair;
    origin.rules.clear();
    const expired = { getAuthorization: (_, done) => done(authorization_of_yesterday()) };
    const stories = [
      [
        'signature-expired',
        () => node_sdk(cosdiag.url, KEYS.root, { ...expired, SecretId: undefined, SecretKey: undefined }),
      ],
      ['permission-denied', () => node_sdk(cosdiag.url, KEYS.disabled)],
    ];
    const authorization_of_yesterday = () =>
      COS.getAuthorization({
        SecretId: KEYS.root.secret_id,
        SecretKey: KEYS.root.secret_key,
        KeyTime: key_time(-86_400, -82_800),
        Method: 'head',
        Pathname: '/exampleobject',
        Headers: { host: HOST },
      });
    for (const [token, sdk] of stories) {
      const seen = await sdk_error(sdk().headObject(place('exampleobject')));
      assert.equal(seen.status, 403);
      assert.equal(seen.code, undefined, 'there is no body to read');
      const findings = read_diagnosis(seen.headers);
      check_entry(await cosdiag.entry(findings[0].id), findings);
      assert.notEqual(findings[0].confidence, 'certain', 'nothing is certain without a body');
      if (token === 'signature-expired') assert.equal(findings[0].cause, token);
      assert.equal((await cosdiag.entry(findings[0].id)).request.bucket, BUCKET);
    }
  });

  test('answers other than 403, and 403s of hosts that are not COS, carry no diagnosis and leave no entry', async () => {
    const { cosdiag, origin } = pair;
    origin.rules.clear();
    const before_count = (await cosdiag.entries()).length;
    const fine = await curl(cosdiag.url, [presigned(KEYS.root)]);
    assert.deepEqual([fine.status, fine.headers['x-cos-diagnosis']], [200, undefined]);
    const missing = await curl(cosdiag.url, [presigned(KEYS.root, { object: 'missing' })]);
    assert.deepEqual([missing.status, missing.headers['x-cos-diagnosis']], [404, undefined]);
    const page = 'HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno';
    origin.rules.add({ match: { host: 'www.example.com' }, steps: [{ send: page }] });
    const other = await curl(cosdiag.url, ['http://www.example.com/']);
    assert.deepEqual([other.status, other.headers['x-cos-diagnosis'], other.body.toString()], [403, undefined, 'no']);
    assert.equal((await cosdiag.entries()).length, before_count);
  });

  test('a diagnosis that the origin made up is replaced', async () => {
    const { cosdiag, origin } = pair;
    origin.rules.clear();
    origin.rules.add({ steps: [{ error: { fields: { 'X-Cos-Diagnosis': 'forged;confidence=certain' } } }] });
    const seen = await curl(cosdiag.url, [`http://${HOST}/x`]);
    assert.equal(read_diagnosis(seen.headers)[0].cause, 'anonymous-request');
    assert.equal(seen.head.match(/x-cos-diagnosis/gi).length, 1);
  });
});
