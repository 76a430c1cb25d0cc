"""Service level objectives as a workspace writes them: one file or several in `slos/`.

Floor 3. All files are read or none: whatever is wrong is said with the file, the line, the key and
the nearest right word. The format is in docs/guides/objectives.md.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import ObjectiveWrong, did_you_mean
from opsgauge.metrics.written_page import NAME, Page, Stamp, stamps

FOLDER = "slos"
MOST_DAYS = 400
GRAINS = ("month", "quarter", "year")
KEYS = (
    *("title", "metric", "where", "objective", "window", "decision"),
    *("maintenance", "burn", "fewest_bad", "hours"),
)
FEWEST_BAD = 3  # in the long window, before anything is called a burn
HOURS_OF = {"hour": 1, "day": 24}
_LENGTH = re.compile(r"(\d{1,3}) (hour|day)s?", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)", re.ASCII)
_SHARE = re.compile(r"(\d{1,2}(?:\.\d{1,6})?)\s*%|(0?\.\d{1,8})", re.ASCII)


@dataclass(frozen=True)
class Maintenance:
    """A time whose tickets are left out, with the reason.

    Attributes
    ----------
    from_, to : its first and last day, both included
    begins, ends : minutes of these days at which it begins and ends; 1440 is the next midnight
    """

    from_: date
    to: date
    why: str
    begins: int = 0
    ends: int = 1440

    def words(self) -> str:
        """Say why, and when where it is not of whole days.

        Examples
        --------
        >>> day = date(2026, 3, 14)
        >>> Maintenance(day, day, "The move.", 1320).words()
        'The move. (2026-03-14 22:00 to 2026-03-14 24:00)'
        """
        if (self.begins, self.ends) == (0, 1440):
            return self.why
        begin, end = (f"{each // 60:02}:{each % 60:02}" for each in (self.begins, self.ends))
        return f"{self.why} ({self.from_} {begin} to {self.to} {end})"


@dataclass(frozen=True)
class Burn:
    """So much of the budget within so many hours is too fast."""

    spent: float  # share of the budget, 0 to 1
    hours: int


# The budget of 30 days is spent 14.4, 6 and 1 times too fast: Google's workbook on SRE, 2018, 5.
USUAL_BURNS = (Burn(0.02, 1), Burn(0.05, 6), Burn(0.10, 72))


@dataclass(frozen=True)
class Objective:
    """Of a metric that is a share, how much of it is to be good in a window.

    Attributes
    ----------
    share : to be reached, above 0 and below 1
    days : the length of a window that rolls; 0 where it is of the calendar
    grain : month, quarter or year of a calendar's window; "" where it rolls
    decision : what is done when the budget is spent
    fewest_bad : as many bad records in a burn's window before it is told
    hours : the calendar within whose hours records count; "" for all the time
    """

    name: str
    title: str
    metric: str
    where: tuple[Condition, ...]
    share: float
    days: int
    grain: str
    decision: str
    maintenance: tuple[Maintenance, ...] = ()
    burns: tuple[Burn, ...] = USUAL_BURNS
    fewest_bad: int = FEWEST_BAD
    hours: str = ""

    def window_words(self) -> str:
        """Say over what it is judged."""
        told = f"the last {self.days} days" if self.days else f"each {self.grain}"
        return f"{told}, within the hours of {self.hours}" if self.hours else told


def load_objectives(workspace: Path) -> tuple[Objective, ...]:
    """Read the service level objectives of a workspace.

    Raises
    ------
    ObjectiveWrong : a file does not fit; none is loaded then
    """
    return _read(stamps(workspace / FOLDER))


@lru_cache(maxsize=8)
def _read(files: tuple[Stamp, ...]) -> tuple[Objective, ...]:
    made: dict[str, Objective] = {}
    for name, *_ in files:
        page = Page.of(Path(name), ObjectiveWrong, "objectives")
        for each in read_objectives(page):
            if each.name in made:
                raise page.wrong((each.name,), f"there is a {each.name!r} already.")
            made[each.name] = each
    return tuple(made.values())


def read_objectives(page: Page) -> list[Objective]:
    r"""Read the objectives of one file.

    Raises
    ------
    ObjectiveWrong : it does not fit the format

    Examples
    --------
    >>> text = "fast:\n  title: Fast\n  metric: m\n  objective: 95%\n  window: 30 days\n"
    >>> [one] = read_objectives(Page(text, "slos/fast.yaml", ObjectiveWrong))
    >>> one.share, one.days, one.window_words()
    (0.95, 30, 'the last 30 days')
    """
    return [_objective(page, name) for name in page.mapping(())]


def _objective(page: Page, name: str) -> Objective:
    if not NAME.fullmatch(name):
        raise page.wrong((name,), "a name has small letters, digits and '_' alone.")
    said = page.mapping((name,), KEYS)
    days, grain = _window(page, name, page.needed(said, "window", (name,)))
    return Objective(
        name=name,
        title=page.needed(said, "title", (name,)),
        metric=page.needed(said, "metric", (name,)),
        where=tuple(_condition(page, name, text) for text in page.words((name, "where"))),
        share=_share(page, (name, "objective"), page.needed(said, "objective", (name,))),
        days=days,
        grain=grain,
        decision=str(said.get("decision") or ""),
        maintenance=tuple(
            _maintenance(page, (name, "maintenance", place))
            for place, _ in enumerate(page.list_of((name, "maintenance")))
        ),
        burns=_burns(page, name, days or {"month": 30, "quarter": 91, "year": 365}[grain]),
        fewest_bad=_fewest(page, name, said),
        hours=str(said.get("hours") or "").strip(),
    )


def _share(page: Page, path: tuple[str | int, ...], text: str) -> float:
    found = _SHARE.fullmatch(text.strip())
    share = 0.0
    if found:
        share = float(found[1]) / 100 if found[1] else float(found[2])
    if not 0 < share < 1:
        raise page.wrong(path, f"{text!r} is no share between 0 and 1; write it as 95% or 0.95.")
    return share


def _window(page: Page, name: str, text: str) -> tuple[int, str]:
    path = (name, "window")
    words = text.split()
    if words[:1] == ["calendar"] and len(words) == 2:
        if words[1] in GRAINS:
            return 0, words[1]
        raise page.wrong(path, f"there is no {text!r}. {did_you_mean(words[1], GRAINS)}")
    found = _LENGTH.fullmatch(text)
    days = int(found[1]) if found and found[2] == "day" else 0
    if not 1 <= days <= MOST_DAYS:
        raise page.wrong(path, f"{text!r} is no window; write it as 28 days, or as calendar month.")
    return days, ""


def _condition(page: Page, name: str, text: str) -> Condition:
    column, equals, values = text.partition("=")
    if not equals or not column.strip():
        raise page.wrong((name, "where"), f"{text!r} is no condition; write it as team=A|B.", text)
    return Condition(column.strip(), tuple(word.strip() or None for word in values.split("|")))


def _maintenance(page: Page, path: tuple[str | int, ...]) -> Maintenance:
    said = page.mapping(path, ("from", "to", "why"))
    first, begins = _edge(page, page.needed(said, "from", path), (*path, "from"), 0)
    last, ends = _edge(page, page.needed(said, "to", path), (*path, "to"), 1440)
    if (last, ends) <= (first, begins):
        raise page.wrong((*path, "to"), f"{last} lies before {first}, or nothing lies between.")
    return Maintenance(first, last, page.needed(said, "why", path), begins, ends)


def _edge(page: Page, text: str, path: tuple[str | int, ...], whole: int) -> tuple[date, int]:
    """Return the day and the minute of it at which maintenance begins or ends."""
    day, _, clock = text.strip().partition(" ")
    if not clock.strip():
        return page.date_at(day, path), whole
    found = _CLOCK.fullmatch(clock.strip())
    if not found or int(found[1]) * 60 + int(found[2]) > 1440:
        raise page.wrong(path, f"{text!r} is no moment; write it as 2026-01-31 22:00.")
    return page.date_at(day, path), int(found[1]) * 60 + int(found[2])


def _burns(page: Page, name: str, days: int) -> tuple[Burn, ...]:
    told = page.list_of((name, "burn"))
    if not told:
        return tuple(each for each in USUAL_BURNS if each.hours < days * HOURS_OF["day"])
    made = []
    for place, _ in enumerate(told):
        path = (name, "burn", place)
        said = page.mapping(path, ("spent", "within"))
        text = page.needed(said, "within", path)
        found = _LENGTH.fullmatch(text)
        hours = int(found[1]) * HOURS_OF[found[2]] if found else 0
        if not 1 <= hours < days * HOURS_OF["day"]:
            raise page.wrong(
                (*path, "within"),
                f"{text!r} is no time within the window of {days} days; write it as 6 hours.",
            )
        spent = _share(page, (*path, "spent"), page.needed(said, "spent", path))
        made.append(Burn(spent, hours))
    return tuple(made)


def _fewest(page: Page, name: str, said: Mapping[str, Any]) -> int:
    text = said.get("fewest_bad")
    if text is None:
        return FEWEST_BAD
    if not isinstance(text, str) or not text.isascii() or not text.isdigit() or int(text) < 1:
        raise page.wrong((name, "fewest_bad"), f"{text!r} is no number of records, 1 or more.")
    return int(text)


def days_of(one: Objective, today: date) -> tuple[date, date]:
    """Return the first and the last day of the window that holds a day, both included.

    Examples
    --------
    >>> from dataclasses import replace
    >>> one = Objective("a", "A", "m", (), 0.95, 7, "", "")
    >>> days_of(one, date(2026, 5, 14))
    (datetime.date(2026, 5, 8), datetime.date(2026, 5, 14))
    >>> days_of(replace(one, days=0, grain="quarter"), date(2026, 5, 14))
    (datetime.date(2026, 4, 1), datetime.date(2026, 6, 30))
    """
    if one.days:
        return today - timedelta(days=one.days - 1), today
    months = {"month": 1, "quarter": 3, "year": 12}[one.grain]
    first = today.replace(month=(today.month - 1) // months * months + 1, day=1)
    last_month = first.month + months - 1
    after = date(first.year + last_month // 12, last_month % 12 + 1, 1)
    return first, after - timedelta(days=1)
