"""ClickHouse inside a process (chDB): `ASOF JOIN` on Parquet."""
from joins.training_set import ROW_GROUP


def parquet(files, labels, output, kind):
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
