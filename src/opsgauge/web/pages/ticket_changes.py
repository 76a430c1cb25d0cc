"""The part of a ticket's page that tells of changes made before it.

Floor 6.
"""

from urllib.parse import quote

from opsgauge.foundation.units import amount
from opsgauge.operations.changes_before import (
    ChangeBefore,
    ChangesBefore,
    how_words,
    usual_words,
)
from opsgauge.operations.drawing.words import capfirst
from opsgauge.web.pages.frame import Values, View, link, option

WINDOWS = ("24", "72", "168")  # offered, hours


def changes_section(seen: View, before: ChangesBefore) -> Values:
    """Return what `ticket.html` asks for; nothing where there is nothing to compare."""
    if not before.compared:
        return {"changes_before": None}
    now = f"{before.hours:g}"
    return {
        "changes_before": {
            "title": f"Changed within {now} hours before it",
            "words": before.words,
            "rows": [_row(seen, each) for each in before.changes],
            "more": before.more,
            "windows": [
                option(f"{each} h", f"{seen.address.having(hours=each)}#changed", each == now)
                for each in sorted({*WINDOWS, now}, key=float)
            ],
        }
    }


def _row(seen: View, change: ChangeBefore) -> Values:
    source, number = (quote(each, safe="") for each in (change.source, change.change_id))
    own = seen.address.to(f"/tickets/{source}/{number}") if change.here else ""
    what = (change.details[name] for name in ("type", "configuration_item", "service", "outcome"))
    return {
        "change": link(change.change_id, own),
        "what": ", ".join(each for each in what if each),
        "how": capfirst(how_words(change)),
        "ended": change.ended_at,
        "by_plan": change.by_plan,
        "under_way": not change.hours_before,
        "before": f"{amount(change.hours_before, 'hours')} before it"
        if change.hours_before
        else "still under way then",
        "near": usual_words(change),
        "named": change.named,
    }
