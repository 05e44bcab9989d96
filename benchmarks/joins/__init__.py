"""The same point-in-time join by other engines, each in a process of its own.

A way is a function way(files, labels, output, kind): it reads Parquet, joins, and writes the
training set, that is the label rows in their order, their columns, then every group's features.
"""
from typing import NamedTuple


class Engine(NamedTuple):
    """What runs a way, and on which files.

    layout: entity (Parquet ordered by record and time), time (Parquet ordered by time) or duckdb
    (DuckDB's own file, made before from the first); what suits the engine best.
    may_drop: labels without a row so early of a record that has later ones, and all but the first
    of labels of one record and time.
    """

    module: str
    way: str
    package: str
    layout: str = "entity"
    environment: str = "bench-venv"
    may_drop: bool = False


ENGINES = {
    "polars eager": Engine("polars_join", "eager", "polars"),
    "polars streaming": Engine("polars_join", "streaming", "polars"),
    "polars semi-join by hand": Engine("polars_join", "semi", "polars"),
    "duckdb parquet": Engine("duckdb_join", "parquet", "duckdb"),
    "duckdb own file": Engine("duckdb_join", "table", "duckdb", "duckdb"),
    "duckdb pushdown by hand": Engine("duckdb_join", "pushdown", "duckdb", "duckdb"),
    "clickhouse parquet": Engine("clickhouse_join", "parquet", "chdb"),
    "datafusion window by hand": Engine("datafusion_join", "window", "datafusion"),
    "pyarrow join_asof": Engine("pyarrow_join", "asof", "pyarrow", "time"),
    "pandas merge_asof": Engine("pandas_join", "asof", "pandas", "time"),
    "feast duckdb": Engine("feast_join", "duckdb", "feast", "entity", "feast-venv"),
    "feast dask": Engine("feast_join", "dask", "feast", "entity", "feast-venv", True),
}
