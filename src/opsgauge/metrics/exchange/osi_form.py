"""The shape of an Open Semantic Interchange file, held to word by word before any of it is used.

Floor 3. What is wrong is said with the file, the line, the key and the nearest right word; then
nothing of the file is taken.

Source: Open Semantic Interchange, core specification (versions 0.1.0 to 0.2.0.dev0).
"""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, ValidationError

from opsgauge.foundation.errors import DefinitionWrong, did_you_mean
from opsgauge.foundation.yaml_text import line_of

VERSIONS = ("0.1.0", "0.1.1", "0.2.0.dev0")
FORM = "Open Semantic Interchange"
Dialect = Literal[
    "ANSI_SQL",
    "SNOWFLAKE",
    "MDX",
    "DAX",
    "TABLEAU",
    "DATABRICKS",
    "MAQL",
    "BIGQUERY",
    "THOUGHTSPOT",
]
Datatype = Literal[
    "String",
    "Integer",
    "Decimal",
    "Float",
    "Boolean",
    "Date",
    "Time",
    "DateTime",
    "DateTimeTz",
    "Opaque",
]
TEMPORAL = ("Date", "Time", "DateTime", "DateTimeTz")


def _text_or_keys(given: Any) -> Any:
    if isinstance(given, str | Mapping):
        return given
    raise ValueError("write a text, or keys such as synonyms")


