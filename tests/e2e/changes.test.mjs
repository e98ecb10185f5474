// SPDX-License-Identifier: Apache-2.0
// What changes while clients are served: settings, the log, and the program's end. Nobody's request is lost by it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describe, test } from 'node:test';
import { start_origin } from '../origin/origin.mjs';
import { PUBLIC_BUCKET } from '../origin/world.mjs';
import { start_with_settings } from './support/admin.mjs';
import { HOST, curl, host_of } from './support/clients.mjs';
import { program, start_cosdiag, start_pair } from './support/cosdiag.mjs';
import { read_diagnosis } from './support/diagnosis.mjs';
import { clean_env, eventually, scratch } from './support/environment.mjs';
import { Load } from './support/load.mjs';

const OPEN = host_of(PUBLIC_BUCKET);

/** One request on a connection of its own: when it is with the system, and what came back. */
function ask_once(port, url, host) {
  const socket = net.connect(port, '127.0.0.1');
  const sent = new Promise((resolve) => {
    socket.write(`GET ${url} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`, resolve);
  });
  const answer = new Promise((resolve) => {
    let text = '';
    socket.on('data', (piece) => (text += piece.toString('latin1')));
    socket.on('error', (error) => resolve(error.code));
    socket.on('end', () => resolve(text));
  });
  return { sent, answer };
}

const has_via = async (cosdiag) => (await curl(cosdiag.url, [`http://${OPEN}/exampleobject`])).headers.via !== undefined;

