"""The mapping file: how one source's columns and words become the log's.

Floor 2. Checked whole before a file is touched; each fault names the key and the nearest right
word. The format is documented in docs/guides/mapping.md.
"""

from collections.abc import Mapping as Dict
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, model_validator

from opsgauge.foundation.errors import MappingWrong, did_you_mean
from opsgauge.foundation.text_encoding import Encoding
from opsgauge.foundation.yaml_text import Texts, read_yaml
from opsgauge.log.mapping_faults import NEEDED, fault_of
from opsgauge.log.mapping_fields import (
    AT_OPENING,
    CARRIED,
    CHANGEABLE,
    FIELDS,
    PERSONS,
    TICKET_TYPES,
)
from opsgauge.log.mapping_parts import (
    Deleted,
    FullWord,
    LinkTo,
    Only,
    Part,
    Several,
    Times,
    as_full,
    as_yes_or_no,
    check_carried,
    check_opening,
    check_text,
)
from opsgauge.log.related import FREE_TEXT, NOTE_TEXT, ONLY_OF_TICKETS, RELATED_BY_NAME
from opsgauge.log.tables import TICKETS
from opsgauge.log.vocabulary import PHASES, PRACTICES


class Take(Part):
    """A value's origin: a column, several joined, or a constant; `blank` where they are empty."""

    column: str = ""
    join: Several = ()
    with_: Annotated[str, Field(alias="with")] = "/"
    value: str = ""
    blank: str = ""
    words: Texts = Field(default_factory=dict)
    yes: Several = ()
    no: Several = ()

    @model_validator(mode="after")
    def _one_way(self) -> "Take":
        if sum(map(bool, (self.column, self.join, self.value))) != 1:
            raise ValueError("say exactly one of 'column', 'join' and 'value'")
        if self.value and self.blank:
            raise ValueError("a constant is never blank, so leave 'blank' out")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """The source's columns it reads."""
        return (self.column,) if self.column else self.join


def _as_take(given: Any) -> Any:
    return {"column": given} if isinstance(given, str) else given


def _as_word(given: Any) -> Any:
    return {"value": given} if isinstance(given, str) else given


Taken = Annotated[Take, BeforeValidator(_as_take)]


def check_automatic(words: tuple[str, ...], actor: Take | None, missing: tuple[str, ...]) -> None:
    """Refuse words for programs that no update could be signed with.

    Raises
    ------
    ValueError : the actor is not mapped or is made of several columns, or a word says nothing
    """
    if actor is None:
        raise ValueError("automatic: it names values of 'actor', so map that under 'fields'")
    if actor.join:
        raise ValueError(
            "automatic: 'actor' is joined from several columns, each hidden by itself; read it "
            "from one of them"
        )
    for word in words:
        if not word.strip() or word.strip() in missing:
            raise ValueError(
                f"automatic: {word!r} says that nothing is written; give such rows a word by "
                "'blank' of 'actor' if a program made them"
            )


class PhaseWords(Part):
    """Which phase each word means, from a date on."""

    since: Annotated[date | None, Field(alias="from")] = None
    words: dict[str, str]

    @model_validator(mode="after")
    def _phases_are_known(self) -> "PhaseWords":
        for word, phase in self.words.items():
            if phase not in PHASES:
                raise ValueError(
                    f"{word!r} means {phase!r}, which is no phase. {did_you_mean(phase, PHASES)}"
                )
        return self


def _as_phase_list(given: Any) -> Any:
    return [{"words": given or {}}] if isinstance(given or {}, dict) else given


class Changes(Part):
    """For a row per field change: which columns hold the field's name and its values."""

    field: str
    old: str = ""
    new: str
    names: Texts  # the source's name of a field -> ours

    @model_validator(mode="after")
    def _fields_are_known(self) -> "Changes":
        for name, ours in self.names.items():
            if ours not in CHANGEABLE:
                raise ValueError(
                    f"{name!r} stands for {ours!r}, which no update can change. "
                    f"{did_you_mean(ours, CHANGEABLE)}"
                )
        return self


