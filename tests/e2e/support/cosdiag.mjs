// SPDX-License-Identifier: Apache-2.0
// The program under test: found, started with the stand-in behind it, and stopped; its log and messages read back.
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { start_origin } from '../../origin/origin.mjs';
import { clean_env, eventually, scratch } from './environment.mjs';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** The program: $COSDIAG, or the newest build. */
export function program() {
  if (process.env.COSDIAG) return process.env.COSDIAG;
  const builds = ['release', 'dev'].map((preset) => path.join(ROOT, '.build', preset, 'cosdiag')).filter(existsSync);
  if (!builds.length) throw new Error('no program: build it with scripts/build, or name it in COSDIAG');
  return builds.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
}

/**
 * Starts the program before an origin's port; `args` are added to the usual ones. Without a port it connects to where
 * names lead; without `log` diagnoses go to its standard output, which nobody reads; without `listens` the settings say
 * where it listens. `env` adds to a clean environment.
 */
export async function start_cosdiag(t, origin_port, args = [], { log = true, listens = true, env = {} } = {}) {
  const log_file = path.join(await scratch(t), 'diagnosis.log');
  const upstream = ['--connect-to', `::127.0.0.1:${origin_port}`, '--allow-destination', '127.0.0.0/8'];
  const threads = args.includes('--threads') ? [] : ['--threads', '2'];
  const listen = args.includes('--listen') || !listens ? [] : ['--listen', '127.0.0.1:0'];
  const usual = [...listen, ...threads, ...(origin_port ? upstream : []), ...(log ? ['--log', log_file] : [])];
  const child = spawn(program(), [...usual, ...args], { env: clean_env(env), stdio: ['ignore', 'pipe', 'pipe'] });
  const cosdiag = { child, log_file, stderr: '', stdout: '', exit: null };
  if (log) child.stdout.on('data', (piece) => (cosdiag.stdout += piece));
  child.stderr.on('data', (piece) => (cosdiag.stderr += piece));
  child.on('close', (status, signal) => (cosdiag.exit = { status, signal }));
  t.after(() => stop(cosdiag));
  const ready = () => {
    if (cosdiag.exit) throw new Error(`cosdiag ended with ${JSON.stringify(cosdiag.exit)}: ${cosdiag.stderr}`);
    return /listening on 127\.0\.0\.1:(\d+)/.exec(cosdiag.stderr);
  };
  cosdiag.port = Number((await eventually(ready, 'cosdiag to listen'))[1]);
  cosdiag.url = `http://127.0.0.1:${cosdiag.port}`;
  cosdiag.log_text = () => (existsSync(log_file) ? readFile(log_file, 'utf8') : '');
  /** The entries that stand in the log whole: the last line may be under way. */
  cosdiag.entries = async () => (await cosdiag.log_text()).split('\n').slice(0, -1).map((line) => JSON.parse(line));
  /** The log entry with that id; waits for it, for the log is written aside of the answer. */
  cosdiag.entry = (id) =>
    eventually(async () => (await cosdiag.entries()).find((entry) => entry.id === id), `log entry ${id}`);
  return cosdiag;
}

async function stop(cosdiag) {
  if (cosdiag.exit) return;
  cosdiag.child.kill('SIGTERM');
  await eventually(() => cosdiag.exit, 'cosdiag to stop', 40_000).catch(() => cosdiag.child.kill('SIGKILL'));
}

/** A stand-in and the program in front of it, for one suite. */
export async function start_pair(t, { origin: settings = {}, args = [], env = {} } = {}) {
  const origin = await start_origin(settings);
  t.after(() => origin.close());
  const cosdiag = await start_cosdiag(t, origin.port, args, { env });
  return { origin, cosdiag };
}
