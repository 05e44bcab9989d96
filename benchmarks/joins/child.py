#!/usr/bin/env python3
"""One engine, one join, one process: what a user would write with it.

usage: child.py NAME FEATURES,... LABELS OUTPUT FORMAT
       FORMAT is parquet (zstd level 1, row groups of 131,072 rows) or arrow (uncompressed)
"""
import sys

ROW_GROUP = 131_072


# ---- Polars

def polars_frame(result, output, kind):
    if kind == "parquet":
        result.write_parquet(
            output, compression="zstd", compression_level=1, row_group_size=ROW_GROUP)
    else:
        result.write_ipc(output, compression="uncompressed")


def polars_join(labels, features):
    """labels in their order, joined with one table of features after the other."""
    result = labels.with_row_index("place").sort("label_time")
    for table in features:
        result = result.join_asof(
            table, left_on="label_time", right_on="event_time", by="entity",
            strategy="backward", coalesce=True, check_sortedness=False)
        if "event_time" in result.collect_schema().names():
            result = result.drop("event_time")
    return result.sort("place").drop("place")


def polars_eager(files, labels, output, kind):
    """Whole tables, as they are read: rows of a record are in the order of time."""
    import polars as pl

    frames = [pl.read_parquet(file) for file in files]
    polars_frame(polars_join(pl.read_parquet(labels), frames), output, kind)


def polars_streaming(files, labels, output, kind):
    import polars as pl

    result = polars_join(pl.scan_parquet(labels), [pl.scan_parquet(file) for file in files])
    polars_frame(result.collect(engine="streaming"), output, kind)


def polars_semi(files, labels, output, kind):
    """By hand: only rows of records that labels name are kept while features are read."""
    import polars as pl

    wanted = pl.scan_parquet(labels).select("entity").unique()
    frames = [
        pl.scan_parquet(file).join(
            wanted, on="entity", how="semi", maintain_order="left").collect(engine="streaming")
        for file in files]
    polars_frame(polars_join(pl.read_parquet(labels), frames), output, kind)


# ---- DuckDB

def duckdb_query(sources, labels):
    joins, columns = [], ["l.* EXCLUDE (place, file_row_number)"]
    for index, (source, names) in enumerate(sources):
        joins.append(f"ASOF LEFT JOIN {source} g{index} ON l.entity = g{index}.entity "
                     f"AND l.label_time >= g{index}.event_time")
        columns += [f"g{index}.{name}" for name in names]
    return (f"SELECT {', '.join(columns)} FROM (SELECT *, file_row_number AS place FROM "
            f"read_parquet('{labels}', file_row_number = true)) l {' '.join(joins)} "
            "ORDER BY l.place")


def duckdb_names(connection, source):
    found = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    return [row[0] for row in found if row[0] not in ("entity", "event_time")]


def duckdb_write(connection, query, output, kind):
    if kind == "parquet":
        connection.execute(
            f"COPY ({query}) TO '{output}' (FORMAT parquet, COMPRESSION zstd, "
            f"COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {ROW_GROUP})")
    else:
        import pyarrow as pa

        reader = connection.execute(query).to_arrow_reader(1 << 17)
        with pa.ipc.new_file(output, reader.schema) as file:
            for batch in reader:
                file.write_batch(batch)


def duckdb_parquet(files, labels, output, kind):
    import duckdb

    connection = duckdb.connect()
    sources = [f"read_parquet('{file}')" for file in files]
    sources = [(source, duckdb_names(connection, source)) for source in sources]
    duckdb_write(connection, duckdb_query(sources, labels), output, kind)


def duckdb_table(files, labels, output, kind):
    """DuckDB's own file, made before from the same Parquet: FILE.duckdb."""
    import duckdb

    connection = duckdb.connect()
    sources = []
    for index, file in enumerate(files):
        connection.execute(f"ATTACH '{file}.duckdb' AS d{index} (READ_ONLY)")
        source = f"d{index}.features"
        sources.append((source, duckdb_names(connection, source)))
    duckdb_write(connection, duckdb_query(sources, labels), output, kind)


def duckdb_pushdown(files, labels, output, kind):
    """By hand on DuckDB's own file: records that labels do not name are left out first."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(
        f"CREATE TEMP TABLE wanted AS SELECT DISTINCT entity FROM read_parquet('{labels}')")
    sources = []
    for index, file in enumerate(files):
        connection.execute(f"ATTACH '{file}.duckdb' AS d{index} (READ_ONLY)")
        source = f"(SELECT * FROM d{index}.features SEMI JOIN wanted USING (entity))"
        sources.append((source, duckdb_names(connection, f"d{index}.features")))
    duckdb_write(connection, duckdb_query(sources, labels), output, kind)


# ---- ClickHouse

def clickhouse_parquet(files, labels, output, kind):
    import chdb

    query = f"SELECT *, rowNumberInAllBlocks() AS place FROM file('{labels}', Parquet)"
    for index, file in enumerate(files):
        query = (f"SELECT l.*, g{index}.* EXCEPT (entity, event_time) FROM ({query}) l "
                 f"ASOF LEFT JOIN file('{file}', Parquet) g{index} "
                 f"ON l.entity = g{index}.entity AND l.label_time >= g{index}.event_time")
    form = "Parquet" if kind == "parquet" else "Arrow"
    chdb.query(
        f"SELECT * EXCEPT (place) FROM ({query}) ORDER BY place INTO OUTFILE '{output}' "
        f"FORMAT {form} SETTINGS join_use_nulls = 1, output_format_parquet_compression_method = "
        f"'zstd', output_format_compression_level = 1, output_format_parquet_row_group_size = "
        f"{ROW_GROUP}, output_format_arrow_compression_method = 'none', "
        "output_format_arrow_string_as_string = 1, input_format_parquet_preserve_order = 1")


# ---- pandas

def pandas_asof(files, labels, output, kind):
    import pandas as pd

    result = pd.read_parquet(labels)
    result["place"] = range(len(result))
    result = result.sort_values("label_time", kind="stable")
    for file in files:
        features = pd.read_parquet(file).sort_values("event_time", kind="stable")
        result = pd.merge_asof(
            result, features, left_on="label_time", right_on="event_time", by="entity"
        ).drop(columns="event_time")
    result = result.sort_values("place").drop(columns="place")
    if kind == "parquet":
        result.to_parquet(output, index=False, compression="zstd", compression_level=1,
                          row_group_size=ROW_GROUP)
    else:
        result.reset_index(drop=True).to_feather(output, compression="uncompressed")


JOINS = {
    "polars eager": polars_eager, "polars streaming": polars_streaming,
    "polars semi-join by hand": polars_semi, "duckdb parquet": duckdb_parquet,
    "duckdb own file": duckdb_table, "duckdb pushdown by hand": duckdb_pushdown,
    "clickhouse parquet": clickhouse_parquet, "pandas merge_asof": pandas_asof,
}


def main():
    name, files, labels, output, kind = sys.argv[1:]
    JOINS[name](files.split(","), labels, output, kind)


if __name__ == "__main__":
    main()
