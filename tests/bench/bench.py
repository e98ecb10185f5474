# SPDX-License-Identifier: Apache-2.0
"""Runs cosdiag and its peers side by side and compares what they cost; scripts/bench calls it."""

import argparse
import contextlib
import json
import os
import pathlib
import resource
import signal
import sys
import tempfile

import peers
import process
import report
import rows


def read_arguments():
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="CPU, latency and memory of cosdiag beside haproxy, nginx, squid, tinyproxy and a plain byte "
        "relay: same origin, same load, in turns. The proxy has one core, client and origin have another.",
    )
    parser.add_argument("--quick", action="store_true", help="one short round of everything, within two minutes")
    parser.add_argument("--only", metavar="ROW,…", help="some rows: " + ", ".join(rows.NAMES))
    parser.add_argument("--peers", metavar="PEER,…", help="some peers: " + ", ".join(report.COLUMNS))
    parser.add_argument("--rounds", type=int, metavar="N", help="measurements per row and peer (default 5; quick: 1)")
    parser.add_argument("--program", metavar="PATH", help="the cosdiag to measure (default: built by scripts/build)")
    parser.add_argument("--tools", metavar="DIR", help="where bench_origin, bench_load and bench_relay are")
    parser.add_argument("--json", metavar="FILE", help="write every measurement there")
    parser.add_argument("--markdown", action="store_true", help="print the README's table instead of the full ones")
    arguments = parser.parse_args()
    arguments.rounds = arguments.rounds or (1 if arguments.quick else 5)
    arguments.only = choose(parser, arguments.only, rows.NAMES)
    arguments.peers = choose(parser, arguments.peers, report.COLUMNS)
    if not arguments.program or not arguments.tools:
        parser.error("--program and --tools are needed; scripts/bench finds them")
    return arguments


def choose(parser, text, known):
    """The names in `text`, all of `known` without it."""
    names = text.split(",") if text else list(known)
    unknown = [name for name in names if name not in known]
    if unknown:
        parser.error(f"'{unknown[0]}' is none of: {', '.join(known)}")
    return names


def say(text):
    print(text, file=sys.stderr, flush=True)


# Fills pools and caches before anything is counted.
WARM_UP = rows.Row("warm-up", "warm-up", 5000, rows.SMALL_GET, kept=False)


class Run:
    """One run of the benchmark: what it measures with, and whether anything failed."""

    def __init__(self, arguments, home):
        self.rounds = arguments.rounds
        self.home = home
        self.proxy_core, load_core = process.pick_cores()
        tools = pathlib.Path(arguments.tools)
        self.bench = rows.Bench(
            str(tools / "bench_load"),
            load_core,
            scale=0.2 if arguments.quick else 1.0,
            settle_s=1.0 if arguments.quick else 3.0,
        )
        every = peers.all_peers(arguments.program, str(tools / "bench_relay"))
        self.peers = [peer for peer in every if peer.name in arguments.peers]
        for peer in [peer for peer in self.peers if not peer.available()]:
            if peer.name == "cosdiag":
                raise SystemExit(f"bench: {arguments.program} is no program")
            say(f"bench: {peer.name} is not installed and takes no part")
            self.peers.remove(peer)
        self.failed = False
        self.origin, self.origin_port = process.start_and_read_port(
            [tools / "bench_origin"], load_core, f"{home}/origin"
        )

    def start(self, peer):
        return peers.Running(peer, f"{self.home}/{peer.name}", self.origin_port, self.proxy_core)

    def attempt(self, what, measure):
        """The result of `measure`, or None after saying what went wrong; the run fails then, but goes on."""
        try:
            return measure()
        except (RuntimeError, OSError) as error:
            self.failed = True
            say(f"bench: {what}: {error}")
            return None

    def work(self, chosen):
        """[(row, {peer: measurements})]: all peers run, one is given work at a time, in turns."""
        results = []
        with contextlib.ExitStack() as stack:
            running = []
            for peer in self.peers:
                started = self.attempt(f"start of {peer.name}", lambda peer=peer: self.start(peer))
                if started:
                    running.append(stack.enter_context(started))
            for one in running if chosen else []:
                self.attempt(f"warming {one.peer.name} up", lambda one=one: self.bench.measure(WARM_UP, one))
            for row in chosen:
                results.append((row, self.measure_row(row, [one for one in running if rows.takes_part(row, one.peer)])))
        return results

    def measure_row(self, row, running):
        samples = {one.peer.name: [] for one in running}
        say(f"bench: {row.title}")
        for turn in range(self.rounds):
            for place in range(len(running)):
                one = running[(place + turn) % len(running)]
                found = self.attempt(f"{row.name}, {one.peer.name}", lambda one=one: self.bench.measure(row, one))
                if found:
                    samples[one.peer.name].append(found)
        return samples

    def state(self, kind):
        """{peer: measurements} of fresh processes; the relay is left out, as it holds nothing worth mentioning."""
        say(f"bench: {report.STATE_TITLES[kind]}")
        samples = {}
        for peer in self.peers:
            takes_part = peer.tunnels if kind == "idle-tunnel" else peer.keeps_alive or kind == "start"
            if not peer.speaks_http or not takes_part:
                continue
            for _ in range(self.rounds if kind == "start" else 1):
                found = self.attempt(f"{kind}, {peer.name}", lambda peer=peer: self.state_of(kind, peer))
                if found:
                    samples.setdefault(peer.name, []).append(found)
        return samples

    def state_of(self, kind, peer):
        with self.start(peer) as running:
            if kind == "start":
                return rows.measure_start(running)
            return rows.measure_idle(self.bench, running, tunnel=kind == "idle-tunnel")


def describe(about):
    machine, versions = about["machine"], about["versions"]
    known = ", ".join(f"{name} {version}" for name, version in versions.items() if version)
    return (
        f"{machine['cpu']}, {machine['cores']} cores, Linux {machine['kernel']}, load average "
        f"{machine['load_average']:.1f} at the start; {about['rounds']} rounds; {known}"
    )


def main():
    arguments = read_arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    about = {"machine": report.machine(), "rounds": arguments.rounds}
    with tempfile.TemporaryDirectory(prefix="cosdiag-bench-") as home:
        os.chmod(home, 0o755)
        run = Run(arguments, home)
        about["versions"] = {p.name: p.version() for p in run.peers if p.speaks_http and not p.name.endswith("splice")}
        with run.origin:
            results = run.work([row for row in rows.WORK if row.name in arguments.only])
            states = {kind: run.state(kind) for kind in rows.STATE if kind in arguments.only}
    if arguments.json:
        text = json.dumps(report.as_json(results, states, about), indent=1)
        pathlib.Path(arguments.json).write_text(text + "\n", encoding="utf-8")
    if arguments.markdown:
        print(report.markdown(report.readme_table(results, states)))
    else:
        tables = [report.cost_table(results), report.latency_table(results)] if results else []
        tables += [report.state_table(states)] if states else []
        print("\n\n".join(report.align(table) for table in tables))
    print("\n" + describe(about))
    return 1 if run.failed else 0


if __name__ == "__main__":
    sys.exit(main())
