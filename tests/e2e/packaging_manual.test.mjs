// SPDX-License-Identifier: Apache-2.0
// The manual page and what shells complete: both tell of all that is declared, read by mandoc, bash, zsh and fish.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { program } from './support/cosdiag.mjs';
import { clean_env, eventually, run, scratch } from './support/environment.mjs';

const SUPPORT = fileURLToPath(new URL('./support/', import.meta.url));

async function said_by(args) {
  const { status, stdout, stderr } = await run(program(), args);
  assert.equal(status, 0, stderr);
  return stdout;
}

/** [{ path: ['ca', 'init'], options: ['--force', …] }, …]: what the help of each command lists, from the program down. */
async function declared(at = []) {
  const help = await said_by([...at, '--help']);
  const options = [...help.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, name]) => name);
  const named = at.length
    ? [...(/^Subcommands:\n((?: {2}.*\n?)*)/m.exec(help)?.[1] ?? '').matchAll(/^ {2}([a-z][\w-]*)/gm)]
    : [...help.matchAll(/^ {7}cosdiag ([a-z][\w-]*)/gm)];
  const below = await Promise.all(named.map(([, name]) => declared([...at, name])));
  return [{ path: at, options }, ...below.flat()];
}

/** What a shell offers for lines whose last word is being written: `complete(shell, lines)` gives a list for each. */
async function shells(t) {
  const folder = await scratch(t);
  const script = (shell) => path.join(folder, shell);
  for (const shell of ['bash', 'zsh', 'fish']) await writeFile(script(shell), await said_by(['completion', shell]));
  await mkdir(path.join(folder, 'files/folder'), { recursive: true });
  await writeFile(path.join(folder, 'files/file'), '');
  const words = (line) => line.split(/ +|(=)/).filter((word) => word !== undefined);
  const commands = {
    bash: (line) => ['--norc', `${SUPPORT}candidates.bash`, script('bash'), ...words(line)],
    zsh: (...lines) => ['-f', `${SUPPORT}candidates.zsh`, script('zsh'), ...lines],
    fish: (line) => ['--no-config', '-c', 'source $argv[1]; complete --do-complete=$argv[2]', script('fish'), line],
  };
  const ask = async (shell, ...lines) => {
    const env = clean_env({ HOME: folder, TERM: 'dumb' });
    const { stdout, stderr } = await run(shell, commands[shell](...lines), { cwd: path.join(folder, 'files'), env });
    assert.equal(stderr, '', `${shell}: ${lines}`);
    return stdout;
  };
  const list = (text) => [...new Set(text.split('\n').filter(Boolean).map((line) => line.split('\t')[0].replace(/\/$/, '')))];
  return async (shell, lines) => {
    if (shell === 'zsh') return (await ask('zsh', ...lines)).split(/^\.\n/m).slice(0, -1).map(list);
    return Promise.all(lines.map(async (line) => list(await ask(shell, line))));
  };
}

describe('e2e/packaging: the manual page', () => {
  test('mandoc and groff find no fault with it', async () => {
    const page = await said_by(['man']);
    for (const [command, ...args] of [['mandoc', '-Tlint', '-Wall'], ['groff', '-mandoc', '-ww', '-z']]) {
      const { status, stdout, stderr } = await run(command, args, { input: page });
      assert.deepEqual([status, stdout, stderr], [0, '', ''], command);
    }
  });

  test('it has every command and every option of the help', async () => {
    const { stdout } = await run('mandoc', ['-Tascii', '-Owidth=120'], { input: await said_by(['man']) });
    const page = stdout.replace(/.\x08/g, '');
    const all = await declared();
    assert.ok(all.length > 8 && all[0].options.includes('--listen'), JSON.stringify(all));
    for (const { path: at, options } of all) {
      if (at.length && !all.some((other) => other.path.length > at.length && other.path[0] === at[0]))
        assert.match(page, new RegExp(`^ {5}${at.join(' ')}\\b`, 'm'));
      for (const option of options) assert.match(page, new RegExp(`^ +(-\\w, )?${option}\\b`, 'm'), `${at.join(' ')} ${option}`);
    }
  });
});

