"""What goes with an outcome: words of attributes and pairs of them, and the tickets of each row.

Floor 6.
"""

from collections.abc import Sequence
from math import log

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from opsgauge.analysis.causes.cases import Part
from opsgauge.analysis.causes.influence import Influence
from opsgauge.foundation.errors import TooFewPoints
from opsgauge.foundation.units import percent, whole
from opsgauge.operations.cases_behind import FIRST_PAGE, HITS, cases_behind
from opsgauge.operations.causes import Causes, part_text, parts_words
from opsgauge.operations.drawing.bars import Span, interval_bar, scale_bar
from opsgauge.operations.drawing.words import capfirst, named, plain, plural
from opsgauge.operations.learning import causes_meanwhile
from opsgauge.operations.outcomes import OUTCOMES, SLOW, Asked, offered, outcome_of
from opsgauge.web.caused import OutcomeOf, RowOf
from opsgauge.web.pages import choosers
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.causes_beside import causes_sides
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link, suspect_links
from opsgauge.web.pages.tidy import TidyRoute

router = APIRouter(route_class=TidyRoute)
PAGE, LIST = "/causes", "/causes/tickets"
OUTCOME_WORDS = {
    "breach": "broke a service level",
    "reopen": "were reopened",
    "slow": "were slow",
    "failed": "failed (changes)",
}
MOMENTS = {
    "0": "at the opening",
    "1": "an hour after the opening",
    "4": "4 hours after the opening",
    "24": "a day after the opening",
}
OF_THE_ROW = ("of", "part", "offset")
SCALE = (1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0)  # times as many, beside the dots
MOST_COLUMNS = 4  # of what was known, beside those that the row names


@router.get(PAGE)
def causes_page(seen: ViewOf, asked: OutcomeOf) -> HTMLResponse:
    """Draw what goes with an outcome."""
    outcome = outcome_of(seen.ctx, asked)
    nouns, few = plural(outcome.noun), False
    said = "This takes some seconds, once for each question. The page opens by itself when done."
    try:
        found = causes_meanwhile(seen.ctx, asked)
    except TooFewPoints as lacking:
        found, few = None, True
        said = f"{lacking.message} {lacking.hint}"
    state = [
        *choosers.which_tickets(seen),
        ", opened ",
        choosers.dates(seen),
        ", that ",
        _outcome(seen, asked),
        *_pace(seen, asked),
        ", by what was known ",
        _moment(seen, asked),
        *_also(seen, asked),
    ]
    told: Values = {
        "rows": [],
        "caveats": [],
        "barred": "",
        "scale": "",
        "suspect": [],
        "provenance": None,
    }
    if found is not None:
        said = f"{found.counted()}."
        told = _told(seen, found)
    values = {
        "page": frame(seen, "findings", "What goes with it", state, provenance=told["provenance"]),
        "headline": found.sentence() if found else _nothing_yet(nouns, few),
        "learning": found is None and not few,
        "why": said,
        "crumbs": [link("Findings", seen.address.to("/findings")), link("Causes", "")],
        "sides": causes_sides(seen),
        "nouns": nouns,
        **told,
    }
    return html("causes.html", values)


def _nothing_yet(nouns: str, few: bool) -> str:
    return f"Too few {nouns} to say" if few else f"Comparing {nouns} with those alike"


@router.get(LIST)
def cases_page(seen: ViewOf, asked: OutcomeOf, row: RowOf) -> HTMLResponse:
    """Draw the tickets behind a row, as they were known then."""
    listed = cases_behind(seen.ctx, asked, row.parts, row.which, row.offset)
    shown = len(listed.rows)
    back = Address(PAGE, seen.address.pairs(*OF_THE_ROW))
    first = [each.column for each in row.parts]
    others = [name for name in listed.columns if name not in first]
    columns = [*first, *others[:MOST_COLUMNS]]
    values = {
        "page": frame(seen, "findings", listed.sentence, provenance=listed.provenance),
        "headline": listed.sentence,
        "why": "Each as it was known at the moment asked for, the newest first.",
        "crumbs": [
            link("Findings", seen.address.to("/findings")),
            link("Causes", back),
            link("Tickets", ""),
        ],
        "suspect": suspect_links(seen, listed.suspect),
        "listed": listed,
        "with_outcome": True,
        "columns": [{"key": name, "text": capfirst(plain(name))} for name in columns],
        "hrefs": [
            str(seen.address.to(f"/tickets/{each['source']}/{each['ticket_id']}"))
            for each in listed.rows
        ],
        "first": row.offset + 1 if shown else 0,
        "last": row.offset + shown,
        "previous_href": _from(seen, row.offset - FIRST_PAGE) if row.offset else "",
        "next_href": _from(seen, row.offset + shown) if row.offset + shown < listed.total else "",
    }
    return html("cases.html", values)


