"""Pictures of a comparison: wall time and peak memory of each engine on each workload."""
OURS_COLOUR, PEER_COLOUR = "#c0392b", "#7f9fb8"


def plot(found, path):
    """found: {workload: [(engine, seconds, peak MiB)]}, ours first; one row of bars a workload."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as pyplot

    heights = [len(rows) + 1.5 for rows in found.values()]
    figure, grid = pyplot.subplots(
        len(found), 2, figsize=(10, 0.23 * sum(heights)), squeeze=False,
        gridspec_kw={"height_ratios": heights})
    for (name, rows), line in zip(found.items(), grid):
        names = [row[0] for row in rows]
        for axis, place, unit in [(line[0], 1, "seconds"), (line[1], 2, "peak MiB")]:
            values = [row[place] for row in rows]
            colours = [OURS_COLOUR] + [PEER_COLOUR] * (len(rows) - 1)
            bars = axis.barh(names, values, color=colours)
            axis.bar_label(bars, [f"{value:,.3g}" if value < 100 else f"{value:,.0f}"
                                  for value in values], padding=2, fontsize=7)
            axis.set_xscale("log")
            axis.set_xlim(min(values) / 2, max(values) * 3)
            axis.invert_yaxis()
            axis.tick_params(labelsize=7)
            axis.set_title(f"{name}, {unit}", fontsize=9, loc="left")
            axis.spines[["top", "right"]].set_visible(False)
        line[1].set_yticklabels([])
    figure.tight_layout()
    figure.savefig(path, dpi=90)
    pyplot.close(figure)
