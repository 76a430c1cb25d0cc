"""Publishing numbers: an answer is kept under a ref, with all that is needed to get it again.

Floor 5. `recomputing.py` gets it again, or says why it is another one.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.code import code_version
from opsgauge.governance import published
from opsgauge.governance.published import Kept, PublishedNumber
from opsgauge.log.service_levels.reading import FOLDER as SERVICE_LEVELS
from opsgauge.metrics.question import Question
from opsgauge.operations.answers import Measured, iso
from opsgauge.operations.context import Context
from opsgauge.operations.definitions_kept import texts_since
from opsgauge.operations.gate import refuse_withheld
from opsgauge.operations.measure import measure

READ = "published:read"
AROUND = ("hierarchies", "bands", "calendars", SERVICE_LEVELS)  # files that numbers stand on
SETTINGS = ("zone", "suppress_below", "fewest_persons", "withhold_on")
EXCLUSIONS = "exclusions"  # numbers of those that a number stands under
MOST_LISTED = 1_000


@dataclass(frozen=True)
class Publication:
    """A number that was published, as it is kept."""

    number: PublishedNumber

    @property
    def ref(self) -> str:
        """What people quote."""
        return self.number.ref

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        number, kept = self.number, self.number.kept
        return {
            "ref": number.ref,
            "at": iso(number.at),
            "by": number.actor,
            "place": kept.place,
            "question": dict(kept.question),
            "answer": dict(kept.answer),
            "data_version": kept.data_version,
            "definition": kept.definition["metric"],
            "code": kept.code,
        }


def publish(ctx: Context, question: Question, place: str) -> tuple[Publication, Measured]:
    """Measure, and keep the answer under a ref. Pages and reports that publish go through here.

    Needs `published:make`, and what `measure` needs.

    Parameters
    ----------
    place : where it is published, such as "cli" or "report monthly"

    Raises
    ------
    NumbersWithheld : a check fails for which the workspace withholds numbers
    QueryWrong and the like : as `measure`
    """
    ctx.require(published.ACTION)
    ctx = ctx.holding()
    answer = measure(ctx, question)
    refuse_withheld(ctx, answer.suspect)
    kept = Kept(
        place=place,
        question=question_json(question),
        answer=answer.as_json(),
        data_version=answer.provenance.data_version,
        definition={
            "metric": answer.provenance.definition,
            "texts": texts_since(ctx, ctx.opened().version),
            EXCLUSIONS: [each.number for each in answer.left_out],
            **around(ctx),
        },
        code=code_version(),
    )
    return Publication(published.keep(ctx.database, ctx.clock, ctx.actor, kept)), answer


def published_number(ctx: Context, ref: str) -> Publication:
    """Return a published number as it is kept.

    Needs `published:read`.

    Raises
    ------
    UnknownName : nothing was published under that ref
    RecordsDamaged : what is kept is not what was published
    """
    ctx.require(READ)
    return Publication(published.get(ctx.database, ref.strip().upper()))


def published_numbers(
    ctx: Context, limit: int = MOST_LISTED, metric: str = ""
) -> list[Publication]:
    """Return the newest published numbers first, of one metric where one is named.

    Needs `published:read`.
    """
    ctx.require(READ)
    found = published.newest(ctx.database, min(limit, MOST_LISTED), metric)
    return [Publication(each) for each in found]


def around(ctx: Context) -> dict[str, Any]:
    """Return what a number stands on beside its metric: hashes of files, and settings."""
    settings = ctx.workspace.settings.model_dump()
    return {name: _hash_of_files(ctx.workspace.path / name) for name in AROUND} | {
        name: settings[name] for name in SETTINGS
    }


def _hash_of_files(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml"), *folder.glob("*.csv")]):
        digest.update(f"{file.name}\0".encode(errors="replace"))
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:12]


def question_json(question: Question) -> dict[str, Any]:
    """Return a question as it is kept.

    Examples
    --------
    >>> kept = question_json(Question("backlog", by=("team",), from_=date(2026, 1, 5)))
    >>> question_of(kept) == Question("backlog", by=("team",), from_=date(2026, 1, 5))
    True
    """
    plain = {name: value for name, value in vars(question).items() if name != "groupings"}
    return plain | {
        "by": list(question.by),
        "where": [[each.column, list(each.values)] for each in question.where],
        "from_": question.from_.isoformat() if question.from_ else None,
        "to": question.to.isoformat() if question.to else None,
        "as_of": question.as_of.isoformat() if question.as_of else None,
    }


def question_of(kept: dict[str, Any]) -> Question:
    """Return a question that was kept."""
    days = {name: date.fromisoformat(kept[name]) for name in ("from_", "to") if kept[name]}
    moment = {"as_of": datetime.fromisoformat(kept["as_of"])} if kept["as_of"] else {}
    where = tuple(Condition(column, tuple(values)) for column, values in kept["where"])
    return Question(**{**kept, "by": tuple(kept["by"]), "where": where, **days, **moment})
