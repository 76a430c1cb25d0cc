"""Where tickets wait, why, and which way they go: rights, small teams, answers for nothing."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import NotAllowed, QueryWrong, UnknownCalendar, UnknownColumn
from opsgauge.governance.access import Actor
from opsgauge.operations.automating import automatable
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection
from opsgauge.operations.handoffs import handoffs
from opsgauge.operations.paths import standardisation, walked_paths
from opsgauge.operations.queueing import flowing, queues
from opsgauge.operations.waiting import waits
from opsgauge.operations.why_waiting import causes, intake, stages
from tests.conftest import MAPPING, Intake, with_settings

ASKS: tuple[Callable[[Context], Any], ...] = (
    waits,
    handoffs,
    queues,
    flowing,
    causes,
    stages,
    intake,
    automatable,
    walked_paths,
    standardisation,
)


def export() -> str:
    """Return sixty tickets: Desk hands a third to Network and a sixth to Lone, where ann is alone.

    One in five of Network's comes straight back; all are done but each tenth.
    """
    lines = ["number,at,state,team,who"]
    for n in range(60):
        day, number = f"2026-01-{1 + n % 20:02}", f"T{n}"
        other = "Lone" if n % 6 == 0 else "Network" if n % 3 == 1 else "Desk"
        who = {"Lone": "ann", "Network": f"net {n % 4}", "Desk": f"desk {n % 4}"}[other]
        lines.append(f"{number},{day}T08:00Z,New,Desk,desk {n % 4}")
        lines.append(f"{number},{day}T{9 + n % 3:02}:00Z,New,{other},{who}")
        lines.append(f"{number},{day}T12:00Z,Work,{other},{who}")
        if other == "Network" and n % 5 == 0:
            lines.append(f"{number},{day}T13:00Z,Work,Desk,desk 1")
        if n % 10:
            lines.append(f"{number},{day}T{14 + n % 7}:00Z,Done,{other},{who}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Import that desk."""
    made = Intake(tmp_path_factory.mktemp("waiting"))
    made.takes(export(), mapping=MAPPING + "practice: incident\n")
    yield made
    made.close()


@pytest.mark.parametrize("ask", ASKS, ids=lambda ask: ask.__name__)
def test_every_answer_says_from_what_it_comes(desk: Intake, ask: Callable[..., Any]) -> None:
    """A sentence, the data version, rows; and nobody without a role is answered."""
    plain = ask(desk.context).as_json()

    assert plain["sentence"]
    assert plain["data_version"] == 1
    assert plain["rows"]
    with pytest.raises(NotAllowed):
        ask(Context(desk.workspace, actor=Actor("none", ())))


@pytest.mark.parametrize("ask", ASKS, ids=lambda ask: ask.__name__)
def test_every_answer_has_words_for_nothing(desk: Intake, ask: Callable[..., Any]) -> None:
    """Of tickets that are not there."""
    none = Selection((Condition("category", ("none such",)),))
    plain = ask(desk.context, chosen=none).as_json()

    assert plain["sentence"]
    assert not plain["rows"] or ask in (flowing, stages, intake)


@pytest.mark.row("MAP-08")
def test_a_team_of_one_is_told_together_with_another(desk: Intake) -> None:
    """With fewer than three people nobody is named: Lone stands with the next smallest team."""
    private = with_settings(desk.context, fewest_persons=3)
    told = "(withheld: fewer than 3 people)"

    for ask in (waits, handoffs, causes, standardisation):  # the others take the same tables
        words = str(ask(private).as_json())
        assert "Lone" not in words, ask
    assert {flow.to for flow in handoffs(private).flows} <= {told, "Desk", "Network"}
    assert any("told together" in note for note in waits(private).as_json()["notes"])
    with pytest.raises(QueryWrong, match="fewer than 3 people"):
        waits(private, Selection((Condition("team", ("Lone",)),)))


@pytest.mark.row("MAP-06", "MAP-09")
def test_parts_of_one_desk_add_up(desk: Intake) -> None:
    """Hours of steps by team are those by phase; queues of teams are all open tickets."""
    by_team, by_phase = (waits(desk.context, steps=steps).as_json() for steps in ("team", "phase"))
    queued = queues(desk.context, steps="team").as_json()
    last = queued["all"][-1]

    running = {row["step"] for row in by_team["rows"] if row["running"]}
    assert running
    assert by_team["hours"] <= by_phase["hours"] + sum(r["hours"] for r in by_phase["rows"])
    here = [row for row in queued["rows"] if row["period"] == last["period"]]
    assert sum(row["length"] for row in here) == last["length"] == 6
    assert sum(each["tickets"] for each in queued["aging"]) == 6
    assert last["length"] == sum(each["came"] - each["went"] for each in queued["all"])


@pytest.mark.row("MAP-06")
def test_steps_have_example_tickets_but_for_teams_of_few(desk: Intake) -> None:
    """By how much each was longer than is achievable; steps of teams told together have none."""
    rows = waits(desk.context).as_json()["rows"]
    named = [row for row in rows if row["recoverable_hours"]]

    assert named
    for row in named:
        [longest] = row["examples"]  # all were opened in one month
        beyond = longest["hours"] - row["achievable_hours"]
        assert longest["beyond_hours"] == pytest.approx(beyond)
        assert beyond > 0
        assert longest["ticket"].startswith("T")
    assert not any(row["examples"] for row in rows if row["recoverable_hours"] is None)
    private = waits(with_settings(desk.context, fewest_persons=3)).as_json()["rows"]
    withheld = [row for row in private if "(withheld" in row["step"]]
    assert any(row["recoverable_hours"] for row in withheld)
    assert not any(row["examples"] for row in withheld)


