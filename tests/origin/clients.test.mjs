// SPDX-License-Identifier: Apache-2.0
// Real clients straight at the stand-in: what they sign, it accepts; so a refusal seen later is the proxy's doing.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HOST, aws, boto3, node_sdk, place, rclone, s3cmd } from '../e2e/support/clients.mjs';
import { file_with } from '../e2e/support/environment.mjs';
import { origin_for } from './support.mjs';
import { BUCKET, KEYS } from './world.mjs';

const ODD_KEYS = ['a b+c中.txt', 'dir//x', 'q?&=#%25', "~!'()*", 'trailing/'];

describe('origin/clients', () => {
  test('the Node SDK signs odd keys as the stand-in verifies them', async (t) => {
    const { url, origin } = await origin_for(t);
    const cos = node_sdk(url);
    for (const key of ODD_KEYS) {
      await cos.putObject({ ...place(key), Body: key });
      assert.equal((await cos.getObject(place(key))).Body.toString(), key);
      assert.equal((await cos.headObject(place(key))).statusCode, 200);
    }
    const { Contents } = await cos.getBucket({ ...place(), EncodingType: 'url' });
    const listed = Contents.map(({ Key }) => decodeURIComponent(Key));
    assert.deepEqual(
      ODD_KEYS.filter((key) => !listed.includes(key)),
      [],
    );
    assert.ok(origin.requests.every(({ answer }) => /^HTTP\/1.1 2/.test(answer[0])));
  });

  test('the Node SDK copies, restores, tags and deletes', async (t) => {
    const { url } = await origin_for(t);
    const cos = node_sdk(url);
    await cos.putObjectCopy({ ...place('copy'), CopySource: `${HOST}/exampleobject` });
    assert.equal((await cos.getObject(place('copy'))).Body.toString(), 'hello from the stand-in\n');
    await assert.rejects(cos.getObject(place('archived')), { code: 'InvalidObjectState', statusCode: 403 });
    const order = { Days: 1, CASJobParameters: { Tier: 'Expedited' } };
    assert.equal((await cos.restoreObject({ ...place('archived'), RestoreRequest: order })).statusCode, 202);
    assert.equal((await cos.getObject(place('archived'))).Body.toString(), 'cold bytes');
    await cos.putBucketTagging({ ...place(), Tags: [{ Key: 'a', Value: 'b' }] });
    assert.deepEqual((await cos.getBucketTagging(place())).Tags, [{ Key: 'a', Value: 'b' }]);
    const { Deleted } = await cos.deleteMultipleObject({
      ...place(),
      Objects: [{ Key: 'copy' }, { Key: 'never-there' }],
    });
    assert.deepEqual(
      Deleted.map(({ Key }) => Key),
      ['copy', 'never-there'],
    );
  });

  test('the Node SDK uploads in parts, and lists what is in progress', async (t) => {
    const { url } = await origin_for(t);
    const cos = node_sdk(url);
    const { UploadId } = await cos.multipartInit(place('parts'));
    const Parts = [];
    for (const PartNumber of [1, 2]) {
      const { ETag } = await cos.multipartUpload({
        ...place('parts'),
        UploadId,
        PartNumber,
        Body: `part ${PartNumber}\n`,
      });
      Parts.push({ PartNumber, ETag });
    }
    assert.equal((await cos.multipartList(place())).Upload[0].UploadId, UploadId);
    assert.equal((await cos.multipartListPart({ ...place('parts'), UploadId })).Part.length, 2);
    await cos.multipartComplete({ ...place('parts'), UploadId, Parts });
    assert.equal((await cos.getObject(place('parts'))).Body.toString(), 'part 1\npart 2\n');
  });

  test('the bucket’s settings that the Node SDK puts are the ones it gets, and they take effect', async (t) => {
    const { url } = await origin_for(t);
    const cos = node_sdk(url);
    const rule = {
      AllowedOrigin: ['https://a.example'],
      AllowedMethod: ['GET'],
      AllowedHeader: ['*'],
      ExposeHeader: ['ETag'],
    };
    await cos.putBucketCors({ ...place(), CORSRules: [rule] });
    assert.deepEqual((await cos.getBucketCors(place())).CORSRules[0].AllowedOrigins, ['https://a.example']);
    await cos.putBucketAcl({ ...place(), ACL: 'public-read' });
    assert.equal((await cos.getBucketAcl(place())).ACL, 'public-read');
    const uploader = node_sdk(url, KEYS.uploader);
    assert.equal((await uploader.getObject(place('exampleobject'))).statusCode, 200);
    const statement = {
      effect: 'deny',
      principal: { qcs: [`qcs::cam::uin/1:uin/${KEYS.uploader.uin}`] },
      action: ['*'],
      resource: ['*'],
    };
    await cos.putBucketPolicy({ ...place(), Policy: { version: '2.0', statement: [statement] } });
    await assert.rejects(uploader.getObject(place('exampleobject')), { code: 'AccessDenied' }, 'an explicit deny wins');
    assert.equal((await cos.getObject(place('exampleobject'))).statusCode, 200, 'it names the uploader only');
  });

  test('boto3 reads, writes, copies and lists under Signature Version 4, and reads and writes under Version 2', async (t) => {
    const { url } = await origin_for(t);
    const key = 'p/a b+中.txt';
    const copy = ['copy_object', { Key: 'p/copy', CopySource: { Bucket: BUCKET, Key: 'exampleobject' } }];
    const calls = [
      ['put_object', { Key: key, Body: 'hi' }],
      ['get_object', { Key: key }],
      copy,
      ['list_objects_v2', { Prefix: 'p/' }],
    ];
    const answers = await boto3(url, calls);
    assert.deepEqual(
      answers.map(({ ok }) => ok),
      [true, true, true, true],
    );
    assert.equal(answers[1].body, 'hi');
    assert.deepEqual(answers[3].keys, [key, 'p/copy']);
    const older = await boto3(url, calls.slice(0, 3), { version: 's3' });
    assert.deepEqual(
      older.map(({ ok }) => ok),
      [true, true, true],
    );
  });

  test('rclone, s3cmd and the AWS command line move a file there and back', async (t) => {
    const { url } = await origin_for(t);
    const content = Buffer.alloc(6 * 1024 * 1024, 'stand-in ');
    const file = await file_with(t, content);
    const copied = await rclone(t, url, ['copyto', file, `cos:${BUCKET}/r/a b+中.bin`]);
    assert.equal(copied.status, 0, copied.stderr);
    const back = await rclone(t, url, ['cat', `cos:${BUCKET}/r/a b+中.bin`]);
    assert.ok(back.stdout.equals(content));
    for (const version of [[], ['--signature-v2']]) {
      const put = await s3cmd(t, url, [...version, 'put', file, `s3://${BUCKET}/s/a b.bin`]);
      assert.equal(put.status, 0, put.stderr);
    }
    const listed = await aws(t, url, [
      's3api',
      'list-objects',
      '--bucket',
      BUCKET,
      '--prefix',
      's/',
      '--query',
      'Contents[].Key',
    ]);
    assert.deepEqual(JSON.parse(listed.stdout), ['s/a b.bin'], listed.stderr);
  });

  test('a temporary key works with its token and under its policy only', async (t) => {
    const { url } = await origin_for(t);
    await node_sdk(url, KEYS.temporary).putObject({ ...place('uploads/x'), Body: 'x' });
    const denied = { code: 'AccessDenied', message: 'Access Denied.' };
    await assert.rejects(node_sdk(url, KEYS.temporary).getObject(place('uploads/x')), denied);
    const { token, ...without } = KEYS.temporary;
    await assert.rejects(node_sdk(url, without).getObject(place('uploads/x')), { code: 'InvalidAccessKeyId' });
    await assert.rejects(node_sdk(url, { ...KEYS.root, token }).getObject(place('uploads/x')), {
      code: 'InvalidAccessKeyId',
    });
  });
});
