"""What the definition of a service level may say, checked key by key.

Floor 2. The format is documented in docs/guides/service-levels.md. Every value is kept as the text
that was written; each fault is a ValueError that names the word that is wrong, so that `reading.py`
can find its line.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from opsgauge.foundation.errors import did_you_mean
from opsgauge.foundation.units import MICROS_PER_HOUR, MICROS_PER_SECOND
from opsgauge.foundation.zones import known_zones
from opsgauge.log.calendars.definition import ALWAYS
from opsgauge.log.door import ATTRIBUTE_PREFIX
from opsgauge.log.tables import HISTORY, TICKETS
from opsgauge.log.vocabulary import PHASES, PRACTICES

MOMENT = "moment"  # in a condition: the name of a moment of the ticket instead of a column
TIER = "tier"  # the criticality of its service then: as decided, else of the table `services`
MOMENTS = tuple(c.name for c in TICKETS.columns if c.type == "instant" and c.name != "deleted_at")
OF_HISTORY = tuple(c.name for c in HISTORY.columns if c.dimension and c.type == "text")
OF_TICKETS = tuple(
    c.name
    for c in TICKETS.columns
    if c.dimension and c.type in {"text", "yes_no"} and c.name not in (*HISTORY.names, TIER)
)
ITEM_PLACE = "item_location"  # where the configuration item is, from `configuration_items`
OF_MESSAGES = ("activity", "original_status")  # what an update is called, or leaves behind
COLUMNS = (*OF_HISTORY, *OF_TICKETS, TIER, ITEM_PLACE)
CLOSED_WORDS: Mapping[str, tuple[str, ...]] = {
    "phase": PHASES,
    "practice": PRACTICES,
    TIER: ("1", "2", "3", "4"),
}
LENGTH = re.compile(r"(?:(\d+(?:\.\d+)?) ?h)? ?(?:(\d+) ?min)? ?(?:(\d+) ?s)?")
LONGEST = 10 * 365 * 24 * MICROS_PER_HOUR


def _as_several(given: Any) -> Any:
    return [given] if isinstance(given, str) and given else given


Several = Annotated[tuple[str, ...], BeforeValidator(_as_several)]  # one word stands for a list
Conditions = Mapping[str, Several]


def read_length(text: str) -> int:
    """Return a length of time in microseconds.

    Raises
    ------
    ValueError : it is no length, or none that a promise can have

    Examples
    --------
    >>> read_length("1 h 30 min") // 60_000_000, read_length("90 s") // 1_000_000
    (90, 90)
    """
    found = LENGTH.fullmatch(text.strip())
    if not found or not any(found.groups()):
        if re.search(r"\bd(ays?)?\b", text):
            raise ValueError(
                f"{text!r}: a working day is as long as its calendar's hours; write the hours of "
                "open time, as '8 h'."
            )
        raise ValueError(f"{text!r} is no length of time; write hours, minutes or both: '4 h'.")
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    length = round((hours * 3600 + minutes * 60 + seconds) * MICROS_PER_SECOND)
    if not 0 < length <= LONGEST:
        raise ValueError(f"{text!r} cannot be kept: a target is longer than nothing, to ten years.")
    return length


def check_columns(conditions: Iterable[tuple[str, tuple[str, ...]]], moments: bool = False) -> None:
    """Refuse columns, moments and words of closed vocabularies that are not there.

    Raises
    ------
    ValueError : naming the word and the nearest right one
    """
    for column, values in conditions:
        if moments and column == MOMENT:
            known: Iterable[str] = MOMENTS
        elif column not in COLUMNS:
            raise ValueError(f"{column!r} is no column here. {did_you_mean(column, COLUMNS)}")
        else:
            known = CLOSED_WORDS.get(column, values)
        for value in values:
            if value not in known:
                raise ValueError(f"{value!r} is no {column}. {did_you_mean(value, known)}")


def is_attribute(column: str) -> bool:
    """Whether a column's name is that of an attribute of tickets.

    Examples
    --------
    >>> is_attribute("attributes.caller_zone"), is_attribute("attributes.")
    (True, False)
    """
    return column.startswith(ATTRIBUTE_PREFIX) and column != ATTRIBUTE_PREFIX


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Target(BaseModel):
    """One promise: within how long, for tickets that meet its conditions (any other key)."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, Several]

    within: str
    calendar: str = ""

    @model_validator(mode="after")
    def _fits(self) -> "Target":
        self.micros()
        check_columns(self.conditions().items())
        return self

    def micros(self) -> int:
        """Return the promise in microseconds of open time."""
        return read_length(self.within)

    def conditions(self) -> Conditions:
        """Return what a ticket must show for this promise to be its own."""
        return dict(self.__pydantic_extra__ or {})


class Zones(_Part):
    """On whose clock the calendar's hours are read: the zone for each value of some columns.

    The first of the columns whose value has a zone counts, such as the place of the configuration
    item, else that of the requester, else the team; where none has, the calendar's own zone does.
    An attribute counts too (`attributes.caller_zone`): a tool that keeps the caller's own zone has
    it there.
    """

    by: Annotated[Several, Field(min_length=1)]
    of: Mapping[str, str]

    @model_validator(mode="after")
    def _are_known(self) -> "Zones":
        check_columns([(column, ()) for column in self.by if not is_attribute(column)])
        for zone in self.of.values():
            if zone not in known_zones():
                near = did_you_mean(zone, known_zones())
                raise ValueError(f"{zone!r} is no time zone. {near}")
        return self


