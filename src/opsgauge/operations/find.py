"""Findings: what the records say by themselves, without anyone asking for a number.

Floor 5. Each detector gets the rows it asked for and answers with findings; it says itself how many
places it looked at, and takes that into account.
"""

from collections.abc import Hashable
from dataclasses import replace
from functools import partial

from opsgauge.analysis.mining.detector_limits import DetectorLimits, detector_limits
from opsgauge.foundation.finding import Evidence, Finding
from opsgauge.foundation.money import Money
from opsgauge.governance.access import decide
from opsgauge.operations.context import Context
from opsgauge.operations.detectors import DETECTORS, Asked
from opsgauge.operations.flow import Selection, chosen_tables
from opsgauge.operations.found import Found
from opsgauge.operations.gate import let_through
from opsgauge.operations.opened import FEW_UPDATES
from opsgauge.operations.pricing import an_hour_waited, priced
from opsgauge.operations.ranked import one_thing, ranked
from opsgauge.operations.small_teams import SmallTeams, small_teams, withheld_words

STANDS_ON = ("team", "opened_at")  # columns whose failed checks make findings suspect


def find(ctx: Context, chosen: Selection | None = None) -> Found:
    """Return what every detector finds in the tickets chosen, ranked in lanes.

    Needs `finding:read`.

    Raises
    ------
    SettingsWrong : the workspace sets a limit of detectors that there is not
    """
    ctx.require("finding:read")
    asked = None if chosen == Selection() else chosen
    found = ctx.opened().once(_key(ctx, asked), lambda: _find(ctx, asked))
    return _priced(found, an_hour_waited(ctx))


def known(ctx: Context) -> Found | None:
    """Return what was found among all tickets, where somebody looked before: it takes a while.

    None too for an actor who may not read findings.
    """
    answers = ctx.opened().answers
    if answers is None or not decide(ctx.actor, "finding:read").allowed:
        return None
    found: Found | None = answers.peek(_key(ctx, None))
    return found and _priced(found, an_hour_waited(ctx))


def find_ahead(ctx: Context) -> None:
    """Find among all tickets before anybody asks, where it is remembered and takes no minutes.

    Each data version is looked at once, also where looking fails.
    """
    opened, first = ctx.opened(), object()
    remembered = opened.answers is not None and opened.version.updates <= FEW_UPDATES
    if remembered and opened.memo.setdefault("found ahead", first) is first:
        find(ctx)


def _key(ctx: Context, chosen: Selection | None) -> Hashable:
    return ("find", ctx.scope, chosen, _limits(ctx))


def _limits(ctx: Context) -> DetectorLimits:
    return detector_limits(ctx.workspace.settings.detectors)


def _find(ctx: Context, chosen: Selection | None) -> Found:
    ctx = ctx.holding()
    provenance = ctx.provenance()
    evidence = partial(_evidence, provenance.data_version, chosen_words(chosen))
    tables, limits = chosen_tables(ctx, chosen), _limits(ctx)
    asked = Asked(ctx, ctx.opened(), tables, chosen, evidence, limits)
    looks = [partial(of.look, asked, evidence(of.question)) for of in DETECTORS]
    found = [each for findings in asked.opened.side_by_side(looks) for each in findings]
    small = small_teams(ctx)
    shown = ranked(finding for finding in found if not _tells_of_few(finding, small))
    few = sum(_tells_of_few(finding, small) for finding in found)
    return Found(
        findings=shown,
        provenance=provenance,
        suspect=let_through(ctx, STANDS_ON),
        notes=_withheld(few, small.fewest),
        one_thing=one_thing(shown),
    )


def _priced(found: Found, an_hour: Money | None) -> Found:
    if an_hour is None:
        return found
    findings = priced(found.findings, an_hour)
    return replace(found, findings=findings, one_thing=one_thing(findings), an_hour=an_hour)


def _evidence(data_version: int, of: str, question: str) -> Evidence:
    return Evidence(f"{question}{of}", data_version)


def _tells_of_few(finding: Finding, small: SmallTeams) -> bool:
    return any(small.are_few([team]) for team in finding.teams)


def _withheld(findings: int, fewest: int) -> tuple[str, ...]:
    if not findings:
        return ()
    said = "1 finding names a team" if findings == 1 else f"{findings} findings name teams"
    return (f"{said} of few people and is {withheld_words(fewest)}.",)


def chosen_words(chosen: Selection | None) -> str:
    """Return which tickets, as the end of a sentence."""
    if chosen is None:
        return ""
    parts = [f", where {condition.sentence()}" for condition in chosen.where]
    parts += [f", opened from {chosen.from_}"] if chosen.from_ else []
    parts += [f", opened up to {chosen.to}"] if chosen.to else []
    parts += [f", where {chosen.passed.sentence()}"] if chosen.passed else []
    return "".join(parts)
