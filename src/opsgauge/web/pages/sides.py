"""The two sides of a share behind its number: the records that count, and those that do not.

Floor 6.
"""

from opsgauge.foundation.units import whole
from opsgauge.metrics.behind import NUMERATOR, REST, SHIFTED
from opsgauge.operations.answers import Value
from opsgauge.web.pages.frame import Values, View, option

PARTS = {
    NUMERATOR: "those that count",
    REST: "those that do not count",
    SHIFTED: "those of the value beside it",
}


def part_words(part: str) -> str:
    """Return which part of a number's records a list holds, in words.

    Examples
    --------
    >>> part_words("rest"), part_words("shifted numerator")
    ('those that do not count', 'those that count of the value beside it')
    """
    if part in PARTS:
        return PARTS[part]
    which = PARTS.get(part.removeprefix(f"{SHIFTED} "), part)
    return f"{which} of the value beside it"


def counts_and_rest(value: Value) -> tuple[int, int]:
    """Return how many records of a share count, and how many do not."""
    counts = round(value.numerator or 0)
    return counts, value.n - counts


def sides(seen: View, part: str, title: str, value: Value) -> list[Values]:
    """Return how many count and how many do not, each with the list of them alone."""
    if value.numerator is None or SHIFTED in part:
        return []
    counts, rest = counts_and_rest(value)
    here = seen.address.having(offset=None, part=None)
    words = (
        (NUMERATOR, f"{whole(counts)} {'counts' if counts == 1 else 'count'} as “{title}”"),
        (REST, f"{whole(rest)} {'does' if rest == 1 else 'do'} not"),
        ("", f"all {whole(value.n)}"),
    )
    return [option(text, here.having(part=each or None), part == each) for each, text in words]
