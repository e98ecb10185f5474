// SPDX-License-Identifier: Apache-2.0
// config/kubernetes: manifests that Kubernetes takes, and pods that do what their comments say.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { HOST } from './support/clients.mjs';
import { program } from './support/cosdiag.mjs';
import { clean_env, run, scratch } from './support/environment.mjs';
import { faults_of, manifests } from './support/kubernetes.mjs';
import { namespaces } from './support/network.mjs';

const FOLDER = fileURLToPath(new URL('../../config/kubernetes/', import.meta.url));
const POD = fileURLToPath(new URL('./support/pod.mjs', import.meta.url));
const FILES = readdirSync(FOLDER);

const pod_of = async (file) => (await manifests(FOLDER + file)).find(({ spec }) => spec?.template).spec.template.spec;
const of_cosdiag = ({ initContainers = [], containers }) => [...initContainers, ...containers].filter(({ image }) => image.includes('/cosdiag:'));

describe('e2e/packaging: manifests', () => {
  for (const file of FILES) {
    test(`${file} is what Kubernetes' schemas want, without a field that they do not have`, async () => {
      for (const manifest of await manifests(FOLDER + file)) assert.deepEqual(faults_of(manifest), [], manifest.kind);
    });

    test(`${file} lets cosdiag do nothing that it does not need`, async () => {
      const pod = await pod_of(file);
      assert.equal(pod.automountServiceAccountToken, false);
      assert.equal(pod.securityContext.runAsNonRoot, true);
      assert.equal(pod.securityContext.seccompProfile.type, 'RuntimeDefault');
      assert.ok(!pod.hostNetwork);
      for (const { securityContext, resources, ports = [] } of of_cosdiag(pod)) {
        const { runAsUser, allowPrivilegeEscalation, readOnlyRootFilesystem, capabilities } = securityContext;
        assert.deepEqual([runAsUser, allowPrivilegeEscalation, readOnlyRootFilesystem], [8403, false, true]);
        assert.deepEqual(capabilities, { drop: ['ALL'] });
        assert.ok(resources.limits.memory && !resources.limits.cpu);
        assert.ok(ports.every(({ hostPort }) => hostPort === undefined));
      }
    });
  }

  test('a schema without a field, a wrong type and a missing field are all told', async () => {
    const [good] = await manifests(`${FOLDER}sidecar.yaml`);
    const bad = structuredClone(good);
    bad.spec.template.spec.initContainers[0].restartPolice = 'Always';
    bad.spec.replicas = 'two';
    delete bad.spec.selector;
    const faults = faults_of(bad).join('\n');
    for (const expected of [/restartPolice: there is no such field/, /replicas: type/, /required.*selector/]) assert.match(faults, expected);
  });

  test('the key of the CA is in no volume of the application', async () => {
    const pod = await pod_of('sidecar-https.yaml');
    const [{ volumeMounts, env }] = pod.containers;
    assert.deepEqual(volumeMounts.map(({ name, readOnly }) => [name, readOnly]), [['cosdiag-trust', true]]);
    assert.ok(pod.volumes.every(({ emptyDir }) => emptyDir.medium === 'Memory'));
    assert.ok(env.every(({ value }) => !value.includes('/var/lib/cosdiag')));
  });

  test('the variables of the applications are among those that `cosdiag env` sets', async (t) => {
    const env = clean_env({ COSDIAG_DATA_DIR: path.join(await scratch(t), 'data') });
    await run(program(), ['ca', 'init'], { env });
    const { stdout } = await run(program(), ['env'], { env });
    const known = [...stdout.matchAll(/^export (\w+)=/gm)].map(([, name]) => name);
    for (const file of ['sidecar.yaml', 'sidecar-https.yaml']) {
      const names = (await pod_of(file)).containers[0].env.map(({ name }) => name);
      assert.deepEqual(names.filter((name) => !known.includes(name)), [], file);
    }
  });
});

describe('e2e/packaging: pods', async () => {
  const skip = (await namespaces()) ? false : 'no network namespaces may be made here';
  const story_of = async (file, ...command) => {
    const env = clean_env({ COSDIAG: program() });
    const { status, stdout, stderr } = await run('unshare', ['--map-root-user', '--net', process.execPath, POD, FOLDER + file, ...command], { env });
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout);
  };
  const fine = ({ init, ready, alive, ended, messages }) => {
    assert.deepEqual(init.filter(({ status }) => status !== 0), []);
    assert.deepEqual([ready, alive, ended.status], [200, 200, 0], messages);
  };
  const curl = ['curl', '-q', '-sS', '-i', '--max-time', '20'];

  for (const file of ['sidecar.yaml', 'node.yaml']) {
    test(`${file}: probes are answered at the pod's address, and a 403 of clear HTTP is explained, over TLS to COS`, { skip }, async () => {
      const story = await story_of(file, ...curl, `http://${HOST}/private`);
      fine(story);
      assert.match(story.application.stdout, /^HTTP\/1\.1 403/);
      assert.match(story.application.stdout, /^x-cos-diagnosis: anonymous-request;/im);
      assert.equal(JSON.parse(story.log).schema, 'cosdiag.diagnosis/1');
    });
  }

  test('sidecar-https.yaml: the application trusts the CA that the pod made, by the variables alone', { skip }, async () => {
    const story = await story_of('sidecar-https.yaml', ...curl, `https://${HOST}/private`);
    fine(story);
    assert.deepEqual(story.init.map(({ name }) => name), ['make-ca', 'export-ca']);
    assert.match(story.application.stdout, /^x-cos-diagnosis: anonymous-request;/im, story.application.stderr + story.messages);
  });

  test('sidecar-https.yaml: Python’s requests trusts it too', { skip }, async () => {
    const python = `import requests; print(requests.get('https://${HOST}/private').headers['x-cos-diagnosis'])`;
    const story = await story_of('sidecar-https.yaml', 'python3', '-c', python);
    fine(story);
    assert.match(story.application.stdout, /^anonymous-request;/, story.application.stderr);
  });
});
