"""The catalogue as Open Semantic Interchange: a semantic model of datasets, ties and metrics.

Floor 3. Each metric that one expression can say stands among the metrics, for its first statistic;
its whole paragraph goes along as an extension of ours. The others have no place among the metrics,
since none may lack an expression: their paragraphs stand in the extension of the model, and they
are named with the reason. So every definition comes back as it was.

Source: Open Semantic Interchange, core specification (version 0.2.0.dev0).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from opsgauge.log.related import CONTACT_TICKETS, CONTACTS
from opsgauge.log.tables import Column, Table
from opsgauge.metrics.dated import Distinct
from opsgauge.metrics.exchange.osi_sql import expression
from opsgauge.metrics.exchange.sql_words import NotCarried, column
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.subject import SUBJECTS, TICKETS_SUBJECT

VERSION = "0.2.0.dev0"
VENDOR = "Opsgauge"
DIALECT = "ANSI_SQL"
MODEL = "opsgauge"
DEFINITION, DEFINITIONS, SEAL = "definition", "definitions", "seal"  # in our extensions
DATATYPES: Mapping[str, str] = {
    "text": "String",
    "whole": "Integer",
    "number": "Float",
    "yes_no": "Boolean",
    "instant": "DateTimeTz",
    "day": "Date",
}
TEMPORAL = ("instant", "day")
WHOLE_KINDS = ("count", "distinct")
Plain = dict[str, Any]


@dataclass
class Interchanged:
    """What was said as an expression, and what was not."""

    metrics: list[Plain] = field(default_factory=list)
    tables: dict[str, None] = field(default_factory=dict)  # those that metrics stand on
    persons: set[tuple[str, str]] = field(default_factory=set)  # table and column, counted only
    unsaid: dict[str, Plain] = field(default_factory=dict)  # paragraphs without an expression
    left_out: dict[str, str] = field(default_factory=dict)

    def document(self) -> Plain:
        """Return the YAML document."""
        datasets = [_dataset(table, self.persons) for table in _needed(self.tables)]
        model: Plain = {
            "name": MODEL,
            "description": "Metrics of IT processes, and the tables of records they stand on.",
            "datasets": datasets,
            "relationships": _ties([table["name"] for table in datasets]),
            "metrics": self.metrics,
        }
        if self.unsaid:
            model["custom_extensions"] = [_extension({DEFINITIONS: self.unsaid})]
        return {"version": VERSION, "semantic_model": [model]}


def interchanged(metrics: Iterable[Metric]) -> Interchanged:
    """Return the metrics as Open Semantic Interchange says them."""
    out = Interchanged()
    for metric in metrics:
        out.tables |= dict.fromkeys(_tables_of(metric))
        if isinstance(metric.definition, Distinct) and _is_person(metric):
            out.persons.add((metric.definition.of, metric.definition.column))
        try:
            out.metrics.append(_metric(metric))
        except NotCarried as reason:
            out.left_out[metric.name] = str(reason)
            out.unsaid[metric.name] = paragraph(metric)
    return out


def paragraph(metric: Metric) -> Plain:
    """Return a metric's whole paragraph, as a file of the catalogue says it."""
    return metric.definition.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def seal(name: str, said: str, own: Mapping[str, Any]) -> str:
    """Return a fingerprint of an expression and a paragraph: whether both are as they were written.

    Examples
    --------
    >>> seal("a", "COUNT(*)", {"kind": "count"}) == seal("a", "COUNT(*)", {"kind": "sum"})
    False
    """
    text = json.dumps([name, said, own], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _tables_of(metric: Metric) -> list[str]:
    if metric.parts:
        return [name for part in metric.parts for name in _tables_of(part)]
    return [metric.definition.of]


def _is_person(metric: Metric) -> bool:
    found = metric.subject.column(getattr(metric.definition, "column", ""))
    return found is not None and found.person


def _metric(metric: Metric) -> Plain:
    plain, own = metric.definition, paragraph(metric)
    said = expression(metric)
    return {
        "name": metric.name,
        "expression": _expression(said),
        "description": _description(metric),
        "datatype": "Integer" if metric.kind in WHOLE_KINDS else "Float",
        "ai_context": {
            "instructions": " ".join(plain.pitfalls),
            "synonyms": [plain.title],
            "examples": [plain.question],
        },
        "custom_extensions": [
            _extension({DEFINITION: own, SEAL: seal(metric.name, said, own)}),
        ],
    }


def _description(metric: Metric) -> str:
    plain = metric.definition
    words = [f"{plain.title}: {plain.question}"]
    words += [f"Decision: {plain.decision}"] if plain.decision else []
    words.append(f"Unit: {plain.unit}, as {metric.statistics[0].replace('_', ' ')}.")
    words += [f"Read beside {plain.counter_metric}."] if plain.counter_metric else []
    words += [f"Owner: {plain.owner_role}.", f"Version {plain.version}, {plain.lifecycle}."]
    return " ".join(words)


def _expression(said: str) -> Plain:
    return {"dialects": [{"dialect": DIALECT, "expression": said}]}


def _extension(data: Plain) -> Plain:
    return {"vendor_name": VENDOR, "data": json.dumps(data, ensure_ascii=False)}


def _needed(tables: Iterable[str]) -> list[Table]:
    """Return the tables of the datasets, and those through which they are tied to tickets."""
    found = dict.fromkeys(tables)
    if CONTACTS.name in found:
        found[CONTACT_TICKETS.name] = None
    if not found or any(_ticket_of(name) for name in found):
        found = {TICKETS_SUBJECT.name: None, **found}
    return [_table(name) for name in found]


def _table(name: str) -> Table:
    return CONTACT_TICKETS if name == CONTACT_TICKETS.name else SUBJECTS[name].table


def _ticket_of(name: str) -> str:
    """Return the column of a table that names a ticket of the same source, "" for none."""
    if name == CONTACTS.name:
        return ""  # a contact is tied to its ticket by `contact_tickets`
    if name == CONTACT_TICKETS.name:
        return TICKETS_SUBJECT.key[-1]
    return "" if SUBJECTS[name].is_tickets else SUBJECTS[name].ticket


def _dataset(table: Table, persons: set[tuple[str, str]]) -> Plain:
    fields = [
        _field(table, each)
        for each in table.columns
        if each.type in DATATYPES and (not each.person or (table.name, each.name) in persons)
    ]
    return {
        "name": table.name,
        "source": table.name,
        "primary_key": list(table.key),
        "description": f"A row is {table.row}.",
        "fields": fields,
    }


def _field(table: Table, each: Column) -> Plain:
    """Return a column as a field; one that names persons is there to be counted alone."""
    subject = SUBJECTS.get(table.name)
    dates = subject is not None and each.name in subject.moments
    role = {"dimension": {"is_time": dates}} if each.dimension or each.type in TEMPORAL else {}
    meaning = f"{each.meaning} Counted only, never split by." if each.person else each.meaning
    return {
        "name": each.name,
        "expression": _expression(column(each.name)),
        **role,
        "description": meaning,
        "datatype": DATATYPES[each.type],
    }


def _ties(names: list[str]) -> list[Plain]:
    ties = [
        _tie(name, TICKETS_SUBJECT.name, ["source", _ticket_of(name)], TICKETS_SUBJECT.key)
        for name in names
        if _ticket_of(name)
    ]
    if CONTACTS.name in names:
        key = list(CONTACTS.key)
        ties.append(_tie(CONTACTS.name, CONTACT_TICKETS.name, key, key))
    return ties


def _tie(from_: str, to: str, columns: list[str], key: list[str]) -> Plain:
    return {
        "name": f"{from_}_to_{to}",
        "from": from_,
        "to": to,
        "from_columns": columns,
        "to_columns": key,
    }
