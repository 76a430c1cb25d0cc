"""Tickets as cases of a log: in the classical form, and as intervals.

Floor 5. The classical form has an event per update: when it was made, when the next one ended what
it began, and by whom. The form of intervals has the stretches in which nothing changed, the one
between the opening and the first update included; in XES each is two events, its start and its
completion. `recorded` says when the update that began it was made, which of one out of order lies
before its start. Names of the standard extensions of XES are used where they say it; what belongs
to the ticket stands in the trace, and in a column of CSV with `case:` before its name.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from opsgauge.log.mapping_fields import AT_OPENING, FLAGS, MOMENTS, WORDS
from opsgauge.log.vocabulary import LINK_KINDS
from opsgauge.operations.exchange.told import Row, Ticket, moment_of, number_of
from opsgauge.sources.exchange.cases import Attributes, Trace

CLASSICAL, INTERVAL = "classical", "interval"
VIEWS = (CLASSICAL, INTERVAL)
CASE, ACTIVITY, AT, END = "concept:name", "concept:name", "time:timestamp", "complete"
TRANSITION, INSTANCE, KIND = "lifecycle:transition", "concept:instance", "kind"
UPDATE, OPENING = "update", "opening"
RECORDED = "recorded"  # of an interval: when the update that began it was made
AT_FIRST = "opening:"  # before the names of what held at the opening, and changed with an update
LINK = "link:"
# Fields of an update, by the name they have in a log.
OF_EVENTS = {
    "activity": ACTIVITY,
    "original_status": "original_status",
    "team": "org:group",
    "assignee": "org:resource",
    "actor": "actor",
    "priority": "priority",
    "category": "category",
    "service": "service",
    "reopen_count": "reopen_count",
    "handoff_count": "handoff_count",
}
# Fields of the ticket, of which history keeps no past.
OF_CASES = (
    *(name for name in MOMENTS if name != "updated_at"),
    *(name for name in WORDS if name not in OF_EVENTS and name != "description"),
    "requester",
    *FLAGS,
)
# Of a list of tickets nothing but the state as it stands is told, so all of it is the ticket's.
OF_LISTS = (*OF_CASES, *(name for name in OF_EVENTS if name not in ("actor", "activity")))
BESIDE = ("tier", "phase")  # told to whoever reads the file, and read back by no mapping
IN_CSV = {CASE: "activity", AT: "start", "org:resource": "resource", "org:group": "team"}
FIRST_IN_CSV = ("case", "activity", "start", "complete", "resource", "team")


@dataclass
class Cases:
    """The cases of a log in the making, and the names that were used in it.

    Attributes
    ----------
    of_list : the source lists tickets, and tells no updates
    at_first : fields of which the source tells what held at the opening
    """

    view: str = CLASSICAL
    of_list: bool = False
    at_first: tuple[str, ...] = ()
    links: dict[str, None] = field(default_factory=dict)
    used: dict[str, None] = field(default_factory=dict)
    programs: set[str] = field(default_factory=set)
    practices: dict[str, None] = field(default_factory=dict)
    _of_cases: set[str] = field(default_factory=set)

    def trace(self, ticket: Ticket) -> Trace:
        """Return a ticket as a trace."""
        case = self.case(ticket)
        events = [each for one in self.events(ticket) for each in self._in_xes(one)]
        self._note(case, events)
        return Trace(case, events)

    def rows(self, ticket: Ticket) -> Iterator[Attributes]:
        """Yield a ticket as rows of CSV."""
        case = self.case(ticket)
        said = {f"case:{name}": value for name, value in case.items() if name != CASE}
        for event in self.events(ticket):
            named = {IN_CSV.get(name, name): value for name, value in event.items()}
            self._note(case, [event])
            yield {"case": case[CASE], **named, **said}

    def case(self, ticket: Ticket) -> dict[str, Any]:
        """Return what is said of a ticket as a whole."""
        row = ticket.row
        self.practices[row["practice"]] = None
        names = OF_LISTS if self.of_list else OF_CASES
        told = {name: row[name] for name in (*names, *BESIDE) if row[name] is not None}
        if self.of_list:
            told["updated_at"] = row["last_update_at"]
        attributes = {f"attributes.{k}": v for k, v in (row["attributes"] or {}).items()}
        return {
            CASE: number_of(ticket),
            "practice": row["practice"],
            **(told | self._at_first(ticket) | attributes),
        }

    def _at_first(self, ticket: Ticket) -> dict[str, Any]:
        """Return what held at the opening, where the source tells more of it than an update."""
        opening = ticket.intervals[0] if ticket.intervals else {"seq": 1}
        if opening["seq"]:
            return {}
        # A blank is told too: without it, what the first update says would hold before it.
        return {f"{AT_FIRST}{name}": opening[name] or "" for name in self.at_first}

    def events(self, ticket: Ticket) -> Iterator[dict[str, Any]]:
        """Yield each update, or each interval, with the ties that were first seen then."""
        chosen = ticket.updates if self.view == CLASSICAL else ticket.intervals
        waiting = list(ticket.ties)
        for place, interval in enumerate(chosen):
            began = moment_of(interval)
            last = place == len(chosen) - 1
            # None is told by the opening, which is read back by no mapping.
            seen = [tie for tie in waiting if last or (interval["seq"] and tie["at"] == began)]
            waiting = [tie for tie in waiting if tie not in seen]
            yield self.event(interval) | self._links(seen)

    def event(self, interval: Row) -> dict[str, Any]:
        """Return one update or interval."""
        # What the opening tells is told from then on, also where it became blank.
        told = {OF_EVENTS[name]: "" for name in self.at_first} | {
            key: interval[name] for name, key in OF_EVENTS.items() if interval[name] is not None
        }
        if interval["automatic"] and interval["actor"]:
            self.programs.add(interval["actor"])
        if self.view == INTERVAL:
            began = {AT: interval["since"], KIND: UPDATE if interval["seq"] else OPENING}
            if interval["seq"]:
                began[RECORDED] = moment_of(interval)
        else:
            began = {AT: moment_of(interval)}
        ended = {END: interval["until"]} if interval["until"] else {}
        state = {"phase": interval["phase"]} if interval["phase"] else {}
        return {**told, **began, **ended, **state, "seq": interval["seq"]}

    def _links(self, ties: list[Row]) -> dict[str, Any]:
        """Return ties by their kind; several of a kind are a list in JSON."""
        found: dict[str, list[str]] = {}
        for tie in ties:
            found.setdefault(tie["kind"], []).append(tie["to_id"])
        self.links |= dict.fromkeys(found)
        return {f"{LINK}{kind}": listed(ids) for kind, ids in found.items()}

    def _in_xes(self, event: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if self.view == CLASSICAL:
            yield {**event, TRANSITION: "complete"}
            return
        rest = {name: value for name, value in event.items() if name != END}
        called = {} if event["seq"] else {ACTIVITY: OPENING}
        rest = {**called, **rest, INSTANCE: str(event["seq"])}
        yield {**rest, TRANSITION: "start"}
        if END in event:
            whose = {
                name: rest[name]
                for name in (ACTIVITY, INSTANCE, "org:resource", KIND, "seq")
                if name in rest
            }
            yield {**whose, AT: event[END], TRANSITION: "complete"}

    def _note(self, case: Attributes, events: list[dict[str, Any]]) -> None:
        """Keep the names that are used, in the order in which they come."""
        for name in case:
            if name not in self._of_cases:
                self._of_cases.add(name)
                self.used[f"case:{name}"] = None
        for event in events:
            for name in event:
                if name not in self.used:
                    self.used[name] = None


def listed(ids: list[str]) -> str:
    """Return the names of records as one value: the only one as it is, several as JSON."""
    return ids[0] if len(ids) == 1 and not ids[0].startswith("[") else json.dumps(ids)


def csv_columns(attributes: Iterable[str]) -> list[str]:
    """Return the columns of a CSV, the usual ones first.

    Parameters
    ----------
    attributes : further fields of the tickets
    """
    events = [
        IN_CSV.get(name, name) for name in (*OF_EVENTS.values(), "phase", "seq", KIND, RECORDED)
    ]
    case = (
        *("practice", *OF_LISTS, *BESIDE, "updated_at"),
        *(f"{AT_FIRST}{name}" for name in AT_OPENING),
        *(f"attributes.{name}" for name in attributes),
    )
    links = (f"{LINK}{kind}" for kind in LINK_KINDS)
    return list(dict.fromkeys([*FIRST_IN_CSV, *events, *(f"case:{name}" for name in case), *links]))
