"""Restated periods: numbers that were over and published, and are others now, with why.

Floor 5. An earlier data version is asked the same question, with the definition that it was made
with. Where that definition on the data of now gives another value than on the data of then, data
came late (or left); where the definition of now gives another value than it, the definition was
corrected. Nothing is kept of a comparison but in the memory of the data version that was asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import isclose
from typing import Any

from opsgauge.foundation.errors import ColumnsMissing, QueryWrong, UnknownVersion
from opsgauge.log.periods import ALL, GRAINS
from opsgauge.metrics import explain as explaining
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.question import Question, check_question
from opsgauge.metrics.series import Point, points
from opsgauge.operations.answers import published
from opsgauge.operations.context import Context
from opsgauge.operations.definitions_kept import catalogue_at
from opsgauge.operations.gate import let_through
from opsgauge.operations.measure import must_have_columns
from opsgauge.operations.renewed import templates
from opsgauge.warehouse import versions
from opsgauge.warehouse.versions import DataVersion

LATE, CORRECTED = "late data", "corrected definition"
USUAL_PERIOD = "month"
MOST_ASKED = 12  # versions between two that are compared
SAME = 1e-9  # relative; sums of the same numbers differ by less, whatever the order
Key = tuple[str, tuple[str | None, ...]]
Answers = Mapping[Key, Point]


@dataclass(frozen=True)
class Restated:
    """One value of a period that was over, as it was published and as it is now."""

    period: str
    by: Mapping[str, str | None]
    old: float | None
    new: float | None
    old_n: int
    new_n: int
    why: tuple[str, ...]  # of LATE and CORRECTED
    since: int  # the data version from which on the value of now stands

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        told = {name: value for name, value in vars(self).items() if name != "since"}
        by_and_why = {"by": dict(self.by), "why": list(self.why)}
        return {**told, **by_and_why, "since_data_version": self.since}


@dataclass(frozen=True)
class Restatement:
    """What an earlier data version said, where another is said now."""

    metric: Metric
    statistic: str
    question: Question
    sentence: str
    then: DataVersion
    now: DataVersion
    old_definition: str
    rows: tuple[Restated, ...]
    periods: int  # that were over then, and are compared
    caveat: str = ""
    suspect: tuple[str, ...] = ()

    @property
    def unit(self) -> str:
        """The unit of the values."""
        return self.metric.definition.unit

    @property
    def valid_from(self) -> date | None:
        """From when the definition of now is valid, where it says so."""
        return self.metric.definition.valid_from

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "metric": self.metric.name,
            "unit": self.unit,
            "statistic": self.statistic,
            "period": self.question.period,
            "sentence": self.sentence,
            "data_version": self.now.version,
            "compared_with": _version(self.then),
            "definition": {
                "old": self.old_definition,
                "new": self.metric.definition_hash,
                "version": self.metric.definition.version,
                "valid_from": published(self.valid_from),
            },
            "periods_compared": self.periods,
            "caveat": self.caveat,
            "suspect": list(self.suspect),
            "restated": [row.as_json() for row in self.rows],
        }


def _version(of: DataVersion) -> dict[str, Any]:
    made_at: datetime = of.made_at
    return {"data_version": of.version, "made_at": published(made_at), "what": of.what}


def restated(ctx: Context, question: Question, compare_version: int | None = None) -> Restatement:
    """Compare what is said of periods that were over with what an earlier data version said.

    Needs `metric:read`.

    Parameters
    ----------
    compare_version : that version; else the one before the version read. Where there is none
        before, or it is the version read itself, only the definitions can differ.

    Raises
    ------
    UnknownVersion : there is no such version, or it is kept no longer
    QueryWrong : it is a later one, or the question cannot be asked
    """
    ctx.require("metric:read")
    ctx = ctx.holding()
    metric = ctx.catalogue.get(question.metric)
    if question.period == ALL:
        period = max(USUAL_PERIOD, metric.finest, key=GRAINS.index)
        question = replace(question, period=period)
    question = check_question(metric, question)
    then = _earlier(ctx, compare_version)
    memo, key = ctx.opened().memo, _remembered_as(ctx, metric, question, then)
    if key not in memo:
        memo[key] = _compared(ctx, metric, question, then)
        if compare_version is None:
            memo[_newest_of(ctx, metric, question)] = memo[key]
    found: Restatement = memo[key]
    return found


def remembered(ctx: Context, question: Question) -> Restatement | None:
    """Return the comparison with the version before, if somebody asked for it; costs nothing."""
    metric = ctx.catalogue.get(question.metric)
    found: Restatement | None = ctx.opened().memo.get(
        _newest_of(ctx, metric, check_question(metric, question))
    )
    return found


def _remembered_as(ctx: Context, metric: Metric, question: Question, then: DataVersion) -> Any:
    return (*_newest_of(ctx, metric, question), then.version)


def _newest_of(ctx: Context, metric: Metric, question: Question) -> tuple[Any, ...]:
    return ("restated", metric.definition_hash, question, ctx.scope)


def _earlier(ctx: Context, asked: int | None) -> DataVersion:
    """Return the version to compare with."""
    now = ctx.opened().version
    if asked is not None:
        then = versions.get(ctx.warehouse, asked)
        if then.version > now.version:
            raise QueryWrong(
                f"Data version {then.version} is later than {now.version}, which is read.",
                hint="Compare with an earlier one.",
            )
        if then.watermark is None:
            raise UnknownVersion(f"Data version {then.version} holds no tickets.")
        return then
    before = [
        each
        for each in versions.all_versions(ctx.warehouse)
        if each.version < now.version and each.watermark is not None
    ]
    return before[-1] if before else now


def _compared(ctx: Context, metric: Metric, question: Question, then: DataVersion) -> Restatement:
    # Opened first: the version read stays open while this one is asked.
    old_ctx = ctx.at_version(then.version).holding() if then != ctx.opened().version else ctx
    catalogue, caveat = catalogue_at(ctx, then)
    old_metric = catalogue.metrics.get(metric.name)
    if old_metric is None:
        old_metric = metric
        caveat = f"Data version {then.version} did not know this metric; its definition is taken."
    old = old_ctx.opened()
    over = old.periods.label_at(old.watermark, question.period)
    was = _answers(old_ctx, old_metric, question)
    same = metric.definition_hash == old_metric.definition_hash
    must_have_columns(ctx, metric)
    new = _answers(ctx, metric, question)
    between = new if same else _answers(ctx, old_metric, question)
    keys = sorted(
        (key for key in {*was, *new} if key[0] < over),
        key=lambda key: (key[0], [value or "" for value in key[1]]),
    )
    restated = [key for key in keys if _differ(was.get(key), new.get(key))]
    why = {key: _why(key, was, between, new) for key in restated}
    late = {key for key in restated if why[key] == (LATE,)}
    since = _since(ctx, metric, question, then, {key: new.get(key) for key in late})
    rows = [
        Restated(
            key[0],
            dict(zip(question.by, key[1], strict=True)),
            *_values(was.get(key), new.get(key)),
            why[key],
            since.get(key, ctx.opened().version.version),
        )
        for key in restated
    ]
    return Restatement(
        metric=metric,
        statistic=question.statistic or "",
        question=question,
        sentence=explaining.sentence(metric, question),
        then=then,
        now=ctx.opened().version,
        old_definition=old_metric.definition_hash,
        rows=tuple(rows),
        periods=len({key[0] for key in keys}),
        caveat=caveat,
        suspect=let_through(ctx, metric.columns),
    )


def _answers(ctx: Context, metric: Metric, question: Question) -> Answers:
    """Return what a data version says; nothing where it lacks what the metric needs."""
    opened = ctx.opened()
    try:
        must_have_columns(ctx, metric)
        asked = check_question(metric, question)
        from_engine = opened.engine.run_sql(templates(ctx).query(metric, asked))
    except (ColumnsMissing, QueryWrong):  # its statistics or grains may have been others
        return {}
    made = points(from_engine, metric, asked, opened.periods, opened.watermark)
    return {(point.period, tuple(point.by.values())): point for point in made}


def _since(
    ctx: Context,
    metric: Metric,
    question: Question,
    then: DataVersion,
    now: Mapping[Key, Point | None],
) -> dict[Key, int]:
    """Return for each value of now the data version from which on it stands.

    The versions after `then` are asked, the newest first, until none of the values is met any more.
    """
    newest = ctx.opened().version.version
    found, open_ = dict.fromkeys(now, newest), set(now)
    between = [
        each
        for each in versions.all_versions(ctx.warehouse)
        if then.version < each.version < newest and each.watermark is not None
    ]
    for each in reversed(between[-MOST_ASKED:]):
        if not open_:
            break
        try:
            there = _answers(ctx.at_version(each.version), metric, question)
        except UnknownVersion:  # it is kept no longer
            break
        open_ = {key for key in open_ if not _differ(there.get(key), now[key])}
        found |= dict.fromkeys(open_, each.version)
    return found


def _values(old: Point | None, new: Point | None) -> tuple[float | None, float | None, int, int]:
    return (
        old.value if old else None,
        new.value if new else None,
        old.n if old else 0,
        new.n if new else 0,
    )


def _why(key: Key, was: Answers, between: Answers, new: Answers) -> tuple[str, ...]:
    late = _differ(was.get(key), between.get(key))
    corrected = _differ(between.get(key), new.get(key))
    return (LATE,) * late + (CORRECTED,) * corrected


def _differ(one: Point | None, other: Point | None) -> bool:
    """Say whether two say something else; no records and no answer say the same."""
    n = (one.n if one else 0, other.n if other else 0)
    if n[0] != n[1]:
        return True
    if not n[0]:
        return False
    values = (one.value if one else None, other.value if other else None)
    if values[0] is None or values[1] is None:
        return values[0] is not values[1]
    return not isclose(values[0], values[1], rel_tol=SAME, abs_tol=SAME)
