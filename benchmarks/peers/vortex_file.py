"""Vortex: one file, its default and its compact writer."""
import os
from concurrent.futures import ThreadPoolExecutor

from peers.values import Sums, last_rows


class Vortex:
    name = "vortex"
    package = "vortex-data"
    settings = ("VortexWriteOptions.default(); a worker thread a core; open(memory_map=True), "
                "to_arrow, texts as views")

    def load(self):
        global np, pa, vx
        import numpy as np
        import pyarrow as pa
        import vortex as vx

    def connect(self, path):
        vx.set_worker_threads(os.cpu_count())

    def prepare(self, table):
        return table

    def sorted(self, table):
        return table.sort_by([("entity", "ascending"), ("event_time", "ascending")])

    def writer(self):
        return vx.io.VortexWriteOptions.default()

    def write(self, table, path):
        self.writer().write(table, path)

    def open(self, path):
        return vx.open(path, memory_map=True)

    def scan_arrow(self, path, columns):
        file = self.open(path)
        reader = file.to_arrow(columns)
        sums = Sums(columns or reader.schema.names)
        for batch in reader:
            sums.add(batch)
        return sums.values

    def scan_ranges(self, path, columns):
        """A range of rows a core, each decoded and summed on a thread of its own."""
        file = self.open(path)
        names = columns or file.to_dataset().schema.names
        scan = file.to_repeated_scan(columns)
        rows = file.splits()[-1][1]
        cores = os.cpu_count()

        def work(core):
            sums = Sums(names)
            bounds = (rows * core // cores, rows * (core + 1) // cores)
            for batch in scan.execute(row_range=bounds).to_arrow():
                sums.add(batch)
            return sums

        sums = Sums(names)
        with ThreadPoolExecutor(cores) as pool:
            for part in pool.map(work, range(cores)):
                sums.merge(part)
        return sums.values

    def latest_rows(self, path, entities):
        file = self.open(path)
        entity = file.to_arrow(["entity"]).read_all().column(0).to_numpy()
        rows = last_rows(entity, np.array(entities))
        indices = vx.array(pa.array(rows, pa.uint64()))
        return file.to_arrow(indices=indices).read_all()


class VortexCompact(Vortex):
    name = "vortex-compact"
    settings = "VortexWriteOptions.compact(); read as vortex"

    def writer(self):
        return vx.io.VortexWriteOptions.compact()
