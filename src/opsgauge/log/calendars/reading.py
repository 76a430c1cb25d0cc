"""Reads the calendars of a workspace, one YAML file each; the file's name is the calendar's.

Floor 2. All of them are read or none: whatever is wrong is said with the file, the line, the key
and the nearest right word.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ValidationError

from opsgauge.foundation.errors import CalendarWrong, did_you_mean
from opsgauge.foundation.yaml_text import line_of, read_yaml
from opsgauge.log.calendars.definition import ALWAYS, Calendar, Calendars, always
from opsgauge.log.calendars.paragraph import CalendarFile, ExceptionalDay, Holidays, NamedDay

FOLDER = "calendars"
SUFFIXES = (".yaml", ".yml")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}")
LARGEST_FILE = 1_000_000  # letters
_PARTS: Mapping[tuple[str, ...], type[BaseModel]] = {
    (): CalendarFile,
    ("holidays",): Holidays,
    ("holidays", "dates"): NamedDay,
    ("exceptions",): ExceptionalDay,
}
_SHAPES = {
    "missing": "this key is needed.",
    "tuple_type": "a list is needed here, each of its lines begun with '- '.",
    "dict_type": "keys with their values are needed here.",
    "model_type": "keys with their values are needed here.",
    "model_attributes_type": "keys with their values are needed here.",
    "string_type": "one word or line of text is needed here.",
}


def calendar_files(folder: Path) -> dict[str, Path]:
    """Return the calendar files of a folder by the names of their calendars, sorted.

    Raises
    ------
    CalendarWrong : two files have one name, or a name that a calendar cannot have
    """
    found: dict[str, Path] = {}
    for file in sorted(folder.glob("*.y*ml")):
        if file.suffix not in SUFFIXES:
            continue
        if not NAME.fullmatch(file.stem):
            raise CalendarWrong(
                f"{_where(file)}: a calendar cannot be called {file.stem!r}.",
                hint="Use up to 60 letters, digits, '-' and '_', a letter first.",
            )
        if file.stem in found or file.stem == ALWAYS:
            there = found.get(file.stem)
            told = there.name if there else "it is built in, open day and night"
            raise CalendarWrong(
                f"{_where(file)}: there is a calendar {file.stem!r} already ({told}).",
                hint="Give the file another name.",
            )
        found[file.stem] = file
    return found


def load_calendars(folder: Path) -> Calendars:
    """Read all calendars of a folder; `always` is there without a file.

    Raises
    ------
    CalendarWrong : a file does not fit; none is loaded then
    """
    read = {name: read_calendar(file) for name, file in calendar_files(folder).items()}
    return Calendars({ALWAYS: always(), **read})


def read_calendar(file: Path) -> Calendar:
    """Read one calendar's file.

    Raises
    ------
    CalendarWrong : it cannot be read or does not fit
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise CalendarWrong(f"The calendar {_where(file)} cannot be read: {fault}") from fault
    if len(text) > LARGEST_FILE:
        raise CalendarWrong(f"{_where(file)} is too long for a calendar: {len(text):,} letters.")
    return parse_calendar(text, file.stem, _where(file))


def _where(file: Path) -> str:
    """Return what to call a file in errors: its name below the workspace."""
    return f"{file.parent.name}/{file.name}"


def parse_calendar(text: str, name: str, where: str) -> Calendar:
    """Return the calendar that a text describes; `where` names the text in errors.

    Raises
    ------
    CalendarWrong : it does not fit
    """
    given = read_yaml(text, where, CalendarWrong, plain=True)
    if not given:
        raise CalendarWrong(
            f"{where} is empty.", hint="A calendar needs at least title, zone and week."
        )
    if not isinstance(given, dict):
        raise CalendarWrong(f"{where} holds no calendar: it must be keys and values.")
    try:
        return CalendarFile.model_validate(given).calendar(name)
    except ValidationError as wrong:
        raise CalendarWrong(f"{where}{_fault(wrong, text)}") from wrong


def _fault(wrong: ValidationError, text: str) -> str:
    """Return the gravest fault, to be written behind the name of the file."""
    # A misspelt key first: the one it was meant for is missing only because of it.
    fault = min(wrong.errors(), key=lambda each: each["type"] != "extra_forbidden")
    loc, told = fault["loc"], str(fault["msg"]).removeprefix("Value error, ")
    named = re.search(r"'([^']+)'", told)
    line = line_of(text, loc, named[1] if named else "")
    key = ".".join(str(part) for part in loc)
    place = (f", line {line}" if line else "") + (f", {key}: " if key else ": ")
    if fault["type"] == "extra_forbidden":
        names = tuple(str(part) for part in loc[:-1] if isinstance(part, str))
        known = _PARTS.get(names, CalendarFile).model_fields
        return f"{place}there is no such key. {did_you_mean(str(loc[-1]), known)}"
    return place + _SHAPES.get(fault["type"], told)
