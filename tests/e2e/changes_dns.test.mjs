// SPDX-License-Identifier: Apache-2.0
// Settings change while a name server keeps a look-up waiting: nothing else waits for it.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { program } from './support/cosdiag.mjs';
import { clean_env, run, scratch } from './support/environment.mjs';
import { SAYS, namespaces } from './support/network.mjs';

const NAME_SERVER = fileURLToPath(new URL('support/name_server.mjs', import.meta.url));

const SCRIPT = `
set -eu
${SAYS}
ip link set lo up
cd "$FOLDER"
mount --bind resolv.conf /etc/resolv.conf
node "$NAME_SERVER" 127.0.0.53 '{"slow.example": {"silence": true}}' >asked & server=$!
echo 'timeouts: {connect: 300ms}' >settings.yaml
"$COSDIAG" --listen 127.0.0.1:8403 --config settings.yaml --threads 2 --log /dev/null 2>messages & proxy=$!
trap 'kill -9 $server $proxy' EXIT
says asked ready
says messages listening
curl -qs -o answer -m 20 -w '%{http_code}\\n' -x http://127.0.0.1:8403 http://slow.example/
says asked slow.example
kill -HUP $proxy
says messages 'read anew'
echo 'timeouts: {connect: never}' >settings.yaml
kill -HUP $proxy
says messages 'those before stay'
`;

describe('e2e/changes_dns', () => {
  test('settings that nobody is served with any more are let go of beside the rest, though a look-up of theirs goes on', async (t) => {
    if (!(await namespaces())) return t.skip('no network namespaces here');
    const folder = await scratch(t);
    await writeFile(path.join(folder, 'resolv.conf'), 'nameserver 127.0.0.53\noptions timeout:30 attempts:1\n');
    const env = clean_env({ FOLDER: folder, COSDIAG: path.resolve(program()), NAME_SERVER });
    const { status, stdout, stderr } = await run('unshare', ['--map-root-user', '--net', '--mount', 'bash', '-c', SCRIPT], { env });
    assert.equal(stdout, '504\n', stderr);
    assert.equal(status, 0, stderr);
  });
});
