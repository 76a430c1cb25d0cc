"""Checks on single tickets: order of moments, what is missing, field against history.

Floor 2.
"""

import ibis.expr.types as ir

from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.checks.rules import Rule
from opsgauge.log.checks.seen import Subject
from opsgauge.log.vocabulary import CLOSED_PHASE, RESOLVED_PHASE
from opsgauge.warehouse.portable import micros

TRUST = (
    "The field counts. Where people do not keep it, leave it out of the mapping: then the history "
    "counts."
)


def ticket_rules(t: ir.Table) -> list[Rule]:
    """Return the checks on tickets."""
    return [
        order_of_moments(t),
        negative_durations(t),
        closed_before_resolved(t),
        response_after_end(t),
        resolved_missing(t),
        closed_missing(t),
        team_missing(t),
        resolved_against_history(t),
        closed_against_history(t),
        reopen_against_history(t),
        handoff_against_history(t),
    ]


def order_of_moments(t: ir.Table) -> Rule:
    """Find tickets that end before they begin."""
    opened = micros(t.opened_at)
    return Rule(
        Subject("order_of_moments", "Moments in order", ("resolved_at", "closed_at"), True),
        (micros(t.resolved_at) < opened) | (micros(t.closed_at) < opened),
        "{n} of {of} tickets are resolved or closed before they were opened; their times are "
        "negative and stay in the numbers.",
        "Correct the moments at the source and import again.",
    )


def negative_durations(t: ir.Table) -> Rule:
    """Find tickets that were assigned or answered before they began."""
    opened = micros(t.opened_at)
    columns = ("assigned_at", "first_response_at")
    return Rule(
        Subject("negative_durations", "No time is negative", columns, True),
        (micros(t.assigned_at) < opened) | (micros(t.first_response_at) < opened),
        "{n} of {of} tickets are assigned or answered before they were opened; their waits are "
        "negative and stay in the numbers.",
        "Check which moment the tool calls the opening, and in which time zone each column is.",
    )


def closed_before_resolved(t: ir.Table) -> Rule:
    """Find tickets that are over before they are done."""
    return Rule(
        Subject("closed_before_resolved", "Closed after resolved", ("closed_at",), worst="warn"),
        micros(t.closed_at) < micros(t.resolved_at),
        "{n} of {of} tickets are closed before they are resolved.",
        "Ask the tool's owner which of the two moments is edited by hand.",
    )


def response_after_end(t: ir.Table) -> Rule:
    """Find tickets that were answered only after they were done."""
    columns = ("first_response_at",)
    return Rule(
        Subject("response_after_end", "Answered before resolved", columns, worst="warn"),
        micros(t.first_response_at) > micros(t.resolved_at),
        "{n} of {of} tickets are first answered after they were resolved.",
        "Ask the tool's owner what sets the moment of first response.",
    )


def resolved_missing(t: ir.Table) -> Rule:
    """Find tickets that are done and do not say when."""
    return Rule(
        Subject("resolved_missing", "Resolution known", ("resolved_at",)),
        ~t.open & t.resolved_at.isnull() & t.phase.isin([RESOLVED_PHASE, CLOSED_PHASE]),
        "{n} of {of} tickets are done and carry no moment of resolution; they count as not "
        "resolved.",
        advice=(
            (t.history_resolved_at.notnull(), "Leave resolved_at out, so that history says it."),
            (
                t.history_resolved_at.isnull(),
                "Where closing a ticket resolves it too, say 'closing_resolves: yes' in the "
                "mapping, which changes nothing for those cancelled before; else map the column "
                "that holds the moment.",
            ),
        ),
    )


def closed_missing(t: ir.Table) -> Rule:
    """Find tickets that are closed and do not say when."""
    return Rule(
        Subject("closed_missing", "Closing known", ("closed_at",)),
        t.closed_at.isnull() & (t.phase == CLOSED_PHASE),
        "{n} of {of} tickets are closed and carry no moment of closing; they count as not closed.",
        "Map the column that holds it, or leave closed_at out so that history says it.",
    )


def team_missing(t: ir.Table) -> Rule:
    """Find tickets that nobody holds."""
    return Rule(
        Subject("team_missing", "Team known", ("team",), worst="warn"),
        t.team.isnull(),
        "{n} of {of} tickets name no team.",
        "Splits by team show them as missing.",
    )


def resolved_against_history(t: ir.Table) -> Rule:
    """Find done tickets whose field for the resolution is not what their history shows."""
    return _moments_differ(t, "resolved", "resolution")


def closed_against_history(t: ir.Table) -> Rule:
    """Find done tickets whose field for the closing is not what their history shows."""
    return _moments_differ(t, "closed", "closing")


def _moments_differ(t: ir.Table, name: str, noun: str) -> Rule:
    own, told = micros(t[f"{name}_at"]), micros(t[f"history_{name}_at"])
    apart = (own - told).abs() > MICROS_PER_HOUR
    # A ticket that was reopened and is open has no end: an empty field is right there.
    return Rule(
        Subject(
            f"{name}_against_history",
            f"The {noun} agrees with history",
            (f"{name}_at",),
            worst="warn",
        ),
        ~t.open & (apart | (own.isnull() & told.notnull())),
        "{n} of {of} tickets have a field for their " + noun + " that is empty or more than an "
        "hour from what their history shows.",
        TRUST,
    )


def reopen_against_history(t: ir.Table) -> Rule:
    """Find tickets whose count of reopenings is not their history's."""
    return _counts_differ(t, "reopen", "Reopenings", "reopenings")


def handoff_against_history(t: ir.Table) -> Rule:
    """Find tickets whose count of handoffs is not their history's."""
    return _counts_differ(t, "handoff", "Handoffs", "changes of team")


def _counts_differ(t: ir.Table, name: str, title: str, noun: str) -> Rule:
    own, told = t[f"{name}_count"], t[f"history_{name}_count"]
    return Rule(
        Subject(
            f"{name}_against_history",
            f"{title} agree with history",
            (f"{name}_count",),
            worst="warn",
        ),
        own != told,
        "{n} of {of} tickets count other " + noun + " than their history shows.",
        TRUST,
        own.notnull() & told.notnull(),
        f"Not compared: no ticket has both a count of {noun} of its own and a history of them.",
    )
