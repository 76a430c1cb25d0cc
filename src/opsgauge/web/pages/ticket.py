"""One ticket: as it stands, who held it when, where its time went, every change.

Floor 6.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from opsgauge.foundation.errors import OpsgaugeError
from opsgauge.foundation.units import whole
from opsgauge.log.related import CONTACTS
from opsgauge.operations.changes_before import changes_before
from opsgauge.operations.drawing.bars import bar
from opsgauge.operations.drawing.beside_lines import lines
from opsgauge.operations.drawing.ticket_changes import changes
from opsgauge.operations.drawing.ticket_parts import (
    PartRow,
    clock_bar,
    clock_labels,
    part_rows,
    whole_clock,
)
from opsgauge.operations.drawing.timeline import NARROW, WIDE, timeline
from opsgauge.operations.drawing.words import at, counted, elapsed, plain
from opsgauge.operations.lists import Page
from opsgauge.operations.outages import outage_times
from opsgauge.operations.ticket import ticket
from opsgauge.operations.ticket_story import TicketStory
from opsgauge.web.asked import listing_of
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link
from opsgauge.web.pages.posting import Sent
from opsgauge.web.pages.ticket_changes import changes_section
from opsgauge.web.pages.ticket_outage import outage_section
from opsgauge.web.pages.tickets import ticket_href
from opsgauge.web.pages.tidy import TidyRoute

BY_PROGRAM = "first_automatic_response_at"
NOTABLE = 200  # per mille of its life from which a wait stands in the sentence
KINDS = {"wait": "waiting in queues", "hold": "paused", "work": "worked on", "done": "done"}
TIMES = {1: "once", 2: "twice"}
LINK_WORDS = {"used_article": "used the article", "related_to": "related to"}
router = APIRouter(route_class=TidyRoute)


@router.get("/tickets/{source}/{ticket_id:path}")
def ticket_page(
    source: str,
    ticket_id: str,
    seen: ViewOf,
    came_from: Annotated[str, Query(alias="list")] = "",
    row: Annotated[int, Query(ge=0)] = 0,
    hours: Annotated[float | None, Query()] = None,
) -> HTMLResponse:
    """Draw a ticket's page.

    Parameters
    ----------
    came_from : the parameters of the list one came from, "all" for the list without any
    row : the ticket's place in it, from 0
    hours : how long before it to look for changes
    """
    neighbours = Neighbours.of(seen, came_from, row, ticket_id)
    values = _whole(seen, source, ticket_id, neighbours, hours)
    return html("ticket.html", values)


def drawn(seen: View, source: str, ticket_id: str, typed: Values, sent: Sent) -> HTMLResponse:
    """Draw a ticket's page again, with what was typed of its outage and what is wrong with it."""
    values = _whole(seen, source, ticket_id, Neighbours(), None, (typed, sent.fault))
    return html("ticket.html", values, sent.status)


@dataclass(frozen=True)
class Neighbours:
    """The list one came from, and the tickets before and after this one."""

    crumb: Values | None = None
    previous: Values | None = None
    next: Values | None = None

    @classmethod
    def of(cls, seen: View, came_from: str, row: int, ticket_id: str) -> "Neighbours":
        """Ask for the rows around this one; a list that cannot be asked for is none."""
        if not came_from:
            return cls()
        params = () if came_from == "all" else tuple(parse_qsl(came_from))
        first = max(row - 1, 0)
        try:
            listing = listing_of(params, Page(first, row - first + 2))
            listed = listing.answer(seen.ctx)
        except OpsgaugeError:
            return cls()
        rows = {first + place: each for place, each in enumerate(listed.rows)}
        if rows.get(row, {}).get("ticket_id") != ticket_id:
            return cls()
        here = seen.address.to("/tickets")
        full = Address("/tickets", (*params, *here.params))
        noun = listing.clocks.noun if listing.clocks else seen.noun
        offset = row - row % 50 or None
        crumb = link(counted(listed.total, noun), full.having(offset=offset))
        return cls(
            crumb, *(_neighbour(full, rows.get(place), place) for place in (row - 1, row + 1))
        )


def _neighbour(address: Address, row: Mapping[str, Any] | None, place: int) -> Values | None:
    if row is None:
        return None
    return link(str(row["ticket_id"]), ticket_href(address, row, place))


def _values(seen: View, story: TicketStory, near: Neighbours) -> Values:
    """Return what `ticket.html` asks for."""
    number = str(story.ticket["ticket_id"])
    parts = part_rows(story.parts)
    state = [f"Ticket {number} of {story.ticket['source']}, elapsed time"]
    lasting = bool(story.intervals)
    return {
        "page": frame(
            seen, "tickets", number, state, provenance=story.provenance, json_href=_twin(seen)
        ),
        "headline": headline(story),
        "why": _why(story),
        "crumbs": [each for each in (near.crumb, link(number, "")) if each],
        "story": story,
        "facts": _facts(story),
        "timelines": [timeline(story, WIDE), timeline(story, NARROW)] if lasting else [],
        "parts": parts,
        "whole_clock": whole_clock(parts),
        "bar": clock_bar(parts),
        "bar_labels": clock_labels(parts),
        "parts_title": parts_title(parts),
        "changes": changes(story),
        "cell_bar": bar,
        "beside": lines(story.beside, story.provenance.zone),
        "spoken_before": spoken_before(story),
        "links": [
            {
                "words": LINK_WORDS.get(str(tie["kind"]), plain(str(tie["kind"]))),
                "text": tie["to_id"],
                "href": "",
            }
            for tie in story.links
        ],
        "previous": near.previous,
        "next": near.next,
    }


