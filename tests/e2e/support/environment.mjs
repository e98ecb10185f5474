// SPDX-License-Identifier: Apache-2.0
// What every test needs: a clean environment for child processes, scratch folders, and processes that end with the test.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const INHERITED = ['PATH', 'LANG', 'TMPDIR', 'USER'];

/** An environment without the machine's proxies, CA bundles or credentials: only what `extra` says besides the basics. */
export function clean_env(extra = {}) {
  const kept = INHERITED.filter((name) => process.env[name] !== undefined).map((name) => [name, process.env[name]]);
  return { ...Object.fromEntries(kept), HOME: '/nonexistent', ...extra };
}

/** The variables that point a client at a proxy, in both spellings. */
export const proxy_env = (url) => ({ http_proxy: url, https_proxy: url, HTTP_PROXY: url, HTTPS_PROXY: url });

/** A folder that goes when the test ends. `t` is a test's or suite's context, or anything with `after`. */
export async function scratch(t) {
  const folder = await mkdtemp(path.join(tmpdir(), 'cosdiag-e2e-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A file with that content in a folder that goes when the test ends. */
export async function file_with(t, content) {
  const file = path.join(await scratch(t), 'content');
  await writeFile(file, content);
  return file;
}

/** Runs a program to its end: { status, stdout, stderr } as text (stdout as bytes with `binary`). Never throws for a status. */
export function run(command, args, { env = clean_env(), input, cwd, binary = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    const [out, err] = [[], []];
    child.stdout.on('data', (piece) => out.push(piece));
    child.stderr.on('data', (piece) => err.push(piece));
    child.on('error', reject);
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.on('close', (status) => {
      const stdout = Buffer.concat(out);
      resolve({ status, stdout: binary ? stdout : stdout.toString(), stderr: Buffer.concat(err).toString() });
    });
  });
}

/** Waits until `look()` gives something truthy. The deadline only bounds a failing test. */
export async function eventually(look, what, deadline_ms = 20_000) {
  const end = Date.now() + deadline_ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${deadline_ms} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
