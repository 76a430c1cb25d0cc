"""The facts by which one sees at once whether the numbers can be trusted.

Floor 5. They sum up the checks; the whole list is `check.check`.
"""

from dataclasses import dataclass

from opsgauge.foundation.units import instant, percent, whole
from opsgauge.log.checks.gaps import GAPS
from opsgauge.operations.check import check
from opsgauge.operations.checked import Check, Checked
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import counted, days_words
from opsgauge.warehouse.portable import summed

ORDER = ("update_order", "before_opening", "order_of_moments", "closed_before_resolved")
SHOWN = 2  # stretches without records that are named
MISSING = ("resolved_missing",)


@dataclass(frozen=True)
class Fact:
    """One fact: what about, a figure, the words behind it, its state, and the check that saw it."""

    term: str
    figure: str
    words: str
    state: str = "pass"  # of the check: "pass", "note", "warn" or "fail"
    check: str = ""  # its id; "" where no check is behind it


def trust_facts(ctx: Context) -> tuple[Fact, ...]:
    """Return the facts of the data version, and one more where no records came for days.

    Needs `check:read`.
    """
    checked = check(ctx)
    seen = {each.id: each for each in checked.checks}
    version = ctx.opened().version
    latest = version.watermark.astimezone(ctx.workspace.zone) if version.watermark else None
    return (
        Fact("Freshness", instant(latest), "is the latest change read"),
        *_read_and_kept(ctx, checked, seen),
        _out_of_order([seen[name] for name in ORDER if name in seen]),
        _missing([seen[name] for name in MISSING if name in seen]),
        _held_back(checked.checks),
        *_gaps(seen[GAPS.id]),
    )


def _read_and_kept(ctx: Context, checked: Checked, seen: dict[str, Check]) -> tuple[Fact, ...]:
    """Say how much was read; to whom some records are hidden, of those that are seen."""
    if ctx.scope.hides:
        tickets = ctx.tables.tickets
        asked = tickets.aggregate(n=tickets.count(), updates=summed(tickets.update_count.sum()))
        [row] = ctx.opened().engine.run(asked).to_pylist()
        words = f"changes of {_tickets(row['n'])} that you may see"
        return (Fact("Read", whole(int(row["updates"] or 0)), words),)
    version = ctx.opened().version
    refused = "none refused" if not checked.rejected else f"{whole(checked.rejected)} refused"
    return (
        Fact(
            "Read and kept",
            whole(version.updates),
            f"changes of {_tickets(version.tickets)}, {refused}",
            seen["rejected_records"].state,
            "rejected_records",
        ),
        _unknown_words(seen["unmapped_words"]),
    )


def _tickets(count: int) -> str:
    return "1 ticket" if count == 1 else f"{whole(count)} tickets"


def _unknown_words(found: Check) -> Fact:
    words = "words of the tool that the mapping does not know"
    if found.count:
        words = f"changes carry {_example(found)}, which the mapping does not know"
    return Fact("Unknown words", whole(found.count), words, found.state, found.id)


def _example(found: Check) -> str:
    # An example is written as: field 'word': times
    named = [text.rsplit(":", 1)[0].split(" ", 1)[-1] for text in found.examples]
    return named[0] if len(named) == 1 else f"{len(named)} or more words"


def _out_of_order(found: list[Check]) -> Fact:
    worst = _worst(found)
    if worst is None:
        return Fact("Out of order", "0", "changes or moments lie out of order")
    words = {
        "update_order": "changes are dated before the one they follow",
        "before_opening": "changes are dated before their ticket was opened",
        "order_of_moments": "tickets end before they begin",
        "closed_before_resolved": "tickets are closed before they are resolved",
    }[worst.id]
    return Fact("Out of order", whole(worst.count), words, worst.state, worst.id)


def _missing(found: list[Check]) -> Fact:
    worst = _worst(found)
    if worst is None:
        return Fact("Missing times", "0", "tickets are done and do not say when")
    return Fact(
        "Missing times",
        percent(worst.share or 0.0),
        "of tickets are done and do not say when; they count as not resolved",
        worst.state,
        worst.id,
    )


def _held_back(checks: tuple[Check, ...]) -> Fact:
    failed = [each for each in checks if each.critical and each.state == "fail"]
    if not failed:
        return Fact("Held back", "Nothing", f"none of {len(checks)} checks withholds a number")
    touched = {metric for each in failed for metric in each.affects}
    what = "every metric" if "*" in touched else f"{len(touched)} metrics"
    return Fact(
        "Held back",
        f"{len(failed)} of {len(checks)} checks",
        f"withhold {what}",
        "fail",
        failed[0].id,
    )


def _gaps(found: Check) -> tuple[Fact, ...]:
    if not found.stretches:
        return ()
    newest = found.stretches[-SHOWN:]
    days = ", ".join(days_words(each.first, each.last) for each in newest)
    more = len(found.stretches) - len(newest)
    words = f"without a record where many are usual: {days}{f' and {more} more' if more else ''}"
    return (Fact("No records", counted(found.count, "day"), words, found.state, found.id),)


def _worst(found: list[Check]) -> Check | None:
    order = ("pass", "note", "warn", "fail")
    seen = [each for each in found if each.count]
    return max(seen, key=lambda each: (order.index(each.state), each.count)) if seen else None
