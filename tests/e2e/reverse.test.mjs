// SPDX-License-Identifier: Apache-2.0
// Clients that were told to connect to the program as if it were COS: by an address of their own, by Host, by a hosts file.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { KEYS } from '../origin/world.mjs';
import { ENDPOINT, HOST, authorization, curl, node_sdk, place, python } from './support/clients.mjs';
import { program, start_cosdiag } from './support/cosdiag.mjs';
import { read_diagnosis } from './support/diagnosis.mjs';
import { clean_env, eventually, run, scratch } from './support/environment.mjs';
import { SAYS, certificate, namespaces } from './support/network.mjs';
import { start_tls_origin } from './support/tls_origin.mjs';

const ORIGIN = fileURLToPath(new URL('../origin/main.mjs', import.meta.url));
const NAME_SERVER = fileURLToPath(new URL('support/name_server.mjs', import.meta.url));

/** http.client as the Python SDK's IP and Port use it: its own address to connect to, and COS's name as Host. */
const PYTHON = `
import http.client, json, sys
port, host, calls = (json.loads(arg) for arg in sys.argv[1:])
connection = http.client.HTTPConnection('127.0.0.1', port)
answers = []
for method, path, authorization, body in calls:
    connection.request(method, path, body, {'Host': host, 'Authorization': authorization})
    answer = connection.getresponse()
    answers.append([answer.status, answer.read().decode(), dict(answer.getheaders())])
print(json.dumps(answers))`;

describe('e2e/reverse', () => {
  let origin, cosdiag, here, ca;
  const undo = [];
  const t = { after: (step) => undo.push(step) };

  before(async () => {
    origin = await start_tls_origin(t);
    const data = path.join(await scratch(t), 'data');
    const made = await run(program(), ['ca', 'init', '--data-dir', data]);
    assert.equal(made.status, 0, made.stderr);
    ca = path.join(data, 'ca.pem');
    const args = ['--reverse', '127.0.0.1:0', '--upstream-ca', origin.ca, '--data-dir', data];
    cosdiag = await start_cosdiag(t, origin.port, args);
    here = Number(/listening on 127\.0\.0\.1:(\d+) \(reverse\)/.exec(cosdiag.stderr)[1]);
  });
  after(async () => {
    for (const step of undo.reverse()) await step();
  });

  /** curl without a proxy, at the reverse listener. */
  const ask = (args) => curl('', args);
  const signed = (method, key = KEYS.root, object = 'exampleobject') => ['-H', `Authorization: ${authorization(key, { method, object })}`];

  test('curl with -H Host or --connect-to: signatures pass, over TLS to COS, which sees Host as it was', async () => {
    const byHost = (object) => ['-H', `Host: ${HOST}`, `http://127.0.0.1:${here}/${object}`];
    const put = await ask(['-T', '-', ...signed('PUT', KEYS.root, 'reverse.txt'), ...byHost('reverse.txt')], { input: 'x' });
    assert.equal(put.status, 200, put.head);
    const get = await ask([...signed('GET'), '--connect-to', `${HOST}:80:127.0.0.1:${here}`, `http://${HOST}/exampleobject`]);
    assert.equal(get.status, 200, get.head);
    const head = await ask(['-I', ...signed('HEAD'), ...byHost('exampleobject')]);
    assert.equal(head.status, 200, head.head);
    const [last] = origin.origin.recorded().slice(-1);
    assert.ok(last.head.includes(`\r\nHost: ${HOST}\r\n`), last.head);
  });

  test('the Node SDK with Ip: put, get and head pass, and a refusal has its diagnosis', async () => {
    const cos = node_sdk('', KEYS.root, { Ip: `127.0.0.1:${here}` });
    await cos.putObject({ ...place('from_node'), Body: 'hello' });
    const got = await cos.getObject(place('from_node'));
    assert.equal(got.Body.toString(), 'hello');
    assert.equal((await cos.headObject(place('from_node'))).statusCode, 200);
    const refused = await node_sdk('', KEYS.uploader, { Ip: `127.0.0.1:${here}` }).getObject(place('from_node')).catch((error) => error);
    assert.equal(refused.statusCode, 403);
    const [{ cause, id }] = read_diagnosis(refused.headers);
    assert.equal(cause, 'permission-denied');
    assert.equal((await cosdiag.entry(id)).request.host, HOST);
  });

  test('the Node SDK with Domain, which changes Host, is told what to set', async () => {
    const cos = node_sdk('', KEYS.root, { Domain: `127.0.0.1:${here}` });
    const refused = await cos.getObject(place('exampleobject')).catch((error) => error);
    assert.equal(refused.statusCode, 421);
    assert.equal(refused.code, 'CosdiagUnknownHost');
    assert.ok(refused.message.includes(`Ip: '127.0.0.1:${here}', Protocol: 'http:'`), refused.message);
  });

  test('Python with a Host of its own, several requests on one connection', async () => {
    const calls = [
      ['PUT', '/from_python', authorization(KEYS.root, { method: 'PUT', object: 'from_python' }), 'hello'],
      ['GET', '/from_python', authorization(KEYS.root, { object: 'from_python' }), null],
      ['HEAD', '/from_python', authorization(KEYS.uploader, { method: 'HEAD', object: 'from_python' }), null],
    ];
    const [put, got, refused] = await python('', PYTHON, [here, HOST, calls]);
    assert.equal(put[0], 200, put[1]);
    assert.deepEqual(got.slice(0, 2), [200, 'hello']);
    assert.equal(refused[0], 403);
    assert.ok(refused[2]['X-Cos-Diagnosis'], JSON.stringify(refused));
  });

  test('TLS on the listener, with a certificate of our CA', async () => {
    const there = ['--connect-to', `${HOST}:443:127.0.0.1:${here}`, '--cacert', ca];
    const got = await ask([...there, ...signed('GET'), `https://${HOST}/exampleobject`]);
    assert.equal(got.status, 200, got.stderr);
    const refused = await ask([...there, `https://${HOST}/private`]);
    assert.equal(read_diagnosis(refused.headers)[0].cause, 'anonymous-request');
    const nameless = await ask(['-k', `https://127.0.0.1:${here}/x`]);
    assert.equal(nameless.status, 0);
    assert.match(nameless.stderr, /unrecognized name/);
    await eventually(() => /without naming a host \(SNI\)/.test(cosdiag.stderr), 'the notice');
  });

  test('a browser or a health check gets a page with the settings, not a loop', async () => {
    for (const args of [[], ['--http1.0', '-H', 'Host:'], ['-H', 'Host: www.example.com']]) {
      const answer = await ask([...args, `http://127.0.0.1:${here}/`]);
      assert.equal(answer.status, 421, answer.head);
      assert.match(answer.body.toString(), /SetIntranetAddr/);
    }
    const tunnel = await curl(`http://127.0.0.1:${here}`, [`https://${HOST}/`]);
    assert.match(tunnel.stderr + tunnel.head, /400/);
  });
});

