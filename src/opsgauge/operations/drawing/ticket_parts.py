"""Where a ticket's time went: parts in hours and minutes that add up, and the bar of them.

Floor 5, drawing. Rounding is by largest remainder, so what is shown adds up to the whole shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from opsgauge.foundation.units import MICROS_PER_MINUTE
from opsgauge.operations.drawing.svg import joined, tag, width_of
from opsgauge.operations.drawing.words import elapsed, plain
from opsgauge.operations.ticket_story import TimePart

_PER_MILLE = 1000
_WIDE = 1200  # pixels, about as wide as the bar is on a wide page
_KINDS = ("wait", "hold", "work", "done")
_HOLDS = {
    "pending_user": "waits for the user",
    "pending_vendor": "waits for the vendor",
    "pending_change": "waits for a change",
    "pending_problem": "waits for a problem",
    "pending_approval": "waits for an approval",
    "pending_other": "waits for something else",
    "scheduled": "waits for its date",
}


@dataclass(frozen=True)
class PartRow:
    """One row of the table of parts; minutes and per mille add up over the rows."""

    kind: str  # "wait", "hold", "work", "done"
    words: str
    team: str
    us: int
    minutes: int
    per_mille: int

    @property
    def clock(self) -> str:
        """Hours and minutes, `279:44`."""
        return hours_and_minutes(self.minutes)

    @property
    def percent(self) -> str:
        """The share of the whole without its sign, `45.1`."""
        return f"{self.per_mille / 10:.1f}"


def largest_remainder(weights: Sequence[int], whole: int) -> list[int]:
    """Share out `whole` by weights in whole numbers that add up to it.

    Parameters
    ----------
    weights : not negative
    whole : not negative; 0 where all weights are 0

    Returns
    -------
    As many numbers as weights; each is less than one away from its exact share.

    Examples
    --------
    >>> largest_remainder([1, 1, 1], 100)
    [34, 33, 33]
    """
    total = sum(weights)
    if total == 0:
        return [0] * len(weights)
    shares = [weight * whole // total for weight in weights]
    remainders = [weight * whole % total for weight in weights]
    first = sorted(range(len(weights)), key=lambda at: -remainders[at])
    for at in first[: whole - sum(shares)]:
        shares[at] += 1
    return shares


def hours_and_minutes(minutes: int) -> str:
    """Write minutes as hours and minutes.

    Examples
    --------
    >>> hours_and_minutes(16784), hours_and_minutes(9)
    ('279:44', '0:09')
    """
    return f"{minutes // 60:,}:{minutes % 60:02}"


def part_rows(parts: Iterable[TimePart]) -> tuple[PartRow, ...]:
    """Gather the parts of a ticket's life into the rows of the table.

    Waiting and work are gathered by team, pauses by team and reason, time after resolution is one
    row. Waiting first, then pauses, work and the rest, the longest of each kind first.
    """
    sums: dict[tuple[str, str | None, str | None], int] = {}
    for part in parts:
        key = _key(part)
        sums[key] = sums.get(key, 0) + part.us
    ordered = sorted(sums.items(), key=lambda item: (_rank(item[0][0]), -item[1]))
    micros = [us for _, us in ordered]
    whole = (sum(micros) + MICROS_PER_MINUTE // 2) // MICROS_PER_MINUTE
    minutes = largest_remainder(micros, whole)
    shares = largest_remainder(micros, _PER_MILLE if sum(micros) else 0)
    return tuple(
        PartRow(kind, _words(kind, team, phase), _team(team), us, minute, share)
        for ((kind, team, phase), us), minute, share in zip(ordered, minutes, shares, strict=True)
    )


def whole_clock(rows: Iterable[PartRow]) -> str:
    """Return the sum of the rows in hours and minutes."""
    return hours_and_minutes(sum(row.minutes for row in rows))


def clock_bar(rows: Sequence[PartRow]) -> Markup:
    """Draw the bar of a ticket's time: as wide as its place, one part for each row."""
    return tag(
        "svg",
        joined(_segments(rows)),
        class_="clock-bar",
        width="100%",
        height=32,
        role="img",
        aria_label="Bar of all hours, parts as in the table below",
    )


def clock_labels(rows: Sequence[PartRow]) -> Markup:
    """Draw team and time over the parts that have room for them; hidden from screen readers."""
    texts, left = [], 0
    for row in rows:
        time = elapsed(row.us)
        if width_of(f"{row.team} {time}") <= row.per_mille * _WIDE / _PER_MILLE:
            name = tag("tspan", row.team, class_="strong")
            texts.append(tag("text", Markup("{} {}").format(name, time), x=_share(left), y=12))
        left += row.per_mille
    return tag(
        "svg", joined(texts), class_="only-wide", width="100%", height=18, aria_hidden="true"
    )


def hold_words(phase: str | None) -> str:
    """Return for whom or what a paused ticket waits."""
    return "paused" if phase is None else _HOLDS.get(phase, plain(phase))


def _segments(rows: Sequence[PartRow]) -> Iterable[Markup]:
    left = 0
    for row in rows:
        title = tag("title", f"{row.words}: {elapsed(row.us)}")
        outline = _part("k-hold-o", left, row) if row.kind == "hold" else Markup("")
        yield tag("g", title, _part(f"k-{row.kind}", left, row), outline)
        left += row.per_mille


def _part(class_: str, left: int, row: PartRow) -> Markup:
    width = _share(max(row.per_mille, 2))
    x = _share(min(left, _PER_MILLE - max(row.per_mille, 2)))
    return tag("rect", class_=class_, x=x, width=width, height=32)


def _share(per_mille: int) -> str:
    return f"{per_mille / 10:g}%"


def _key(part: TimePart) -> tuple[str, str | None, str | None]:
    if part.kind == "done":
        return part.kind, None, None
    return part.kind, part.team, part.phase if part.kind == "hold" else None


def _rank(kind: str) -> int:
    return _KINDS.index(kind) if kind in _KINDS else len(_KINDS)


def _team(team: str | None) -> str:
    return "no team" if team is None else team


def _words(kind: str, team: str | None, phase: str | None) -> str:
    if kind == "done":
        return "Resolved or closed"
    if kind == "hold":
        return f"Paused with {_team(team)}: {hold_words(phase)}"
    return f"Waits with {_team(team)}" if kind == "wait" else f"Worked on by {_team(team)}"