class Retroactive(_Part):
    """What happens with time before a definition began to apply to a ticket.

    `start`: the clock counts from where it would have begun had it applied from the opening on;
    `pause`: of that time, what was paused is left out.
    """

    start: Literal["yes", "no"] = "yes"
    pause: Literal["yes", "no"] = "yes"


DONE = {"phase": ("resolved", "closed")}
BY_PERSON, BY_PROGRAM = "first_human_response_at", "first_automatic_response_at"
STOPS: Mapping[str, Conditions] = {
    "response": {MOMENT: ("first_response_at",), **DONE},
    "resolution": DONE,
    "update": DONE,
}


class ServiceLevel(_Part):
    """The definition of a service level.

    Attributes
    ----------
    name : set by the reader
    kind : response, resolution, or update (a new clock from each update to the next)
    counts : of a response, whose counts: anybody's, or a person's alone
    agreement : sla, with the user; ola, of a team inside; underpinning, of a vendor
    practices, where : the tickets it is about, as they were at the time; all columns must fit
    targets : the first that fits counts
    zones : whose clock; where no zone is known for any value, the calendar's own
    start : what begins the clock, or the moment that does; the opening where nothing is said
    while_ : it runs only during this, such as while one team holds the ticket; without it there
        is no clock
    pause, stop, cancel : what the ticket shows then; any of the columns is enough
    messages : what an update is called that sends the customer a message; for pauses without one
    reset : what begins the clock anew when it comes; any of the columns is enough
    on_reopen : after a stop, the same clock goes on, a new one begins, or the first stop counts
    on_change : when the target changes, used time is carried, forgotten, or kept in proportion
    supports : the service level it is a part of
    """

    name: str = ""
    title: str = Field(min_length=1)
    kind: Literal["response", "resolution", "update"]
    counts: Literal["any", "human"] = "any"
    agreement: Literal["sla", "ola", "underpinning"] = "sla"
    practices: Several = ()
    where: Conditions = Field(default_factory=dict)
    targets: tuple[Target, ...] = Field(min_length=1)
    calendar: str = ALWAYS
    zones: Zones | None = None
    start: Conditions = Field(default_factory=dict)
    while_: Conditions = Field(default_factory=dict, alias="while")
    pause: Conditions = Field(default_factory=dict)
    stop: Conditions = Field(default_factory=dict)
    cancel: Conditions = Field(default_factory=lambda: {"phase": ("cancelled", "rejected")})
    reset: Conditions = Field(default_factory=dict)
    messages: Conditions = Field(default_factory=dict)
    on_reopen: Literal["continue", "restart", "ignore"] = "continue"
    on_change: Literal["carry", "restart", "prorate"] = "carry"
    retroactive: Retroactive = Field(default_factory=Retroactive)
    supports: str = ""
    owner_role: str = ""
    decision: str = ""

    @field_validator("practices")
    @classmethod
    def _practices(cls, practices: tuple[str, ...]) -> tuple[str, ...]:
        check_columns([("practice", practices)])
        return practices

    @field_validator("where", "while_", "pause", "cancel", "reset")
    @classmethod
    def _columns(cls, conditions: Conditions) -> Conditions:
        check_columns(conditions.items())
        return conditions

    @field_validator("messages")
    @classmethod
    def _of_updates(cls, messages: Conditions) -> Conditions:
        for column in messages:
            if column not in OF_MESSAGES:
                near = did_you_mean(column, OF_MESSAGES)
                raise ValueError(f"{column!r} does not tell a message. {near}")
        return messages

    @field_validator("start", "stop")
    @classmethod
    def _columns_or_moment(cls, conditions: Conditions) -> Conditions:
        check_columns(conditions.items(), moments=True)
        if len(conditions.get(MOMENT, ())) > 1:
            raise ValueError(f"one {MOMENT!r} is enough.")
        return conditions

    @model_validator(mode="after")
    def _counts_a_response(self) -> "ServiceLevel":
        if self.counts == "human" and (self.kind != "response" or self.stop):
            raise ValueError(
                "'counts: human' says what stops a clock of kind 'response', and has no place with "
                "another kind or with 'stop'."
            )
        if self.moment_of(self.stop) == BY_PROGRAM:
            raise ValueError(
                f"{BY_PROGRAM!r} stops no clock: where a person answers first it never comes."
            )
        return self

    @model_validator(mode="after")
    def _does_not_pause_where_it_stops(self) -> "ServiceLevel":
        for column, values in self.pause.items():
            both = sorted({*values} & {*self.stops().get(column, ())})
            if both:
                raise ValueError(f"{both[0]!r} cannot both pause and stop the clock.")
        return self

    def stops(self) -> Conditions:
        """Return what ends the clock: as written, or as its kind has it."""
        if self.counts == "human":
            return {MOMENT: (BY_PERSON,), **DONE}
        return self.stop or STOPS[self.kind]

    def calendar_names(self) -> tuple[str, ...]:
        """Return the calendars it counts by, each once."""
        return tuple(dict.fromkeys(target.calendar or self.calendar for target in self.targets))

    def columns(self) -> frozenset[str]:
        """Return the columns its conditions look at, moments not counted."""
        groups = [self.where, self.start, self.while_, self.pause, self.stops(), self.cancel]
        groups += [self.reset, *(target.conditions() for target in self.targets)]
        names = {name for group in groups for name in group} - {MOMENT}
        return frozenset(names | ({*self.zones.by} if self.zones else set()))

    def moment_of(self, conditions: Conditions) -> str:
        """Return the moment that conditions name, empty where they name none."""
        return next(iter(conditions.get(MOMENT, ())), "")
