// SPDX-License-Identifier: Apache-2.0
// cosdiag tail as a process that is watched, and an admin listener that says what a test wants.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { program } from './cosdiag.mjs';
import { clean_env, eventually } from './environment.mjs';

/** Starts `cosdiag tail` with UTC as its time zone; ends with the test. `shows` and `says` wait for what comes. */
export function start_tail(t, args, { env = {} } = {}) {
  const child = spawn(program(), ['tail', ...args], { env: clean_env({ TZ: 'UTC', ...env }), stdio: ['pipe', 'pipe', 'pipe'] });
  const tail = { child, stdout: '', stderr: '', exit: null };
  child.stdout.on('data', (piece) => (tail.stdout += piece));
  child.stderr.on('data', (piece) => (tail.stderr += piece));
  child.stdin.on('error', () => {});
  child.on('close', (status, signal) => (tail.exit = { status, signal }));
  t.after(() => child.kill('SIGKILL'));
  const wait = (stream, what) =>
    eventually(() => (what instanceof RegExp ? what.exec(tail[stream]) : tail[stream].includes(what)), `${what} on ${stream}`).catch(
      (error) => Promise.reject(new Error(`${error.message}; there is:\n${tail.stdout}\n${tail.stderr}`)),
    );
  tail.shows = (what) => wait('stdout', what);
  tail.says = (what) => wait('stderr', what);
  tail.ended = () => eventually(() => tail.exit, 'tail to end');
  return tail;
}

/** An admin listener whose streams the test writes itself. `streams` holds { request, send(event), end() } for each. */
export async function start_admin(t, { instance = '0a1b2c3d', entries = [] } = {}) {
  const admin = { instance, entries, streams: [], pages: [] };
  const server = createServer((request, response) => {
    if (request.headers.accept !== 'text/event-stream') {
      admin.pages.push(request.url);
      const latest = admin.entries.at(0)?.seq ?? 0;
      const page = { schema: 'cosdiag.diagnoses/1', entries: admin.entries, next: null, latest, kept: 9, forgotten: 0, instance };
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(page));
      return;
    }
    response.setHeader('Content-Type', 'text/event-stream');
    const send = (type, data, id) => response.write(`${id ? `id: ${id}\n` : ''}event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
    send('instance', { instance: admin.instance, latest: 0 });
    admin.streams.push({ request, send, end: () => response.socket.destroy() });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => (server.closeAllConnections(), server.close()));
  admin.address = `127.0.0.1:${server.address().port}`;
  admin.stream = (number) => eventually(() => admin.streams[number], `stream ${number}`);
  return admin;
}
