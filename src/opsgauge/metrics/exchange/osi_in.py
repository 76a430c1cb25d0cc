"""Open Semantic Interchange as paragraphs of the catalogue.

Floor 3. What we wrote ourselves holds its whole paragraph and comes back as it was, as long as its
expression still is the one that was written with it. Of what others wrote, one aggregate over a
table that we know is taken, where it is plain which moment dates its records; each as a draft.
Everything else is named with its reason.

Source: Open Semantic Interchange, core specification, Metrics and Metric Scoping (0.2.0.dev0).
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from opsgauge.metrics.criterion import CLOSED_COLUMNS, spellings
from opsgauge.metrics.exchange.drafts import (
    Plain,
    drafted,
    fitting,
    records_counted,
    said_of,
    summarised,
    values_counted,
)
from opsgauge.metrics.exchange.osi_form import (
    FORM,
    Dataset,
    Extension,
    File,
    MetricSaid,
    Model,
    Place,
    wrong_at,
)
from opsgauge.metrics.exchange.osi_out import DEFINITION, DEFINITIONS, DIALECT, SEAL, VENDOR, seal
from opsgauge.metrics.exchange.sql_read import Aggregate, Reference, aggregate
from opsgauge.metrics.exchange.sql_words import NotCarried
from opsgauge.metrics.subject import SUBJECTS, Subject

NAME = re.compile(r"[a-z][a-z0-9_]*")
COLUMN = re.compile(r'"?([a-z][a-z0-9_]*)"?', re.IGNORECASE)
SOURCE = re.compile(r'(?:[\w"]+\.)*"?(\w+)"?')
TWO_HOURS = ("2026-01-05 08:00", "2026-01-05 10:00")
AFTER_THEM = "2026-01-05 11:00"
TOLD_OF_SOME = "update_count"  # of tickets: ours counts it only where updates are told


@dataclass(frozen=True)
class Scope:
    """Where a metric stands: in a model, or in one of its datasets."""

    model: Model
    dataset: Dataset | None = None


@dataclass(frozen=True)
class Origin:
    """The text of the file, and what to call it in errors."""

    text: str
    where: str


def paragraphs(file: File, text: str, where: str) -> tuple[dict[str, Plain], dict[str, str]]:
    """Return the metrics of a file as paragraphs by name, and why the others were left out.

    Parameters
    ----------
    text : the YAML of the file
    where : what to call it in errors

    Raises
    ------
    DefinitionWrong : an extension of ours cannot be read
    """
    made: dict[str, Plain] = {}
    left_out: dict[str, str] = {}
    for name, make in _each(file, Origin(text, where)):
        try:
            _named(name, made)
            made[name] = fitting(make())
        except NotCarried as reason:
            left_out[name] = str(reason)
    return made, left_out


def _named(name: str, made: Mapping[str, Plain]) -> None:
    if not NAME.fullmatch(name):
        raise NotCarried("its name is not of small letters, digits and underscores")
    if name in made:
        raise NotCarried("a metric of that name stands before it in the file")


def _each(file: File, origin: Origin) -> Iterator[tuple[str, Callable[[], Plain]]]:
    """Return what makes the paragraph of each metric, by name."""
    for at, model in enumerate(file.semantic_model):
        place: Place = ("semantic_model", at)
        yield from _metrics(model.metrics, Scope(model), place, origin)
        for number, dataset in enumerate(model.datasets):
            within = (*place, "datasets", number)
            yield from _metrics(dataset.metrics, Scope(model, dataset), within, origin)
        ours = _ours(model.custom_extensions, place, origin)
        for name, own in _keys(ours.get(DEFINITIONS, {}), place, origin).items():
            yield name, partial(dict, _keys(own, place, origin))


def _metrics(
    metrics: tuple[MetricSaid, ...], scope: Scope, place: Place, origin: Origin
) -> Iterator[tuple[str, Callable[[], Plain]]]:
    for at, said in enumerate(metrics):
        its = (*place, "metrics", at)
        ours = _ours(said.custom_extensions, its, origin)
        if ours:
            own = _keys(ours.get(DEFINITION), its, origin)
            yield said.name, partial(_as_it_was, said, own, ours)
        else:
            yield said.name, partial(_draft, said, scope)


def _ours(extensions: tuple[Extension, ...], place: Place, origin: Origin) -> Mapping[str, Any]:
    """Return what our own extension holds; nothing where there is none."""
    found = [at for at, each in enumerate(extensions) if each.vendor_name == VENDOR]
    if not found:
        return {}
    its = (*place, "custom_extensions", found[-1], "data")
    if len(found) > 1:
        raise wrong_at(origin.text, origin.where, its, f"{VENDOR} has two extensions here.")
    try:
        data = json.loads(extensions[found[0]].data, parse_constant=_no_number)
    except (ValueError, RecursionError) as fault:
        raise wrong_at(origin.text, origin.where, its, f"it is no JSON: {fault}.") from fault
    return _keys(data, its, origin)


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number of JSON")


def _keys(found: Any, place: Place, origin: Origin) -> Mapping[str, Any]:
    if not isinstance(found, Mapping):
        told = f"the extension of {VENDOR} holds no keys where a definition should be."
        raise wrong_at(origin.text, origin.where, place, told)
    return found


def _as_it_was(said: MetricSaid, own: Mapping[str, Any], ours: Mapping[str, Any]) -> Plain:
    """Return our own paragraph, unless it or the expression was changed since both were written."""
    if ours.get(SEAL) != seal(said.name, said.expression.within(DIALECT), own):
        raise NotCarried(
            "its name, its expression or its definition was changed since they were written "
            f"together; take away its extension of {VENDOR} to have the expression read by itself"
        )
    return dict(own)


def _draft(said: MetricSaid, scope: Scope) -> Plain:
    """Return the metric of somebody else as a draft."""
    text = said.expression.within(DIALECT)
    if not text:
        raise NotCarried(f"it has no expression in {DIALECT}")
    found = aggregate(text)
    dataset = _dataset(found, scope)
    subject = _subject(dataset)
    names = {each: _column(each, dataset, scope) for each in found.references}
    strangers = [name for name in names.values() if not subject.has(name)]
    if strangers:
        raise NotCarried(f"its column, {strangers[0]}, is none of {subject.name}")
    dated = _dated(found, names, dataset, subject)
    own = _kind(found, names, dated, subject)
    title = said.name.replace("_", " ").capitalize()
    about = said_of(title, said.description or title, FORM)
    return drafted(about, subject, dated, _where(found, names, subject), own)


def _dataset(found: Aggregate, scope: Scope) -> Dataset:
    """Return the one dataset whose records are aggregated."""
    named = {each.dataset for each in found.references}
    if scope.dataset is not None:
        named -= {"", scope.dataset.name.casefold()}
        if named:
            raise NotCarried(f"it is of {scope.dataset.name}, and names {min(named)}")
        return scope.dataset
    if len(named) != 1 or "" in named:
        told = ", ".join(sorted(named - {""})) or "none"
        raise NotCarried(f"its expression must name one dataset with every column; it names {told}")
    [name] = named
    there = [each for each in scope.model.datasets if each.name.casefold() == name.casefold()]
    if not there:
        raise NotCarried(f"it names {name}, which is no dataset of its model")
    return there[0]


def _subject(dataset: Dataset) -> Subject:
    source = SOURCE.fullmatch(dataset.source.strip())
    table = source[1].casefold() if source else ""
    if table not in SUBJECTS:
        short = dataset.source.strip()[:60]
        raise NotCarried(f"its source, {short}, is none of {', '.join(SUBJECTS)}")
    return SUBJECTS[table]


def _column(reference: Reference, dataset: Dataset, scope: Scope) -> str:
    """Return the column of the source that is meant: a field's, or the one named alone."""
    if not reference.dataset:
        return reference.name
    fields = [each for each in dataset.fields_ if each.name.casefold() == reference.name.casefold()]
    if not fields:
        raise NotCarried(f"its column, {reference}, is no field of {dataset.name}")
    return _plain(fields[0].expression.within(DIALECT), str(reference))


