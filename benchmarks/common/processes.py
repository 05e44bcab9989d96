"""Processes that are timed, and what a run leaves behind."""
import datetime
import multiprocessing
import os
import platform
import selectors
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def timed(command):
    """Runs a command; returns its seconds, its peak resident bytes and its standard output."""
    run = Run(command)
    return run.seconds, run.peak, run.output


class Run:
    """One timed process: what it printed and took, and how much others had of the machine.

    With `limits` a process that takes more is ended, and `stopped` says why; one that fails has its
    last line of errors there. Without, a process that fails ends the script.
    """

    def __init__(self, command, limits=None):
        busy = busy_seconds()
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.stopped = ""
        if limits:
            watch = threading.Thread(target=self.watch, args=(process, limits), daemon=True)
            watch.start()
        output, errors, usage = drain(process)
        self.seconds = time.perf_counter() - start
        if limits:
            watch.join()
        if process.returncode != 0 and not limits:
            sys.exit(f"{' '.join(command)}\n{errors.decode()}")
        if process.returncode != 0 and not self.stopped:
            self.stopped = (errors.decode().strip().splitlines() or ["failed"])[-1]
        self.output = output.decode()
        self.peak = usage.ru_maxrss * 1024
        self.disk_bytes = usage.ru_inblock * 512
        self.cpu_seconds = usage.ru_utime + usage.ru_stime
        others = busy_seconds() - busy - self.cpu_seconds
        # The part of all cores' time that went to other processes; the kernel counts in ticks.
        self.disturbance = max(0.0, others - 0.02) / (self.seconds * os.cpu_count())

    def watch(self, process, limits):
        """Ends a process that passes its limits."""
        start = time.perf_counter()
        while not self.stopped:
            resident = resident_bytes(process.pid)
            if resident == 0:
                return
            if resident > limits.resident_bytes:
                self.stopped = f"more than {limits.resident_bytes / 2**30:g} GiB"
            elif time.perf_counter() - start > limits.seconds:
                self.stopped = f"more than {limits.seconds:g} s"
            else:
                time.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)


class Limits(NamedTuple):
    """What a process may take before it is ended."""

    seconds: float
    resident_bytes: float


def resident_bytes(process):
    """What a process has in memory now; 0 when it is gone."""
    try:
        with open(f"/proc/{process}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def apart(work, *arguments):
    """Does work in another process: a child's peak memory starts from its parent's, which what the
    work imports and makes would raise."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def busy_seconds():
    """The seconds that all cores were busy since the machine started."""
    with open("/proc/stat") as file:
        fields = [int(field) for field in file.readline().split()[1:]]
    user, nice, system, _, _, irq, softirq, steal = fields[:8]
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def wait_for_quiet(limit, seconds=10):
    """Waits until others have less than `limit` of the machine, for so many seconds at most."""
    for _ in range(seconds * 2):
        busy = busy_seconds()
        time.sleep(0.5)
        if (busy_seconds() - busy) / (0.5 * os.cpu_count()) <= limit:
            return


def drain(process):
    """Both outputs to their ends, whichever fills first, and the process's resource usage."""
    parts = {process.stdout: [], process.stderr: []}
    with selectors.DefaultSelector() as selector:
        for stream in parts:
            selector.register(stream, selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select():
                data = os.read(key.fd, 1 << 16)
                if data:
                    parts[key.fileobj].append(data)
                else:
                    selector.unregister(key.fileobj)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    process.stderr.close()
    return b"".join(parts[process.stdout]), b"".join(parts[process.stderr]), usage


def folder_bytes(path):
    """The bytes of a file, or of all files below a folder."""
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(
        os.path.getsize(os.path.join(place, name))
        for place, _, names in os.walk(path) for name in names)


def machine():
    """The machine, as results name it."""
    return f"{os.cpu_count()} cores, {platform.machine()}"


def today():
    return datetime.date.today()


def record(lines):
    """Appends an entry to RESULTS.md."""
    with open(f"{ROOT}/benchmarks/RESULTS.md", "a") as file:
        file.write("\n" + "\n".join(lines) + "\n")
