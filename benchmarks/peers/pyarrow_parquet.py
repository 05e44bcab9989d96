"""Parquet by pyarrow: zstd 3, as it comes and with encodings chosen by hand."""
import os
from concurrent.futures import ThreadPoolExecutor

from peers.values import Sums, last_rows


class ArrowParquet:
    name = "parquet-pyarrow"
    package = "pyarrow"
    settings = "write_table(zstd, level 3), dictionaries where they pay, row groups of 122,880"

    def load(self):
        global ds, np, pa, pq
        import numpy as np
        import pyarrow as pa
        import pyarrow.dataset as ds
        import pyarrow.parquet as pq

    def connect(self, path):
        pass

    def prepare(self, table):
        return table

    def sorted(self, table):
        return table.sort_by([("entity", "ascending"), ("event_time", "ascending")])

    def options(self, table):
        return {}

    def write(self, table, path):
        pq.write_table(
            table, path, compression="zstd", compression_level=3, row_group_size=122_880,
            write_page_index=True, **self.options(table))

    def in_parts(self, path, work):
        """`work(file, row groups)` on a thread and a file a core; the results in order."""
        count = pq.read_metadata(path).num_row_groups
        cores = min(os.cpu_count(), count)
        bounds = [count * core // cores for core in range(cores + 1)]
        with ThreadPoolExecutor(cores) as pool:
            return list(pool.map(
                lambda core: work(pq.ParquetFile(path), range(bounds[core], bounds[core + 1])),
                range(cores)))

    def scan_row_groups(self, path, columns):
        names = columns or pq.read_schema(path).names

        def work(file, groups):
            sums = Sums(names)
            for group in groups:
                sums.add(file.read_row_group(group, columns=columns, use_threads=False))
            return sums

        sums = Sums(names)
        for part in self.in_parts(path, work):
            sums.merge(part)
        return sums.values

    def scan_batches(self, path, columns):
        data = ds.dataset(path, format="parquet")
        sums = Sums(columns or data.schema.names)
        for batch in data.scanner(columns=columns).to_batches():
            sums.add(batch)
        return sums.values

    def latest_filter(self, path, entities):
        data = ds.dataset(path, format="parquet")
        wanted = np.array(entities)
        table = data.scanner(filter=ds.field("entity").isin(wanted)).to_table()
        return table.take(last_rows(table.column("entity").to_numpy(), wanted))

    def latest_rows(self, path, entities):
        wanted = np.array(entities)

        def work(file, groups):
            start = 0
            tables = []
            for group in groups:
                entity = file.read_row_group(group, columns=["entity"], use_threads=False)
                rows = last_rows(entity.column(0).to_numpy(), wanted)
                if len(rows):
                    tables.append(file.read_row_group(group, use_threads=False).take(rows))
            return tables

        tables = sum(self.in_parts(path, work), [])
        table = pa.concat_tables(tables).combine_chunks()
        # A record that goes on in the next row group was found twice.
        return table.take(last_rows(table.column("entity").to_numpy(), wanted))


class ArrowParquetTuned(ArrowParquet):
    name = "parquet-tuned"
    settings = ("write_table(zstd, level 3): byte_stream_split for floats, delta_binary_packed for "
                "integers and times, dictionaries for texts of few values")

    def options(self, table):
        few = [name for name in table.schema.names if has_few_values(table, name)]
        encodings = {}
        for field in table.schema:
            if field.name in few:
                continue
            if pa.types.is_floating(field.type):
                encodings[field.name] = "BYTE_STREAM_SPLIT"
            elif pa.types.is_fixed_size_list(field.type):
                encodings[f"{field.name}.list.element"] = "BYTE_STREAM_SPLIT"
            elif pa.types.is_integer(field.type) or pa.types.is_timestamp(field.type):
                encodings[field.name] = "DELTA_BINARY_PACKED"
        return {"use_dictionary": few or False, "column_encoding": encodings or None}


def has_few_values(table, name):
    """Whether a dictionary is worth while, from the first rows."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = table.column(name).slice(0, 100_000)
    if pa.types.is_nested(column.type) or pa.types.is_boolean(column.type):
        return False
    return pc.count_distinct(column).as_py() <= min(1000, len(column) // 20)
