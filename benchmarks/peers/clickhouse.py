"""ClickHouse inside a process (chDB): a MergeTree ordered by entity and event_time."""
import os

from peers.pyarrow_parquet import has_few_values
from peers.values import Sums


class ClickHouse:
    name = "clickhouse"
    package = "chdb"
    settings = ("MergeTree ORDER BY (entity, event_time), the default codec, which goes by the "
                "part's size, LowCardinality for texts of few values; inserted from Arrow, then "
                "OPTIMIZE FINAL (timed apart)")
    table_settings = ""

    def load(self):
        global session
        from chdb import session

    def connect(self, path):
        self.session = session.Session(path)

    def prepare(self, table):
        return table

    def sorted(self, table):
        """Its parts are always sorted, whatever comes."""
        return table

    def write(self, table, path):
        columns = [self.column(table, field) for field in table.schema]
        self.session.query("CREATE DATABASE IF NOT EXISTS d")
        self.session.query(
            f"CREATE TABLE d.t ({', '.join(columns)}) ENGINE = MergeTree "
            f"ORDER BY (entity, event_time) SETTINGS {self.table_settings} "
            "fsync_after_insert = 1, fsync_part_directory = 1")
        self.session.query("INSERT INTO d.t SELECT * FROM Python(table) "
                           f"SETTINGS max_insert_threads = {os.cpu_count()}")

    def column(self, table, field):
        import pyarrow as pa

        kinds = {"int64": "Int64", "double": "Float64", "float": "Float32", "bool": "Bool",
                 "string": "String", "timestamp[us]": "DateTime64(6)"}
        if pa.types.is_fixed_size_list(field.type):
            return f"{field.name} Array(Float32)"
        kind = kinds[str(field.type)]
        if table.column(field.name).null_count:
            kind = f"Nullable({kind})"
        if pa.types.is_string(field.type) and has_few_values(table, field.name):
            kind = f"LowCardinality({kind})"
        return f"{field.name} {kind}"

    def after_write(self, path):
        self.session.query("OPTIMIZE TABLE d.t FINAL")

    def byte_count(self):
        """The bytes of the live parts: those that were merged stay around for minutes."""
        return int(str(self.session.query(
            "SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = 'd'")))

    def kinds(self, columns):
        lines = str(self.session.query("DESCRIBE d.t", "TabSeparated")).splitlines()
        kinds = dict(line.split("\t")[:2] for line in lines)
        return {name: kinds[name] for name in columns or kinds}

    def scan_engine(self, path, columns):
        kinds = self.kinds(columns)
        terms = [f"count({name}), sum({self.term(name, kind)})" for name, kind in kinds.items()]
        # Else lengths of texts are read from a column of lengths, and the texts not at all.
        line = str(self.session.query(
            f"SELECT {', '.join(terms)} FROM d.t SETTINGS optimize_functions_to_subcolumns = 0",
            "TabSeparated"))
        cells = line.rstrip("\n").split("\t")
        return {name: (int(cells[2 * place]), self.number(cells[2 * place + 1], kinds[name]))
                for place, name in enumerate(kinds)}

    def term(self, name, kind):
        if "String" in kind:
            return f"length({name})"
        if kind.startswith("Array"):
            return f"arraySum(x -> toFloat64(x), {name})"
        if "Float32" in kind:
            return f"toFloat64({name})"
        return f"toUnixTimestamp64Micro({name})" if kind.startswith("DateTime64") else name

    def number(self, text, kind):
        return float(text) if "Float" in kind else int(text)

    def scan_arrow(self, path, columns):
        names = list(self.kinds(columns))
        sums = Sums(names)
        stream = self.session.send_query(f"SELECT {', '.join(names)} FROM d.t", "Arrow")
        for batch in stream.record_batch(rows_per_batch=65_536):
            sums.add(batch)
        return sums.values

    def latest_limit(self, path, entities):
        wanted = ", ".join(str(entity) for entity in entities)
        return self.session.query(
            f"SELECT * FROM (SELECT * FROM d.t WHERE entity IN ({wanted}) "
            "ORDER BY entity DESC, event_time DESC LIMIT 1 BY entity) ORDER BY entity "
            "SETTINGS optimize_read_in_order = 1", "ArrowTable")

    def latest_join(self, path, entities):
        """The times first, from the key's columns alone; then the rows at those."""
        wanted = ", ".join(str(entity) for entity in entities)
        return self.session.query(
            "SELECT * FROM d.t WHERE (entity, event_time) IN (SELECT entity, max(event_time) "
            f"FROM d.t WHERE entity IN ({wanted}) GROUP BY entity) ORDER BY entity", "ArrowTable")


class ClickHouseZstd(ClickHouse):
    name = "clickhouse-zstd"
    settings = "as clickhouse, ZSTD(3) for all columns, Delta before it for key and time"

    table_settings = "default_compression_codec = 'ZSTD(3)',"

    def column(self, table, field):
        column = super().column(table, field)
        codec = " CODEC(Delta, ZSTD(3))" if field.name in ("entity", "event_time") else ""
        return column + codec
