// SPDX-License-Identifier: Apache-2.0
// The stand-in as a program: `node tests/origin/main.mjs [--host ADDR] [--port N] [--control-port N] [--clock-offset SECONDS]
// [--placement as_answered|code|message] [--tls-port N --tls-key FILE --tls-cert FILE]`. One JSON line with the ports says
// that it is ready.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import tls from 'node:tls';
import { parseArgs } from 'node:util';
import { start_origin } from './origin.mjs';

const { values } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '0' },
    'control-port': { type: 'string', default: '0' },
    'clock-offset': { type: 'string', default: '0' },
    placement: { type: 'string', default: 'as_answered' },
    'tls-port': { type: 'string' },
    'tls-key': { type: 'string' },
    'tls-cert': { type: 'string' },
  },
});
const origin = await start_origin({
  host: values.host,
  port: Number(values.port),
  control_port: Number(values['control-port']),
  clock_offset_ms: Number(values['clock-offset']) * 1000,
  placement: values.placement,
});
let secure;
if (values['tls-port']) {
  const identity = { key: await readFile(values['tls-key']), cert: await readFile(values['tls-cert']) };
  secure = tls.createServer(identity, (socket) => {
    socket.on('error', () => socket.destroy());
    origin.serve(socket).catch(() => socket.destroy());
  });
  await once(secure.listen(Number(values['tls-port']), values.host), 'listening');
}
const ports = { port: origin.port, control_port: origin.control_port, tls_port: secure?.address().port };
process.stdout.write(`${JSON.stringify(ports)}\n`);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => origin.close().then(() => process.exit(0)));
