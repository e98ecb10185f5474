// SPDX-License-Identifier: Apache-2.0
// Through the proxy of a company: another of the program's own, Squid or tinyproxy, each with a password.
import assert from 'node:assert/strict';
import { lookup } from 'node:dns/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { start_origin } from '../origin/origin.mjs';
import { KEYS } from '../origin/world.mjs';
import { HOST, curl, node_sdk, place, presigned, raw } from './support/clients.mjs';
import { program, start_cosdiag } from './support/cosdiag.mjs';
import { read_diagnosis } from './support/diagnosis.mjs';
import { clean_env, run, scratch } from './support/environment.mjs';
import {
  DENIED_HOST,
  PASSWORDS,
  STRANGERS,
  asking_for_password,
  free_port,
  start_last,
  with_password,
} from './support/parents.mjs';
import { start_tls_origin } from './support/tls_origin.mjs';

const WRONG = 'n0t-the-password';
const base64 = (text) => Buffer.from(text).toString('base64');

/** Stand-ins, and a parent of that kind before them: its port. */
async function start_parent(t, kind) {
  const origin = await start_origin();
  t.after(() => origin.close());
  const secure = await start_tls_origin(t);
  const asks = kind === 'cosdiag' ? ['--config', await asking_for_password(t)] : [];
  const last = await start_last(t, origin, secure.port, asks);
  const port = kind === 'cosdiag' ? last.port : await STRANGERS[kind](t, last.port);
  return { origin, secure, last, port };
}

/** The answer to a CONNECT that does not succeed. */
async function refused_tunnel(cosdiag) {
  const request = `CONNECT ${HOST}:443 HTTP/1.1\r\nHost: ${HOST}:443\r\n\r\n`;
  return (await raw(cosdiag.port, request)).bytes.toString();
}

/** No password, in no spelling, in whatever the program has written. */
async function assert_discreet(cosdiag) {
  const written = cosdiag.stderr + cosdiag.stdout + (await cosdiag.log_text());
  for (const password of [...Object.values(PASSWORDS), WRONG])
    for (const secret of [password, encodeURIComponent(password), base64(`corpuser:${password}`)])
      assert.ok(!written.includes(secret), written);
}

