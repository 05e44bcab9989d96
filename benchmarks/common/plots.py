"""Pictures of comparisons: a bar for each engine or format, ours in a colour of their own."""
OURS_COLOUR, PEER_COLOUR = "#c0392b", "#7f9fb8"


def bars(grid, path):
    """Writes a PNG. grid: rows of panels (title, [(name, value)]); a row's panels have one list
    of names, which the first of them shows.
    """
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as pyplot

    heights = [len(row[0][1]) + 1.5 for row in grid]
    columns = max(len(row) for row in grid)
    figure, axes = pyplot.subplots(
        len(grid), columns, figsize=(3 + 3 * columns, 0.23 * sum(heights) + 0.3), squeeze=False,
        gridspec_kw={"height_ratios": heights})
    for row, line in zip(grid, axes):
        for place, (axis, (title, values)) in enumerate(zip(line, row)):
            draw(axis, title, values, place == 0)
        for axis in line[len(row):]:
            axis.set_axis_off()
    figure.tight_layout()
    figure.savefig(path, dpi=90)
    pyplot.close(figure)


def draw(axis, title, values, shows_names):
    numbers = [value for _, value in values]
    drawn = axis.barh(
        range(len(values)), numbers,
        color=[OURS_COLOUR if name.startswith("hindcast") else PEER_COLOUR for name, _ in values])
    axis.bar_label(drawn, [f"{number:,.3g}" if number < 100 else f"{number:,.0f}"
                           for number in numbers], padding=2, fontsize=7)
    axis.set_xlim(0, 1.2 * max(numbers))
    axis.set_xticks([])
    axis.set_yticks(range(len(values)), [name for name, _ in values] if shows_names else [])
    axis.invert_yaxis()
    axis.tick_params(labelsize=7)
    axis.set_title(title, fontsize=9, loc="left")
    axis.spines[["top", "right", "bottom"]].set_visible(False)