def _plain(text: str, reference: str) -> str:
    found = COLUMN.fullmatch(text)
    if found is None:
        raise NotCarried(f"its field, {reference}, is not one column: {text or 'nothing'}")
    return found[1].casefold()


def _dated(
    found: Aggregate, names: Mapping[Reference, str], dataset: Dataset, subject: Subject
) -> str:
    """Return the moment without which no record counts, as ours are counted."""
    held = {names[each] for each in found.known}
    counted = names[found.of] if found.of and found.name == "count" else ""
    held |= {counted} if counted in subject.moments else set()
    odd = held - set(subject.moments)
    if odd:
        raise NotCarried(f"it leaves out records without {min(odd)}, which is no moment")
    if len(held) > 1:
        raise NotCarried(f"nothing says which of {', '.join(sorted(held))} dates its records")
    return held.pop() if held else _only_time(found, names, dataset, subject)


def _only_time(
    found: Aggregate, names: Mapping[Reference, str], dataset: Dataset, subject: Subject
) -> str:
    times = {each.expression.within(DIALECT).casefold() for each in dataset.fields_ if each.is_time}
    if len(times) != 1 or not times <= set(subject.moments):
        raise NotCarried(
            f"nothing says which moment dates its records ({len(times)} fields of {dataset.name} "
            "are times); write CASE WHEN the_moment IS NOT NULL THEN ... END in its expression"
        )
    [dated] = times
    known = subject.column(dated)
    ends = {names[each] for each in (found.of, found.since) if each} if found.since else set()
    if dated not in ends and not (known and known.required):
        raise NotCarried(
            f"it counts records without {dated} too, which could not be put into a period; write "
            f"CASE WHEN {dated} IS NOT NULL THEN ... END in its expression, if it should not"
        )
    return dated


