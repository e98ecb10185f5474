// SPDX-License-Identifier: Apache-2.0
// A bucket's sub-resources: ?acl ?policy ?cors ?referer take effect when they are put; the others are kept as bytes.
import { escape_xml, xml_document } from './answer.mjs';
import { bad_request, not_found } from './errors.mjs';

const values = (text, name) =>
  [...text.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map((match) => match[1]);
const tags = (name, list) => (list ?? []).map((value) => `\t\t<${name}>${escape_xml(value)}</${name}>\n`).join('');

function show_acl(bucket) {
  const owner = `<ID>qcs::cam::uin/${bucket.appid}:uin/${bucket.appid}</ID>`;
  const everyone = 'http://cam.qcloud.com/groups/global/AllUsers';
  const permissions = { private: [], 'public-read': ['READ'], 'public-read-write': ['READ', 'WRITE'] }[bucket.acl];
  const grants = permissions.map(
    (one) => `\t\t<Grant><Grantee><URI>${everyone}</URI></Grantee><Permission>${one}</Permission></Grant>\n`,
  );
  const own = `\t\t<Grant><Grantee>${owner}</Grantee><Permission>FULL_CONTROL</Permission></Grant>\n`;
  return xml_document(
    'AccessControlPolicy',
    `\t<Owner>${owner}</Owner>\n\t<AccessControlList>\n${own}${grants.join('')}\t</AccessControlList>\n`,
  );
}

function show_cors(bucket) {
  if (!bucket.cors.length) throw not_found('NoSuchCORSConfiguration', 'The CORS configuration does not exist.');
  const rules = bucket.cors.map(
    (rule) =>
      `\t<CORSRule>\n${tags('AllowedOrigin', rule.origins)}${tags('AllowedMethod', rule.methods)}` +
      `${tags('AllowedHeader', rule.headers)}${tags('ExposeHeader', rule.expose)}\t</CORSRule>\n`,
  );
  return xml_document('CORSConfiguration', rules.join(''));
}

function show_referer({ referer }) {
  if (!referer) throw not_found('NoSuchRefererConfiguration', 'The referer configuration does not exist.');
  const settings = `\t<Status>${referer.enabled ? 'Enabled' : 'Disabled'}</Status>\n\t<RefererType>${referer.type}</RefererType>\n`;
  const domains = `\t<DomainList>\n${tags('Domain', referer.domains)}\t</DomainList>\n`;
  return xml_document(
    'RefererConfiguration',
    `${settings}${domains}\t<EmptyReferConfiguration>${referer.empty}</EmptyReferConfiguration>\n`,
  );
}

/** Both spellings of a policy's names are in use: `Effect` and `effect`. */
const lowered = (statement) =>
  Object.fromEntries(Object.entries(statement).map(([name, value]) => [name.toLowerCase(), value]));

function show_policy({ policy }) {
  if (!policy.length) throw not_found('NoSuchBucketPolicy', 'The policy does not exist.');
  return Buffer.from(JSON.stringify({ version: '2.0', Statement: policy }));
}

function show_kept(bucket, named) {
  const kept = bucket.documents.get(named);
  if (kept) return kept;
  if (named === 'location') return xml_document('LocationConstraint', bucket.region);
  if (named === 'versioning') return xml_document('VersioningConfiguration', '');
  throw not_found(`NoSuch${named[0].toUpperCase()}${named.slice(1)}`, `The ${named} configuration does not exist.`);
}

const SHOW = { acl: show_acl, cors: show_cors, referer: show_referer, policy: show_policy };

const TAKE = {
  acl: (bucket, text, head) => (bucket.acl = head.get('x-cos-acl') ?? head.get('x-amz-acl') ?? bucket.acl),
  cors(bucket, text) {
    bucket.cors = text
      .split('<CORSRule>')
      .slice(1)
      .map((rule) => ({
        origins: values(rule, 'AllowedOrigin'),
        methods: values(rule, 'AllowedMethod'),
        headers: values(rule, 'AllowedHeader'),
        expose: values(rule, 'ExposeHeader'),
      }));
  },
  referer(bucket, text) {
    const [status, type, empty] = ['Status', 'RefererType', 'EmptyReferConfiguration'].map(
      (name) => values(text, name)[0],
    );
    bucket.referer = { enabled: status === 'Enabled', type, domains: values(text, 'Domain'), empty: empty ?? 'Deny' };
  },
  policy(bucket, text) {
    try {
      const policy = JSON.parse(text);
      bucket.policy = [policy.Statement ?? policy.statement].flat().map(lowered);
    } catch {
      throw bad_request(
        'InvalidPolicyDocument',
        'The content of the form does not meet the conditions in the policy document.',
      );
    }
  },
};

const CLEAR = {
  cors: (bucket) => (bucket.cors = []),
  referer: (bucket) => (bucket.referer = null),
  policy: (bucket) => (bucket.policy = []),
};

/** GET, PUT or DELETE of one sub-resource of a bucket. */
export function bucket_document({ head }, bucket, named, body) {
  if (head.method === 'GET') {
    const shown = SHOW[named] ? SHOW[named](bucket) : show_kept(bucket, named);
    const type = named === 'policy' ? 'application/json' : 'application/xml';
    return { status: 200, fields: { 'Content-Type': type }, body: shown };
  }
  if (head.method === 'PUT') {
    if (TAKE[named]) TAKE[named](bucket, body.toString(), head);
    else bucket.documents.set(named, body);
    return { status: 200, fields: {}, body: Buffer.alloc(0) };
  }
  if (CLEAR[named]) CLEAR[named](bucket);
  else bucket.documents.delete(named);
  return { status: 204, fields: {}, body: null };
}
