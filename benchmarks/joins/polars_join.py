"""Polars: `join_asof`, on whole tables, streaming, and with a semi-join by hand."""
from joins.training_set import ROW_GROUP


def write(result, output, kind):
    if kind == "parquet":
        result.write_parquet(
            output, compression="zstd", compression_level=1, row_group_size=ROW_GROUP)
    else:
        result.write_ipc(output, compression="uncompressed")


def joined(labels, features):
    """labels in their order, joined with one table of features after the other."""
    result = labels.with_row_index("place").sort("label_time")
    for table in features:
        result = result.join_asof(
            table, left_on="label_time", right_on="event_time", by="entity",
            strategy="backward", coalesce=True, check_sortedness=False)
        if "event_time" in result.collect_schema().names():
            result = result.drop("event_time")
    return result.sort("place").drop("place")


def eager(files, labels, output, kind):
    """Whole tables, as they are read: rows of a record are in the order of time."""
    import polars as pl

    frames = [pl.read_parquet(file) for file in files]
    write(joined(pl.read_parquet(labels), frames), output, kind)


def streaming(files, labels, output, kind):
    import polars as pl

    result = joined(pl.scan_parquet(labels), [pl.scan_parquet(file) for file in files])
    write(result.collect(engine="streaming"), output, kind)


def semi(files, labels, output, kind):
    """By hand: only rows of records that labels name are kept while features are read."""
    import polars as pl

    wanted = pl.scan_parquet(labels).select("entity").unique()
    frames = [
        pl.scan_parquet(file).join(
            wanted, on="entity", how="semi", maintain_order="left").collect(engine="streaming")
        for file in files]
    write(joined(pl.read_parquet(labels), frames), output, kind)
