// SPDX-License-Identifier: Apache-2.0
// What COS does once a request has passed its checks. Every operation takes the exchange (and the body, when it has one)
// and returns { status, fields, body }.
import { createHash, randomBytes } from 'node:crypto';
import { CosError, escape_xml, xml_document } from './answer.mjs';
import { copy_source, document_of } from './action.mjs';
import { bucket_document } from './documents.mjs';
import { bad_request, not_found, refusal } from './errors.mjs';
import { check_form, read_form } from './form.mjs';
import { list_buckets, list_objects, list_parts, list_uploads } from './listing.mjs';
import { missing_rights } from './permission.mjs';
import { make_object } from './world.mjs';

const XML = { 'Content-Type': 'application/xml' };
const xml = (root, inside) => ({ status: 200, fields: { ...XML }, body: xml_document(root, inside) });
const empty = (status, fields = {}) => ({ status, fields, body: status === 204 ? null : Buffer.alloc(0) });
const no_such_key = () => not_found('NoSuchKey', 'The specified key does not exist.');

/** Carries out a request whose head has passed; `body` is all of it. */
export function operate(exchange, body) {
  const { head, world, bucket: name, key } = exchange;
  check_digests(exchange, body);
  if (name === null) return { status: 200, fields: { ...XML }, body: list_buckets(exchange) };
  const bucket = world.buckets.get(name);
  if (head.method === 'OPTIONS') return preflight(exchange);
  if (exchange.is_form) return post_form(exchange, bucket, body);
  return key === '' ? on_bucket(exchange, bucket, body) : on_object(exchange, bucket, body);
}

