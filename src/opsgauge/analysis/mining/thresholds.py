"""From where on something is told of as a description: each a number that a workspace may set.

Floor 4, analysis. The defaults are those of ServiceNow's process mining, as its documentation shows
them in its examples. A description is no judgement: what lies beyond a threshold may be how the
desk works.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from opsgauge.analysis.mining.visits import LONGEST
from opsgauge.foundation.errors import SettingsWrong, did_you_mean

# What is counted step by step, with the least and the most it can be.
COUNTED = {
    "repeating_steps": (2, LONGEST),
    "repeating_times": (2, 20),
    "reopen_times": (1, 100),
    **dict.fromkeys(("slow_each", "touchpoints_each", "extreme_records"), (1, 1_000_000)),
}

SHARES = ("_share", "_used", "_finished", "_kept")  # endings of names
MOST = 1e6  # so that no length of time in microseconds overflows
Limits = TypeVar("Limits", bound=Any)


@dataclass(frozen=True)
class Thresholds:
    """All thresholds.

    Attributes
    ----------
    ping_pong_tickets : tickets that came straight back between two teams
    rework_times : visits of one ticket to one step
    repeating_steps : steps of a pattern, at least, of which 8 are the most
    repeating_times : times in a row that it is gone through
    extra_step_records : tickets on a path with one step more than another path
    extra_step_steps : steps of that path
    extra_step_share : of the tickets of the other path, at least; or
    extra_step_always : tickets on it, however many the other path has
    slow_occurrences : of a step, or of a way from step to step, in all
    slow_each : of them by one team, and by the others
    slow_gap_minutes : that the team takes longer on average
    extreme_times : of the median, for visits to a step and for updates
    extreme_records : tickets beyond that
    extreme_share : the largest share of tickets that are still extreme
    extreme_duration_times : of the median time to resolve
    touchpoints_occurrences : tickets in all, for their updates to be compared by team
    touchpoints_each : of them of one team, and of the others
    touchpoints_gap : updates a ticket that the team has more
    hidden_tickets : that came to a team, for it to be called a hidden line
    hidden_share : of them that one team sent, and that went back to it
    hidden_finished : the largest share that such a team finishes itself
    late_downgrade_used : share of a target used when the ticket got a larger one
    late_downgrades : times that a team did so
    reopen_times : that one ticket was reopened
    reopen_tickets : that one team resolved first and that were reopened so often
    note_minutes : after a handoff, for which a note still belongs to it
    unnoted_handoffs : that a team made without a note
    stalled_days : that an approval waits for an answer, for it to be called stalled
    stalled_approvals : of one step and group that stalled
    most : how many of one kind are told, the most hours first
    """

    ping_pong_tickets: float = 20
    rework_times: float = 2
    repeating_steps: float = 3
    repeating_times: float = 2
    extra_step_records: float = 10
    extra_step_steps: float = 7
    extra_step_share: float = 0.2
    extra_step_always: float = 100
    slow_occurrences: float = 50
    slow_each: float = 20
    slow_gap_minutes: float = 120
    extreme_times: float = 20
    extreme_records: float = 20
    extreme_share: float = 0.02
    extreme_duration_times: float = 50
    touchpoints_occurrences: float = 50
    touchpoints_each: float = 20
    touchpoints_gap: float = 5
    hidden_tickets: float = 20
    hidden_share: float = 0.8
    hidden_finished: float = 0.1
    late_downgrade_used: float = 0.8
    late_downgrades: float = 10
    reopen_times: float = 2
    reopen_tickets: float = 10
    note_minutes: float = 2
    unnoted_handoffs: float = 20
    stalled_days: float = 3
    stalled_approvals: float = 20
    most: float = 10


def thresholds(given: Mapping[str, float]) -> Thresholds:
    """Return the thresholds of a workspace: those it sets, and the usual ones.

    Raises
    ------
    SettingsWrong : it sets one that there is not, or to what it cannot be

    Examples
    --------
    >>> thresholds({"slow_gap_minutes": 60}).slow_gap_minutes
    60
    """
    return as_set(Thresholds, given, "threshold of descriptions", COUNTED)


def as_set(
    kind: type[Limits],
    given: Mapping[str, float],
    called: str,
    counted: Mapping[str, tuple[int, int]],
) -> Limits:
    """Return limits as a workspace sets them, the others as usual.

    Parameters
    ----------
    called : what one of them is, in words
    counted : those that are whole numbers, with the least and the most that each can be

    Raises
    ------
    SettingsWrong : there is no such one; it is no number of 0 or more; a share above 1
    """
    known = [each.name for each in fields(kind)]
    for name, value in given.items():
        if name not in known:
            raise SettingsWrong(f"There is no {called} {name!r}.", hint=did_you_mean(name, known))
        most = 1.0 if name.endswith(SHARES) else MOST
        if not 0 <= value <= most:
            raise SettingsWrong(f"The {called} {name} = {value:g} is not from 0 to {most:g}.")
        least, most = counted.get(name, (0, MOST))
        if name in counted and (value != int(value) or not least <= value <= most):
            raise SettingsWrong(
                f"The {called} {name} = {value:g} is no whole number from {least} to {most}."
            )
    return kind(**given)
