"""Reads the service levels of a workspace: YAML files, each with definitions by name.

Floor 2. All of them are read or none: whatever is wrong is said with the file, the line, the key
and the nearest right word. What one definition says of others (the one it supports, its calendars)
is checked when all are known.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from opsgauge.foundation.errors import ServiceLevelWrong, UnknownServiceLevel, did_you_mean
from opsgauge.foundation.yaml_text import line_of, read_yaml
from opsgauge.log.calendars.definition import Calendars
from opsgauge.log.service_levels.paragraph import Retroactive, ServiceLevel, Zones

FOLDER = "service_levels"
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
LARGEST_FILE = 1_000_000  # letters
_PARTS: Mapping[str, type[BaseModel]] = {"zones": Zones, "retroactive": Retroactive}
_SHAPES = {
    "missing": "this key is needed.",
    "tuple_type": "a list is needed here, each of its lines begun with '- '.",
    "too_short": "this must not be empty.",
    "string_too_short": "this must not be empty.",
    "dict_type": "keys with their values are needed here.",
    "mapping_type": "keys with their values are needed here.",
    "model_type": "keys with their values are needed here.",
    "model_attributes_type": "keys with their values are needed here.",
    "string_type": "one word or line of text is needed here.",
}


@dataclass(frozen=True)
class ServiceLevels:
    """The service levels of a workspace by name, and the file that each is in."""

    by_name: Mapping[str, ServiceLevel] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> ServiceLevel:
        """Return the service level of that name.

        Raises
        ------
        UnknownServiceLevel : there is none; the hint names the nearest
        """
        if name not in self.by_name:
            near = did_you_mean(name, self.by_name)
            raise UnknownServiceLevel(
                f"There is no service level {name!r}.",
                hint=near or f"Write one in {FOLDER}/, see docs/guides/service-levels.md.",
            )
        return self.by_name[name]


def load_service_levels(folder: Path, calendars: Calendars) -> ServiceLevels:
    """Read all service levels of a folder.

    Raises
    ------
    ServiceLevelWrong : a file does not fit; none is loaded then
    """
    found: dict[str, ServiceLevel] = {}
    files: dict[str, str] = {}
    for file in sorted(folder.glob("*.y*ml")):
        if file.suffix not in {".yaml", ".yml"}:
            continue
        text = _text_of(file)
        for name, level in parse_service_levels(text, str(file)).items():
            if name in found:
                raise ServiceLevelWrong(
                    f"{file}, line {line_of(text, [name])}: {name!r} is already in {files[name]}.",
                    hint="Give one of them another name.",
                )
            _check_calendars(level, calendars, text, str(file))
            found[name], files[name] = level, str(file)
    _check_supports(found, files)
    return ServiceLevels(found, files)


def parse_service_levels(text: str, where: str) -> dict[str, ServiceLevel]:
    """Return the service levels that a text describes; `where` names the text in errors.

    Raises
    ------
    ServiceLevelWrong : one does not fit
    """
    given = read_yaml(text, where, ServiceLevelWrong, plain=True)
    if not given:
        raise ServiceLevelWrong(
            f"{where} is empty.", hint="It needs a name with title, kind and targets below it."
        )
    if not isinstance(given, dict):
        raise ServiceLevelWrong(f"{where} holds no service level: it must be names and keys.")
    return {name: _level(name, said, text, where) for name, said in given.items()}


def _level(name: str, said: Any, text: str, where: str) -> ServiceLevel:
    line = f"{where}, line {line_of(text, [name])}"
    if not NAME.fullmatch(name):
        raise ServiceLevelWrong(
            f"{line}: a service level cannot be called {name!r}.",
            hint="Use up to 60 small letters, digits and '_', a letter first.",
        )
    if not isinstance(said, dict) or "name" in said:
        raise ServiceLevelWrong(
            f"{line}, {name}: keys with their values are needed here, such as title, kind, targets."
        )
    try:
        return ServiceLevel.model_validate({**said, "name": name})
    except ValidationError as wrong:
        raise ServiceLevelWrong(f"{where}{_fault(wrong, name, text)}") from wrong


def _fault(wrong: ValidationError, name: str, text: str) -> str:
    """Return the gravest fault, to be written behind the name of the file."""
    # A misspelt key first: the one it was meant for is missing only because of it.
    fault = min(wrong.errors(), key=lambda each: each["type"] != "extra_forbidden")
    loc, told = fault["loc"], str(fault["msg"]).removeprefix("Value error, ")
    named = re.search(r"'([^']+)'", told)
    path = [name, *(part for part in loc if part != "__pydantic_extra__")]
    line = line_of(text, path, named[1] if named else "")
    place = (f", line {line}" if line else "") + f", {'.'.join(map(str, path))}: "
    if fault["type"] == "extra_forbidden":
        part = _PARTS.get(str(loc[-2]) if len(loc) > 1 else "", ServiceLevel)
        known = [info.alias or key for key, info in part.model_fields.items() if key != "name"]
        return f"{place}there is no such key. {did_you_mean(str(loc[-1]), known)}"
    return place + _SHAPES.get(fault["type"], told)


def _text_of(file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise ServiceLevelWrong(f"{file} cannot be read: {fault}") from fault
    if len(text) > LARGEST_FILE:
        raise ServiceLevelWrong(f"{file} is too long for service levels: {len(text):,} letters.")
    return text


def _check_calendars(level: ServiceLevel, calendars: Calendars, text: str, file: str) -> None:
    for calendar in level.calendar_names():
        if calendar not in calendars.by_name:
            line = line_of(text, [level.name], calendar)
            raise ServiceLevelWrong(
                f"{file}, line {line}, {level.name}.calendar: there is no calendar {calendar!r}. "
                f"{did_you_mean(calendar, calendars.by_name)}"
            )


def _check_supports(levels: Mapping[str, ServiceLevel], files: Mapping[str, str]) -> None:
    for name, level in levels.items():
        if not level.supports:
            continue
        at = f"{files[name]}, {name}.supports: "
        if level.supports not in levels:
            near = did_you_mean(level.supports, set(levels) - {name})
            raise ServiceLevelWrong(f"{at}there is no service level {level.supports!r}. {near}")
        chain = _chain(level, levels)
        if chain[-1] in chain[:-1]:
            raise ServiceLevelWrong(f"{at}it supports itself: {' supports '.join(chain)}.")


def _chain(level: ServiceLevel, levels: Mapping[str, ServiceLevel]) -> list[str]:
    """Return the names from a service level to the one that supports no other, or comes again."""
    chain = [level.name]
    while (above := levels[chain[-1]].supports) and above in levels:
        chain.append(above)
        if above in chain[:-1]:
            break
    return chain
