"""Other formats, each doing the jobs of SegmentBenchmark in its best documented way.

A peer is a class with

    load()                          imports what it needs: timed apart
    prepare(table)                  an Arrow table as the peer likes it in memory: not timed
    write(table, path)              rows to a new file or folder, in their order
    sorted(table)                   the rows ordered by entity and event_time; part of the write
                                    where they come in the order of time
    after_write(path)               what a user does once after a load, timed apart (optional)
    connect(path)                   opens the library, not the data: timed apart
    scan_WAY(path, columns)         {column: (rows that are not null, sum)}, see values.py
    latest_WAY(path, entities)      each entity's last row, ordered by entity, as an Arrow table

Of several ways the driver times all and reports the fastest.
"""
from peers.clickhouse import ClickHouse, ClickHouseZstd
from peers.duckdb_file import DuckDB
from peers.lance_table import Lance, LanceZstd
from peers.polars_parquet import PolarsParquet
from peers.pyarrow_parquet import ArrowParquet, ArrowParquetTuned
from peers.vortex_file import Vortex, VortexCompact

PEERS = {
    peer.name: peer for peer in [
        PolarsParquet, ArrowParquet, ArrowParquetTuned, Vortex, VortexCompact, Lance, LanceZstd,
        DuckDB, ClickHouse, ClickHouseZstd]}


def ways(peer, job):
    """The ways in which a peer does a job, by name."""
    return [name.removeprefix(job + "_") for name in dir(peer) if name.startswith(job + "_")]
