// SPDX-License-Identifier: Apache-2.0
// Answers as COS writes them: field order, single quotes in the XML declaration, tabs, two newlines at the end.
import { createHash, randomBytes } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { deflateSync, gzipSync } from 'node:zlib';

const DECLARATION = "<?xml version='1.0' encoding='utf-8' ?>\n";

export const escape_xml = (text) =>
  String(text).replace(
    /[&<>"']/g,
    (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' })[c],
  );

/** base64 of `<hex seconds>_<hex>_<hex>_<hex>`: the first part is the server's clock. */
export function make_request_id(now_ms) {
  const seconds = Math.floor(now_ms / 1000).toString(16);
  const [a, b, c] = [4, 2, 3].map((bytes) =>
    randomBytes(bytes)
      .toString('hex')
      .replace(/^0+(?=.)/, ''),
  );
  return Buffer.from(`${seconds}_${a}_${b}_${c}`).toString('base64');
}

/** 172 characters: base64 of four blocks of 32 hex digits, of which the third tells the family of failures. */
function make_trace_id(code) {
  const family = { InvalidObjectState: 'class', AccessForbidden: 'cors' }[code] ?? 'auth';
  const blocks = ['a', 'b', family, code].map((text) => createHash('md5').update(`stand-in ${text}`).digest('hex'));
  return Buffer.from(blocks.join('')).toString('base64');
}

/** A refusal or failure as a value; `elements` go between Message and Resource, in order. */
export class CosError {
  constructor(status, code, message, elements = {}, fields = {}) {
    Object.assign(this, { status, code, message, elements, fields });
  }
}

/** The XML of an error. Resource is shown as COS shows it: decoded, a space as `+`. */
export function error_body(error, { resource, request_id, trace_id, pad = 0 }) {
  const elements = { Code: error.code, Message: error.message, ...error.elements };
  Object.assign(elements, { Resource: resource.replaceAll(' ', '+'), RequestId: request_id, TraceId: trace_id });
  const lines = Object.entries(elements).map(([name, value]) => `\t<${name}>${escape_xml(value)}</${name}>\n`);
  const filler = pad ? `\t<Detail>${'x'.repeat(pad)}</Detail>\n` : '';
  return Buffer.from(`${DECLARATION}<Error>\n${lines.join('')}${filler}</Error>\n\n`);
}

/** An XML document with one root element and a prepared inside. */
export const xml_document = (root, inside) => Buffer.from(`${DECLARATION}<${root}>\n${inside}</${root}>`);

const RENAMED_FOR_S3 =
  /^x-cos-(?=request-id|trace-id|id-2|storage-class|version-id|meta-|copy-source|restore|force-download)/;

/**
 * The bytes of a whole answer: framing fields first, the others in alphabetical order, as COS sends them. `body` null
 * means none and no Content-Length; in S3 mode the x-cos- fields are renamed.
 */
export function answer_bytes(exchange, status, fields, body, shape = {}) {
  const { version = '1.1', framing = 'length', coding, connection = exchange.connection } = shape;
  const coded = body && coding === 'gzip' ? gzipSync(body) : body && coding === 'deflate' ? deflateSync(body) : body;
  const framed = {};
  if (fields['Content-Type']) framed['Content-Type'] = fields['Content-Type'];
  if (coded && framing === 'length') framed['Content-Length'] = shape.length ?? coded.length;
  if (coded && framing === 'chunked') framed['Transfer-Encoding'] = 'chunked';
  const others = { Date: new Date(exchange.now_ms).toUTCString(), Server: 'tencent-cos', ...fields, ...shape.fields };
  if (coding) others['Content-Encoding'] = coding;
  others['x-cos-request-id'] = exchange.request_id;
  if (shape.trace_id) others['x-cos-trace-id'] = shape.trace_id;
  const sorted = Object.entries(others).sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  const all = { ...framed, Connection: connection, ...Object.fromEntries(sorted) };
  const rename = (name) => (exchange.s3 ? name.replace(RENAMED_FOR_S3, 'x-amz-') : name);
  const lines = Object.entries(all).map(([name, value]) => `${rename(name)}: ${value}\r\n`);
  const head = `HTTP/${version} ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\n${lines.join('')}\r\n`;
  const sent = exchange.head.method === 'HEAD' || !coded ? Buffer.alloc(0) : coded;
  return Buffer.concat([Buffer.from(head, 'latin1'), framing === 'chunked' && sent.length ? chunks(sent) : sent]);
}

/** An error's answer, its body included unless the request was a HEAD. */
export function error_bytes(exchange, error, shape = {}) {
  const trace_id = make_trace_id(error.code);
  const resource = exchange.resource ?? `${exchange.head.host}${exchange.decoded_path}`;
  const body = error_body(error, { resource, request_id: exchange.request_id, trace_id, pad: shape.pad });
  const fields = { 'Content-Type': 'application/xml', ...error.fields };
  return answer_bytes(exchange, error.status, fields, body, { ...shape, trace_id });
}

function chunks(bytes) {
  const pieces = [];
  for (let at = 0; at < bytes.length; at += 1000) {
    const piece = bytes.subarray(at, at + 1000);
    pieces.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'));
  }
  return Buffer.concat([...pieces, Buffer.from('0\r\n\r\n')]);
}
