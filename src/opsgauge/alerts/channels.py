"""Channels: the addresses that messages go to, kept in a file of their own, never shown.

Floor 4. A channel is a line of `channels.toml` in the workspace, which nobody else may read, or a
variable `OPSGAUGE_CHANNEL_NAME`. Its URL holds passwords: what is told of it is its kind alone.
"""

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from opsgauge.foundation.agreed import Condition, Rules
from opsgauge.foundation.errors import SettingsWrong, UnknownName, did_you_mean

FILE = "channels.toml"
VARIABLE = "OPSGAUGE_CHANNEL_"
TO = "{to}"  # in a URL: the e-mail of whom a message is for
HINT = (
    f'Write a line into {FILE} of the workspace, such as ops = "jsons://example.org/alerts", then '
    f"chmod 600 {FILE}. See docs/guides/alerts.md."
)
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,30}", re.IGNORECASE)
_KEYS = ("url", "reach")


@dataclass(frozen=True)
class Channel:
    """Where messages go.

    Attributes
    ----------
    url : a secret, kept out of every text this object turns into
    reach : the records of which whoever reads the channel may be told; no rules: all
    """

    name: str
    url: str = field(repr=False)
    reach: Rules = ()

    @property
    def scheme(self) -> str:
        """Its kind, such as "mailto" or "jsons"."""
        return self.url.split("://", 1)[0].lower()

    @property
    def is_personal(self) -> bool:
        """Whether each message goes to the e-mail of whom it is for."""
        return TO in self.url

    def as_json(self) -> dict[str, Any]:
        """Return what may be shown of it."""
        return {
            "name": self.name,
            "kind": self.scheme,
            "personal": self.is_personal,
            "reach": [each.sentence() for each in self.reach],
        }


@dataclass(frozen=True)
class Channels:
    """The channels of a workspace by name."""

    by_name: Mapping[str, Channel]

    def get(self, name: str) -> Channel:
        """Return a channel.

        Raises
        ------
        UnknownName : there is none of that name
        """
        if name not in self.by_name:
            raise UnknownName(
                f"There is no channel {name!r}.",
                hint=did_you_mean(name, self.by_name) or _hint(name),
            )
        return self.by_name[name]


def _hint(name: str) -> str:
    return HINT.replace("ops =", f"{name} =") if _NAME.fullmatch(name) else HINT


def load_channels(folder: Path, environment: Mapping[str, str] | None = None) -> Channels:
    """Return the channels of a workspace; a variable wins over the file.

    Raises
    ------
    SettingsWrong : the file may be read by others, is no TOML, or says what is no channel
    """
    told = os.environ if environment is None else environment
    found = dict(_of_file(folder / FILE))
    for variable, url in told.items():
        if variable.startswith(VARIABLE) and url:
            name = variable.removeprefix(VARIABLE).lower()
            found[name] = {"url": url, "reach": found.get(name, {}).get("reach", [])}
    return Channels({name: _channel(name, each) for name, each in found.items()})


def _of_file(file: Path) -> dict[str, dict[str, Any]]:
    try:
        with file.open("rb") as opened:
            mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
            if mode & 0o077:
                raise SettingsWrong(
                    f"{FILE} holds passwords, and others may read it (mode {mode:o}).",
                    hint=f"chmod 600 {FILE}",
                )
            told = tomllib.load(opened)
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        # The fault's own words may quote a line, which is a secret.
        raise SettingsWrong(f"{FILE} is no TOML.", hint=HINT) from wrong
    return {name: each if isinstance(each, dict) else {"url": each} for name, each in told.items()}


def _channel(name: str, told: Mapping[str, Any]) -> Channel:
    unknown = next((key for key in told if key not in _KEYS), "")
    if not _NAME.fullmatch(name) or unknown:
        wrong = f"no such key {unknown!r}" if unknown else "a name is of small letters"
        raise SettingsWrong(f"{FILE}, {name[:40]}: {wrong}.", hint=did_you_mean(unknown, _KEYS))
    url, reach = told.get("url"), told.get("reach", [])
    if not isinstance(url, str) or not _is_url(url):
        raise SettingsWrong(f"{FILE}, {name}: its url is no URL.", hint=HINT)
    if not isinstance(reach, list):
        raise SettingsWrong(f"{FILE}, {name}: reach is no list.", hint='reach = ["vendor=Acme"]')
    return Channel(name, url, tuple(_condition(name, each) for each in reach))


def _is_url(url: str) -> bool:
    scheme, there, rest = url.partition("://")
    try:
        _ = urlsplit(url).port  # raises for one that is no number
    except ValueError:
        return False
    return bool(there and rest and _SCHEME.fullmatch(scheme)) and not re.search(r"\s", url)


def _condition(name: str, text: object) -> Condition:
    column, there, values = str(text).partition("=")
    if not there or not column or not values:
        raise SettingsWrong(f"{FILE}, {name}: reach is written as column=value, not {text!r}.")
    return Condition(column, tuple(values.split("|")))
