"""What lasting changes are as findings: slower work, to be looked into, and faster, to be kept.

Floor 4, analysis. See `lasting_changes.py`. Of several parts of one kind's time that changed, the
least likely by chance is told, and the others beside it.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from opsgauge.analysis.mining.lasting_changes import WHOLE, Change, Kind
from opsgauge.foundation.finding import Evidence, Finding, Lane
from opsgauge.foundation.units import duration, whole

SLOWER, FASTER = "slower_service", "faster_service"
METHOD = "censored_rank_change_point"
LONGEST_WORDS = (
    "In the means the longest twentieth of waits count as the shortest of them, so that no single "
    "ticket makes a level."
)
PLURALS = {"incident": "Incidents", "request": "Requests", "problem": "Problems", "task": "Tasks"}


def change_findings(changes: Sequence[Change], looked: int, evidence: Evidence) -> list[Finding]:
    """Return a finding for each kind of work that changed.

    Parameters
    ----------
    changes : as `lasting_changes` gave them, the least likely by chance first
    looked : kinds of work looked at
    """
    of_kind: dict[Kind, list[Change]] = {}
    for change in changes:
        of_kind.setdefault(change.kind, []).append(change)
    return [_finding(told, looked, evidence) for told in of_kind.values()]


def _finding(told: Sequence[Change], looked: int, evidence: Evidence) -> Finding:
    change, *others = told
    kind, slower = change.kind, change.slower
    name = SLOWER if slower else FASTER
    low, high = sorted((change.low, change.high) if slower else (-change.high, -change.low))
    size = abs(change.after - change.before)
    return Finding(
        id=f"{name}-{kind.practice}-{kind.name}-{kind.team}",
        kind=name,
        lane=Lane.TIME,
        claim=f"{_subject(kind)} {claim_words(change)}",
        size=size,
        unit="hours",
        interval=(low, high),
        n=change.tickets,
        method=METHOD,
        evidence=evidence,
        worth_hours=size * change.later if slower else None,
        caveats=_caveats(change, looked),
        teams=(kind.team,),
        about=(f"practice={kind.practice}", f"{kind.column}={kind.name}", f"team={kind.team}"),
        odds=change.odds,
        look_next=_look_next(change),
        within=(change.earliest, change.latest + timedelta(days=6)),
        also=tuple(f"{_subject(kind)} {claim_words(each)}" for each in others),
    )


def _subject(kind: Kind) -> str:
    return f"{PLURALS.get(kind.practice, kind.practice)} of ‘{kind.name}’ at {kind.team}"


def claim_words(change: Change) -> str:
    """Return what changed, as the rest of a sentence."""
    since = f"since the week of {_day(change.since)}"
    between = (
        ""
        if change.earliest == change.latest
        else (f"; it began between {_day(change.earliest)} and {_day(change.latest)}")
    )
    if change.part == WHOLE:
        verb = "take longer" if change.slower else "are resolved sooner"
        return (
            f"{verb} {since}: {duration(change.after)} at the median, where "
            f"{duration(change.before)} was usual{between}."
        )
    more = "longer" if change.slower else "less"
    return (
        f"wait {more} for {change.part} {since}: {duration(change.after)} a ticket on average, "
        f"where {duration(change.before)} was usual{between}."
    )


def _caveats(change: Change, looked: int) -> tuple[str, ...]:
    worth = (
        "Worth is the difference times the tickets opened since: what would be saved by being as "
        "fast as before.",
    )
    return (
        f"{whole(looked)} kinds of work were looked at, and what each waited for; that is taken "
        "into account.",
        "Elapsed hours, nights and weekends included; open tickets count by how long they are open "
        "so far.",
        "What the other work of the practice did in the same weeks is taken away first, so a desk "
        "that slowed down as a whole is not told here.",
        *(() if change.part == WHOLE else (LONGEST_WORDS,)),
        *(worth if change.slower else ()),
    )


def _look_next(change: Change) -> str:
    if not change.slower:
        return (
            "Find out what was changed in those weeks, write it down, and see whether other kinds "
            "of work can have the same."
        )
    if change.part == WHOLE:
        return (
            "Compare the process maps of tickets opened before and since that week: which step "
            "takes longer? Then ask the team what changed in those weeks."
        )
    return (
        f"Read the longest waits for {change.part} since that week, and find out what changed in "
        "those weeks: an agreement, a contact, a rule?"
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
