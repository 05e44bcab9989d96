"""pyarrow: `Table.join_asof`, on features in the order of time."""
from joins.training_set import labels_with_place, write_arrow

# Of microseconds, for `join_asof` has no join without a bound.
FOR_EVER = -(1 << 60)


def asof(files, labels, output, kind):
    import pyarrow.parquet as pq

    result = labels_with_place(labels).sort_by("label_time")
    for file in files:
        result = result.join_asof(
            pq.read_table(file), on="label_time", right_on="event_time", by="entity",
            tolerance=FOR_EVER)
    write_arrow(result.sort_by("place").drop_columns("place"), output, kind)
