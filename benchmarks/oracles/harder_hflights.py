#!/usr/bin/env python3
"""A harder hflights: late knowledge, corrections, deletions and a delay, answered by DuckDB SQL.

usage: harder_hflights.py derive DATA OUT     writes the derived feature tables (pyarrow alone)
       harder_hflights.py oracle DATA TABLE   writes the table of expected hashes (needs duckdb)
       harder_hflights.py brute DATA          checks the oracle itself: plain Python on a sample

DATA is the folder that holds hflights/.  From each row of a feature table, with its src_row r:
  created_time  event_time + 60 s x (1 + 7919 r mod 2880), up to two days late; null if r mod 997 = 5
  corrected     if r mod 20 = 3: a second version, src_row r + 1,000,000, same event time,
                created 3600 s x (1 + 104729 r mod 72) after the first
  deleted       if r mod 100 = 57: a tombstone, src_row r + 2,000,000, same event time,
                created 3600 s x (1 + 15485863 r mod 48) after the first
Rows arrive in the order of their created times (null first), then of src_row.

The hash of an answer is FNV-1a, 64 bits, over the lines "label_id,src_row\\n" in the order of
label_id, with nothing after the comma where the answer is null.
"""
import os
import sys

import pyarrow as pa
import pyarrow.parquet as pq

SECOND = 1_000_000
# group: (record identifiers, delay s, strict, time to live s)
GROUPS = {
    "plane": (["tail_num"], 1_800, False, 86_400),
    "airport": (["origin"], 0, True, None),
    "route": (["carrier", "origin", "dest"], 3_600, False, 604_800),
}


def derived(data, group):
    """The derived versions of one group, in arrival order."""
    table = pq.read_table(f"{data}/hflights/features_{group}.parquet")
    events = table["event_time"].cast(pa.int64()).to_pylist()
    sources = table["src_row"].to_pylist()
    rows = []  # created, src_row, place in the table, deleted
    for place, (event, r) in enumerate(zip(events, sources)):
        created = event + 60 * SECOND * (1 + 7919 * r % 2880)
        rows.append((None if r % 997 == 5 else created, r, place, False))
        if r % 20 == 3:
            later = created + 3600 * SECOND * (1 + 104_729 * r % 72)
            rows.append((later, r + 1_000_000, place, False))
        if r % 100 == 57:
            later = created + 3600 * SECOND * (1 + 15_485_863 * r % 48)
            rows.append((later, r + 2_000_000, place, True))
    rows.sort(key=lambda row: (row[0] is not None, row[0] or 0, row[1]))
    out = table.take(pa.array([row[2] for row in rows]))
    out = out.set_column(
        out.schema.get_field_index("src_row"), "src_row", pa.array([row[1] for row in rows]))
    stamp = pa.timestamp("us", "UTC")
    out = out.append_column(
        "created_time", pa.array([row[0] for row in rows], pa.int64()).cast(stamp))
    return out.append_column("deleted", pa.array([row[3] for row in rows]))


def derive(data, out):
    os.makedirs(out, exist_ok=True)
    for group in GROUPS:
        pq.write_table(derived(data, group), f"{out}/features_{group}.parquet")


