// SPDX-License-Identifier: Apache-2.0
// The stand-in behind TLS, with a certificate for the buckets of its region.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import tls from 'node:tls';
import { Origin } from '../../origin/origin.mjs';
import { ENDPOINT } from './clients.mjs';
import { run, scratch } from './environment.mjs';

/** { origin, port, ca }: `ca` is the file that makes its certificate good. */
export async function start_tls_origin(t) {
  const folder = await scratch(t);
  const [key, ca] = ['key.pem', 'ca.pem'].map((name) => path.join(folder, name));
  const made = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'];
  const names = ['-subj', '/CN=stand-in', '-addext', `subjectAltName=DNS:*.${ENDPOINT}`];
  const { status, stderr } = await run('openssl', ['req', ...made, ...names, '-keyout', key, '-out', ca]);
  if (status !== 0) throw new Error(`openssl: ${stderr}`);
  const origin = new Origin();
  const server = tls.createServer({ key: await readFile(key), cert: await readFile(ca) }, (socket) => {
    socket.on('error', () => socket.destroy());
    origin.serve(socket).catch(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    origin.sockets.forEach((socket) => socket.destroy());
  });
  return { origin, port: server.address().port, ca };
}
