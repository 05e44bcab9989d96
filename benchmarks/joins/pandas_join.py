"""pandas: `merge_asof`, on features in the order of time."""
from joins.training_set import ROW_GROUP


def asof(files, labels, output, kind):
    import pandas as pd

    result = pd.read_parquet(labels)
    result["place"] = range(len(result))
    result = result.sort_values("label_time", kind="stable")
    for file in files:
        result = pd.merge_asof(
            result, pd.read_parquet(file), left_on="label_time", right_on="event_time",
            by="entity").drop(columns="event_time")
    result = result.sort_values("place").drop(columns="place")
    if kind == "parquet":
        result.to_parquet(output, index=False, compression="zstd", compression_level=1,
                          row_group_size=ROW_GROUP)
    else:
        result.reset_index(drop=True).to_feather(output, compression="uncompressed")
