"""The formats of all moments of a mapping, what comes first in a date, and the zone.

Floor 3. A mapping has one list of formats for all its columns, so columns that leave open which
number is the day are settled by those that do not, then by the whole file, then by habit, said
aloud.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from opsgauge.sources.draft.columns import Sheet
from opsgauge.sources.draft.kinds import Seen
from opsgauge.sources.draft.moments import ANY, DAY, MONTH, YEAR, Moments
from opsgauge.sources.draft.writing import shown

SAID = {DAY: "the day comes first", MONTH: "the month comes first", YEAR: "the year comes first"}
UTC_NAMES = re.compile(r"\b(utc|gmt|zulu)\b")
SLASHED = re.compile(r"^%[mdY]/")


@dataclass(frozen=True)
class Written:
    """How a mapping's moments are written.

    Attributes
    ----------
    formats : in the order in which they are to be tried
    why : how it is known which number is the day, "" where there was no question
    doubt : whether that was settled by habit alone
    zone : the zone of moments without one; "" where all carry theirs
    zone_why : where the zone comes from; "" where nothing says so, and a person must
    """

    formats: tuple[str, ...]
    why: str = ""
    doubt: bool = False
    zone: str = ""
    zone_why: str = ""


def written(sheet: Sheet, columns: Sequence[Seen]) -> Written:
    """Return the formats that read the moments of these columns."""
    hows = [(each, each.moments) for each in columns if each.moments is not None]
    first, why, doubt = _first(sheet, hows)
    weights: Counter[str] = Counter()
    for each, how in hows:
        for form in _chosen(how, first):
            weights[form] += each.column.filled
    ordered = sorted(weights, key=lambda form: (form != "iso", "%y" not in form, -weights[form]))
    if not any(how.naive for _, how in hows):
        return Written(tuple(ordered), why, doubt)
    zone, zone_why = _zone(hows)
    return Written(tuple(ordered), why, doubt, zone, zone_why)


def _chosen(how: Moments, first: str) -> tuple[str, ...]:
    readings = how.readings
    return readings.get(first) or readings.get(ANY) or next(iter(readings.values()))


def _first(sheet: Sheet, hows: Sequence[tuple[Seen, Moments]]) -> tuple[str, str, bool]:
    """Return which part comes first where a date leaves it open, why, and whether it is a guess."""
    said: Counter[str] = Counter()
    for each, how in hows:
        if not how.open and set(how.readings) & {DAY, MONTH}:
            said[next(iter(how.readings))] += each.column.filled
    undecided = [(each, how) for each, how in hows if how.open]
    if len(said) > 1:
        most, least = (first for first, _ in said.most_common(2))
        return most, f"in some columns {SAID[least]}, in more {SAID[most]}: check both", True
    if said:
        [first] = said
        proof = _proof(hows, first)
        return first, f"{proof}, so {SAID[first]}" if proof else "", False
    if not undecided:
        return ANY, "", False
    return _of_all_rows(sheet, undecided) or _by_habit(undecided)


def _proof(hows: Sequence[tuple[Seen, Moments]], first: str) -> str:
    """Return a value that can be read in one way alone, with the column it stands in."""
    place = 0 if first == DAY else 1
    for each, how in hows:
        if first not in how.readings:
            continue
        for word in each.words:
            numbers = re.findall(r"\d+", word)
            if len(numbers) > 2 and len(numbers[0]) <= 2 and int(numbers[place]) > 12:
                return f"{numbers[place]} in {shown(word)} can only be a day"
    return ""


def _of_all_rows(
    sheet: Sheet, undecided: Sequence[tuple[Seen, Moments]]
) -> tuple[str, str, bool] | None:
    """Let the rows that were not looked at closely decide, where there are any."""
    if sheet.whole:
        return None
    unread = {}
    for first in (DAY, MONTH):
        formats = {form for _, how in undecided for form in _chosen(how, first)}
        unread[first] = sheet.unread([each.column for each, _ in undecided], sorted(formats))
    if unread[DAY] == unread[MONTH]:
        return None
    first = min(unread, key=lambda each: unread[each])
    return first, f"over the whole file, only if {SAID[first]} do all values read", False


def _by_habit(undecided: Sequence[tuple[Seen, Moments]]) -> tuple[str, str, bool]:
    """Settle what no value settles: by what varies more, else by the marks between the numbers."""
    varied = {how.varied for _, how in undecided} - {""}
    example = shown(next(iter(undecided[0][0].words)))
    doubt = f"no value says whether {example} begins with the day or the month"
    if len(varied) == 1:
        [first] = varied
        return first, f"{doubt}; taken: {SAID[first]}, for that number varies more", True
    forms = [form for _, how in undecided for form in _chosen(how, MONTH)]
    american = any("%p" in form for form in forms) and any(SLASHED.match(form) for form in forms)
    first = MONTH if american else DAY
    habit = "as with am and pm" if american else "as in most countries"
    return first, f"{doubt}; taken: {SAID[first]}, {habit}", True


def _zone(hows: Sequence[tuple[Seen, Moments]]) -> tuple[str, str]:
    naive = [(each, how) for each, how in hows if how.naive]
    if all(UTC_NAMES.search(each.folded) for each, _ in naive):
        return "UTC", f"the name of {shown(naive[0][0].name)} says so"
    zones = {how.zone for _, how in naive} - {""}
    if len(zones) == 1:
        [zone] = zones
        return zone, "its letters stand behind the moments; another zone of that clock would do"
    return "UTC", ""
