"""Contexts of the page templates about findings, causes, objects and early signs.

As `page_contexts.py`: the contract of the templates' opening comments, with one hostile text.
"""

from datetime import UTC, datetime
from typing import Any

from opsgauge.foundation.finding import Lane
from opsgauge.operations.cases_behind import CaseList
from opsgauge.operations.drawing import bars
from opsgauge.operations.drawing.stacked import stacked
from opsgauge.operations.drawing.words import Said
from tests.operations.drawing.note_contexts import saved_rows
from tests.operations.drawing.samples import PROVENANCE

SEEN = datetime(2016, 5, 30, 7, tzinfo=UTC)
Values = dict[str, Any]
TONES = ("concern", "improve", "steady", "held")


def _link(text: str) -> Values:
    return {"text": text, "href": f"/{text}"}


def _texts(text: str, *names: str) -> Values:
    return dict.fromkeys(names, text)


def _beside(text: str) -> Values:
    """Return what all pages about causes are given: ways between them, and failed checks."""
    sides = [{**_link(text), "current": now} for now in (True, False)]
    return {"sides": sides, "suspect": [_link(text)]}


def causes(text: str) -> Values:
    """Return what causes.html asks for: a word alone, and two that are told only together."""
    span = bars.Span(-1.0, 1.0, 0.0)
    row = {
        **_texts(text, "share", "expected", "rest", "ratio", "between", "excess", "rate"),
        "words": [{"name": text, "word": text}],
        "same": text,
        "within": "",
        "n": _link(text),
        "hits": _link(text),
        "picture": bars.interval_bar(0.3, 0.1, 0.5, span),
    }
    both = {**row, "words": row["words"] * 2, "same": "", "within": text}
    return _beside(text) | {
        "learning": False,
        "nouns": text,
        "rows": [row, both],
        "scale": bars.scale_bar(span, [(0.0, "1"), (1.0, text)]),
        "caveats": [text],
        "barred": text,
    }


def no_causes(text: str) -> Values:
    """Return what causes.html is given where there are too few tickets to say."""
    none: Values = {"rows": [], "caveats": [], "barred": "", "suspect": []}
    return causes(text) | none


def cause_kinds(text: str) -> Values:
    """Return what cause_kinds.html asks for, a kind in each state, and one without its number."""
    row = {**_texts(text, "kind", "evidence", "lost"), "n": _link(text)}
    rows = [{**row, "said": Said(tone, text)} for tone in TONES]
    silent = {**row, "said": Said("held", text), "n": None, "lost": ""}
    nobody = {**silent, "n": {"text": text, "href": ""}}
    return _beside(text) | {"rows": [*rows, silent, nobody], "notes": [text]}


def recurring(text: str) -> Values:
    """Return what recurring.html asks for: trouble that comes more often, and usual trouble."""
    row = {
        **_texts(text, "words", "expected", "hours", "place"),
        "said": Said("concern", text),
        "n": _link(text),
        "recent": _link(text),
        "bar": stacked([("wait", 0.2, text), ("work", 0.5, text), ("hold", 0.3, text)]),
    }
    usual = {**row, "said": None, "recent": {"text": "0", "href": ""}, "bar": "", "place": ""}
    return _beside(text) | {"days": 28, "rows": [row, usual], "notes": [text]}


def no_recurring(text: str) -> Values:
    """Return what recurring.html is given where no trouble comes again."""
    return recurring(text) | {"rows": []}


def pareto(text: str) -> Values:
    """Return what pareto.html asks for: one of the few, one beyond, by hours."""
    row = {
        **_texts(text, "group", "value", "share", "so_far", "stays"),
        "n": _link(text),
        "bar": bars.bar(1000, "work"),
        "vital": True,
    }
    beyond = {**row, "n": {"text": text, "href": ""}, "bar": bars.bar(20), "vital": False}
    return _beside(text) | {
        "by": text,
        "of": text,
        "counts": False,
        "rows": [row, beyond],
        "more": 3,
        "notes": [text],
    }


def pareto_counted(text: str) -> Values:
    """Return what pareto.html is given where tickets are counted and all groups are shown."""
    return pareto(text) | {"counts": True, "more": 0}


def no_pareto(text: str) -> Values:
    """Return what pareto.html is given where there is nothing to share out."""
    return pareto(text) | {"rows": [], "more": 0}


def words(text: str) -> Values:
    """Return what words.html asks for: words of lately and of a group."""
    row = {**_texts(text, "word", "share", "others", "odds"), "n": _link(text)}
    groups = [{"title": text, "rows": [row, row]}, {"title": text, "rows": [row]}]
    return _beside(text) | {"groups": groups, "notes": [text]}


def no_words(text: str) -> Values:
    """Return what words.html is given where no ticket has a description."""
    return words(text) | {"groups": [], "notes": (), "suspect": []}


def cases(text: str) -> Values:
    """Return what cases.html asks for: a ticket with the outcome, one without it and unknown."""
    row = {"source": text, "ticket_id": text, "opened_at": SEEN, "outcome": True, text: text}
    other = {**row, "outcome": False, text: None}
    return {
        "suspect": [_link(text)],
        "listed": CaseList(text, 5, (text,), (row, other), 1, PROVENANCE),
        "with_outcome": True,
        "columns": [{"key": text, "text": text}, {"key": "source", "text": text}],
        "hrefs": [f"/{text}", f"/{text}"],
        "first": 2,
        "last": 3,
        "previous_href": f"/{text}",
        "next_href": f"/{text}",
    }


