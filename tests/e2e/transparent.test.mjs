// SPDX-License-Identifier: Apache-2.0
// Clients that know nothing of the program: config/transparent.nft, as it stands, leads them to it. Three network
// namespaces: a client, the machine between, where the program and a client of its own run, and the origin.
import assert from 'node:assert/strict';
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ENDPOINT, HOST } from './support/clients.mjs';
import { program } from './support/cosdiag.mjs';
import { clean_env, run, scratch } from './support/environment.mjs';
import { SAYS, certificate, namespaces_with_users } from './support/network.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const OTHER = 'www.example.com';

const SCRIPT = `
set -eu
${SAYS}
mount -t tmpfs tmpfs /run
mount --bind "$FOLDER/passwd" /etc/passwd
ip link set lo up
between=1
for place in client origin; do
  ip netns add "$place"
  ip link add name "to_$place" type veth peer name eth0 netns "$place"
  ip address add "10.9.$between.1/24" dev "to_$place"
  ip address add "fd00:9:$between::1/64" dev "to_$place" nodad
  ip link set "to_$place" up
  ip -n "$place" address add "10.9.$between.2/24" dev eth0
  ip -n "$place" address add "fd00:9:$between::2/64" dev eth0 nodad
  ip -n "$place" link set lo up
  ip -n "$place" link set eth0 up
  ip -n "$place" route add default via "10.9.$between.1"
  ip -n "$place" route add default via "fd00:9:$between::1"
  between=2
done
for address in 203.0.113.7/32 203.0.113.8/32 2001:db8:1::7/128 2001:db8:1::8/128; do
  ip -n origin address add "$address" dev lo
done
ip route add 203.0.113.0/24 via 10.9.2.2
ip route add 2001:db8:1::/64 via fd00:9:2::2
ip -n client address add 10.8.0.2/32 dev lo # of a client that is not let in
ip route add 10.8.0.2/32 via 10.9.1.2

cd "$FOLDER"
started=
for address in 203.0.113.7 2001:db8:1::7; do
  ip netns exec origin node "$ORIGIN" --host "$address" --port 80 --tls-port 443 --tls-key cos_key.pem --tls-cert cos.pem >"ready_$address" &
  started="$started $!"
done
for address in 203.0.113.8 2001:db8:1::8; do
  ip netns exec origin node "$ORIGIN" --host "$address" --port 80 --tls-port 443 --tls-key other_key.pem --tls-cert other.pem >"ready_$address" &
  started="$started $!"
done
cosdiag_user='setpriv --reuid cosdiag --regid 4242 --clear-groups'
chown 4242:4242 home
$cosdiag_user ./cosdiag ca init --data-dir home/data >/dev/null
cp home/data/ca.pem .
$cosdiag_user ./cosdiag --transparent 0.0.0.0:8405 --transparent '[::]:8405' --threads 2 \
    --allow-client 10.9.0.0/16 --allow-client fd00:9::/32 --allow-destination 203.0.113.8 --allow-destination 2001:db8:1::8 \
    --upstream-ca "$FOLDER/cos.pem" --data-dir home/data >/dev/null 2>messages &
started="$started $!"
trap 'kill $started' EXIT
for address in 203.0.113.7 203.0.113.8 2001:db8:1::7 2001:db8:1::8; do says "ready_$address" tls_port; done
says messages listening
nft -f "$RULES"
nft -f "$RULES" # may be loaded anew

ask() { # NAME PREFIX ARGUMENTS
  local to="answer_$1" as=$2
  shift 2
  $as curl -qsS -i -m 20 "$@" >"$to" 2>&1 || true
}
for from in local routed; do
  in=
  [ "$from" = local ] || in='ip netns exec client'
  for family in 203.0.113. 2001:db8:1::; do
    case $family in *:) bare=six ;; *) bare=four ;; esac
    ask "\${from}_\${bare}_clear" "$in" --resolve "$HOST:80:\${family}7" "http://$HOST/private"
    ask "\${from}_\${bare}_tls" "$in" --cacert ca.pem --resolve "$HOST:443:\${family}7" "https://$HOST/private"
    ask "\${from}_\${bare}_other_clear" "$in" --resolve "$OTHER:80:\${family}8" "http://$OTHER/"
    ask "\${from}_\${bare}_other_tls" "$in" --cacert other.pem --resolve "$OTHER:443:\${family}8" "https://$OTHER/"
  done
done
in='ip netns exec client'
ask local_direct '' http://127.0.0.1:8405/
ask routed_direct "$in" http://10.9.1.1:8405/
ask routed_direct_six "$in" 'http://[fd00:9:1::1]:8405/'
ask stranger "$in" --interface 10.8.0.2 --resolve "$HOST:80:203.0.113.7" "http://$HOST/private"
ask closed "$in" --resolve "$OTHER:80:203.0.113.9" "http://$OTHER/"
cp messages messages_before
sed /skuid/d "$RULES" | nft -f -
ask loop_clear '' --resolve "$HOST:80:203.0.113.66" "http://$HOST/private"
ask loop_other '' --resolve "$OTHER:80:203.0.113.8" "http://$OTHER/"
ask loop_tls '' --resolve "$OTHER:443:203.0.113.8" "https://$OTHER/"
nft -f "$RULES"
ask excluded "$cosdiag_user" --resolve "$HOST:80:203.0.113.7" "http://$HOST/private"
`;

