"""Published numbers computed again: the same value, or why it is another one.

Floor 5. A number is asked again of the data version it names, with the definition it was published
with, and of the newest with that of now. Where a value differs, it is by one of three things: the
data, the definition (the metric's own, or a file or setting that it stands on), or the code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isclose
from typing import Any

from opsgauge.foundation.code import code_version
from opsgauge.foundation.errors import Misuse, OpsgaugeError, UnknownVersion, WarehouseDamaged
from opsgauge.governance.published import Kept
from opsgauge.metrics.load import Catalogue
from opsgauge.metrics.question import Question
from opsgauge.operations.context import Context
from opsgauge.operations.definitions_kept import catalogue_of_then
from opsgauge.operations.measure import measure
from opsgauge.operations.publishing import (
    EXCLUSIONS,
    Publication,
    around,
    published_number,
    question_of,
)
from opsgauge.operations.restating import SAME
from opsgauge.warehouse import versions

Rows = Sequence[Mapping[str, Any]]


class Cause(StrEnum):
    """What makes a number another one."""

    DATA = "data"
    DEFINITION = "definition"
    CODE = "code"


@dataclass(frozen=True)
class Reason:
    """Why a number is another one now."""

    cause: Cause
    words: str


@dataclass(frozen=True)
class Difference:
    """One value that is another one; None where there is none."""

    period: str
    by: Mapping[str, str | None]
    was: float | None
    is_: float | None
    n_was: int | None
    n_is: int | None


@dataclass(frozen=True)
class Compared:
    """A published number beside what a data version gives now."""

    data_version: int
    differences: tuple[Difference, ...] = ()
    reasons: tuple[Reason, ...] = ()
    answered: bool = True  # False: this data version gives no answer any more; the reasons say why

    @property
    def same(self) -> bool:
        """Whether every value is the one that was published."""
        return self.answered and not self.differences

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "data_version": self.data_version,
            "same": self.same,
            "differences": [
                {("is" if k == "is_" else k): v for k, v in vars(each).items()}
                for each in self.differences
            ],
            "reasons": [{"cause": each.cause.value, "words": each.words} for each in self.reasons],
        }


@dataclass(frozen=True)
class Recomputed:
    """A published number computed again, of the data version it names and of the newest."""

    publication: Publication
    named: Compared
    newest: Compared

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "published": self.publication.as_json(),
            "named": self.named.as_json(),
            "newest": self.newest.as_json(),
            "code": code_version(),
        }


@dataclass(frozen=True)
class _Then:
    """What was published, and the catalogue that holds its definition, where that is known."""

    question: Question
    rows: Rows
    definition: Mapping[str, Any]
    code: str
    catalogue: Catalogue | None

    @property
    def exclusions(self) -> list[int]:
        """The exclusions that it stood under."""
        return list(self.definition.get(EXCLUSIONS, ()))


def recompute(ctx: Context, ref: str) -> Recomputed:
    """Compute a published number again, and explain what differs.

    Needs `published:read` and `metric:read`.

    Raises
    ------
    UnknownName : nothing was published under that ref
    RecordsDamaged : what is kept is not what was published
    """
    publication = published_number(ctx, ref)
    ctx.require("metric:read")
    kept = publication.number.kept
    question = question_of(dict(kept.question))
    catalogue = _catalogue_of(ctx, question.metric, kept)
    then = _Then(question, kept.answer["rows"], kept.definition, kept.code, catalogue)
    named, rows = _of_named(ctx, then, kept.data_version)
    return Recomputed(publication, named, _of_newest(ctx, then, named, rows))


def _catalogue_of(ctx: Context, metric: str, kept: Kept) -> Catalogue | None:
    """Return a catalogue in which the metric has that very definition; None where none is kept."""
    wanted = kept.definition["metric"]
    if _hash(ctx.catalogue, metric) == wanted:
        return ctx.catalogue
    try:
        version = versions.get(ctx.warehouse, kept.data_version)
        then = catalogue_of_then(ctx, version, kept.definition["texts"])
    except (UnknownVersion, WarehouseDamaged):
        return None
    return then if then is not None and _hash(then, metric) == wanted else None


def _hash(catalogue: Catalogue, metric: str) -> str:
    return catalogue.metrics[metric].definition_hash if metric in catalogue.metrics else ""


def _of_named(ctx: Context, then: _Then, version: int) -> tuple[Compared, Rows | None]:
    """Compare with what the named version gives by the published definition, or by that of now."""
    asked = ctx.at_version(version).leaving_out_these(then.exclusions)
    if then.catalogue is not None:
        asked = asked.going_by(then.catalogue)
    try:
        rows = _rows(asked, then.question)
    except (UnknownVersion, WarehouseDamaged) as gone:
        reason = Reason(Cause.DATA, f"Data version {version} cannot be read: {gone.message}")
        return Compared(version, reasons=(reason,), answered=False), None
    except Misuse as wrong:
        reason = _why_named(ctx, then, f" It cannot be asked any more: {wrong.message}")
        return Compared(version, reasons=(reason,), answered=False), None
    found = _differences(then.rows, rows)
    return Compared(version, found, (_why_named(ctx, then),) if found else ()), rows


def _why_named(ctx: Context, then: _Then, more: str = "") -> Reason:
    """Say why the named version does not give what was published."""
    if then.catalogue is None:
        now = _hash(ctx.catalogue, then.question.metric)
        return Reason(
            Cause.DEFINITION,
            f"The definition was {then.definition['metric']} and is {now or 'there no more'} now; "
            f"what was kept of then cannot be read, so that of now was asked.{more}",
        )
    changed = _changed_around(ctx, then)
    if changed:
        words = f"The metric is defined as it was, but {changed} is not as it was then.{more}"
        return Reason(Cause.DEFINITION, words)
    if then.code != code_version():
        words = (
            f"The data and the definition are those of then, but Opsgauge {then.code} computed it, "
            f"and this is {code_version()}.{more}"
        )
        return Reason(Cause.CODE, words)
    return Reason(
        Cause.DATA,
        "The definition and the code are those of then, so the stored tables of this data version "
        f"do not read as they did: see opsgauge check, or restore a backup.{more}",
    )


def _changed_around(ctx: Context, then: _Then) -> str:
    """Return the files and settings that numbers stand on and that changed, in words."""
    now = around(ctx)
    return ", ".join(name for name, value in now.items() if then.definition.get(name) != value)


def _of_newest(ctx: Context, then: _Then, named: Compared, of_named: Rows | None) -> Compared:
    """Compare with what the newest version gives by the definition of now."""
    try:
        held = ctx.holding()
        newest = held.opened().version.version
        rows = _rows(held, then.question)
    except OpsgaugeError as wrong:
        last = versions.latest(ctx.warehouse)
        cause = Cause.DATA if isinstance(wrong, WarehouseDamaged) else Cause.DEFINITION
        reason = Reason(cause, f"The newest data gives no answer: {wrong.message}")
        return Compared(last.version if last else 0, reasons=(reason,), answered=False)
    found = _differences(then.rows, rows)
    if not found:
        return Compared(newest)
    reasons = list(named.reasons)
    by_old = _by_old_definition(held, then)
    before = of_named if of_named is not None else then.rows
    if newest != named.data_version and by_old is not None and _differences(before, by_old):
        reasons.append(
            Reason(
                Cause.DATA,
                f"Data version {newest} holds other records than {named.data_version}: by the "
                "definition of then it gives another value, too.",
            )
        )
    now = _hash(ctx.catalogue, then.question.metric)
    left_out = [each.number for each in ctx.leaving_out(then.question.metric).left_out or ()]
    differs = by_old is not None and bool(_differences(by_old, rows))
    if differs and left_out != then.exclusions:
        words = f"It left out {_numbered(then.exclusions)} then, and {_numbered(left_out)} now."
        reasons.append(Reason(Cause.DEFINITION, words))
    if differs and now != then.definition["metric"]:
        reasons.append(
            Reason(
                Cause.DEFINITION,
                f"The definition was {then.definition['metric']} and is {now} now; by that of then "
                f"data version {newest} gives another value.",
            )
        )
    return Compared(newest, found, tuple(reasons) or (_why_named(ctx, then),))


def _numbered(exclusions: Sequence[int]) -> str:
    """Return exclusions in words."""
    if not exclusions:
        return "nothing"
    return "exclusion " + ", ".join(str(each) for each in exclusions)


def _by_old_definition(held: Context, then: _Then) -> Rows | None:
    if then.catalogue is None:
        return None
    as_then = held.going_by(then.catalogue).leaving_out_these(then.exclusions)
    try:
        return _rows(as_then, then.question)
    except OpsgaugeError:
        return None


def _rows(ctx: Context, question: Question) -> Rows:
    rows: Rows = measure(ctx.holding(), question).as_json()["rows"]
    return rows


def _differences(old: Rows, new: Rows) -> tuple[Difference, ...]:
    was, now = _by_key(old), _by_key(new)
    return tuple(
        Difference(
            period=key[0],
            by=dict(key[1]),
            was=was.get(key, {}).get("value"),
            is_=now.get(key, {}).get("value"),
            n_was=was.get(key, {}).get("n"),
            n_is=now.get(key, {}).get("n"),
        )
        for key in dict.fromkeys([*was, *now])
        if not _same(was.get(key), now.get(key))
    )


def _by_key(rows: Rows) -> dict[tuple[str, tuple[tuple[str, str | None], ...]], Mapping[str, Any]]:
    return {(row["period"], tuple(sorted(row["by"].items()))): row for row in rows}


def _same(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> bool:
    """Say whether a row says what the other did; what only the newer says is left aside."""
    if one is None or other is None:
        return one is other
    return all(_equal(value, other.get(name)) for name, value in one.items())


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, int | float):
        return isclose(one, other, rel_tol=SAME, abs_tol=SAME)
    return bool(one == other)
