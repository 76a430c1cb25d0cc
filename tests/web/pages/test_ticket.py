"""A ticket's page says who answered first, where the records tell it, and how long it took."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from opsgauge.operations.context import Context
from opsgauge.operations.drawing.ticket_parts import part_rows
from opsgauge.operations.opened import Readers
from opsgauge.operations.ticket_story import Beside, TicketStory
from opsgauge.web.app import make_app
from opsgauge.web.pages.ticket import headline, parts_title, spoken_before
from tests.conftest import Intake
from tests.log.test_answers import PROGRAMS, log
from tests.operations.drawing.samples import MONDAY, story
from tests.web.pages.conftest import Read

LOG = log(
    {"both": "Work robot, Work ann", "person": "Work ann", "untold": "Work -", "none": "New ann"}
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Serve a desk whose mapping names its programs."""
    made = Intake(tmp_path_factory.mktemp("answered"))
    made.takes(LOG, mapping=PROGRAMS)
    context = Context(made.workspace, readers=Readers(in_memory=True, remember=True))
    yield TestClient(make_app(context), base_url="http://127.0.0.1:8787")
    made.close()


@pytest.mark.row("SLA-10")
@pytest.mark.parametrize(
    ("ticket", "said"),
    [
        (
            "both",
            ["Program answered Mon 5 Jan 2026, 09:00", "Person answered Mon 5 Jan 2026, 10:00"],
        ),
        ("person", ["Person answered Mon 5 Jan 2026, 09:00"]),
        ("untold", ["Answered Mon 5 Jan 2026, 09:00"]),
        ("none", []),
    ],
)
def test_the_strip_says_when_it_was_answered_and_by_whom(
    desk: TestClient, ticket: str, said: list[str]
) -> None:
    """A program's answer before the person's; by nobody in particular where it is not told."""
    read = Read(desk.get(f"/tickets/desk/{ticket}").text)
    twin = desk.get(read.twin()).json()["ticket"]

    for words in said:
        assert words in read.words
    assert read.words.lower().count("answered") == len(said)
    assert (twin["first_human_response_at"] is not None) == any("Person" in each for each in said)


def opened(*rows: tuple[float, str | None, str, str]) -> TicketStory:
    """Return the story of an open ticket from (hours, team, phase, kind)."""
    return replace(story(*rows), ticket={"ticket_id": "INC1", "open": True})


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [(6393, "Desk", "new", "wait"), (0.35, "Desk", "in_progress", "work")],
            "Open for 266.4 days, and for all but 21 min of them nobody’s name was on it",
        ),
        (
            [(48, "Desk", "new", "wait"), (48, "Desk", "in_progress", "work")],
            "Open for 4.0 days, and for 48.0 h of them nobody’s name was on it",
        ),
        ([(48, "Desk", "new", "wait")], "Open for 48.0 h, and nobody’s name was ever on it"),
        (
            [(6393, "Desk", "pending_user", "hold"), (0.35, "Desk", "in_progress", "work")],
            "Open for 266.4 days, all but 21 min of them paused",
        ),
        ([(48, "Desk", "pending_user", "hold")], "Open for 48.0 h, all of them paused"),
    ],
)
def test_the_headline_never_says_a_part_is_the_whole(
    rows: list[tuple[float, str | None, str, str]], said: str
) -> None:
    """Where both would be written alike, what is lacking is said instead."""
    assert headline(opened(*rows)) == said


def test_the_shares_of_the_heading_are_those_of_the_table() -> None:
    """28.5 in the table is no 28 above it; two teams' waiting is one share."""
    parts = part_rows(
        opened(
            (400, "Desk", "new", "wait"),
            (315, "Network", "new", "wait"),
            (285, "Desk", "pending_user", "hold"),
        ).parts
    )

    assert [row.percent for row in parts] == ["40.0", "31.5", "28.5"]
    said = "Where 1,000 hours went: 71.5\u202f% waiting in queues, 28.5\u202f% paused"
    assert parts_title(parts) == said
    assert parts_title(()) == "No time has passed"


def test_a_call_before_the_first_answer_is_told_apart_from_it() -> None:
    """A contact is no update; one that nobody answered, or that came later, needs no word."""
    told = opened((48, "Desk", "new", "wait"))

    def spoken(after_hours: float | None, answered: bool = True) -> bool:
        at = None if after_hours is None else MONDAY + timedelta(hours=after_hours)
        first = MONDAY + timedelta(hours=24) if answered else None
        ticket = {"first_human_response_at": None, "first_response_at": first}
        call = Beside("contacts", {"answered_at": at}, at)
        return spoken_before(replace(told, ticket=ticket, beside=(call,)))

    assert [spoken(1), spoken(30), spoken(None)] == [True, False, False]
    assert [spoken(30, answered=False), spoken(None, answered=False)] == [True, False]
