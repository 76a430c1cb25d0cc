"""A YAML text that a workspace writes, read key by key, that can say where something is wrong.

Floor 3.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from math import isfinite
from pathlib import Path as File
from typing import Any

from opsgauge.foundation.errors import GroupingWrong, Misuse, did_you_mean
from opsgauge.foundation.yaml_text import line_of, read_yaml

LARGEST_FILE = 1_000_000  # letters
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
Path = Sequence[str | int]
Stamp = tuple[str, int, int]  # a file, when it was last written, and its size


def stamps(folder: File) -> tuple[Stamp, ...]:
    """Return the YAML files of a folder in the order of their names; none where it is not there."""
    told = [(file, file.stat()) for file in sorted(folder.glob("*.y*ml"))]
    return tuple((str(file), about.st_mtime_ns, about.st_size) for file, about in told)


class Page:
    """One file as it was written; every word stays the text it was."""

    def __init__(
        self, text: str, where: str, fault: type[Misuse] = GroupingWrong, guide: str = "questions"
    ) -> None:
        self.text, self.where = text, where
        self.fault, self.guide = fault, guide

    @classmethod
    def of(
        cls, file: File, fault: type[Misuse] = GroupingWrong, guide: str = "questions"
    ) -> "Page":
        """Read a file, called by its folder and its name in what is said of it.

        Raises
        ------
        Misuse : the fault given: it cannot be read, or is too long
        """
        where = f"{file.parent.name}/{file.name}"
        try:
            text = file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as why:
            raise fault(f"{where} cannot be read: {why}") from why
        if len(text) > LARGEST_FILE:
            raise fault(f"{where} is too long: {len(text):,} letters.")
        return cls(text, where, fault, guide)

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

    def paragraph(self, name: str) -> str:
        """Return the lines of what stands under a name at the file's edge, as they are written."""
        lines = self.text.splitlines()
        begins = [line_of(self.text, (each,)) for each in self.mapping(())]
        first = line_of(self.text, (name,))
        after = min((line for line in begins if line > first), default=len(lines) + 1)
        told = lines[first - 1 : after - 1]
        while told and (not told[-1].strip() or told[-1].startswith("#")):
            told.pop()  # what stands before the next one is about that
        return "\n".join(told) + "\n"

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
