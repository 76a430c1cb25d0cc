"""Who may do what: every action of the product, the roles that hold them, and the verdict.

Floor 4. Plain data and one decision, without a database. An operation asks once, at its start.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

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
        "check:read": "see what was looked at in the data and what was found",
        "version:read": "see the data versions",
        "catalogue:read": "see the definitions of metrics",
        "catalogue:write": "add metrics to the workspace's catalogue",
        "calendar:read": "see the business calendars",
        "import:run": "import files",
        "workspace:make": "make a workspace",
        "settings:change": "change the workspace's settings",
        "audit:read": "read the audit",
    }
)
_READ_BY_ALL = frozenset(name for name in ACTIONS if name.endswith(":read")) - {"audit:read"}

ROLES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "reader": _READ_BY_ALL,
        "operator": _READ_BY_ALL | {"import:run"},
        "administrator": frozenset(ACTIONS),
    }
)


@dataclass(frozen=True)
class Actor:
    """Somebody, or a program, that does something: a name and a role."""

    name: str
    role: str


@dataclass(frozen=True)
class Verdict:
    """Whether an actor may do something, and why or why not."""

    allowed: bool
    reason: str


# Until there is sign-in, whoever reaches the machine's loopback address holds every action.
LOCAL = Actor("local", "administrator")


def decide(actor: Actor, action: str) -> Verdict:
    """Say whether `actor` may do `action`; what is not listed is not allowed.

    Examples
    --------
    >>> decide(Actor("ana", "reader"), "metric:read")
    Verdict(allowed=True, reason='reader holds metric:read')
    >>> decide(Actor("ana", "reader"), "import:run").reason
    'reader may not import files (import:run). Roles that may: administrator, operator.'
    """
    if action not in ACTIONS:
        return Verdict(False, f"There is no action {action!r}. {did_you_mean(action, ACTIONS)}")
    if actor.role not in ROLES:
        return Verdict(False, f"There is no role {actor.role!r}. {did_you_mean(actor.role, ROLES)}")
    if action in ROLES[actor.role]:
        return Verdict(True, f"{actor.role} holds {action}")
    return Verdict(
        False,
        f"{actor.role} may not {ACTIONS[action]} ({action}). "
        f"Roles that may: {', '.join(holders(action))}.",
    )


def holders(action: str) -> tuple[str, ...]:
    """Return the roles that hold an action, in order of the alphabet.

    Examples
    --------
    >>> holders("import:run")
    ('administrator', 'operator')
    """
    return tuple(sorted(role for role, held in ROLES.items() if action in held))
