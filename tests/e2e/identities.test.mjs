// SPDX-License-Identifier: Apache-2.0
// Signatures of real clients, checked with a configured SecretKey: the mistake is named, and the secret shown nowhere.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { BUCKET, KEYS, REGION } from '../origin/world.mjs';
import { ENDPOINT, HOST, authorization, boto3, curl, key_time, node_sdk, place, python } from './support/clients.mjs';
import { program, start_pair } from './support/cosdiag.mjs';
import { assert_no_secret, read_diagnosis } from './support/diagnosis.mjs';
import { clean_env, eventually, scratch } from './support/environment.mjs';

const KEY = KEYS.root;
const REPLACED = { ...KEYS.root, secret_id: KEYS.uploader.secret_id, secret_key: 'aSecretThatCosNoLongerAccepts000' };

/** A settings file with the identities of these keys, their secrets in files of their own. */
async function settings_with(t, keys, mode = 0o600) {
  const folder = await scratch(t);
  const lines = ['identities:'];
  for (const [at, key] of keys.entries()) {
    const file = path.join(folder, `secret-${at}`);
    await writeFile(file, `${key.secret_key}\n`, { mode });
    lines.push(`  - {secret_id: ${key.secret_id}, secret_key_file: ${file}, name: key-${at}}`);
  }
  const file = path.join(folder, 'cosdiag.yaml');
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}

const PRESIGN = `
import json, sys, boto3
from botocore.config import Config
key, call, params = (json.loads(arg) for arg in sys.argv[1:])
client = boto3.client('s3', aws_access_key_id=key['secret_id'], aws_secret_access_key=key['secret_key'],
    region_name='${REGION}', endpoint_url='http://${ENDPOINT}',
    config=Config(signature_version='s3', s3={'addressing_style': 'virtual'}))
print(json.dumps(client.generate_presigned_url(call, Params={'Bucket': '${BUCKET}', **params})))
`;

/** curl's arguments for a form upload (436/14690); `digest_of` makes what is signed from the policy's JSON text. */
function form(digest_of) {
  const window = key_time();
  const hmac = (key, text) => createHmac('sha1', key).update(text).digest('hex');
  const own = [{ 'q-sign-algorithm': 'sha1' }, { 'q-ak': KEY.secret_id }, { 'q-sign-time': window }];
  const policy = JSON.stringify({ expiration: new Date(Date.now() + 600_000).toISOString(), conditions: own });
  const fields = {
    key: 'uploads/form',
    policy: Buffer.from(policy).toString('base64'),
    'q-sign-algorithm': 'sha1',
    'q-ak': KEY.secret_id,
    'q-key-time': window,
    'q-signature': hmac(hmac(KEY.secret_key, window), digest_of(policy)),
  };
  const pairs = Object.entries(fields).flatMap(([name, value]) => ['--form-string', `${name}=${value}`]);
  return [...pairs, '-F', 'file=@-;filename=f', `http://${HOST}/`];
}

const sha1 = (text) => createHash('sha1').update(text).digest('hex');

const cleanup = [];
const suite = { after: (end) => cleanup.push(end) };

