// SPDX-License-Identifier: Apache-2.0
// Real clients over HTTPS under `cosdiag run`, each told of proxy and CA by its environment alone.
import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { BUCKET, KEYS, REGION } from '../origin/world.mjs';
import { ENDPOINT, HOST } from './support/clients.mjs';
import { program } from './support/cosdiag.mjs';
import { clean_env, run, scratch } from './support/environment.mjs';
import { start_tls_origin } from './support/tls_origin.mjs';

const E2E = fileURLToPath(new URL('.', import.meta.url));
const KEY = KEYS.uploader; // may not read
const AWS = { AWS_ACCESS_KEY_ID: KEY.secret_id, AWS_SECRET_ACCESS_KEY: KEY.secret_key, AWS_DEFAULT_REGION: REGION };

const SDK = `
const COS = require('cos-nodejs-sdk-v5');
const cos = new COS({ SecretId: '${KEY.secret_id}', SecretKey: '${KEY.secret_key}' });
cos.getObject({ Bucket: '${BUCKET}', Region: '${REGION}', Key: 'exampleobject' }, (error) => {
  console.log(error.statusCode, error.headers['x-cos-diagnosis']);
});`;

const REQUESTS = `
import requests
answer = requests.get('https://${HOST}/private')
print(answer.status_code, answer.headers['x-cos-diagnosis'])`;

const URLLIB = `
import urllib.request, urllib.error
try: urllib.request.urlopen('https://${HOST}/private')
except urllib.error.HTTPError as error: print(error.code, error.headers['x-cos-diagnosis'])`;

const BOTO = `
import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
client = boto3.client('s3', endpoint_url='https://${ENDPOINT}', config=Config(s3={'addressing_style': 'virtual'}))
try: client.get_object(Bucket='${BUCKET}', Key='exampleobject')
except ClientError as error:
    metadata = error.response['ResponseMetadata']
    print(metadata['HTTPStatusCode'], metadata['HTTPHeaders']['x-cos-diagnosis'])`;

const PYTHON = ['/usr/bin/python3', '-I', '-c'];
const RCLONE = ['--s3-provider', 'TencentCOS', '--s3-endpoint', ENDPOINT, '--s3-env-auth', '--s3-force-path-style=false'];
const ONCE = ['--config', '', '--retries', '1', '--low-level-retries', '1', '-vv', '--dump', 'headers'];

/** Those whose output shows the field, with what it needs besides. */
const clients = {
  curl: { command: ['curl', '-q', '-sS', '-i', `https://${HOST}/private`] },
  'cos-nodejs-sdk-v5': { command: [process.execPath, '-e', SDK] },
  requests: { command: [...PYTHON, REQUESTS] },
  urllib: { command: [...PYTHON, URLLIB] },
  boto3: { command: [...PYTHON, BOTO], extra: AWS },
  rclone: {
    command: ['sh', '-c', `rclone ${[...ONCE.map((one) => one || '""'), ...RCLONE].join(' ')} cat :s3:${BUCKET}/exampleobject 2>&1`],
    extra: AWS,
  },
  aws: {
    command: ['sh', '-c', `aws --debug --endpoint-url https://${ENDPOINT} s3api get-object --bucket ${BUCKET} --key exampleobject /dev/null 2>&1`],
    extra: { ...AWS, AWS_MAX_ATTEMPTS: '1', AWS_PAGER: '' },
  },
};

describe('e2e/run_clients', () => {
  for (const [name, { command, extra }] of Object.entries(clients)) {
    test(`${name} shows the diagnosis of what it asked over HTTPS`, async (t) => {
      const origin = await start_tls_origin(t);
      const folder = await scratch(t);
      const [tmp, config] = ['tmp', 'config'].map((each) => path.join(folder, each));
      await mkdir(tmp);
      await writeFile(config, '[default]\ns3 =\n  addressing_style = virtual\n');
      const env = clean_env({ TMPDIR: tmp, HOME: folder, AWS_CONFIG_FILE: config, NODE_PATH: path.join(E2E, 'node_modules'), ...extra });
      const upstream = ['--connect-to', `::127.0.0.1:${origin.port}`, '--allow-destination', '127.0.0.0/8', '--upstream-ca', origin.ca];
      const { stdout, stderr } = await run(program(), ['run', ...upstream, '--', ...command], { env });
      assert.match(stdout, /403/, stderr);
      assert.match(stdout, /x-cos-diagnosis|;confidence=/i, stderr);
      assert.match(stderr, /permission-denied|anonymous-request/, stdout);
      assert.deepEqual(await readdir(tmp), []);
    });
  }
});
