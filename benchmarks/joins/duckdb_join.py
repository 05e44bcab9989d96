"""DuckDB: `ASOF JOIN` on Parquet, on its own file, and with a semi-join by hand."""
from joins.training_set import ROW_GROUP


def asof_query(sources, labels):
    joins, columns = [], ["l.* EXCLUDE (place, file_row_number)"]
    for index, (source, names) in enumerate(sources):
        joins.append(f"ASOF LEFT JOIN {source} g{index} ON l.entity = g{index}.entity "
                     f"AND l.label_time >= g{index}.event_time")
        columns += [f"g{index}.{name}" for name in names]
    return (f"SELECT {', '.join(columns)} FROM (SELECT *, file_row_number AS place FROM "
            f"read_parquet('{labels}', file_row_number = true)) l {' '.join(joins)} "
            "ORDER BY l.place")


def feature_names(connection, source):
    found = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    return [row[0] for row in found if row[0] not in ("entity", "event_time")]


def write(connection, query, output, kind):
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


def parquet(files, labels, output, kind):
    import duckdb

    connection = duckdb.connect()
    sources = [f"read_parquet('{file}')" for file in files]
    sources = [(source, feature_names(connection, source)) for source in sources]
    write(connection, asof_query(sources, labels), output, kind)


def table(files, labels, output, kind):
    """DuckDB's own file, made before from the same Parquet: FILE.duckdb."""
    import duckdb

    connection = duckdb.connect()
    sources = []
    for index, file in enumerate(files):
        connection.execute(f"ATTACH '{file}.duckdb' AS d{index} (READ_ONLY)")
        source = f"d{index}.features"
        sources.append((source, feature_names(connection, source)))
    write(connection, asof_query(sources, labels), output, kind)


def pushdown(files, labels, output, kind):
    """By hand on DuckDB's own file: records that labels do not name are left out first."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(
        f"CREATE TEMP TABLE wanted AS SELECT DISTINCT entity FROM read_parquet('{labels}')")
    sources = []
    for index, file in enumerate(files):
        connection.execute(f"ATTACH '{file}.duckdb' AS d{index} (READ_ONLY)")
        source = f"(SELECT * FROM d{index}.features SEMI JOIN wanted USING (entity))"
        sources.append((source, feature_names(connection, f"d{index}.features")))
    write(connection, asof_query(sources, labels), output, kind)
