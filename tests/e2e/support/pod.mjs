// SPDX-License-Identifier: Apache-2.0
// A pod of a manifest, without Kubernetes: its containers that run cosdiag are started in their order with their arguments,
// variables and volumes, its probes are asked at the pod's address, and a command stands in for the application.
// usage, in a network namespace of its own: node pod.mjs MANIFEST COMMAND…    prints what came of it as JSON
import { execFileSync, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { program } from './cosdiag.mjs';
import { clean_env, eventually, run, scratch } from './environment.mjs';
import { manifests } from './kubernetes.mjs';
import { start_tls_origin } from './tls_origin.mjs';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const ADDRESS = '10.244.1.9';
const SETTINGS = '/etc/cosdiag/cosdiag.yaml';

/** A folder for each volume, and the settings, with the way to the stand-in added, in place of the image's file. */
async function lay_out(folder, documents, spec, origin) {
  const map = documents.find(({ kind }) => kind === 'ConfigMap');
  const settings = parse(map?.data['cosdiag.yaml'] ?? (await readFile(`${ROOT}config/container.yaml`, 'utf8')));
  settings.upstream = { ...settings.upstream, connect_to: [`::127.0.0.1:${origin.port}`], ca: origin.ca };
  settings.access = { ...settings.access, destinations: ['127.0.0.0/8'] };
  await writeFile(path.join(folder, 'settings'), stringify(settings));
  for (const { name, emptyDir } of spec.volumes ?? []) if (emptyDir) await mkdir(path.join(folder, name));
}

/** The same text with the paths that the container sees as those that lie here. */
const laid = (text, folder, { volumeMounts = [] }) =>
  volumeMounts
    .filter(({ name }) => name !== 'settings')
    .reduce((so_far, { name, mountPath }) => so_far.replaceAll(mountPath, path.join(folder, name)), text.replaceAll(SETTINGS, path.join(folder, 'settings')));

async function command_of(container, folder) {
  const dockerfile = await readFile(`${ROOT}Dockerfile`, 'utf8');
  const [, ...entry] = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(dockerfile)[1]);
  return [...entry, ...(container.args ?? [])].map((each) => laid(each, folder, container));
}

const variables = ({ env = [], ...rest }, folder) =>
  clean_env(Object.fromEntries(env.map(({ name, value }) => [name, laid(value, folder, rest)])));

/** The status that the kubelet gets; 0 where nobody answers. */
function probe({ httpGet: { path: target, port, httpHeaders = [] } }, { ports }) {
  const number = ports.find(({ name }) => name === port)?.containerPort ?? port;
  const headers = httpHeaders.map(({ name, value }) => ['-H', `${name}: ${value}`]).flat();
  const asked = ['-q', '-s', '-o', '/dev/null', '-w', '%{http_code}', ...headers, `http://${ADDRESS}:${number}${target}`];
  return run('curl', asked).then(({ stdout }) => Number(stdout));
}

async function serve(container, folder, story) {
  const child = spawn(program(), await command_of(container, folder), { env: variables(container, folder), stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.on('data', (piece) => (story.log += piece));
  child.stderr.on('data', (piece) => (story.messages += piece));
  child.on('close', (status) => (story.ended = { status }));
  const started = async () => {
    if (story.ended) throw new Error(`it ended: ${story.messages}`);
    return (await probe(container.startupProbe, container)) === 200;
  };
  await eventually(started, 'the startup probe');
  story.ready = await probe(container.readinessProbe, container);
  story.alive = await probe(container.livenessProbe, container);
  return child;
}

async function main(t, [manifest, ...command]) {
  execFileSync('sh', ['-c', `ip link set lo up && ip address add ${ADDRESS}/32 dev lo`]);
  const documents = await manifests(manifest);
  const { spec } = documents.find(({ spec: of }) => of?.template).spec.template;
  const folder = await scratch(t);
  const origin = await start_tls_origin(t);
  await lay_out(folder, documents, spec, origin);
  const story = { log: '', messages: '', init: [] };
  let serving;
  for (const container of [...(spec.initContainers ?? []), ...spec.containers].filter(({ name }) => name !== 'application')) {
    if (container.startupProbe) {
      serving = await serve(container, folder, story);
      continue;
    }
    const { status, stderr } = await run(program(), await command_of(container, folder), { env: variables(container, folder) });
    story.init.push({ name: container.name, status, stderr });
  }
  const application = spec.containers.find(({ name }) => name === 'application') ?? { env: [{ name: 'http_proxy', value: `http://${ADDRESS}:8403` }] };
  story.application = await run(command[0], command.slice(1).map((each) => laid(each, folder, application)), { env: variables(application, folder) });
  serving.kill('SIGTERM');
  await eventually(() => story.ended, 'the sidecar to end');
  process.stdout.write(JSON.stringify(story));
}

const after = [];
try {
  await main({ after: (step) => after.push(step) }, process.argv.slice(2));
} finally {
  for (const step of after) await step();
}
