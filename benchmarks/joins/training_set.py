"""The training set as every engine writes it."""
ROW_GROUP = 131_072


def write_arrow(table, output, kind):
    """Writes a pyarrow table."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if kind == "parquet":
        pq.write_table(
            table, output, compression="zstd", compression_level=1, row_group_size=ROW_GROUP)
    else:
        with pa.ipc.new_file(output, table.schema) as file:
            file.write_table(table, ROW_GROUP)


def labels_with_place(labels):
    """The labels as a pyarrow table with a column `place`, by which they are put in order again."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(labels)
    return table.append_column("place", pa.array(np.arange(len(table))))
