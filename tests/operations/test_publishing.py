"""A number that was published comes back, or it is said why not: data, definition or code."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import NotAllowed, NumbersWithheld, UnknownName
from opsgauge.governance import audit
from opsgauge.governance.access import Actor, Assignment, everywhere
from opsgauge.governance.exclusions import Wanted
from opsgauge.metrics.question import Question
from opsgauge.operations import recomputing
from opsgauge.operations.context import Context
from opsgauge.operations.excluded import approve_exclusion, ask_exclusion, end_exclusion
from opsgauge.operations.measure import measure
from opsgauge.operations.publishing import (
    publish,
    published_number,
    published_numbers,
    question_json,
    question_of,
)
from opsgauge.operations.recomputing import Cause, Compared, recompute
from tests.conftest import Intake
from tests.operations.test_restating import FIRST, LATE, MAPPING, NEWER, OWN, WIDER

pytestmark = pytest.mark.row("GOV-08")
BY_PRIORITY = Question("tickets_opened", by=("priority",), period="month")
URGENT = Question("urgent_opened")
GROUPED = Question("tickets_opened", by=("priority.weight",))
HIERARCHY = """
dimension: priority
levels:
  weight:
    heavy: ["1"]
    light: ["2"]
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Import four tickets and publish two numbers of them: N-1 and N-2."""
    held = Intake(tmp_path_factory.mktemp("published"))
    (held.workspace.path / "catalogue" / "own.yaml").write_text(OWN)
    held.takes(FIRST, mapping=MAPPING)
    publish(held.context, BY_PRIORITY, "report monthly")
    publish(held.context, URGENT, "cli")
    yield held
    held.close()


@pytest.fixture
def desk(published: Intake, tmp_path: Path) -> Iterator[Intake]:
    """Return a copy of that workspace, to be changed."""
    copy = Intake(tmp_path)
    copy.close()
    shutil.rmtree(copy.workspace.path)
    shutil.copytree(published.workspace.path, copy.workspace.path)
    copy.reopen()
    yield copy
    copy.close()


def causes(compared: Compared) -> list[Cause]:
    return [reason.cause for reason in compared.reasons]


def rewrite(desk: Intake, text: str) -> None:
    """Change the metric's paragraph."""
    (desk.workspace.path / "catalogue" / "own.yaml").write_text(text)
    desk.close()
    desk.reopen()


def test_a_published_number_is_kept_with_all_it_came_from(published: Intake) -> None:
    """Question, answer, data version, definition, code; and a line in the audit."""
    kept = published_number(published.context, "n-1 ").as_json()
    assert kept["ref"] == "N-1"
    assert kept["answer"] == measure(published.context, BY_PRIORITY).as_json()
    assert (kept["place"], kept["by"], kept["data_version"]) == ("report monthly", "local", 1)
    assert kept["definition"] == kept["answer"]["definition"]
    assert [each.ref for each in published_numbers(published.context)] == ["N-2", "N-1"]
    [line] = audit.lines(published.context.database, subject="published N-1")
    assert line.action == "published:make"


def test_nothing_changed_and_the_same_value_comes_back(published: Intake) -> None:
    """Of the version it names, which is the newest still."""
    for ref in ("N-1", "N-2"):
        again = recompute(published.context, ref)
        assert again.named == again.newest == Compared(1)
        assert again.named.same


def test_later_data_is_the_data(desk: Intake) -> None:
    """The version it names gives the same; the newest knows three tickets more or less."""
    desk.takes(LATE, mapping=MAPPING)
    again = recompute(desk.context, "N-1")

    assert again.named == Compared(1)
    assert (again.newest.data_version, causes(again.newest)) == (2, [Cause.DATA])
    changed = {(e.period, e.by["priority"]): (e.was, e.is_) for e in again.newest.differences}
    assert changed == {
        ("2026-01", "2"): (0.0, 1.0),
        ("2026-02", "1"): (1.0, 0.0),
        ("2026-03", "1"): (1.0, 2.0),
    }


