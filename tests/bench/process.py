# SPDX-License-Identifier: Apache-2.0
"""Starting, watching and ending the programs of a benchmark; what they cost is read from the kernel's own accounts."""

import contextlib
import http.client
import os
import pathlib
import socket
import subprocess
import threading
import time

START_LIMIT_S = 20
ANSWER_LIMIT_S = 600


def pick_cores():
    """(core of the proxy, core of client and origin)."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise SystemExit("bench: two cores are needed, one for the proxy and one for client and origin")
    return cores[0], cores[1]


def free_port():
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def quiet_environment():
    """No proxy, CA or language settings of the caller's: every program runs under the same conditions."""
    return {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/nonexistent", "LANG": "C"}


class Process:
    """A program of ours, pinned to one core, ended by its id."""

    def __init__(self, command, core, log_path):
        self.command = [str(word) for word in command]
        self.log_path = pathlib.Path(log_path)
        self.started_at = time.monotonic()
        with open(log_path, "ab") as log:
            self.child = subprocess.Popen(
                ["taskset", "-c", str(core), *self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=quiet_environment(),
            )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """Asks the process to end, and ends it if it does not."""
        if self.child.poll() is None:
            self.child.terminate()
        try:
            self.child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()

    def tree(self):
        """Ids of the process and all its descendants."""
        parents = {}
        for entry in pathlib.Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    after_name = (entry / "stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                parents.setdefault(int(after_name[1]), []).append(int(entry.name))
        found = [self.child.pid]
        for pid in found:
            found.extend(parents.get(pid, []))
        return found

    def cpu_seconds(self):
        """User and system time of the tree, ended threads included, to the nanosecond."""
        # What clock_getcpuclockid(3) computes; Python has no name for it.
        return sum(time.clock_gettime((~pid << 3) | 2) for pid in self.tree())

    def memory_bytes(self, field):
        """Sum over the tree of a field of /proc/PID/smaps_rollup: 'Pss' or 'Rss'."""
        total = 0
        for pid in self.tree():
            for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith(field + ":"):
                    total += int(line.split()[1]) * 1024
        return total

    def wait_for_answer(self, port, target, host):
        """Seconds from the start to the first answer to GET `target` on `port`."""
        while time.monotonic() < self.started_at + START_LIMIT_S:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            try:
                connection.putrequest("GET", target, skip_host=True)
                connection.putheader("Host", host)
                connection.endheaders()
                answer = connection.getresponse()
                answer.read()
                if answer.status == 200:
                    return time.monotonic() - self.started_at
                raise RuntimeError(f"{self.command[0]} answered {answer.status} to its first request: {self.said()}")
            except ConnectionRefusedError:
                if self.child.poll() is not None:
                    raise RuntimeError(f"{self.command[0]} ended at once: {self.said()}") from None
                time.sleep(0.0005)
            finally:
                connection.close()
        raise RuntimeError(f"{self.command[0]} does not answer: {self.said()}")

    def wait_for_port(self, port):
        """Seconds from the start until something listens on `port`."""
        while time.monotonic() < self.started_at + START_LIMIT_S:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return time.monotonic() - self.started_at
            if self.child.poll() is not None:
                raise RuntimeError(f"{self.command[0]} ended at once: {self.said()}")
            time.sleep(0.01)
        raise RuntimeError(f"{self.command[0]} does not listen: {self.said()}")

    def said(self):
        """The last lines of the program's own output."""
        return " | ".join(self.log_path.read_text(errors="replace").splitlines()[-4:])


def run_tool(command, env=None):
    """Its output; what it had to complain about becomes the error."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=ANSWER_LIMIT_S, env=env)
    if done.returncode != 0:
        raise RuntimeError(complaint(done.stderr, done.returncode))
    return done.stdout


class Conversation:
    """A tool that is given orders line by line, and answers each with a line. It ends once it has no more to expect."""

    def __init__(self, command):
        self.child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with self.child, contextlib.suppress(BrokenPipeError):
            self.child.stdin.close()

    def say(self, order):
        self.child.stdin.write(f"{order}\n")
        self.child.stdin.flush()

    def hear(self):
        """The next line; what the tool had to complain about instead becomes the error."""
        deadline = threading.Timer(ANSWER_LIMIT_S, self.child.kill)
        deadline.start()
        try:
            line = self.child.stdout.readline()
        finally:
            deadline.cancel()
        if not line:
            raise RuntimeError(complaint(self.child.stderr.read(), self.child.wait()))
        return line


def complaint(stderr, status):
    return stderr.strip().replace("\r\n", " ⏎ ") or f"ended with {status}"


def start_and_read_port(command, core, log_path):
    """A tool that prints the port it listens on, and that port."""
    process = Process(command, core, log_path)
    for _ in range(START_LIMIT_S * 100):
        text = pathlib.Path(log_path).read_text()
        if text.endswith("\n") and text.strip().isdigit():
            return process, int(text)
        if process.child.poll() is not None:
            break
        time.sleep(0.01)
    with process:
        raise RuntimeError(f"{command[0]} did not start: {process.said()}")