describe('e2e/transparent', () => {
  const undo = [];
  const t = { after: (step) => undo.push(step) };
  let folder, result;

  before(async () => {
    const unshare = await namespaces_with_users();
    if (!unshare) return;
    folder = await scratch(t);
    await chmod(folder, 0o755);
    await mkdir(path.join(folder, 'home'));
    await copyFile(program(), path.join(folder, 'cosdiag'));
    await certificate(folder, `*.${ENDPOINT}`, { cert: 'cos.pem', key: 'cos_key.pem' });
    await certificate(folder, OTHER, { cert: 'other.pem', key: 'other_key.pem' });
    await writeFile(path.join(folder, 'passwd'), 'root:x:0:0::/root:/bin/sh\ncosdiag:x:4242:4242::/nonexistent:/bin/false\n');
    const paths = { ORIGIN: here('../origin/main.mjs'), RULES: here('../../config/transparent.nft') };
    result = await run('unshare', [...unshare, 'bash', '-c', SCRIPT], { env: clean_env({ FOLDER: folder, HOST, OTHER, ...paths }) });
  });
  after(async () => {
    for (const step of undo.reverse()) await step();
  });

  const show = (name, check) =>
    test(name, async (t) => {
      if (!result) return t.skip('no network namespaces with two users here');
      assert.equal(result.status, 0, result.stderr);
      await check((file) => readFile(path.join(folder, file), 'utf8'));
    });

  for (const from of ['local', 'routed']) {
    for (const family of ['four', 'six']) {
      const name = `${from === 'local' ? 'of this machine' : 'routed for others'}, IPv${family === 'four' ? 4 : 6}`;
      show(`${name}: clear HTTP to COS is diagnosed`, async (read) => {
        const answer = await read(`answer_${from}_${family}_clear`);
        assert.match(answer, /^HTTP\/1\.1 403 Forbidden\r\n[^]*X-Cos-Diagnosis: anonymous-request/, await read('messages'));
      });
      show(`${name}: HTTPS to COS is looked into`, async (read) => {
        const answer = await read(`answer_${from}_${family}_tls`);
        assert.match(answer, /^HTTP\/1\.1 403 Forbidden\r\n[^]*X-Cos-Diagnosis: anonymous-request/, await read('messages'));
      });
      show(`${name}: what is for others passes through, with their own certificates`, async (read) => {
        for (const kind of ['other_clear', 'other_tls']) {
          const answer = await read(`answer_${from}_${family}_${kind}`);
          assert.match(answer, /^HTTP\/1\.1 \d\d\d /, await read('messages'));
          assert.doesNotMatch(answer, /Via:|Cosdiag|X-Cos-Diagnosis/i);
        }
      });
    }
  }

  show('who connects to the listener itself is told what it is for', async (read) => {
    for (const [name, at] of Object.entries({ local_direct: '127.0.0.1:8405', routed_direct: '10.9.1.1:8405', routed_direct_six: '[fd00:9:1::1]:8405' })) {
      const answer = await read(`answer_${name}`);
      assert.match(answer, /^HTTP\/1\.1 421 [^]*<Code>CosdiagNotRedirected</);
      assert.ok(answer.includes(at), answer);
    }
  });

  show('clients and destinations that are not let in are told', async (read) => {
    assert.match(await read('answer_stranger'), /^HTTP\/1\.1 403 [^]*<Code>CosdiagClientRefused</);
    assert.match(await read('answer_closed'), /^HTTP\/1\.1 403 [^]*<Code>CosdiagDestinationRefused<[^]*--allow-destination 203\.0\.113\.9/);
  });

  show('without a rule that leaves its user alone, connections come back, and end', async (read) => {
    for (const name of ['loop_clear', 'loop_other']) {
      const answer = await read(`answer_${name}`);
      assert.match(answer, /^HTTP\/1\.1 502 [^]*<Code>CosdiagLoop<[^]*meta skuid/);
    }
    assert.match(await read('answer_loop_tls'), /curl: \(35\)/);
    const told = (await read('messages')).split('led back to its transparent listener').length - 1;
    assert.ok(told >= 1 && told <= 2, `told ${told} times by two threads`);
    assert.doesNotMatch(await read('messages_before'), /led back/);
  });

  show('connections of the user that cosdiag runs as are left alone', async (read) => {
    assert.doesNotMatch(await read('answer_excluded'), /Via:|X-Cos-Diagnosis/i);
    assert.match(await read('answer_excluded'), /^HTTP\/1\.1 403 /);
  });
});
