"""MetricFlow's YAML as paragraphs of the catalogue.

Floor 3. What we wrote ourselves holds its whole paragraph and comes back as it was, as long as the
rest of it still says the same. Of what others wrote, simple metrics over one column of a table that
we know are taken (count, count_distinct, sum, average, median, percentile), and ratios of them;
each as a draft, with an example of two records that its author should make a better one. Everything
else is named with its reason.

Source: docs.getdbt.com, Semantic models; Measures; Metrics (specification before 1.12).
"""

import re
from collections.abc import Mapping
from typing import Any

from opsgauge.metrics.definition import read_definition
from opsgauge.metrics.exchange.drafts import (
    Plain,
    drafted,
    fitting,
    percentile,
    records_counted,
    said_of,
    summarised,
    values_counted,
)
from opsgauge.metrics.exchange.metricflow_out import OURS, carried
from opsgauge.metrics.exchange.sql_words import NotCarried
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.subject import SUBJECTS, Subject

PART_OF = f"{OURS}_part_of"
PLAIN_COLUMN = re.compile(r"[a-z][a-z0-9_]*")
MODEL = re.compile(r"ref\(\s*['\"]([a-z_]+)['\"]\s*\)")
FILTER = re.compile(
    r"\{\{\s*Dimension\(\s*['\"](?:\w+?__)?(\w+?)['\"]\s*\)\s*\}\}\s*"
    r"(?:=\s*'([^']*)'|IN\s*\(\s*('[^']*'(?:\s*,\s*'[^']*')*)\s*\))",
    re.IGNORECASE,
)
AND = re.compile(r"\s+AND\s+(?=\{\{)", re.IGNORECASE)
WORD = re.compile(r"'([^']*)'")
STATISTICS = {"sum": "sum", "average": "mean", "median": "median"}


def is_metricflow(document: object) -> bool:
    """Say whether a document is MetricFlow's: it lists metrics or semantic models."""
    return isinstance(document, Mapping) and any(
        isinstance(document.get(key), list) for key in ("metrics", "semantic_models")
    )


def paragraphs(document: Mapping[str, Any]) -> tuple[dict[str, Plain], dict[str, str]]:
    """Return the metrics of a document as paragraphs by name, and why the others were left out."""
    measures = _measures(document)
    made: dict[str, Plain] = {}
    left_out: dict[str, str] = {}
    for said in document.get("metrics") or ():
        name = str(said.get("name", "")) if isinstance(said, Mapping) else ""
        if not name:
            left_out["(without a name)"] = "a metric needs a name"
        elif PART_OF not in _meta(said):
            try:
                made[name] = fitting(_paragraph(said, measures, made))
            except NotCarried as reason:
                left_out[name] = str(reason)
    return made, left_out


