// SPDX-License-Identifier: Apache-2.0
// A stand-in for COS on raw sockets: answers byte for byte as COS does, verifies every signature, records what it got.
import net from 'node:net';
import { CosError, answer_bytes, error_bytes, make_request_id } from './answer.mjs';
import { ByteSource, RequestBody, read_head } from './bytes.mjs';
import { address, check_head } from './checks.mjs';
import { start_control } from './control.mjs';
import { place, refusal } from './errors.mjs';
import { Rules, misbehave } from './faults.mjs';
import { is_form } from './form.mjs';
import { operate } from './operations.mjs';
import { cors_rule } from './permission.mjs';
import { sample_world } from './world.mjs';

const RECORDS_KEPT = 50_000;
const BODY_BYTES_KEPT = 64 * 1024;

export class Origin {
  constructor({ clock_offset_ms = 0, placement = 'as_answered' } = {}) {
    this.defaults = { clock_offset_ms, placement };
    this.sockets = new Set();
    this.reset();
  }

  /** Back to the sample world, the default clock, no rules and an empty record. */
  reset() {
    Object.assign(this, this.defaults);
    this.world = sample_world();
    this.rules = new Rules();
    this.requests = [];
    this.connections = 0;
  }

  /** Serves one accepted connection; the listener that accepts is separate, so that TLS can stand in front. */
  async serve(socket) {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.setNoDelay(true);
    const connection = ++this.connections;
    const source = new ByteSource(socket);
    for (let keep = true; keep && !socket.destroyed;) {
      const head = await read_head(source);
      if (!head) break;
      keep = await this.#serve_one({ socket, head, body: new RequestBody(source, head), connection });
    }
    socket.end();
  }

  async #serve_one({ socket, head, body, connection }) {
    const rule = this.rules.take(head);
    const now_ms = Date.now() + (rule?.clock_offset_ms ?? this.clock_offset_ms);
    const record = { connection, head: head.raw.toString('latin1'), body, pieces: [], answer: [] };
    if (this.requests.push(record) > RECORDS_KEPT) this.requests.shift();
    const exchange = {
      socket,
      head,
      body,
      now_ms,
      world: this.world,
      is_form: is_form(head),
      placement: rule?.placement ?? this.placement,
      request_id: make_request_id(now_ms),
      connection: head.keeps_alive ? 'keep-alive' : 'close',
      send(bytes) {
        record.answer.push(bytes);
        socket.write(bytes);
      },
      record,
    };
    const refused = rule?.refuse && refusal(rule.refuse);
    if (rule?.steps) return misbehave(exchange, rule.steps, () => answer(exchange, refused));
    return answer(exchange, refused);
  }

  /** The recorded requests as plain data; raw bytes as latin1 text. */
  recorded() {
    return this.requests.map(({ connection, head, body, pieces, answer }) => ({
      connection,
      head,
      body_length: body.length,
      body_sha256: body.sha256(),
      body_complete: body.complete,
      framing: body.framing,
      body: Buffer.concat(pieces).toString('latin1'),
      answer: Buffer.concat(answer.map((one) => one.subarray(0, 2 * BODY_BYTES_KEPT))).toString('latin1'),
    }));
  }
}

/** Answers one request as COS would; returns whether the connection may serve another. */
async function answer(exchange, refused) {
  try {
    address(exchange);
    if (refused) throw refused;
    check_head(exchange);
  } catch (error) {
    return refuse_early(exchange, error);
  }
  if (/100-continue/i.test(exchange.head.get('expect') ?? ''))
    exchange.send(Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'));
  const body = await exchange.body.all();
  if (exchange.body.truncated) return false;
  exchange.record.pieces.push(body.subarray(0, BODY_BYTES_KEPT));
  try {
    const { status, fields, body: content } = operate(exchange, body);
    exchange.send(answer_bytes(exchange, status, { ...fields, ...cors_fields(exchange) }, content));
  } catch (error) {
    send_error(exchange, error);
  }
  return exchange.connection === 'keep-alive';
}

/** COS refuses by the head alone: the answer leaves before the body has been read, which is then read and dropped. */
async function refuse_early(exchange, error) {
  if (exchange.body.expected && exchange.head.get('expect')) exchange.connection = 'close';
  send_error(exchange, error);
  if (exchange.connection === 'close') exchange.socket.end();
  await exchange.body.drain();
  return exchange.connection === 'keep-alive' && exchange.body.complete;
}

function send_error(exchange, error) {
  if (!(error instanceof CosError)) throw error;
  exchange.send(error_bytes(exchange, place(error, exchange.placement)));
}

/** A cross-origin request that a rule allows is told so; one that none allows is served without these fields. */
function cors_fields({ head, world, bucket }) {
  const origin = head.get('origin');
  const rules = world.buckets.get(bucket)?.cors ?? [];
  const rule = origin && head.method !== 'OPTIONS' && cors_rule(rules, { origin, method: head.method, headers: [] });
  if (!rule) return {};
  const expose = rule.expose?.length ? { 'Access-Control-Expose-Headers': rule.expose.join(', ') } : {};
  return { 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Credentials': 'true', ...expose };
}

const listening = (server, port, host) =>
  new Promise((resolve, reject) =>
    server.once('error', reject).listen(port, host, () => resolve(server.address().port)),
  );

/** Starts the stand-in on loopback. `port` and `control_port` of 0 let the system choose; `control_port` null means none. */
export async function start_origin({ host = '127.0.0.1', port = 0, control_port = null, ...settings } = {}) {
  const origin = new Origin(settings);
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    origin.serve(socket).catch((error) => {
      process.stderr.write(`stand-in: ${error.stack}\n`);
      socket.destroy();
    });
  });
  origin.port = await listening(server, port, host);
  const control = control_port === null ? null : start_control(origin);
  if (control) origin.control_port = await listening(control, control_port, host);
  origin.close = async () => {
    control?.closeAllConnections();
    origin.sockets.forEach((socket) => socket.destroy());
    await Promise.all([server, control].filter(Boolean).map((one) => new Promise((resolve) => one.close(resolve))));
  };
  return origin;
}
