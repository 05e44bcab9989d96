#!/usr/bin/env python3
"""The demo's statistics: splits the labels, trains the models, scores production, draws the plot.

Run by demo.sh in the folder of a store; every subcommand is one step of the story.
"""
import argparse
import datetime
import json
import math
import os
import subprocess

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

UTC = datetime.timezone.utc
LAST_TRAINED = datetime.datetime(2024, 2, 1, tzinfo=UTC)
FIRST_SCORED = datetime.datetime(2024, 4, 29, 6, tzinfo=UTC)  # a Monday
WEEKS = 22
FEATURES = ["utilisation", "arrears", "income"]
WAYS = {
    "latest": "latest value, whenever",
    "event_time": "event time only",
    "hindcast": "known at the time",
}


def split(_):
    """Training labels until January; then a file of applications for each Monday of production."""
    table = pq.read_table("data/applications.parquet")
    times = table["application_time"]
    os.makedirs("training", exist_ok=True)
    os.makedirs("production", exist_ok=True)
    training = table.filter(pc.less(times, pa.scalar(LAST_TRAINED, times.type)))
    pq.write_table(training, "training/applications.parquet")
    scored = 0
    for monday in mondays():
        start = monday - datetime.timedelta(days=7)
        week = table.filter(pc.and_(
            pc.greater_equal(times, pa.scalar(start, times.type)),
            pc.less(times, pa.scalar(monday, times.type))))
        pq.write_table(week, f"production/{monday:%Y-%m-%d}.parquet")
        scored += week.num_rows
    print(f"  {training.num_rows:,} applications to train on, {scored:,} to come in production")


def mondays():
    return [FIRST_SCORED + datetime.timedelta(days=7 * (week + 1)) for week in range(WEEKS)]


def show(arguments):
    """The first rows of a training set, as a person would look at them."""
    table = pq.read_table(arguments.path).slice(0, 6)
    names = table.column_names
    rows = [["-" if cell is None else text(cell) for cell in row.values()]
            for row in table.to_pylist()]
    widths = [max(len(row[at]) for row in [names, *rows]) for at in range(len(names))]
    for row in [names, *rows]:
        print("  " + "  ".join(cell.rjust(width) for cell, width in zip(row, widths)))


