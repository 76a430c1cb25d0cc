"""A JSON document that holds one list of records, read record by record.

Floor 3. The document is a list, or an object of which exactly one value is a list of objects, as
tools answer: `{"tickets": [...], "count": 2}`. Of a file of any size, one record is held.
"""

import codecs
import json
from collections.abc import Iterator
from typing import IO, Any

from opsgauge.sources.tools.files.json_values import DECODER

BLOCK = 1 << 20
BLANKS = " \t\n\r"
LONGEST_RECORD = 64_000_000  # characters


class NotThisForm(ValueError):
    """The document is no JSON, or holds no list of records, or several."""


def records(stream: IO[bytes]) -> Iterator[Any]:
    """Yield each element of the one list in a document; damaged bytes come as lone surrogates.

    Raises
    ------
    NotThisForm : saying what is wrong and where
    """
    text = Text(stream)
    if text.next() == "[":
        yield from elements(text)
    else:
        yield from _elements_of_member(text)
    if text.next():
        raise NotThisForm(f"more follows after its end, on line {text.line}")


def _elements_of_member(text: "Text") -> Iterator[Any]:
    found = None
    for name in members(text):
        if text.next() != "[":
            text.value()
            continue
        for place, element in enumerate(elements(text)):
            if not place and isinstance(element, dict):
                if found is not None:
                    raise NotThisForm(f"it holds two lists of records, {found!r} and {name!r}")
                found = name
            if found == name:
                yield element
    if found is None:
        raise NotThisForm("it holds one object, and no list of records in it")


def members(text: "Text") -> Iterator[str]:
    """Yield the name of each member of an object; the caller reads its value."""
    text.pass_over("{")
    while text.next() != "}":
        name = text.value()
        text.pass_over(":")
        yield str(name)
        if text.next() != "}":
            text.pass_over(",")
    text.pass_over("}")


def elements(text: "Text") -> Iterator[Any]:
    """Yield each element of a list."""
    text.pass_over("[")
    while text.next() != "]":
        yield text.value()
        if text.next() != "]":
            text.pass_over(",")
    text.pass_over("]")


class Text:
    """A stream of UTF-8, of which the part that is being read is held."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")
        self._held = ""
        self._at = 0
        self._ended = False
        self._passed = 1

    @property
    def line(self) -> int:
        """The line that is being read, from 1."""
        return self._passed + self._held.count("\n", 0, self._at)

    def next(self) -> str:
        """Return the next character that is no blank, without passing over it; "" at the end."""
        while True:
            while self._at < len(self._held) and self._held[self._at] in BLANKS:
                self._at += 1
            if self._at < len(self._held):
                return self._held[self._at]
            if not self._more():
                return ""

    def pass_over(self, character: str) -> None:
        """Pass over a character that must come next."""
        found = self.next()
        if found != character:
            there = repr(found) if found else "its end"
            raise NotThisForm(f"{character!r} is missing before {there} on line {self.line}")
        self._at += 1

    def value(self) -> Any:
        """Read the next value and pass over it."""
        self.next()
        while True:
            try:
                value, end = DECODER.raw_decode(self._held, self._at)
            except json.JSONDecodeError as wrong:
                if not self._more():
                    raise NotThisForm(self._said(wrong)) from wrong
                continue
            except RecursionError as wrong:
                raise NotThisForm(f"it is nested too deeply, from line {self.line} on") from wrong
            # A number at the end of what is held may go on in the next block.
            if end == len(self._held) and self._more():
                continue
            self._at = end
            return value

    def _said(self, wrong: json.JSONDecodeError) -> str:
        if not self._ended:
            return f"a record from line {self.line} on does not end"
        if wrong.pos >= len(self._held):
            return "it ends in the middle"
        line = self._passed + self._held.count("\n", 0, wrong.pos)
        return f"on line {line}, {wrong.msg[:1].lower()}{wrong.msg[1:]}"

    def _more(self) -> bool:
        """Hold more of the stream: as much again, so that a long value is not tried often."""
        left = len(self._held) - self._at
        if self._ended or left > LONGEST_RECORD:
            return False
        block = self._stream.read(max(BLOCK, left))
        self._ended = not block
        self._passed += self._held.count("\n", 0, self._at)
        self._held = self._held[self._at :] + self._decoder.decode(block, self._ended)
        self._at = 0
        return True
