"""One job of one peer in a process of its own; prints what it took as a line of JSON.

usage: child.py PEER JOB WAY PATH [--input FILE] [--columns A,B] [--entities LIST]
                [--sort | --time-order]
       --sort: the input is in the order of time, and the peer sorts it before it writes
       --time-order: the file keeps that order
"""
import argparse
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from common.processes import folder_bytes  # noqa: E402
from peers import PEERS, values  # noqa: E402


class Laps:
    """The seconds of consecutive steps, by name, and what all cores computed in them."""

    def __init__(self):
        self.seconds, self.processor = {}, {}
        self.start, self.computed = time.perf_counter(), time.process_time()

    def lap(self, name):
        now, computed = time.perf_counter(), time.process_time()
        self.seconds[name], self.processor[name] = now - self.start, computed - self.computed
        self.start, self.computed = now, computed


def synchronise(path):
    """fsync of all files, as the writer of a durable file does it."""
    paths = [path] if os.path.isfile(path) else [
        os.path.join(place, name) for place, _, names in os.walk(path) for name in names]
    for name in paths:
        descriptor = os.open(name, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)


def load_common():
    """What the sums need, and what some peers would import in the middle of a job."""
    import numpy  # noqa: F401
    import pandas  # noqa: F401
    import pyarrow.compute  # noqa: F401
    import pyarrow.dataset  # noqa: F401


def write(peer, arguments, laps):
    import pyarrow as pa

    with pa.OSFile(arguments.input) as file:
        table = peer.prepare(pa.ipc.open_file(file).read_all())
    laps.lap("reading")
    peer.connect(arguments.path)
    laps.lap("connecting")
    if arguments.sort:
        peer.write(peer.sorted(table), arguments.path)
    else:
        peer.write(table, arguments.path)
    laps.lap("writing")
    synchronise(arguments.path)
    laps.lap("synchronising")
    if arguments.finish and hasattr(peer, "after_write"):
        bytes_before = folder_bytes(arguments.path)
        peer.after_write(arguments.path)
        laps.lap("afterwards")
    else:
        bytes_before = None
    bytes_now = peer.byte_count() if hasattr(peer, "byte_count") else (
        bytes_before or folder_bytes(arguments.path))
    return {"bytes": bytes_now,
            "seconds": laps.seconds["writing"] + laps.seconds["synchronising"],
            "processorSeconds": laps.processor["writing"] + laps.processor["synchronising"]}


def main():
    laps = Laps()
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ["peer", "job", "way", "path"]:
        parser.add_argument(name)
    parser.add_argument("--input")
    parser.add_argument("--columns")
    parser.add_argument("--entities")
    parser.add_argument("--finish", action="store_true")
    parser.add_argument("--sort", action="store_true")
    parser.add_argument("--time-order", action="store_true")
    arguments = parser.parse_args()
    values.IN_TIME_ORDER = arguments.time_order
    load_common()
    peer = PEERS[arguments.peer]()
    peer.load()
    laps.lap("importing")
    if arguments.job == "write":
        answer = write(peer, arguments, laps)
    else:
        peer.connect(arguments.path)
        entities = None
        if arguments.entities:
            with open(arguments.entities) as file:
                entities = [int(line) for line in file]
        laps.lap("connecting")
        job = getattr(peer, f"{arguments.job}_{arguments.way}")
        if arguments.job == "scan":
            columns = arguments.columns.split(",") if arguments.columns else None
            sums = job(arguments.path, columns)
            laps.lap("working")
            answer = {"sums": {name: {"count": count, "sum": total}
                               for name, (count, total) in sums.items()}}
        else:
            table = job(arguments.path, entities)
            laps.lap("working")
            names = [name for name in table.schema.names if name not in ("entity", "row")]
            answer = {"crc32": values.crc32(table, names), "rows": table.num_rows}
        answer["seconds"] = laps.seconds["working"]
        answer["processorSeconds"] = laps.processor["working"]
    answer["laps"] = laps.seconds
    print(json.dumps(answer), flush=True)
    # Engines of some peers take their time to end, or fail to.
    os._exit(0)


if __name__ == "__main__":
    main()
