"""Whether two training sets hold the same rows."""


def columns_of(path, like=None):
    """A training set with types of one width, or with those of another where its values fit."""
    import polars as pl

    table = pl.read_ipc(path) if path.endswith("arrow") else pl.read_parquet(path)
    columns = []
    for name, type_ in table.schema.items():
        column = pl.col(name)
        if type_.is_float():
            column = column.fill_nan(None)
        if isinstance(type_, pl.Datetime):
            column = column.dt.replace_time_zone(None).cast(pl.Datetime("us"))
        elif type_ == pl.Categorical:
            column = column.cast(pl.String)
        elif type_.is_integer():
            column = column.cast(pl.Int64)
        if like is not None and name in like.columns:
            # A frame of pandas has integers with nulls as floats. A value that doesn't fit fails.
            column = column.cast(like.schema[name], strict=True)
        columns.append(column)
    return table.select(columns)


def difference(path, reference, may_drop=False):
    """What is different, in words, and how many labels are not there.

    Of an engine that may drop labels the rows that it returns must be equal, in their order.
    """
    expected = columns_of(reference)
    found = columns_of(path, expected)
    dropped = len(expected) - len(found)
    if sorted(found.columns) != sorted(expected.columns):
        return f"columns {found.columns}", 0
    if may_drop:
        label = ["entity", "label_time"]
        expected = expected.unique(label, keep="first", maintain_order=True).join(
            found, on=label, how="semi", maintain_order="left")
    if len(found) != len(expected):
        return f"{len(found):,} rows, not {len(expected):,}", 0
    wrong = [name for name in expected.columns if not found[name].equals(expected[name])]
    return f"other values in {', '.join(wrong)}" if wrong else "", dropped
