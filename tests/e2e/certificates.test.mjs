// SPDX-License-Identifier: Apache-2.0
// Certificates through their lives: those of origins that are not to be trusted, private CAs for single hosts, the CA's key
// in wrong hands or made twice at once, and clocks that are wrong.
import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { ENDPOINT, HOST, curl, host_of } from './support/clients.mjs';
import { program, start_cosdiag } from './support/cosdiag.mjs';
import { clean_env, run, scratch } from './support/environment.mjs';
import { certificate } from './support/network.mjs';
import { start_tls_origin } from './support/tls_origin.mjs';

const OTHER_BUCKET = host_of('otherbucket-1250000000');

/** A data folder with a CA. */
async function with_ca(t) {
  const data = path.join(await scratch(t), 'data');
  const { status, stderr } = await run(program(), ['ca', 'init', '--data-dir', data]);
  assert.equal(status, 0, stderr);
  return { data, ca: path.join(data, 'ca.pem'), key: path.join(data, 'ca.key') };
}

const faketime = (offset, command, args, options = {}) => {
  // faketime comes first among the libraries, where ASan wants to be and need not.
  const quiet = { FAKETIME_DONT_FAKE_MONOTONIC: '1', ASAN_OPTIONS: 'verify_asan_link_order=0' };
  const env = clean_env({ ...quiet, ...options.env });
  return run('faketime', ['-f', offset, command, ...args], { env });
};

const has_faketime = () => run('faketime', ['--version']).then(({ status }) => status === 0, () => false);

/** What curl gets over HTTPS, by a program that looks into it and trusts `trusted` at the origin. */
async function ask_through(t, origin, trusted) {
  const { data, ca } = await with_ca(t);
  const cosdiag = await start_cosdiag(t, origin.port, ['--data-dir', data, '--upstream-ca', trusted]);
  const args = ['-H', 'Authorization: of-a-secret-kind', '-d', 'secret-body', '--suppress-connect-headers', '--cacert', ca, `https://${HOST}/private`];
  return { cosdiag, answer: await curl(cosdiag.url, args) };
}

