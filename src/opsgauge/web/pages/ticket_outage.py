"""The part of a ticket's page that tells of its outage: what counts, whose it is, and a form.

Floor 6.
"""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

from opsgauge.governance.moments import moment_of
from opsgauge.governance.outages import Outage
from opsgauge.log.tables import OF_OUTAGES
from opsgauge.operations.drawing.words import at, capfirst
from opsgauge.operations.outages import OutageTimes
from opsgauge.web.pages.frame import Values, View

WORDS = dict(zip(OF_OUTAGES, ("Began", "Detected"), strict=True))
FIELDS = ("started", "detected", "why")


def ticket_href(source: str, ticket_id: str) -> str:
    """Return the address of a ticket's page."""
    return f"/tickets/{quote(source, safe='')}/{quote(ticket_id, safe='/')}"


def outage_section(
    seen: View, ticket: Mapping[str, object], times: OutageTimes, typed: Values, fault: str
) -> Values | None:
    """Return what the page draws of an outage; None where there is none, and none is to be set."""
    may = not times.why_not
    if not times.any and not times.before and not (may and ticket["practice"] == "incident"):
        return None
    zone = seen.ctx.workspace.settings.zone
    decided = times.decided
    fields = {name: typed.get(name, "") for name in FIELDS}
    if decided and not typed:
        fields |= {
            "started": _typed(seen, decided.started_at),
            "detected": _typed(seen, decided.detected_at),
        }
    return {
        "rows": [
            {
                "what": WORDS[name],
                "counts": at(times.counts[name], zone),
                "told": at(times.told[name], zone),
                "decided": bool(decided and _decided(decided)[name]),
            }
            for name in OF_OUTAGES
        ]
        if times.any
        else [],
        "decided": _line(decided, zone) if decided else None,
        "before": [_line(each, zone) for each in reversed(times.before)],
        "form": fields if may else None,
        "source": ticket["source"],
        "ticket_id": ticket["ticket_id"],
        "end_href": f"/outages/{decided.number}/end" if may and decided else "",
        "fault": fault,
        "zone": zone,
    }


def _decided(outage: Outage) -> dict[str, datetime | None]:
    return dict(zip(OF_OUTAGES, (outage.started_at, outage.detected_at), strict=True))


def _typed(seen: View, moment: datetime | None) -> str:
    """Return an instant as a field of a form takes it, on the workspace's clock."""
    if moment is None:
        return ""
    return moment.astimezone(seen.ctx.workspace.zone).strftime("%Y-%m-%dT%H:%M:%S")


def _line(outage: Outage, zone: str) -> str:
    said = [
        f"{word.lower()} {at(moment, zone)}"
        for word, moment in zip(WORDS.values(), _decided(outage).values(), strict=True)
        if moment
    ]
    when = at(moment_of(outage.made_at), zone)
    over = f", until {at(moment_of(outage.ended_at), zone)}" if outage.ended_at else ""
    return f"{capfirst(', '.join(said))}: said by {outage.made_by} on {when}{over}. {outage.why}"
