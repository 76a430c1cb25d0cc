"""Contexts of the page templates about notes on maps and saved filters.

As `page_contexts.py`: the contract of the templates' opening comments, with one hostile text.
"""

from typing import Any

Values = dict[str, Any]


def _texts(text: str, *names: str) -> Values:
    return dict.fromkeys(names, text)


def _note(text: str, number: int) -> Values:
    return {"number": number, **_texts(text, "place", "where", "words", "by", "changed")}


def pinned(text: str) -> Values:
    """Return what parts/map_notes.html takes."""
    bare = {**_note(text, 2), "where": "", "changed": ""}
    return {
        "rows": [_note(text, 1), bare],
        "withheld": text,
        "href": f"/{text}",
        "pin": text,
    }


def map_notes(text: str) -> Values:
    """Return what map_notes.html asks for: a note of one's own, and one of somebody else."""
    forms = {"typed": f"{text}.", "change_href": f"/{text}", "remove_href": f"/{text}"}
    return {
        "rows": [
            {**_note(text, 1), **forms, "mine": True},
            {**_note(text, 2), **forms, "mine": False},
        ],
        "withheld": text,
        "action": f"/{text}",
        "form": _texts(text, "words", "place"),
        "places": [{"text": text, "options": [{"value": text, "text": text}]}],
        "longest": 500,
        "fault": text,
        "why_not": "",
    }


def no_notes(text: str) -> Values:
    """Return what map_notes.html asks for where nothing stands and nothing may be pinned."""
    none: Values = {"rows": [], "places": [], "form": None}
    return map_notes(text) | none | {"withheld": "", "fault": "", "why_not": text}


def saved_rows(text: str) -> list[Values]:
    """Return what parts/saved.html takes: one with numbers, and one that is withheld."""
    end = {"href": f"/{text}", "number": 1, "words": text, "reason": False}
    row = _texts(text, "name", "why", "which", "by") | {"href": f"/{text}"}
    return [
        row | {"number": 1, "why_not": "", "facts": [(text, text), (text, "")], "end": end},
        row | {"number": 2, "why_not": text, "facts": [], "end": None},
    ]


def saved(text: str) -> Values:
    """Return what saved.html asks for."""
    return {
        "rows": saved_rows(text),
        "form": _texts(text, "name", "why", "address"),
        "which": text,
        "longest": 80,
        "longest_why": 2_000,
        "fault": text,
        "why_not": "",
    }


def none_saved(text: str) -> Values:
    """Return what saved.html asks for where nothing is saved and nothing may be."""
    none: Values = {"rows": [], "form": None}
    return saved(text) | none | {"which": "", "fault": "", "why_not": text}


NOTES = {
    "map_notes": ("map_notes.html", map_notes),
    "map_notes_none": ("map_notes.html", no_notes),
    "saved": ("saved.html", saved),
    "saved_none": ("saved.html", none_saved),
}
