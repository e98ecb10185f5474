// SPDX-License-Identifier: Apache-2.0
// Kubernetes manifests: read as kubectl does, and held against the schemas of Kubernetes' own API.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';

const require = createRequire(import.meta.url);
// The validators themselves; the package's models copy what they are given before they look at it.
const SCHEMAS = path.join(path.dirname(require.resolve('kubernetes-models')), '_schemas');

/** The documents of a file. */
export async function manifests(file) {
  const documents = parseAllDocuments(await readFile(file, 'utf8'), { merge: false });
  for (const { errors } of documents) if (errors.length) throw errors[0];
  return documents.map((document) => document.toJS());
}

/** Notes which fields of a value are looked at; `unseen()` lists the paths of the others. */
function watched(value, at = '') {
  const seen = new Map();
  const proxy = new Proxy(value, {
    get(target, name) {
      const child = target[name];
      if (typeof name === 'symbol' || !Object.hasOwn(target, name)) return child;
      if (child === null || typeof child !== 'object') {
        seen.set(name, null);
        return child;
      }
      if (!seen.get(name)) seen.set(name, watched(child, `${at}/${name}`));
      return seen.get(name).proxy;
    },
  });
  const unseen = () =>
    Object.keys(value).flatMap((name) => (seen.has(name) ? (seen.get(name)?.unseen() ?? []) : [`${at}/${name}`]));
  return { proxy, unseen };
}

/**
 * What is wrong with a manifest, a line each. The schemas let unknown fields pass, as the API once did; kubectl does not,
 * and a field that the validator never looks at is one that the kind does not have.
 */
export function faults_of(manifest) {
  const { apiVersion, kind } = manifest;
  const { validate } = require(path.join(SCHEMAS, schema_of(apiVersion, kind)));
  const { proxy, unseen } = watched(manifest);
  const valid = validate(proxy);
  const wrong = valid ? [] : validate.errors.map(({ instancePath, keyword, params }) => `${instancePath}: ${keyword} ${JSON.stringify(params)}`);
  return [...wrong, ...unseen().map((field) => `${field}: there is no such field`)];
}

/** apps/v1 and Deployment: IoK8sApiAppsV1Deployment. */
function schema_of(version, kind) {
  const words = version.split('/').map((word) => word.split('.')[0]);
  if (words.length === 1) words.unshift('core');
  return `IoK8sApi${words.map((word) => word[0].toUpperCase() + word.slice(1)).join('')}${kind}`;
}
