"""A ticket's page says who answered first, where the records tell it."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from opsgauge.operations.context import Context
from opsgauge.operations.opened import Readers
from opsgauge.web.app import make_app
from tests.conftest import Intake
from tests.log.test_answers import PROGRAMS, log
from tests.web.pages.conftest import Read

LOG = log(
    {"both": "Work robot, Work ann", "person": "Work ann", "untold": "Work -", "none": "New ann"}
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Serve a desk whose mapping names its programs."""
    made = Intake(tmp_path_factory.mktemp("answered"))
    made.takes(LOG, mapping=PROGRAMS)
    context = Context(made.workspace, readers=Readers(remember=True))
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
