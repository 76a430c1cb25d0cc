"""What a failed critical check does to numbers: they are suspect, or withheld.

Floor 5. A suspect number goes to programs with its mark; pages show the reason in its place. What
the workspace's setting `withhold_on` names withholds the number from programs too. Records behind
a number are shown all the same: by them one finds what is wrong.
"""

from collections.abc import Iterable, Sequence

from opsgauge.foundation.errors import NumbersWithheld
from opsgauge.operations.answers import Value
from opsgauge.operations.check import suspect, titles, withholding
from opsgauge.operations.context import Context


def withheld_by(ctx: Context, failed: Iterable[str]) -> tuple[str, ...]:
    """Return those of the failed checks that withhold the numbers they touch from everybody."""
    gate = withholding(ctx)
    return tuple(each for each in failed if each in gate)


def refuse_withheld(ctx: Context, failed: Sequence[str]) -> None:
    """Refuse numbers that failed checks withhold.

    Raises
    ------
    NumbersWithheld : naming the checks
    """
    gone = withheld_by(ctx, failed)
    if not gone:
        return
    named = " and ".join(f"‘{title}’" for title in titles(ctx, gone))
    fails = "a check fails" if len(gone) == 1 else "checks fail"
    raise NumbersWithheld(
        f"These numbers are withheld, since {fails} on which they stand: {named}.",
        hint="See opsgauge check. They are shown again as soon as the data no longer fails; "
        "withhold_on in the settings says which checks withhold.",
    )


def let_through(ctx: Context, columns: Iterable[str]) -> tuple[str, ...]:
    """Return the failed checks that make numbers of these columns suspect.

    Raises
    ------
    NumbersWithheld : one of them withholds the numbers
    """
    failed = suspect(ctx, columns)
    refuse_withheld(ctx, failed)
    return failed


def blanked(rows: Iterable[Value]) -> tuple[Value, ...]:
    """Return rows without their numbers: which periods and groups there are, and no more."""
    return tuple(Value(row.period, row.by, 0, None, suppressed=True) for row in rows)
