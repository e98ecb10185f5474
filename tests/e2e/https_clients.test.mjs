// SPDX-License-Identifier: Apache-2.0
// Real clients over HTTPS: under `cosdiag run`, with what `cosdiag env` says, and without trust in the CA.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { BUCKET, KEYS } from '../origin/world.mjs';
import { ENDPOINT } from './support/clients.mjs';
import { program, start_cosdiag } from './support/cosdiag.mjs';
import { clean_env, eventually, proxy_env, run, scratch } from './support/environment.mjs';
import { clients } from './support/https_clients.mjs';
import { start_tls_origin } from './support/tls_origin.mjs';

const is_missing = (tool) => tool && spawnSync(tool, ['-version'], { stdio: 'ignore' }).error && `no ${tool} here`;

/** The field's value, which nothing that a client says by itself looks like. */
const DIAGNOSED = /(permission-denied|anonymous-request);confidence=/;

/** A folder to run in, with the settings that the clients read. */
async function workplace(t) {
  const folder = await scratch(t);
  const config = path.join(folder, 'config');
  await writeFile(config, '[default]\ns3 =\n  addressing_style = virtual\n');
  return { folder, env: clean_env({ HOME: folder, AWS_CONFIG_FILE: config }) };
}

const upstream_of = (origin) =>
  ['--connect-to', `::127.0.0.1:${origin.port}`, '--allow-destination', '127.0.0.0/8', '--upstream-ca', origin.ca];

describe('e2e/https_clients: run', () => {
  for (const [name, { command, extra, needs }] of Object.entries(clients)) {
    test(`${name} shows the diagnosis of what it asked over HTTPS`, { skip: is_missing(needs) }, async (t) => {
      const origin = await start_tls_origin(t);
      const { folder, env } = await workplace(t);
      const tmp = path.join(folder, 'tmp');
      await mkdir(tmp);
      const all = ['run', ...upstream_of(origin), '--', ...command];
      const { stdout, stderr } = await run(program(), all, { env: { ...env, ...extra, TMPDIR: tmp }, cwd: folder });
      assert.match(stdout, DIAGNOSED, stderr);
      assert.match(stderr, /permission-denied|anonymous-request/, stdout);
      assert.deepEqual((await readdir(tmp)).filter((each) => each.startsWith('cosdiag')), []);
    });
  }
});

describe('e2e/https_clients: a CA that lasts', () => {
  const ends = [];
  const suite = { after: (end) => ends.push(end) };
  let cosdiag, data;
  before(async () => {
    data = path.join(await scratch(suite), 'data');
    assert.equal((await run(program(), ['ca', 'init', '--data-dir', data])).status, 0);
    const origin = await start_tls_origin(suite);
    cosdiag = await start_cosdiag(suite, 0, [...upstream_of(origin), '--data-dir', data]);
  });
  after(async () => {
    for (const end of ends.reverse()) await end();
  });

  /** What `cosdiag env` tells a shell to set, as a shell understood it. */
  async function told(env) {
    const script = 'eval "$("$0" env --data-dir "$1" --at "$2")" && exec env -0';
    const { stdout, stderr, status } = await run('sh', ['-c', script, program(), data, `127.0.0.1:${cosdiag.port}`], { env });
    assert.equal(status, 0, stderr);
    return Object.fromEntries(stdout.split('\0').filter(Boolean).map((line) => line.split(/=(.*)/s)));
  }

  const distrusts = async () => (await cosdiag.entries()).filter(({ causes }) => causes[0].cause === 'client-distrusts-ca');

  for (const [name, { command, extra, needs, setting }] of Object.entries(clients)) {
    test(`${name} trusts what cosdiag env tells it to, and only then`, { skip: is_missing(needs) }, async (t) => {
      const { folder, env } = await workplace(t);
      const shell = { ...(await told({ ...env, ...extra })) };
      const good = await run(command[0], command.slice(1), { env: shell, cwd: folder });
      assert.match(good.stdout, DIAGNOSED, good.stderr);

      const before = (await distrusts()).length;
      const java = `-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=${cosdiag.port}`;
      const alone = { ...env, ...extra, ...proxy_env(cosdiag.url), JAVA_TOOL_OPTIONS: java };
      const bad = await run(command[0], command.slice(1), { env: alone, cwd: folder });
      assert.doesNotMatch(bad.stdout, DIAGNOSED);
      const entry = await eventually(async () => (await distrusts())[before], 'the diagnosis of the refused certificate');
      assert.match(entry.request.host, new RegExp(`${ENDPOINT.replaceAll('.', '\\.')}$`));
      assert.match(JSON.stringify(entry.causes[0].remedies), setting);
      assert.equal('response' in entry, false);
    });
  }

  test('s3cmd, which knows proxy and CA from its settings only, is seen and told of', async (t) => {
    const { folder, env } = await workplace(t);
    const key = KEYS.uploader;
    const settings = async (name, ...more) => {
      const file = path.join(folder, name);
      const lines = ['[default]', `access_key = ${key.secret_id}`, `secret_key = ${key.secret_key}`, `host_base = ${ENDPOINT}`];
      lines.push(`host_bucket = %(bucket)s.${ENDPOINT}`, 'use_https = True', 'proxy_host = 127.0.0.1', `proxy_port = ${cosdiag.port}`);
      await writeFile(file, [...lines, ...more, ''].join('\n'));
      return file;
    };
    const get = (file) => run('/usr/bin/s3cmd', ['-c', file, 'ls', `s3://${BUCKET}/`], { env });
    const before = (await cosdiag.entries()).length;
    await get(await settings('trusting', `ca_certs_file = ${path.join(data, 'bundle.pem')}`));
    const seen = await eventually(async () => (await cosdiag.entries())[before], 'a diagnosis of what s3cmd asked');
    assert.notEqual(seen.causes[0].cause, 'client-distrusts-ca');
    const distrusting = (await distrusts()).length;
    await get(await settings('wary'));
    await eventually(async () => (await distrusts())[distrusting], 'the diagnosis of the refused certificate');
  });
});
