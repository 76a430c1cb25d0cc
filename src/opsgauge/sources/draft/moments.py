"""How one column writes moments: the formats that read its values, and which stays open.

Floor 3. A value is taken apart into a clock, an offset and the numbers of its date; which number
is the day follows from all values together. "05/01/2026" alone says nothing, "25/01/2026" does.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

ISO = re.compile(
    r"\d{4}-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"([T ]\d{1,2}:\d{2}(:\d{2}(\.\d{1,9})?)?(?P<zone>Z|[+-]\d{2}(:?\d{2})?| UTC)?)?"
)
CLOCK = re.compile(
    r"(?<!\d)(?P<hour>\d{1,2})(?P<mark>[:hH])(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:(?P<dot>[.,])(?P<part>\d{1,9}))?)?(?![\d:])"
)
DOTTED_CLOCK = re.compile(
    r"(?<=[\sT])(?P<hour>\d{1,2})(?P<mark>\.)(?P<minute>\d{2})"
    r"(?:\.(?P<second>\d{2})(?:(?P<dot>\.)(?P<part>\d{1,6}))?)?(?![\d.])"
)
PACKED = re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(T?)(\d\d)?(\d\d)?(\d\d)?(Z?)")
OFFSET = re.compile(r"(\s?(?:UTC|GMT)?\s?)[+-]\d{2}(?::?\d{2})?(?![\d:])")
CLOCK_ALONE = re.compile(r"\d{1,2}[:.h]\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp][Mm])?")
PIECE = re.compile(r"\d+|[^\W\d_]+|[\W_]")
MONTHS = "january february march april may june july august september october november december"
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday"
LETTERS = {
    **{month[:3]: "%b" for month in MONTHS.split()},
    **{month: "%B" for month in MONTHS.split() if month != "may"},
    **{day[:3]: "%a" for day in WEEKDAYS.split()},
    **dict.fromkeys(WEEKDAYS.split(), "%A"),
    **dict.fromkeys(("am", "pm"), "%p"),
    **dict.fromkeys(("utc", "gmt"), "%Z"),
}
# Literals of a format, in that zone: the engine reads few, and takes BST for Bangladesh's.
ABBREVIATIONS = {
    "z": "UTC",
    **dict.fromkeys(("cet", "cest", "mez", "mesz"), "Europe/Berlin"),
    **dict.fromkeys(("bst",), "Europe/London"),
    **dict.fromkeys(("eet", "eest"), "Europe/Helsinki"),
    **dict.fromkeys(("est", "edt"), "America/New_York"),
    **dict.fromkeys(("cst", "cdt"), "America/Chicago"),
    **dict.fromkeys(("mst", "mdt"), "America/Denver"),
    **dict.fromkeys(("pst", "pdt"), "America/Los_Angeles"),
    **dict.fromkeys(("aest", "aedt"), "Australia/Sydney"),
}
ANY, DAY, MONTH, YEAR = "", "day", "month", "year"  # which part of a date comes first
Ways = Mapping[str, tuple[tuple[str, ...], ...]]
WITH_MONTH: Ways = {ANY: (("d", "Y"), ("d", "y"), ("Y", "d"))}  # its month is a word
ORDERS: Ways = {
    DAY: (("d", "m", "Y"), ("d", "m", "y")),
    MONTH: (("m", "d", "Y"), ("m", "d", "y")),
    YEAR: (("Y", "m", "d"), ("y", "m", "d")),
}
RANGES = {"d": (1, 31), "m": (1, 12), "Y": (1970, 2199), "y": (0, 99)}
ENOUGH = 0.8  # of a column's values must read as moments
LONGEST, SHORTEST = 60, 6
MOST_TEMPLATES = 12
Template = tuple[str, ...]
NUMBER = "\0"


@dataclass(frozen=True)
class Moments:
    """How a column writes moments.

    Attributes
    ----------
    readings : formats by which part of a date is taken to come first; several leave it open
    naive : whether some value carries no zone
    days_only : whether no value has a clock
    packed : whether values could be other numbers, so that the column's name must speak of time
    nothing : words in the column that stand for "no moment"
    zone : a zone that abbreviations in the values speak of, such as "Europe/Berlin"
    varied : for an open reading, which part is likelier the day, by how much each varies
    """

    readings: Mapping[str, tuple[str, ...]]
    naive: bool = True
    days_only: bool = False
    packed: bool = False
    nothing: tuple[str, ...] = ()
    zone: str = ""
    varied: str = ""

    @property
    def open(self) -> bool:
        """Whether the values do not say which number is the day."""
        return len(self.readings) > 1


@dataclass
class _Group:
    """Values that are written alike but for their numbers."""

    weight: int
    numbers: list[set[int]]


def moments(words: Mapping[str, int]) -> Moments | None:
    """Return how values are written if they are moments; None if they are none.

    Parameters
    ----------
    words : values and how often each stands in the column, trimmed, none empty

    Examples
    --------
    >>> moments({"31/01/2026 08:00": 1, "02/01/2026 17:30": 2}).readings
    {'day': ('%d/%m/%Y %H:%M',)}
    >>> sorted(moments({"01/02/2026": 1}).readings)
    ['day', 'month']
    >>> moments({"Printer on fire": 1}) is None
    True
    """
    packed = _packed(words)
    if packed is not None:
        return packed
    total = sum(words.values())
    iso = {word for word in words if _is_iso(word)}
    groups, left = _grouped({word: n for word, n in words.items() if word not in iso})
    readings = _readings(groups)
    if readings is None:
        return None
    nothing = [word for word in left if _says_nothing(word)]
    read = total - sum(words[word] for word in left)
    known = total - sum(words[word] for word in nothing)
    if not read or read < ENOUGH * known:
        return None
    if iso:
        readings = {first: ("iso", *formats) for first, formats in readings.items()}
    pieces = [piece for template in groups for piece in template]
    zones = [ABBREVIATIONS[p.lower()] for p in pieces if p.lower() in ABBREVIATIONS]
    naive_iso = any(not _iso_zone(word) for word in iso)
    days_only = not any(":" in word for word in iso) and not any("%M" in p for p in pieces)
    return Moments(
        readings=readings,
        naive=naive_iso or any(not _zoned(template) for template in groups),
        days_only=days_only,
        packed=days_only and not iso and NUMBER + "4" not in pieces and "%b" not in pieces,
        nothing=tuple(nothing),
        zone=zones[0] if zones else "",
        varied=_varied(groups),
    )


def _is_iso(word: str) -> bool:
    found = ISO.fullmatch(word)
    return found is not None and 1970 <= int(word[:4]) <= 2199 and int(found["month"]) <= 12


def _iso_zone(word: str) -> bool:
    found = ISO.fullmatch(word)
    return bool(found and found["zone"])


def _says_nothing(word: str) -> bool:
    """Say whether a value that is no moment stands for none: a word, zeros, or a far-off year."""
    if not any(c.isdigit() for c in word):
        return True
    numbers = [int(n) for n in re.findall(r"\d+", word)]
    return not any(numbers) or bool(
        re.search(r"(?<!\d)(0001|1753|1899|19[0-6]\d|9999)(?!\d)", word)
    )


def _grouped(words: Mapping[str, int]) -> tuple[dict[Template, _Group], list[str]]:
    """Group values by how they are written; return what is no moment beside it."""
    groups: dict[Template, _Group] = {}
    left = []
    for word, weight in words.items():
        taken = _taken_apart(word)
        if taken is None:
            left.append(word)
            continue
        template, numbers = taken
        group = groups.setdefault(template, _Group(0, [set() for _ in numbers]))
        group.weight += weight
        for known, number in zip(group.numbers, numbers, strict=True):
            known.add(number)
    return groups, left


def _taken_apart(word: str) -> tuple[Template, list[int]] | None:
    """Return a value as directives, literals and marks for the numbers of its date."""
    if not SHORTEST <= len(word) <= LONGEST or not any(c.isdigit() for c in word):
        return None
    clock = CLOCK.search(word) or DOTTED_CLOCK.search(word)
    before, after = (word[: clock.start()], word[clock.end() :]) if clock else (word, "")
    pieces = list(_pieces(before))
    if clock:
        half = re.match(r"\s*[ap]m\b", after, re.IGNORECASE)
        pieces.append(_clock_format(clock, bool(half)))
        offset = OFFSET.match(after)
        if offset:
            pieces += [offset[1], "%z"]
            after = after[offset.end() :]
        pieces += _pieces(after)
    template = tuple(NUMBER + str(min(len(p), 4)) if p.isdecimal() else p for p in pieces)
    numbers = [int(piece) for piece in pieces if piece.isdecimal()]
    months = sum(piece in {"%b", "%B"} for piece in pieces)
    if months > 1 or len(numbers) != 3 - months or any(n > 9999 for n in numbers):
        return None
    return (template, numbers) if _possible(template, [{n} for n in numbers]) else None


def _pieces(text: str) -> Iterator[str]:
    """Yield numbers as they are, letters as directives where they mean something, the rest."""
    for piece in PIECE.findall(" ".join(text.split(" "))):
        known = LETTERS.get(piece.casefold())
        yield known or piece.replace("%", "%%")


def _clock_format(clock: re.Match[str], half: bool) -> str:
    mark = clock["mark"]
    hour = "%I" if half else "%H"
    second = (":" if mark != "." else ".") + "%S" if clock["second"] else ""
    part = ""
    if clock["part"]:
        part = clock["dot"] + ("%n" if len(clock["part"]) > 6 else "%f")
    return f"{hour}{mark}%M{second}{part}"


def _zoned(template: Template) -> bool:
    return "%z" in template or "%Z" in template


def _possible(template: Template, numbers: Sequence[set[int]]) -> dict[str, str]:
    """Return the formats that fit the numbers of a template, by what comes first."""
    widths = [int(piece[1:]) for piece in template if piece.startswith(NUMBER)]
    found: dict[str, str] = {}
    for first, ways in (WITH_MONTH if len(numbers) == 2 else ORDERS).items():
        for way in ways:
            if first not in found and _fits(way, widths, numbers):
                found[first] = _written(template, way)
    if len(found) > 1 and YEAR in found and any(way.count("%y") for way in found.values()):
        del found[YEAR]  # "05.01.26" could begin with a year, and never does beside other readings
    return found


def _fits(way: Sequence[str], widths: Sequence[int], numbers: Sequence[set[int]]) -> bool:
    for part, width, values in zip(way, widths, numbers, strict=True):
        low, high = RANGES[part]
        if not (low <= min(values) and max(values) <= high):
            return False
        if (part == "Y") != (width == 4) or (part == "y" and width != 2) or width == 3:
            return False
    return True


def _written(template: Template, way: Sequence[str]) -> str:
    parts = iter(way)
    return "".join(f"%{next(parts)}" if p.startswith(NUMBER) else p for p in template)


def _readings(groups: Mapping[Template, _Group]) -> dict[str, tuple[str, ...]] | None:
    """Return the formats by what comes first; None where the groups fit together in no way."""
    by_weight = sorted(groups.items(), key=lambda each: -each[1].weight)[:MOST_TEMPLATES]
    fitting = [_possible(template, group.numbers) for template, group in by_weight]
    formats: dict[str, list[str]] = defaultdict(list)
    if not all(fitting):
        return None
    choices = [set(each) for each in fitting if len(each) > 1 or not {ANY, YEAR} & set(each)]
    firsts = set.intersection(*choices) if choices else {ANY}
    for first in sorted(firsts):
        for each in fitting:
            form = each.get(first) or each.get(ANY) or each.get(YEAR)
            if form and form not in formats[first]:
                formats[first].append(form)
    # A year of four digits would be read from two, as the year 26; so those of two come first.
    return {
        first: tuple(sorted(forms, key=lambda form: "%y" not in form))
        for first, forms in formats.items()
    } or ({ANY: ()} if firsts else None)


def _varied(groups: Mapping[Template, _Group]) -> str:
    """Say which part varies more where both could be the day: days do, months hardly."""
    first: set[int] = set()
    second: set[int] = set()
    for template, group in groups.items():
        if len(_possible(template, group.numbers)) > 1:
            first |= group.numbers[0]
            second |= group.numbers[1]
    if len(first) == len(second):
        return ""
    return DAY if len(first) > len(second) else MONTH


def _packed(words: Mapping[str, int]) -> Moments | None:
    """Return how bare digits stand for moments: seconds since 1970, or 20260131120000."""
    total = sum(words.values())
    for form, pattern, low, high in (
        ("epoch_s", r"\d{9,10}(\.\d+)?", 631_152_000, 4_102_444_800),
        ("epoch_ms", r"\d{12,13}", 631_152_000_000, 4_102_444_800_000),
    ):
        fit = [w for w in words if re.fullmatch(pattern, w) and low <= float(w) <= high]
        if sum(words[w] for w in fit) == total and total:
            return Moments({ANY: (form,)}, naive=False, packed=True)
    shapes: set[str] = set()
    for word in words:
        found = PACKED.fullmatch(word)
        if not found or not (1970 <= int(found[1]) <= 2199 and 1 <= int(found[2]) <= 12):
            return None
        if not 1 <= int(found[3]) <= 31 or not _is_clock(found.groups()[4:7]):
            return None
        clock = "".join(
            f"%{part}" for part, given in zip("HMS", found.groups()[4:7], strict=True) if given
        )
        shapes.add(f"%Y%m%d{found[4]}{clock}{found[8]}")
    if not shapes:
        return None
    return Moments(
        {ANY: tuple(sorted(shapes, key=len, reverse=True))},
        zone="UTC" if all(shape.endswith("Z") for shape in shapes) else "",
        days_only=shapes == {"%Y%m%d"},
        packed="%Y%m%d" in shapes,  # with a clock behind it, twelve digits are no other number
    )


def _is_clock(parts: Sequence[str | None]) -> bool:
    hour, minute, second = (int(part or 0) for part in parts)
    return hour < 24 and minute < 60 and second < 60
