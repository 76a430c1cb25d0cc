"""Reads bands: of numbers, of the time between two moments, of ages, of hours and weekdays.

Floor 3. Bands follow each other without a gap and without an overlap: each begins where the one
before ends. What lies before the first or after the last is outside, and shown as that.
"""

from collections.abc import Sequence
from typing import Any

from opsgauge.foundation.errors import did_you_mean
from opsgauge.metrics.groupings import (
    AGE,
    HOUR,
    MICROS_OF_UNIT,
    NUMBER,
    OUTSIDE,
    TIME,
    WEEKDAY,
    Band,
    Banded,
)
from opsgauge.metrics.subject import SUBJECTS, every_dimension
from opsgauge.metrics.written_page import NAME, Page, Path

# What a band may be of, and the keys that say from which columns it is made.
COLUMNS_OF = {
    NUMBER: ("column",),
    TIME: ("from", "to"),
    AGE: (),
    HOUR: ("moment",),
    WEEKDAY: ("moment",),
}
TAKEN = ("period", "n", "value", "low", "high", "numerator", "denominator", "complete", "shifted")
BAND_KEYS = ("name", "from", "below")


def read_bands(page: Page) -> dict[str, Banded]:
    """Read all bands of a file, by their names.

    Raises
    ------
    GroupingWrong : one does not fit the format, leaves a gap, or overlaps
    """
    return {name: _read(page, name) for name in page.mapping(())}


def _read(page: Page, name: str) -> Banded:
    if not NAME.fullmatch(name) or name in every_dimension() or name in TAKEN:
        raise page.wrong(
            (name,),
            f"bands cannot be called {name!r}; use small letters, digits and '_', and a name that "
            "no dimension has.",
        )
    kind = page.needed(page.mapping((name,)), "kind", (name,))
    if kind not in COLUMNS_OF:
        raise page.wrong(
            (name, "kind"), f"there is no kind {kind!r}. {did_you_mean(kind, COLUMNS_OF)}"
        )
    keys = COLUMNS_OF[kind]
    said = page.mapping((name,), ("title", "kind", *keys, "unit", "bands"))
    columns = tuple(_column(page, name, key, kind, page.needed(said, key, (name,))) for key in keys)
    unit = _unit(page, name, kind, columns)
    bands = _bands(page, name, kind)
    if kind == WEEKDAY and bands:
        raise page.wrong((name, "bands"), "weekdays are bands by themselves.")
    if not bands and kind not in {HOUR, WEEKDAY}:
        raise page.wrong((name, "bands"), "this key is needed, with a list of bands.")
    return Banded(name, kind, columns, unit, bands)


def _column(page: Page, name: str, key: str, kind: str, column: str) -> str:
    """Return a column that some table has and that fits the kind."""
    types = ("whole", "number") if kind == NUMBER else ("instant",)
    known = {
        each.name
        for subject in SUBJECTS.values()
        for each in subject.table.columns
        if each.type in types and not each.person
    }
    if column not in known:
        what = "column with a number" if kind == NUMBER else "moment"
        near = did_you_mean(column, known)
        raise page.wrong((name, key), f"there is no {what} {column!r}. {near}")
    return column


def _unit(page: Page, name: str, kind: str, columns: Sequence[str]) -> str:
    """Return the unit of the bounds: of time hours, where the file says no other."""
    said = page.mapping((name,)).get("unit")
    in_time = kind in {TIME, AGE} or (kind == NUMBER and columns[0].endswith("_us"))
    if said is None:
        return {AGE: "days"}.get(kind, "hours") if in_time else ""
    if not in_time:
        raise page.wrong((name, "unit"), "only lengths of time have a unit.")
    if said not in MICROS_OF_UNIT:
        near = did_you_mean(str(said), MICROS_OF_UNIT)
        raise page.wrong((name, "unit"), f"there is no unit {said!r}. {near}")
    return str(said)


def _bands(page: Page, name: str, kind: str) -> tuple[Band, ...]:
    made: list[Band] = []
    for place, _ in enumerate(page.list_of((name, "bands"))):
        path = (name, "bands", place)
        said = page.mapping(path, BAND_KEYS)
        called = page.needed(said, "name", path)
        # Of hours, what the day begins with may come again at its end: the night.
        before = [band.name for band in (made[1:] if kind == HOUR else made)]
        if called == OUTSIDE or called in before:
            raise page.wrong((*path, "name"), f"a band cannot be called {called!r} here.")
        bounds = [_bound(page, said, (*path, key), key) for key in ("from", "below")]
        made.append(_after(page, path, Band(called, *bounds), made))
    return tuple(made)


def _bound(page: Page, said: Any, path: Path, key: str) -> float | None:
    return page.number(said[key], path) if key in said else None


def _after(page: Page, path: Path, band: Band, before: Sequence[Band]) -> Band:
    """Return a band that begins where the one before it ends.

    Its `from` may be left out then.
    """
    if before:
        end = before[-1].below
        if end is None:
            raise page.wrong(
                path, f"{band.name!r} comes after {before[-1].name!r}, which has no end."
            )
        begin = end if band.from_ is None else band.from_
        if begin != end:
            what = "leaves a gap after" if begin > end else "overlaps"
            raise page.wrong(
                (*path, "from"),
                f"{band.name!r} {what} {before[-1].name!r}: it must begin at {end:g}.",
            )
        band = Band(band.name, begin, band.below)
    if band.from_ is not None and band.below is not None and band.below <= band.from_:
        raise page.wrong((*path, "below"), f"{band.name!r} ends before it begins.")
    return band
