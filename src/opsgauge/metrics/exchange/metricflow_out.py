"""The catalogue as MetricFlow's YAML: semantic models with measures, and metrics of them.

Floor 3. The form with measures is written, which every dbt since 1.6 reads. A metric becomes one
of theirs for its first statistic; the whole paragraph goes along under `config.meta`, so that
nothing is lost on the way back. What MetricFlow cannot say (stocks, ages, repeats, geometric means,
times in phases) is named with its reason.

Source: docs.getdbt.com, Semantic models; Measures; Metrics (specification before 1.12).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from opsgauge.metrics.dated import Amount, Count, Dated, Distinct, Duration, Share, Sum, TimeShare
from opsgauge.metrics.definition import Ratio, Total
from opsgauge.metrics.exchange.sql_words import NotCarried, column, criteria, filters, number
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.paragraph import Paragraph, quantile_of
from opsgauge.metrics.subject import SUBJECTS, Subject

OURS = "opsgauge"  # under `config.meta`: the whole paragraph
PARTS = ("_numerator", "_denominator")  # two signs "_" in a row are not allowed in a name
A_DAY = {"time_granularity": "day"}
Plain = dict[str, Any]


@dataclass
class Carried:
    """What was carried over, and what was not."""

    measures: dict[str, list[Plain]] = field(default_factory=dict)  # by table
    metrics: list[Plain] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)

    def document(self) -> Plain:
        """Return the YAML document."""
        models = [_model(SUBJECTS[table], found) for table, found in self.measures.items()]
        return {"semantic_models": models, "metrics": self.metrics}


def carried(metrics: Iterable[Metric]) -> Carried:
    """Return the metrics as MetricFlow says them.

    A ratio or a total is carried after its parts, and only if all of them were.
    """
    out, waiting = Carried(), list(metrics)
    for metric in sorted(waiting, key=_depth):
        try:
            _carry(metric, out)
        except NotCarried as reason:
            out.left_out[metric.name] = str(reason)
    order = {f"{m.name}{end}": place for place, m in enumerate(waiting) for end in ("", *PARTS)}
    out.metrics.sort(key=lambda said: order[said["name"]])
    return out


def _depth(metric: Metric) -> int:
    return 1 + max((_depth(part) for part in metric.parts), default=0)


def _carry(metric: Metric, out: Carried) -> None:
    plain = metric.definition
    if isinstance(plain, Ratio | Total):
        _composed(metric, plain, out)
    elif type(plain) in (Share, TimeShare):
        _share(metric, plain, out)
    else:
        measure = _measure(plain)
        name = _add(metric.name, measure, plain, out)
        out.metrics.append(_metric(metric, "simple", _of_measure(name, plain)))


def _composed(metric: Metric, plain: Ratio | Total, out: Carried) -> None:
    lacking = [name for name in plain.of_metrics if name in out.left_out]
    if lacking:
        raise NotCarried(f"it is made of {' and '.join(lacking)}, which could not be carried")
    if isinstance(plain, Ratio):
        above, below = (_input(part, plain) for part in metric.parts)
        params: Plain = {"numerator": above, "denominator": below}
        out.metrics.append(_metric(metric, "ratio", params))
        return
    inputs = [_input(part, plain) for part in metric.parts]
    params = {"expr": " + ".join(each["name"] for each in inputs), "metrics": inputs}
    out.metrics.append(_metric(metric, "derived", params))


def _input(part: Metric, whole: Paragraph) -> Plain:
    """Return what a part adds to the whole, held to the whole's own conditions.

    A share adds the records that it counts.
    """
    name = f"{part.name}{PARTS[0]}" if part.kind == "share" else part.name
    found = filters(whole, part.subject)
    return {"name": name, **({"filter": " AND ".join(found)} if found else {})}


def _share(metric: Metric, plain: Paragraph, out: Carried) -> None:
    """Carry a share as a ratio of two simple metrics, so that it stays a quotient of sums."""
    above, below = _both(plain)
    names = [f"{metric.name}{end}" for end in PARTS]
    for name, expression in zip(names, (above, below), strict=True):
        measure = {"agg": "sum", "expr": expression}
        measured = _add(name, measure, plain, out)
        out.metrics.append(_part(name, metric, _of_measure(measured, plain)))
    params: Plain = {"numerator": names[0], "denominator": names[1]}
    out.metrics.append(_metric(metric, "ratio", params))


def _both(plain: Paragraph) -> tuple[str, str]:
    if isinstance(plain, TimeShare):
        if plain.phases:
            raise NotCarried("it counts the time in phases, which is in the history of tickets")
        units = plain.subject.micros(plain.part or ""), plain.subject.micros(plain.whole)
        told = (plain.part, plain.whole, plain.period_by)
        known = " AND ".join(f"{name} IS NOT NULL" for name in told)
        return (
            f"CASE WHEN {known} THEN {plain.part} * {units[0]} END",
            f"CASE WHEN {known} THEN {plain.whole} * {units[1]} END",
        )
    if not isinstance(plain, Share):
        raise NotCarried("it is no share")
    there = f"{column(plain.period_by)} IS NOT NULL"
    within = f"{there} AND {criteria(plain.denominator)}" if plain.denominator else there
    # A record of which the column says nothing does not meet it: CASE takes the ELSE then.
    return (
        f"CASE WHEN {within} AND {criteria(plain.numerator)} THEN 1 ELSE 0 END",
        f"CASE WHEN {within} THEN 1 ELSE 0 END",
    )


def _measure(plain: Paragraph) -> Plain:
    if isinstance(plain, Count):
        return {"agg": "count", "expr": column(plain.period_by)}
    if isinstance(plain, Distinct):
        return {"agg": "count_distinct", "expr": _dated(plain, plain.column)}
    if isinstance(plain, Sum):
        if plain.subject.is_money(plain.column):
            raise NotCarried("its money may be in several currencies, which would be added up")
        return {"agg": "sum", "expr": _dated(plain, number(plain))}
    if isinstance(plain, Duration) and _of_days(plain):
        raise NotCarried("it lies between days, which have no time of day to subtract")
    if isinstance(plain, Duration | Amount):
        statistic = _statistic(plain.all_statistics[0])
        return {**statistic, "expr": _dated(plain, number(plain))}
    kind = getattr(plain, "kind", "")
    raise NotCarried(f"its kind, {kind}, is none that MetricFlow has")


def _of_days(plain: Duration) -> bool:
    """Say whether one of its moments is a day without a time."""
    columns = (plain.subject.column(name) for name in (plain.from_, plain.to))
    return any(each is not None and each.type == "day" for each in columns)


def _dated(plain: Dated, expression: str) -> str:
    """Return an expression of records that have the moment that dates them, as ours counts."""
    return f"CASE WHEN {column(plain.period_by)} IS NOT NULL THEN {expression} END"


def _statistic(name: str) -> Plain:
    if name == "mean":
        return {"agg": "average"}
    if name == "median":
        return {"agg": "median"}
    quantile = quantile_of(name)
    if quantile is None:
        raise NotCarried(f"its statistic, {name}, is none that MetricFlow has")
    return {
        "agg": "percentile",
        "agg_params": {"percentile": quantile, "use_discrete_percentile": False},
    }


def _add(name: str, measure: Plain, plain: Paragraph, out: Carried) -> str:
    assert isinstance(plain, Dated)  # noqa: S101 - what has a measure has a moment
    said = {"name": f"{name}_measure", **measure, "agg_time_dimension": plain.period_by}
    out.measures.setdefault(plain.of, []).append(said)
    return str(said["name"])


def _of_measure(name: str, plain: Paragraph) -> Plain:
    found = filters(plain)
    return {"measure": {"name": name, **({"filter": " AND ".join(found)} if found else {})}}


def _metric(metric: Metric, kind: str, params: Plain) -> Plain:
    plain = metric.definition
    paragraph = plain.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {
        "name": metric.name,
        "label": plain.title,
        "description": plain.question,
        "type": kind,
        "type_params": params,
        "config": {"meta": {OURS: paragraph}},
    }


def _part(name: str, metric: Metric, params: Plain) -> Plain:
    return {
        "name": name,
        "label": f"{metric.definition.title}: {name.rsplit('_', 1)[-1]}",
        "type": "simple",
        "type_params": params,
        "config": {"meta": {f"{OURS}_part_of": metric.name}},
    }


def _model(subject: Subject, measures: list[Plain]) -> Plain:
    """Return a table as a semantic model: its keys, its columns, what is measured of it."""
    entities: list[Mapping[str, str]] = [
        {"name": subject.noun.replace(" ", "_"), "type": "primary", "expr": subject.key[-1]}
    ]
    if subject.ticket and not subject.is_tickets:
        entities.append({"name": "ticket", "type": "foreign", "expr": subject.ticket})
    times = [
        {"name": name, "type": "time", "expr": column(name), "type_params": A_DAY}
        for name in subject.moments
    ]
    words = [
        {"name": each.name, "type": "categorical"}
        for each in subject.table.columns
        if each.dimension and not each.person and each.name not in subject.moments
    ]
    return {
        "name": subject.name,
        "model": f"ref('{subject.name}')",
        "entities": entities,
        "dimensions": [*times, *words],
        "measures": measures,
    }
