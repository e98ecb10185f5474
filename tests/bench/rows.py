# SPDX-License-Identifier: Apache-2.0
"""The rows of the comparison: which work is done, and how one measurement of it goes."""

import dataclasses
import json
import statistics
import time

import process

MIB = 1024 * 1024
GIB = 1024 * MIB
LARGE = 100 * MIB

MOST_TURNS = 20  # of one round

BETTER = ("haproxy", "haproxy-splice", "nginx")  # what cosdiag is compared with


@dataclasses.dataclass(frozen=True)
class Row:
    """One kind of work. `per_bytes` of 0 counts microseconds per request, otherwise seconds per GiB."""

    name: str
    title: str
    requests: int
    load: tuple
    tunnel: bool = False
    tls: bool = False  # on both sides of the proxy
    per_bytes: int = 0
    connections: int = 32
    kept: bool = True  # needs a proxy that keeps client connections
    diagnosed: bool = False
    most: float = 0.0  # that cosdiag's cost may be, by that of the best of `beside`
    beside: tuple = BETTER

    @property
    def unit(self):
        return "s/GiB" if self.per_bytes else "µs"


LARGE_GET = ("--path", f"/bytes/{LARGE}", "--answer", str(LARGE))
LARGE_PUT = ("--method", "PUT", "--path", "/upload", "--upload", str(LARGE))
SMALL_GET = ("--path", "/bytes/1024", "--answer", "1024")

TLS_FRESH = "TLS: 1 KiB GET, new client connection and handshake each"

WORK = (
    Row("small", "1 KiB GET, keep-alive", 40000, SMALL_GET),
    Row("denied", "403 with 500 B XML, keep-alive", 40000, ("--path", "/denied", "--status", "403"), diagnosed=True),
    Row("fresh", "1 KiB GET, new client connection each", 15000, (*SMALL_GET, "--fresh"), kept=False),
    Row("single", "1 KiB GET, one connection at a time", 10000, SMALL_GET, connections=1),
    Row("medium", "64 KiB GET, keep-alive", 20000, ("--path", "/bytes/65536", "--answer", "65536")),
    Row("get", "100 MiB GET", 20, LARGE_GET, per_bytes=LARGE, connections=4, kept=False),
    Row("put", "100 MiB PUT", 20, LARGE_PUT, per_bytes=LARGE, connections=4, kept=False),
    Row("tunnel-small", "CONNECT: 1 KiB GETs inside", 40000, SMALL_GET, tunnel=True),
    Row("tunnel-fresh", "CONNECT: new tunnel for each 1 KiB GET", 8000, (*SMALL_GET, "--fresh"), tunnel=True),
    Row("tunnel-get", "CONNECT: 100 MiB GET", 20, LARGE_GET, tunnel=True, per_bytes=LARGE, connections=4),
    Row("tunnel-put", "CONNECT: 100 MiB PUT", 20, LARGE_PUT, tunnel=True, per_bytes=LARGE, connections=4),
    Row("tls-small", "TLS: 1 KiB GET, keep-alive", 40000, SMALL_GET, tls=True, most=0.85),
    Row("tls-fresh", TLS_FRESH, 8000, (*SMALL_GET, "--fresh"), tls=True, most=1.1, beside=("nginx",)),
    Row("tls-get", "TLS: 100 MiB GET", 20, LARGE_GET, tls=True, per_bytes=LARGE, connections=4, most=0.85),
)

STATE = ("idle", "idle-tunnel", "start")
TLS_STATE = ("idle-tls",)
IDLE_MOST_KIB = 30  # that cosdiag may need for an idle connection with TLS
OWN = ("memory", "engine")  # what cosdiag has alone
NAMES = tuple(row.name for row in WORK) + STATE + TLS_STATE + OWN


def takes_part(row, peer):
    """Whether the peer can do this work at all."""
    if row.tunnel:
        return bool(peer.tunnels)
    return peer.keeps_alive or not row.kept


