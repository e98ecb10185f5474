// SPDX-License-Identifier: Apache-2.0
// Misbehaviour on request: a rule picks requests and says, step by step, what goes onto the wire instead of the answer.
//
//   { match: { method, host, path, query, header: { name: value } },   each optional; a trailing * matches any rest
//     times: 1,                     how many requests it takes; without it, all
//     clock_offset_ms, placement,   change COS's clock or where it puts its names, for these requests
//     refuse: 'InvalidAccessKeyId', a refusal by name, whatever the checks would say
//     steps: [ { send: 'text' }, { send_base64 }, { error: {…} }, { answer: true }, { trickle: { step, piece, interval_ms } },
//              { read: bytes | 'all' }, { wait_ms }, { wait_for: promise }, { end: true }, { reset: true }, { stall: true } ] }
import { setTimeout as sleep } from 'node:timers/promises';
import { CosError, error_bytes } from './answer.mjs';
import { place, refusal } from './errors.mjs';

const fits = (pattern, text) =>
  pattern === undefined || (pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern);

export class Rules {
  #rules = [];

  add(rule) {
    this.#rules.unshift({ ...rule, left: rule.times ?? Infinity });
  }

  clear() {
    this.#rules = [];
  }

  /** The newest rule that fits the request, one use of it taken; or null. */
  take(head) {
    const rule = this.#rules.find(({ left, match = {} }) => {
      const fields = Object.entries(match.header ?? {}).every(([name, value]) => fits(value, head.get(name) ?? ''));
      const line = fits(match.method, head.method) && fits(match.host, head.host);
      return left > 0 && line && fits(match.path, head.path) && fits(match.query, head.query ?? '') && fields;
    });
    if (rule) rule.left -= 1;
    return rule ?? null;
  }
}

/** The bytes of one sending step. `error` takes code, message, status, pad, coding, framing, version, connection, fields, length. */
function bytes_of(step, exchange) {
  if (step.send !== undefined) return Buffer.from(step.send, 'latin1');
  if (step.send_base64 !== undefined) return Buffer.from(step.send_base64, 'base64');
  const { name, status = 403, code = 'AccessDenied', message = 'Access Denied.', ...shape } = step.error;
  const error = name ? place(refusal(name), exchange.placement) : new CosError(status, code, message);
  return error_bytes(exchange, error, shape);
}

async function trickle(exchange, { step, piece = 1, interval_ms = 5 }) {
  const bytes = bytes_of(step, exchange);
  for (let at = 0; at < bytes.length && !exchange.socket.destroyed; at += piece) {
    exchange.send(bytes.subarray(at, at + piece));
    await sleep(interval_ms);
  }
}

async function read_some(body, amount) {
  if (amount === 'all') return body.drain();
  while (body.length < amount && (await body.next()));
}

/** Carries out a rule's steps; returns whether the connection may serve another request. */
export async function misbehave(exchange, steps, answer) {
  const { socket, body } = exchange;
  for (const step of steps) {
    if (step.read !== undefined) await read_some(body, step.read);
    else if (step.wait_ms !== undefined) await sleep(step.wait_ms);
    else if (step.wait_for) await step.wait_for;
    else if (step.trickle) await trickle(exchange, step.trickle);
    else if (step.answer) await answer();
    else if (step.end) return (socket.end(), false);
    else if (step.reset) return (await flushed(socket), socket.resetAndDestroy(), false);
    else if (step.stall) return new Promise((resolve) => socket.once('close', () => resolve(false)));
    else exchange.send(bytes_of(step, exchange));
  }
  if (exchange.connection === 'close') socket.end();
  await body.drain();
  return exchange.connection === 'keep-alive' && body.complete;
}

/** What was written has reached the kernel, so that a reset comes after it. */
const flushed = (socket) => new Promise((resolve) => socket.write('', resolve));