def text(cell):
    if isinstance(cell, datetime.datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def future(_):
    """Counts the cells of the naive training sets that nobody had at the time."""
    table = pq.read_table("training/latest.parquet")
    count = table.num_rows * 2
    ahead = pc.sum(pc.greater(
        table["statements__event_time"].cast(pa.int64()),
        table["application_time"].cast(pa.int64()))).as_py() * 2
    print(f"\n  latest value, whenever   {ahead:>7,} of {count:,} statement cells lay in the future "
          f"of their application ({ahead / count:.0%})")
    with open("training/event_time.parquet.manifest.json") as file:
        ahead = sum(view["certificate"]["cells_known_late"] for view in json.load(file)["views"])
    print(f"  event time only          {ahead:>7,} of {count:,} statement cells were published or "
          f"corrected after it ({ahead / count:.0%})")
    print("  known at the time              0: the certificate above")


def serve(_):
    """Scores production as it would have been scored: each Monday, from the online view."""
    os.makedirs("scored", exist_ok=True)
    for index, monday in enumerate(mondays()):
        day = f"{monday:%Y-%m-%d}"
        command = [
            "hindcast", "latest", "--ids", f"production/{day}.parquet",
            "--spec", "approval.yaml", "--as-of", f"{monday:%Y-%m-%dT%H:%M:%SZ}",
            "--output", f"scored/{day}.parquet"]
        if index == 0:
            print("$ " + " ".join(command), flush=True)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def models(arguments):
    """Trains a model on each training set; prints its quality in validation and in production."""
    weeks = [pq.read_table(f"scored/{monday:%Y-%m-%d}.parquet") for monday in mondays()]
    production = pa.concat_tables(weeks)
    truth = outcomes(production)
    results = {}
    print(f"\n  {arguments.title:<24} validation      production      difference")
    for way, name in WAYS.items():
        table = pq.read_table(f"training/{way}.parquet")
        labels = outcomes(table)
        seen = auc(labels, cross_validated(inputs(table), labels))
        got = auc(truth, Model(inputs(table), labels).score(inputs(production)))
        noise = math.hypot(auc_error(seen, labels), auc_error(got, truth))
        gap = seen - got
        verdict = "within noise" if abs(gap) < 2.5 * noise else "too good to be true"
        results[way] = {"validation": seen, "production": got, "noise": noise}
        print(f"  {name:<24} {seen:.3f}           {got:.3f}           {gap:+.3f} +- {2 * noise:.3f}"
              f"  {verdict}")
    with open("models.json", "w") as file:
        json.dump(results, file, indent=1)
    print("  (area under the ROC curve: 0.5 is chance, 1 is clairvoyance)")


def outcomes(table):
    return table["defaulted"].to_numpy(zero_copy_only=False).astype(float)


def inputs(table):
    """The model's inputs: the features, income and amount as logarithms; null is NaN."""
    columns = [
        table[name].to_numpy(zero_copy_only=False).astype(float) for name in [*FEATURES, "amount"]]
    columns[2:] = [np.log(column) for column in columns[2:]]
    return np.stack(columns, axis=1)


class Model:
    """A logistic regression by Newton's method, a null replaced by the training mean."""

    def __init__(self, values, labels):
        self.mean = np.nanmean(values, axis=0)
        self.scale = np.nanstd(values, axis=0) + 1e-12
        design = self.design(values)
        self.weights = np.zeros(design.shape[1])
        for _ in range(25):
            chance = 1 / (1 + np.exp(-design @ self.weights))
            slope = design.T @ (labels - chance) - 1e-3 * self.weights
            bend = (design.T * (chance * (1 - chance))) @ design + 1e-3 * np.eye(design.shape[1])
            self.weights += np.linalg.solve(bend, slope)

    def design(self, values):
        scaled = (np.where(np.isnan(values), self.mean, values) - self.mean) / self.scale
        return np.column_stack([np.ones(len(scaled)), scaled])

    def score(self, values):
        return self.design(values) @ self.weights


def cross_validated(values, labels, folds=5):
    """The score of every row by a model that did not see it."""
    fold = np.random.default_rng(7).permutation(len(labels)) % folds
    scores = np.empty(len(labels))
    for part in range(folds):
        model = Model(values[fold != part], labels[fold != part])
        scores[fold == part] = model.score(values[fold == part])
    return scores


def auc(labels, scores):
    """The chance that a default scores above a repayment, ties by half."""
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    bad = labels.sum()
    return (ranks[labels == 1].sum() - bad * (bad + 1) / 2) / (bad * (len(labels) - bad))


def auc_error(area, labels):
    """The standard error of an area (Hanley and McNeil 1982)."""
    bad, good = labels.sum(), (1 - labels).sum()
    both, twice = area / (2 - area), 2 * area**2 / (1 + area)
    return math.sqrt((area * (1 - area) + (bad - 1) * (both - area**2)
                      + (good - 1) * (twice - area**2)) / (bad * good))


def customer(_):
    """Somebody whose statement was restated after the application: identifier, time, statement."""
    applications = {
        row["customer_id"]: row["application_time"]
        for row in pq.read_table("training/applications.parquet").to_pylist() if row["defaulted"]}
    month = datetime.timedelta(days=31)
    table = pq.read_table(
        "data/statements.parquet", columns=["customer_id", "month_end", "published_at"])
    late = pc.greater(pc.subtract(table["published_at"], table["month_end"]), pa.scalar(month))
    for row in table.filter(late).to_pylist():
        time = applications.get(row["customer_id"])
        if time and row["published_at"] > time and 10 < (time - row["month_end"]).days < 28:
            print(row["customer_id"], f"{time:%Y-%m-%dT%H:%M:%SZ} {row['month_end']:%Y-%m}")
            return


def conclude(arguments):
    """Says what came out, saves the plot, and fails if the data does not bear the story out."""
    results = []
    for folder in (arguments.leaking, arguments.honest):
        with open(f"{folder}/models.json") as file:
            results.append(json.load(file))
    plot(*results, arguments.output)
    leaking = results[0]
    naive, known = leaking["latest"], leaking["hindcast"]
    print(f"\n  The usual training set promised {naive['validation']:.2f} and the bank got "
          f"{naive['production']:.2f}; Hindcast's promised {known['validation']:.2f} and the bank "
          f"got {known['production']:.2f}.")
    honest = [known, *results[1].values()]
    if gap_in_noise(naive) < 5 or any(abs(gap_in_noise(one)) > 4 for one in honest):
        raise SystemExit("the figures do not bear the story out")


def gap_in_noise(result):
    return (result["validation"] - result["production"]) / result["noise"]


def plot(leaking, honest, output):
    """Validation beside production for the three ways, with the leak and without."""
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    plt.rcParams["svg.hashsalt"] = "hindcast"
    figure, axes = plt.subplots(1, 2, figsize=(10, 4.2), sharey=True, layout="constrained")
    for axis, results, title in zip(axes, [leaking, honest], ["leak on", "leak off"]):
        places = np.arange(len(WAYS))
        for shift, stage, colour in ((-0.2, "validation", "#9db4c0"), (0.2, "production", "#253237")):
            values = [results[way][stage] for way in WAYS]
            bars = axis.bar(places + shift, values, 0.38, label=stage, color=colour)
            axis.bar_label(bars, fmt="%.2f", fontsize=9)
        axis.set_xticks(places, [name.replace(", ", ",\n") for name in WAYS.values()])
        axis.set_title(title)
        axis.set_ylim(0.5, 1)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("area under the ROC curve")
    axes[0].legend(frameon=False)
    figure.suptitle("A loan model in validation and in production, by how its training set was made")
    figure.savefig(output, metadata={"Date": None})


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    steps = parser.add_subparsers(required=True)

    def step(function, *names):
        one = steps.add_parser(function.__name__, help=function.__doc__)
        for name in names:
            one.add_argument(name)
        one.set_defaults(step=function)

    step(split)
    step(show, "path")
    step(future)
    step(serve)
    step(models, "--title")
    step(customer)
    step(conclude, "leaking", "honest", "output")
    arguments = parser.parse_args()
    arguments.step(arguments)


if __name__ == "__main__":
    main()
