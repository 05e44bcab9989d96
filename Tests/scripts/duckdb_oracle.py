"""Answers the labels of dumped worlds by SQL in DuckDB, as a second opinion on the contract.

usage: duckdb_oracle.py DIRECTORY

The directory holds three files of JSON lines, all cells text or null:

worlds.jsonl    world, unit (nanoseconds in a tick of the group), label_unit, delay and max_age (in
                nanoseconds; max_age null is no limit), strict, known_late, has_created (true, false),
                factors, label_factors (per identifier component: what an integer is multiplied by to
                be compared; 0 for text, which is compared as it is)
versions.jsonl  world, row (place in arrival order), record (list), event, created, tombstone
labels.jsonl    world, label (place), record (list), time

Prints one line a label, in order: world, label, outcome, winning row or nothing, tab-separated.
"""

import sys

import duckdb

TABLES = """
CREATE TABLE worlds AS SELECT * FROM read_json('{0}/worlds.jsonl', format = 'newline_delimited',
  columns = {{world: 'INTEGER', unit: 'HUGEINT', label_unit: 'HUGEINT', delay: 'HUGEINT',
             max_age: 'HUGEINT', strict: 'BOOLEAN', known_late: 'BOOLEAN', has_created: 'BOOLEAN',
             factors: 'BIGINT[]', label_factors: 'BIGINT[]'}});
CREATE TABLE raw_versions AS SELECT * FROM read_json('{0}/versions.jsonl',
  format = 'newline_delimited',
  columns = {{world: 'INTEGER', row: 'INTEGER', record: 'VARCHAR[]', event: 'HUGEINT',
             created: 'HUGEINT', tombstone: 'BOOLEAN'}});
CREATE TABLE raw_labels AS SELECT * FROM read_json('{0}/labels.jsonl',
  format = 'newline_delimited',
  columns = {{world: 'INTEGER', label: 'INTEGER', record: 'VARCHAR[]', time: 'HUGEINT'}});
"""

KEY = """
CREATE MACRO key_of(record, factors) AS list_transform(record, lambda part, place:
  CASE WHEN factors[place] = 0 THEN part
       ELSE CAST(CAST(part AS HUGEINT) * factors[place] AS VARCHAR) END);
"""

VIEWS = """
CREATE TABLE versions AS
  SELECT v.world, v.row, key_of(v.record, w.factors) AS key, v.event * w.unit AS event,
         v.created * w.unit AS created, v.tombstone
  FROM raw_versions v JOIN worlds w USING (world);
CREATE TABLE labels AS
  SELECT l.world, l.label, key_of(l.record, w.label_factors) AS key, l.time * w.label_unit AS time,
         l.time IS NULL OR list_contains(list_transform(l.record, lambda p: p IS NULL), true)
           AS unusable
  FROM raw_labels l JOIN worlds w USING (world);
"""

ANSWERS = """
WITH candidates AS (
  SELECT l.world, l.label, v.row, v.event, v.tombstone,
         row_number() OVER (PARTITION BY l.world, l.label
           ORDER BY v.event DESC, v.created DESC NULLS LAST, v.row DESC) AS rank
  FROM labels l
  JOIN worlds w ON w.world = l.world
  JOIN versions v ON v.world = l.world AND v.key = l.key
  WHERE NOT l.unusable
    AND CASE WHEN w.strict THEN v.event + w.delay < l.time ELSE v.event + w.delay <= l.time END
    AND (NOT w.has_created OR w.known_late OR v.created <= l.time)
), winners AS (SELECT * FROM candidates WHERE rank = 1)
SELECT l.world, l.label,
       CASE WHEN l.unusable THEN 'unusable' WHEN c.row IS NULL THEN 'missing'
            WHEN c.tombstone THEN 'deleted' WHEN l.time - c.event > w.max_age THEN 'expired'
            ELSE 'matched' END,
       c.row
FROM labels l JOIN worlds w USING (world)
LEFT JOIN winners c ON c.world = l.world AND c.label = l.label
ORDER BY l.world, l.label;
"""


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    connection.execute(TABLES.format(sys.argv[1].replace("'", "''")))
    connection.execute(KEY)
    connection.execute(VIEWS)
    for world, label, outcome, row in connection.execute(ANSWERS).fetchall():
        print(world, label, outcome, "" if row is None else row, sep="\t")


if __name__ == "__main__":
    main()
