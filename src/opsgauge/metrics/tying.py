"""Ties the metrics of a catalogue together: pairs, successors, and what a metric is made of.

Floor 3. Paragraphs name other metrics; here those are found, and a circle is refused before
anything is measured.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from opsgauge.foundation.errors import DefinitionWrong, did_you_mean
from opsgauge.foundation.yaml_text import line_of
from opsgauge.metrics.definition import Composed
from opsgauge.metrics.metric import BUILT_IN, Metric
from opsgauge.metrics.paragraph import LEVELS

ADDITIVE = ("count", "distinct", "sum", "points", "flow", "share", "total")
COUNTER, SUCCESSOR, LEADS = "counter_metric", "replaced_by", "leads"


def tied(metrics: Iterable[Metric]) -> dict[str, Metric]:
    """Return the metrics by name, each holding the metrics it is made of.

    Raises
    ------
    DefinitionWrong : a name is there twice, names a metric that is not there, or leads in a circle
    """
    found: dict[str, Metric] = {}
    for metric in metrics:
        if metric.name in found:
            raise DefinitionWrong(
                f"{metric.origin}, {metric.name}: a metric of that name is there already "
                f"({found[metric.name].origin}).",
                hint="Give it another name.",
            )
        found[metric.name] = metric
    for metric in found.values():
        _named_are_there(metric, found)
        _leads_upward(metric, found)
    _refuse_circles(found, SUCCESSOR, lambda m: [m.definition.replaced_by or ""])
    _refuse_circles(found, LEADS, lambda m: [m.definition.leads or ""])
    _refuse_circles(found, "its parts", _of_metrics)
    whole: dict[str, Metric] = {}
    made = {name: _whole(found[name], found, whole) for name in found}
    for metric in made.values():
        _conditions_hold_for_parts(metric)
    return made


def _conditions_hold_for_parts(metric: Metric) -> None:
    for condition in metric.definition.conditions if metric.parts else ():
        if not metric.may_split(condition.column):
            key = "practices" if condition.column == "practice" else "where"
            raise _wrong(
                metric,
                key,
                f"{key}: not all metrics it is made of have a {condition.column}.",
                f"All of them have {', '.join(metric.dimensions)}.",
            )


def _of_metrics(metric: Metric) -> list[str]:
    definition = metric.definition
    return list(definition.of_metrics) if isinstance(definition, Composed) else []


def _named_are_there(metric: Metric, found: Mapping[str, Metric]) -> None:
    named = [(COUNTER, metric.definition.counter_metric)]
    named += [(SUCCESSOR, metric.definition.replaced_by), (LEADS, metric.definition.leads)]
    named += [(_key_of(metric, name), name) for name in _of_metrics(metric)]
    for key, name in named:
        if name is None:
            continue
        if name not in found:
            raise _wrong(
                metric, key, f"{key} {name!r} is not in the catalogue.", did_you_mean(name, found)
            )
        if name == metric.name:
            raise _wrong(metric, key, f"{key} names the metric itself.", "Name another metric.")
    for name in _of_metrics(metric):
        if found[name].kind not in ADDITIVE:
            key, kind = _key_of(metric, name), found[name].kind
            raise _wrong(
                metric,
                key,
                f"{key} {name!r} is of kind {kind}, which can be neither added up nor divided.",
                f"It can be made of {', '.join(ADDITIVE)}.",
            )


def _leads_upward(metric: Metric, found: Mapping[str, Metric]) -> None:
    """Refuse a metric of the service or its outcome that leads one of the work."""
    if metric.definition.leads is None:
        return
    own, other = metric.definition.stands_at, found[metric.definition.leads].definition.stands_at
    if LEVELS.index(other) < LEVELS.index(own):
        raise _wrong(
            metric,
            LEADS,
            f"{LEADS} {metric.definition.leads!r} is a metric of the {other}, below one of the "
            f"{own}.",
            "Name one that stands as high or higher, or say level: of one of the two.",
        )


def _key_of(metric: Metric, name: str) -> str:
    definition = metric.definition
    return next((key for key in ("part", "per") if getattr(definition, key, "") == name), "parts")


def _refuse_circles(
    found: Mapping[str, Metric], key: str, of: Callable[[Metric], list[str]]
) -> None:
    for metric in found.values():
        ahead, seen = list(of(metric)), set[str]()
        while ahead:
            name = ahead.pop()
            if name == metric.name:
                raise _wrong(
                    metric, key, f"{key} leads in a circle back to it.", "Break it at one metric."
                )
            if name in found and name not in seen:
                seen.add(name)
                ahead += of(found[name])


def _whole(metric: Metric, found: Mapping[str, Metric], whole: dict[str, Metric]) -> Metric:
    if metric.name not in whole:
        parts = tuple(_whole(found[name], found, whole) for name in _of_metrics(metric))
        whole[metric.name] = replace(metric, parts=parts) if parts else metric
    return whole[metric.name]


def _wrong(metric: Metric, key: str, what: str, hint: str) -> DefinitionWrong:
    line = _line(metric, key)
    where = f"{metric.origin}, {metric.name}" + (f", line {line}" if line else "")
    return DefinitionWrong(f"{where}: {what}", hint=hint)


def _line(metric: Metric, key: str) -> int:
    if metric.origin == BUILT_IN:
        return 0
    try:
        return line_of(Path(metric.origin).read_text(encoding="utf-8"), [metric.name, key])
    except OSError:
        return 0
