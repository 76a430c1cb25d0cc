"""What the pages about conformance share: their way to each other, and lists of tickets.

Floor 6.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from opsgauge.foundation.units import duration, percent
from opsgauge.operations.answers import TicketList
from opsgauge.operations.drawing.words import at_brief
from opsgauge.operations.lists import Page
from opsgauge.web.pages import choosers
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.frame import Values, View, frame, link, option, suspect_links

KEPT = ("where", "from", "to", "data_version", "known_at")
HOW = ("model", "by", "share", "k")  # how tickets are looked at, kept on the way back from a list
LIST_PAGE = "conformance_tickets.html"
PARTS = (
    ("/conformance", "Rules"),
    ("/conformance/exceptions", "Exceptions over time"),
    ("/conformance/model", "Model"),
    ("/conformance/times", "Times"),
)
Columns = Sequence[tuple[str, str, bool]]  # key of a row, words, whether a phone leaves it out


def kept_address(seen: View, path: str, **params: str) -> str:
    """Return an address about the same choice of tickets."""
    kept = tuple(pair for pair in seen.address.params if pair[0] in KEPT)
    return str(Address(path, (*kept, *params.items())))


def parts_of(seen: View, now: str) -> list[Values]:
    """Return the pages about conformance, the one that is open marked."""
    return [option(text, kept_address(seen, path), path == now) for path, text in PARTS]


def between(ends: tuple[float | None, float | None]) -> str:
    """Return an interval of a share in words, "" where there is none."""
    low, high = ends
    return "" if low is None or high is None else f"{percent(low)} to {percent(high)}"


def which_tickets(seen: View) -> list[Any]:
    """Return the state line: of which tickets a page tells."""
    return [
        "Tickets of ",
        choosers.team(seen),
        " with ",
        choosers.other_filters(seen),
        ", opened ",
        choosers.dates(seen),
    ]


def list_values(
    seen: View, listed: TicketList, columns: Columns, page: Page, about: tuple[str, str]
) -> Values:
    """Return what `conformance_tickets.html` asks for.

    Parameters
    ----------
    about : the page that leads here, and the line behind the headline
    """
    shown, offset = len(listed.rows), page.offset
    place, why = about
    back = Address(place, tuple(pair for pair in seen.address.params if pair[0] in (*KEPT, *HOW)))
    further = offset + shown < listed.total
    return {
        "page": frame(seen, "map", listed.sentence, provenance=listed.provenance),
        "headline": listed.sentence,
        "why": why,
        "crumbs": [link("Conformance", back), link("Tickets", "")],
        "suspect": suspect_links(seen, listed.suspect),
        "total": listed.total,
        "heads": [{"text": words, "drop": drop} for _, words, drop in columns],
        "rows": [_row(seen, row, columns, listed.provenance.zone) for row in listed.rows],
        "first": offset + 1 if shown else 0,
        "last": offset + shown,
        "previous_href": _from(seen, offset - page.limit) if offset else "",
        "next_href": _from(seen, offset + shown) if further else "",
    }


def _from(seen: View, offset: int) -> str:
    return str(seen.address.having(offset=offset if offset > 0 else None))


def _row(seen: View, row: Mapping[str, Any], columns: Columns, zone: str) -> Values:
    return {
        "number": row["ticket_id"],
        "href": str(seen.address.to(f"/tickets/{row['source']}/{row['ticket_id']}")),
        "cells": [
            {"text": _cell(key, row.get(key), zone), "drop": drop} for key, _, drop in columns
        ],
    }


def _cell(key: str, value: Any, zone: str) -> str:
    if isinstance(value, datetime):
        return str(at_brief(value, zone))
    if key.endswith("_hours") and value is not None:
        return duration(value)
    return "" if value is None else str(value)