function check_digests({ head, signed_payload }, body) {
  const md5 = head.get('content-md5');
  if (md5 && md5 !== createHash('md5').update(body).digest('base64')) {
    throw bad_request('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  if (!/^[0-9a-f]{64}$/.test(signed_payload ?? '')) return;
  if (signed_payload === createHash('sha256').update(body).digest('hex')) return;
  throw bad_request('XAmzContentSHA256Mismatch', 'The provided x-amz-content-sha256 does not match what was computed.');
}

function preflight({ head, cors }) {
  return empty(200, {
    'Access-Control-Allow-Origin': head.get('origin'),
    'Access-Control-Allow-Methods': cors.methods.join(', '),
    'Access-Control-Allow-Headers': head.get('access-control-request-headers') ?? '',
    'Access-Control-Max-Age': String(cors.max_age ?? 0),
  });
}

function on_bucket(exchange, bucket, body) {
  const { head, params, world } = exchange;
  const named = document_of(params);
  if (head.method === 'PUT' && !named) {
    if (bucket)
      throw new CosError(409, 'BucketAlreadyOwnedByYou', 'Your previous request to create the named bucket succeeded.');
    world.add_bucket(exchange.bucket);
    return empty(200);
  }
  if (named) return bucket_document(exchange, bucket, named, body);
  if (head.method === 'HEAD') return empty(200, { 'x-cos-bucket-region': bucket.region });
  if (head.method === 'POST') return delete_many(exchange, bucket, body);
  if (head.method === 'DELETE') {
    if (bucket.objects.size) throw new CosError(409, 'BucketNotEmpty', 'The bucket you tried to delete is not empty.');
    world.buckets.delete(bucket.name);
    return empty(204);
  }
  return {
    status: 200,
    fields: { ...XML },
    body: params.has('uploads') ? list_uploads(bucket) : list_objects(exchange, bucket),
  };
}

/** 403 only when not one of the keys may be deleted; otherwise each key has its own verdict. */
function delete_many({ world, caller, bucket: name }, bucket, body) {
  const unescape = (text) =>
    text.replace(/&(lt|gt|quot|apos|amp);/g, (_, e) => ({ lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' })[e]);
  const keys = [...body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)].map((match) => unescape(match[1]));
  const right = (key) => ({ action: 'name/cos:DeleteObject', bucket: name, key });
  const denied = new Set(missing_rights(world, caller, keys.map(right)).map(({ key }) => key));
  if (denied.size === keys.length) throw refusal('Access Denied.');
  const rows = keys.map((key) => {
    if (denied.has(key))
      return `\t<Error><Key>${escape_xml(key)}</Key><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>\n`;
    bucket.objects.delete(key);
    return `\t<Deleted><Key>${escape_xml(key)}</Key></Deleted>\n`;
  });
  return xml('DeleteResult', rows.join(''));
}

function post_form(exchange, bucket, body) {
  const form = read_form(exchange.head, body);
  const key = check_form(exchange, form);
  const object = make_object(form.file);
  bucket.objects.set(key, object);
  return empty(204, { ETag: object.etag, Location: `http://${exchange.head.host}/${encodeURIComponent(key)}` });
}

function on_object(exchange, bucket, body) {
  const { head, params } = exchange;
  if (document_of(params)) return object_document(exchange, bucket, document_of(params), body);
  if (head.method === 'PUT') return put(exchange, bucket, body);
  if (head.method === 'POST') return post(exchange, bucket);
  if (head.method === 'DELETE') return remove(exchange, bucket);
  if (params.has('uploadId')) {
    return {
      status: 200,
      fields: { ...XML },
      body: list_parts(bucket, params.get('uploadId'), upload_of(exchange, bucket)),
    };
  }
  return read(exchange, bucket);
}

function object_document({ head, key }, bucket, named, body) {
  const object = bucket.objects.get(key);
  if (!object) throw no_such_key();
  object.documents ??= {};
  if (head.method === 'PUT') object.documents[named] = body;
  if (head.method === 'DELETE') delete object.documents[named];
  if (head.method !== 'GET') return empty(head.method === 'PUT' ? 200 : 204);
  return {
    status: 200,
    fields: { ...XML },
    body: object.documents[named] ?? xml_document('Tagging', '<TagSet></TagSet>\n'),
  };
}

function upload_of({ params }, bucket) {
  const upload = bucket.uploads.get(params.get('uploadId'));
  if (!upload) throw not_found('NoSuchUpload', 'The specified multipart upload does not exist.');
  return upload;
}

/** The bytes and metadata that a PUT stores: the request's own, or a copy's source. */
function incoming({ head, world }, body) {
  const meta = Object.fromEntries(head.fields.filter(([name]) => /^x-(cos|amz)-meta-/i.test(name)));
  const storage_class = head.get('x-cos-storage-class') ?? head.get('x-amz-storage-class') ?? 'STANDARD';
  const source = copy_source(head);
  if (!source)
    return make_object(body, {
      meta,
      storage_class,
      content_type: head.get('content-type') ?? 'application/octet-stream',
      modified: new Date(),
    });
  const found = world.buckets.get(source.bucket)?.objects.get(source.key);
  if (!found) throw no_such_key();
  const [from, to] = /=(\d+)-(\d+)/
    .exec(head.get('x-cos-copy-source-range') ?? '')
    ?.slice(1)
    .map(Number) ?? [0, found.body.length - 1];
  return make_object(found.body.subarray(from, to + 1), {
    content_type: found.content_type,
    storage_class,
    modified: new Date(),
  });
}

function put(exchange, bucket, body) {
  const object = incoming(exchange, body);
  if (exchange.params.has('partNumber')) {
    upload_of(exchange, bucket).parts.set(Number(exchange.params.get('partNumber')), object);
  } else {
    bucket.objects.set(exchange.key, object);
  }
  if (!copy_source(exchange.head)) return empty(200, { ETag: object.etag });
  const root = exchange.params.has('partNumber') ? 'CopyPartResult' : 'CopyObjectResult';
  return xml(
    root,
    `\t<ETag>${escape_xml(object.etag)}</ETag>\n\t<LastModified>${object.modified.toISOString()}</LastModified>\n`,
  );
}

function post(exchange, bucket) {
  const { params, key, head } = exchange;
  if (params.has('restore')) return restore(bucket.objects.get(key));
  if (params.has('uploads')) {
    const id = randomBytes(24).toString('hex');
    bucket.uploads.set(id, { key, parts: new Map(), content_type: head.get('content-type') });
    return xml(
      'InitiateMultipartUploadResult',
      `\t<Bucket>${bucket.name}</Bucket>\n\t<Key>${escape_xml(key)}</Key>\n\t<UploadId>${id}</UploadId>\n`,
    );
  }
  const upload = upload_of(exchange, bucket);
  const parts = [...upload.parts].sort(([a], [b]) => a - b).map(([, part]) => part.body);
  const object = make_object(Buffer.concat(parts), { content_type: upload.content_type, modified: new Date() });
  object.etag = object.etag.replace(/"$/, `-${parts.length}"`);
  bucket.objects.set(key, object);
  bucket.uploads.delete(params.get('uploadId'));
  const location = `http://${head.host}/${key}`;
  return xml(
    'CompleteMultipartUploadResult',
    `\t<Location>${escape_xml(location)}</Location>\n\t<Bucket>${bucket.name}</Bucket>\n\t<Key>${escape_xml(key)}</Key>\n\t<ETag>${escape_xml(object.etag)}</ETag>\n`,
  );
}

function restore(object) {
  if (!object) throw no_such_key();
  if (object.restored) throw new CosError(409, 'RestoreAlreadyInProgress', 'Object restore is already in progress.');
  object.restored = true;
  return empty(202);
}

function remove(exchange, bucket) {
  if (exchange.params.has('uploadId')) bucket.uploads.delete(exchange.params.get('uploadId'));
  else bucket.objects.delete(exchange.key);
  return empty(204);
}

function read({ head, params, key }, bucket) {
  const object = bucket.objects.get(key);
  if (!object) throw no_such_key();
  const fields = { 'Content-Type': params.get('response-content-type') ?? object.content_type, ETag: object.etag };
  Object.assign(fields, { 'Last-Modified': object.modified.toUTCString(), 'Accept-Ranges': 'bytes', ...object.meta });
  if (object.storage_class !== 'STANDARD') fields['x-cos-storage-class'] = object.storage_class;
  if (head.get('if-none-match') === object.etag) return { status: 304, fields, body: null };
  const range = /^bytes=(\d*)-(\d*)$/.exec(head.get('range') ?? '');
  if (!range || (!range[1] && !range[2])) return { status: 200, fields, body: object.body };
  const size = object.body.length;
  const from = range[1] ? Number(range[1]) : Math.max(0, size - Number(range[2]));
  const to = range[1] && range[2] ? Math.min(Number(range[2]), size - 1) : size - 1;
  if (from > to) throw new CosError(416, 'InvalidRange', 'The requested range is not satisfiable.');
  fields['Content-Range'] = `bytes ${from}-${to}/${size}`;
  return { status: 206, fields, body: object.body.subarray(from, to + 1) };
}
