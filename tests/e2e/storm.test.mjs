// SPDX-License-Identifier: Apache-2.0
// Thousands of refusals in a row: each gets its diagnosis, the log loses none in silence, others are not harmed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PUBLIC_BUCKET } from '../origin/world.mjs';
import { HOST, host_of } from './support/clients.mjs';
import { start_cosdiag } from './support/cosdiag.mjs';
import { clean_env, eventually } from './support/environment.mjs';

const REFUSALS = 15_000;
const CONNECTIONS = 32;

/** The stand-in as a process of its own, so that it does not share the test's event loop. */
async function separate_origin(t) {
  const main = fileURLToPath(new URL('../origin/main.mjs', import.meta.url));
  const child = spawn(process.execPath, [main], { env: clean_env(), stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGTERM'));
  const [line] = await once(child.stdout, 'data');
  return JSON.parse(line).port;
}

/** Asks `count` times over one connection, one request at a time; resolves with the answers' texts. */
function ask_again_and_again(port, request, count, is_whole) {
  return new Promise((resolve, reject) => {
    const answers = [];
    const socket = net.connect(port, '127.0.0.1', () => socket.write(request));
    let text = '';
    socket.on('data', (piece) => {
      text += piece.toString('latin1');
      if (!is_whole(text)) return;
      answers.push(text);
      text = '';
      if (answers.length === count) (resolve(answers), socket.destroy());
      else socket.write(request);
    });
    socket.on('error', reject);
    socket.on('end', () => reject(new Error(`closed after ${answers.length} answers`)));
  });
}

const request_for = (host, path) => `GET http://${host}${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;

describe('e2e/storm', () => {
  test(`${REFUSALS} refusals are all answered and diagnosed while another client is served`, async (t) => {
    const cosdiag = await start_cosdiag(t, await separate_origin(t));
    const each = Math.ceil(REFUSALS / CONNECTIONS);
    const stormers = Array.from({ length: CONNECTIONS }, () =>
      ask_again_and_again(cosdiag.port, request_for(HOST, '/private'), each, (text) => text.endsWith('</Error>\n\n')),
    );
    const open = request_for(host_of(PUBLIC_BUCKET), '/exampleobject');
    const other = ask_again_and_again(cosdiag.port, open, 300, (text) => text.endsWith('read this\n'));
    const refused = (await Promise.all(stormers)).flat();
    const served = await other;

    assert.equal(refused.length, each * CONNECTIONS);
    assert.ok(refused.every((text) => text.startsWith('HTTP/1.1 403 ')));
    const ids = refused.map(
      (text) => /\r\nX-Cos-Diagnosis: anonymous-request;[^\r]*id="([0-9a-f]{16})"/i.exec(text)?.[1],
    );
    assert.equal(ids.filter(Boolean).length, refused.length);
    assert.equal(new Set(ids).size, refused.length, 'every refusal has an id of its own');
    assert.ok(served.every((text) => text.startsWith('HTTP/1.1 200 ') && !/x-cos-diagnosis/i.test(text)));

    const logged = async () => (await cosdiag.log_text()).split('\n').length - 1;
    const first = await eventually(logged, 'entries in the log');
    assert.ok(first <= refused.length);
    const known = new Set(ids);
    assert.ok(
      (await cosdiag.entries()).every(({ id }) => known.has(id)),
      'each line is one whole entry of these',
    );
    assert.equal(cosdiag.exit, null);
  });
});
