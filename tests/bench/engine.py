# SPDX-License-Identifier: Apache-2.0
"""The engine without a proxy round it, and what it may cost at most."""

import dataclasses
import json

import process
import rows

MEMORY_COST = "memory: more CPU for a 1 KiB GET"

# What a figure may be, by the beginning of its name, in the figure's own unit.
TARGETS = {"diagnosis: ": 15, "search: ": 1000, "memory: resident": 32, MEMORY_COST: 3}

UNITS = {"ns": "ns", "us": "µs"}


@dataclasses.dataclass
class Figure:
    """One thing that was measured several times."""

    name: str
    unit: str
    samples: list = dataclasses.field(default_factory=list)
    most: float | None = None  # what it may be where TARGETS does not know

    @property
    def target(self):
        """None where no more is wanted than to know it."""
        if self.most is not None:
            return self.most
        return next((most for start, most in TARGETS.items() if self.name.startswith(start)), None)


def measure(tools, core, quick):
    """The figures of bench_engine, each repetition one sample, those of all benchmarks in random order."""
    command = [
        *("taskset", "-c", str(core), f"{tools}/bench_engine"),
        *("--benchmark_format=json", "--benchmark_enable_random_interleaving=true"),
        *(f"--benchmark_repetitions={5 if quick else 21}", f"--benchmark_min_time={0.02 if quick else 0.1}"),
    ]
    figures = {}
    benchmarks = json.loads(process.run_tool(command))["benchmarks"]
    for found in sorted(benchmarks, key=lambda found: found["family_index"]):
        if found["run_type"] == "iteration":
            name, in_bytes = found["name"].partition("/")[0], "MiB" in found
            unit = "MiB" if in_bytes else UNITS[found["time_unit"]]
            figure = figures.setdefault(name, Figure(name, unit))
            figure.samples.append(found["MiB" if in_bytes else "cpu_time"])
    return list(figures.values())


def measure_memory_cost(bench, running, pairs):
    """Per cent that a running cosdiag takes more for a host of COS, whose answers it remembers, than for another.
    Of a busy machine many short pairs tell more than few long ones."""
    bench = dataclasses.replace(bench, scale=1.0)
    remembered, plain = (
        rows.Row("memory", "memory", 2500, (*rows.SMALL_GET, "--authority", host))
        for host in (running.authority, "examplebucket-1250000000.cos.ap-guangzhou.host.example")
    )
    figure = Figure(MEMORY_COST, "%")
    for turn in range(pairs):
        order = (remembered, plain) if turn % 2 else (plain, remembered)
        cost = {row: bench.measure(row, running) for row in order}
        figure.samples.append((cost[remembered] / cost[plain] - 1) * 100)
    return figure
