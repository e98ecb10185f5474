// SPDX-License-Identifier: Apache-2.0
// What the admin listener says: its pages, numbers that add up, entries by filter and page, and entries as they come.
import assert from 'node:assert/strict';
import { chmodSync, readFileSync, readdirSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describe, test } from 'node:test';
import { BUCKET, KEYS, PUBLIC_BUCKET } from '../origin/world.mjs';
import { Follower, ask, deaf_follower, json, metrics, start_with_admin, start_with_settings, sum } from './support/admin.mjs';
import { HOST, curl, host_of, key_time, presigned, raw } from './support/clients.mjs';
import { program } from './support/cosdiag.mjs';
import { read_diagnosis } from './support/diagnosis.mjs';
import { clean_env, eventually, run, scratch } from './support/environment.mjs';
import { Load } from './support/load.mjs';

const OPEN = host_of(PUBLIC_BUCKET);
const PRIVATE = `http://${HOST}/private`;

const refuse = (cosdiag, times) => curl(cosdiag.url, Array(times).fill(PRIVATE));
const up_to = (count) => Array.from({ length: count }, (_, i) => i + 1);

/** A tunnel through which one request goes. */
async function tunnel(cosdiag, host, inside) {
  const request = `CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}:443\r\n\r\n`;
  const { bytes } = await raw(cosdiag.port, [request, `GET /exampleobject HTTP/1.1\r\nHost: ${inside}\r\nConnection: close\r\n\r\n`]);
  assert.match(bytes.toString(), /^HTTP\/1\.1 200 [^]*read this\n$/);
}

/** Reads on from page to page: the numbers in each. */
async function pages(port, query) {
  const all = [];
  for (let next = ''; next !== null; ) {
    const page = await json(port, `/api/diagnoses?${query}${next && `&before=${next}`}`);
    all.push(page.entries.map(({ seq }) => seq));
    next = page.next;
    assert.ok(next === null || page.entries.length > 0);
  }
  return all;
}

