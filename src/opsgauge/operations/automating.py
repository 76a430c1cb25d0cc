"""Which work a program could do, and whether it is stable enough to be automated, as answers.

Floor 5. The arithmetic is in `analysis.waiting.automation`.
"""

from dataclasses import dataclass
from typing import Any

from opsgauge.analysis.waiting import automation as auto
from opsgauge.foundation.units import whole
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection
from opsgauge.operations.waiting_tables import Told, tables_of, told
from opsgauge.warehouse.portable import micros_at


@dataclass(frozen=True)
class Automatable:
    """Every kind of work, candidates for automation first."""

    rows: tuple[auto.Candidate, ...]
    told: Told

    @property
    def candidates(self) -> tuple[auto.Candidate, ...]:
        """Those that are short, wait long and are the same every time."""
        return tuple(each for each in self.rows if each.is_candidate)

    @property
    def sentence(self) -> str:
        """How many kinds of work could be automated, in words."""
        found = self.candidates
        if not found:
            return "No kind of work is short, waits long and is done the same way every time"
        stable = [each for each in found if each.gate is auto.Gate.OPEN]
        hours = whole(sum(each.hours for each in stable))
        kinds = "1 kind of work is" if len(found) == 1 else f"{len(found)} kinds of work are"
        return (
            f"{kinds} short, waiting long and the same every time; {len(stable)} of them stable, "
            f"with {hours} hours of work"
        )

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "sentence": self.sentence,
            "fewest_tickets": auto.FEWEST,
            **self.told.as_json(),
            "rows": [
                {
                    **{k: v for k, v in vars(each).items() if k not in ("work", "wait", "gate")},
                    "work_hours_median": each.work,
                    "wait_hours_median": each.wait,
                    "candidate": each.is_candidate,
                    "gate": str(each.gate),
                }
                for each in self.rows
            ],
        }


def automatable(ctx: Context, chosen: Selection | None = None) -> Automatable:
    """Return which kinds of work of the tickets chosen a program could do; needs `map:read`."""
    ctx.require("map:read")
    return ctx.opened().once(("automatable", ctx.scope, chosen), lambda: _automatable(ctx, chosen))


def _automatable(ctx: Context, chosen: Selection | None) -> Automatable:
    (tables, together), opened = tables_of(ctx, chosen), ctx.opened()
    each = auto.ticket_rows(tables.tickets, tables.history, opened.periods.bucket_us)
    run = opened.engine.run
    found = auto.kinds(
        run(auto.kind_rows(each)),
        run(auto.path_counts(each)),
        run(auto.month_rows(each)),
        _whole_months(ctx),
    )
    texts = any(one.same_text is not None for one in found)
    notes = (
        () if texts else ("No text of tickets is kept, so whether it is the same is not asked.",)
    )
    columns = ("phase", "category", "opened_at", "resolved_at")
    return Automatable(tuple(found), told(ctx, chosen, together, columns, notes))


def _whole_months(ctx: Context) -> list[str]:
    """Return the months that lie wholly in the records, in order."""
    opened = ctx.opened()
    first, last = micros_at(opened.periods.first), micros_at(opened.watermark)
    rows = opened.periods.period_ends.to_pylist()
    return [
        row["label"]
        for row in sorted(rows, key=lambda row: row["start_us"])
        if row["grain"] == "month" and first <= row["start_us"] and row["end_us"] <= last
    ]