class Mapping(Part):
    """One source's mapping, whole and checked."""

    source: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    table: str = TICKETS.name
    files: Several = ()  # which files of the inbox are its own, as `incident*.csv`
    only: Only = Field(default_factory=dict)  # which records of a file are meant, by a column
    shape: Literal["tickets", "updates", "changes", ""] = ""
    practice: Annotated[Take, BeforeValidator(_as_word)] = Take(value="incident")
    ticket_id: str = ""
    times: Times = Times()
    encoding: Encoding = ""
    missing: Several = ()
    decimal: Literal[".", ","] = "."
    formula_marks: Annotated[bool, BeforeValidator(as_yes_or_no)] = False  # apostrophes to take off
    order: Several = ()
    fields: dict[str, Taken]
    opening: dict[str, Taken] = Field(default_factory=dict)  # what held before the first update
    phases: Annotated[tuple[PhaseWords, ...], BeforeValidator(_as_phase_list)] = ()
    changes: Changes | None = None
    attributes: Texts = Field(default_factory=dict)
    links: Annotated[tuple[LinkTo, ...], BeforeValidator(lambda given: given or ())] = ()
    deleted: Deleted | None = None
    merged_into: str = ""
    # whether closed without resolved is a resolution too
    closing_resolves: Annotated[bool, BeforeValidator(as_yes_or_no)] = False
    full: Annotated[FullWord, BeforeValidator(as_full)] = ""
    persons: Several = ()
    carry: Several = ()  # fields of which a blank keeps what stood there before
    automatic: Several = ()  # values of the actor that are programs
    drop: Several = ()

    @model_validator(mode="after")
    def _fits_together(self) -> "Mapping":
        if self.table != TICKETS.name:
            return self._fits_related()
        for key in ("shape", "ticket_id"):
            if not getattr(self, key):
                raise ValueError(f"{key}: {NEEDED}")
        for name in self.fields:
            if name not in FIELDS:
                raise ValueError(f"fields: {name!r} is no field. {did_you_mean(name, FIELDS)}")
        for word in (self.practice.value, *self.practice.words.values()):
            if word and word not in PRACTICES:
                raise ValueError(
                    f"practice: {word!r} is no practice. {did_you_mean(word, PRACTICES)}"
                )
        self._check_shape()
        return self

    @model_validator(mode="after")
    def _programs_are_told(self) -> "Mapping":
        if self.automatic:
            check_automatic(self.automatic, self.fields.get("actor"), self.missing)
            if self.shape == "tickets":
                raise ValueError(
                    "automatic: a list of tickets does not tell who made which update, so it says "
                    "nothing here"
                )
        return self

    @model_validator(mode="after")
    def _keeps_what_it_reads(self) -> "Mapping":
        for column, key in self.columns().items():
            if column in self.drop:
                raise ValueError(f"drop: {column!r} is read for {key}, so it cannot be dropped")
        return self

    def _check_shape(self) -> None:
        if self.shape != "tickets" and "updated_at" not in self.fields:
            raise ValueError(f"fields: shape {self.shape!r} needs 'updated_at'")
        if self.shape == "tickets" and "opened_at" not in self.fields:
            raise ValueError("fields: shape 'tickets' needs 'opened_at'")
        check_carried(self.carry, self.shape, [name for name in CARRIED if name in self.fields])
        check_opening(self.opening, self.shape, [n for n in AT_OPENING if n in self.fields])
        if (self.shape == "changes") != (self.changes is not None):
            raise ValueError("'changes' is needed by shape 'changes', and by no other")

    def _fits_related(self) -> "Mapping":
        table = RELATED_BY_NAME.get(self.table)
        if table is None:
            known = (TICKETS.name, *RELATED_BY_NAME)
            raise ValueError(
                f"table: there is no table {self.table!r}. {did_you_mean(self.table, known)}"
            )
        for key in ONLY_OF_TICKETS:
            if key in self.model_fields_set:
                raise ValueError(f"{key!r} is for tickets, and has no place with 'table'")
        known = tuple(name for name in table.names if name != "source")
        for name in self.fields:
            if name not in known:
                raise ValueError(f"fields: {name!r} is no field. {did_you_mean(name, known)}")
        for name in (*table.key[1:], table.dated_by):
            if name and name not in self.fields:
                raise ValueError(f"fields: table {self.table!r} needs {name!r}")
        check_text(NOTE_TEXT, {name: take.columns for name, take in self.fields.items()})
        return self

    @property
    def related(self) -> bool:
        """Whether the records are no tickets but stand beside them."""
        return self.table != TICKETS.name

    @property
    def stream(self) -> str:
        """Name of the stream of records: the source, with the table where they are no tickets."""
        return f"{self.source}/{self.table}" if self.related else self.source

    def fields_of(self, *types: str) -> tuple[str, ...]:
        """Return the mapped fields whose columns are of these types, in the table's order."""
        known = self._types()
        return tuple(name for name in known if name in self.fields and known[name] in types)

    def type_of(self, field: str) -> str:
        """Return the type of a field's column, a key of `tables.TYPES`."""
        return self._types()[field]

    def _types(self) -> Dict[str, str]:
        if not self.related:
            return TICKET_TYPES
        return {column.name: column.type for column in RELATED_BY_NAME[self.table].columns}

    @property
    def key(self) -> tuple[str, ...]:
        """The fields that tell related records of one source apart."""
        return RELATED_BY_NAME[self.table].key[1:] if self.related else ("ticket_id",)

    @property
    def person_fields(self) -> tuple[str, ...]:
        """The mapped fields that name persons."""
        if not self.related:
            return tuple(name for name in PERSONS if name in self.fields)
        columns = RELATED_BY_NAME[self.table].columns
        return tuple(c.name for c in columns if c.person and c.name in self.fields)

    def reads_like(self, other: "Mapping") -> bool:
        """Say whether both make the same of every record, whatever files they are for."""
        return self.model_copy(update={"files": other.files, "full": other.full}) == other

    @property
    def person_columns(self) -> tuple[str, ...]:
        """The source's columns that name persons; they never reach the disk as they are."""
        mapped = [c for name in self.person_fields for c in self.fields[name].columns]
        return tuple(dict.fromkeys([*mapped, *self.persons]))

    @property
    def text_columns(self) -> tuple[str, ...]:
        """The source's columns that hold free text, kept only where the settings say so."""
        return tuple(
            c for name in FREE_TEXT if name in self.fields for c in self.fields[name].columns
        )

    def columns(self) -> dict[str, str]:
        """Return every column of the source that is read, with the key of the mapping that does."""
        read = {self.ticket_id: "ticket_id"} if self.ticket_id else {}
        read |= dict.fromkeys(self.practice.columns, "practice")
        for key, taken in (("fields", self.fields), ("opening", self.opening)):
            for name, take in taken.items():
                read |= dict.fromkeys(take.columns, f"{key}.{name}")
        if self.changes:
            parts = (self.changes.field, self.changes.old, self.changes.new)
            read |= {column: "changes" for column in parts if column}
        read |= dict.fromkeys(self.order, "order") | dict.fromkeys(self.persons, "persons")
        read |= {column: f"attributes.{name}" for name, column in self.attributes.items()}
        if self.deleted:
            read |= {self.deleted.column: "deleted"}
        read |= {self.merged_into: "merged_into"} if self.merged_into else {}
        read |= dict.fromkeys(self.only, "only")
        return read | {link.column: "links" for link in self.links}

    def check_columns(self, header: tuple[str, ...], file: str) -> None:
        """Refuse a file that lacks a column the mapping reads.

        Raises
        ------
        MappingWrong : naming the column, the key that reads it, and the nearest in the file
        """
        for column, key in self.columns().items():
            if column not in header:
                raise MappingWrong(
                    f"{file} has no column {column!r}, which the mapping reads for {key}.",
                    hint=did_you_mean(column, header),
                )


def read_mapping(path: Path) -> tuple[Mapping, str]:
    """Read and check a mapping file.

    Returns
    -------
    the mapping, and its text as written

    Raises
    ------
    MappingWrong : the file is missing, no YAML, or says something that cannot be
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as wrong:
        raise MappingWrong(f"The mapping {path} cannot be read: {wrong}") from wrong
    return parse_mapping(text, str(path)), text


def parse_mapping(text: str, where: str) -> Mapping:
    """Check the text of a mapping; `where` names it in errors."""
    given = read_yaml(text, where, MappingWrong, plain=True)
    if not isinstance(given, dict):
        raise MappingWrong(f"{where} holds no mapping: it must be keys and values.")
    try:
        return Mapping.model_validate(given)
    except ValidationError as wrong:
        raise MappingWrong(f"{where}{fault_of(wrong, text, Mapping, PARTS)}") from wrong


PARTS: Dict[str, type[BaseModel]] = {
    "times": Times,
    "changes": Changes,
    "links": LinkTo,
    "phases": PhaseWords,
    "fields": Take,
    "practice": Take,
    "deleted": Deleted,
}
