"""What Home says over its claims: how many things matter, what came in, what is not sure.

Floor 5.
"""

from collections.abc import Mapping, Sequence

from opsgauge.foundation.units import percent, whole
from opsgauge.operations.claims import Claim
from opsgauge.operations.drawing.words import period_brief
from opsgauge.operations.looked import Look, Weeks
from opsgauge.operations.open_signals import OpenSignal
from opsgauge.operations.phrases import when
from opsgauge.operations.standing import ChartKey, Standing

OPENED, RESOLVED = "tickets_opened", "tickets_resolved"
HELD = "The data is suspect, so no number is shown"
MOST_CLAIMS = 3
_COUNTS = ("none", "one", "two", "three")


def headline(seen: Look, counts: tuple[int, int, int], over: Weeks) -> str:
    """Say how many things matter, and what is with the rest.

    Parameters
    ----------
    counts : of claims, of charts that are news beside them, and of those that may be chance
    """
    if _all_held(seen):
        return HELD
    claims, others, unsure = counts
    week = when(over.newest, over.to.year)
    more = f"{others} more signal{'s stand' if others > 1 else ' stands'} below"
    if not claims:
        if others:
            return f"Nothing is sure enough to claim {week}; {more.replace(' more', '')}"
        if unsure:
            broken = "one chart breaks" if unsure == 1 else f"{unsure} charts break"
            return f"Nothing is sure enough to claim {week}; {broken} a rule, perhaps by chance"
        return f"Nothing left its limits {week}"
    things = f"{_COUNTS[claims].capitalize()} thing{'s' if claims > 1 else ''}"
    matter = "matter" if claims > 1 else "matters"
    if claims == MOST_CLAIMS:
        return f"{things} that {matter} {week}" + (f"; {more}" if others else "")
    nothing = "nothing else is sure enough to claim" if unsure else "nothing else left its limits"
    return f"{things} {matter} {week}; {more if others else nothing}"


def _all_held(seen: Look) -> bool:
    """Say whether a failed check withholds every number there would be."""
    there = [each for each in seen.values() if each.why != "missing"]
    return bool(there) and all(each.why == "withheld" for each in there)


def why(seen: Look, name: str, over: Weeks) -> str:
    """Say what came in and what was done."""
    opened, resolved = (_counted(seen, metric) for metric in (OPENED, RESOLVED))
    if opened is None:
        return ""
    done = "" if resolved is None else f" and {whole(resolved)} were resolved"
    return f"{whole(opened)} {name}s came in{done} {when(over.newest, over.to.year)}."


def _counted(seen: Look, metric: str) -> float | None:
    value = seen[metric].value if metric in seen else None
    return value.value if value else None


def unsure_team(
    full: Sequence[OpenSignal],
    claims: Sequence[Claim],
    name: str,
    judged: Mapping[ChartKey, Standing],
) -> str:
    """Say what the fullest team holds where chance may be the reason, and why it may be.

    Parameters
    ----------
    judged : how each chart stands among all that were looked at
    """
    told = {each.where for each in claims}
    if not full or full[0].where in told or full[0].looked.charted is None:
        return ""
    team, usual = full[0].where[0].partition("=")[2], full[0].looked.charted.centre
    newest, since = full[0].value.period, full[0].since
    run = "" if since == newest else f" and it has held more since {period_brief(since)}"
    told_ = (
        f" {team} holds {whole(full[0].value.value or 0)} open {name}s, where {whole(usual)} is "
        f"normal{run}"
    )
    standing = judged.get((full[0].looked.metric, full[0].where))
    if standing is None:
        return f"{told_}; among {len(judged)} charts, that is not sure enough to claim."
    return (
        f"{told_}. What is open stays open, so its weeks lean on each other: chance alone puts the "
        f"newest so far from those before in {percent(standing.odds)} of such charts, which among "
        f"{len(judged)} charts is not sure enough to claim."
    )