def test_a_version_that_is_kept_no_longer_is_the_data(desk: Intake) -> None:
    """Its files were removed; the newest still gives an answer to be compared."""
    first = set((desk.workspace.path / "warehouse" / "tickets").rglob("*.parquet"))
    desk.takes(LATE, mapping=MAPPING)
    newest = set(desk.context.warehouse.files("tickets", desk.version().tables["tickets"]))
    for file in first:
        if str(file) not in newest:
            file.unlink()
    desk.close()
    desk.reopen()
    again = recompute(desk.context, "N-1")

    assert (again.named.answered, again.named.same) == (False, False)
    assert causes(again.named) == [Cause.DATA]
    assert "kept no longer" in again.named.reasons[0].words
    assert again.newest.answered


def test_tables_that_were_tampered_with_are_the_data(
    desk: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Same version, definition and code, and another value: the stored rows are not those."""

    def other(ctx: Context, question: Question) -> Any:
        found = measure(ctx, question)
        for row in found.rows:
            object.__setattr__(row, "value", 99.0)
        return found

    monkeypatch.setattr(recomputing, "measure", other)
    again = recompute(desk.context, "N-2")
    assert causes(again.named) == causes(again.newest) == [Cause.DATA]
    assert "do not read as they did" in again.named.reasons[0].words


def test_another_definition_is_the_definition(desk: Intake) -> None:
    """By that of then the value comes back; by that of now it is another, on the same data."""
    rewrite(desk, WIDER)
    again = recompute(desk.context, "N-2")

    assert again.named.same
    [difference] = again.newest.differences
    assert (difference.was, difference.is_) == (3.0, 4.0)
    assert causes(again.newest) == [Cause.DEFINITION]


def test_data_and_definition_are_both_told(desk: Intake) -> None:
    """Late tickets and a wider definition: each has its part."""
    desk.takes(NEWER, mapping=MAPPING)
    rewrite(desk, WIDER)
    again = recompute(desk.context, "N-2")

    assert again.named.same
    [difference] = again.newest.differences
    assert (difference.was, difference.is_) == (3.0, 5.0)
    assert causes(again.newest) == [Cause.DATA, Cause.DEFINITION]


def test_a_definition_that_no_import_kept_comes_back(desk: Intake) -> None:
    """It came after one import and went before the next, so the publication keeps its text."""
    rewrite(desk, WIDER)
    made, _ = publish(desk.context, URGENT, "cli")
    rewrite(desk, OWN)
    again = recompute(desk.context, made.ref)

    assert list(made.number.kept.definition["texts"]) == ["own.yaml"]
    assert again.named.same
    [difference] = again.newest.differences
    assert (difference.was, difference.is_) == (4.0, 3.0)
    assert causes(again.newest) == [Cause.DEFINITION]


def test_a_definition_that_cannot_be_read_any_more_is_said_to_be_that(desk: Intake) -> None:
    """The data version that kept it is damaged: the one of now is asked, and says so."""
    rewrite(desk, WIDER)
    shutil.rmtree(desk.workspace.path / "warehouse" / "definitions")
    again = recompute(desk.context, "N-2")

    assert not again.named.same
    assert causes(again.named) == [Cause.DEFINITION]
    assert "cannot be read" in again.named.reasons[0].words


def test_a_metric_that_is_gone_is_the_definition(desk: Intake) -> None:
    """The old definition still gives the value; that of now gives none."""
    (desk.workspace.path / "catalogue" / "own.yaml").unlink()
    desk.close()
    desk.reopen()
    again = recompute(desk.context, "N-2")

    assert again.named.same
    assert (again.newest.answered, causes(again.newest)) == (False, [Cause.DEFINITION])


def test_a_file_that_numbers_stand_on_is_the_definition(desk: Intake) -> None:
    """A hierarchy that places a value elsewhere changes numbers, though no metric changed."""
    file = desk.workspace.path / "hierarchies" / "priority.yaml"
    file.write_text(HIERARCHY)
    made, _ = publish(desk.context, GROUPED, "cli")
    assert recompute(desk.context, made.ref).named.same
    file.write_text(f"{HIERARCHY}title: Weight\n")
    assert recompute(desk.context, made.ref).named.same
    file.write_text(HIERARCHY.replace("light: ", "slight: "))
    again = recompute(desk.context, made.ref)

    assert causes(again.named) == causes(again.newest) == [Cause.DEFINITION]
    assert "hierarchies" in again.named.reasons[0].words


def test_other_code_is_the_code(desk: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither data nor definition changed, and this program computes another value."""

    def other(ctx: Context, question: Question) -> Any:
        found = measure(ctx, question)
        for row in found.rows:
            object.__setattr__(row, "value", 99.0)
        return found

    monkeypatch.setattr(recomputing, "code_version", lambda: "0.2.0+other")
    assert recompute(desk.context, "N-2").named.same
    monkeypatch.setattr(recomputing, "measure", other)
    again = recompute(desk.context, "N-2")
    assert causes(again.named) == causes(again.newest) == [Cause.CODE]
    assert "0.2.0+other" in again.named.reasons[0].words


def test_an_unknown_ref_is_said_to_be_that(published: Intake) -> None:
    """With where to look."""
    with pytest.raises(UnknownName, match="'N-99'"):
        recompute(published.context, "N-99")


@pytest.mark.parametrize(
    "actor",
    [
        everywhere("eve", "viewer"),
        Actor("eve", (Assignment("analyst", (Condition("team", ("A",)),)),)),
    ],
)
def test_who_sees_a_part_publishes_nothing_and_sees_nothing_published(
    published: Intake, actor: Actor
) -> None:
    """A published number is of all records, whoever asks for it again."""
    ctx = Context(published.workspace, actor)
    with pytest.raises(NotAllowed, match="published:make"):
        publish(ctx, URGENT, "cli")
    for ask in (published_number, recompute):
        with pytest.raises(NotAllowed, match="published:read"):
            ask(ctx, "N-1")
    with pytest.raises(NotAllowed, match="published:read"):
        published_numbers(ctx)


def test_a_number_that_is_withheld_is_not_published(desk: Intake) -> None:
    """What the workspace keeps back does not get a ref."""
    settings = desk.workspace.path / "opsgauge.toml"
    settings.write_text('withhold_on = ["*"]\n')
    desk.close()
    desk.reopen()
    late = "number,opened,state,priority\nT8,2031-01-01,Odd,1\n"
    desk.takes(late, mapping=MAPPING)
    assert measure(desk.context, URGENT).withheld
    with pytest.raises(NumbersWithheld):
        publish(desk.context, URGENT, "cli")


def test_a_question_comes_back_as_it_was_asked() -> None:
    """With every field filled."""
    question = Question(
        metric="backlog",
        statistic="median",
        by=("team", "priority"),
        where=(Condition("team", ("A", None)),),
        period="week",
        from_=date(2026, 1, 5),
        to=date(2026, 2, 1),
        as_of=datetime(2026, 2, 1, 6, tzinfo=UTC),
        dated_by="closed_at",
        shift="year",
        rolling="28d",
        to_date=True,
        aggregate="first",
    )
    assert question_of(question_json(question)) == question


def test_what_was_left_out_then_is_left_out_again(desk: Intake) -> None:
    """A number under an exclusion comes back; what counts now is told as a difference."""
    wanted = Wanted("A storm.", "tickets_opened", (Condition("priority", ("1",)),))
    number = approve_exclusion(desk.context, ask_exclusion(desk.context, wanted).number).number
    made, _ = publish(replace(desk.context), BY_PRIORITY, "report")
    assert made.number.kept.definition["exclusions"] == [number]
    assert recompute(replace(desk.context), made.ref).newest.same
    before = recompute(replace(desk.context), "N-1")
    assert before.named.same
    assert [reason.words for reason in before.newest.reasons] == [
        f"It left out nothing then, and exclusion {number} now."
    ]

    end_exclusion(desk.context, number, "No storm.")
    after = recompute(replace(desk.context), made.ref)
    assert after.named.same
    assert causes(after.newest) == [Cause.DEFINITION]
    assert recompute(replace(desk.context), "N-1").newest.same
