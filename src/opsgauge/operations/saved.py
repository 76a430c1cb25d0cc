"""Saved filters as findings that can be used again: opened and counted with the data of now.

Floor 5. The records are `governance.saved_filters`. A saved filter is an address; the tickets it
chooses are those that its page chooses. To whom not all records are shown, one that names what
they do not see is not told, and its link leads nowhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from opsgauge.analysis.mining.chosen_facts import Group, count_rows, groups, marked_rows, time_rows
from opsgauge.foundation.errors import Misuse, QueryWrong, UnknownRecord
from opsgauge.foundation.units import duration, percent, whole
from opsgauge.governance import saved_filters as kept
from opsgauge.governance.access import decide
from opsgauge.governance.map_notes import READ, WRITE, may_change
from opsgauge.governance.saved_filters import SavedFilter
from opsgauge.operations.asking import conditions, day
from opsgauge.operations.context import Context
from opsgauge.operations.find import chosen_words
from opsgauge.operations.flow import Passed, Selection, chosen_tables
from opsgauge.operations.meant import not_there
from opsgauge.operations.withheld import SHOWN_FROM

# The pages that choose tickets by filters, days, step or path, with what they are called.
PAGES: Mapping[str, str] = {
    "/map": "Process map",
    "/map/compare": "Process maps compared",
    "/map/spectrum": "One way over time",
    "/waiting": "Waiting",
    "/waiting/why": "Why tickets wait",
    "/handoffs": "Handoffs",
    "/paths": "Paths",
    "/objects": "Objects",
    "/conformance": "Conformance",
    "/findings": "Findings",
    "/descriptions": "Beyond a threshold",
    "/tickets": "Tickets",
}
# What a newer version of the data, or another reader, is to be asked without.
LEFT_AWAY = ("data_version", "known_at", "offset", "limit", "column", "is", "form_token")
# A list of tickets behind one number of a metric or service level is no filter.
OF_A_NUMBER = ("metric", "clock")
AMONG_FINDINGS = 10  # told there; the page of saved filters has all
PRACTICE = "practice"
NOBODY = Group()
Params = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SavedNumbers:
    """What a saved filter says of the data of now.

    Attributes
    ----------
    chosen, rest : the tickets it chooses, and the others of the same days and practice
    among : of which tickets both are, as the end of a sentence
    why_not : why nothing is told; "" where it is
    """

    chosen: Group = NOBODY
    rest: Group = NOBODY
    among: str = ""
    why_not: str = ""

    @property
    def share(self) -> float | None:
        """The share of tickets chosen."""
        every = self.chosen.tickets + self.rest.tickets
        return self.chosen.tickets / every if every else None

    def sentence(self) -> str:
        """Say it in words."""
        if self.why_not:
            return self.why_not
        n = self.chosen.tickets
        if not n:
            return "No ticket fits it now."
        among = f"all tickets{self.among.removeprefix(',')}"
        of = f", {percent(self.share or 0.0)} of {among}" if self.rest.tickets else ""
        told = f"{'1 ticket' if n == 1 else f'{whole(n)} tickets'}{of}."
        if self.chosen.median is None:
            return f"{told} None of them is finished."
        half = f" Half of the finished take {duration(self.chosen.median)} or less"
        rest = f", of the rest {duration(self.rest.median)}" if self.rest.median is not None else ""
        return f"{told}{half}{rest}."

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "sentence": self.sentence(),
            "withheld": self.why_not,
            "share": self.share,
            "among": self.among,
            "chosen": dict(vars(self.chosen)),
            "rest": dict(vars(self.rest)),
        }


@dataclass(frozen=True)
class Saved:
    """A saved filter as its reader is told it.

    Attributes
    ----------
    which : the tickets it chooses, in words
    mine : whether the reader may take it back
    """

    filter: SavedFilter
    which: str
    numbers: SavedNumbers
    mine: bool

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        numbers = {"numbers": self.numbers.as_json()}
        return {**self.filter.as_json(), "which": self.which, "mine": self.mine, **numbers}


def saved_list(ctx: Context, most: int = kept.MOST_SAVED) -> list[Saved]:
    """Return the saved filters with their numbers of now, the newest first.

    Needs `note:read` and `map:read`. Each is asked once for a version of the data, which takes a
    fifth of a second.
    """
    ctx.require(READ)
    ctx.require("map:read")
    ctx = ctx.holding()
    told = [each for each in kept.saved_filters(ctx.database) if _is_told(ctx, each)]
    return [_saved(ctx, each) for each in told[:most]]


def saved_findings(ctx: Context) -> list[Saved]:
    """Return the newest of them for the library of findings; none for whom they are not told."""
    may = all(decide(ctx.actor, action).allowed for action in (READ, "map:read"))
    return saved_list(ctx, AMONG_FINDINGS) if may else []


def saved_one(ctx: Context, number: int) -> Saved:
    """Return one saved filter with its numbers of now; needs `note:read` and `map:read`.

    Raises
    ------
    UnknownRecord : there is none of that number, or none that is told to the actor
    """
    ctx.require("map:read")
    return _saved(ctx.holding(), opened(ctx, number))


def opened(ctx: Context, number: int) -> SavedFilter:
    """Return the filter that a link leads to; needs `note:read`.

    Raises
    ------
    UnknownRecord : there is none of that number, or none that is told to the actor
    """
    ctx.require(READ)
    found = kept.saved_filter(ctx.database, number)
    if found.ended_at is not None:
        raise UnknownRecord(f"Saved filter {number} was taken back.")
    if not _is_told(ctx, found):
        raise UnknownRecord(f"There is no saved filter {number}.", hint="See opsgauge saved list.")
    return found


def save_filter(ctx: Context, name: str, address: str, why: str) -> SavedFilter:
    """Save the filter of a page's address under a name; needs `note:write` and `map:read`.

    Parameters
    ----------
    address : of a page of this server, such as /map?where=team=Network

    Raises
    ------
    QueryWrong : it is of no page with such filters, cannot be asked, or the name does not fit
    UnknownColumn : a filter is of no column
    """
    ctx.require(WRITE)
    ctx.require("map:read")
    page, params = parted(address)
    chosen_tables(ctx, selection_of(params))  # so that what cannot be asked is not saved
    wanted = SavedFilter(name, why, page, urlencode(params, safe="=|:,/"))
    return kept.save(ctx.database, ctx.clock, ctx.actor, wanted)


def take_back_filter(ctx: Context, number: int) -> SavedFilter:
    """Take back one's own saved filter; needs `note:write`, of others `note:manage`."""
    ctx.require(WRITE)
    return kept.take_back(ctx.database, ctx.clock, ctx.actor, number)


