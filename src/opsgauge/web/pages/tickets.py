"""The tickets behind a number, or those that fit filters; the same as CSV.

Floor 6.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response, StreamingResponse

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.csv_text import line_text
from opsgauge.foundation.units import whole
from opsgauge.log.periods import ALL
from opsgauge.metrics.behind import NUMERATOR, REST, SPLIT
from opsgauge.operations.answers import Measured, TicketList, Value
from opsgauge.operations.asking import conditions
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.scale import axis_unit
from opsgauge.operations.drawing.words import (
    capfirst,
    days_words,
    named,
    period_words,
    plain,
    plural,
)
from opsgauge.operations.exporting import asked_for, note_export
from opsgauge.operations.lists import MOST_ROWS, Page
from opsgauge.operations.measure import measure
from opsgauge.operations.phrases import said, when
from opsgauge.web.asked import Listing, ListingOf, listing_of
from opsgauge.web.pages import choosers, clock_list
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link, suspect_links
from opsgauge.web.pages.metric_beside import BEYOND
from opsgauge.web.pages.sides import PARTS, counts_and_rest, part_words, sides
from opsgauge.web.pages.tidy import TidyRoute
from opsgauge.web.pages.whose_clock import of_clocks, of_metric

# key, words, kind, whether a phone leaves it out
COLUMNS = (
    ("original_status", "State", "words", False),
    ("priority", "Priority", "words", True),
    ("category", "Category", "words", True),
    ("team", "Team", "words", True),
    ("handoff_count", "Handovers", "count", True),
    ("reopen_count", "Reopened", "count", True),
    ("opened_at", "Opened", "instant", False),
    ("resolved_at", "Resolved", "instant", True),
)
VALUE_KINDS = {"hours": "hours", "count": "count", "money": "number", "score": "number"}
OF_THE_NUMBER = ("metric", "statistic", "period", "at", "by", "value", "part", "as_of", *BEYOND)
TICKET = "ticket"
PERSONS = ("assignee", "requester")
router = APIRouter(route_class=TidyRoute)


@router.get("/tickets.csv")
def tickets_csv(seen: ViewOf, listing: ListingOf) -> Response:
    """Return the whole list as CSV."""
    listing = replace(listing, page=replace(listing.page, offset=0, limit=MOST_ROWS))
    first = listing.answer(seen.ctx)  # here, so that what is wrong is told before the file begins
    of = f"clocks-{listing.clocks.level}" if listing.clocks else ""
    name = f"{of or 'tickets-' + (listing.metric or 'all')}.csv"
    note_export(seen.ctx, name, asked_for(seen.address.params), first.total)
    return StreamingResponse(
        _csv(seen.ctx, listing, first),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/tickets")
def tickets_page(seen: ViewOf, listing: ListingOf) -> HTMLResponse:
    """Draw the list of tickets."""
    listed = listing.answer(seen.ctx)
    return html("tickets.html", ListPage(seen, listing, listed).values())


@dataclass(frozen=True)
class ListPage:
    """The list of tickets in the making."""

    seen: View
    listing: Listing
    listed: TicketList

    def values(self) -> Values:
        """Return what `tickets.html` asks for."""
        seen, listed = self.seen, self.listed
        number = self.number()
        offset, shown = self.listing.page.offset, len(listed.rows)
        headline = self.headline()
        return {
            "page": frame(seen, "tickets", headline, self.state(), provenance=listed.provenance),
            "headline": headline,
            "why": self.why(number),
            "crumbs": self.crumbs(),
            "listed": listed,
            "columns": self.columns(),
            "ticket_hrefs": [
                ticket_href(seen.address, row, offset + at) for at, row in enumerate(listed.rows)
            ],
            "chips": self.chips(),
            "add_filter": choosers.other_filters(seen, "Add a filter", "add"),
            **self.empty(),
            "suspect": suspect_links(seen, listed.suspect),
            "whose_clock": of_clocks(seen)
            if self.listing.clocks
            else of_metric(seen, self.listing.metric),
            "same_as": self.same_as(number),
            "sides": sides(seen, self.listing.part, self.title, number[1])
            if number and self.has_sides
            else [],
            "record": self.listing.clocks.noun if self.listing.clocks else self.record or "ticket",
            "first": offset + 1 if shown else 0,
            "last": offset + shown,
            "previous_href": self.rows_from(offset - self.listing.page.limit) if offset else "",
            "next_href": self.rows_from(offset + shown) if offset + shown < listed.total else "",
            "csv_href": str(Address("/tickets.csv", seen.address.pairs("offset", "limit"))),
            "with_year": seen.several_years,
        }

    @property
    def title(self) -> str:
        """The metric whose number it is, "" for none."""
        name = self.listing.metric
        return self.seen.ctx.catalogue.get(name).definition.title if name else ""

    def headline(self) -> str:
        """Return the page's sentence."""
        if self.listing.clocks:
            return clock_list.headline(self.seen, self.listing, self.listed.total)
        noun = self.noun if self.listed.total == 1 else plural(self.noun)
        count = f"{whole(self.listed.total)} {noun}" if self.listed.total else f"No {noun}"
        if not self.title:
            return (
                f"{count} {'fits' if self.listed.total == 1 else 'fit'} these filters"
                if self.filtered
                else count
            )
        verb = "is" if self.listed.total == 1 else "are"
        return f"{count} {verb} behind “{self.title}” {self.span()}{self.narrowed()}"

    def narrowed(self) -> str:
        """Return in words which of all they are: the group of the number, and the filters."""
        row = {name: value for name, value in self.listing.row.items() if name != "period"}
        said = [f"{plain(name)} {named(value, name)}" for name, value in row.items()]
        for each in self.listing.chosen.where:
            if each.column not in row:
                words = " or ".join(named(value, each.column) for value in each.values)
                said.append(f"{plain(each.column)} {words}")
        return f", {', '.join(said)}" if said else ""

    @property
    def record(self) -> str:
        """What a record is called where the list is not of tickets, "" where it is."""
        if self.listing.metric is None:
            return ""
        record = self.seen.ctx.catalogue.get(self.listing.metric).record
        return "" if record == TICKET else record

    @property
    def noun(self) -> str:
        """What one row is called."""
        return self.record or self.seen.noun

    @property
    def filtered(self) -> bool:
        """Whether anything but all tickets is asked for."""
        chosen = self.listing.chosen
        return bool(chosen.where or chosen.from_ or chosen.to or chosen.passed)

    def span(self) -> str:
        """Return the days of the number in words."""
        period = self.listing.row["period"] or ALL
        if period != ALL:
            return f"{'on' if len(period) == 10 else 'in'} {period_words(period)}"
        chosen = self.listing.chosen
        if chosen.from_ and chosen.to:
            return f"from {days_words(chosen.from_, chosen.to)}"
        return "in all"

    def number(self) -> tuple[Measured, Value] | None:
        """Return the number the tickets stand behind, with what it is an answer to."""
        if self.listing.metric is None:
            return None
        measured = measure(self.seen.ctx, self.listing.question(self.seen.ctx))
        row = self.listing.row
        by = {name: row.get(name) for name in measured.by}
        found = [each for each in measured.rows if each.period == row["period"] and each.by == by]
        return (measured, found[0]) if found and not measured.suspect else None

    def why(self, number: tuple[Measured, Value] | None) -> str:
        """Return the number and the question in words."""
        if number is None:
            return self.listed.sentence if self.listing.metric or self.listing.clocks else ""
        measured, value = number
        words = capfirst(said(self._told(value)[0], measured.unit, measured.statistic))
        if self.listing.part in {NUMERATOR, REST}:
            return f"{words}: these are {PARTS[self.listing.part]}. {self.listed.sentence}"
        return f"{words}. {self.listed.sentence}"

    def same_as(self, number: tuple[Measured, Value] | None) -> str:
        """Say that there are as many as the number's n, where it is so."""
        if number is None:
            return ""
        n, part = self._told(number[1])[1], self.listing.part
        if part in {NUMERATOR, REST} and number[1].numerator is not None:
            n, rest = counts_and_rest(number[1])
            if part == REST:
                less = f"the number’s n less the {whole(n)} that count"
                return less if rest == self.listed.total else ""
        return "as many as the number’s n" if n == self.listed.total else ""

    @property
    def has_sides(self) -> bool:
        """Whether each record of the list counts in the number, or does not."""
        name = self.listing.metric
        return name is not None and self.seen.ctx.catalogue.get(name).kind in SPLIT

    def _told(self, value: Value) -> tuple[float | None, int | None]:
        """Return the number and the n that the list is of: the value's, or the one beside it."""
        if value.shifted is None or not self.listing.part.startswith("shifted"):
            return value.value, value.n
        return value.shifted.value, value.shifted.n

    def state(self) -> list[Any]:
        """Return the state line."""
        seen = self.seen
        if self.listing.clocks:
            return clock_list.state(seen, self.listing)
        which = choosers.which_tickets(seen, self.also())
        if self.title:
            return [*which, f", behind {self.title} {self.span()}"]
        return [*which, ", opened ", choosers.dates(seen)]

    def also(self) -> list[str]:
        """Return in words what narrows the list beside the conditions of its address."""
        group = self.listing.row.items()
        said = [f"{plain(name)} is {named(word, name)}" for name, word in group if name != "period"]
        said += [f"only {part_words(self.listing.part)}"] if self.listing.part else []
        if self.listing.chosen.passed:
            said.append(self.listing.chosen.passed.sentence())
        return said

    def crumbs(self) -> list[Values]:
        """Return the way back: the metric's page, with its question."""
        if self.listing.clocks:
            return clock_list.crumbs(self.seen, self.listing)
        if not self.title:
            return []
        kept = self.seen.address.pairs(
            "metric", "at", "value", "part", "sort", "offset", "limit", "period"
        )
        page = Address(f"/metrics/{self.listing.metric}", kept)
        period = self.listing.asked.period
        return [
            link("Metrics", self.seen.address.to("/catalogue")),
            link(self.title, page.having(period=None if period == ALL else period)),
        ]

    def columns(self) -> list[Values]:
        """Return the columns, the number's own first."""
        if self.listing.clocks:
            return [self.column(*each) for each in clock_list.COLUMNS]
        first = (("ticket_id", "Ticket", "ticket", False), *self.value_column())
        if self.listed.rows and "record" in self.listed.rows[0]:
            there = self.listed.rows[0]
            named = capfirst(self.record) if self.record else "Record"
            first = (("record", named, "words", False), *first, *self.moment_column())
            return [self.column(*each) for each in (*first, *COLUMNS) if each[0] in there]
        return [self.column(*each) for each in (*first, *COLUMNS)]

    def moment_column(self) -> tuple[tuple[str, str, str, bool], ...]:
        """Return the column of the moment that dates a record which is no ticket."""
        metric = self.seen.ctx.catalogue.get(self.listing.metric or "")
        dated = metric.parts[-1] if metric.parts else metric
        moment = getattr(dated.definition, "period_by", "")
        column = dated.subject.column(moment)
        kind = "instant" if column is not None and column.type == "instant" else "words"
        return ((moment, capfirst(plain(moment)), kind, False),) if moment else ()

    def value_column(self) -> tuple[tuple[str, str, str, bool], ...]:
        """Return the column of what each ticket adds, or whether it counts."""
        if self.listing.metric is None:
            return ()
        if self.has_sides:
            return (("value", "Counts", "yes_no", False),)
        unit = self.seen.ctx.catalogue.get(self.listing.metric).definition.unit
        return (("value", self.title, VALUE_KINDS[unit], False),) if unit in VALUE_KINDS else ()

    def column(self, key: str, text: str, kind: str, drop: bool) -> Values:
        """Return a column with the link that sorts by it."""
        usual = "-value" if self.listing.metric else "-opened_at"
        usual = clock_list.SORT if self.listing.clocks else usual
        sort = self.listing.page.sort or usual
        down = sort == f"-{key}"
        hours = [row[key] for row in self.listed.rows if kind == "hours" and row[key] is not None]
        longest = clock_list.HOURS if self.listing.clocks else max(hours, default=0.0)
        turned = (
            key
            if down
            else f"-{key}"
            if kind in {"hours", "count", "instant"} or sort == key
            else key
        )
        return {
            "key": key,
            "text": text,
            "kind": kind,
            "unit": axis_unit("hours", longest) if kind == "hours" else None,
            "drop": drop,
            "sort_href": str(self.seen.address.having(sort=turned, offset=None)),
            "sorted": "descending" if down else "ascending" if sort == key else "",
        }

    def chips(self) -> list[Values]:
        """Return the filters that are on, each with the address without it."""
        address, listing = self.seen.address.having(offset=None), self.listing
        chips = []
        if listing.clocks:
            chips += [_chip(*each) for each in clock_list.chips(self.seen, listing)]
        if self.title:
            gone: dict[str, None] = dict.fromkeys(OF_THE_NUMBER)
            period = listing.row["period"] or ALL
            words = self.title if period == ALL else f"{self.title} {when(period)}"
            chips.append(_chip("Behind", words, address.having(**gone, sort=None)))
        for name in [name for name in listing.row if name != "period"]:
            words = named(listing.row[name], name)
            chips.append(_chip(capfirst(plain(name)), words, address.having(by=None, value=None)))
        chips += [self._where_chip(address, text) for text in address.all("where")]
        if listing.part:
            chips.append(_chip("Only", part_words(listing.part), address.having(part=None)))
        if listing.chosen.passed:
            way: dict[str, None] = dict.fromkeys(("steps", "step", "then", "path"))
            chips.append(_chip("Way", listing.chosen.passed.sentence(), address.having(**way)))
        at_large = listing.metric is None or listing.row["period"] == ALL
        if at_large and (address.all("from") or address.all("to")):
            words = str(choosers.dates(self.seen)["words"])
            chips.append(_chip("Days", words, address.having(from_=None, to=None)))
        return chips

    def _where_chip(self, address: Address, text: str) -> Values:
        condition = conditions([text])[0]
        others = [each for each in address.all("where") if each != text]
        return _chip(
            capfirst(plain(condition.column)), _values(condition), address.having(where=others)
        )

    def empty(self) -> Values:
        """Return what to say and which filter to take off where no row is left."""
        if self.listed.rows:
            return {"empty_words": "", "empty_links": []}
        links = []
        for each in self.chips():
            params = parse_qsl(urlsplit(each["remove_href"]).query)
            left = whole(listing_of(params, Page(limit=1)).answer(self.seen.ctx).total)
            words = f"Without {each['label'].lower()} {each['words']} there are {left}"
            links.append(link(words, each["remove_href"]))
        return {"empty_words": "No ticket is left.", "empty_links": links}

    def rows_from(self, offset: int) -> str:
        """Return the address of the list from another row on."""
        return str(self.seen.address.having(offset=max(offset, 0) or None))