/** A hosts file leads the bucket's host here; name servers know better, or do not. */
const SCRIPT = `
set -eu
${SAYS}
ip link set lo up
ip address add 10.1.2.3/32 dev lo
ip address add 2001:db8::7/128 dev lo nodad
mount --bind "$FOLDER/hosts" /etc/hosts
mount --bind "$FOLDER/resolv.conf" /etc/resolv.conf
node "$ORIGIN" --host :: --port 0 --tls-port 443 --tls-key "$FOLDER/key.pem" --tls-cert "$FOLDER/cert.pem" >"$FOLDER/ready" & origin=$!
node "$NAME_SERVER" 127.0.0.53 "$RECORDS" >"$FOLDER/asked" & server=$!
"$COSDIAG" --reverse 127.0.0.1:80 --threads 1 --upstream-ca "$FOLDER/cert.pem" >/dev/null 2>"$FOLDER/messages" & proxy=$!
trap 'kill $origin $server $proxy' EXIT
says "$FOLDER/ready" tls_port
says "$FOLDER/asked" ready
says "$FOLDER/messages" listening
curl -qsS -i -m 30 "http://$HOST/exampleobject"
echo
cat "$FOLDER/asked"
`;

async function with_hosts_file(t, records) {
  const folder = await scratch(t);
  await writeFile(path.join(folder, 'hosts'), `127.0.0.1 localhost ${HOST}\n`);
  await writeFile(path.join(folder, 'resolv.conf'), 'nameserver 127.0.0.53\noptions timeout:1 attempts:1\n');
  await certificate(folder, `*.${ENDPOINT}`);
  const env = clean_env({ FOLDER: folder, ORIGIN, NAME_SERVER, RECORDS: JSON.stringify(records), COSDIAG: program(), HOST });
  return run('unshare', ['--map-root-user', '--net', '--mount', 'bash', '-c', SCRIPT], { env });
}

describe('e2e/reverse: a hosts file that leads COS here', () => {
  test('DNS is asked past it, and what it says is gone to', async (t) => {
    if (!(await namespaces())) return t.skip('no network namespaces here');
    for (const address of [{ a: '10.1.2.3' }, { aaaa: '2001:db8::7' }]) {
      const { stdout, stderr } = await with_hosts_file(t, { [HOST]: { cname: 'cos.example' }, 'cos.example': address });
      assert.match(stdout, /^HTTP\/1\.1 403 /, stderr);
      assert.match(stdout, /X-Cos-Diagnosis: anonymous-request/, stdout);
      assert.match(stdout, new RegExp(`\nA ${HOST}\nAAAA ${HOST}\n`));
    }
  });

  test('where DNS knows no other way, the refusal says what to do', async (t) => {
    if (!(await namespaces())) return t.skip('no network namespaces here');
    for (const records of [{}, { [HOST]: { a: '127.0.0.1' } }, { [HOST]: { garbage: true } }]) {
      const { stdout, stderr } = await with_hosts_file(t, records);
      assert.match(stdout, /^HTTP\/1\.1 (403|502) /, stderr);
      assert.match(stdout, /<Code>Cosdiag(DestinationRefused|Loop)</);
      assert.ok(stdout.includes(`--connect-to ${HOST}::ADDRESS:`), stdout);
    }
  });
});