def cases_marked(text: str) -> Values:
    """Return what cases.html is given where no outcome is told and no column."""
    none: Values = {"with_outcome": False, "columns": [], "previous_href": "", "next_href": ""}
    return cases(text) | none


def no_cases(text: str) -> Values:
    """Return what cases.html is given where no row is left."""
    listed = CaseList(text, 0, (text,), (), 0, PROVENANCE)
    return cases_marked(text) | {"listed": listed, "hrefs": [], "first": 0, "last": 0}


def findings(text: str) -> Values:
    """Return what findings.html asks for: a lane with two findings, and three calm ones."""
    row = {
        **_texts(text, "id", "claim", "look_next", "method"),
        "facts": [(text, text), (text, text)],
        "links": [_link(text), _link(text)],
        "also": (text,),
        "caveats": (text,),
    }
    rows = [row, {**row, "id": "plain", "also": (), "caveats": (text,)}]
    bare = {**row, "id": "bare", "also": (), "caveats": ()}
    time, *others = Lane
    lane = {"title": text, "words": text}
    return {
        "suspect": [_link(text)],
        "first": {**row, "reason": text},
        "lanes": [
            {**lane, "id": str(time), "rows": [*rows, bare]},
            *[{**lane, "id": f"{each}-{text}", "rows": []} for each in others],
        ],
        "notes": [text],
        "saved": saved_rows(text),
        "described_href": f"/{text}",
    }


def no_findings(text: str) -> Values:
    """Return what findings.html is given where nothing stands out."""
    calm = [{"id": str(lane), "title": text, "words": text, "rows": []} for lane in Lane]
    return findings(text) | {"first": None, "lanes": calm, "saved": []}


def descriptions(text: str) -> Values:
    """Return what descriptions.html asks for: two kinds, with hours and without."""
    row = {
        **_texts(text, "claim", "threshold", "money"),
        "tickets": 3,
        "hours": 4.0,
        "links": [_link(text)],
    }
    bare = {**row, "hours": None, "links": []}
    return {
        "suspect": [_link(text)],
        "priced": True,
        "kinds": [
            {"id": text, "title": text, "rows": [row, bare]},
            {"id": "other", "title": text, "rows": [row]},
        ],
        "notes": [text],
    }


def no_descriptions(text: str) -> Values:
    """Return what descriptions.html is given where nothing lies beyond a threshold."""
    return descriptions(text) | {"kinds": [], "priced": False}


def objects(text: str) -> Values:
    """Return what objects.html asks for: a step with its times, one without."""
    time = _texts(text, "words", "median", "p90", "n", "begun", "reversed")
    tie = _texts(text, "from_type", "kind", "to_type", "ties", "records", "targets")
    stage = _texts(text, "words", "n")
    return {
        "suspect": [_link(text)],
        "stages": [stage, stage],
        "times": [time, {**time, "median": "", "p90": "", "reversed": ""}],
        "ties": [tie],
        "caveat": text,
        "downloads": [{**_link(text), "words": text}],
    }


def no_objects(text: str) -> Values:
    """Return what objects.html is given where no record names another and no ticket is left."""
    return objects(text) | {"ties": [], "downloads": []}


def early_signs(text: str) -> Values:
    """Return what early_signs.html asks for, a pair in each state."""
    row = {
        **_texts(text, "levels", "words", "correlation", "n"),
        "metric": _link(text),
        "leads": _link(text),
    }
    rows = [{**row, "said": Said(tone, text)} for tone in TONES]
    untold = {**row, "said": Said("held", text), "correlation": "", "n": ""}
    return {"rows": [*rows, untold], "suspect": [_link(text)]}


def no_early_signs(text: str) -> Values:
    """Return what early_signs.html is given where the catalogue says of no metric what it leads."""
    return early_signs(text) | {"rows": [], "suspect": []}


FINDINGS = {
    "causes": ("causes.html", causes),
    "causes_none": ("causes.html", no_causes),
    "cause_kinds": ("cause_kinds.html", cause_kinds),
    "recurring": ("recurring.html", recurring),
    "recurring_none": ("recurring.html", no_recurring),
    "pareto": ("pareto.html", pareto),
    "pareto_counted": ("pareto.html", pareto_counted),
    "pareto_none": ("pareto.html", no_pareto),
    "words": ("words.html", words),
    "words_none": ("words.html", no_words),
    "cases": ("cases.html", cases),
    "cases_marked": ("cases.html", cases_marked),
    "cases_none": ("cases.html", no_cases),
    "findings": ("findings.html", findings),
    "findings_none": ("findings.html", no_findings),
    "descriptions": ("descriptions.html", descriptions),
    "descriptions_none": ("descriptions.html", no_descriptions),
    "objects": ("objects.html", objects),
    "objects_none": ("objects.html", no_objects),
    "early_signs": ("early_signs.html", early_signs),
    "early_signs_none": ("early_signs.html", no_early_signs),
}
