"""The catalogue: listed, shown, compared with a score card, carried out and in as files.

Floor 5. Numbers are measured in `measure.py`; here is what the definitions say.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from opsgauge.foundation.errors import DefinitionWrong, QueryWrong, WorkspaceMissing
from opsgauge.foundation.yaml_text import read_yaml
from opsgauge.governance import audit
from opsgauge.metrics.exchange.lines import lines, paragraphs_of_lines
from opsgauge.metrics.exchange.metricflow_in import is_metricflow, paragraphs
from opsgauge.metrics.exchange.metricflow_out import carried
from opsgauge.metrics.exchange.osi_form import is_osi, read_form
from opsgauge.metrics.exchange.osi_in import paragraphs as paragraphs_of_osi
from opsgauge.metrics.exchange.osi_out import interchanged
from opsgauge.metrics.load import Catalogue, load_catalogue, metrics_of, read_metrics, with_metrics
from opsgauge.metrics.metric import Metric
from opsgauge.operations import fitting
from opsgauge.operations.check import suspect
from opsgauge.operations.context import Context
from opsgauge.operations.uses import SUBJECT

FORMS = ("yaml", "csv", "json", "metricflow", "osi")
LARGEST_FILE = 5_000_000  # letters; the built-in catalogue in its longest form holds a tenth
OWN_WIDTH = 100
YAML_ENDINGS = (".yaml", ".yml")
WRITE = "catalogue:write"


def metric_list(ctx: Context) -> list[dict[str, Any]]:
    """Return every metric of the catalogue, as published, with the checks that make it suspect.

    Needs `catalogue:read`.
    """
    ctx.require("catalogue:read")
    published = _all_published(ctx.catalogue)
    return [
        {**each, "suspect": list(_suspect_if_any(ctx, metric))}
        for each, metric in zip(published, ctx.catalogue, strict=True)
    ]


def _suspect_if_any(ctx: Context, metric: Metric) -> tuple[str, ...]:
    try:
        return suspect(ctx, metric.columns)
    except WorkspaceMissing:  # nothing is imported yet, so nothing can be wrong with it
        return ()


def listed_metrics(*folders: Path) -> list[dict[str, Any]]:
    """Return the built-in metrics and those of the folders, as published; needs no workspace."""
    return _all_published(load_catalogue(*folders))


def shown_metric(name: str, *folders: Path) -> dict[str, Any]:
    """Return one metric's whole paragraph, as published; needs no workspace.

    Raises
    ------
    UnknownMetric : there is none of that name
    """
    catalogue = load_catalogue(*folders)
    metric = catalogue.get(name)
    paragraph = metric.definition.model_dump(mode="json", by_alias=True, exclude_none=True)
    return {
        **published(metric, _titles(catalogue)),
        **paragraph,
        "vanity": metric.definition.is_vanity,
        "columns": list(metric.columns),
        "dimensions": list(metric.dimensions),
    }


def published(metric: Metric, titles: Mapping[str, str]) -> dict[str, Any]:
    """Return what is said of a metric wherever metrics are listed."""
    plain = metric.definition
    return {
        "id": metric.name,
        "title": plain.title,
        "practice": metric.practice,
        "of": metric.subject.name,
        "kind": metric.kind,
        "unit": plain.unit,
        "good": plain.good,
        "statistics": list(metric.statistics),
        "state": metric.state,
        "lifecycle": plain.lifecycle,
        "replaced_by": plain.replaced_by,
        "version": plain.version,
        "aspect": plain.tells,
        "leading": plain.leading,
        "level": plain.stands_at,
        "leads": plain.leads,
        "vanity": plain.is_vanity,
        "read_beside": fitting.vanity(metric, titles),
        "question": plain.question,
        "counter_metric": plain.counter_metric,
        "definition": metric.definition_hash,
    }


def _all_published(metrics: Iterable[Metric]) -> list[dict[str, Any]]:
    all_metrics = list(metrics)
    titles = {each.name: each.definition.title for each in all_metrics}
    return [published(each, titles) for each in all_metrics]


def _titles(catalogue: Catalogue) -> dict[str, str]:
    return {each.name: each.definition.title for each in catalogue}


def scorecard_gaps(practice: str, *folders: Path) -> dict[str, Any]:
    """Return by aspect the metrics that a practice's score card has, and the aspects it lacks.

    Raises
    ------
    UnknownColumn : there is no such practice
    """
    return fitting.gaps(load_catalogue(*folders), practice)


def exported(form: str, *folders: Path) -> str:
    """Return the whole catalogue as a file; all but the JSON can be imported again.

    Parameters
    ----------
    form : one of `FORMS`

    Raises
    ------
    QueryWrong : there is no such form
    """
    if form not in FORMS:
        raise QueryWrong(f"There is no form {form!r}.", hint=f"One of {', '.join(FORMS)}.")
    catalogue = load_catalogue(*folders)
    if form == "yaml":
        return _yaml({metric.name: written(metric) for metric in catalogue})
    if form == "metricflow":
        out = carried(catalogue)
        notes = [f"# Not carried: {name}: {why}.\n" for name, why in out.left_out.items()]
        return "".join([*notes, _yaml(out.document())])
    if form == "osi":
        model = interchanged(catalogue)
        notes = [f"# No expression: {name}: {why}.\n" for name, why in model.left_out.items()]
        return "".join([*notes, _yaml(model.document())])
    if form == "csv":
        return lines(catalogue)
    rows = _all_published(catalogue)
    return json.dumps({"metrics": rows}, ensure_ascii=False, indent=2) + "\n"


def left_out_of(form: str, *folders: Path) -> dict[str, str]:
    """Return the metrics that a form cannot say, each with the reason."""
    if form == "osi":
        return interchanged(load_catalogue(*folders)).left_out
    return carried(load_catalogue(*folders)).left_out if form == "metricflow" else {}


def _yaml(said: dict[str, Any]) -> str:
    # Through JSON, so that nothing is the same object twice: anchors are not read.
    plain = json.loads(json.dumps(said))
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=OWN_WIDTH)


def written(metric: Metric) -> dict[str, Any]:
    """Return a metric's paragraph as a catalogue file says it."""
    return metric.definition.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def import_metrics(ctx: Context, file: Path) -> dict[str, Any]:
    """Take metrics of a file into the workspace's own catalogue: nothing or all of them.

    Needs `catalogue:write`. A metric that is there with the very same definition is left out; each
    one taken in leaves an audit line.

    Raises
    ------
    DefinitionWrong : the file does not fit, or a name is taken by another definition
    """
    ctx.require(WRITE)
    before = ctx.catalogue
    own, left_out = _read(file)
    after = with_metrics(before, own)
    new, same = [], []
    for metric in after:
        if metric.origin != str(file):
            continue
        there = before.metrics.get(metric.name)
        if there is None:
            new.append(metric)
        elif there.definition_hash == metric.definition_hash:
            same.append(metric.name)
        else:
            raise DefinitionWrong(
                f"{file}, {metric.name}: a metric of that name is there already ({there.origin}).",
                hint=f"Compare them: opsgauge metrics diff {metric.name} {file}",
            )
    target = ctx.workspace.path / "catalogue" / f"{file.stem}.yaml"
    if new and target.exists():
        raise DefinitionWrong(
            f"There is a file {target.name} in the workspace's catalogue already.",
            hint="Give the file that you import another name.",
        )
    if new:
        target.parent.mkdir(exist_ok=True)
        text = _yaml({metric.name: written(metric) for metric in new})
        target.write_text(text, encoding="utf-8")
    for metric in new:
        decision = {"definition": metric.definition_hash, "file": file.name}
        subject = f"{SUBJECT}{metric.name}"
        audit.append(ctx.database, ctx.clock, ctx.actor, WRITE, subject, after=decision)
    imported = [metric.name for metric in new]
    return {"imported": imported, "there_already": same, "left_out": left_out}


def _text_of(file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise DefinitionWrong(f"{file} cannot be read: {fault}") from fault
    if len(text) > LARGEST_FILE:
        raise DefinitionWrong(f"{file} is too long for definitions: {len(text):,} letters.")
    return text


def _read(file: Path) -> tuple[list[Metric], dict[str, str]]:
    """Return the metrics of a file in any of the forms, and why some of it could not be carried."""
    chapter, where = file.stem, str(file)
    if file.suffix == ".csv":
        said = paragraphs_of_lines(_text_of(file), where)
        return metrics_of(_yaml(said), where, chapter, where), {}
    if file.suffix in YAML_ENDINGS:
        text = _text_of(file)
        document = read_yaml(text, where, DefinitionWrong)
        if is_osi(document):
            found, left_out = paragraphs_of_osi(read_form(document, text, where), text, where)
            return metrics_of(_yaml(found), where, chapter, where), left_out
        if is_metricflow(document):
            found, left_out = paragraphs(document)
            return metrics_of(_yaml(found), where, chapter, where), left_out
    return read_metrics(file, where, where), {}
