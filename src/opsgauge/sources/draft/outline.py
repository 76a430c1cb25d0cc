"""What a draft says before it is written: each line with its value and its reason.

Floor 3. A line that is `off` is written as a comment that can be switched on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Value: TypeAlias = "str | tuple[str, ...] | Mapping[str, Value]"


@dataclass(frozen=True)
class Line:
    """One key, its value, why it is so or what else it could be, and whether it is switched off."""

    key: str
    value: Value
    why: str = ""
    off: bool = False


@dataclass(frozen=True)
class Outline:
    """A mapping in the making, part by part in the order in which it is written.

    Attributes
    ----------
    head : sentences that stand above everything
    top : source, shape, ticket_id, and the practice where it is one for all
    practice, types : the column of the tickets' types, and what each of its words means
    plain : missing, order
    ends : deleted, closing_resolves
    kept_out : persons, drop
    loose : columns that were looked at and are not read, with why
    asks : what a person should look at, most important first
    """

    head: tuple[str, ...]
    top: tuple[Line, ...]
    times: tuple[Line, ...]
    practice: tuple[Line, ...] = ()
    types: tuple[Line, ...] = ()
    plain: tuple[Line, ...] = ()
    fields: tuple[Line, ...] = ()
    changes: tuple[Line, ...] = ()
    names: tuple[Line, ...] = ()
    phases: tuple[Line, ...] = ()
    ends: tuple[Line, ...] = ()
    links: tuple[Line, ...] = ()
    attributes: tuple[Line, ...] = ()
    kept_out: tuple[Line, ...] = ()
    loose: tuple[str, ...] = ()
    asks: tuple[str, ...] = field(default=())
