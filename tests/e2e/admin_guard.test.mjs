// SPDX-License-Identifier: Apache-2.0
// Who gets an answer from the admin listener: not pages of other sites, not other machines without a password, nobody
// through the proxy; hostile visitors keep none of the others from theirs, and no secret is in any answer.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { start_origin } from '../origin/origin.mjs';
import { KEYS } from '../origin/world.mjs';
import { Follower, ask, json, metrics, start_with_admin, sum } from './support/admin.mjs';
import { HOST, authorization, curl, key_time, presigned, raw } from './support/clients.mjs';
import { program, start_cosdiag } from './support/cosdiag.mjs';
import { assert_no_secret, secrets_of } from './support/diagnosis.mjs';
import { clean_env, eventually, run, scratch } from './support/environment.mjs';
import { SAYS, namespaces } from './support/network.mjs';

const PATHS = ['/', '/livez', '/readyz', '/metrics', '/api/diagnoses', '/api/status', '/api/causes', '/api/setup', '/none'];
const STREAM = { Accept: 'text/event-stream' };
const HASH = '$5$saltsalt$X/K/3C3bqF6bYVpfwLpwdAN2VE1mD0GpTlSiT.DLzD0'; // of secret:word

/** Runs in a network of its own, with 192.0.2.9 for an address; each answer is in a file of its name. */
const ELSEWHERE = `
set -eu
${SAYS}
ip link set lo up
ip address add 192.0.2.9/32 dev lo
ip address add 2001:db8::9/128 dev lo nodad
cd "$FOLDER"
ask() { # NAME ARGUMENTS
  local to=$1
  shift
  curl -qsS -i -m 20 "$@" >"$to" 2>&1 || echo "curl: $?" >>"$to"
}
serve() { # ARGUMENTS
  : >messages
  "$COSDIAG" --threads 1 --log /dev/null "$@" 2>messages &
  started=$!
  says messages 'live page'
}
finish() { kill "$started"; wait "$started"; }

serve --listen 127.0.0.1:8403 --admin 0.0.0.0:8404
for path in $PATHS; do
  ask "open$(echo "$path" | tr / _)" "http://192.0.2.9:8404$path"
done
ask local http://127.0.0.1:8404/api/status
ask local_name http://localhost:8404/api/status
ask local_as_other -H 'Host: 192.0.2.9:8404' http://127.0.0.1:8404/api/status
ask other_as_local -H 'Host: 127.0.0.1:8404' http://192.0.2.9:8404/api/status
ask followed -H 'Accept: text/event-stream' http://192.0.2.9:8404/api/diagnoses
finish

serve --listen 127.0.0.1:8403 --admin '[2001:db8::9]:8404'
ask six 'http://[2001:db8::9]:8404/api/status'
ask six_ready 'http://[2001:db8::9]:8404/readyz'
finish

serve --listen 127.0.0.1:8403 --config users.yaml
for path in / /livez /api/status; do
  name=$(echo "$path" | tr / _)
  ask "none$name" "http://192.0.2.9:8404$path"
  ask "wrong$name" -u alice:secret:w0rd "http://192.0.2.9:8404$path"
  ask "right$name" -u alice:secret:word "http://192.0.2.9:8404$path"
done
ask right_followed -m 1 -u alice:secret:word -H 'Accept: text/event-stream' http://192.0.2.9:8404/api/diagnoses
finish

# Everything is opened that can be, and a name of COS's own is made to lead here.
serve --config open.yaml --listen 127.0.0.1:8403 --reverse 127.0.0.1:8405 --allow-destination 0.0.0.0/0 --allow-destination ::/0 \\
    --connect-to cdn.example.com::127.0.0.1:8404
for at in 127.0.0.1 localhost 192.0.2.9 127.0.0.2 0.0.0.0 '[::ffff:127.0.0.1]'; do
  ask "forward_$at" -g -x http://127.0.0.1:8403 --noproxy '' "http://$at:8404/livez"
  ask "tunnel_$at" -g -p -x http://127.0.0.1:8403 --noproxy '' "http://$at:8404/livez"
  ask "reverse_$at" -g -H "Host: $at:8404" http://127.0.0.1:8405/livez
done
ask forward_name -x http://127.0.0.1:8403 http://cdn.example.com/livez
ask tunnel_name -p -x http://127.0.0.1:8403 http://cdn.example.com/livez
ask reverse_name --connect-to ::127.0.0.1:8405 http://cdn.example.com/livez
ask itself http://127.0.0.1:8404/livez
finish
`;