def ticket_href(address: Address, row: Mapping[str, Any], place: int) -> str:
    """Return the address of a ticket that knows the list it was found in."""
    source, number = (quote(str(row[name]), safe="") for name in ("source", "ticket_id"))
    came_from = urlencode(address.pairs("offset", "limit", "data_version"), safe="=|:,/")
    return str(address.to(f"/tickets/{source}/{number}", list=came_from or "all", row=str(place)))


def _chip(label: str, words: str, without: Address) -> Values:
    return {"label": label, "words": words, "remove_href": str(without)}


def _values(condition: Condition) -> str:
    return " or ".join(named(value, condition.column) for value in condition.values)


def _csv(ctx: Context, listing: Listing, first: TicketList) -> Iterator[str]:
    """Write the list, page by page."""
    listed, done = first, 0
    names = [name for name in (first.rows[0] if first.rows else ()) if name not in PERSONS]
    suspect = " ".join(first.suspect)
    yield line_text([[*names, *(["suspect"] if suspect else [])]])
    while listed.rows:
        said = [suspect] if suspect else []
        yield line_text([[*(row[name] for name in names), *said] for row in listed.rows])
        done += len(listed.rows)
        if done >= first.total:
            return
        page = Page(done, MOST_ROWS, listing.page.sort)
        listed = replace(listing, page=page).answer(ctx)
