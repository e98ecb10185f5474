// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1 messages read from a raw socket, byte for byte. Nothing is normalised: a test wants to see what arrived.
import { createHash } from 'node:crypto';

const CRLF = Buffer.from('\r\n');
const BLANK_LINE = Buffer.from('\r\n\r\n');
const HEAD_LIMIT = 256 * 1024;
const UNREAD_LIMIT = 1024 * 1024;

/** Bytes of a socket, pulled. `null` means the peer has sent FIN, or the connection is gone. */
export class ByteSource {
  #pieces = Buffer.alloc(0);
  #ended = false;
  #wake = null;

  constructor(socket) {
    this.socket = socket;
    socket.on('data', (piece) => {
      this.#pieces = this.#pieces.length ? Buffer.concat([this.#pieces, piece]) : piece;
      if (this.#pieces.length > UNREAD_LIMIT) socket.pause();
      this.#notify();
    });
    for (const event of ['end', 'close', 'error']) {
      socket.on(event, () => {
        this.#ended = true;
        this.#notify();
      });
    }
  }

  #notify() {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }

  /** Waits until more than `have` bytes are buffered; false when no more will come. */
  async #more_than(have) {
    while (this.#pieces.length <= have && !this.#ended) {
      this.socket.resume();
      await new Promise((resolve) => (this.#wake = resolve));
    }
    return this.#pieces.length > have;
  }

  #take(count) {
    const taken = this.#pieces.subarray(0, count);
    this.#pieces = this.#pieces.subarray(count);
    return taken;
  }

  /** Bytes up to and including `mark`, or null when the stream ends (or grows past the limit) without it. */
  async until(mark) {
    let searched = 0;
    for (;;) {
      const at = this.#pieces.indexOf(mark, Math.max(0, searched - mark.length));
      if (at >= 0) return this.#take(at + mark.length);
      searched = this.#pieces.length;
      if (searched > HEAD_LIMIT || !(await this.#more_than(searched))) return null;
    }
  }

  /** Between 1 and `count` bytes, or null at the end. */
  async some(count) {
    if (!(await this.#more_than(0))) return null;
    return this.#take(Math.min(count, this.#pieces.length));
  }
}

/** One request's head: the raw bytes, and what they say. Field names keep their case, fields their order. */
export class RequestHead {
  constructor(raw) {
    this.raw = raw;
    const [request_line, ...lines] = raw.toString('latin1').slice(0, -4).split('\r\n');
    [this.method, this.target, this.version] = request_line.split(' ');
    this.fields = lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')];
    });
    const origin_form = this.target.replace(/^https?:\/\/[^/?]*/i, '') || '/';
    [this.path, this.query = null] = origin_form.split(/\?(.*)/s);
  }

  /** The first field of that name, or undefined. */
  get(name) {
    return this.fields.find(([field]) => field.toLowerCase() === name)?.[1];
  }

  get host() {
    return (this.get('host') ?? '').replace(/:\d+$/, '').toLowerCase();
  }

  get keeps_alive() {
    const connection = (this.get('connection') ?? '').toLowerCase();
    return this.version === 'HTTP/1.1' ? !connection.includes('close') : connection.includes('keep-alive');
  }
}

/** The next request's head, or null when the client has gone. */
export async function read_head(source) {
  const raw = await source.until(BLANK_LINE);
  return raw && new RequestHead(raw);
}

/** A request's body: `next()` gives decoded pieces, and what was seen is counted and hashed on the way. */
export class RequestBody {
  #source;
  #remaining;
  #chunked;
  #hash = createHash('sha256');
  #done;

  constructor(source, head) {
    this.#source = source;
    this.#chunked = /chunked\s*$/i.test(head.get('transfer-encoding') ?? '');
    this.#remaining = this.#chunked ? 0 : Number(head.get('content-length') ?? 0);
    this.#done = !this.#chunked && this.#remaining === 0;
    this.expected = !this.#done;
    this.length = 0;
    this.truncated = false;
    this.framing = []; // chunk-size lines and the trailer section, as they arrived
  }

  get complete() {
    return this.#done && !this.truncated;
  }

  async next() {
    if (this.#done) return null;
    if (this.#chunked && this.#remaining === 0 && !(await this.#next_chunk())) return null;
    const piece = await this.#source.some(this.#remaining);
    if (!piece) return this.#cut();
    this.#remaining -= piece.length;
    this.length += piece.length;
    this.#hash.update(piece);
    if (this.#remaining === 0) {
      if (!this.#chunked) this.#done = true;
      else if (!(await this.#source.until(CRLF))) this.#cut();
    }
    return piece;
  }

  async #next_chunk() {
    const line = await this.#source.until(CRLF);
    if (!line) return this.#cut();
    this.framing.push(line.toString('latin1'));
    this.#remaining = parseInt(line.toString('latin1'), 16);
    if (this.#remaining > 0) return true;
    for (;;) {
      const trailer = await this.#source.until(CRLF);
      if (!trailer) return this.#cut();
      this.framing.push(trailer.toString('latin1'));
      if (trailer.length === 2) break;
    }
    this.#done = true;
    return false;
  }

  #cut() {
    this.#done = true;
    this.truncated = true;
    return null;
  }

  /** All of it in memory. */
  async all() {
    const pieces = [];
    for (let piece = await this.next(); piece; piece = await this.next()) pieces.push(Buffer.from(piece));
    return Buffer.concat(pieces);
  }

  async drain() {
    while (await this.next());
  }

  sha256() {
    return this.#hash.copy().digest('hex');
  }
}
