"""Tables that only the format's benchmark needs, always the same ones."""

# What is generated where --scale is 1, and the columns that are read alone.
ROWS = {"wide": 100_000, "embedding": 200_000}
COLUMNS = {"w1": "f_g1,i_item", "wide": "f_0250,f_0750", "embedding": "v"}
ROWS_A_RECORD = 50


def generate(name, rows, path):
    """Writes a table of `rows` rows, ordered by entity and event_time, as Parquet.

    wide: 1,000 float32 columns, half of them normal, half of them rounded to hundredths.
    embedding: one vector of 384 float32.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    random = np.random.default_rng(7)
    row = np.arange(rows)
    steps = random.integers(1, 3_600_000_000, rows)
    columns = {"entity": pa.array(row // ROWS_A_RECORD),
               "event_time": pa.array(1_735_689_600_000_000 + np.cumsum(steps)).cast(
                   pa.timestamp("us"))}
    if name == "wide":
        for index in range(1000):
            values = random.normal(0, 1, rows).astype(np.float32)
            if index % 2:
                # No minus zero: an aggregate of DuckDB turns it into zero.
                values = np.round(values, 2) + np.float32(0)
            columns[f"f_{index:04}"] = pa.array(values)
    else:
        values = random.normal(0, 384 ** -0.5, rows * 384).astype(np.float32)
        columns["v"] = pa.FixedSizeListArray.from_arrays(pa.array(values), 384)
    pq.write_table(pa.table(columns), path, compression="zstd", compression_level=3)
