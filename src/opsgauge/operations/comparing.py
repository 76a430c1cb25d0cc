"""Two versions of a metric's definition, measured on the same data.

Floor 5. Before a definition is changed, one sees what the change does to the number.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from opsgauge.foundation.errors import DefinitionWrong, QueryWrong
from opsgauge.metrics.load import Catalogue, metrics_of, replaced, with_metrics
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.question import Question, check_question
from opsgauge.metrics.series import Point, points
from opsgauge.operations.catalogue import written
from opsgauge.operations.context import Context
from opsgauge.operations.measure import must_have_columns
from opsgauge.operations.renewed import templates

FILES = (".yaml", ".yml")
GIVEN = "the text given"  # what a definition that comes without a file is called


@dataclass(frozen=True)
class Difference:
    """What two definitions give in one period."""

    period: str
    one: Point | None
    other: Point | None

    @property
    def difference(self) -> float | None:
        """The second less the first; None where one of them has no value."""
        if not self.one or not self.other:
            return None
        if self.one.value is None or self.other.value is None:
            return None
        return self.other.value - self.one.value

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "period": self.period,
            "one": self.one.value if self.one else None,
            "other": self.other.value if self.other else None,
            "difference": self.difference,
            "n_one": self.one.n if self.one else 0,
            "n_other": self.other.n if self.other else 0,
        }


@dataclass(frozen=True)
class Compared:
    """Two definitions of a metric, what differs between them, and what they give."""

    one: Metric
    other: Metric
    changed: tuple[str, ...]  # keys of the paragraph that say something else
    data_version: int
    rows: tuple[Difference, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "metric": self.one.name,
            "unit": self.one.definition.unit,
            "one": {"origin": self.one.origin, "definition": self.one.definition_hash},
            "other": {"origin": self.other.origin, "definition": self.other.definition_hash},
            "changed": list(self.changed),
            "data_version": self.data_version,
            "rows": [row.as_json() for row in self.rows],
        }


def compare(ctx: Context, one: str, other: str, asked: Question) -> Compared:
    """Measure two definitions of one metric on the same data.

    Needs `metric:read`.

    Parameters
    ----------
    one, other : the name of a metric of the catalogue, or a file of metrics; at least one a file
    asked : period, days and filters; its metric is the one compared, "" where the files say which

    Raises
    ------
    DefinitionWrong : a file does not fit, or holds no metric to compare
    QueryWrong : it is not clear which metric is meant, or they are of different units
    """
    ctx.require("metric:read")
    name = _name(ctx, one, other, asked.metric)
    first, second = (_catalogue(ctx, each).get(name) for each in (one, other))
    return _compared(ctx, first, second, asked)


def compare_with_text(ctx: Context, text: str, asked: Question) -> Compared:
    """Measure a metric of the catalogue and another definition of it on the same data.

    Needs `metric:read`.

    Parameters
    ----------
    text : YAML in the catalogue's format, with the metric asked for among its names

    Raises
    ------
    DefinitionWrong : the text does not fit, or does not hold the metric
    QueryWrong : the two are of different units
    """
    ctx.require("metric:read")
    first = ctx.catalogue.get(asked.metric)
    own = metrics_of(text, GIVEN, first.practice, GIVEN)
    if asked.metric not in {metric.name for metric in own}:
        raise DefinitionWrong(f"{GIVEN} holds no metric {asked.metric!r}.")
    second = with_metrics(ctx.catalogue, own).get(asked.metric)
    return _compared(ctx, first, second, asked)


def _compared(ctx: Context, first: Metric, second: Metric, asked: Question) -> Compared:
    ctx = ctx.holding()
    if first.definition.unit != second.definition.unit:
        raise QueryWrong(
            f"One is in {first.definition.unit}, the other in {second.definition.unit}.",
            hint="They are two metrics: give the second a name of its own.",
        )
    old, new = written(first), written(second)
    changed = tuple(key for key in {**old, **new} if old.get(key) != new.get(key))
    asked = replace(asked, metric=first.name)
    answers = [_answer(ctx, each, asked) for each in (first, second)]
    periods = sorted({*answers[0], *answers[1]})
    rows = tuple(Difference(p, answers[0].get(p), answers[1].get(p)) for p in periods)
    return Compared(first, second, changed, ctx.opened().version.version, rows)


def _is_file(said: str) -> bool:
    return said.endswith(FILES)


def _catalogue(ctx: Context, said: str) -> Catalogue:
    return replaced(ctx.catalogue, Path(said)) if _is_file(said) else ctx.catalogue


def _name(ctx: Context, one: str, other: str, wanted: str) -> str:
    """Return the metric that both sides say something of."""
    named = [each for each in (one, other) if not _is_file(each)]
    if named and not wanted:
        return ctx.catalogue.get(named[0]).name
    files = [each for each in (one, other) if _is_file(each)]
    told = [{m.name for m in _catalogue(ctx, f) if m.origin == str(Path(f))} for f in files]
    both = sorted(set.intersection(*told)) if told else []
    if wanted:
        return wanted
    if not both:
        raise DefinitionWrong("The two files hold no metric of the same name.")
    if len(both) > 1:
        raise QueryWrong(
            f"Both files hold {len(both)} metrics of the same names.",
            hint=f"Choose one with --metric: {', '.join(both)}.",
        )
    return both[0]


def _answer(ctx: Context, metric: Metric, asked: Question) -> dict[str, Point]:
    question = check_question(metric, asked)
    must_have_columns(ctx, metric)
    opened = ctx.opened()
    from_engine = opened.engine.run_sql(templates(ctx).query(metric, question))
    made = points(from_engine, metric, question, opened.periods, opened.watermark)
    return {point.period: point for point in made}
