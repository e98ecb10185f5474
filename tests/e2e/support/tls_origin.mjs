// SPDX-License-Identifier: Apache-2.0
// The stand-in behind TLS, with a certificate for the buckets of its region.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import tls from 'node:tls';
import { Origin } from '../../origin/origin.mjs';
import { ENDPOINT } from './clients.mjs';
import { scratch } from './environment.mjs';
import { certificate } from './network.mjs';

/** { origin, port, ca }: `ca` is the file that makes its certificate good. `identity`: another { key, cert } than the good one. */
export async function start_tls_origin(t, identity) {
  const { key, cert } = identity ?? (await certificate(await scratch(t), `*.${ENDPOINT}`));
  const origin = new Origin();
  const server = tls.createServer({ key: await readFile(key), cert: await readFile(cert) }, (socket) => {
    socket.on('error', () => socket.destroy());
    origin.serve(socket).catch(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    origin.sockets.forEach((socket) => socket.destroy());
  });
  return { origin, port: server.address().port, ca: cert };
}