describe('e2e/admin', () => {
  test('each page is what it says it is', async (t) => {
    const { cosdiag } = await start_with_admin(t);
    const port = cosdiag.admin_port;
    const html = await ask(port, '/');
    assert.match(html.text, /^<!doctype html>/);
    assert.match(html.headers['content-security-policy'], /default-src 'none'.*script-src 'sha256-.*connect-src 'self'/);
    assert.equal((await ask(port, '/livez')).text, 'ok\n');
    assert.equal((await ask(port, '/readyz')).text, 'ready\n');

    const status = await json(port, '/api/status');
    assert.equal(status.schema, 'cosdiag.status/1');
    assert.deepEqual(status.listeners, [{ address: `127.0.0.1:${cosdiag.port}`, mode: 'forward', tls: false }]);
    assert.deepEqual(status.https, { domains: [], ca_made: null });
    assert.equal(status.log, cosdiag.log_file);
    assert.ok(Math.abs(Date.parse(status.now) - Date.now()) < 60_000 && Date.parse(status.started) <= Date.parse(status.now));
    assert.equal((await json(port, '/api/diagnoses')).instance, status.instance);

    const { causes } = await json(port, '/api/causes');
    assert.ok(causes.length > 30 && causes.every(({ en, zh, docs }) => en.title && zh.title && docs.startsWith('https://')));
    const setup = await json(port, '/api/setup');
    assert.equal(setup.proxy, cosdiag.url);
    assert.match(setup.shell, /^eval "\$\(.* env.*\)"$/);
    const missing = await ask(port, '/nothing');
    assert.deepEqual([missing.status, Object.keys(missing.json())], [404, ['error']]);
    const wrong = await ask(port, '/api/diagnoses?limit=0');
    assert.deepEqual([wrong.status, wrong.json()], [400, { error: 'limit is no number from 1 to 1000' }]);
  });

  test('numbers add up after traffic of many kinds, and Prometheus likes how they are written', async (t) => {
    const { origin, cosdiag } = await start_with_admin(t);
    const port = cosdiag.admin_port;
    for (let i = 0; i < 5; i += 1) await curl(cosdiag.url, [`http://${OPEN}/exampleobject`]);
    await refuse(cosdiag, 4);
    await curl(cosdiag.url, ['-I', PRIVATE]);
    await curl(cosdiag.url, ['-T', '/dev/null', `http://${HOST}/new`]);
    await curl(cosdiag.url, ['-X', 'PROPFIND', PRIVATE]);
    await curl(cosdiag.url, [presigned(KEYS.root, { window: key_time(-7200, -3600) })]);
    origin.rules.add({ match: { path: '/moved' }, steps: [{ send: 'HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /\r\n\r\n' }] });
    origin.rules.add({ match: { path: '/broken' }, steps: [{ send: 'HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n' }] });
    origin.rules.add({ match: { path: '/silent' }, steps: [{ reset: true }] });
    for (const path of ['moved', 'broken']) await curl(cosdiag.url, [`http://${OPEN}/${path}`]);
    const silent = await curl(cosdiag.url, [`http://${OPEN}/silent`]);
    assert.equal(silent.status, 502);
    await raw(cosdiag.port, 'nonsense\r\n\r\n');
    await tunnel(cosdiag, HOST, OPEN);
    await tunnel(cosdiag, 'www.example.com', OPEN);
    const status = await eventually(async () => {
      const now = await json(port, '/api/status');
      return now.counts.client_connections === 0 && now;
    }, 'all clients to be gone');

    const numbers = await metrics(port);
    const forwarded = sum(numbers, 'requests_total');
    const by_class = (name) => sum(numbers, 'requests_total', `status_class="${name}"`);
    assert.deepEqual(['2xx', '3xx', '4xx', '5xx'].map(by_class), [5, 1, 8, 1]);
    assert.equal(sum(numbers, 'requests_total', 'method="GET"', 'mode="forward"', '2xx'), 5);
    assert.equal(sum(numbers, 'requests_total', 'method="other"'), 1);
    assert.equal(by_class('none') + 15, forwarded);
    assert.equal(status.counts.requests, forwarded);
    assert.equal(sum(numbers, 'refusals_total'), 2, 'nonsense, and no answer');
    assert.equal(sum(numbers, 'refusals_total', 'http_request_error'), 1);
    assert.deepEqual([sum(numbers, 'tunnels_total', 'blind_cos'), sum(numbers, 'tunnels_total', 'blind_other')], [1, 1]);
    assert.equal(status.counts.blind_tunnels, 1);
    assert.equal(sum(numbers, 'diagnoses_total'), 8);
    assert.equal(sum(numbers, 'diagnoses_total', 'signature-expired', 'certain'), 1);
    assert.equal(status.counts.diagnoses, 8);
    assert.equal(sum(numbers, 'client_connections_total'), 5 + 1 + 4 + 3 + 1 + 2);
    assert.equal(numbers.get('cosdiag_client_connections'), 0);
    const reached = sum(numbers, 'upstream_requests_total');
    assert.ok(reached >= 18 && reached <= 20, `${reached} requests and tunnels, one of which may have been tried again`);
    assert.ok(Math.abs(numbers.get('cosdiag_clock_offset_seconds')) < 60);
    for (const [name, count] of Object.entries({ request_duration_seconds: forwarded, upstream_response_seconds: 15, hold_seconds: 8 })) {
      assert.equal(numbers.get(`cosdiag_${name}_count`), count, name);
      assert.equal(numbers.get(`cosdiag_${name}_bucket{le="+Inf"}`), count, name);
      const ranges = [...numbers].filter(([key]) => key.startsWith(`cosdiag_${name}_bucket`)).map(([, value]) => value);
      assert.deepEqual(ranges, ranges.toSorted?.((a, b) => a - b) ?? [...ranges].sort((a, b) => a - b), name);
    }
    await eventually(async () => sum(await metrics(port), 'log_entries_total', 'written') === 8, 'the log');
    assert.equal((await cosdiag.entries()).length, 8);
    assert.ok(numbers.get('process_open_fds') > 5 && numbers.get('process_resident_memory_bytes') > 1e6);
    assert.ok(Math.abs(numbers.get('process_start_time_seconds') - Date.now() / 1000) < 600);

    const { text } = await ask(port, '/metrics');
    const checked = await run('promtool', ['check', 'metrics'], { env: clean_env(), input: text });
    assert.deepEqual([checked.status, checked.stdout, checked.stderr], [0, '', '']);
  });

  test('entries by filter, and page by page, each once', async (t) => {
    const { cosdiag } = await start_with_admin(t);
    const port = cosdiag.admin_port;
    for (let round = 0; round < 5; round += 1) {
      await refuse(cosdiag, 5);
      await curl(cosdiag.url, [presigned(KEYS.root, { object: `expired ${round}`, window: key_time(-7200, -3600) })]);
    }
    const all = await json(port, '/api/diagnoses');
    assert.deepEqual(all.entries.map(({ seq }) => seq), up_to(30).reverse());
    assert.deepEqual([all.next, all.latest, all.kept, all.forgotten], [null, 30, 30, 0]);
    await eventually(async () => (await cosdiag.entries()).length === 30, 'the log');
    assert.deepEqual(all.entries.map(({ entry }) => entry).reverse(), await cosdiag.entries());

    const expired = [30, 24, 18, 12, 6];
    for (const [query, expected] of Object.entries({
      'cause=signature-expired': expired,
      'confidence=certain&cause=signature-expired': expired,
      [`access_key=${KEYS.root.secret_id}`]: expired,
      'key=EXPIRED+3': [24],
      'text=expired%203': [24],
      'text=nobody%20says%20this': [],
      [`bucket=${BUCKET}&limit=1000`]: up_to(30).reverse(),
      [`host=${HOST.toUpperCase()}&key=private&limit=7`]: up_to(30).reverse().filter((seq) => seq % 6),
      'action=GetObject&cause=signature-expired': expired,
      'action=name/cos:GetObject&cause=signature-expired': expired,
    })) {
      for (const limit of ['', '&limit=1', '&limit=3', '&limit=5']) {
        const seen = await pages(port, query + limit);
        assert.deepEqual(seen.flat(), expected, query + limit);
        if (limit) assert.ok(seen.every((page) => page.length <= Number(limit.slice(7))));
      }
    }
  });

  test('entries as they come: to each who follows, by filter, and from the last number that a reader saw', async (t) => {
    const { cosdiag } = await start_with_admin(t);
    const port = cosdiag.admin_port;
    await refuse(cosdiag, 3);
    const [first, second] = [new Follower(t, port), new Follower(t, port)];
    const expired = new Follower(t, port, { query: '?cause=signature-expired' });
    for (const each of [first, second, expired]) assert.equal((await each.event('instance')).latest, 3);
    const refused = await refuse(cosdiag, 2);
    await curl(cosdiag.url, [presigned(KEYS.root, { window: key_time(-7200, -3600) })]);
    for (const each of [first, second]) {
      await eventually(() => each.seqs.length === 3, 'three entries');
      assert.deepEqual(each.seqs, [4, 5, 6]);
    }
    await eventually(() => expired.seqs.length, 'the one that fits');
    assert.deepEqual(expired.seqs, [6]);
    const entry = await first.event('diagnosis');
    assert.equal(entry.id, read_diagnosis(refused.headers)[0].id);

    const back = new Follower(t, port, { headers: { 'Last-Event-ID': '4' } });
    const from = new Follower(t, port, { query: '?after=1' });
    const other = new Follower(t, port, { headers: { 'Last-Event-ID': '4000' } });
    for (const [follower, seqs] of [[back, [5, 6]], [from, [2, 3, 4, 5, 6]], [other, up_to(6)]]) {
      await eventually(() => follower.seqs.length === seqs.length, 'what was missed');
      assert.deepEqual(follower.seqs, seqs);
      assert.equal(follower.events[0].event, 'instance');
    }
  });

  test('one that follows and does not read harms neither traffic nor the others who follow', async (t) => {
    const { cosdiag } = await start_with_admin(t);
    const port = cosdiag.admin_port;
    await deaf_follower(t, port);
    const reader = new Follower(t, port);
    await reader.event('instance');
    const load = new Load(cosdiag.port, HOST, '/private', { lasting: 4, passing: 0 });
    await eventually(() => load.answered > 4000, 'load', 60_000);
    await load.stop();
    assert.deepEqual([load.lost, load.answered], [[], load.begun]);
    await eventually(() => reader.seqs.at(-1) === load.answered, 'all entries');
    assert.deepEqual(reader.seqs, up_to(load.answered));
    assert.equal((await ask(port, '/readyz')).status, 200);
  });

  test('what memory lets go of is told, to who reads on and to who follows', async (t) => {
    const { cosdiag } = await start_with_admin(t);
    const port = cosdiag.admin_port;
    const load = new Load(cosdiag.port, HOST, `/${'k'.repeat(700)}`, { lasting: 4, passing: 0 });
    const listed = await eventually(async () => {
      const page = await json(port, '/api/diagnoses?limit=1');
      return page.forgotten > 100 && page;
    }, 'more than memory holds', 120_000);
    await load.stop();
    assert.equal(listed.latest - listed.forgotten, listed.kept);
    assert.ok(listed.kept <= 10_000);
    const back = new Follower(t, port, { query: '?after=50' });
    const gap = await back.event('forgotten');
    assert.equal(gap.from, 51);
    await eventually(() => back.seqs.length, 'entries behind the gap');
    assert.equal(back.seqs[0], gap.to + 1);
    const oldest = await json(port, `/api/diagnoses?before=${gap.to + 11}`);
    assert.equal(oldest.entries.length, 10);
    assert.equal(oldest.next, null);
  });

  test('connections of clients that are there are counted, and gone when they go', async (t) => {
    const { cosdiag } = await start_with_admin(t);
    const here = Array.from({ length: 3 }, () => net.connect(cosdiag.port, '127.0.0.1'));
    t.after(() => here.forEach((socket) => socket.destroy()));
    const connected = async () => (await metrics(cosdiag.admin_port)).get('cosdiag_client_connections');
    await eventually(async () => (await connected()) === 3, 'three clients');
    here[0].destroy();
    await eventually(async () => (await connected()) === 2, 'two clients');
  });

  test('settings with a CA that cannot be used are rejected and counted as any others', async (t) => {
    const data_dir = await scratch(t);
    const made = await run(program(), ['ca', 'init', '--data-dir', data_dir], { env: clean_env() });
    assert.equal(made.status, 0, made.stderr);
    const { cosdiag } = await start_with_settings(t, `data_dir: ${data_dir}\n`);
    const keys = readdirSync(data_dir).filter((name) => /key/.test(name));
    assert.equal(keys.length, 1);
    chmodSync(path.join(data_dir, keys[0]), 0o644);
    await cosdiag.reload('rejected');
    assert.equal(await cosdiag.metric('config_last_reload_successful'), 0);
    chmodSync(path.join(data_dir, keys[0]), 0o600);
    await cosdiag.reload('ok');
    assert.equal(await cosdiag.metric('config_last_reload_successful'), 1);
  });

  test('numbers of log entries go on when the settings name another file', async (t) => {
    const folder = await scratch(t);
    const { cosdiag } = await start_with_settings(t, `diagnosis: {log: ${folder}/first}\n`, { log: false });
    const written = () => cosdiag.metric('log_entries_total{result="written"}');
    await curl(cosdiag.url, Array(3).fill(`http://${HOST}/private`));
    await eventually(async () => (await written()) === 3, 'three entries');
    cosdiag.settings(`diagnosis: {log: ${folder}/second}\n`);
    await cosdiag.reload('ok');
    assert.equal(await written(), 3);
    await curl(cosdiag.url, Array(2).fill(`http://${HOST}/private`));
    await eventually(async () => (await written()) === 5, 'five entries');
    assert.equal(readFileSync(path.join(folder, 'second'), 'utf8').match(/\n/g).length, 2);
  });
});
