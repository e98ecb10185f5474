// SPDX-License-Identifier: Apache-2.0
// Which CAM action a request needs, and on what: the rows of COS's "API authorization policy guide" (436/30580).
import { decode } from './signature.mjs';

const DOCUMENTS = {
  acl: 'ACL',
  cors: 'CORS',
  policy: 'Policy',
  referer: 'Referer',
  tagging: 'Tagging',
  lifecycle: 'Lifecycle',
  versioning: 'Versioning',
  website: 'Website',
  location: 'Location',
  logging: 'Logging',
  encryption: 'Encryption',
};
const VERBS = { GET: 'Get', HEAD: 'Get', PUT: 'Put', DELETE: 'Delete' };

/** The sub-resource document a query names (`?acl`), or undefined. */
export const document_of = (params) => Object.keys(DOCUMENTS).find((name) => params.has(name));

function bucket_action(method, params) {
  const named = document_of(params);
  if (named) return `${VERBS[method]}Bucket${DOCUMENTS[named]}`;
  if (method === 'GET') return params.has('uploads') ? 'ListMultipartUploads' : 'GetBucket';
  return {
    PUT: 'PutBucket',
    HEAD: 'HeadBucket',
    DELETE: 'DeleteBucket',
    POST: params.has('delete') ? 'DeleteObject' : 'PostObject',
  }[method];
}

function object_action(method, params, is_copy) {
  const named = document_of(params);
  if (named) return `${VERBS[method]}Object${DOCUMENTS[named]}`;
  const in_upload = params.has('uploadId');
  if (method === 'PUT') return in_upload && !is_copy ? 'UploadPart' : 'PutObject';
  if (method === 'GET') return in_upload ? 'ListParts' : 'GetObject';
  if (method === 'DELETE') return in_upload ? 'AbortMultipartUpload' : 'DeleteObject';
  if (method === 'HEAD') return 'HeadObject';
  if (params.has('restore')) return 'PostObjectRestore';
  return params.has('uploads') ? 'InitiateMultipartUpload' : 'CompleteMultipartUpload';
}

/** The source of a copy as { bucket, key }, from COS's or S3's spelling; null when the request is no copy. */
export function copy_source(head) {
  const written = head.get('x-cos-copy-source') ?? head.get('x-amz-copy-source');
  if (written === undefined) return null;
  const path = decode(written.split('?')[0]);
  const cos = /^([^./]+-\d+)\.cos[^/]*\/(.*)$/s.exec(path);
  const s3 = /^\/?([^/]+)\/(.*)$/s.exec(path);
  const [, bucket, key] = cos ?? s3 ?? [null, '', ''];
  return { bucket, key };
}

/** Every right the request needs: [{ action, bucket, key }]; a copy needs two. */
export function needed_rights(head, { bucket, key, params }) {
  if (!bucket) return [{ action: 'name/cos:GetService', bucket: null, key: '' }];
  const source = copy_source(head);
  const action = key === '' ? bucket_action(head.method, params) : object_action(head.method, params, source !== null);
  const rights = [{ action: `name/cos:${action}`, bucket, key }];
  if (source) rights.push({ action: 'name/cos:GetObject', ...source });
  return rights;
}
