"""Lance: a dataset of one version, as it comes and with zstd for every column."""
import os

from peers.values import Sums, last_rows


class Lance:
    name = "lance"
    package = "pylance"
    settings = "write_dataset, newest stable data_storage_version; unordered scanner"

    def load(self):
        os.environ.setdefault("RUST_LOG", "error")
        global lance, np, pa
        import lance
        import numpy as np
        import pyarrow as pa

    def connect(self, path):
        pass

    def prepare(self, table):
        return table

    def sorted(self, table):
        return table.sort_by([("entity", "ascending"), ("event_time", "ascending")])

    def write(self, table, path):
        lance.write_dataset(table, path, mode="create", max_rows_per_file=1 << 30)

    def after_write(self, path):
        """The index with which the documentation finds rows by value; used by latest_index."""
        lance.dataset(path).create_scalar_index("entity", "BTREE")

    def scan_arrow(self, path, columns):
        data = lance.dataset(path)
        sums = Sums(columns or data.schema.names)
        scanner = data.scanner(columns=columns, scan_in_order=False, batch_size=65_536)
        for batch in scanner.to_batches():
            sums.add(batch)
        return sums.values

    def latest_rows(self, path, entities):
        data = lance.dataset(path)
        entity = data.scanner(columns=["entity"]).to_table().column(0).to_numpy()
        return data.take(last_rows(entity, np.array(entities)))

    def latest_index(self, path, entities):
        wanted = ", ".join(str(entity) for entity in entities)
        table = lance.dataset(path).scanner(
            filter=f"entity IN ({wanted})", scan_in_order=True).to_table()
        return table.take(last_rows(table.column("entity").to_numpy(), np.array(entities)))


class LanceZstd(Lance):
    name = "lance-zstd"
    settings = "as lance, lance-encoding:compression=zstd, level 3, on every column"

    def prepare(self, table):
        metadata = {"lance-encoding:compression": "zstd", "lance-encoding:compression-level": "3"}
        return table.cast(pa.schema([field.with_metadata(metadata) for field in table.schema]))