describe('e2e/parent', () => {
  for (const kind of ['cosdiag', 'squid', 'tinyproxy']) {
    test(`clear and TLS traffic pass a ${kind} that wants a password`, async (t) => {
      const { origin, secure, port } = await start_parent(t, kind);
      const cosdiag = await start_cosdiag(t, null, ['--parent', with_password(port, PASSWORDS[kind])]);

      const clear = await curl(cosdiag.url, [presigned(KEYS.root)]);
      assert.equal(clear.status, 200, clear.head);
      const sdk = node_sdk(cosdiag.url);
      const content = 'x'.repeat(300_000);
      await sdk.putObject({ ...place('through a parent'), Body: content });
      assert.equal((await sdk.getObject(place('through a parent'))).Body.toString(), content);
      const unsigned = await curl(cosdiag.url, [`http://${HOST}/exampleobject`]);
      assert.equal(read_diagnosis(unsigned.headers)[0].cause, 'anonymous-request');

      const inside = presigned(KEYS.root).replace('http:', 'https:');
      const blind = ['--suppress-connect-headers', '--cacert', secure.ca, inside];
      const tunnelled = await curl(cosdiag.url, blind);
      assert.equal(tunnelled.status, 200, tunnelled.stderr);
      assert.equal(secure.origin.requests.length, 1);
      const seen = [...origin.recorded(), ...secure.origin.recorded()];
      for (const { head } of seen) assert.doesNotMatch(head, /proxy-authorization|corpuser/i);
      await assert_discreet(cosdiag);
    });

    test(`TLS that is looked into goes on over TLS, through a ${kind}`, async (t) => {
      const { secure, port } = await start_parent(t, kind);
      const env = { COSDIAG_DATA_DIR: await scratch(t) };
      const made = await run(program(), ['ca', 'init'], { env: clean_env(env) });
      assert.equal(made.status, 0, made.stderr);
      const args = ['--parent', with_password(port, PASSWORDS[kind]), '--upstream-ca', secure.ca, '--threads', '1'];
      const cosdiag = await start_cosdiag(t, null, args, { env });
      const trusting = ['--suppress-connect-headers', '--cacert', path.join(env.COSDIAG_DATA_DIR, 'ca.pem')];
      const allowed = await curl(cosdiag.url, [...trusting, presigned(KEYS.root).replace('http:', 'https:')]);
      assert.equal(allowed.status, 200, allowed.stderr);
      const unsigned = await curl(cosdiag.url, [...trusting, `https://${HOST}/exampleobject`]);
      assert.equal(read_diagnosis(unsigned.headers)[0].cause, 'anonymous-request');
      assert.equal(secure.origin.connections, 1);
      await assert_discreet(cosdiag);
    });

    test(`a wrong password, or none, for a ${kind} is told as what it is`, async (t) => {
      const { origin, port } = await start_parent(t, kind);
      for (const parent of [with_password(port, WRONG), `http://127.0.0.1:${port}`]) {
        const cosdiag = await start_cosdiag(t, null, ['--parent', parent]);
        const advice = parent.includes('@') ? /Correct the user name and password in parent\.url/ : /put USER:PASSWORD@/;
        const clear = await curl(cosdiag.url, [presigned(KEYS.root)]);
        // tinyproxy answers 401 to a wrong password, which may as well be an origin's.
        const as_origin = kind === 'tinyproxy' && parent.includes('@');
        assert.equal(clear.status, as_origin ? 401 : 502);
        const tunnel = await refused_tunnel(cosdiag);
        for (const said of as_origin ? [tunnel] : [clear.body.toString(), tunnel]) {
          assert.match(said, /<Code>CosdiagParentRefused<\/Code>/);
          assert.match(said, new RegExp(`the parent proxy 127\\.0\\.0\\.1:${port} answered ${as_origin ? 401 : 407}`));
          assert.match(said, advice);
          assert.doesNotMatch(said, /n0t-the|corpuser/);
        }
        await assert_discreet(cosdiag);
      }
      assert.equal(origin.requests.length, 0);
    });
  }

  test('a 403 of Squid is not taken for one of COS, and a tunnel that it forbids is refused in its name', async (t) => {
    const { port } = await start_parent(t, 'squid');
    const cosdiag = await start_cosdiag(t, null, ['--parent', with_password(port, PASSWORDS.squid)]);
    const clear = await curl(cosdiag.url, [`http://${DENIED_HOST}/exampleobject`]);
    assert.equal(clear.status, 403);
    const [first] = read_diagnosis(clear.headers);
    assert.deepEqual([first.cause, first.confidence], ['not-from-cos', 'likely']);
    assert.match(first.summary, /Squid/);
    const { bytes } = await raw(cosdiag.port, `CONNECT ${DENIED_HOST}:443 HTTP/1.1\r\nHost: ${DENIED_HOST}:443\r\n\r\n`);
    assert.match(bytes.toString(), /answered 403 Forbidden to CONNECT .*Ask its operator to allow this/);
  });

  test('the environment names parent and exceptions; what is excepted is looked up here', async (t) => {
    const origin = await start_origin();
    t.after(() => origin.close());
    const last = await start_last(t, origin, origin.port);
    const env = { http_proxy: last.url, https_proxy: last.url, NO_PROXY: 'localhost,.past.invalid' };
    const cosdiag = await start_cosdiag(t, null, [], { env });
    assert.equal((await curl(cosdiag.url, [presigned(KEYS.root)])).status, 200);
    assert.equal(origin.requests.length, 1);
    const past = await curl(cosdiag.url, ['http://a.past.invalid/x']);
    assert.match(past.body.toString(), /<Code>CosdiagName(NotFound|Timeout)<\/Code>/);
    assert.doesNotMatch(past.body.toString(), /parent/);
    const none = await start_cosdiag(t, origin.port, ['--parent', 'none'], { env });
    assert.equal((await curl(none.url, [presigned(KEYS.root)])).status, 200);
    assert.doesNotMatch(origin.recorded().at(-1).head, /via: .*,/i);
  });

  test('a parent that is down is named, with what named it', async (t) => {
    const port = await free_port();
    const rows = [
      [['--parent', with_password(port, WRONG)], {}, /named by parent\.url \(or --parent\), could not be reached: /],
      [[], { all_proxy: with_password(port, WRONG) }, /named by all_proxy, could not be reached: /],
    ];
    for (const [args, env, words] of rows) {
      const cosdiag = await start_cosdiag(t, null, args, { env });
      const clear = await curl(cosdiag.url, [presigned(KEYS.root)]);
      assert.equal(clear.status, 502);
      for (const said of [clear.body.toString(), await refused_tunnel(cosdiag)]) {
        assert.match(said, /<Code>CosdiagParentUnreachable<\/Code>/);
        assert.match(said, words);
        assert.match(said, /Connection refused/);
      }
      await assert_discreet(cosdiag);
    }
  });

  test('a parent whose name leads back here is a loop', async (t) => {
    const known = await lookup(os.hostname()).catch(() => null);
    if (!known) return t.skip('the name of this machine cannot be looked up');
    const port = await free_port();
    const everywhere = ['--listen', '127.0.0.1:0', '--listen', `0.0.0.0:${port}`, '--allow-client', '127.0.0.0/8'];
    const cosdiag = await start_cosdiag(t, null, [...everywhere, '--parent', `http://${os.hostname()}:${port}`]);
    const { body } = await curl(cosdiag.url, [presigned(KEYS.root)]);
    assert.match(body.toString(), /<Code>CosdiagLoop<\/Code>/);
    assert.match(body.toString(), /the parent proxy .*cannot be used/);
    assert.match(await refused_tunnel(cosdiag), /<Code>CosdiagLoop<\/Code>/);
  });

  test('two that name each other notice it, for requests and for tunnels', async (t) => {
    const port = await free_port();
    const other = await start_cosdiag(t, null, ['--parent', `http://127.0.0.1:${port}`]);
    const cosdiag = await start_cosdiag(t, null, ['--listen', `127.0.0.1:${port}`, '--parent', other.url]);
    const { body } = await curl(cosdiag.url, [presigned(KEYS.root)]);
    assert.match(body.toString(), /<Code>CosdiagLoop<\/Code>/);
    assert.match(await refused_tunnel(cosdiag), /answered 502 Bad Gateway to CONNECT/);
  });
});
