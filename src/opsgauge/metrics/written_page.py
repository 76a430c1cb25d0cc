"""A YAML text that a workspace writes, read key by key, that can say where something is wrong.

Floor 3.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from math import isfinite
from typing import Any

from opsgauge.foundation.errors import GroupingWrong, Misuse, did_you_mean
from opsgauge.foundation.yaml_text import line_of, read_yaml

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
Path = Sequence[str | int]


class Page:
    """One file as it was written; every word stays the text it was."""

    def __init__(
        self, text: str, where: str, fault: type[Misuse] = GroupingWrong, guide: str = "questions"
    ) -> None:
        self.text, self.where = text, where
        self.fault, self.guide = fault, guide

    @cached_property
    def said(self) -> Any:
        """All that it says."""
        return read_yaml(self.text, self.where, self.fault, plain=True)

    def at(self, path: Path) -> Any:
        """Return what stands at a place, None where there is nothing."""
        found = self.said
        for step in path:
            if isinstance(found, dict):
                found = found.get(step)
            elif isinstance(found, list) and isinstance(step, int) and step < len(found):
                found = found[step]
            else:
                return None
        return found

    def wrong(self, path: Path, told: str, word: str = "") -> Misuse:
        """Return the fault, with the file, the line and the key."""
        line = line_of(self.text, path, word)
        key = ".".join(str(step) for step in path)
        place = (f", line {line}" if line else "") + (f", {key}" if key else "")
        return self.fault(f"{self.where}{place}: {told.strip()}")

    def mapping(self, path: Path, known: Iterable[str] = ()) -> Mapping[str, Any]:
        """Return keys with their values; {} where there is nothing.

        Parameters
        ----------
        known : the keys there may be; none for any
        """
        found = self.at(path)
        if found is None or found == "":
            if not path:
                raise self.fault(
                    f"{self.where} is empty.", hint=f"See docs/guides/{self.guide}.md."
                )
            return {}
        if not isinstance(found, dict):
            raise self.wrong(path, "keys with their values are needed here.")
        names = tuple(known)
        for key in found:
            if names and key not in names:
                near = did_you_mean(key, names)
                raise self.wrong((*path, key), f"there is no such key. {near}")
        return found

    def list_of(self, path: Path) -> Sequence[Any]:
        """Return a list; () where there is nothing."""
        found = self.at(path)
        if found is None or found == "":
            return ()
        if not isinstance(found, list):
            raise self.wrong(path, "a list is needed here, each of its lines begun with '- '.")
        return found

    def words(self, path: Path) -> tuple[str, ...]:
        """Return a list of words."""
        found = self.list_of(path)
        for each in found:
            if not isinstance(each, str) or not each:
                raise self.wrong(path, "a list of names is needed here.")
        return tuple(found)

    def needed(self, said: Mapping[str, Any], key: str, path: Path = ()) -> str:
        """Return the word under a key that must be there."""
        found = said.get(key)
        if not isinstance(found, str) or not found:
            raise self.wrong((*path, key), "this key is needed, with one word.")
        return found

    def date_at(self, text: str, path: Path) -> date:
        """Return a date."""
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise self.wrong(path, f"{text!r} is no date; write it as 2026-01-31.") from None

    def number(self, text: Any, path: Path) -> float:
        """Return a number."""
        try:
            found = float(text) if isinstance(text, str) else float("nan")
        except ValueError:
            found = float("nan")
        if not isfinite(found):
            raise self.wrong(path, f"{text!r} is no number.")
        return found