def _kind(found: Aggregate, names: Mapping[Reference, str], dated: str, subject: Subject) -> Plain:
    """Return its kind with its keys, and what its example fills in and gives."""
    if found.since is not None and found.of is not None:
        return _hours(found.name, (names[found.since], names[found.of]), dated, subject)
    if found.of is None:
        return records_counted(subject)
    name = names[found.of]
    column = subject.column(name)
    if found.name == "count":
        if name != dated and not (column and column.required):
            raise NotCarried(f"it counts records that have {name}, which is no moment")
        return records_counted(subject)
    if found.name == "distinct":
        return values_counted(subject, name)
    if name == TOLD_OF_SOME and subject.is_tickets:
        raise NotCarried(f"{name} is counted here only of tickets whose updates are told")
    return summarised(subject, name, found.name)


def _hours(statistic: str, ends: tuple[str, str], dated: str, subject: Subject) -> Plain:
    instants = [name for name in ends if (c := subject.column(name)) and c.type == "instant"]
    if len(instants) < len(ends) or not set(ends) <= set(subject.moments):
        raise NotCarried(f"{' and '.join(ends)} are not two moments")
    if statistic in ("sum", "count", "distinct") or ends[0] == ends[1]:
        raise NotCarried("hours between two moments have a mean and percentiles here, no more")
    after = {} if dated in (*ends, "opened_at") else {dated: AFTER_THEM}
    filled = {**dict(zip(ends, TWO_HOURS, strict=True)), **after}
    return {"kind": "duration", "unit": "hours", "from": ends[0], "to": ends[1],
            "statistics": [statistic], "filled": filled, "gives": {statistic: 2}}  # fmt: skip


def _where(
    found: Aggregate, names: Mapping[Reference, str], subject: Subject
) -> dict[str, list[Any]]:
    """Return the words to which dimensions are held, where that means the same here."""
    where: dict[str, list[Any]] = {}
    for reference, words in found.held:
        name = names[reference]
        column = subject.column(name)
        if name not in subject.dimensions or column is None:
            raise NotCarried(f"its filter is on {name}, which {subject.name} are not chosen by")
        fits = bool if column.type == "yes_no" else str
        if name in where or not all(isinstance(word, fits) for word in words):
            raise NotCarried(f"its filter on {name} is none that holds it to words once")
        free = fits is str and not subject.is_tickets and name not in CLOSED_COLUMNS
        texts = [str(word) for word in words]
        if free and set(spellings(texts)) != set(texts):
            raise NotCarried(
                f"its filter on {name} would be met in every usual spelling of its words "
                f"({', '.join(spellings(texts))}); name them all, if that is meant"
            )
        where[name] = list(words)
    return where
