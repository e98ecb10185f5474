// SPDX-License-Identifier: Apache-2.0
// Runs the named test files, as many at a time as there are cores: `node --test` leaves one core out, half of two.
import { availableParallelism } from 'node:os';
import { run } from 'node:test';
import { spec, tap } from 'node:test/reporters';

run({ files: process.argv.slice(2), concurrency: availableParallelism() })
  .on('test:fail', () => (process.exitCode = 1))
  .compose(process.stdout.isTTY ? new spec() : tap)
  .pipe(process.stdout);
