"""Contexts of the page templates about waiting, handoffs and paths.

As `page_contexts.py`: the contract of the templates' opening comments, with one hostile text.
"""

from typing import Any

from opsgauge.operations.drawing import bars, sparkline
from opsgauge.operations.drawing.event_marks import Mark, Marks
from opsgauge.operations.drawing.words import Said

Values = dict[str, Any]
BAR = bars.bar(500)


def _link(text: str) -> Values:
    return {"text": text, "href": f"/{text}"}


def _texts(text: str, *names: str) -> Values:
    return dict.fromkeys(names, text)


def _spark(text: str) -> Any:
    return sparkline.sparkline(sparkline.Trend((1.0, 2.0)), text)


def _common(text: str) -> Values:
    return {"suspect": [_link(text)], "notes": [text]}


def waiting(text: str) -> Values:
    """Return what waiting.html asks for."""
    step = _texts(
        text,
        "name",
        "won",
        "between",
        "money",
        "money_between",
        "cases",
        "mean",
        "median",
        "achievable",
        "running",
    )
    step |= {"links": [{**_link(text), "took": text}]}
    queue = _texts(text, "name", "now", "mean", "came", "went", "median", "oldest", "beyond")
    team = _texts(text, "name", "tickets", "share", "throughput", "cycle", "gap")
    flow = {
        **_texts(text, "sentence", "days", "law"),
        "rows": [{**team, "whole": True, "spark": _spark(text), "said": Said("concern", text)}],
        "more": 1,
        "conditions": [{"name": text, "said": Said("held", text), "words": text}],
    }
    return _common(text) | {
        "steps": [{**step, "touch": True, "bar": BAR}],
        "more_steps": 1,
        "percentile": text,
        "priced": True,
        "queues": [{**queue, "spark": _spark(text), "whole": False}],
        "flow_picture": _spark(text),
        "marks": Marks((Mark(1, text, text, (text,), text, text),), {text: 3}),
        "queue_sentence": text,
        "more_queues": 1,
        "grain": text,
        "pace": text,
        "flow": flow,
        "why_href": f"/{text}",
        "handoffs_href": f"/{text}",
    }


def why_waiting(text: str) -> Values:
    """Return what why_waiting.html asks for."""
    cause = {**_texts(text, "name", "words", "hours", "share"), "bar": BAR}
    apart = {"name": text, "hours": text, "shares": [text]}
    stage = {**_texts(text, "name", "words", "broke", "lost", "so_far", "hours"), "bar": BAR}
    fault = _texts(text, "words", "tickets", "share", "hours", "between", "compared")
    kind = _texts(text, "name", "why", "tickets", "hours", "work", "wait", "usual", "text")
    return _common(text) | {
        "causes": {
            **_texts(text, "sentence", "total", "of"),
            "rows": [cause],
            "names": [text],
            "caveats": [text],
        },
        "apart": [{"title": text, "words": text, "rows": [apart, apart]}],
        "stages": {**_texts(text, "sentence", "how", "delayed", "nowhere"), "rows": [stage]},
        "intake": {**_texts(text, "sentence", "unused", "messages"), "rows": [fault]},
        "automation": {
            **_texts(text, "sentence", "notes"),
            "more": 1,
            "rows": [{**kind, "said": Said("concern", text)}],
        },
    }


def handoffs(text: str) -> Values:
    """Return what handoffs.html asks for."""
    way = {**_texts(text, "from", "to", "handoffs", "back", "idle", "held"), "bar": BAR}
    team = _texts(text, "came", "went", "sent_back", "got_back", "idle", "between", "role")
    names = ("handoffs", "tickets", "median", "between", "kept", "kept_between", "reopened")
    gap = _texts(text, "without", "with", "more", "between")
    return _common(text) | {
        "matrix": {
            "teams": [text, "B"],
            "rows": [{"team": text, "cells": [{"text": text, "shade": 4}]}],
            "all": 3,
        },
        "ways": [way],
        "more_ways": 1,
        "teams": [{**team, "team": _link(text)}],
        "star": {"team": text, "into": [{**way, "other": text}], "out": []},
        "pairs": [_texts(text, "teams", "returns", "handoffs", "share")],
        "outcomes": [_texts(text, *names)],
        "completeness": [_texts(text, "filled", "handoffs", "idle", "back")] * 2,
        "lacks": [{**_texts(text, "name", "there", "compared"), "idle": gap, "back": gap}],
        "parts": text,
        "lacking": text,
        "noted": text,
        "all_known": text,
    }


def paths(text: str) -> Values:
    """Return what paths.html asks for."""
    names = ("count", "covered", "median", "between", "kept", "reopened", "satisfied", "longer")
    row = {
        **_texts(text, *names),
        "number": 1,
        "path": (text, None),
        "href": f"/{text}",
        "happy": True,
        "bar": BAR,
        "answers": 1,
        "extra_of": 1,
        "cost": text,
        "cost_each": text,
        "work": text,
        "extra": [text],
    }
    words = ("name", "tickets", "index", "on", "path", "paths", "effective", "spread", "trend")
    process = {**_texts(text, *words, "goes_with"), "spark": _spark(text)}
    return _common(text) | {
        "rows": [row],
        "marks": {text: text, None: "M"},
        "name": lambda step: step or "Missing",
        "waited": True,
        "worked": True,
        "standard_sentence": text,
        "process": text,
        "processes": [process],
        "teams": {
            "process": text,
            "rows": [{**_texts(text, "team", "tickets", "on"), "bar": BAR}],
            "more": 1,
        },
    }


WAITING = {
    "waiting": ("waiting.html", waiting),
    "why_waiting": ("why_waiting.html", why_waiting),
    "handoffs": ("handoffs.html", handoffs),
    "paths": ("paths.html", paths),
}
