// SPDX-License-Identifier: Apache-2.0
// Every command that README.md shows is run, here or where ELSEWHERE says. A new line there fails until it is.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { start_origin } from '../origin/origin.mjs';
import { HOST, curl } from './support/clients.mjs';
import { program, start_cosdiag } from './support/cosdiag.mjs';
import { clean_env, eventually, run, scratch } from './support/environment.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const README = readFileSync(path.join(ROOT, 'README.md'), 'utf8');

/** The lines of all code blocks without a language that are commands: no answers of HTTP, no settings. */
function commands() {
  const blocks = [...README.matchAll(/^```\n(.*?)^```$/gms)].map(([, text]) => text);
  const lines = blocks.filter((text) => !/^(HTTP\/|X-Cos-|identities:)/.test(text)).flatMap((text) => text.split('\n'));
  return lines.map((line) => line.replace(/\s+#.*$/, '').trim()).filter(Boolean);
}

/** What cannot be run here, and what runs it or its steps instead. */
const ELSEWHERE = {
  'scripts/run': 'scripts/test builds what it starts; its arguments are tested below',
  'scripts/test': 'what runs this',
  'scripts/check': 'what a change must pass, and runs this',
  'scripts/package': 'the gate `package` of scripts/check',
  'docker build -t cosdiag .': 'packaging_files',
  'docker run --rm --read-only -p 127.0.0.1:8403:8403 cosdiag --listen 0.0.0.0:8403 --allow-client 172.16.0.0/12': 'packaging_files',
};

/** A folder with `cosdiag` in PATH, a log, a home, and the program serving behind the usual port of a client's. */
async function newcomer(t) {
  const folder = await scratch(t);
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(program(), path.join(bin, 'cosdiag'));
  const origin = await start_origin();
  t.after(() => origin.close());
  const data = path.join(folder, 'data');
  const cosdiag = await start_cosdiag(t, origin.port, ['--data-dir', data]);
  const env = clean_env({ PATH: `${bin}:${process.env.PATH}`, HOME: folder, COSDIAG_DATA_DIR: data });
  return { folder, origin, cosdiag, env };
}

/** Runs a line as a shell does, in the folder. */
const shell = (who, line) => run('bash', ['-c', line], { env: who.env, cwd: who.folder });

const good = async (who, line, shows) => {
  const { status, stdout, stderr } = await shell(who, line);
  assert.equal(status, 0, `${line}: ${stderr}`);
  assert.match(stdout + stderr, shows, line);
};

/** Starts a line that serves, on ports that are free, until it says that it listens. */
async function serves(t, who, line, shows) {
  const child = spawn('bash', ['-c', `exec ${line}`], { env: who.env, cwd: who.folder, stdio: ['ignore', 'ignore', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (piece) => (said += piece));
  await eventually(() => shows.test(said) || child.exitCode !== null, line);
  assert.match(said, shows, line);
  child.kill('SIGTERM');
}

/** How each line is run; some with an address that is free in place of the one that is shown. */
const RUN = {
  'export http_proxy=http://127.0.0.1:8403 HTTP_PROXY=http://127.0.0.1:8403': async (t, who) =>
    good(who, `export http_proxy=${who.cosdiag.url} HTTP_PROXY=${who.cosdiag.url}; curl -si http://${HOST}/private`, /X-Cos-Diagnosis: anonymous-request/i),
  'curl -i http://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com/report.pdf': async (t, who) => {
    const { headers } = await curl(who.cosdiag.url, ['http://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com/report.pdf']);
    assert.match(headers['x-cos-diagnosis'], /^anonymous-request/);
  },
  'cosdiag run -- python3 upload.py': async (t, who) => {
    writeFileSync(path.join(who.folder, 'upload.py'), 'import os; print("through", os.environ["https_proxy"])\n');
    await good(who, 'cosdiag run -- python3 upload.py', /through http:\/\/127\.0\.0\.1:/);
  },
  'cosdiag ca init': async (t, who) => good(who, 'cosdiag ca init', /Made a CA for this user/),
  cosdiag: async (t, who) => serves(t, who, 'cosdiag --listen 127.0.0.1:0', /listening on/),
  'eval "$(cosdiag env)"': async (t, who) => good(who, 'eval "$(cosdiag env)"; echo "$http_proxy"', /http:\/\/127\.0\.0\.1:8403/),
  'cosdiag tail cosdiag.jsonl': async (t, who) => follows(t, who, 'cosdiag tail cosdiag.jsonl', /anonymous-request/),
  'cosdiag tail --cause signature-expired --bucket examplebucket-1250000000 cosdiag.jsonl': async (t, who) => {
    const line = 'cosdiag tail --cause signature-expired --bucket examplebucket-1250000000 cosdiag.jsonl';
    const { status, stdout } = await shell(who, line.replace(' tail ', ' tail --no-follow '));
    assert.deepEqual([status, stdout], [0, ''], 'none of them expired');
  },
  'cosdiag tail --json --no-follow cosdiag.jsonl': async (t, who) => good(who, 'cosdiag tail --json --no-follow cosdiag.jsonl', /"schema":"cosdiag\.diagnosis\/1"/),
  'curl -v http://… 2>&1 | cosdiag diagnose': async (t, who) =>
    good(who, `curl -v -x ${who.cosdiag.url} http://${HOST}/private 2>&1 | cosdiag diagnose`, /anonymous-request/),
  'cosdiag diagnose --bundle recording.har': async (t, who) => {
    const entry = {
      request: { method: 'GET', url: `http://${HOST}/private`, headers: [] },
      response: { status: 403, headers: [{ name: 'Server', value: 'tencent-cos' }], content: { text: '<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>' } },
    };
    writeFileSync(path.join(who.folder, 'recording.har'), JSON.stringify({ log: { entries: [entry] } }));
    await good(who, 'cosdiag diagnose --bundle recording.har', /Access Denied\./);
  },
  'cosdiag explain': async (t, who) => good(who, 'cosdiag explain', /signature-expired/),
  'cosdiag explain signature-expired': async (t, who) => good(who, 'cosdiag explain signature-expired', /time is over/),
  'cosdiag explain --lang zh signature-expired': async (t, who) => good(who, 'cosdiag explain --lang zh signature-expired', /签名/),
  'cosdiag --reverse 127.0.0.1:8405': async (t, who) => serves(t, who, 'cosdiag --reverse 127.0.0.1:0', /\(reverse\)/),
  'cosdiag check-config config/cosdiag.example.yaml': async (t, who) => {
    mkdirSync(path.join(who.folder, 'config'));
    copyFileSync(path.join(ROOT, 'config/cosdiag.example.yaml'), path.join(who.folder, 'config/cosdiag.example.yaml'));
    await good(who, 'cosdiag check-config config/cosdiag.example.yaml', /fine/);
  },
};

/** Follows a log until it shows that. */
async function follows(t, who, line, shows) {
  const child = spawn('bash', ['-c', `exec ${line}`], { env: who.env, cwd: who.folder, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  child.stdout.on('data', (piece) => (said += piece));
  await eventually(() => shows.test(said), line);
}

describe('e2e/readme', () => {
  test('each command of README.md is run, or said to be run elsewhere', async (t) => {
    const unknown = commands().filter((line) => !RUN[line] && !ELSEWHERE[line]);
    assert.deepEqual(unknown, []);
    const gone = Object.keys(RUN).filter((line) => !commands().includes(line));
    assert.deepEqual(gone, [], 'lines that the README no longer has');
    const who = await newcomer(t);
    await curl(who.cosdiag.url, [`http://${HOST}/private`]);
    await eventually(who.cosdiag.log_text, 'an entry');
    symlinkSync(who.cosdiag.log_file, path.join(who.folder, 'cosdiag.jsonl'));
    for (const line of commands()) {
      if (RUN[line]) await t.test(line, (inner) => RUN[line](inner, who));
    }
  });

  test('each file that README.md links to is there', () => {
    const links = [...README.matchAll(/\]\((?!http|#)([^)#]+)/g)].map(([, link]) => link);
    assert.deepEqual(
      links.filter((link) => !existsSync(path.join(ROOT, link))),
      [],
    );
  });
});
