"""An outline written as YAML: each line with its reason beside it, or above where it is long.

Floor 3. Names and words come from files of strangers, so whatever is not plain is quoted, and a
comment never holds more than one line of letters that YAML allows.
"""

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence

from opsgauge.sources.draft.outline import Line, Outline, Value

WIDTH = 98
COLUMN = 38  # where reasons begin, where there is room
PLAIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ][\wÀ-ÖØ-öø-ÿ]*([ ./()&+-]+[\wÀ-ÖØ-öø-ÿ()]+)*")
LONGEST_SHOWN = 60  # characters of a name or word in a comment


def scalar(text: str) -> str:
    r"""Return text as a YAML scalar that is read back letter by letter.

    Examples
    --------
    >>> print(scalar("Assigned to"), scalar("case:id"), scalar('say "no"'), scalar(" x"))
    Assigned to "case:id" "say \"no\"" " x"
    """
    return text if PLAIN.fullmatch(text) else '"' + "".join(map(_escaped, text)) + '"'


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return "\\" + letter
    if letter.isprintable() and letter != "\ufeff":
        return letter
    code = ord(letter)
    if code <= 0xFF:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def shown(text: str) -> str:
    """Return a name or word as a comment may hold it: in quotes, on one line, not too long."""
    bare = "".join(c if c.isprintable() and c != "\ufeff" else " " for c in text)
    cut = bare if len(bare) <= LONGEST_SHOWN else bare[: LONGEST_SHOWN - 1] + "…"
    return f"'{cut}'"


def written(outline: Outline) -> str:
    """Return the draft as text."""
    parts = [
        [f"# {line}" for sentence in outline.head for line in textwrap.wrap(sentence, WIDTH)],
        _lines(outline.top),
        _nested("practice", outline.practice, "words", outline.types),
        _block("times", outline.times),
        _lines(outline.plain),
        _nested("changes", outline.changes, "names", outline.names),
        _block("fields", outline.fields),
        _block("phases", outline.phases),
        _lines(outline.ends),
        _links(outline.links),
        _block("attributes", outline.attributes),
        _lines(outline.kept_out),
        _loose(outline.loose),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _value(value: Value) -> str:
    if isinstance(value, str):
        return scalar(value)
    if isinstance(value, Mapping):
        inside = ", ".join(f"{scalar(key)}: {_value(each)}" for key, each in value.items())
        return f"{{{inside}}}"
    return "[" + ", ".join(scalar(each) for each in value) + "]"


def _lines(lines: Iterable[Line], indent: str = "") -> list[str]:
    made: list[str] = []
    for line in lines:
        start = indent + ("# " if line.off else "")
        made += _with_reason(f"{start}{scalar(line.key)}: {_value(line.value)}", line.why, indent)
    return made


def _with_reason(said: str, why: str, indent: str) -> list[str]:
    if not why:
        return [said]
    beside = f"{said.ljust(COLUMN)}  # {why}"
    if len(beside) <= WIDTH + 2:
        return [beside]
    above = textwrap.wrap(why, WIDTH - len(indent) - 2)
    return [*(f"{indent}# {line}" for line in above), said]


def _block(name: str, lines: Sequence[Line], indent: str = "") -> list[str]:
    """Return a part with its lines; its name stands also where all of them are switched off."""
    if not lines:
        return []
    return [f"{indent}{name}:", *_lines(lines, indent + "  ")]


def _nested(name: str, lines: Sequence[Line], inner: str, within: Sequence[Line]) -> list[str]:
    """Return a part with a part of its own in it."""
    return [f"{name}:", *_lines(lines, "  "), *_block(inner, within, "  ")] if lines else []


def _links(links: Sequence[Line]) -> list[str]:
    made = ["links:"] if links else []
    for line in links:
        start = "  # - " if line.off else "  - "
        entry = f"{start}{{kind: {line.key}, column: {_value(line.value)}}}"
        made += _with_reason(entry, line.why, "  ")
    return made


def _loose(columns: Sequence[str]) -> list[str]:
    if not columns:
        return []
    listed = textwrap.wrap("Not read: " + ", ".join(columns) + ".", WIDTH)
    return [f"# {line}" for line in listed]
