// SPDX-License-Identifier: Apache-2.0
// The program with its live page, and requests that are refused in ways that the page draws differently.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import net from 'node:net';
import { start_origin } from '../../origin/origin.mjs';
import { BUCKET, HOTLINK_BUCKET, KEYS } from '../../origin/world.mjs';
import { open_page } from './browser.mjs';
import { HOST, authorization, curl, host_of, key_time, presigned } from './clients.mjs';
import { start_cosdiag } from './cosdiag.mjs';

/** The program with its admin listener, before a stand-in of its own. */
export async function start_page(t, args = [], options = {}) {
  const origin = await start_origin();
  t.after(() => origin.close());
  // Nothing is in flight when a test ends: the program need not wait for its clients to leave.
  let cosdiag;
  t.after(() => cosdiag?.child.kill('SIGKILL'));
  cosdiag = await start_cosdiag(t, origin.port, ['--admin', '127.0.0.1:0', ...args], options);
  cosdiag.admin = /live page\s+(http:\/\/[^/]+)/.exec(cosdiag.stderr)[1];
  return { origin, cosdiag };
}

const object = `http://${HOST}/exampleobject`;
const hour_ago = { 'x-cos-date': new Date(Date.now() - 3_600_000).toUTCString() };
const dated = authorization(KEYS.root, { headers: hour_ago });

/** The arguments of curl for one refusal of each kind. */
const REFUSALS = {
  anonymous: [`http://${HOST}/private`],
  expired: [presigned(KEYS.root, { window: key_time(-7200, -3600) })],
  skewed: ['-H', `x-cos-date: ${hour_ago['x-cos-date']}`, '-H', `Authorization: ${dated}`, object],
  denied: [presigned(KEYS.uploader, { bucket: BUCKET })],
  referer: ['-e', 'https://blog.example/post', `http://${host_of(HOTLINK_BUCKET)}/picture.png`],
};

/** Has so many requests refused, one after the other. */
export async function refuse(cosdiag, ...names) {
  for (const name of names) assert.equal((await curl(cosdiag.url, REFUSALS[name])).status, 403, name);
}

const answer = (body) =>
  `HTTP/1.1 403 Forbidden\r\nServer: tencent-cos\r\nContent-Type: application/xml\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

/** COS decodes + in a path to a blank, and answers with the text that it signed itself. */
export async function refuse_for_its_path(origin, cosdiag) {
  const times = key_time(-60, 600);
  const text = `get\n/a b.txt\n\nhost=${HOST}\n`;
  const to_sign = `sha1\n${times}\n${createHash('sha1').update(text).digest('hex')}\n`;
  const message = '<Code>SignatureDoesNotMatch</Code><Message>The Signature you specified is invalid.</Message>';
  const strings = `<StringToSign>${to_sign}</StringToSign><FormatString>${text}</FormatString>`;
  origin.rules.add({ steps: [{ send: answer(`<Error>${message}${strings}</Error>`) }] });
  const signed = authorization(KEYS.root, { object: 'a+b.txt', window: times });
  await curl(cosdiag.url, ['-H', `Authorization: ${signed}`, `http://${HOST}/a+b.txt`]);
}

export const HOSTILE = '<img src=x onerror=document.title="owned"><script>document.title="owned"</script>';

/** Key, User-Agent and Message try to be more than text. */
export async function refuse_the_hostile(origin, cosdiag) {
  const message = HOSTILE.replaceAll('<', '&lt;');
  origin.rules.add({
    steps: [{ send: answer(`<Error><Code>AccessDenied</Code><Message>Access Denied.${message}</Message></Error>`) }],
  });
  const key = encodeURIComponent(`a\u202egnp.exe <b>x</b>${'long'.repeat(60)}`);
  await curl(cosdiag.url, ['-A', HOSTILE, `http://${HOST}/${key}`]);
}

/** So many refusals, for objects `private/CLIENT-NUMBER`, by clients that each keep their connection. */
export async function refuse_many(cosdiag, clients, each) {
  const request = (client, at) => `GET http://${HOST}/private/${client}-${at} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`;
  await Promise.all(Array.from({ length: clients }, (_, client) => ask_many(cosdiag.port, (at) => request(client, at), each)));
}

/** Asks so many times over one connection, one after the other. */
function ask_many(port, request, count) {
  return new Promise((resolve, reject) => {
    let answered = 0;
    let text = '';
    const socket = net.connect(port, '127.0.0.1', () => socket.write(request(0)));
    socket.on('error', reject);
    socket.on('data', (piece) => {
      text += piece.toString('latin1');
      if (!text.endsWith('</Error>\n\n')) return;
      text = '';
      answered += 1;
      if (answered === count) {
        resolve();
        socket.destroy();
      } else {
        socket.write(request(answered));
      }
    });
  });
}

/** A way to the admin listener that breaks and is mended: `cut()` ends all connections and takes no others. */
export async function breakable(t, admin) {
  const { hostname: host, port } = new URL(admin);
  const sockets = new Set();
  const server = net.createServer((client) => {
    const behind = net.connect(Number(port), host);
    for (const [from, to] of [
      [client, behind],
      [behind, client],
    ]) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => (sockets.delete(from), to.destroy()));
      from.pipe(to);
    }
  });
  const mend = (at) => new Promise((resolve) => server.listen(at, '127.0.0.1', resolve));
  await mend(0);
  const own = server.address().port;
  const cut = () => (server.close(), sockets.forEach((socket) => socket.destroy()));
  t.after(cut);
  return { url: `http://127.0.0.1:${own}`, cut, mend: () => mend(own) };
}

/** Opens the page until the test ends; a page left open would go on trying to reach a program that is gone. */
export async function visit(t, browser, url, look) {
  const page = await open_page(browser, url, look);
  t.after(() => page.context().close());
  return page;
}

/** The rows of that title. */
export const row = (page, title) => page.locator('.row', { has: page.getByText(title, { exact: true }) });

export const story_title = (page, title) => page.locator('#reading h2', { hasText: title });

/** What the clipboard holds after a button was pressed. */
export async function copied(page, name) {
  await page.evaluate(() => navigator.clipboard.writeText(''));
  await page.getByRole('button', { name }).first().click();
  await page.getByText('Copied', { exact: true }).first().waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
}
