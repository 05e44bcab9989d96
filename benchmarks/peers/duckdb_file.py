"""DuckDB's own file."""
from peers.values import Sums


class DuckDB:
    name = "duckdb"
    package = "duckdb"
    settings = "CREATE TABLE AS from Arrow, STORAGE_VERSION latest, checkpoint; all threads"
    order = ""

    def load(self):
        global duckdb, np
        import duckdb
        import numpy as np

    def connect(self, path):
        self.base = duckdb.connect()
        self.path = path

    def attach(self, path, mode="READ_ONLY"):
        self.base.execute(f"ATTACH '{path}' AS d ({mode})")
        return self.base

    def prepare(self, table):
        return table

    def sorted(self, table):
        self.order = "ORDER BY entity, event_time"
        return table

    def write(self, table, path):
        rows = table  # noqa: F841  the query names it
        base = self.attach(path, "STORAGE_VERSION 'latest'")
        base.execute(f"CREATE TABLE d.t AS SELECT * FROM rows {self.order}")
        base.execute("CHECKPOINT d")
        base.execute("DETACH d")

    def columns(self, base, columns):
        rows = base.execute("DESCRIBE d.t").fetchall()
        kinds = {row[0]: row[1] for row in rows}
        return {name: kinds[name] for name in columns or kinds}

    def scan_engine(self, path, columns):
        base = self.attach(path)
        kinds = self.columns(base, columns)
        terms = [f"count({name}), sum({self.term(name, kind)})" for name, kind in kinds.items()]
        row = base.execute(f"SELECT {', '.join(terms)} FROM d.t").fetchone()
        return {name: (row[2 * place], number(row[2 * place + 1]))
                for place, name in enumerate(kinds)}

    def term(self, name, kind):
        if kind == "VARCHAR":
            return f"strlen({name})"
        if kind == "BOOLEAN":
            return f"{name}::INTEGER"
        if kind == "FLOAT":
            return f"{name}::DOUBLE"
        if kind.endswith("]"):
            return f"list_sum({name}::DOUBLE[])"
        return f"epoch_us({name})" if kind.startswith("TIMESTAMP") else name

    def scan_arrow(self, path, columns):
        base = self.attach(path)
        base.execute("SET preserve_insertion_order = false")
        names = list(self.columns(base, columns))
        sums = Sums(names)
        reader = base.execute(f"SELECT {', '.join(names)} FROM d.t").to_arrow_reader(122_880)
        for batch in reader:
            sums.add(batch)
        return sums.values

    def latest_rowid(self, path, entities):
        base = self.wanted(path, entities)
        return base.execute(
            "SELECT * FROM d.t WHERE rowid IN (SELECT max(t.rowid) FROM d.t t "
            "JOIN wanted USING (entity) GROUP BY entity) ORDER BY entity").to_arrow_table()

    def latest_aggregate(self, path, entities):
        base = self.wanted(path, entities)
        return base.execute(
            "SELECT unnest(max_by(t, event_time)) FROM d.t t JOIN wanted w "
            "ON t.entity = w.entity GROUP BY t.entity ORDER BY t.entity").to_arrow_table()

    def wanted(self, path, entities):
        base = self.attach(path)
        ids = np.array(entities)  # noqa: F841  the query names it
        base.execute("CREATE TEMP TABLE wanted AS SELECT column0 AS entity FROM ids")
        return base


def number(value):
    return value if isinstance(value, float) else int(value or 0)