describe('e2e/packaging: completion', () => {
  let all;
  before(async () => (all = await declared()));

  for (const shell of ['bash', 'zsh', 'fish']) {
    test(`${shell} offers every command and every option where it may stand`, async (t) => {
      const complete = await shells(t);
      const lines = all.map((each) => ['cosdiag', ...each.path].join(' '));
      const options = await complete(shell, lines.map((line) => `${line} --`));
      const commands = await complete(shell, lines.map((line) => `${line} `));
      assert.equal(options.length, lines.length);
      all.forEach((each, i) => {
        assert.deepEqual(each.options.filter((option) => !options[i].includes(option)), [], lines[i]);
        const below = all.filter((other) => String(other.path.slice(0, -1)) === String(each.path) && other !== each);
        assert.deepEqual(below.map((other) => other.path.at(-1)).filter((name) => !commands[i].includes(name)), [], lines[i]);
      });
    });

    test(`${shell} offers causes, words, files and folders where they are wanted`, async (t) => {
      const complete = await shells(t);
      const signatures = ['signature-expired', 'signature-mismatch', 'signature-not-yet-valid'];
      const rows = [
        ['cosdiag explain signature-', signatures],
        ['cosdiag --log x explain signature-', signatures],
        ['cosdiag tail --cause signature-', signatures],
        ['cosdiag tail --confidence ', ['certain', 'likely', 'possible']],
        ['cosdiag --lang ', ['en', 'zh']],
        ['cosdiag --lang=', ['en', 'zh']],
        ['cosdiag env --shell ', ['fish', 'powershell', 'sh']],
        ['cosdiag completion ', ['bash', 'fish', 'zsh']],
        ['cosdiag ca ', ['export', 'init', 'show']],
        ['cosdiag --log x ca ', ['export', 'init', 'show']],
        ['cosdiag --log f', ['file', 'folder']],
        ['cosdiag check-config f', ['file', 'folder']],
        ['cosdiag --data-dir f', ['folder']],
        ['cosdiag --listen ', []],
      ];
      const offered = await complete(shell, rows.map(([line]) => line));
      const bare = offered.map((candidates) => candidates.map((each) => each.replace(/^--\w+=/, '')).sort());
      assert.deepEqual(rows.map(([line], i) => [line, bare[i]]), rows);
    });

    test(`${shell} completes the program that is run as it does without cosdiag`, async (t) => {
      const complete = await shells(t);
      const begun = ['cosdiag run mkdi', 'cosdiag run --log x -- mkdi', 'cosdiag run cat f', 'cosdiag run --log x -- cat f'];
      const [name, name_behind, files, files_behind, options] = await complete(shell, [...begun, 'cosdiag run --conf']);
      for (const each of [name, name_behind]) assert.ok(each.includes('mkdir'), String(each));
      for (const each of [files, files_behind]) assert.deepEqual(each.sort(), ['file', 'folder']);
      assert.deepEqual(options, ['--config']);
    });
  }

  test('Tab in an interactive bash fills in a cause', async (t) => {
    const folder = await scratch(t);
    await writeFile(path.join(folder, 'completion'), await said_by(['completion', 'bash']));
    const env = clean_env({ HOME: folder, PS1: '', TERM: 'dumb' });
    const shell = spawn('script', ['-qec', 'bash --norc --noprofile -i', '/dev/null'], { env, cwd: folder });
    t.after(() => shell.kill());
    let said = '';
    shell.stdout.on('data', (piece) => (said += piece));
    shell.stdin.write('source ./completion; cosdiag() { echo "<$*>"; }; echo "<"ready">"\n');
    await eventually(() => said.includes('<ready>'), 'the shell');
    shell.stdin.write('cosdiag explain object-\t\n');
    await eventually(() => said.includes('<explain object-archived>'), `a completed line in ${said}`);
  });

  test('a shell that it does not know is told so', async () => {
    const { status, stderr } = await run(program(), ['completion', 'tcsh']);
    assert.deepEqual([status, stderr], [2, 'cosdiag: completion: "tcsh" is none of bash, zsh and fish.\n']);
  });
});
