# SPDX-License-Identifier: Apache-2.0
"""From measurements to tables: aligned for people, Markdown for the README, JSON for machines."""

import dataclasses
import os
import pathlib
import platform
import statistics

import engine
import rows

PEERS_LIKE_US = rows.BETTER
COLUMNS = ("relay", "relay-splice", "haproxy", "haproxy-splice", "nginx", "squid", "tinyproxy", "mitmdump", "cosdiag")
STATE_TITLES = {
    "idle": "1,000 idle connections",
    "idle-tunnel": "1,000 idle CONNECT tunnels",
    "start": "process",
    "idle-tls": "1,000 idle TLS connections",
}
FIGURES = {
    "idle_mib": "MiB more",
    "after_burst_mib": "MiB more after a burst",
    "after_close_mib": "MiB more after the last is closed",
    "start_ms": "ms from start to first answer",
    "rss_mib": "MiB resident when idle",
}


def machine():
    """Where the figures come from."""
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "cpu": models[0] if models else "unknown CPU",
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "load_average": os.getloadavg()[0],
    }


def median(samples, key="cost"):
    return statistics.median(sample[key] for sample in samples)


def ratios(samples, others):
    """For each turn our cost by that of the best of `others` in the same turn; empty without both."""
    ours = samples.get("cosdiag", [])
    theirs = [samples[name] for name in others if samples.get(name)]
    if not ours or not theirs:
        return []
    best = min(theirs, key=median)
    return [a["cost"] / b["cost"] for a, b in zip(ours, best)]


def ratio(samples, others):
    """Median over the turns; None without both."""
    found = ratios(samples, others)
    return statistics.median(found) if found else None


def held(results, states):
    """[Figure] of what is held to a target beside peers."""
    figures = []
    for row, samples in results:
        if row.most and (found := ratios(samples, row.beside)):
            names = " and ".join(name for name in row.beside if samples.get(name))
            figures.append(engine.Figure(f"{row.title}: CPU by that of {names}", "", found, row.most))
    for kind, samples in states.items():
        if kind in rows.TLS_STATE and samples.get("cosdiag"):
            found = [sample["idle_mib"] * 1024 / 1000 for sample in samples["cosdiag"]]
            figures.append(engine.Figure(f"{STATE_TITLES[kind]}: each", "KiB", found, rows.IDLE_MOST_KIB))
    return figures


def short(value):
    """Three significant digits at most, two behind the point."""
    if value is None:
        return "–"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def align(table):
    """Rows of cells as text, the first column to the left and the others to the right."""
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    lines = []
    for row in table:
        cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def markdown(table):
    head, *rest = table
    rule = ["---"] + ["--:"] * (len(head) - 1)
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *rest))


def cost_table(results):
    """CPU of the proxy per unit of work, one column for each peer, and the ratios."""
    names = [name for name in COLUMNS if any(samples.get(name) for _, samples in results)]
    table = [["proxy CPU, user + system", "", *names, "/ better of haproxy, nginx", "/ haproxy"]]
    for row, samples in results:
        cells = [short(median(samples[name])) if samples.get(name) else "–" for name in names]
        best, haproxy = ratio(samples, PEERS_LIKE_US), ratio(samples, PEERS_LIKE_US[:2])
        table.append([row.title, row.unit, *cells, short(best), short(haproxy)])
    return table


def latency_table(results):
    """The client's view while the proxy is kept busy: p50 / p99."""
    names = [name for name in COLUMNS if any(samples.get(name) for _, samples in results)]
    table = [["latency p50 / p99", "", *names]]
    for row, samples in results:
        bulk = bool(row.per_bytes)
        cells = []
        for name in names:
            found = samples.get(name)
            pair = [median(found, key) / (1000 if bulk else 1) for key in ("p50_us", "p99_us")] if found else []
            cells.append(" / ".join(short(value) for value in pair) or "–")
        table.append([row.title, "ms" if bulk else "µs", *cells])
    return table