def _meta(said: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = said
    for key in ("config", "meta"):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _measures(document: Mapping[str, Any]) -> dict[str, Plain]:
    """Return the measures by name, each with its table and the moment that dates it."""
    found: dict[str, Plain] = {}
    for model in document.get("semantic_models") or ():
        reference = MODEL.search(str(model.get("model", "")))
        usual = (model.get("defaults") or {}).get("agg_time_dimension")
        table = reference[1] if reference else str(model.get("name", ""))
        for measure in model.get("measures") or ():
            dated = measure.get("agg_time_dimension") or usual
            found[str(measure.get("name"))] = {**measure, "table": table, "dated": dated}
    return found


def _paragraph(
    said: Mapping[str, Any], measures: Mapping[str, Plain], made: Mapping[str, Plain]
) -> Plain:
    own = _meta(said).get(OURS)
    if isinstance(own, Mapping):
        return _ours(said, dict(own))
    params = said.get("type_params") or {}
    if said.get("type") == "ratio":
        return _ratio(said, params, made)
    if said.get("type") != "simple":
        raise NotCarried(f"its type, {said.get('type')}, is none that can be read")
    asked = params.get("measure")
    asked = {"name": asked} if isinstance(asked, str) else dict(asked or {})
    if asked.get("name") not in measures:
        raise NotCarried(f"its measure, {asked.get('name')}, is in no semantic model of the file")
    where = _where(" AND ".join(_texts(said.get("filter")) + _texts(asked.get("filter"))))
    return _simple(said, measures[asked["name"]], where)


def _ours(said: Mapping[str, Any], own: Plain) -> Plain:
    """Return our own paragraph, unless what stands around it was changed since it was written."""
    if own.get("kind") in {"ratio", "total"}:
        return own  # what it is made of is looked at when the catalogue is tied together
    name = str(said["name"])
    metric = Metric(name, "", read_definition(fitting(own)))
    again = {each["name"]: each for each in carried([metric]).metrics}.get(name, {})
    if (again.get("type"), again.get("type_params")) != (said.get("type"), said.get("type_params")):
        raise NotCarried(
            "its type_params were changed and no longer say what its paragraph under "
            f"config.meta.{OURS} says; mend that, or take it away"
        )
    return own


def _simple(said: Mapping[str, Any], measure: Plain, where: dict[str, list[str]]) -> Plain:
    """Return a metric over one column as a draft."""
    subject = SUBJECTS.get(measure["table"])
    if subject is None:
        raise NotCarried(f"its table, {measure['table']}, is none of {', '.join(SUBJECTS)}")
    dated = measure["dated"]
    if dated not in subject.moments:
        raise NotCarried(f"its agg_time_dimension, {dated}, is no moment of {subject.name}")
    strangers = [column for column in where if not subject.has(column)]
    if strangers:
        raise NotCarried(f"its filter is on {strangers[0]}, which {subject.name} do not have")
    own = _counted(measure, subject, str(dated))
    return drafted(_about(said), subject, str(dated), where, own)


def _counted(measure: Plain, subject: Subject, dated: str) -> Plain:
    """Return the kind of a measure with its keys, and what its example fills in and gives."""
    agg, expression = str(measure.get("agg")), str(measure.get("expr", measure["name"])).strip()
    if (agg, expression) in {("sum", "1"), *(("count", name) for name in (dated, *subject.key))}:
        return records_counted(subject)
    if not PLAIN_COLUMN.fullmatch(expression) or not subject.has(expression):
        raise NotCarried(f"its expression, {expression}, is not one column of {subject.name}")
    if agg == "count_distinct":
        return values_counted(subject, expression)
    return summarised(subject, expression, _statistic(agg, measure.get("agg_params") or {}))


def _statistic(agg: str, params: Mapping[str, Any]) -> str:
    if agg in STATISTICS:
        return STATISTICS[agg]
    if agg != "percentile":
        raise NotCarried(f"its aggregation, {agg}, is none of ours")
    if params.get("use_discrete_percentile") or params.get("use_approximate_percentile"):
        raise NotCarried("its percentile is discrete or approximate; ours are exact")
    return percentile(float(params.get("percentile") or 0))


def _ratio(said: Mapping[str, Any], params: Mapping[str, Any], made: Mapping[str, Plain]) -> Plain:
    ends = []
    for end in ("numerator", "denominator"):
        asked = params.get(end)
        asked = {"name": asked} if isinstance(asked, str) else dict(asked or {})
        if {*asked} - {"name", "alias"}:
            raise NotCarried(f"its {end} has a filter or an offset of its own")
        if made.get(str(asked.get("name")), {}).get("kind") not in {"count", "sum", "distinct"}:
            raise NotCarried(f"its {end}, {asked.get('name')}, is no sum or count of this file")
        ends.append(str(asked["name"]))
    examples = [made[name]["example"] for name in ends]
    if ends[0] == ends[1] or examples[0] != examples[1]:
        raise NotCarried("no example can be made of its two sides: write one, see `metrics show`")
    [above], [below] = (list(each["gives"].values()) for each in examples)
    example = {**examples[0], "gives": {"ratio": above / below}}
    return {**_about(said), "kind": "ratio", "unit": "count", "part": ends[0], "per": ends[1],
            "example": example}  # fmt: skip


def _about(said: Mapping[str, Any]) -> Plain:
    """Return what MetricFlow does not say, as a draft that its author has to think over."""
    title = str(said.get("label") or said["name"])
    return said_of(title, str(said.get("description") or title), "MetricFlow")


def _texts(given: Any) -> list[str]:
    found = given if isinstance(given, list) else [given]
    return [str(each).strip() for each in found if each and str(each).strip()]


def _where(text: str) -> dict[str, list[str]]:
    """Return filters that hold dimensions to words.

    Examples
    --------
    >>> _where("{{ Dimension('ticket__team') }} IN ('A', 'B') AND {{ Dimension('phase') }} = 'new'")
    {'team': ['A', 'B'], 'phase': ['new']}
    """
    found: dict[str, list[str]] = {}
    for part in AND.split(text) if text else []:
        told = FILTER.fullmatch(part.strip())
        if told is None or told[1] in found:
            raise NotCarried(f"its filter, {part.strip()}, is none that holds a column to words")
        found[told[1]] = WORD.findall(told[3] or f"'{told[2]}'")
    return found