const status_of = (answer) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);

describe('e2e/admin_guard', () => {
  const undo = [];
  let folder, result;

  before(async () => {
    if (!(await namespaces())) return;
    folder = await scratch({ after: (step) => undo.push(step) });
    const open = "admin: {address: '0.0.0.0:8404'}\ncos: {custom_domains: [cdn.example.com]}\n";
    const users = `admin: {address: '0.0.0.0:8404', users: [{name: alice, password_hash: '${HASH}'}]}\n`;
    await writeFile(path.join(folder, 'open.yaml'), open);
    await writeFile(path.join(folder, 'users.yaml'), users);
    const env = clean_env({ FOLDER: folder, COSDIAG: path.resolve(program()), PATHS: PATHS.join(' ') });
    result = await run('unshare', ['--map-root-user', '--net', 'bash', '-c', ELSEWHERE], { env });
  });
  after(async () => {
    for (const step of undo) await step();
  });

  /** A test of what was answered there. */
  const elsewhere = (name, check) =>
    test(name, async (t) => {
      if (!result) return t.skip('no network namespaces here');
      const read = (file) => readFile(path.join(folder, file), 'utf8');
      assert.equal(result.status, 0, result.stderr + (await read('messages')));
      await check(read);
    });

  test('who was led here by another name gets nothing, whatever the name looks like', async (t) => {
    const { cosdiag } = await start_with_admin(t);
    const port = cosdiag.admin_port;
    for (const host of ['evil.example', `evil.example:${port}`, `localhost.evil.example:${port}`, `127.0.0.1.evil.example`, 'localhost.', '0.0.0.0', '[::ffff:127.0.0.1]', '', null])
      for (const target of PATHS)
        for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST']) {
          const answer = await ask(port, target, { host, method, headers: STREAM });
          assert.ok(answer.status === 403 || (host === null && answer.status === 400), `${method} ${target} of ${host}`);
          assert.doesNotMatch(answer.text, /cosdiag\.|<html/);
        }
    const led = ['--resolve', `evil.example:${port}:127.0.0.1`, `http://evil.example:${port}/api/status`];
    const { status, body } = await curl('', [...led, '--noproxy', '*']);
    assert.equal(status, 403);
    assert.match(body.toString(), /asked for as evil\.example/);
    for (const host of ['localhost', `LOCALHOST:${port}`, '127.0.0.1:80', '[::1]:8404'])
      assert.equal((await ask(port, '/api/status', { host })).status, 200, host);
  });

  test('pages of other sites may link to the page; they get nothing else, and no answer is shared with them', async (t) => {
    const { cosdiag } = await start_with_admin(t);
    const port = cosdiag.admin_port;
    for (const target of PATHS)
      for (const site of ['cross-site', 'same-site']) {
        const headers = { Origin: 'http://evil.example', 'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': 'cors' };
        assert.equal((await ask(port, target, { headers })).status, target === '/' ? 200 : 403, target);
        const preflight = { ...headers, 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Private-Network': 'true' };
        const answer = await ask(port, target, { method: 'OPTIONS', headers: preflight });
        assert.ok(answer.status === 403 || (target === '/' && answer.status === 405));
      }
    for (const target of PATHS)
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE']) {
        const { headers, status } = await ask(port, target, { method, headers: { Origin: 'http://evil.example' } });
        assert.equal(Object.keys(headers).find((name) => name.startsWith('access-control')), undefined);
        assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
        assert.equal(headers['x-content-type-options'], 'nosniff');
        assert.equal(status, !['GET', 'HEAD'].includes(method) ? 405 : target === '/none' ? 404 : 200);
      }
  });

  elsewhere('other machines see how the program is, and requests with a password alone', async (read) => {
    for (const target of PATHS) {
      const expected = ['/livez', '/readyz', '/metrics'].includes(target) ? 200 : 403;
      const answer = await read(`open${target.replaceAll('/', '_')}`);
      assert.equal(status_of(answer), expected, target);
      if (expected === 403) assert.match(answer, /admin\.users/);
    }
    for (const [name, expected] of Object.entries({ local: 200, local_name: 200, local_as_other: 403, other_as_local: 403, followed: 403, six: 403, six_ready: 200 }))
      assert.equal(status_of(await read(name)), expected, name);
    for (const [who, expected] of Object.entries({ none: 401, wrong: 401, right: 200 })) {
      assert.equal(status_of(await read(`${who}_livez`)), 200);
      for (const target of ['_', '_api_status']) {
        const answer = await read(`${who}${target}`);
        assert.equal(status_of(answer), expected, who + target);
        assert.equal(/^WWW-Authenticate: Basic realm="cosdiag"/im.test(answer), expected === 401);
      }
    }
    assert.match(await read('right_followed'), /event: instance/);
  });

  elsewhere('nobody reaches it through the proxy, by whatever name and in whatever form', async (read) => {
    assert.equal(status_of(await read('itself')), 200);
    for (const form of ['forward', 'tunnel', 'reverse'])
      for (const at of ['127.0.0.1', 'localhost', '192.0.2.9', '127.0.0.2', '0.0.0.0', '[::ffff:127.0.0.1]', 'name']) {
        const answer = await read(`${form}_${at}`);
        assert.doesNotMatch(answer, /\r\n\r\nok\n|HTTP\/1\.1 2/, `${form} ${at}`);
        assert.match(answer, form === 'reverse' ? /^HTTP\/1\.1 [45]\d\d /m : /^Proxy-Status: .*error=proxy_loop_detected/m, `${form} ${at}`);
      }
  });

  test('nobody reaches a loopback admin listener through the proxy of the usual settings', async (t) => {
    const cosdiag = await start_cosdiag(t, null, ['--admin', '127.0.0.1:0', '--allow-destination', '127.0.0.0/8']);
    const [, port] = /live page\s+http:\/\/127\.0\.0\.1:(\d+)/.exec(cosdiag.stderr);
    for (const host of ['127.0.0.1', 'localhost'])
      for (const tunnel of [[], ['-p']]) {
        const seen = await curl(cosdiag.url, [...tunnel, '--noproxy', '', `http://${host}:${port}/livez`]);
        assert.ok(seen.status >= 400, `${seen.status}`);
        assert.match(seen.headers['proxy-status'], /proxy_loop_detected/);
      }
  });

  test('an admin listener for other machines leaves the proxy one for this machine alone', async (t) => {
    const origin = await start_origin();
    t.after(() => origin.close());
    const cosdiag = await start_cosdiag(t, null, ['--admin', '0.0.0.0:0', '--allow-destination', '127.0.0.1']);
    const seen = await curl(cosdiag.url, ['--noproxy', '', `http://127.0.0.1:${origin.port}/`]);
    assert.equal(seen.headers['proxy-status'], undefined, seen.head);
    const tunnel = await curl(cosdiag.url, ['--noproxy', '', '-p', `http://127.0.0.1:${origin.port}/`]);
    assert.equal(tunnel.exit, 0, tunnel.stderr);
  });

  test('visitors that never finish, flood, pipeline or send too much keep nobody from an answer', async (t) => {
    const { cosdiag } = await start_with_admin(t);
    const port = cosdiag.admin_port;
    const slow = Array.from({ length: 200 }, () => net.connect(port, '127.0.0.1'));
    t.after(() => slow.forEach((socket) => socket.destroy()));
    await Promise.all(slow.map((socket) => new Promise((resolve) => {
      socket.on('error', () => {});
      socket.write('GET /livez HTTP/1.1\r\nX-Never: ', resolve);
    })));
    assert.equal((await ask(port, '/livez')).status, 200);
    assert.ok((await metrics(port)).get('process_open_fds') < 150, 'visitors are bounded');

    const many = await Promise.all(Array.from({ length: 200 }, () => ask(port, '/api/status').then(({ status }) => status, (error) => error.code)));
    assert.ok(many.every((each) => [200, 'ECONNRESET', 'EPIPE'].includes(each)), `${[...new Set(many)]}`);
    assert.ok(many.filter((each) => each === 200).length >= 64);

    const one = `GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    const { bytes } = await raw(port, [one.repeat(500), one.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')]);
    assert.equal(bytes.toString().match(/^ok$/gm).length, 501);

    const huge = await raw(port, `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(2_000_000)}`);
    assert.match(huge.bytes.toString(), /^HTTP\/1\.1 431 /);
    for (const nonsense of ['\x00'.repeat(1000), '\r\n'.repeat(10_000), 'GET / HTTP/9.9\r\n\r\n', '\x16\x03\x01\x02\x00\x01', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'])
      await raw(port, nonsense, { half_close: true });
    assert.equal((await ask(port, '/readyz')).text, 'ready\n');
    assert.equal((await curl(cosdiag.url, [`http://${HOST}/private`])).status, 403, 'traffic is not harmed');
    assert.equal(cosdiag.exit, null);
  });

  test('no secret of a request, of the settings or of the environment is in any answer', async (t) => {
    const parent = 'PlantedPasswordOfTheParent07';
    const secret = KEYS.uploader.secret_key;
    const folder = await scratch(t);
    const settings = path.join(folder, 'settings.yaml');
    await writeFile(settings, `identities: [{secret_id: ${KEYS.uploader.secret_id}, secret_key_env: PLANTED_KEY}]\nadmin: {users: []}\n`);
    const env = { PLANTED_KEY: secret, https_proxy: `http://corpuser:${parent}@192.0.2.1:3128` };
    const { origin, cosdiag } = await start_with_admin(t, { args: ['--config', settings], env });
    const port = cosdiag.admin_port;
    const follower = new Follower(t, port);
    await follower.event('instance');

    const token = { 'x-cos-security-token': KEYS.temporary.token };
    const password = 'PlantedPasswordOfTheProxy08';
    const expired = { window: key_time(-7200, -3600) };
    const wrong = { ...KEYS.uploader, secret_key: 'PlantedSecretThatIsWrong00000009' };
    const link = presigned(KEYS.temporary, expired);
    for (const args of [
      [presigned(KEYS.root, expired)],
      [link],
      [presigned(wrong)],
      ['-H', `Authorization: ${authorization(KEYS.temporary, { ...expired, headers: token })}`, '-H', `x-cos-security-token: ${KEYS.temporary.token}`, '-A', `agent ${KEYS.temporary.token}`, `http://${HOST}/exampleobject`],
      ['-H', `Authorization: q-sign-algorithm=sha1&q-ak=${KEYS.root.secret_key}:${secret}&q-signature=0`, `http://${HOST}/a`],
      ['-H', `Authorization: AWS ${KEYS.root.secret_id}:${'cGxhbnRlZHNpZ25hdHVyZQ=='}`, `http://${HOST}/a`],
      ['-e', link, '-A', `agent/1.0 (${link})`, '-H', `Origin: ${link}`, `http://${HOST}/private`],
      ['-H', `x-cos-copy-source: ${link.slice('http://'.length)}`, '-X', 'PUT', `http://${HOST}/copy`],
      [`http://${HOST}/${encodeURIComponent(link)}`],
      ['-U', `corpuser:${password}`, `http://${HOST}/private`],
    ])
      await curl(cosdiag.url, args);
    await eventually(async () => (await json(port, '/api/diagnoses')).latest >= 10, 'the diagnoses');
    await eventually(() => follower.seqs.length >= 10, 'the events');

    const texts = { events: JSON.stringify(follower.events), messages: cosdiag.stderr };
    for (const target of PATHS) texts[target] = (await ask(port, target)).text;
    for (const query of ['text=planted', `access_key=${KEYS.root.secret_id}`, 'limit=0', 'nonsense=1'])
      texts[query] = (await ask(port, `/api/diagnoses?${query}`)).text;
    const secrets = [...secrets_of(origin.requests), parent, password, wrong.secret_key, 'cGxhbnRlZHNpZ25hdHVyZQ', btoa(`corpuser:${password}`)];
    assert.ok(secrets.length > 12);
    for (const [where, text] of Object.entries(texts)) assert_no_secret(text, secrets, where);
    for (const key of Object.values(KEYS)) assert_no_secret(texts['/api/diagnoses'], [key.secret_id], 'entries');
    assert.equal(sum(await metrics(port), 'diagnoses_total'), (await json(port, '/api/status')).counts.diagnoses);
  });
});
