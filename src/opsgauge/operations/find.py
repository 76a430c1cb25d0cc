"""Findings: what the records say by themselves, without anyone asking for a number.

Floor 5. Each detector gets the rows it asked for and answers with findings; it says itself how many
places it looked at, and takes that into account.
"""

from collections.abc import Callable

from opsgauge.analysis.demand.weekday_peak import arrivals, by_practice, weekday_peaks
from opsgauge.analysis.mining.ping_pong import pair_rows, pairs, ping_pong
from opsgauge.foundation.finding import Evidence, Finding
from opsgauge.log.door import LogTables
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection, chosen_tables
from opsgauge.operations.found import Found
from opsgauge.operations.gate import let_through
from opsgauge.operations.opened import OpenVersion
from opsgauge.operations.small_teams import SmallTeams, small_teams, withheld_words

STANDS_ON = ("team", "opened_at")  # columns whose failed checks make findings suspect
Detector = Callable[[OpenVersion, LogTables, Evidence], list[Finding]]


def find(ctx: Context, chosen: Selection | None = None) -> Found:
    """Return what every detector finds in the tickets chosen; kinds one after another.

    Needs `finding:read`.
    """
    ctx.require("finding:read")
    key = ("find", ctx.scope, chosen)
    return ctx.opened().once(key, lambda: _find(ctx, chosen))


def _find(ctx: Context, chosen: Selection | None) -> Found:
    opened, tables = ctx.opened(), chosen_tables(ctx, chosen)
    provenance, of = ctx.provenance(), chosen_words(chosen)
    found = [
        finding
        for query, detector in DETECTORS
        for finding in detector(opened, tables, Evidence(f"{query}{of}", provenance.data_version))
    ]
    small = small_teams(ctx)
    shown = tuple(each for each in found if not _tells_of_few(each, small))
    return Found(
        findings=shown,
        provenance=provenance,
        suspect=let_through(ctx, STANDS_ON),
        notes=_withheld(len(found) - len(shown), small.fewest),
    )


def _tells_of_few(finding: Finding, small: SmallTeams) -> bool:
    return any(small.are_few([team]) for team in finding.teams)


def _withheld(findings: int, fewest: int) -> tuple[str, ...]:
    if not findings:
        return ()
    said = "1 finding names a team" if findings == 1 else f"{findings} findings name teams"
    return (f"{said} of few people and is {withheld_words(fewest)}.",)


def _ping_pong(opened: OpenVersion, tables: LogTables, evidence: Evidence) -> list[Finding]:
    rows = opened.engine.run(pair_rows(tables.history, tables.tickets))
    return ping_pong(pairs(rows), evidence)


def _weekday_peaks(opened: OpenVersion, tables: LogTables, evidence: Evidence) -> list[Finding]:
    rows = opened.engine.run(arrivals(tables.tickets, opened.periods.bucket_us))
    return weekday_peaks(by_practice(rows), evidence)


DETECTORS: tuple[tuple[str, Detector], ...] = (
    ("Direct returns between each two teams", _ping_pong),
    ("Tickets opened by weekday and practice, in whole weeks", _weekday_peaks),
)


def chosen_words(chosen: Selection | None) -> str:
    """Return which tickets, as the end of a sentence."""
    if chosen is None:
        return ""
    parts = [f", where {condition.sentence()}" for condition in chosen.where]
    parts += [f", opened from {chosen.from_}"] if chosen.from_ else []
    parts += [f", opened up to {chosen.to}"] if chosen.to else []
    parts += [f", where {chosen.passed.sentence()}"] if chosen.passed else []
    return "".join(parts)
