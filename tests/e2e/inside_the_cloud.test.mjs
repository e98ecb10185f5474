// SPDX-License-Identifier: Apache-2.0
// Inside Tencent Cloud, COS names lead to private, shared and link-local addresses. A network namespace of our own has
// such addresses, and a hosts file such names.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { program } from './support/cosdiag.mjs';
import { clean_env, file_with, run } from './support/environment.mjs';
import { SAYS, namespaces } from './support/network.mjs';

const ORIGIN = fileURLToPath(new URL('../origin/main.mjs', import.meta.url));
const ADDRESSES = ['9.1.2.3', '10.1.2.3', '100.64.1.2', '169.254.10.10', '127.0.0.2', '169.254.169.254'];
const host_of = (index) => `bucket${index}-1250000000.cos.ap-guangzhou.myqcloud.com`;

/** Prints one line for each URL: its status, and the error that Proxy-Status names. */
const SCRIPT = `
set -eu
${SAYS}
ip link set lo up
for address in ${ADDRESSES.join(' ')}; do ip address add "$address/32" dev lo; done
mount --bind "$HOSTS" /etc/hosts
node "$ORIGIN" --host 0.0.0.0 --port 80 >"$READY" & origin=$!
"$COSDIAG" --listen 127.0.0.1:8403 --threads 1 >/dev/null 2>"$MESSAGES" & proxy=$!
trap 'kill $origin $proxy' EXIT
ask() { curl -qs -o /dev/null -m 10 -w '%{http_code} %header{proxy-status}\\n' -x http://127.0.0.1:8403 "$1"; }
says "$READY" port
says "$MESSAGES" listening
for host in $NAMES; do ask "http://$host/exampleobject"; done
`;

describe('e2e/inside_the_cloud', () => {
  test('COS names may lead to 9/8, 10/8, 100/8 and 169.254/16, not to loopback or metadata; others not to link-local', async (t) => {
    if (!(await namespaces())) return t.skip('no network namespaces here');
    const names = [...ADDRESSES.map((_, index) => host_of(index)), 'other-10.example', 'other-169.example'];
    const addresses = [...ADDRESSES, '10.1.2.3', '169.254.10.10'];
    const hosts = await file_with(t, names.map((name, index) => `${addresses[index]} ${name}\n`).join(''));
    const [messages, ready] = [await file_with(t, ''), await file_with(t, '')];
    const env = clean_env({ HOSTS: hosts, ORIGIN, COSDIAG: program(), MESSAGES: messages, READY: ready, NAMES: names.join(' ') });
    const { stdout, stderr } = await run('unshare', ['--map-root-user', '--net', '--mount', 'bash', '-c', SCRIPT], { env });
    const lines = stdout.trim().split('\n');
    assert.equal(lines.length, names.length, stderr);
    const refused = (line) => /error=destination_ip_prohibited/.test(line);
    assert.deepEqual(
      lines.map(refused),
      [false, false, false, false, true, true, false, true],
      lines.join('\n'),
    );
    for (const line of lines.filter((each) => !refused(each))) assert.doesNotMatch(line, /error=|^000/, line);
  });
});
