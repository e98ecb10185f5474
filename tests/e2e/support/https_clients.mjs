// SPDX-License-Identifier: Apache-2.0
// Commands of real clients that ask COS for something over HTTPS and show the field of the answer, led by their
// environment alone.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUCKET, KEYS, REGION } from '../../origin/world.mjs';
import { ENDPOINT, HOST } from './clients.mjs';

const E2E = fileURLToPath(new URL('..', import.meta.url));
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

const JAVA = `
import java.net.*; import java.net.http.*;
public class Get { public static void main(String[] args) throws Exception {
  var client = HttpClient.newBuilder().proxy(ProxySelector.getDefault()).build();
  var request = HttpRequest.newBuilder(URI.create("https://${HOST}/private")).build();
  var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
  System.out.println(answer.statusCode() + " " + answer.headers().firstValue("x-cos-diagnosis").orElse("none"));
} }`;

/** What each of them runs, what it needs besides, and what its setting for a CA is called. */
export const clients = {
  curl: { command: ['curl', '-q', '-sS', '-i', `https://${HOST}/private`], setting: /CURL_CA_BUNDLE=/ },
  'cos-nodejs-sdk-v5': { command: [process.execPath, '-e', SDK], extra: { NODE_PATH: path.join(E2E, 'node_modules') }, setting: /NODE_EXTRA_CA_CERTS=/ },
  requests: { command: [...PYTHON, REQUESTS], setting: /REQUESTS_CA_BUNDLE=/ },
  urllib: { command: [...PYTHON, URLLIB], setting: /SSL_CERT_FILE=/ },
  boto3: { command: [...PYTHON, BOTO], extra: AWS, setting: /AWS_CA_BUNDLE=/ },
  rclone: {
    command: ['sh', '-c', `rclone ${[...ONCE.map((one) => one || '""'), ...RCLONE].join(' ')} cat :s3:${BUCKET}/exampleobject 2>&1`],
    extra: AWS,
    setting: /SSL_CERT_FILE=/,
  },
  aws: {
    command: ['sh', '-c', `aws --debug --endpoint-url https://${ENDPOINT} s3api get-object --bucket ${BUCKET} --key exampleobject /dev/null 2>&1`],
    extra: { ...AWS, AWS_MAX_ATTEMPTS: '1', AWS_PAGER: '' },
    setting: /AWS_CA_BUNDLE=/,
  },
  java: { command: ['sh', '-c', `printf %s "$GET" >Get.java && exec java Get.java`], extra: { GET: JAVA }, needs: 'java', setting: /trustStore=/ },
};
