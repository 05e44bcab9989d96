"""The workloads of the join: their files, made where they are not there."""
import glob
import os

ROW_GROUP = 122_880
WIDE = "wide"
# What is compared where: the engines that can do W1 to W4 as they are, and Feast, which joins every
# label with all earlier rows of its record, on a tenth of the records.
PLAN = {
    **{name: ["polars eager", "polars streaming", "polars semi-join by hand", "duckdb parquet",
              "duckdb own file", "duckdb pushdown by hand", "clickhouse parquet",
              "datafusion window by hand", "pyarrow join_asof", "pandas merge_asof"]
       for name in ("W1", "W2", "W3", "W4")},
    WIDE: ["polars eager", "duckdb own file", "pandas merge_asof", "feast duckdb", "feast dask"],
    **{f"{name}/10": ["polars eager", "duckdb own file", "pandas merge_asof", "feast duckdb",
                      "feast dask"] for name in ("W1", "W2", "W3", "W4")},
}


class Source:
    """A workload's Parquet: features in both orders, and labels.

    NAME/N is the N-th part of a workload: the records whose identifiers N divides.
    """

    def __init__(self, data, name, folder):
        self.data, self.name = data, name
        base, _, share = name.partition("/")
        self.share = int(share or 1)
        whole = f"{data}/{base}"
        self.root = whole if name == base and name != WIDE else f"{folder}/data"
        self.base = whole if self.root != whole else None

    @property
    def labels(self):
        return f"{self.root}/entity/labels.parquet"

    def files(self, layout):
        if layout == "duckdb":
            return [f"{file}.duckdb" for file in self.files("entity")]
        return sorted(glob.glob(f"{self.root}/{layout}/f?.parquet"))

    def prepare(self, wants_duckdb):
        if self.base and not os.path.exists(self.labels):
            for layout in ("entity", "time"):
                os.makedirs(f"{self.root}/{layout}", exist_ok=True)
            if self.name == WIDE:
                self.make_wide()
            else:
                self.take_share()
        for file in self.files("entity") if wants_duckdb else []:
            if not os.path.exists(f"{file}.duckdb"):
                import duckdb

                with duckdb.connect(f"{file}.duckdb") as connection:
                    connection.execute(
                        f"CREATE TABLE features AS SELECT * FROM read_parquet('{file}')")

    def write(self, table, path):
        import pyarrow.parquet as pq

        pq.write_table(table, f"{self.root}/{path}", compression="zstd", compression_level=3,
                       row_group_size=ROW_GROUP, write_page_index=True)

    def take_share(self):
        import polars as pl

        names = [os.path.basename(file) for file in glob.glob(f"{self.base}/entity/f?.parquet")]
        chosen = pl.col("entity") % self.share == 0
        for path in [f"{layout}/{name}" for layout in ("entity", "time") for name in names] \
                + ["entity/labels.parquet"]:
            rows = pl.read_parquet(f"{self.base}/{path}").filter(chosen)
            self.write(rows.to_arrow(compat_level=pl.CompatLevel.oldest()), path)

    def make_wide(self, rows=9_250, features=1_000, entities=50, labels=17_000):
        """One group of 1,000 float32: its users report minutes and tens of gigabytes of Feast."""
        import numpy as np
        import pyarrow as pa

        random = np.random.default_rng(1)
        start, step, each = 1_735_689_600_000_000, 1_000_000, rows // entities

        def times(values):
            return pa.array(start + values).cast(pa.timestamp("us"))

        table = pa.table({
            "entity": np.repeat(np.arange(entities), each),
            "event_time": times(np.tile(np.arange(each) * step, entities)),
            **{f"f{index:04}": random.normal(0, 1, rows).astype(np.float32)
               for index in range(features)}})
        self.write(table, "entity/f0.parquet")
        self.write(table.sort_by("event_time"), "time/f0.parquet")
        self.write(pa.table({
            "entity": random.integers(0, entities, labels),
            "label_time": times(np.sort(random.integers(0, each * step, labels)))}),
            "entity/labels.parquet")