describe('e2e/changes', () => {
  test('SIGTERM under load: every request on an accepted connection is answered, then nobody is let in', async (t) => {
    const { cosdiag } = await start_pair(t);
    const load = new Load(cosdiag.port, OPEN, '/exampleobject');
    await eventually(() => load.answered > 500, 'load');
    cosdiag.child.kill('SIGTERM');
    await eventually(() => cosdiag.exit, 'the program to end');
    await load.stop();
    assert.deepEqual(load.lost, []);
    assert.equal(load.answered, load.begun);
    assert.ok(load.refused > 0);
    assert.deepEqual(cosdiag.exit, { status: 0, signal: null });
  });

  test('SIGTERM lets those in who connected before it, though nobody had greeted them yet', async (t) => {
    const { cosdiag } = await start_pair(t, { args: ['--threads', '1'] });
    cosdiag.child.kill('SIGSTOP');
    const waiting = Array.from({ length: 400 }, () => ask_once(cosdiag.port, `http://${OPEN}/exampleobject`, OPEN));
    await Promise.all(waiting.map((each) => each.sent));
    cosdiag.child.kill('SIGTERM');
    cosdiag.child.kill('SIGCONT');
    const answers = await Promise.all(waiting.map((each) => each.answer));
    assert.deepEqual(
      answers.filter((text) => !text.endsWith('read this\n')),
      [],
    );
    await eventually(() => cosdiag.exit, 'the program to end');
  });

  test('SIGTERM turns out clients that do not ask, and waits no longer than the deadline for one that does not end', async (t) => {
    const { origin, cosdiag } = await start_with_settings(t, 'drain: {deadline: 1500ms}\n');
    const idle = net.connect(cosdiag.port, '127.0.0.1');
    t.after(() => idle.destroy());
    let idle_ended = false;
    idle.on('end', () => (idle_ended = true)).resume();
    origin.rules.add({ steps: [{ stall: true }] });
    const endless = curl(cosdiag.url, [`http://${OPEN}/slow`]);
    await eventually(() => origin.requests.length === 1, 'the request to arrive');
    cosdiag.child.kill('SIGTERM');
    await eventually(() => idle_ended, 'the idle client to be turned out');
    assert.equal(cosdiag.exit, null, 'the request under way still has time');
    await eventually(() => cosdiag.exit, 'the program to end');
    assert.deepEqual(cosdiag.exit, { status: 0, signal: null });
    assert.notEqual((await endless).exit, 0);
  });

  test('readiness: 200 while it serves, 503 as soon as it drains, and those who follow are told', async (t) => {
    const { origin, cosdiag } = await start_with_settings(t);
    assert.equal((await fetch(`${cosdiag.admin}/readyz`)).status, 200);
    const followed = await fetch(`${cosdiag.admin}/api/diagnoses`, { headers: { accept: 'text/event-stream' } });
    let events = '';
    const reading = (async () => {
      for await (const piece of followed.body) events += Buffer.from(piece).toString();
    })().catch(() => {});
    let let_go;
    const held = new Promise((resolve) => (let_go = resolve));
    origin.rules.add({ steps: [{ wait_for: held }, { send: 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone' }] });
    const under_way = curl(cosdiag.url, [`http://${OPEN}/slow`]);
    await eventually(() => origin.requests.length === 1, 'the request to arrive');
    cosdiag.child.kill('SIGTERM');
    const ready = await eventually(async () => {
      const answer = await fetch(`${cosdiag.admin}/readyz`);
      return answer.status === 503 && answer;
    }, 'it not to be ready');
    assert.equal(await ready.text(), 'draining\n');
    assert.equal((await fetch(`${cosdiag.admin}/livez`)).status, 200);
    await eventually(() => events.includes('event: draining'), 'the event');
    let_go();
    assert.equal((await under_way).body.toString(), 'done');
    await eventually(() => cosdiag.exit, 'the program to end');
    await reading;
  });

  test('SIGHUP takes new settings under load, and no request is lost', async (t) => {
    const { cosdiag } = await start_with_settings(t, 'via: true\n');
    assert.equal(await has_via(cosdiag), true);
    const load = new Load(cosdiag.port, OPEN, '/exampleobject');
    await eventually(() => load.answered > 300, 'load');
    for (const via of [false, true, false]) {
      cosdiag.settings(`via: ${via}\nthreads: ${via ? 1 : 3}\n`);
      await cosdiag.reload('ok');
      const so_far = load.answered;
      await eventually(() => load.answered > so_far + 300, 'more load');
      assert.equal(await has_via(cosdiag), via);
    }
    await load.stop();
    assert.deepEqual([load.lost, load.refused], [[], 0]);
    assert.equal(load.answered, load.begun);
  });

  test('a bad file is rejected whole, with all that is wrong in it, and the settings before stay', async (t) => {
    const { cosdiag } = await start_with_settings(t, 'via: false\n');
    cosdiag.settings('via: true\nlimits: {hold: never}\nno_such_key: 1\n');
    renameSync(cosdiag.log_file, `${cosdiag.log_file}.1`);
    await cosdiag.reload('rejected');
    await eventually(() => existsSync(cosdiag.log_file), 'a new log file all the same');
    assert.equal(await has_via(cosdiag), false);
    assert.equal(await cosdiag.metric('config_last_reload_successful'), 0);
    for (const said of [/limits\.hold/, /no_such_key/, /those before stay/])
      await eventually(() => said.test(cosdiag.stderr), `${said} on the error stream`);
    cosdiag.settings('via: true\n');
    await cosdiag.reload('ok');
    assert.equal(await has_via(cosdiag), true);
    assert.equal(await cosdiag.metric('config_last_reload_successful'), 1);
  });

  test('listeners come and go with the settings; one that cannot be had leaves everything as it was', async (t) => {
    const listeners = (...ports) => `listeners: [${ports.map((port) => `{address: '127.0.0.1:${port}'}`)}]\n`;
    const { cosdiag } = await start_with_settings(t, listeners(0), { listens: false });
    const asks = (port) => curl(`http://127.0.0.1:${port}`, [`http://${OPEN}/exampleobject`]);
    const other = net.createServer();
    await new Promise((resolve) => other.listen(0, '127.0.0.1', resolve));
    t.after(() => other.close());
    const { port } = other.address();

    cosdiag.settings(`via: false\n${listeners(0, port)}`);
    await cosdiag.reload('rejected');
    const taken = new RegExp(`127\\.0\\.0\\.1:${port}: the address is taken`);
    await eventually(() => taken.test(cosdiag.stderr), 'the reason');
    assert.equal(await has_via(cosdiag), true);

    await new Promise((resolve) => other.close(resolve));
    await cosdiag.reload('ok');
    assert.equal((await asks(port)).status, 200);
    assert.equal(await has_via(cosdiag), false, 'the first address is still the same');

    cosdiag.settings(listeners(port));
    await cosdiag.reload('ok');
    await eventually(async () => (await asks(cosdiag.port)).exit === 7, 'the first listener to close');
    assert.equal((await asks(port)).status, 200);
  });

  test('a tunnel that is open when settings change goes on', async (t) => {
    const { cosdiag } = await start_with_settings(t, 'access: {connect_ports: [80, 443]}\n');
    const socket = net.connect(cosdiag.port, '127.0.0.1');
    t.after(() => socket.destroy());
    let text = '';
    socket.on('data', (piece) => (text += piece));
    socket.write(`CONNECT ${OPEN}:443 HTTP/1.1\r\nHost: ${OPEN}:443\r\n\r\n`);
    await eventually(() => text.startsWith('HTTP/1.1 200'), 'the tunnel');
    cosdiag.settings('access: {connect_ports: [443]}\n');
    await cosdiag.reload('ok');
    text = '';
    socket.write(`GET /exampleobject HTTP/1.1\r\nHost: ${OPEN}\r\n\r\n`);
    await eventually(() => text.endsWith('read this\n'), 'an answer through it');
  });

  test('the log is rotated under load, and every diagnosis stands in one of the files', async (t) => {
    const { cosdiag } = await start_with_settings(t);
    const load = new Load(cosdiag.port, HOST, '/private', { lasting: 4, passing: 2 });
    for (const part of [1, 2, 3]) {
      const so_far = load.answered;
      await eventually(() => load.answered > so_far + 200, 'refusals');
      renameSync(cosdiag.log_file, `${cosdiag.log_file}.${part}`);
      await cosdiag.reload('ok');
      await eventually(() => existsSync(cosdiag.log_file), 'a new log file');
    }
    await load.stop();
    assert.deepEqual(load.lost, []);
    const lines = () =>
      ['.1', '.2', '.3', '']
        .flatMap((end) => readFileSync(cosdiag.log_file + end, 'utf8').split('\n'))
        .filter(Boolean);
    await eventually(() => lines().length >= load.answered, 'all entries');
    assert.equal(lines().length, load.answered);
    assert.equal(new Set(lines().map((line) => JSON.parse(line).id)).size, load.answered);
    assert.equal(await cosdiag.metric('log_entries_total{result="lost"}'), 0);
  });

  test('after kill -9 it starts again at once on the same address, and its log goes on', async (t) => {
    const { origin, cosdiag } = await start_pair(t);
    const [{ id }] = read_diagnosis((await curl(cosdiag.url, [`http://${HOST}/private`])).headers);
    await cosdiag.entry(id);
    const load = new Load(cosdiag.port, OPEN, '/exampleobject');
    await eventually(() => load.answered > 100, 'load');
    cosdiag.child.kill('SIGKILL');
    await eventually(() => cosdiag.exit, 'the program to end');
    const again = await start_cosdiag(
      t,
      origin.port,
      ['--listen', `127.0.0.1:${cosdiag.port}`, '--log', cosdiag.log_file],
      { log: false },
    );
    const so_far = load.answered;
    await eventually(() => load.answered > so_far + 100, 'load again');
    await load.stop();
    assert.equal(again.exit, null);
    const [later] = read_diagnosis((await curl(cosdiag.url, [`http://${HOST}/private`])).headers);
    await cosdiag.entry(later.id);
    assert.ok((await cosdiag.entries()).some((entry) => entry.id === id));
  });

  test('a socket that the service manager keeps outlives the program, and so do those who wait there', async (t) => {
    const origin = await start_origin();
    t.after(() => origin.close());
    const keeper = path.join(await scratch(t), 'keeper.py');
    writeFileSync(
      keeper,
      'import os, socket, subprocess, sys\n' +
        's = socket.create_server(("127.0.0.1", 0)); os.dup2(s.fileno(), 3); os.set_inheritable(3, True)\n' +
        'args = [sys.argv[1], "--listen", "127.0.0.1:%d" % s.getsockname()[1], *sys.argv[2:]]\n' +
        'print(s.getsockname()[1], flush=True)\n' +
        'for line in sys.stdin:\n' +
        '    shell = ["sh", "-c", "LISTEN_FDS=1 LISTEN_PID=$$ exec \\"$@\\"", "sh"]\n' +
        '    child = subprocess.Popen(shell + args, pass_fds=[3])\n' +
        '    print(child.pid, flush=True)\n' +
        '    print("ended %d" % child.wait(), flush=True)\n',
    );
    const rules = ['--connect-to', `::127.0.0.1:${origin.port}`, '--allow-destination', '127.0.0.0/8', '--threads', '2'];
    const manager = spawn('python3', [keeper, program(), ...rules], { env: clean_env(), stdio: ['pipe', 'pipe', 'ignore'] });
    t.after(() => manager.kill());
    let said = '';
    manager.stdout.on('data', (piece) => (said += piece));
    const lines = (count) => eventually(() => said.split('\n').length > count && said.split('\n'), `${count} lines`);
    const port = Number((await lines(1))[0]);
    const ask = () => ask_once(port, `http://${OPEN}/exampleobject`, OPEN);
    manager.stdin.write('start\n');
    const pid = Number((await lines(2))[1]);
    assert.match(await ask().answer, /read this\n$/);
    process.kill(pid, 'SIGTERM');
    assert.equal((await lines(3))[2], 'ended 0');
    const waiting = ask();
    await waiting.sent;
    manager.stdin.write('start\n');
    const next = Number((await lines(4))[3]);
    assert.match(await waiting.answer, /read this\n$/);
    process.kill(next, 'SIGTERM');
    await lines(5);
  });

  test('the service manager hears of readiness, new settings, the end, and that it is alive', async (t) => {
    const folder = await scratch(t);
    const listener = path.join(folder, 'notify.py');
    writeFileSync(
      listener,
      'import socket, sys\ns = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)\ns.bind(sys.argv[1])\n' +
        'print("bound", flush=True)\nwhile True: print(s.recv(4096).decode().split("\\n")[0], flush=True)\n',
    );
    const manager = spawn('python3', [listener, path.join(folder, 'notify')], { stdio: ['ignore', 'pipe', 'inherit'] });
    t.after(() => manager.kill());
    let heard = '';
    manager.stdout.on('data', (piece) => (heard += piece));
    await eventually(() => heard.includes('bound'), 'the manager');
    const { cosdiag } = await start_pair(t, {
      env: { NOTIFY_SOCKET: path.join(folder, 'notify'), WATCHDOG_USEC: '100000' },
    });
    await eventually(() => heard.includes('READY=1'), 'readiness');
    await eventually(() => (heard.match(/WATCHDOG=1/g) ?? []).length > 2, 'signs of life');
    cosdiag.child.kill('SIGHUP');
    await eventually(() => /RELOADING=1\n(WATCHDOG=1\n)*READY=1/.test(heard), 'new settings');
    cosdiag.child.kill('SIGTERM');
    await eventually(() => heard.includes('STOPPING=1'), 'the end');
  });
});