@dataclasses.dataclass(frozen=True)
class Bench:
    """What all measurements share."""

    load: str  # program
    core: int  # of client and origin
    scale: float = 1.0  # of the number of requests
    settle_s: float = 3.0  # memory that a proxy gives back within this counts as given back

    def command(self, running, tunnel, arguments):
        peer = running.peer
        form = peer.tunnels if tunnel else peer.form
        port = running.ports[peer.tunnel_port if tunnel else "http"]
        authority = running.authority
        if form == "connect" and ":" not in authority:
            authority += ":443"
        words = ["taskset", "-c", self.core, self.load, "--target", f"127.0.0.1:{port}", "--form", form]
        trust = ("--tls-ca", running.trust) if running.trust else ()
        return [str(word) for word in (*words, *trust, "--authority", authority, *arguments)]

    def greet(self, running):
        """One request, so that nothing is met for the first time."""
        process.run_tool(self.command(running, False, ["--requests", 1, "--connections", 1]))

    def measure(self, row, running):
        """All turns at once; the median cost of one."""
        with Work(self, row, running) as work:
            while work.unfinished:
                work.take_turn()
            return statistics.median(sample["cost"] for sample in work.samples)


class Work:
    """A row's work for one proxy, done in turns, between which others have theirs: what slows the machine down for a
    while slows all of them down. Opening the first connections is not counted.

    `samples`, one for each turn: the cost of the proxy in the row's unit, and the client's view of it.
    """

    def __init__(self, bench, row, running):
        self.row = row
        self.running = running
        effort = max(running.peer.effort, 0.3) if row.per_bytes else running.peer.effort
        requests = max(row.connections, int(row.requests * bench.scale * effort))
        turns = min(MOST_TURNS, requests // row.connections)
        self.unfinished = [requests // turns] * turns
        self.samples = []
        self.load = process.Conversation(bench.command(running, row.tunnel, self.arguments()))

    def arguments(self):
        row, peer = self.row, self.running.peer
        arguments = [*row.load, "--requests", row.connections, "--connections", row.connections, "--hold"]
        if not peer.keeps_alive and "--fresh" not in row.load and not row.tunnel:
            arguments.append("--fresh")
        if row.diagnosed and peer.name == "cosdiag":
            arguments += ["--expect-field", "x-cos-diagnosis"]
        return arguments

    def __enter__(self):
        self.load.hear()
        return self

    def __exit__(self, *stop):
        self.load.__exit__(*stop)

    def take_turn(self):
        """True, so that it can be told from a failure."""
        before = self.running.process.cpu_seconds()
        self.load.say(self.unfinished.pop())
        report = json.loads(self.load.hear())
        cost = self.running.process.cpu_seconds() - before
        amount = report["count"] * self.row.per_bytes / GIB if self.row.per_bytes else report["count"] / 1e6
        self.samples.append({"cost": cost / amount, **report})
        return True


def measure_idle(bench, running, tunnel):
    """MiB of a fresh peer per 1,000 connections: after one request on each, after a burst over all, after the last
    one is closed."""
    connections = running.peer.held
    arguments = ["--path", "/bytes/65536", "--connections", connections, "--hold"]
    before = running.process.memory_bytes("Pss")

    def growth():
        return (running.process.memory_bytes("Pss") - before) / MIB * 1000 / connections

    with process.Conversation(bench.command(running, tunnel, arguments)) as load:
        load.hear()
        time.sleep(bench.settle_s)
        idle = growth()
        load.say(int(20 * bench.scale) * connections)
        load.hear()
        time.sleep(bench.settle_s)
        burst = growth()
    time.sleep(bench.settle_s)
    return {"idle_mib": idle, "after_burst_mib": burst, "after_close_mib": growth()}


def measure_start(running):
    """Milliseconds from the start to the first answer, and the resident set then, in MiB."""
    return {"start_ms": running.start_s * 1000, "rss_mib": running.process.memory_bytes("Rss") / MIB}
