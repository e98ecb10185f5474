// SPDX-License-Identifier: Apache-2.0
// X-Cos-Diagnosis read by an independent RFC 9651 parser, and what must hold for every diagnosis there is.
import assert from 'node:assert/strict';
import { Token, parseList } from 'structured-headers';
import { KEYS } from '../../origin/world.mjs';

/** The header's findings: [{ cause, confidence, summary, fix, id }], best first. */
export function read_diagnosis(headers) {
  const value = headers['x-cos-diagnosis'];
  assert.ok(value, `X-Cos-Diagnosis is missing among ${Object.keys(headers)}`);
  assert.match(value, /^[\x20-\x7e]{1,1024}$/);
  const findings = parseList(value).map(([token, parameters]) => {
    assert.ok(token instanceof Token);
    return { cause: token.toString(), ...Object.fromEntries([...parameters].map(([name, one]) => [name, String(one)])) };
  });
  assert.ok(findings.length >= 1 && findings.length <= 3);
  findings.forEach(({ confidence }) => assert.match(confidence, /^(certain|likely|possible)$/));
  assert.match(findings[0].id, /^[0-9a-f]{16}$/);
  return findings;
}

/** Checks one log entry against the header that carries the same id, and against the schema. */
export function check_entry(entry, findings) {
  assert.equal(entry.schema, 'cosdiag.diagnosis/1');
  assert.match(entry.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.equal(entry.id, findings[0].id);
  assert.deepEqual(
    entry.causes.slice(0, findings.length).map(({ cause, confidence }) => ({ cause, confidence })),
    findings.map(({ cause, confidence }) => ({ cause, confidence })),
  );
  for (const cause of entry.causes) {
    assert.ok(cause.summary.length > 0 && cause.remedies.length > 0, `${cause.cause} says nothing`);
    cause.evidence.forEach((one) => assert.match(one.from, /^(request|response|our_clock|memory|config)$/));
  }
  assert.equal(entry.response.status, 403);
}

/** What no log, header or message may ever hold, given the requests that the stand-in recorded. */
export function secrets_of(requests) {
  const planted = Object.values(KEYS).flatMap(({ secret_key, token }) => [secret_key, token ?? []].flat());
  const seen = requests.flatMap(({ head }) => [
    ...head.matchAll(/(?:q-signature=|[?& ]Signature=|X-Amz-Signature=|AWS AKID[^:]*:|security-token: ?)([^&\s]+)/gi),
  ]);
  return [...new Set([...planted, ...seen.map((match) => match[1])])].filter((text) => text.length >= 8);
}

/** Asserts that no secret stands in a text. */
export function assert_no_secret(text, secrets, where) {
  const leaked = secrets.filter((secret) => text.includes(secret));
  assert.deepEqual(leaked, [], `secrets in ${where}`);
}
