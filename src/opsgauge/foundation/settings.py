"""The workspace: a folder with settings, tables, records, and the files that people write.

Floor 0. `opsgauge.toml` holds the settings; an unknown key is refused, with the nearest known one.
"""

import os
import re
import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from opsgauge.foundation.errors import SettingsWrong, WorkspaceMissing, did_you_mean
from opsgauge.foundation.money import Rates
from opsgauge.foundation.zones import known_zones

SETTINGS_FILE = "opsgauge.toml"
FOLDERS = (
    "warehouse",
    "inbox",
    "catalogue",
    "mappings",
    "calendars",
    "service_levels",
    "slos",
    "rules",
    "models",
    "hierarchies",
    "bands",
    "reports",
)


class Settings(BaseModel):
    """What `opsgauge.toml` may say.

    Attributes
    ----------
    zone : IANA time zone in which days, weeks and months are cut
    engine : what runs queries: `duckdb`, or `spark` where the extra is installed
    pseudonyms : whether persons become "Agent 17" on the way in
    keep_text : whether descriptions and notes are kept, or only their length
    records_url : SQLAlchemy URL of the records; empty means SQLite in the workspace
    memory_limit : the most memory an import may take, such as "3GB"
    reading_memory_limit : the most memory that questions to one data version may take; a server
        keeps two versions open. What does not fit is set aside in the workspace's folder
    keep_versions : how many data versions are kept readable
    upload_limit : the largest file that the import page takes, such as "2GB"
    gone_at_most : the largest share of tickets that a full export may lack unasked, 0 to 1
    suppress_below : the fewest records of which a number is shown; 1 shows all
    fewest_persons : the fewest people of a team of which numbers are shown; 1 shows all
    change_window_hours : how long before an incident changes are looked for, hours
    signal_baseline_periods : how many periods a baseline has; twice as many without a signal are
        an anti-signal
    thresholds : from where on descriptions are told, by their names: `{slow_gap_minutes = 60}`
    detectors : from where on detectors tell, by the names of limits: `{fewest_hits = 10}`
    most_metrics : how many metrics one owner or team may answer for before it is called too many
    rates : what an hour costs, as the table `[rates]` says; without it no money is shown
    withhold_on : critical checks that, failing, withhold numbers from programs too; `["*"]`: all
    person_level : whether roles that may see persons are shown who did what in single tickets
    base_url : where browsers find the server, such as "https://opsgauge.example.org"
    behind_proxy : whether a proxy on this machine tells the caller's address (X-Forwarded-For)
    session_idle_minutes : how long a session lasts without a request
    session_days : how long a session lasts at most
    commands_need_token : whether commands need `OPSGAUGE_TOKEN` once there is a user
    watch_every : how many minutes lie between two watches of the server; 0: it does not watch
    alerts_private_hosts : hosts of private networks that channels may reach
    alerts_timeout : seconds that a channel may take for a message
    alerts_retry : seconds until a message is tried again; then twice as long, and so on
    alerts_retry_at_most : the longest of these waits, seconds
    alerts_lease : seconds after which a message is sent again whose sender was heard of no more
    oidc_issuer : OpenID provider to sign in with, by its issuer's address; empty: none
    oidc_client_id : what the provider knows this server as
    oidc_secret_file : file with the client's secret; else the variable OPSGAUGE_OIDC_SECRET
    oidc_name : what people call the provider, for the button
    oidc_role : role of whoever comes from the provider for the first time; empty: none
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    zone: str = "UTC"
    engine: str = "duckdb"
    pseudonyms: bool = True
    keep_text: bool = False
    records_url: str = ""
    memory_limit: str = "2GB"
    reading_memory_limit: str = "4GB"
    keep_versions: int = 1000
    upload_limit: str = "2GB"
    gone_at_most: Annotated[float, Field(ge=0, le=1)] = 0.2
    suppress_below: int = Field(default=1, ge=1, le=1_000)
    fewest_persons: int = Field(default=1, ge=1, le=1_000)
    change_window_hours: Annotated[float, Field(gt=0, le=8_760)] = 72
    signal_baseline_periods: int = Field(default=14, ge=5, le=520)
    most_metrics: int = Field(default=12, ge=1, le=1_000)
    thresholds: dict[str, float] = {}
    detectors: dict[str, float] = {}
    rates: Rates | None = None
    withhold_on: list[str] = []
    person_level: bool = False
    base_url: str = ""
    behind_proxy: bool = False
    session_idle_minutes: int = Field(default=720, ge=5, le=10_080)
    session_days: int = Field(default=7, ge=1, le=90)
    commands_need_token: bool = False
    watch_every: Annotated[float, Field(ge=0, le=10_080)] = 0
    alerts_private_hosts: list[str] = []
    alerts_timeout: Annotated[float, Field(gt=0, le=300)] = 20
    alerts_retry: Annotated[float, Field(gt=0, le=86_400)] = 30
    alerts_retry_at_most: Annotated[float, Field(gt=0, le=604_800)] = 3_600
    alerts_lease: Annotated[float, Field(gt=0, le=86_400)] = 300
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_secret_file: str = ""
    oidc_name: str = "OpenID Connect"
    oidc_role: str = ""

    @field_validator("zone")
    @classmethod
    def _zone_is_known(cls, zone: str) -> str:
        if zone not in known_zones():
            raise ValueError(f"{zone!r} is no time zone. {did_you_mean(zone, known_zones())}")
        return zone

    @field_validator("engine")
    @classmethod
    def _engine_is_known(cls, engine: str) -> str:
        if engine not in ("duckdb", "spark"):
            raise ValueError(
                f"{engine!r} is no engine. {did_you_mean(engine, ['duckdb', 'spark'])}"
            )
        return engine

    @field_validator("base_url", "oidc_issuer")
    @classmethod
    def _address_is_whole(cls, address: str) -> str:
        return plain_address(address) if address else ""

    @field_validator("upload_limit", "reading_memory_limit")
    @classmethod
    def _limit_is_a_size(cls, limit: str) -> str:
        bytes_of(limit)
        return limit


def plain_address(address: str) -> str:
    """Return an address of a server without a slash at its end.

    Raises
    ------
    ValueError : it is none, or holds a password, a query or a fragment

    Examples
    --------
    >>> plain_address("https://opsgauge.example.org/")
    'https://opsgauge.example.org'
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError(f"{address!r} is no address such as https://opsgauge.example.org.")
    if parts.query or parts.fragment or re.search(r"[\s\\\x00-\x1f]", address):
        raise ValueError(f"{address!r} holds more than a server's address.")
    _ = parts.port  # raises for one that is no number
    return address.rstrip("/")