def _whole(
    seen: View,
    source: str,
    ticket_id: str,
    near: Neighbours,
    hours: float | None,
    outage: tuple[Values, str] = ({}, ""),
) -> Values:
    """Return all that the page holds.

    Parameters
    ----------
    outage : what was typed of its outage, and what is wrong with it
    """
    story = ticket(seen.ctx, ticket_id, source)
    before = changes_before(seen.ctx, ticket_id, source, hours)
    times = outage_times(seen.ctx, ticket_id, source)
    return {
        **_values(seen, story, near),
        **changes_section(seen, before),
        "outage": outage_section(seen, story.ticket, times, *outage),
    }


def _twin(seen: View) -> str:
    return str(seen.address.having(list=None, row=None).twin())


def _sums(story: TicketStory) -> dict[str, int]:
    """Return how long it waited, was paused, was worked on and was done, in microseconds."""
    sums = dict.fromkeys(KINDS, 0)
    for part in story.parts:
        sums[part.kind] += part.us
    return sums


def headline(story: TicketStory) -> str:
    """Return the page's sentence: how long, and what most of it was."""
    sums = _sums(story)
    lived = sums["wait"] + sums["hold"] + sums["work"]
    length = elapsed(lived)
    start = f"Open for {length}" if story.ticket["open"] else f"Was open for {length}"
    if not lived:
        return start
    if sums["wait"] == lived:
        return f"{start}, and nobody’s name was ever on it"
    if sums["wait"] * 1000 >= lived * NOTABLE:
        return f"{start}, and for {_of_them(sums['wait'], lived)} nobody’s name was on it"
    if sums["hold"] * 1000 >= lived * NOTABLE:
        return f"{start}, {_of_them(sums['hold'], lived)} paused"
    return f"{start}, with somebody’s name on it nearly all the time"


def _of_them(part: int, whole_us: int) -> str:
    """Return how long a part of a time was, by what it lacks where both are written alike."""
    if part < whole_us and elapsed(part) == elapsed(whole_us):
        return f"all but {elapsed(whole_us - part)} of them"
    return f"{elapsed(part)} of them" if part < whole_us else "all of them"


def _why(story: TicketStory) -> str:
    """Return what happened to it and how it stands."""
    row = story.ticket
    happened = []
    if row["handoff_count"]:
        happened.append(f"changed team {_times(row['handoff_count'])}")
    if row["reopen_count"]:
        happened.append(f"was reopened {_times(row['reopen_count'])}")
    where = f" with {row['team']}" if row["team"] else ""
    happened.append(f"is now {_state(row).lower()}{where}")
    said = ", ".join(happened[:-1])
    return f"{row['ticket_id']} {f'{said} and ' if said else ''}{happened[-1]}."


def _times(count: int) -> str:
    return TIMES.get(count, f"{whole(count)} times")


def _state(row: Mapping[str, Any]) -> str:
    return str(row["original_status"] or plain(row["phase"] or "unknown"))


def _facts(story: TicketStory) -> list[Values]:
    """Return the strip of facts; what the records do not hold is left out."""
    row, zone = story.ticket, story.provenance.zone
    waiting = row["open"] and not row["assignee"]
    category = ", ".join(str(row[name]) for name in ("category", "subcategory") if row[name])
    facts = [
        _fact("State", _state(row), "concern" if waiting else ""),
        _fact("Priority", row["priority"]),
        _fact("Category", category),
        _fact("Service", row["service"]),
        _fact("Opened", at(row["opened_at"], zone)),
        *_answers(row, zone),
        _fact("Resolved", at(row["resolved_at"], zone) if row["resolved_at"] else None),
        _fact("Handovers", _count(row["handoff_count"])),
        _fact("Reopened", _count(row["reopen_count"])),
        _fact("Named now", row["assignee"] or "nobody"),
    ]
    return [each for each in facts if each["words"]]


def _answers(row: Mapping[str, Any], zone: str) -> list[Values]:
    """Return when it was answered first, and by whom where the records tell it."""
    by_person, by_program = (row[name] for name in ("first_human_response_at", BY_PROGRAM))
    answered = row["first_response_at"]
    return [
        _fact("Program answered", at(by_program, zone) if by_program else None),
        _fact("Person answered", at(by_person, zone) if by_person else None),
        _fact(
            "Answered", at(answered, zone) if answered and not (by_person or by_program) else None
        ),
    ]


def spoken_before(story: TicketStory) -> bool:
    """Say whether somebody spoke with a person before an update of the ticket answered."""
    answered = story.ticket["first_human_response_at"] or story.ticket["first_response_at"]
    spoken = [each.record["answered_at"] for each in story.beside if each.table == CONTACTS.name]
    return any(at and (answered is None or at < answered) for at in spoken)


def _fact(label: str, words: Any, tone: str = "") -> Values:
    return {"label": label, "words": words, "tone": tone, "href": ""}


def _count(number: int | None) -> str | None:
    return None if number is None else whole(number) if number else "never"


def parts_title(parts: Sequence[PartRow]) -> str:
    """Return where its hours went, the largest kind first; shares add up those of the table."""
    shares = dict.fromkeys([row.kind for row in parts if row.us], 0)
    for row in parts:
        shares[row.kind] = shares.get(row.kind, 0) + row.per_mille
    ranked = sorted(shares.items(), key=lambda pair: -pair[1])
    said = ", ".join(f"{_percent(share)} {KINDS[kind]}" for kind, share in ranked)
    hours = round(sum(row.us for row in parts) / 3_600_000_000)
    return f"Where {counted(hours, 'hour')} went: {said}" if ranked else "No time has passed"


def _percent(per_mille: int) -> str:
    return f"{per_mille / 10:.1f}\u202f%" if per_mille else "under 0.1\u202f%"
