// SPDX-License-Identifier: Apache-2.0
// Real clients, each pointed at an HTTP proxy by its URL. The stand-in takes absolute-form too, so the same clients can
// also talk to it directly.
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { BUCKET, KEYS, REGION } from '../../origin/world.mjs';
import { clean_env, proxy_env, run, scratch } from './environment.mjs';

export const COS = createRequire(import.meta.url)('cos-nodejs-sdk-v5');

export const ENDPOINT = `cos.${REGION}.myqcloud.com`;
export const host_of = (bucket) => `${bucket}.${ENDPOINT}`;
export const HOST = host_of(BUCKET);

/** The Node SDK over plain HTTP through `proxy`. It must not mend a wrong clock by itself: tests want to see the 403. */
export function node_sdk(proxy, key = KEYS.root, options = {}) {
  const { secret_id: SecretId, secret_key: SecretKey, token: SecurityToken } = key;
  const credentials = { SecretId, SecretKey, ...(SecurityToken ? { SecurityToken } : {}) };
  return new COS({ ...credentials, Protocol: 'http:', Proxy: proxy, CorrectClockSkew: false, ...options });
}

export const place = (Key, Bucket = BUCKET) => ({ Bucket, Region: REGION, Key });

/** A window of validity around now, in seconds, as the signature spells it. */
export function key_time(from = -1, to = 900) {
  const now = Math.floor(Date.now() / 1000);
  return `${now + from};${now + to}`;
}

/** The Authorization value for one request, made by the Node SDK; `window` as from key_time(). */
export function authorization(key, { method = 'GET', object = 'exampleobject', host = HOST, query = {}, headers = {}, window = key_time() } = {}) {
  const signer = { SecretId: key.secret_id, SecretKey: key.secret_key, KeyTime: window, UseRawKey: true };
  return COS.getAuthorization({ ...signer, Method: method, Pathname: `/${object}`, Query: query, Headers: { host, ...headers } });
}

/** A URL with the signature in its query. */
export function presigned(key, { bucket = BUCKET, object = 'exampleobject', ...story } = {}) {
  const host = host_of(bucket);
  const signature = authorization(key, { ...story, object, host }).replaceAll(';', '%3B');
  const token = key.token ? `&x-cos-security-token=${encodeURIComponent(key.token)}` : '';
  const path = object.split('/').map(encodeURIComponent).join('/');
  return `http://${host}/${path}?${signature}${token}`;
}

/** curl: { status, head, body, headers } of the last answer, `head` with its raw lines. */
export async function curl(proxy, args, options = {}) {
  const all = ['-q', '-sS', '-i', '-x', proxy, '--max-time', '60', ...args];
  const result = await run('/usr/bin/curl', all, { env: clean_env(), binary: true, ...options });
  return { ...result, exit: result.status, ...split_answer(result.stdout) };
}

/** Splits raw bytes into the last final head and what follows it; interim (1xx) and CONNECT heads are counted. */
export function split_answer(bytes) {
  let rest = bytes;
  for (let interim = 0; ; interim += 1) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return { status: 0, head: rest.toString('latin1'), headers: {}, body: Buffer.alloc(0), interim };
    const head = rest.subarray(0, end + 4).toString('latin1');
    const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(head)?.[1]);
    rest = rest.subarray(end + 4);
    if (status >= 200) return { status, head, headers: headers_of(head), body: rest, interim };
  }
}

function headers_of(head) {
  const lines = head.split('\r\n').slice(1, -2);
  return Object.fromEntries(lines.map((line) => line.split(/: ?(.*)/s)).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Sends bytes over one connection and collects what comes back until the peer closes (or `until` says enough). */
export function raw(port, pieces, { until = () => false, half_close = false } = {}) {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: half_close });
    const got = [];
    const finish = (end) => {
      socket.destroy();
      resolve({ bytes: Buffer.concat(got), end });
    };
    socket.on('data', (piece) => {
      got.push(piece);
      if (until(Buffer.concat(got))) finish('enough');
    });
    socket.on('end', () => finish('fin'));
    socket.on('error', (error) => (error.code === 'ECONNRESET' ? finish('reset') : reject(error)));
    socket.setTimeout(30_000, () => finish('timeout'));
    for (const piece of [pieces].flat()) socket.write(piece);
    if (half_close) socket.end();
  });
}