def bytes_of(size: str) -> int:
    """Return a size in bytes.

    Raises
    ------
    ValueError : it is none

    Examples
    --------
    >>> bytes_of("2GB"), bytes_of("500 MB")
    (2000000000, 500000000)
    """
    told = re.fullmatch(r"(\d+) ?([KMGT]?)B", size.strip(), re.IGNORECASE)
    if told is None:
        raise ValueError(f"{size!r} is no size. Write it as '500MB' or '2GB'.")
    return int(told[1]) * 1000 ** " KMGT".index(told[2].upper() or " ")


@dataclass(frozen=True)
class Workspace:
    """A workspace on disk: where its parts are, and what its settings say."""

    path: Path
    settings: Settings

    @property
    def warehouse(self) -> Path:
        """Folder of the Delta tables."""
        return self.path / "warehouse"

    @property
    def records_url(self) -> str:
        """SQLAlchemy URL of the records."""
        return self.settings.records_url or f"sqlite:///{quote(str(self.path / 'records.db'))}"

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which days are cut."""
        return ZoneInfo(self.settings.zone)

    def secret(self) -> bytes:
        """Return the key that persons and records are hashed with; made once, kept private.

        Losing it means that the next import gives everybody a new pseudonym.
        """
        file = self.path / ".secret"
        if not file.exists():
            fresh = file.with_name(f".secret.{os.getpid()}")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_hex(32))
            try:
                os.link(fresh, file)  # whoever comes first wins, and nobody sees half a key
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return bytes.fromhex(file.read_text().strip())


def make_workspace(path: Path, settings_text: str = "") -> Workspace:
    """Make a workspace in an empty or new folder.

    Raises
    ------
    SettingsWrong : there is a workspace already, the settings are wrong, or the folder's name is
        one that tables cannot be kept under
    """
    _check_name(path.resolve())
    if (path / SETTINGS_FILE).exists():
        raise SettingsWrong(
            f"{path} is a workspace already.", hint="Use it as it is, or name another folder."
        )
    path.mkdir(parents=True, exist_ok=True)
    for folder in FOLDERS:
        (path / folder).mkdir(exist_ok=True)
    (path / SETTINGS_FILE).write_text(settings_text or DEFAULT_SETTINGS)
    return open_workspace(path)


def open_workspace(path: Path) -> Workspace:
    """Open the workspace in that very folder.

    Raises
    ------
    WorkspaceMissing : there is none
    SettingsWrong : its settings cannot be read, or tables cannot be kept under its name
    """
    file = path / SETTINGS_FILE
    if not file.is_file():
        raise WorkspaceMissing(
            f"{path} is no workspace: it has no {SETTINGS_FILE}.", hint=f"opsgauge init {path}"
        )
    _check_name(path.resolve())
    try:
        return Workspace(path.resolve(), Settings.model_validate(tomllib.loads(file.read_text())))
    except tomllib.TOMLDecodeError as wrong:
        raise SettingsWrong(f"{file} is no TOML: {wrong}") from wrong
    except ValidationError as wrong:
        raise SettingsWrong(_first_fault(file, wrong)) from wrong


def _check_name(folder: Path) -> None:
    """Refuse a folder whose name Delta would take for another, or not at all."""
    odd = re.search(r"[][\\^|\x00-\x1f\x7f\ud800-\udfff]|%[0-9a-fA-F]{2}", str(folder))
    if odd:
        raise SettingsWrong(
            f"Tables cannot be kept in {ascii(str(folder))[1:-1]}: its name, or that of a folder "
            f"above it, holds {odd.group()!r}.",
            hint="Rename that folder, or use another.",
        )


def find_workspace(start: Path) -> Workspace:
    """Open the nearest workspace from `start` upward.

    Raises
    ------
    WorkspaceMissing : neither `start` nor a folder above it is one
    """
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / SETTINGS_FILE).is_file():
            return open_workspace(folder)
    raise WorkspaceMissing(
        f"Neither {start.resolve()} nor a folder above it is a workspace.",
        hint="Make one with 'opsgauge init DIR', or name one with '--workspace DIR'.",
    )


def _first_fault(file: Path, wrong: ValidationError) -> str:
    fault = wrong.errors()[0]
    key = ".".join(part if part.isprintable() else ascii(part) for part in map(str, fault["loc"]))
    if fault["type"] == "extra_forbidden":
        known = Rates.model_fields if len(fault["loc"]) > 1 else Settings.model_fields
        return f"{file}, {key}: no such setting. {did_you_mean(str(fault['loc'][-1]), known)}"
    if fault["type"] == "model_type":
        return f"{file}, {key}: it is a table, such as [rates] with keys below it."
    if fault["type"] == "missing":
        return f"{file}, {key}: it is not set, and must be."
    return f"{file}, {key}: {fault['msg'].removeprefix('Value error, ')}"


DEFAULT_SETTINGS = """\
# Settings of this workspace. Every key may be left out; these are the defaults.
zone = "UTC"              # IANA zone in which days, weeks and months are cut
engine = "duckdb"         # or "spark", where the extra is installed
pseudonyms = true         # persons become "Agent 17" on the way in
keep_text = false         # keep descriptions and notes, or only their length
memory_limit = "2GB"      # the most memory an import may take
reading_memory_limit = "4GB"  # the most memory that questions to one data version may take
upload_limit = "2GB"      # the largest file that the import page takes
gone_at_most = 0.2        # the largest share of tickets that a full export may lack unasked
suppress_below = 1        # numbers of fewer records are withheld; 1 shows all
fewest_persons = 1        # numbers of teams of fewer people are withheld; 1 shows all
change_window_hours = 72  # how long before an incident changes are looked for
signal_baseline_periods = 14  # twice as many periods without a signal are an anti-signal
most_metrics = 12         # more metrics than that for one owner or team are called too many
withhold_on = []          # critical checks that withhold numbers from programs too; ["*"]: all
watch_every = 0           # minutes between two watches of the server; 0: it does not watch
person_level = false      # show who did what in single tickets, to roles that may see persons
# [rates], at the end of this file, says what an hour costs; see the guide on it.
"""