def state_table(states):
    """Memory and start, one column for each peer."""
    names = [name for name in COLUMNS if any(name in samples for samples in states.values())]
    table = [["memory and start", *names]]
    for kind, samples in states.items():
        for key in next(iter(samples.values()), [{}])[0]:
            cells = [short(median(samples[name], key)) if samples.get(name) else "–" for name in names]
            table.append([f"{STATE_TITLES[kind]}: {FIGURES[key]}", *cells])
    return table


def target_table(figures):
    """Figures beside what they may be. Half of the samples lie within the third column."""
    table = [["figure", "median", "half of them", "at most", ""]]
    for figure in figures:
        middle = statistics.median(figure.samples)
        quarters = statistics.quantiles(figure.samples, n=4) if len(figure.samples) > 1 else []
        spread = f"{short(quarters[0])} to {short(quarters[2])}" if quarters else "–"
        limit, verdict = "–", ""
        if figure.target is not None:
            limit, verdict = f"{figure.target} {figure.unit}".strip(), "ok" if middle <= figure.target else "over"
        table.append([figure.name, f"{short(middle)} {figure.unit}".strip(), spread, limit, verdict])
    return table


def readme_table(results, states):
    """Fewer columns: the better of the two ways of the relay and of haproxy."""
    groups = {
        "byte relay": COLUMNS[:2],
        "haproxy": COLUMNS[2:4],
        "nginx": ("nginx",),
        "squid": ("squid",),
        "tinyproxy": ("tinyproxy",),
        "mitmdump": ("mitmdump",),
        "cosdiag": ("cosdiag",),
    }
    seen = {name for _, samples in results for name in samples if samples[name]}.union(*states.values())
    groups = {title: names for title, names in groups.items() if seen.intersection(names)}

    def cells(samples, key):
        values = [[median(samples[name], key) for name in names if samples.get(name)] for names in groups.values()]
        return [short(min(found)) if found else "–" for found in values]

    table = [["proxy CPU", *groups, "ratio to the better of haproxy and nginx"]]
    for row, samples in results:
        table.append([f"{row.title}, {row.unit}", *cells(samples, "cost"), short(ratio(samples, PEERS_LIKE_US))])
    for kind, samples in states.items():
        for key in next(iter(samples.values()), [{}])[0]:
            table.append([f"{STATE_TITLES[kind]}: {FIGURES[key]}", *cells(samples, key), ""])
    return table


def tables(results, states, figures, short):
    """What is printed: every table there is something for, or, `short`, the README's instead of those beside peers.
    What was done with TLS has tables of its own."""
    found = [target_table(figures)] if figures else []
    for tls in (True, False):
        work = [(row, samples) for row, samples in results if row.tls == tls]
        kinds = {kind: samples for kind, samples in states.items() if (kind in rows.TLS_STATE) == tls}
        if short:
            found = ([readme_table(work, kinds)] if work or kinds else []) + found
            continue
        beside = [cost_table(work), latency_table(work)] if work else []
        found = beside + ([state_table(kinds)] if kinds else []) + found
    return found


def describe(about):
    machine, versions = about["machine"], about["versions"]
    known = ", ".join(f"{name} {version}" for name, version in versions.items() if version)
    return (
        f"{machine['cpu']}, {machine['cores']} cores, Linux {machine['kernel']}, load average "
        f"{machine['load_average']:.1f} at the start" + (f"; {about['rounds']} rounds; {known}" if known else "")
    )


def as_json(results, states, figures, about):
    """Every single measurement, and the medians and ratios made of them."""
    return {
        **about,
        "rows": [
            {
                "name": row.name,
                "title": row.title,
                "unit": row.unit,
                "medians": {name: median(found) for name, found in samples.items() if found},
                "ratio_to_better_of_haproxy_and_nginx": ratio(samples, PEERS_LIKE_US),
                "ratio_to_haproxy": ratio(samples, PEERS_LIKE_US[:2]),
                "measurements": samples,
            }
            for row, samples in results
        ],
        "states": states,
        "engine": [{**dataclasses.asdict(figure), "target": figure.target} for figure in figures],
    }
