// SPDX-License-Identifier: Apache-2.0
// Clients that ask without a pause and keep the books: how many requests they began, and what became of each.
import net from 'node:net';

/** Asks for one object over and over, over `lasting` connections that are kept and `passing` ones made for each request. */
export class Load {
  constructor(port, host, path, { lasting = 8, passing = 8 } = {}) {
    this.port = port;
    this.request = `GET http://${host}${path} HTTP/1.1\r\nHost: ${host}\r\n`;
    this.begun = 0;
    this.answered = 0;
    this.refused = 0; // connections that nobody took
    this.lost = []; // requests on accepted connections that got no whole answer, and why
    this.stopping = false;
    this.workers = [
      ...Array.from({ length: lasting }, () => this.#work(true)),
      ...Array.from({ length: passing }, () => this.#work(false)),
    ];
  }

  /** Ends each client after its request; resolves when all have ended. */
  async stop() {
    this.stopping = true;
    await Promise.all(this.workers);
    return this;
  }

  async #work(keep) {
    while (!this.stopping) {
      const socket = await this.#connect();
      if (!socket) {
        this.refused += 1;
        await new Promise((resolve) => setTimeout(resolve, 5));
        continue;
      }
      await this.#ask(socket, keep);
      socket.destroy();
    }
  }

  #connect() {
    return new Promise((resolve) => {
      const socket = net.connect(this.port, '127.0.0.1');
      socket.on('connect', () => resolve(socket));
      socket.on('error', () => resolve(null));
    });
  }

  /** Asks until the connection is to end, or ends. */
  #ask(socket, keep) {
    return new Promise((resolve) => {
      let text = '';
      let waiting = false;
      const next = () => {
        if (this.stopping) return resolve();
        this.begun += 1;
        waiting = true;
        socket.write(`${this.request}${keep ? '' : 'Connection: close\r\n'}\r\n`);
      };
      socket.on('data', (piece) => {
        text += piece.toString('latin1');
        const head = text.indexOf('\r\n\r\n');
        const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
        if (head < 0 || text.length < head + 4 + Number(length)) return;
        this.answered += 1;
        waiting = false;
        const ends = /\r\nconnection: close/i.test(text);
        text = '';
        if (ends || !keep) resolve();
        else next();
      });
      const over = (why) => {
        if (waiting) this.lost.push(`${why} after ${text.length} bytes`);
        waiting = false;
        resolve();
      };
      socket.on('end', () => over('the connection ended'));
      socket.on('error', (error) => over(error.code));
      next();
    });
  }
}
