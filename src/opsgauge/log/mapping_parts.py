"""Parts of a mapping file: how moments are written, and how tickets are told to be gone.

Floor 2. `mapping.py` puts them together.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from opsgauge.foundation.errors import did_you_mean
from opsgauge.foundation.zones import known_zones
from opsgauge.log.vocabulary import LINK_KINDS

NAMED_FORMATS = ("iso", "epoch_s", "epoch_ms")
DIRECTIVE = re.compile("%(-[djmyHIMS]|[aAbBcdfgGHIjmMnpSuUVwWxXyYzZ%])")  # what DuckDB reads


class Part(BaseModel):
    """A part of a mapping: it knows its keys and refuses all others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _as_several(given: Any) -> Any:
    return [given] if isinstance(given, str) else given


Several = Annotated[tuple[str, ...], BeforeValidator(_as_several)]  # one word stands for a list
Only = dict[str, Several]  # column -> the words of the records that are meant


def carries_zone(form: str) -> bool:
    """Say whether a strptime format reads the zone or the offset of a moment."""
    return "%z" in form or "%Z" in form


def _check_format(form: str) -> None:
    if "%" not in form and form not in NAMED_FORMATS:
        raise ValueError(f"format {form!r} is not known. {did_you_mean(form, NAMED_FORMATS)}")
    left = DIRECTIVE.sub("", form)
    if "%" in left:
        wrong = left[left.index("%") :][:2]
        raise ValueError(f"format {form!r}: {wrong!r} stands for nothing.")


class Times(Part):
    """How the source writes moments.

    `zone` is the zone of moments written without one; without it such moments are refused.
    `formats` are strptime formats, or `iso`, `epoch_s`, `epoch_ms`; tried in this order.
    """

    zone: str = ""
    formats: Several = ("iso",)

    @model_validator(mode="after")
    def _zone_is_known(self) -> "Times":
        if self.zone and self.zone not in known_zones():
            near = did_you_mean(self.zone, known_zones())
            raise ValueError(f"zone {self.zone!r} is no IANA time zone. {near}")
        for form in self.formats:
            _check_format(form)
        naive = [form for form in self.formats if "%" in form and not carries_zone(form)]
        if naive and not self.zone:
            raise ValueError(
                f"format {naive[0]!r} carries no zone, so 'zone' must say which one the source "
                "means, such as UTC or Europe/Amsterdam"
            )
        return self


class LinkTo(Part):
    """A column that names another record, or a JSON list of them, and how they are tied."""

    kind: str
    column: str

    @model_validator(mode="after")
    def _kind_is_known(self) -> "LinkTo":
        if self.kind not in LINK_KINDS:
            raise ValueError(f"{self.kind!r} ties nothing. {did_you_mean(self.kind, LINK_KINDS)}")
        return self


class Deleted(Part):
    """Which records say that their ticket is deleted at the source: those with one of the words."""

    column: str
    words: Several

    @model_validator(mode="after")
    def _has_words(self) -> "Deleted":
        if not self.words:
            raise ValueError("'words' must name at least one word, such as Deleted")
        return self


def as_yes_or_no(given: Any) -> bool:
    """Return a switch of the mapping; its words come as text.

    Examples
    --------
    >>> as_yes_or_no("yes"), as_yes_or_no("false")
    (True, False)
    """
    word = str(given).lower()
    if word not in ("true", "yes", "false", "no"):
        raise ValueError(f"{given!r} is neither yes nor no")
    return word in ("true", "yes")


FullWord = Literal["", "all", "window"]


def as_full(given: Any) -> Any:
    """Return what `full` means by true and false; a mapping's words come as text.

    Examples
    --------
    >>> as_full("true"), as_full("false"), as_full("window")
    ('all', '', 'window')
    """
    word = str(given).lower()
    if word not in ("true", "yes", "all", "false", "no", "", "window"):
        raise ValueError(f"{given!r} is neither true nor false nor 'window'")
    return {"true": "all", "yes": "all", "false": "", "no": ""}.get(word, word)


def check_opening(names: Iterable[str], shape: str, known: Sequence[str]) -> None:
    """Refuse to say what held at the opening of what no update tells afterwards.

    Parameters
    ----------
    known : the mapped fields that an opening may have

    Raises
    ------
    ValueError : with the nearest of them
    """
    for name in names:
        if shape != "updates":
            raise ValueError(f"opening: only shape 'updates' needs it, and this is {shape!r}")
        if name not in known:
            raise ValueError(
                f"opening: {name!r} is no mapped field of an opening. {did_you_mean(name, known)}"
            )


def check_text(name: str, read: Mapping[str, Sequence[str]]) -> None:
    """Refuse a text of which no single column's length could stand for it.

    Parameters
    ----------
    read : the columns that each field is read from

    Raises
    ------
    ValueError : it is read from none or several, or its column is read for something else, too
    """
    if len(read.get(name, ("",))) != 1:
        raise ValueError(f"fields: {name!r} is read from one column, as it stands there")
    for other, columns in read.items():
        if other != name and set(read.get(name, ())) & set(columns):
            raise ValueError(
                f"fields: of the column of {name!r} only the length may be kept, so {other!r} "
                "cannot be read from it"
            )


def check_carried(names: Sequence[str], shape: str, known: Sequence[str]) -> None:
    """Refuse to carry what is no state of a ticket, or what no update tells.

    Parameters
    ----------
    known : the mapped fields that could be carried

    Raises
    ------
    ValueError : with the nearest of them
    """
    if names and shape != "updates":
        raise ValueError(
            f"carry: only rows of shape 'updates' can leave out what holds on: {shape}"
        )
    for name in names:
        if name not in known:
            raise ValueError(f"carry: {name!r} is no field to carry. {did_you_mean(name, known)}")