/** Runs a Python program (the system's Python, where Debian's boto3 and requests live) that prints one JSON value. */
export async function python(proxy, source, args = []) {
  const env = clean_env(proxy_env(proxy));
  const result = await run('/usr/bin/python3', ['-I', '-c', source, ...args.map((arg) => JSON.stringify(arg))], { env });
  if (result.status !== 0) throw new Error(`python failed: ${result.stderr}`);
  return JSON.parse(result.stdout);
}

const BOTO = `
import base64, json, sys, boto3
from botocore.config import Config
from botocore.exceptions import ClientError
key, bucket, version, calls = (json.loads(arg) for arg in sys.argv[1:])
client = boto3.client('s3', aws_access_key_id=key['secret_id'], aws_secret_access_key=key['secret_key'],
    aws_session_token=key.get('token'), region_name='${REGION}', endpoint_url='http://${ENDPOINT}',
    config=Config(signature_version=version, s3={'addressing_style': 'virtual'}, retries={'max_attempts': 0}))
answers = []
for name, arguments in calls:
    if 'Body' in arguments: arguments['Body'] = arguments['Body'].encode()
    try:
        answer = getattr(client, name)(Bucket=bucket, **arguments)
        body = answer.get('Body')
        answers.append({'ok': True, 'body': body.read().decode() if body else None, 'keys': [c['Key'] for c in answer.get('Contents', [])]})
    except ClientError as error:
        metadata = error.response['ResponseMetadata']
        answers.append({'ok': False, 'code': error.response['Error']['Code'], 'status': metadata['HTTPStatusCode'], 'headers': metadata['HTTPHeaders']})
print(json.dumps(answers))
`;

/** boto3 calls, [[name, arguments]…], on one bucket; an answer or an error's data for each. */
export const boto3 = (proxy, calls, { key = KEYS.root, bucket = BUCKET, version = 's3v4' } = {}) =>
  python(proxy, BOTO, [key, bucket, version, calls]);

/** rclone with a configuration of its own; remote `cos:`. */
export async function rclone(t, proxy, args, key = KEYS.root) {
  const config = path.join(await scratch(t), 'rclone.conf');
  const lines = ['[cos]', 'type = s3', 'provider = TencentCOS', `access_key_id = ${key.secret_id}`];
  lines.push(`secret_access_key = ${key.secret_key}`, `endpoint = http://${ENDPOINT}`, 'force_path_style = false', '');
  await writeFile(config, lines.join('\n'));
  const once = ['--config', config, '--retries', '1', '--low-level-retries', '1', '--s3-no-check-bucket'];
  return run('/usr/bin/rclone', [...once, ...args], { env: clean_env(proxy_env(proxy)), binary: true });
}

/** s3cmd, which knows a proxy from its configuration only. */
export async function s3cmd(t, proxy, args, key = KEYS.root) {
  const config = path.join(await scratch(t), 's3cfg');
  const { hostname, port } = new URL(proxy);
  const lines = ['[default]', `access_key = ${key.secret_id}`, `secret_key = ${key.secret_key}`, `host_base = ${ENDPOINT}`];
  lines.push(`host_bucket = %(bucket)s.${ENDPOINT}`, 'use_https = False', `proxy_host = ${hostname}`, `proxy_port = ${port}`);
  await writeFile(config, [...lines, ''].join('\n'));
  return run('/usr/bin/s3cmd', ['-c', config, ...args], { env: clean_env() });
}

/** The AWS command line with virtual-hosted addressing. */
export async function aws(t, proxy, args, key = KEYS.root) {
  const config = path.join(await scratch(t), 'config');
  await writeFile(config, '[default]\ns3 =\n  addressing_style = virtual\n');
  const credentials = { AWS_ACCESS_KEY_ID: key.secret_id, AWS_SECRET_ACCESS_KEY: key.secret_key };
  const settings = { AWS_DEFAULT_REGION: REGION, AWS_CONFIG_FILE: config, AWS_MAX_ATTEMPTS: '1', AWS_PAGER: '' };
  const env = clean_env({ ...proxy_env(proxy), ...credentials, ...settings });
  return run('/usr/bin/aws', ['--endpoint-url', `http://${ENDPOINT}`, ...args], { env });
}