def _from(seen: View, offset: int) -> str:
    return str(seen.address.having(offset=offset if offset > 0 else None))


def _told(seen: View, found: Causes) -> Values:
    logs = [log(end) for each in found.found.rows for end in (each.low, each.high)]
    span = Span(min([0.0, *logs]), max([0.1, *logs]), 0.0)
    caveats = list(found.notes)
    if found.as_written:
        caveats.append(
            f"Of {_listed(found.as_written)} only the last value is kept; they come with the "
            "report and seldom change."
        )
    barred = f"Left out, since known only afterwards or often put right: {_listed(found.barred)}."
    return {
        "rows": [_row(seen, each, span) for each in found.found.rows],
        "caveats": caveats,
        "barred": barred if found.barred else "",
        "scale": scale_bar(span, [(log(times), f"{times:g} ×") for times in SCALE]),
        "suspect": suspect_links(seen, found.suspect),
        "provenance": found.provenance,
    }


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(plain, names))


def _row(seen: View, row: Influence, span: Span) -> Values:
    return {
        "words": [{"name": capfirst(plain(name)), "word": named(w, name)} for name, w in row.parts],
        "same": f"Nearly the same tickets: {parts_words(row.same_as)}" if row.same_as else "",
        "within": f"Only together: {parts_words(row.only_with)}" if row.only_with else "",
        "n": link(whole(row.n), _behind(seen, row.parts)),
        "hits": link(whole(row.hits), _behind(seen, row.parts, part=HITS)),
        "share": percent(row.hits / row.n, 0),
        "expected": percent(row.expected, 0),
        "rest": percent(row.rest_hits / row.rest_n, 0),
        "picture": interval_bar(log(row.ratio), log(row.low), log(row.high), span),
        "ratio": f"{row.ratio:.1f}",
        "between": f"{row.low:.1f} to {row.high:.1f}",
        "excess": whole(row.excess),
        "rate": "below 0.1 %" if row.rate < 0.001 else percent(row.rate),
    }


def _behind(seen: View, parts: Sequence[Part], part: str = "") -> Address:
    """Return the list of tickets behind a row."""
    words = tuple(part_text(each) for each in parts)
    return Address(LIST, seen.address.params).having(of=words, part=part or None)


def _outcome(seen: View, asked: Asked) -> Values:
    options = [choosers.choice(name, OUTCOME_WORDS[name]) for name in OUTCOMES]
    now = OUTCOME_WORDS.get(asked.outcome, plain(asked.outcome))
    if asked.outcome not in OUTCOME_WORDS:
        options.append(choosers.choice(asked.outcome, now))
    one = choosers.field("select", "outcome", "Outcome", asked.outcome, options)
    return choosers.chooser(seen, "outcome", now, "Choose the outcome", [one])


def _pace(seen: View, asked: Asked) -> list[str | Values]:
    """Return the chooser of whether tickets of one priority are held against one another alone."""
    if asked.outcome != SLOW:
        return []
    words = {"": "for their priority", "true": "whatever their priority"}
    now = "true" if asked.any_priority else ""
    options = [choosers.choice(value, text) for value, text in words.items()]
    one = choosers.field("select", "any_priority", "Slow", now, options)
    title = "Choose what slow is held against"
    return [" ", choosers.chooser(seen, "any_priority", words[now], title, [one])]


def _moment(seen: View, asked: Asked) -> Values:
    now = f"{asked.hours:g}"
    options = [choosers.choice(hours, words) for hours, words in MOMENTS.items()]
    words = MOMENTS.get(now, f"{now} hours after the opening")
    if now not in MOMENTS:
        options.append(choosers.choice(now, words))
    one = choosers.field("select", "hours", "Known", now, options)
    return choosers.chooser(seen, "moment", words, "Choose what must have been known", [one])


def _also(seen: View, asked: Asked) -> list[str | Values]:
    columns = offered(asked.outcome == "failed")
    options = [choosers.choice(name, plain(name)) for name in columns]
    now = next(iter(asked.also), "")
    none = choosers.choice("", "nothing more")
    one = choosers.field(
        "select",
        "also",
        "And, as last written (it may have been written after)",
        now,
        [none, *options],
    )
    words = _listed(asked.also) if asked.also else "nothing more"
    return [", and ", choosers.chooser(seen, "also", words, "Add what is known less surely", [one])]
