// SPDX-License-Identifier: Apache-2.0
// A name server on UDP port 53: `node name_server.mjs ADDRESS RECORDS`. RECORDS is JSON, { name: { a, aaaa, cname, garbage, silence } };
// other names do not exist. Prints `ready`, then a line for each question.
import dgram from 'node:dgram';
import net from 'node:net';

const [address, records] = [process.argv[2], JSON.parse(process.argv[3])];
const TYPES = { a: 1, cname: 5, aaaa: 28 };

const labels = (name) => Buffer.concat([...name.split('.').map((one) => Buffer.from([one.length, ...Buffer.from(one)])), Buffer.from([0])]);

function data_of(type, value) {
  if (type === 'cname') return labels(value);
  if (type === 'a') return Buffer.from(value.split('.').map(Number));
  const groups = net.isIPv6(value) && value.includes('::') ? expand(value) : value.split(':');
  return Buffer.from(groups.flatMap((group) => [parseInt(group || '0', 16) >> 8, parseInt(group || '0', 16) & 255]));
}

function expand(value) {
  const [left, right] = value.split('::').map((half) => half.split(':').filter(Boolean));
  return [...left, ...Array(8 - left.length - right.length).fill('0'), ...right];
}

/** The records that answer, through aliases. */
function answers(name, type) {
  const entry = records[name] ?? {};
  const one = (kind, value) => {
    const data = data_of(kind, value);
    const fixed = Buffer.alloc(10);
    fixed.writeUInt16BE(TYPES[kind], 0);
    fixed.writeUInt16BE(1, 2);
    fixed.writeUInt32BE(60, 4);
    fixed.writeUInt16BE(data.length, 8);
    return Buffer.concat([labels(name), fixed, data]);
  };
  if (entry.cname) return [one('cname', entry.cname), ...answers(entry.cname, type)];
  return Object.keys(TYPES).filter((kind) => TYPES[kind] === type && entry[kind]).map((kind) => one(kind, entry[kind]));
}

function read_question(message) {
  const parts = [];
  let at = 12;
  for (; message[at] !== 0; at += message[at] + 1) parts.push(message.toString('latin1', at + 1, at + 1 + message[at]));
  return { name: parts.join('.').toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 };
}

const socket = dgram.createSocket('udp4');
socket.on('message', (message, from) => {
  const { name, type, end } = read_question(message);
  process.stdout.write(`${Object.keys(TYPES).find((kind) => TYPES[kind] === type)?.toUpperCase()} ${name}\n`);
  if (records[name]?.silence) return;
  const found = answers(name, type);
  const head = Buffer.from(message.subarray(0, 12));
  head.writeUInt16BE(name in records ? 0x8180 : 0x8183, 2);
  head.writeUInt16BE(found.length, 6);
  head.writeUInt32BE(0, 8);
  const whole = Buffer.concat([head, message.subarray(12, end), ...found]);
  const reply = records[name]?.garbage ? Buffer.concat([head.fill(0xff, 6, 8), Buffer.from(message.subarray(12, end)), Buffer.alloc(40, 0xc0)]) : whole;
  socket.send(reply, from.port, from.address);
});
socket.bind(53, address, () => process.stdout.write('ready\n'));
