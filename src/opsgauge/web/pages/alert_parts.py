"""Parts of the page Alerts: on what a rule fires, what fired, messages, silences.

Floor 6.
"""

from opsgauge.foundation.alerting import AlertRule
from opsgauge.governance.firings import SILENCED, Escalated, Firing
from opsgauge.operations.alerting.silencing import Silenced
from opsgauge.operations.alerting.telling import UNTOLD, path_of, sure_words
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import Said, capfirst, counted
from opsgauge.web.pages.frame import Values, View
from opsgauge.web.pages.posting import moment

QUIET = {"on": "concern", "to come": "held", "over": "steady", "ended early": "steady"}


def firing_values(seen: View, firing: Firing, rules: list[AlertRule]) -> Values:
    """Return a firing as the page takes it."""
    names = {rule.number: rule.name for rule in rules}
    mark = firing.mark
    return {
        "number": firing.number,
        "rule": names.get(firing.rule, f"Rule {firing.rule}"),
        "what": str(firing.told.get("what", "")),
        "sure": sure_words(firing.told, seen.ctx.workspace.settings.zone),
        "untold": str(firing.told.get(UNTOLD, "")),
        "silenced": SILENCED in firing.told,
        "escalated": [_escalated(seen, each) for each in firing.escalated],
        "href": path_of(firing.told),
        "at": moment(firing.made_at, seen.ctx),
        "goes_on": _goes_on(seen, firing),
        "mark": f"{capfirst(mark.kind)}: {mark.why}, by {mark.made_by}" if mark else "",
    }


def _escalated(seen: View, step: Escalated) -> str:
    """Say whom a firing was told next, and when."""
    whom = ", ".join(each for each in step.people if each) or f"channel {step.channel}"
    said = f"Told next: {whom}" if step.people else "Nobody could be told next"
    return f"{said}, {moment(step.made_at, seen.ctx)}. {step.why_not}".strip()


def _goes_on(seen: View, firing: Firing) -> str:
    """Say until when a firing lasted; "" where it told of something once."""
    if firing.cleared_at is None:
        return "still fires"
    if firing.cleared_at == firing.made_at:
        return ""
    return f"until {moment(firing.cleared_at, seen.ctx)}"


def letter_values(plain: Values, ctx: Context) -> Values:
    """Return a message as the page takes it."""
    tone = "concern" if plain["last_error"] and plain["state"] != "sent" else "steady"
    return {
        "said": Said(tone, capfirst(plain["state"])),
        "subject": plain["subject"],
        "to": ", ".join(each for each in (plain["channel"], plain["person"]) if each),
        "at": moment(plain["made_at"], ctx),
        "error": plain["last_error"] if plain["state"] != "sent" else "",
        "tries": f"tried {counted(plain['tries'], 'time')}; it is tried again",
    }


def silence_values(seen: View, one: Silenced, rules: list[AlertRule], may: bool) -> Values:
    """Return a silence as the page takes it, with what fired in it."""
    quiet, names = one.silence, {rule.number: rule.name for rule in rules}
    which = names.get(quiet.rule, f"Rule {quiet.rule}") if quiet.rule else "Every rule"
    return {
        "number": quiet.number,
        "said": Said(QUIET[one.state], capfirst(one.state)),
        "which": ", ".join([which, *(each.sentence() for each in quiet.segment)]),
        "why": quiet.why,
        "by": f"By {quiet.made_by}, {moment(quiet.made_at, seen.ctx)}",
        "from": moment(quiet.from_at, seen.ctx),
        "until": moment(quiet.until_at, seen.ctx),
        "firings": [
            {"number": each.number, "what": str(each.told.get("what", ""))} for each in one.firings
        ],
        "may_end": may and one.state in ("on", "to come"),
    }
