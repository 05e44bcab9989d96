"""DataFusion, which has no as-of join: a running maximum of event times finds each label's row.

Labels and the events of their records are put into one order, and the last event before each label
is the greatest so far; by its time the features are joined. That takes a sort, where the join of
every label with all earlier events of its record, which the same SQL could say, takes hours.
"""
from joins.training_set import labels_with_place, write_arrow


def group_query(index, names):
    """Labels, and one group's features for each."""
    columns = ", ".join(f"g.{name}" for name in names)
    return f"""
        SELECT t.place, {columns} FROM (
            SELECT entity, place, max(event_time) OVER (
                PARTITION BY entity ORDER BY at, is_label ROWS UNBOUNDED PRECEDING) AS event_time
            FROM (SELECT entity, label_time AS at, 1 AS is_label, place,
                         CAST(NULL AS timestamp) AS event_time FROM labels
                  UNION ALL
                  SELECT entity, event_time AS at, 0 AS is_label, NULL AS place, event_time
                  FROM f{index} WHERE entity IN (SELECT DISTINCT entity FROM labels))
        ) t JOIN f{index} g ON g.entity = t.entity AND g.event_time = t.event_time
        WHERE t.place IS NOT NULL"""


def window(files, labels, output, kind):
    import datafusion

    context = datafusion.SessionContext()
    context.register_record_batches("labels", [labels_with_place(labels).to_batches()])
    joins, columns = [], ["l.* EXCEPT (place)"]
    for index, file in enumerate(files):
        context.register_parquet(f"f{index}", file)
        names = [name for name in context.table(f"f{index}").schema().names
                 if name not in ("entity", "event_time")]
        columns += [f"g{index}.{name}" for name in names]
        joins.append(f"LEFT JOIN ({group_query(index, names)}) g{index} "
                     f"ON g{index}.place = l.place")
    result = context.sql(f"SELECT {', '.join(columns + ['l.place'])} FROM labels l "
                         f"{' '.join(joins)} ORDER BY l.place")
    write_arrow(result.to_arrow_table().drop_columns("place"), output, kind)