@pytest.mark.row("MAP-19")
def test_days_choose_the_stretch_of_time(desk: Intake) -> None:
    """And the identity holds in it."""
    within = Selection(from_=date(2026, 1, 5), to=date(2026, 1, 9))
    found = flowing(desk.context, within)

    assert (found.window.first, found.window.last) == (date(2026, 1, 5), date(2026, 1, 9))
    assert found.law.identity
    assert found.law.came == 15
    assert "would make" in found.law_words
    weeks = queues(desk.context, within, grain="day").as_json()["all"]
    assert [week["period"] for week in weeks] == [f"2026-01-0{day}" for day in range(5, 10)]


def test_waits_of_no_more_than_fit_into_memory_are_followed(
    desk: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest days first, whole, and the answer says of how many; else it says nothing."""
    every = causes(desk.context, Selection(from_=date(2026, 1, 1)))
    monkeypatch.setattr("opsgauge.operations.why_waiting.MOST_UPDATES", 30)
    few = causes(desk.context, Selection(from_=date(2026, 1, 1), to=date(2026, 1, 20)))

    assert not [note for note in every.told.notes if "in memory" in note]
    # Days have three tickets, of three or four updates (five where one came back).
    assert [note for note in few.told.notes if note.startswith("6 of the 60 tickets chosen are")]
    assert 0 < few.rows[0].waits < every.rows[0].waits


@pytest.mark.row("MAP-03", "AUT-04")
def test_paths_and_the_standard_one(desk: Intake) -> None:
    """The most frequent is the standard and the happy path, and covered shares add up."""
    plain = walked_paths(desk.context).as_json()
    first = plain["rows"][0]

    assert first["path"] == ["new", "new", "in_progress", "resolved"]
    assert first["happy_path"]
    assert plain["rows"][-1]["covered"] == pytest.approx(1.0)
    [process] = standardisation(desk.context).as_json()["rows"]
    assert (process["process"], process["tickets"]) == ("incident", 54)
    assert process["standard_path"] == first["path"]
    assert process["share_on_standard"] == first["finished"] / 54


def test_a_wrong_word_is_the_users_to_mend(desk: Intake) -> None:
    """Each with what would be right."""
    ctx = desk.context
    with pytest.raises(UnknownColumn, match="Did you mean 'team'"):
        waits(ctx, steps="teem")
    for ask in (waits, queues):
        with pytest.raises(UnknownColumn, match="no steps by ''"):
            ask(ctx, steps="")
    with pytest.raises(QueryWrong, match="not from 1 to 50"):
        waits(ctx, percentile=51)
    with pytest.raises(QueryWrong, match="Did you mean 'week'"):
        queues(ctx, grain="weeks")
    with pytest.raises(QueryWrong, match="not from 1 to"):
        causes(ctx, days=0)
    with pytest.raises(UnknownCalendar):
        causes(ctx, calendar="none")
    with pytest.raises(QueryWrong, match="no process"):
        standardisation(ctx, "team")
    with pytest.raises(QueryWrong, match="Ask for fewer"):
        walked_paths(ctx, limit=201)
    with pytest.raises(QueryWrong, match="Nothing was handed"):
        handoffs(ctx).star("none such")


NOTED = """
source: desk
table: notes
times: {zone: UTC}
fields:
  note_id: id
  ticket_id: number
  written_at: at
  internal: {column: type, yes: [Work note], no: [Reply]}
  from_requester: {column: from, yes: [user], no: [desk]}
"""


@pytest.mark.row("MAP-14")
def test_messages_are_told_where_notes_are_imported(make_intake: Callable[..., Intake]) -> None:
    """T0 was answered before work at 12:00, T20 after it; T0 and T20 were opened on 1 January and
    T40 too; the others before the first note or after the last one.
    """
    made = make_intake()
    made.takes(export(), mapping=MAPPING + "practice: incident\n")
    before = intake(made.context).as_json()
    lines = ["id,number,at,type,from"]
    for number, hour in (("T0", 10), ("T20", 13)):
        lines.append(f"{number}a,{number},2026-01-01T08:00Z,Reply,desk")
        lines.append(f"{number}b,{number},2026-01-01T{hour}:00Z,Reply,user")
    made.takes("\n".join(lines) + "\n", mapping=NOTED, name="notes.csv")
    after = intake(made.context).as_json()
    none_there = intake(made.context, Selection(from_=date(2026, 1, 5))).as_json()

    assert any("No notes are imported" in said for said in before["caveats"])
    assert "messages" not in {row["fault"] for row in before["rows"]}
    assert before["judged"] == before["tickets"] == 60
    [told] = [row for row in after["rows"] if row["fault"] == "messages"]
    assert (told["tickets"], told["of"], after["judged"], after["tickets"]) == (1, 3, 3, 60)
    assert "of the 3 tickets whose messages are known" in after["sentence"]
    assert "messages" not in {row["fault"] for row in none_there["rows"]}
    assert any("No note is from when" in said for said in none_there["caveats"])