describe('with a configured SecretKey', () => {
  let cosdiag;
  before(async () => {
    const settings = await settings_with(suite, [KEY, REPLACED]);
    ({ cosdiag } = await start_pair(suite, { args: ['--config', settings] }));
  });
  after(async () => {
    for (const end of cleanup.reverse()) await end();
  });

  // A program slowed down by a sanitizer uses its search time up: until it has saved some, it says less.
  const surely = (call, what) =>
    eventually(async () => {
      const found = await call();
      return found[0].confidence === 'certain' && found;
    }, `a verdict on ${what}`);
  const sdk_get = (key, object) => surely(() => sdk_refusal(key, object), object);
  const curl_get = (signed, target) => surely(() => curl_refusal(signed, target), target);
  const sdk_refusal = async (key, object) => {
    const error = await node_sdk(cosdiag.url, key)
      .getObject(place(object))
      .then(
        () => assert.fail('the call went through'),
        (reason) => reason,
      );
    return read_diagnosis(error.headers);
  };
  const curl_refusal = async (signed, target) => {
    const { headers } = await curl(cosdiag.url, ['-H', `Authorization: ${signed}`, `http://${HOST}/${target}`]);
    return read_diagnosis(headers);
  };

  test('a line end behind the SecretKey of the Node SDK is named', async () => {
    const [found] = await sdk_get({ ...KEY, secret_key: `${KEY.secret_key}\n` }, 'exampleobject');
    assert.equal(found.cause, 'wrong-secret-key');
    assert.equal(found.confidence, 'certain');
    assert.match(found.summary, /line end behind the SecretKey/);
  });

  test('the SecretKey of another pair is named by the name it has here', async () => {
    const [found] = await sdk_get({ ...KEY, secret_key: REPLACED.secret_key }, 'exampleobject');
    assert.equal(found.cause, 'wrong-secret-key');
    assert.match(found.summary, /another identity, key-1/);
  });

  test('a pair that COS no longer accepts is told from a client that signs wrongly', async () => {
    const [found] = await sdk_get(REPLACED, 'exampleobject');
    assert.equal(found.cause, 'wrong-secret-key');
    assert.equal(found.confidence, 'certain');
    assert.match(found.summary, /COS holds another SecretKey/);
  });

  test('a signature made for another method is named', async () => {
    const [found] = await curl_get(authorization(KEY, { method: 'PUT' }), 'exampleobject');
    assert.equal(found.cause, 'signed-method-differs');
    assert.equal(found.confidence, 'certain');
  });

  test('a key that was signed percent-encoded is named', async () => {
    const [found] = await curl_get(authorization(KEY, { object: 'a%20b' }), 'a%20b');
    assert.equal(found.cause, 'signed-path-differs');
    assert.match(found.summary, /percent-encoded/);
  });

  test('boto3, which signs as AWS does, is read too', async () => {
    const [answer] = await boto3(cosdiag.url, [['get_object', { Key: 'exampleobject' }]], {
      key: { ...KEY, secret_key: `${KEY.secret_key} ` },
    });
    const [found] = read_diagnosis(answer.headers);
    assert.deepEqual([found.cause, found.confidence], ['wrong-secret-key', 'certain']);
    assert.match(found.summary, /blank behind the SecretKey/);
  });

  test('boto3 in the older way of signing that COS recommends is read too', async () => {
    const [answer] = await boto3(cosdiag.url, [['put_object', { Key: 'a b+c', Body: 'x', ContentType: 'text/plain' }]], {
      key: { ...KEY, secret_key: `${KEY.secret_key}\r` },
      version: 's3',
    });
    const [found] = read_diagnosis(answer.headers);
    assert.deepEqual([found.cause, found.confidence], ['wrong-secret-key', 'certain']);
    assert.match(found.summary, /a CR behind the SecretKey/);
  });

  test('boto3 with a pair that COS no longer accepts signs well', async () => {
    const [answer] = await boto3(cosdiag.url, [['list_objects', { Prefix: 'a/b' }]], { key: REPLACED, version: 's3' });
    const [found] = read_diagnosis(answer.headers);
    assert.equal(found.cause, 'wrong-secret-key');
    assert.match(found.summary, /COS holds another SecretKey/);
  });

  test('a URL of boto3 for one content-type, used with another, is named', async () => {
    const url = await python(cosdiag.url, PRESIGN, [KEY, 'put_object', { Key: 'a b', ContentType: 'text/plain' }]);
    const right = await curl(cosdiag.url, ['-X', 'PUT', '-H', 'Content-Type: text/plain', '--data-raw', 'x', url]);
    assert.equal(right.status, 200);
    const { headers } = await curl(cosdiag.url, ['-X', 'PUT', '-H', 'Content-Type: image/png', '--data-raw', 'x', url]);
    const [found] = read_diagnosis(headers);
    assert.deepEqual([found.cause, found.confidence], ['signed-header-changed', 'certain']);
    assert.match(found.summary, /content-type as text\/plain/);
  });

  test('a form whose policy was signed as base64 is named', async () => {
    const input = { input: 'x' };
    assert.equal((await curl(cosdiag.url, form(sha1), input)).status, 204);
    const { headers } = await curl(cosdiag.url, form((policy) => sha1(Buffer.from(policy).toString('base64'))), input);
    const [found] = read_diagnosis(headers);
    assert.deepEqual([found.cause, found.confidence], ['signature-mismatch', 'certain']);
    assert.match(found.summary, /the policy's base64/);
  });

  test('no secret reaches the log, the messages or an answer', async () => {
    assert_no_secret([await cosdiag.log_text(), cosdiag.stderr, cosdiag.stdout].join('\n'), [
      KEY.secret_key,
      REPLACED.secret_key,
    ], 'what the program writes');
    assert.ok((await cosdiag.entries()).length >= 9);
  });
});

test('a SecretKey that others may read is refused before anything is served', async (t) => {
  const settings = await settings_with(t, [KEY], 0o644);
  const done = spawnSync(program(), ['--config', settings], { env: clean_env(), encoding: 'utf8' });
  assert.equal(done.status, 2);
  assert.match(done.stderr, /secret_key_file: .* may be read by others than its owner\. Run chmod 600 on it\./);
  assert.doesNotMatch(done.stderr, new RegExp(KEY.secret_key));
});
