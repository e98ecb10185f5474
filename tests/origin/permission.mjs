// SPDX-License-Identifier: Apache-2.0
// Who may do what: identity policies, the bucket's policy and its ACL. An explicit deny anywhere wins; without an allow
// the answer is no; what an anonymous caller may do, a signed one may too.

const READ_ACTIONS = new Set(['name/cos:GetObject', 'name/cos:HeadObject', 'name/cos:OptionsObject']);
const LIST_ACTIONS = new Set(['name/cos:GetBucket', 'name/cos:HeadBucket']);
const WRITE_ACTIONS = new Set(['name/cos:PutObject', 'name/cos:PostObject', 'name/cos:DeleteObject']);

const matches = (pattern, text) =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    's',
  ).test(text);

function applies(statement, right, resource) {
  const actions = [statement.action].flat();
  const resources = [statement.resource].flat();
  const names = [right.action, right.action.replace(/^name\//, '')];
  return (
    actions.some((action) => names.some((name) => matches(action, name))) &&
    resources.some((one) => matches(one, resource))
  );
}

/**
 * Whether a statement of a bucket's policy is about this caller. A deny to everyone hits unsigned requests only: signed
 * ones go by their own policies ("access policy evaluation"); an allow to everyone is for all.
 */
function speaks_of(statement, key) {
  const principals = [statement.principal?.qcs ?? statement.principal ?? '*'].flat();
  const named = key?.uin && principals.some((one) => one.endsWith(`:uin/${key.uin}`));
  const everyone = principals.some((one) => one === '*' || one.endsWith('anyone:anyone'));
  return named || (everyone && (key === null || statement.effect === 'allow'));
}

function acl_allows(acl, right) {
  if (acl === 'private') return false;
  if (READ_ACTIONS.has(right.action) || LIST_ACTIONS.has(right.action)) return true;
  return acl === 'public-read-write' && WRITE_ACTIONS.has(right.action);
}

/** One right for one caller (`key` null: anonymous). */
function may(world, key, right) {
  if (right.bucket === null) return key?.kind === 'root';
  const bucket = world.buckets.get(right.bucket);
  if (!bucket) return key?.kind === 'root' && right.bucket.endsWith(`-${key.appid}`);
  const resource = `qcs::cos:${bucket.region}:uid/${bucket.appid}:${bucket.name}/${right.key}`;
  const of_bucket = bucket.policy.filter(
    (statement) => speaks_of(statement, key) && applies(statement, right, resource),
  );
  const of_key = (key?.statements ?? []).filter((statement) => applies(statement, right, resource));
  const all = [...of_bucket, ...of_key].map((statement) => statement.effect);
  if (all.includes('deny')) return false;
  const acl = bucket.objects.get(right.key)?.acl ?? bucket.acl;
  const owns = key?.kind === 'root' && key.appid === bucket.appid;
  return owns || all.includes('allow') || acl_allows(acl, right);
}

/** The rights that the caller lacks. */
export const missing_rights = (world, key, rights) => rights.filter((right) => !may(world, key, right));

/** A referer rule's verdict: the scheme is dropped, entries match by prefix, `*.` covers sub-domains. */
export function referer_passes(rule, referer) {
  if (!rule?.enabled) return true;
  if (!referer) return rule.empty === 'Allow';
  const seen = referer.replace(/^[a-z]+:\/\//i, '');
  const host = seen.split(/[/:]/)[0];
  const listed = rule.domains.some((entry) =>
    entry.startsWith('*.') ? host.endsWith(entry.slice(1)) : seen.startsWith(entry),
  );
  return (rule.type === 'White-List') === listed;
}

/** The CORS rule that lets this origin do this, or undefined. */
export function cors_rule(rules, { origin, method, headers }) {
  const fits = (pattern, text) => matches(pattern.toLowerCase(), text.toLowerCase());
  return rules.find(
    (rule) =>
      rule.origins.some((one) => fits(one, origin)) &&
      rule.methods.includes(method) &&
      headers.every((header) => (rule.headers ?? []).some((one) => fits(one, header))),
  );
}
