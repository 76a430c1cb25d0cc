"""Who may do what: every action of the product, the roles that hold them, and the verdict.

Floor 4. Plain data and one decision, without a database. An operation asks once, at its start;
which records an actor may see is the scope that `scope_of` makes of the same roles.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from opsgauge.foundation.agreed import Condition, Rules, Scope
from opsgauge.foundation.errors import did_you_mean

# Every action, with what it allows. One without an operation that asks for it has no place here.
ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "metric:read": "see a metric's values and the tickets behind them",
        "chart:read": "see a metric's control chart",
        "map:read": "see process maps and variants",
        "ticket:read": "see one ticket and its history",
        "finding:read": "see what was found in the records",
        "request:read": "see how orders are fulfilled",
        "conformance:read": "see the rules and models of work, and what departs from them",
        "check:read": "see what was looked at in the data and what was found",
        "catalogue:read": "see the definitions of metrics",
        "calendar:read": "see the business calendars",
        "version:read": "see the data versions",
        "rejected:read": "see the records that imports refused",
        "person:read": "see who did what, by pseudonym or name",
        "catalogue:write": "add metrics to the workspace's catalogue",
        "import:run": "import files",
        "workspace:make": "make a workspace",
        "settings:change": "change the workspace's settings",
        "exclusion:read": "see which tickets are left out of numbers, and why",
        "exclusion:ask": "ask for tickets to be left out of numbers",
        "exclusion:approve": "let tickets be left out of numbers, or end that",
        "target:read": "see targets, and how they are doing",
        "target:set": "set targets, and end them",
        "signal:read": "see signals, what became of them, and response protocols",
        "signal:act": "say what becomes of a signal",
        "signal:note": "look for signals, and keep them",
        "protocol:set": "say what follows when a metric slips",
        "baseline:read": "see baselines, rebases, excluded points and benchmarks",
        "baseline:freeze": "freeze baselines",
        "baseline:own": "sign baselines as their owner",
        "baseline:sign": "sign baselines for who does the work, and object to them",
        "baseline:rebase": "let charts begin anew, exclude points of them, and undo either",
        "benchmark:load": "load benchmarks from outside, and end them",
        "alert:read": "see rules of alerts, what fired, and what was told to whom",
        "alert:set": "draft rules of alerts, switch them on, mute and retire them",
        "alert:act": "say what became of an alert",
        "alert:watch": "look whether rules of alerts fire, and send what waits",
        "note:read": "read notes on process maps, and saved filters",
        "note:write": "write notes on process maps, save filters, and take back one's own",
        "note:manage": "change and remove notes and saved filters of others",
        "outage:set": "say when an outage began and was detected",
        "tier:read": "see the tiers of services",
        "tier:set": "set the tiers of services",
        "owner:read": "see who answers for what",
        "owner:set": "say who answers for what",
        "people:read": "see users, their roles and their tokens",
        "people:change": "change users, their roles and their tokens",
        "person:erase": "erase a person from the records",
        "audit:read": "read the audit",
        "backup:make": "back up the workspace",
        "published:make": "publish numbers",
        "published:read": "see published numbers and compute them again",
    }
)
# What reads the records of tickets. A role holds all of these or none, so that one scope tells for
# each of them which records are seen.
OF_RECORDS = frozenset(
    {
        "metric:read",
        "chart:read",
        "map:read",
        "ticket:read",
        "finding:read",
        "request:read",
        "conformance:read",
        "check:read",
    }
)
_READING = OF_RECORDS | {
    "catalogue:read",
    "calendar:read",
    "target:read",
    "signal:read",
    "alert:read",
    "baseline:read",
    "owner:read",
    "tier:read",
}
_LOOKING_BACK = frozenset({"version:read", "published:read"})
_AGREEING = frozenset(
    {"catalogue:write", "published:make", "exclusion:read", "exclusion:ask", "signal:note"}
)
_SIGNING = frozenset({"baseline:sign"})
_FREEZING = _SIGNING | {"baseline:freeze", "baseline:rebase"}
_SEEING_TO = frozenset({"signal:act", "alert:act"})
# What the house's own people tell each other; a vendor is none of them.
_AMONG_OURSELVES = frozenset({"note:read"})
_NOTING = frozenset({"note:write"})
_OF_A_PART = (
    _FREEZING
    | _SEEING_TO
    | _NOTING
    | {"target:set", "protocol:set", "alert:set", "outage:set", "tier:set", "baseline:own"}
)
# What cannot be done to a part of the records: only who has the role everywhere may do it.
OF_THE_WHOLE = (
    frozenset(ACTIONS) - _READING - _AMONG_OURSELVES - _OF_A_PART - frozenset({"person:read"})
)

ROLES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "viewer": _READING | _AMONG_OURSELVES | _SIGNING,
        "vendor": _READING,
        "service owner": _READING | _AMONG_OURSELVES | _LOOKING_BACK | _OF_A_PART | {"person:read"},
        "process owner": _READING
        | _AMONG_OURSELVES
        | _LOOKING_BACK
        | _AGREEING
        | _OF_A_PART
        | {"person:read", "exclusion:approve", "owner:set", "benchmark:load"},
        "analyst": _READING
        | _AMONG_OURSELVES
        | _LOOKING_BACK
        | _AGREEING
        | _FREEZING
        | _SEEING_TO
        | _NOTING
        | {"rejected:read", "import:run", "benchmark:load", "alert:watch"},
        "auditor": _READING
        | _AMONG_OURSELVES
        | _LOOKING_BACK
        | {"rejected:read", "exclusion:read", "people:read", "audit:read"},
        "administrator": frozenset(ACTIONS),
    }
)
NEVER_EVERYWHERE = frozenset({"vendor"})  # roles that need a part of the records named
PERSONS = "person:read"
REACHED_BY = ("team", "service", "vendor")  # the columns that name such a part
NOTHING = Condition("team", ())  # a rule that no record meets


@dataclass(frozen=True)
class Assignment:
    """A role, and the records it is for: all that meet `reach`; no rules: everywhere."""

    role: str
    reach: Rules = ()


@dataclass(frozen=True)
class Actor:
    """Somebody, or a program, that does something: a name and what was given to it.

    Attributes
    ----------
    only : where given, the actions left to it: a token may do less than its owner
    within : further rules that all it sees must meet
    """

    name: str
    assignments: tuple[Assignment, ...]
    only: frozenset[str] | None = None
    within: Rules = ()

    @property
    def roles(self) -> str:
        """The roles it has, in words."""
        return ", ".join(sorted({each.role for each in self.assignments})) or "nobody's role"


def everywhere(name: str, role: str) -> Actor:
    """Return an actor that has one role for all records."""
    return Actor(name, (Assignment(role),))


@dataclass(frozen=True)
class Verdict:
    """Whether an actor may do something, and why or why not."""

    allowed: bool
    reason: str


# Where nobody is known, whoever reaches the machine's loopback address holds every action.
LOCAL = everywhere("local", "administrator")


def decide(actor: Actor, action: str) -> Verdict:
    """Say whether `actor` may do `action`; what is not listed is not allowed.

    Examples
    --------
    >>> decide(everywhere("ana", "viewer"), "metric:read")
    Verdict(allowed=True, reason='viewer holds metric:read')
    >>> decide(everywhere("ana", "viewer"), "import:run").reason
    'viewer may not import files (import:run). Roles that may: administrator, analyst.'
    """
    reason = _refusal(actor, action)
    if reason:
        return Verdict(False, reason)
    return Verdict(True, f"{_holding(actor, action)[0].role} holds {action}")


def _refusal(actor: Actor, action: str) -> str:
    """Return why an actor may not do something; "" where it may."""
    if action not in ACTIONS:
        return f"There is no action {action!r}. {did_you_mean(action, ACTIONS)}"
    unknown = next((each.role for each in actor.assignments if each.role not in ROLES), None)
    if unknown is not None:
        return f"There is no role {unknown!r}. {did_you_mean(unknown, ROLES)}"
    if actor.only is not None and action not in actor.only:
        return f"This token may not {ACTIONS[action]} ({action})."
    return _refusal_of_roles(actor, action, _holding(actor, action))


def _refusal_of_roles(actor: Actor, action: str, holding: list[Assignment]) -> str:
    if not holding:
        may = ", ".join(holders(action))
        return f"{actor.roles} may not {ACTIONS[action]} ({action}). Roles that may: {may}."
    if action in OF_THE_WHOLE and (actor.within or all(each.reach for each in holding)):
        return (
            f"To {ACTIONS[action]} ({action}) a role for all records is needed, and "
            f"{actor.name} has {holding[0].role} for a part of them."
        )
    if action == PERSONS and len(holding) < len(_holding(actor, "metric:read")):
        return f"To {ACTIONS[action]} ({action}), each role of {actor.name} has to allow it."
    return ""


def scope_of(actor: Actor) -> Scope:
    """Return the records an actor may see: those that any of its reading roles reaches.

    An actor without such a role sees none; `decide` refuses it before.

    Examples
    --------
    >>> scope_of(everywhere("ana", "viewer")).is_everything
    True
    >>> scope_of(Actor("ana", (Assignment("vendor", (Condition("vendor", ("Acme",)),)),))).rules
    (Condition(column='vendor', values=('Acme',)),)
    """
    reaches = tuple(dict.fromkeys(each.reach for each in _holding(actor, "metric:read")))
    if not reaches:
        return Scope((NOTHING,))
    if () in reaches:
        return Scope(actor.within)
    if len(reaches) == 1:
        return Scope((*reaches[0], *actor.within))
    return Scope(actor.within, reaches)


def reaches(actor: Actor, action: str) -> tuple[Rules, ...]:
    """Return for which records an actor may do something: the rules of each role that allows it.

    Empty rules among them: for all records.
    """
    return tuple((*each.reach, *actor.within) for each in _holding(actor, action))


def holders(action: str) -> tuple[str, ...]:
    """Return the roles that hold an action, in order of the alphabet.

    Examples
    --------
    >>> holders("import:run")
    ('administrator', 'analyst')
    """
    return tuple(sorted(role for role, held in ROLES.items() if action in held))


def _holding(actor: Actor, action: str) -> list[Assignment]:
    """Return the assignments that hold an action; one that lacks its reach holds none."""
    return [
        each
        for each in actor.assignments
        if action in ROLES.get(each.role, ()) and (each.reach or each.role not in NEVER_EVERYWHERE)
    ]