def fnv(pairs):
    """The hash of (label_id, src_row or None) in the order given."""
    state = 0xCBF29CE484222325
    for label, source in pairs:
        for byte in f"{label},{'' if source is None else source}\n".encode():
            state = (state ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{state:016x}"


def answers(data, group):
    """(label_id, src_row or None, outcome) of every label, by SQL."""
    import duckdb

    keys, delay, strict, ttl = GROUPS[group]
    db = duckdb.connect()
    db.register("derived_rows", derived(data, group))
    db.execute(
        "create table versions as select *, epoch_us(event_time) event, "
        "epoch_us(created_time) created, row_number() over () arrival from derived_rows")
    # The order of versions: event time, created time with null first, arrival.
    db.execute(
        "create or replace table versions as select *, row_number() over "
        "(order by event, created nulls first, arrival) place from versions")
    db.execute(
        f"create table labels as select *, epoch_us(label_time) t from "
        f"'{data}/hflights/labels.parquet'")
    db.execute(
        "create table best(label_id bigint, event bigint, src_row bigint, deleted boolean)")
    same = " and ".join(f"v.{key} = l.{key}" for key in keys)
    bound = "<" if strict else "<="
    # The winner has the latest event time, so a window that holds any candidate holds the winner.
    # Windows grow until nobody is left; the last is the whole history. A window is two buckets of
    # time, so that the join is by equality and stays small.
    for hours in (1, 8, 48, 24 * 14, 24 * 36_500):
        width = hours * 3600 * SECOND
        db.execute(f"""
          insert into best
          select label_id, w.event, w.src_row, w.deleted from (
            select l.label_id, max_by(
              struct_pack(event := v.event, src_row := v.src_row, deleted := v.deleted),
              v.place) w
            from (
              select *, unnest([t // {width}, t // {width} - 1]) bucket from labels
              where label_id not in (select label_id from best)) l
            join (select *, event // {width} bucket from versions) v
              on {same} and v.bucket = l.bucket
             and v.event + {delay * SECOND} {bound} l.t and v.created <= l.t
            group by l.label_id)""")
    unusable = " or ".join(f"l.{key} is null" for key in keys)
    expired = "false" if ttl is None else f"l.t - b.event > {ttl * SECOND}"
    return db.execute(f"""
      select l.label_id, case when outcome = 'matched' then src_row end, outcome from (
        select l.label_id, b.src_row, case
          when {unusable} or l.t is null then 'unusable' when b.event is null then 'missing'
          when b.deleted then 'deleted' when {expired} then 'expired' else 'matched' end outcome
        from labels l left join best b on b.label_id = l.label_id) l
      order by l.label_id""").fetchall()


OUTCOMES = ["matched", "missing", "deleted", "expired", "unusable"]


def oracle(data, path):
    lines = ["group,labels," + ",".join(OUTCOMES) + ",fnv1a"]
    for group in GROUPS:
        rows = answers(data, group)
        counts = [sum(row[2] == name for row in rows) for name in OUTCOMES]
        digest = fnv((row[0], row[1]) for row in rows)
        lines.append(",".join(map(str, [group, len(rows), *counts, digest])))
        print(lines[-1])
    with open(path, "w") as file:
        file.write("\n".join(lines) + "\n")


def brute(data):
    """Answers every 997th label again by a plain scan."""
    labels = pq.read_table(f"{data}/hflights/labels.parquet").to_pylist()[::997]
    for group, (keys, delay, strict, ttl) in GROUPS.items():
        versions = {}
        table = derived(data, group)
        for name in ("event_time", "created_time"):
            table = table.set_column(
                table.schema.get_field_index(name), name, table[name].cast(pa.int64()))
        for arrival, row in enumerate(table.to_pylist()):
            if row["created_time"] is not None:
                versions.setdefault(tuple(row[key] for key in keys), []).append(
                    (row["event_time"], row["created_time"], arrival, row))
        expected = {row[0]: row[1:] for row in answers(data, group)}
        for label in labels:
            t = int(label["label_time"].timestamp()) * SECOND + label["label_time"].microsecond
            usable = [
                v for v in versions.get(tuple(label[key] for key in keys), [])
                if (v[0] + delay * SECOND < t or not strict and v[0] + delay * SECOND == t)
                and v[1] <= t]
            winner = max(usable, default=None)
            if winner is None:
                outcome = "missing"
            elif winner[3]["deleted"]:
                outcome = "deleted"
            elif ttl is not None and t - winner[0] > ttl * SECOND:
                outcome = "expired"
            else:
                outcome = "matched"
            source = winner[3]["src_row"] if outcome == "matched" else None
            assert expected[label["label_id"]] == (source, outcome), (group, label)
        print(f"{group}: {len(labels)} labels agree")


if __name__ == "__main__":
    commands = {"derive": (derive, 2), "oracle": (oracle, 2), "brute": (brute, 1)}
    name, *arguments = sys.argv[1:] or [""]
    if name not in commands or len(arguments) != commands[name][1]:
        sys.exit(__doc__)
    commands[name][0](*arguments)
