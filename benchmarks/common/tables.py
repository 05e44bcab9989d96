"""Tables for people, which are Markdown too."""


def aligned(header, rows):
    """Lines of a Markdown table; the first column to the left, the others to the right."""
    table = [header] + rows
    widths = [max(len(row[place]) for row in table) for place in range(len(header))]

    def line(row):
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        return "| " + " | ".join(cells) + " |"

    rule = "|" + "|".join("-" * (widths[0] + 2) if place == 0 else "-" * (width + 1) + ":"
                          for place, width in enumerate(widths)) + "|"
    return [line(header), rule] + [line(row) for row in rows]