def parted(address: str) -> tuple[str, Params]:
    """Return the page of an address and the parameters that are saved of it.

    Raises
    ------
    QueryWrong : it is of no page of this server whose filters can be saved

    Examples
    --------
    >>> parted("/map?where=team=A%7CB&data_version=3&steps=team")
    ('/map', (('where', 'team=A|B'), ('steps', 'team')))
    """
    try:
        split = urlsplit(address[: 4 * kept.LONGEST_QUERY])
        params = parse_qsl(split.query, max_num_fields=100)
    except ValueError as wrong:
        raise QueryWrong("This is no address.", hint="Such as /map?where=team=Network.") from wrong
    if split.scheme or split.netloc or split.path not in PAGES:
        raise QueryWrong(
            "Filters are saved of pages of this server alone.", hint=f"One of {', '.join(PAGES)}."
        )
    if any(name in OF_A_NUMBER for name, _ in params):
        raise QueryWrong(
            "The tickets behind one number of a metric are no filter.",
            hint="Save a list that filters, days or a step of the map choose.",
        )
    return split.path, tuple(pair for pair in params if pair[0] not in LEFT_AWAY)


def can_be_saved(page: str, params: Sequence[tuple[str, str]]) -> bool:
    """Say whether a page's address holds a filter that can be saved."""
    return page in PAGES and not any(name in OF_A_NUMBER for name, _ in params)


def selection_of(params: Sequence[tuple[str, str]]) -> Selection:
    """Return the tickets that the parameters of an address choose."""
    one = dict(params)
    step, path = one.get("step"), one.get("path", "")
    passed = None
    if step is not None or path:
        passed = Passed(one.get("steps") or "phase", step, one.get("then"), path)
    where = conditions([value for name, value in params if name == "where"])
    return Selection(where, day("from", one.get("from")), day("to", one.get("to")), passed)


def _selected(saved: SavedFilter) -> Selection:
    return selection_of(parse_qsl(saved.query))


def _is_told(ctx: Context, saved: SavedFilter) -> bool:
    """Say whether a reader sees all that a filter names."""
    if not ctx.scope.hides:
        return True
    chosen = _selected(saved)
    try:
        return chosen.passed is None and not not_there(ctx, chosen.where)
    except Misuse:
        return False


def _saved(ctx: Context, saved: SavedFilter) -> Saved:
    chosen = _selected(saved)
    mine = may_change(ctx.actor, saved.made_by)
    return Saved(saved, f"tickets{chosen_words(chosen)}", _numbers(ctx, chosen), mine)


def _numbers(ctx: Context, chosen: Selection) -> SavedNumbers:
    key = ("saved filter", ctx.scope, chosen)
    try:
        found: SavedNumbers = ctx.opened().once(key, lambda: _asked(ctx, chosen))
    except Misuse as wrong:
        return SavedNumbers(why_not=wrong.message)
    return found


def _asked(ctx: Context, chosen: Selection) -> SavedNumbers:
    base = _among(chosen)
    run = ctx.opened().engine.run
    marked = marked_rows(chosen_tables(ctx, base).tickets, chosen_tables(ctx, chosen).tickets)
    mine, rest = groups(run(count_rows(marked)), run(time_rows(marked)))
    fewest = ctx.workspace.settings.suppress_below
    if fewest > SHOWN_FROM and any(0 < each.tickets < fewest for each in (mine, rest)):
        return SavedNumbers(why_not=f"Withheld: fewer than {fewest} tickets.")
    return SavedNumbers(_of_enough(mine, fewest), _of_enough(rest, fewest), chosen_words(base))


def _of_enough(group: Group, fewest: int) -> Group:
    """Return the group without times where they are of too few tickets."""
    if 0 < group.finished < fewest:
        return replace(group, finished=0, median=None, low=None, high=None)
    return group


def _among(chosen: Selection) -> Selection:
    """Return which tickets those chosen are held against: of the same days and practice.

    Where nothing else is chosen, all tickets.

    Examples
    --------
    >>> march = day("from", "2026-03-01")
    >>> _among(Selection(conditions(["team=A", "practice=change"]), march)).where
    (Condition(column='practice', values=('change',)),)
    >>> _among(Selection(from_=march)) == Selection()
    True
    """
    kinds = tuple(each for each in chosen.where if each.column == PRACTICE)
    base = Selection(kinds, chosen.from_, chosen.to)
    return Selection() if base == chosen else base
