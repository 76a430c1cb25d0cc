"""Contexts of the page templates about conformance.

As `page_contexts.py`: the contract of the templates' opening comments, with one hostile text.
"""

from typing import Any

from opsgauge.operations.drawing.bars import Span, interval_bar, scale_bar
from opsgauge.operations.drawing.sparkline import Trend, sparkline
from opsgauge.operations.drawing.words import Said

Values = dict[str, Any]


def _link(text: str) -> Values:
    return {"text": text, "href": f"/{text}"}


def _parts(text: str) -> list[Values]:
    return [{**_link(text), "current": False}, {**_link("Rules"), "current": True}]


def _number(text: str) -> Values:
    return {**_link(text), "n": 2, "words": text}


def conformance(text: str) -> Values:
    """Return what conformance.html asks for: a rule that is broken, and one that is withheld."""
    plain = ("name", "title", "says", "why", "owner", "file", "share", "between", "evidence_href")
    numbers = ("broken", "judged", "excepted", "broken_open", "unknown", "pending")
    outcomes = ("broken", "broken_open", "excepted", "unknown")
    row = {
        **dict.fromkeys(plain, text),
        **{name: _number(text) for name in numbers},
        "name": "one",
        "said": Said("concern", text),
        "why_not": "",
        "bar": interval_bar(0.1, 0.05, 0.2, Span(0.0, 0.3)),
        "causes": [{"words": text, **_link(text), "outcome": each} for each in outcomes],
        "idle": 1,
        "notes": [text],
    }
    none = {"text": "0", "n": 0, "href": "", "words": text}
    held = {**row, "name": "two", "why_not": text, "idle": 2, "owner": "", "why": ""}
    kept = {**row, "name": "three", **dict.fromkeys(numbers, none), "causes": [], "idle": 0}
    return {
        "parts": _parts(text),
        "suspect": [_link(text)],
        "rows": [row, held, kept],
        "scale": scale_bar(Span(0.0, 1.0), [(0.0, "0"), (1.0, text)]),
        "evidence_href": f"/{text}",
        "folder": "rules",
    }


def no_rules(text: str) -> Values:
    """Return what conformance.html asks for where no rule is written."""
    return {**conformance(text), "rows": [], "suspect": [], "evidence_href": ""}


def tickets(text: str) -> Values:
    """Return what conformance_tickets.html asks for."""
    cells = [{"text": text, "drop": drop} for drop in (False, True)]
    return {
        "suspect": [_link(text)],
        "heads": cells,
        "rows": [{"number": text, "href": f"/{text}", "cells": cells}],
        "total": 300,
        "first": 101,
        "last": 200,
        "previous_href": f"/{text}",
        "next_href": f"/{text}",
    }


def exceptions(text: str) -> Values:
    """Return what conformance_exceptions.html asks for: of each kind of period one."""
    numbers = dict.fromkeys(("judged", "broken", "excepted"), _link(text))
    plain = dict.fromkeys(("period", "undecided", "share", "between"), text)
    row = {**numbers, **plain, "suppressed": False, "said": Said("concern", text), "whole": True}
    rows = [row, {**row, "said": None, "whole": False}, {**row, "suppressed": True}]
    one = {
        **dict.fromkeys(("name", "title", "sentence", "why"), text),
        "picture": sparkline(Trend((0.1, 0.2, 0.4), (0.0, 0.3), ("", "", "worse")), text),
        "rows": rows,
        "more": 3,
    }
    return {
        "parts": _parts(text),
        "suspect": [_link(text)],
        "series": [one, {**one, "rows": [], "why": "", "picture": "", "more": 0}],
        "notes": [text],
        "rows_shown": 12,
    }


def times(text: str) -> Values:
    """Return what conformance_times.html asks for."""
    names = ("from_", "to", "median", "usual", "share", "between", "over")
    row = {**dict.fromkeys(names, text), **dict.fromkeys(("n", "late", "early"), _link(text))}
    return {
        "parts": _parts(text),
        "suspect": [_link(text)],
        "rows": [row, {**row, "usual": ""}],
        "more": 3,
    }


def model(text: str) -> Values:
    """Return what conformance_model.html asks for."""
    step = {"step": text, "tickets": text, "near": text}
    departure = {"step": text, "how": text, "n": _link(text)}
    places = ((True, "both"), (True, "only in the model"), (False, "only in reality"))
    return {
        "parts": _parts(text),
        "suspect": [_link(text)],
        "facts": {
            **dict.fromkeys(("fitness", "precision", "steps"), text),
            **dict.fromkeys(("fitting", "departing"), _link(text)),
        },
        "departures": [{**departure, "share": text, "between": text}],
        "more": 2,
        "beside": [{**step, "written": written, "where": where} for written, where in places],
        "habits": [{**departure, "said": Said("concern", text), "ends": [text, text]}],
        "notes": [text],
        "folder": "models",
        "has_models": False,
        "written": True,
    }


def bare_model(text: str) -> Values:
    """Return what conformance_model.html asks for where nothing was replayed."""
    facts = {**model(text)["facts"], "fitness": "", "precision": ""}
    names = ("departures", "beside", "habits", "notes", "suspect")
    empty: Values = {name: [] for name in names}
    return {**model(text), **empty, "facts": facts, "more": 0, "has_models": True, "written": False}


PAGES = {
    "conformance": ("conformance.html", conformance),
    "conformance_none": ("conformance.html", no_rules),
    "conformance_exceptions": ("conformance_exceptions.html", exceptions),
    "conformance_tickets": ("conformance_tickets.html", tickets),
    "conformance_times": ("conformance_times.html", times),
    "conformance_times_none": (
        "conformance_times.html",
        lambda text: {**times(text), "rows": [], "more": 0},
    ),
    "conformance_model": ("conformance_model.html", model),
    "conformance_model_none": ("conformance_model.html", bare_model),
}
