"""The table as a picture: how far each figure is from its target, as SVG."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from bench.figures import Line

WIDTH, ROW, LEFT, BAR = 860, 26, 290, 320
GOOD, BAD, UNKNOWN = "#2e7d32", "#c62828", "#9e9e9e"
# A bar that is full is this many times better than its target.
FULL = 2.0


def draw(lines: Sequence[Line]) -> str:
    """Return the picture. The line across all bars is the target."""
    height = ROW * (len(lines) + 2)
    target = LEFT + BAR / FULL
    rows = "".join(_row(line, ROW * (number + 1)) for number, line in enumerate(lines))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'font-family="sans-serif" font-size="13" role="img" aria-label="Figures and targets">'
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>{rows}'
        f'<line x1="{target}" x2="{target}" y1="{ROW / 2}" y2="{height - ROW}" stroke="black" '
        f'stroke-dasharray="4 3"/><text x="{target}" y="{height - 8}" text-anchor="middle">'
        "target</text></svg>\n"
    )


def _row(line: Line, top: int) -> str:
    share = min(FULL, _times_better(line)) / FULL
    colour = UNKNOWN if line.met is None else GOOD if line.met else BAD
    said = "not measured" if line.ours is None else f"{line.ours:,.4g} {line.unit}"
    return (
        f'<text x="{LEFT - 10}" y="{top + 5}" text-anchor="end">{escape(line.name)}</text>'
        f'<rect x="{LEFT}" y="{top - 8}" width="{share * BAR:.1f}" height="16" fill="{colour}"/>'
        f'<text x="{LEFT + BAR + 10}" y="{top + 5}">{escape(said)} '
        f"(target {'' if line.target is None else f'{line.target:,.4g}'})</text>"
    )


def _times_better(line: Line) -> float:
    if line.ours is None or line.target is None:
        return 0.0
    if line.ours == line.target:
        return 1.0
    more = line.met == (line.ours > line.target)
    above, below = (line.ours, line.target) if more else (line.target, line.ours)
    return above / below if below else FULL
