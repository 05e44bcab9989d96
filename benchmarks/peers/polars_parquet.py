"""Parquet by Polars: zstd 3, the writer's own row groups, all cores."""
from peers.values import last_rows


class PolarsParquet:
    name = "parquet-polars"
    package = "polars"
    settings = "write_parquet(zstd, level 3), other settings default; lazy scan, streaming engine"

    def load(self):
        global np, pl
        import numpy as np
        import polars as pl

    def connect(self, path):
        pass

    def prepare(self, table):
        return pl.from_arrow(table)

    def sorted(self, table):
        return table.sort("entity", "event_time")

    def write(self, table, path):
        table.write_parquet(path, compression="zstd", compression_level=3)

    def scan_engine(self, path, columns):
        return self.sums(pl.scan_parquet(path), columns, "streaming")

    def scan_frame(self, path, columns):
        return self.sums(pl.read_parquet(path, columns=columns).lazy(), columns, "in-memory")

    def sums(self, frame, columns, engine):
        schema = frame.collect_schema()
        names = columns or schema.names()
        counts = [pl.col(name).count().alias(f"n {name}") for name in names]
        totals = [self.total(name, schema[name]).alias(f"s {name}") for name in names]
        row = frame.select(counts + totals).collect(engine=engine).row(0, named=True)
        return {name: (row[f"n {name}"], row[f"s {name}"]) for name in names}

    def total(self, name, kind):
        column = pl.col(name)
        if kind == pl.String:
            return column.str.len_bytes().cast(pl.Int64).sum()
        if kind == pl.Datetime:
            return column.to_physical().sum()
        if kind == pl.Float32:
            return column.cast(pl.Float64).sum()
        if isinstance(kind, pl.Array):
            return column.explode().cast(pl.Float64).sum()
        return column.sum()

    def latest_filter(self, path, entities):
        wanted = pl.Series(entities)
        frame = pl.scan_parquet(path).filter(pl.col("entity").is_in(wanted.implode()))
        return frame.unique("entity", keep="last", maintain_order=True).collect(
            engine="streaming").to_arrow()

    def latest_rows(self, path, entities):
        entity = pl.scan_parquet(path).select("entity").collect().to_series()
        rows = pl.Series(last_rows(entity.to_numpy(), np.array(entities)))
        wanted = pl.col("row").is_in(rows.cast(pl.UInt32).implode())
        return pl.scan_parquet(path, row_index_name="row").filter(wanted).collect().to_arrow()
