# SPDX-License-Identifier: Apache-2.0
"""Runs cosdiag and its peers side by side and compares what they cost; scripts/bench calls it."""

import argparse
import contextlib
import functools
import json
import os
import pathlib
import resource
import signal
import sys
import tempfile

import certificates
import engine
import peers
import process
import report
import rows
import tls_peers


def read_arguments():
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="CPU, latency and memory of cosdiag beside haproxy, nginx, squid, tinyproxy, mitmdump and a plain "
        "byte relay: same origin, same load, in turns. The proxy has one core, client and origin have another.",
    )
    parser.add_argument("--quick", action="store_true", help="one short round of everything, within two or three minutes")
    parser.add_argument("--only", metavar="ROW,…", help="some rows: " + ", ".join(rows.NAMES))
    parser.add_argument("--peers", metavar="PEER,…", help="some peers: " + ", ".join(report.COLUMNS))
    parser.add_argument("--engine", action="store_true", help="the engine alone, without peers and program")
    rounds = f"rounds of up to {rows.MOST_TURNS} turns, for each row and peer (default 5; quick: 1)"
    parser.add_argument("--rounds", type=int, metavar="N", help=rounds)
    parser.add_argument("--program", metavar="PATH", help="the cosdiag to measure (default: built by scripts/build)")
    parser.add_argument("--tools", metavar="DIR", help="where bench_origin, bench_load and bench_relay are")
    parser.add_argument("--json", metavar="FILE", help="write every measurement there")
    parser.add_argument("--markdown", action="store_true", help="print the README's tables instead of the full ones")
    arguments = parser.parse_args()
    arguments.rounds = arguments.rounds or (1 if arguments.quick else 5)
    arguments.only = ["engine"] if arguments.engine else choose(parser, arguments.only, rows.NAMES)
    arguments.peers = choose(parser, arguments.peers, report.COLUMNS)
    if not arguments.tools or not (arguments.engine or arguments.program):
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
    """What goes beside one origin: what it measures with, and whether anything failed. Peers that are not there are
    left out of `every`; `site` is what the texts of the others may name, beside the origin's port."""

    def __init__(self, arguments, home, every, origin_options=(), site=None):
        os.makedirs(home, exist_ok=True)
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
        self.peers = [peer for peer in every if peer.name in arguments.peers]
        for peer in [peer for peer in self.peers if not peer.available()]:
            if peer.name == "cosdiag":
                raise SystemExit(f"bench: {arguments.program} is no program")
            say(f"bench: {peer.name} is not installed{peer.needs and ' with '}{peer.needs} and takes no part")
            self.peers.remove(peer)
        self.failed = False
        self.origin, port = process.start_and_read_port(
            [tools / "bench_origin", *origin_options], load_core, f"{home}/origin"
        )
        self.site = {"origin": port, **(site or {})}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.origin.stop()

    def start(self, peer):
        running = peers.Running(peer, f"{self.home}/{peer.name}", self.site, self.proxy_core)
        try:
            if running.trust:  # that something listens does not mean that it answers
                self.bench.greet(running)
        except BaseException:
            running.process.stop()
            raise
        return running

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
        for _ in range(self.rounds):
            for work in self.measure_round(row, running):
                samples[work.running.peer.name] += work.samples
        return samples

    def measure_round(self, row, running):
        """[Work] of those that did not fail."""

        def attempt(one, step):
            return self.attempt(f"{row.name}, {one.peer.name}", step)

        with contextlib.ExitStack() as stack:
            under_way = []
            for one in running:
                begin = functools.partial(stack.enter_context, rows.Work(self.bench, row, one))
                under_way.append(attempt(one, begin))
            under_way = [work for work in under_way if work]
            for turn in range(rows.MOST_TURNS):
                for work in under_way[:: -1 if turn % 2 else 1]:
                    if work.unfinished and not attempt(work.running, work.take_turn):
                        under_way.remove(work)
            return under_way

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

    def versions(self):
        return {p.name: p.version() for p in self.peers if p.speaks_http and not p.name.endswith("splice")}

    def memory(self):
        """[Figure] of what remembering costs; empty without cosdiag among the peers, or when it failed."""
        say(f"bench: {engine.MEMORY_COST}")
        found = [self.attempt("memory", lambda: self.memory_of(peer)) for peer in self.peers if peer.name == "cosdiag"]
        return [figure for figure in found if figure]

    def memory_of(self, peer):
        with self.start(peer) as running:
            return engine.measure_memory_cost(self.bench, running, pairs=48 * self.rounds)


def plain_run(arguments, home):
    return Run(arguments, home, peers.all_peers(arguments.program, f"{arguments.tools}/bench_relay"))


def tls_run(arguments, home):
    """With an origin that shows a certificate, and peers that trust its authority."""
    os.makedirs(home)
    every = tls_peers.all_peers(arguments.program)
    if "cosdiag" in arguments.peers and not tls_peers.intercepts(arguments.program, home):
        say("bench: this cosdiag has no 'ca init' and takes no part in the rows with TLS")
        every = [peer for peer in every if peer.name != "cosdiag"]
    site = {"host": peers.COS_HOST, **certificates.make(home, peers.COS_HOST)}
    options = ("--certificate", site["certificate"], "--key", site["key"])
    return Run(arguments, home, every, options, site)


def run_beside_peers(arguments, about):
    """(results, states, figures, whether anything failed) of all but the engine by itself."""
    results, states, figures, failed = [], {}, [], False
    with tempfile.TemporaryDirectory(prefix="cosdiag-bench-") as home:
        os.chmod(home, 0o755)
        for tls, start, kinds in ((False, plain_run, rows.STATE), (True, tls_run, rows.TLS_STATE)):
            work = [row for row in rows.WORK if row.name in arguments.only and row.tls == tls]
            kinds = [kind for kind in kinds if kind in arguments.only]
            remembers = "memory" in arguments.only and not tls
            if not work and not kinds and not remembers:
                continue
            with start(arguments, f"{home}/{'tls' if tls else 'plain'}") as run:
                about["versions"] |= run.versions()
                results += run.work(work)
                states |= {kind: run.state(kind) for kind in kinds}
                figures += run.memory() if remembers else []
            failed = failed or run.failed
    return results, states, figures + report.held(results, states), failed


def main():
    arguments = read_arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    about = {"machine": report.machine(), "rounds": arguments.rounds, "versions": {}}
    results, states, figures, failed = [], {}, [], False
    if "engine" in arguments.only:
        say("bench: engine")
        figures += engine.measure(arguments.tools, process.pick_cores()[0], arguments.quick)
    if arguments.only != ["engine"]:
        results, states, cost, failed = run_beside_peers(arguments, about)
        figures += cost
    if arguments.json:
        text = json.dumps(report.as_json(results, states, figures, about), indent=1)
        pathlib.Path(arguments.json).write_text(text + "\n", encoding="utf-8")
    show = report.markdown if arguments.markdown else report.align
    tables = report.tables(results, states, figures, short=arguments.markdown)
    print("\n\n".join(show(table) for table in tables))
    print("\n" + report.describe(about))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