class Part(BaseModel):
    """A part of a file: no key beyond those that it may have."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Extension(Part):
    """What one vendor adds, as JSON in a text."""

    vendor_name: str
    data: str


class Said(Part):
    """What may be said of anything that has a name."""

    name: str = Field(min_length=1)
    ai_context: Annotated[Any, BeforeValidator(_text_or_keys)] = ""
    custom_extensions: tuple[Extension, ...] = ()


class DialectExpression(Part):
    """An expression in one dialect."""

    dialect: Dialect
    expression: str


class Expression(Part):
    """An expression, in one dialect or several."""

    dialects: tuple[DialectExpression, ...] = Field(min_length=1)

    def within(self, dialect: str) -> str:
        """Return the expression in a dialect, "" where there is none."""
        return next((e.expression.strip() for e in self.dialects if e.dialect == dialect), "")


class Dimension(Part):
    """What part a field plays."""

    is_time: StrictBool | None = None


class FieldSaid(Said):
    """A field of a dataset."""

    expression: Expression
    dimension: Dimension | None = None
    label: str = ""
    description: str = ""
    datatype: Datatype | None = None

    @property
    def is_time(self) -> bool:
        """Whether it dates records: as it says, else by its type."""
        said = self.dimension.is_time if self.dimension else None
        return self.datatype in TEMPORAL if said is None else said


class MetricSaid(Said):
    """A metric, of the model or of one dataset."""

    expression: Expression
    description: str = ""
    datatype: Datatype | None = None


class Dataset(Said):
    """A table of records, with its fields."""

    source: str = Field(min_length=1)
    primary_key: tuple[str, ...] = ()
    unique_keys: tuple[tuple[str, ...], ...] = ()
    description: str = ""
    fields_: tuple[FieldSaid, ...] = Field(default=(), alias="fields")
    metrics: tuple[MetricSaid, ...] = ()


class Relationship(Said):
    """A tie from many records of one dataset to one record of another."""

    from_: str = Field(alias="from")
    to: str
    from_columns: tuple[str, ...] = Field(min_length=1)
    to_columns: tuple[str, ...] = Field(min_length=1)


class Model(Said):
    """Datasets, the ties between them, and metrics."""

    description: str = ""
    datasets: tuple[Dataset, ...] = Field(min_length=1)
    relationships: tuple[Relationship, ...] = ()
    metrics: tuple[MetricSaid, ...] = ()


class File(Part):
    """A whole file."""

    version: str
    semantic_model: tuple[Model, ...] = Field(min_length=1)


PARTS: Mapping[str, type[BaseModel]] = {
    "": File,
    "semantic_model": Model,
    "datasets": Dataset,
    "fields": FieldSaid,
    "metrics": MetricSaid,
    "relationships": Relationship,
    "expression": Expression,
    "dialects": DialectExpression,
    "dimension": Dimension,
    "custom_extensions": Extension,
}
Place = tuple[str | int, ...]
WANTED: Mapping[str, str] = {
    "string_type": "write a text, a number in quotes",
    "string_too_short": "write a text",
    "tuple_type": "write a list",
    "too_short": "write one at least",
    "model_type": "write keys below it",
    "bool_type": "write true or false",
}


class _At(Exception):
    """A fault, and the keys that lead to it."""

    def __init__(self, told: str, place: Place) -> None:
        super().__init__(told)
        self.place = place


def is_osi(document: object) -> bool:
    """Say whether a document is of this form: it lists semantic models."""
    if not isinstance(document, Mapping) or "semantic_model" not in document:
        return False
    return isinstance(document["semantic_model"], list) or "version" in document


def read_form(document: object, text: str, where: str) -> File:
    """Return a file of this form.

    Parameters
    ----------
    text : the YAML that the document was read from
    where : what to call it in errors

    Raises
    ------
    DefinitionWrong : it does not fit, with the line, the key and the nearest right word
    """
    try:
        file = _read(document)
        _hangs_together(file)
    except _At as at:
        raise wrong_at(text, where, at.place, str(at)) from at
    return file


def wrong_at(text: str, where: str, place: Place, told: str) -> DefinitionWrong:
    """Return the error for a fault at a place of a file."""
    keys = ".".join(part for part in place if isinstance(part, str))
    line = line_of(text, place) or 1
    return DefinitionWrong(f"{where}, line {line}: {f'{keys}: ' if keys else ''}{told}")


def _read(document: object) -> File:
    try:
        return File.model_validate(document)
    except ValidationError as wrong:
        faults = wrong.errors()
        # A misspelt key is both missing and unknown; the unknown one says what to correct.
        fault = next((f for f in faults if f["type"] == "extra_forbidden"), faults[0])
        raise _At(_told(fault), fault["loc"]) from wrong


def _told(fault: Any) -> str:
    """Return a fault as a sentence, with the nearest right word."""
    if fault["type"] == "missing":
        return "is missing."
    if fault["type"] == "extra_forbidden":
        *above, key = fault["loc"]
        of = next((part for part in reversed(above) if isinstance(part, str)), "")
        keys = [info.alias or name for name, info in PARTS[of].model_fields.items()]
        return f"there is no such key. {did_you_mean(str(key), keys)}"
    if fault["type"] == "literal_error":
        words = re.findall(r"'([^']*)'", fault["ctx"]["expected"])
        return f"{fault['input']!r} is not known. {did_you_mean(str(fault['input']), words)}"
    said = str(fault["msg"]).removeprefix("Value error, ")
    return f"{WANTED.get(fault['type'], said)}."


def _hangs_together(file: File) -> None:
    """Refuse a version that nobody knows, a name said twice, and a tie that leads nowhere."""
    if file.version not in VERSIONS:
        raise _At(f"{file.version!r} is not known. {_one_of(VERSIONS)}", ("version",))
    _each_once([each.name for each in file.semantic_model], ("semantic_model",))
    for at, model in enumerate(file.semantic_model):
        place: Place = ("semantic_model", at)
        _each_once([each.name for each in model.datasets], (*place, "datasets"))
        _each_once([each.name for each in model.metrics], (*place, "metrics"))
        _each_once([each.name for each in model.relationships], (*place, "relationships"))
        for number, dataset in enumerate(model.datasets):
            within = (*place, "datasets", number)
            _each_once([each.name for each in dataset.fields_], (*within, "fields"))
            _each_once([each.name for each in dataset.metrics], (*within, "metrics"))
        names = [each.name for each in model.datasets]
        for number, tie in enumerate(model.relationships):
            _leads_somewhere(tie, names, (*place, "relationships", number))


def _one_of(words: Iterable[str]) -> str:
    return f"Known are {', '.join(words)}."


def _each_once(names: list[str], place: Place) -> None:
    for at, name in enumerate(names):
        if name in names[:at]:
            raise _At(f"{name!r} is there twice.", (*place, at, "name"))


def _leads_somewhere(tie: Relationship, names: list[str], place: Place) -> None:
    for key, named in (("from", tie.from_), ("to", tie.to)):
        if named not in names:
            raise _At(f"{named!r} is no dataset. {did_you_mean(named, names)}", (*place, key))
    if len(tie.from_columns) != len(tie.to_columns):
        raise _At("it has not as many columns as from_columns.", (*place, "to_columns"))
