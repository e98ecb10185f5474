// SPDX-License-Identifier: Apache-2.0
// The Dockerfile and the service's unit, held against the program and the sources that they speak of. What they make is
// tried as a whole by scripts/check package.
import assert from 'node:assert/strict';
import { existsSync, realpathSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { program } from './support/cosdiag.mjs';
import { run, scratch } from './support/environment.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const text_of = (name) => readFile(ROOT + name, 'utf8');

/** [{ word: 'FROM', rest: '…' }, …] of the Dockerfile, lines that go on put together. */
async function instructions() {
  const text = (await text_of('Dockerfile')).replace(/^#.*\n/gm, '').replace(/\\\n\s*/g, '');
  return text.split('\n').filter(Boolean).map((line) => ({ word: line.split(' ')[0], rest: line.slice(line.indexOf(' ') + 1) }));
}

/** Those of the last stage. */
async function runtime_stage() {
  const all = await instructions();
  return all.slice(all.findLastIndex(({ word }) => word === 'FROM'));
}

/** Whether .dockerignore lets a path into the build. */
async function let_in(file) {
  const [all, ...kept] = (await text_of('.dockerignore')).trim().split('\n');
  assert.equal(all, '*');
  return kept.some((each) => file === each.slice(1) || file.startsWith(`${each.slice(1)}/`));
}

/** The packages whose libraries the program loads. */
async function libraries_of(file) {
  const { stdout } = await run('ldd', [file]);
  const files = [...stdout.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, name]) => name);
  const owners = await Promise.all(files.map(async (name) => {
    const both = [name, realpathSync(name)].flatMap((each) => [each, each.replace(/^\/usr\/lib/, '/lib'), each.replace(/^\/lib/, '/usr/lib')]);
    return (await run('dpkg-query', ['--search', ...new Set(both)])).stdout.split(':')[0];
  }));
  const shipped = owners.filter((name) => !/^lib(a|t|ub)san\d/.test(name)); // sanitizers are the tests' own
  return [...new Set(shipped)].sort();
}

describe('e2e/packaging: the Dockerfile', () => {
  test('everything that it copies is there and let in', async () => {
    for (const { word, rest } of await instructions()) {
      if (word !== 'COPY' || rest.startsWith('--from=')) continue;
      for (const source of rest.split(' ').slice(0, -1).filter((each) => each !== '.')) {
        assert.ok(existsSync(ROOT + source), source);
        assert.ok(await let_in(source), `.dockerignore keeps ${source} away`);
      }
    }
    const { stdout } = await run('sed', ['-nE', 's/.*include\\(([^)]*\\/[^)]*)\\).*/\\1/p', `${ROOT}CMakeLists.txt`]);
    for (const file of stdout.trim().split('\n')) assert.ok(await let_in(file), file);
  });

  test('the image has the libraries that the program loads, the roots, and nothing else', async () => {
    const installs = (await runtime_stage()).find(({ word }) => word === 'RUN').rest;
    const packages = /--no-install-recommends ([^&]*)&&/.exec(installs)[1].trim().split(/ +/);
    assert.deepEqual(packages, ['ca-certificates', ...(await libraries_of(program()))]);
  });

  test('it runs as a user that is not root, keeps its files in a volume, and says whether it is well', async () => {
    const stage = await runtime_stage();
    const rest_of = (wanted) => stage.find(({ word }) => word === wanted)?.rest;
    assert.equal(rest_of('USER'), '8403:8403');
    assert.equal(rest_of('STOPSIGNAL'), 'SIGTERM');
    assert.equal(rest_of('ENV'), `COSDIAG_DATA_DIR=${rest_of('VOLUME')}`);
    assert.match(rest_of('HEALTHCHECK'), /CMD \["cosdiag", "healthcheck"/);
    const version = /^project\(cosdiag VERSION (\S+)/m.exec(await text_of('CMakeLists.txt'))[1];
    assert.ok(rest_of('LABEL').includes(`org.opencontainers.image.version="${version}"`), rest_of('LABEL'));
  });
});

describe('e2e/packaging: the service', () => {
  /** The unit, with the program of this build in place of the installed one. */
  async function unit(t) {
    const file = path.join(await scratch(t), 'cosdiag.service');
    await writeFile(file, (await text_of('config/systemd/cosdiag.service')).replace('/usr/bin/cosdiag', program()));
    return file;
  }

  test('systemd finds no fault with the unit', async (t) => {
    const { status, stdout, stderr } = await run('systemd-analyze', ['--man=no', 'verify', await unit(t)]);
    assert.deepEqual([status, stdout, stderr], [0, '', '']);
  });

  test('systemd calls it well closed: an exposure of 1.2 at most', async (t) => {
    const { status, stdout } = await run('systemd-analyze', ['security', '--offline=true', '--threshold=12', await unit(t)]);
    assert.equal(status, 0, stdout);
  });

  test('the settings that image and package come with are fine', async () => {
    for (const file of ['config/container.yaml', 'config/debian/cosdiag.yaml']) {
      const { status, stdout } = await run(program(), ['check-config', ROOT + file]);
      assert.equal(status, 0, stdout);
    }
  });
});
