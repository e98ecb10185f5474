// SPDX-License-Identifier: Apache-2.0
// The admin listener as its visitors see it: plain requests with any Host, and streams of events.
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { start_origin } from '../../origin/origin.mjs';
import { start_cosdiag, start_pair } from './cosdiag.mjs';
import { eventually, scratch } from './environment.mjs';

/** A stand-in and the program with an admin listener; `cosdiag.admin` has its URL, `admin_port` its port. */
export async function start_with_admin(t, { args = [], ...more } = {}) {
  const pair = await start_pair(t, { args: ['--admin', '127.0.0.1:0', ...args], ...more });
  pair.cosdiag.admin = await eventually(() => /live page\s+(http:\/\/[^/\s]+)/.exec(pair.cosdiag.stderr)?.[1], 'the banner');
  pair.cosdiag.admin_port = Number(new URL(pair.cosdiag.admin).port);
  return pair;
}

/** The program with a settings file that the test may rewrite, and its admin listener. */
export async function start_with_settings(t, settings = '', options = {}) {
  const origin = await start_origin();
  t.after(() => origin.close());
  const file = path.join(await scratch(t), 'settings.yaml');
  writeFileSync(file, settings);
  const cosdiag = await start_cosdiag(t, origin.port, ['--config', file, '--admin', '127.0.0.1:0'], options);
  cosdiag.admin = /live page\s+(http:\/\/[^/]+)/.exec(cosdiag.stderr)[1];
  cosdiag.settings = (text) => writeFileSync(file, text);
  cosdiag.metric = async (name) => {
    const text = await (await fetch(`${cosdiag.admin}/metrics`)).text();
    return Number(text.split('\n').find((line) => line.startsWith(`cosdiag_${name} `))?.split(' ')[1]);
  };
  cosdiag.reload = async (result) => {
    const name = `config_reloads_total{result="${result}"}`;
    const before = await cosdiag.metric(name);
    cosdiag.child.kill('SIGHUP');
    await eventually(async () => (await cosdiag.metric(name)) > before, `a reload that is ${result}`);
  };
  return { origin, cosdiag };
}

/** One request on a connection of its own, its fields as they are given: { status, headers, text, json() }. */
export function ask(port, target, { method = 'GET', headers = {}, host = `127.0.0.1:${port}` } = {}) {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: target, method, agent: false, setHost: false };
    const request = http.request({ ...options, headers: { ...(host === null ? {} : { Host: host }), ...headers } }, (answer) => {
      const pieces = [];
      answer.on('data', (piece) => pieces.push(piece));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(pieces).toString();
        resolve({ status: answer.statusCode, headers: answer.headers, text, json: () => JSON.parse(text) });
      });
    });
    request.on('error', reject);
    request.end();
  });
}

export const json = async (port, target) => (await ask(port, target)).json();

/** Samples by name and labels, as they are written. */
export async function metrics(port) {
  const { text } = await ask(port, '/metrics');
  const lines = text.split('\n').filter((line) => line && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
}

/** The sum over all samples of that name whose labels have these parts. */
export function sum(samples, name, ...parts) {
  const own = [...samples].filter(([key]) => key.split('{')[0] === `cosdiag_${name}` && parts.every((part) => key.includes(part)));
  return own.reduce((all, [, value]) => all + value, 0);
}

/** One who follows diagnoses as a browser does: `events` has what came, `seqs` the numbers of the entries. */
export class Follower {
  constructor(t, port, { query = '', headers = {} } = {}) {
    this.events = [];
    this.comments = 0;
    this.ended = false;
    let text = '';
    const fields = { Accept: 'text/event-stream', ...headers };
    this.request = http.get({ host: '127.0.0.1', port, path: `/api/diagnoses${query}`, headers: fields, agent: false }, (answer) => {
      this.answer = answer;
      answer.on('data', (piece) => {
        text += piece;
        for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) this.#take(text.slice(0, end));
      });
      answer.on('error', () => {});
      answer.on('close', () => (this.ended = true));
    });
    this.request.on('error', () => (this.ended = true));
    t.after(() => this.request.destroy());
  }

  #take(block) {
    if (block.startsWith(':')) this.comments += 1;
    else this.events.push(Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s))));
  }

  get seqs() {
    return this.events.filter(({ event }) => event === 'diagnosis').map(({ id }) => Number(id));
  }

  /** The data of the first event of that name, once it is there. */
  async event(name) {
    const found = await eventually(() => this.events.find(({ event }) => event === name), `the event ${name}`);
    return JSON.parse(found.data);
  }
}

/** Asks to follow, and never reads. */
export async function deaf_follower(t, port) {
  const socket = net.connect({ port, host: '127.0.0.1' });
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.pause();
  socket.write(`GET /api/diagnoses HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n`);
  return socket;
}