async function refuses(t, identity, trusted, words) {
  const origin = await start_tls_origin(t, identity);
  const { answer } = await ask_through(t, origin, trusted ?? identity.cert);
  assert.equal(answer.status, 502, answer.head + answer.stderr);
  const body = answer.body.toString();
  assert.match(body, /<Code>CosdiagOriginCertificate</);
  assert.match(body, /Nothing of the request was sent/);
  assert.match(body, words);
  assert.match(answer.headers['proxy-status'], /^cosdiag; error=tls_certificate_error; details="/);
  assert.equal(answer.headers['x-cos-diagnosis'], undefined);
  assert.equal(origin.origin.requests.length, 0);
}

describe('e2e/certificates: an origin that is not to be trusted gets nothing, and the client words', () => {
  test('expired', async (t) => {
    if (!(await has_faketime())) return t.skip('no faketime here');
    const folder = await scratch(t);
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => path.join(folder, name));
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'];
    const names = ['-subj', '/CN=stand-in', '-addext', `subjectAltName=DNS:*.${ENDPOINT}`, '-keyout', key, '-out', cert];
    const { status, stderr } = await faketime('-10d', 'openssl', [...made, ...names]);
    assert.equal(status, 0, stderr);
    await refuses(t, { key, cert }, null, /expired[^]*Compare this machine's clock/);
  });

  test('for another host', async (t) => {
    await refuses(t, await certificate(await scratch(t), 'www.example.com'), null, /hostname mismatch[^]*another server answers/);
  });

  test('signed by itself', async (t) => {
    const trusted = await certificate(await scratch(t), `*.${ENDPOINT}`);
    await refuses(t, await certificate(await scratch(t), `*.${ENDPOINT}`), trusted.cert, /self-signed[^]*upstream\.hosts/);
  });
});

describe('e2e/certificates: private CAs', () => {
  test('a CA that upstream.hosts names for one host is trusted for that host alone', async (t) => {
    const origin = await start_tls_origin(t);
    const { data, ca } = await with_ca(t);
    const settings = path.join(await scratch(t), 'settings.yaml');
    await writeFile(settings, `upstream:\n  hosts:\n    - {host: ${HOST}, ca: ${origin.ca}}\n`);
    const cosdiag = await start_cosdiag(t, origin.port, ['--data-dir', data, '--config', settings]);
    const of = (host) => curl(cosdiag.url, ['--suppress-connect-headers', '--cacert', ca, `https://${host}/private`]);
    const good = await of(HOST);
    assert.equal(good.status, 403, good.stderr);
    assert.ok(good.headers['x-cos-diagnosis'], good.head);
    const bad = await of(OTHER_BUCKET);
    assert.equal(bad.status, 502, bad.stderr);
    assert.match(bad.body.toString(), /CosdiagOriginCertificate/);
    assert.equal(origin.origin.requests.length, 1);
  });

  test('reverse: the same holds for clients that spoke in the clear', async (t) => {
    const origin = await start_tls_origin(t);
    const cosdiag = await start_cosdiag(t, origin.port, ['--reverse', '127.0.0.1:0']);
    const port = /listening on 127\.0\.0\.1:(\d+) \(reverse\)/.exec(cosdiag.stderr)[1];
    const answer = await curl('', ['-H', `Host: ${HOST}`, `http://127.0.0.1:${port}/private`]);
    assert.equal(answer.status, 502);
    assert.match(answer.body.toString(), /CosdiagOriginCertificate/);
    assert.equal(origin.origin.requests.length, 0);
  });
});

describe('e2e/certificates: the CA of our own', () => {
  test('a key that others can read is refused, by name and with what to do', async (t) => {
    const { data, key } = await with_ca(t);
    await chmod(key, 0o644);
    const { status, stderr } = await run(program(), ['--listen', '127.0.0.1:0', '--data-dir', data]);
    assert.equal(status, 1, stderr);
    assert.ok(stderr.includes(key), stderr);
    assert.match(stderr, /chmod 600|0600/);
  });

  test('two that make one at once end with one CA, which both tell of', async (t) => {
    for (let round = 0; round < 5; round += 1) {
      const data = path.join(await scratch(t), 'data');
      const both = await Promise.all([1, 2].map(() => run(program(), ['ca', 'init', '--data-dir', data])));
      const shown = await run(program(), ['ca', 'show', '--data-dir', data]);
      assert.equal(shown.status, 0, shown.stderr);
      const fingerprint = /SHA-256 +([0-9A-F:]{95})\n/.exec(shown.stdout)[1];
      const good = both.filter(({ status }) => status === 0);
      assert.ok(good.length >= 1, both[0].stderr + both[1].stderr);
      good.forEach(({ stdout }) => assert.ok(stdout.includes(fingerprint), stdout));
      both.filter(({ status }) => status !== 0).forEach(({ stderr }) => assert.match(stderr, /cosdiag: [^]*\.\n/));
      const key = await run('openssl', ['pkey', '-in', path.join(data, 'ca.key'), '-pubout']);
      const cert = await run('openssl', ['x509', '-in', path.join(data, 'ca.pem'), '-noout', '-pubkey']);
      assert.equal(key.stdout, cert.stdout);
    }
  });

  test('a clock that stands before the CA was made is named, and nothing starts', async (t) => {
    if (!(await has_faketime())) return t.skip('no faketime here');
    const { data } = await with_ca(t);
    const { status, stderr } = await faketime('-400d', program(), ['--listen', '127.0.0.1:0', '--data-dir', data]);
    assert.equal(status, 1, stderr);
    assert.match(stderr, /valid from \S+[^]*the clock of this machine says[^]*Set the clock/);
  });

  test('a clock that has passed its end is named too', async (t) => {
    if (!(await has_faketime())) return t.skip('no faketime here');
    const { data } = await with_ca(t);
    const { status, stderr } = await faketime('+9000d', program(), ['--listen', '127.0.0.1:0', '--data-dir', data]);
    assert.equal(status, 1, stderr);
    assert.match(stderr, /ca init --force/);
  });
});
