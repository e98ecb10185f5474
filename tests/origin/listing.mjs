// SPDX-License-Identifier: Apache-2.0
// The XML of listings: buckets, objects (both generations), multipart uploads and parts.
import { escape_xml, xml_document } from './answer.mjs';

const element = (name, value) => `\t<${name}>${escape_xml(value)}</${name}>\n`;
const owner = (appid) => `<Owner><ID>${appid}</ID><DisplayName>${appid}</DisplayName></Owner>`;

export function list_buckets({ world, caller }) {
  const own = [...world.buckets.values()].filter((bucket) => bucket.appid === caller.appid);
  const rows = own.map(
    ({ name, region }) =>
      `<Bucket><Name>${name}</Name><Location>${region}</Location>` +
      `<CreationDate>2023-11-14T22:13:20Z</CreationDate><CreateDate>2023-11-14T22:13:20Z</CreateDate></Bucket>\n`,
  );
  return xml_document('ListAllMyBucketsResult', `${owner(caller.appid)}\n<Buckets>\n${rows.join('')}</Buckets>\n`);
}

/** Keys in byte order under a prefix, folded at the delimiter, at most `max` after `after`. */
function page(bucket, { prefix, delimiter, after, max }) {
  const keys = [...bucket.objects.keys()].filter((key) => key.startsWith(prefix));
  keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const entries = [];
  for (const key of keys) {
    const cut = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    const folded = cut < 0 ? key : key.slice(0, cut + delimiter.length);
    if (folded <= after || entries.at(-1)?.name === folded) continue;
    entries.push({ name: folded, is_prefix: cut >= 0 });
  }
  return { entries: entries.slice(0, max), truncated: entries.length > max };
}

export function list_objects({ params, s3 }, bucket) {
  const second = params.get('list-type') === '2';
  const [prefix, delimiter] = [params.get('prefix') ?? '', params.get('delimiter') ?? ''];
  const max = Number(params.get('max-keys') ?? 1000);
  const token = Buffer.from(params.get('continuation-token') ?? '', 'base64').toString();
  const after = second ? token || (params.get('start-after') ?? '') : (params.get('marker') ?? '');
  const { entries, truncated } = page(bucket, { prefix, delimiter, after, max });
  const coded =
    params.get('encoding-type') === 'url' ? (key) => encodeURIComponent(key).replaceAll('%2F', '/') : (key) => key;
  const last = entries.at(-1)?.name ?? '';
  const rows = entries.map(({ name, is_prefix }) =>
    is_prefix
      ? `\t<CommonPrefixes><Prefix>${escape_xml(coded(name))}</Prefix></CommonPrefixes>\n`
      : object_row(coded(name), bucket.objects.get(name), bucket.appid),
  );
  const parts = [element('Name', bucket.name), element('Prefix', coded(prefix)), element('MaxKeys', max)];
  if (delimiter) parts.push(element('Delimiter', coded(delimiter)));
  if (params.has('encoding-type')) parts.push(element(s3 ? 'EncodingType' : 'Encoding-Type', 'url'));
  parts.push(second ? element('KeyCount', entries.length) : element('Marker', coded(after)));
  parts.push(element('IsTruncated', truncated));
  if (truncated && second) parts.push(element('NextContinuationToken', Buffer.from(last).toString('base64')));
  if (truncated && !second) parts.push(element('NextMarker', coded(last)));
  return xml_document('ListBucketResult', parts.join('') + rows.join(''));
}

function object_row(key, object, appid) {
  return (
    `\t<Contents>\n\t${element('Key', key)}\t${element('LastModified', object.modified.toISOString())}` +
    `\t${element('ETag', object.etag)}\t${element('Size', object.body.length)}\t\t${owner(appid)}\n` +
    `\t${element('StorageClass', object.storage_class)}\t</Contents>\n`
  );
}

export function list_uploads(bucket) {
  const rows = [...bucket.uploads].map(
    ([id, { key }]) => `\t<Upload><Key>${escape_xml(key)}</Key><UploadId>${id}</UploadId></Upload>\n`,
  );
  return xml_document(
    'ListMultipartUploadsResult',
    element('Bucket', bucket.name) + element('IsTruncated', false) + rows.join(''),
  );
}

export function list_parts(bucket, id, upload) {
  const rows = [...upload.parts].map(
    ([number, part]) =>
      `\t<Part><PartNumber>${number}</PartNumber><ETag>${escape_xml(part.etag)}</ETag><Size>${part.body.length}</Size></Part>\n`,
  );
  const front = element('Bucket', bucket.name) + element('Key', upload.key) + element('UploadId', id);
  return xml_document('ListPartsResult', front + element('IsTruncated', false) + rows.join(''));
}
