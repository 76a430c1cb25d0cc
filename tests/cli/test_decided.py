"""The verbs about outages and tiers: set, listed, ended, promised."""

from collections.abc import Iterator

import pytest

from opsgauge.cli.exits import Exit
from tests.cli.conftest import Run
from tests.conftest import MAPPING, Intake

DESK = MAPPING.replace("fields:\n", "fields:\n  service: svc\n") + "practice: incident\n"
ROWS = """number,at,state,team,who,svc
INC1,2026-01-05 08:00,New,A,a,Mail
INC1,2026-01-05 10:00,Done,A,a,Mail
"""


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Return the arguments that name a workspace with one incident."""
    made = Intake(tmp_path_factory.mktemp("decided"))
    made.takes(ROWS, mapping=DESK)
    yield "--workspace", str(made.workspace.path)
    made.close()


def test_an_outage_is_set_listed_and_ended(opsgauge: Run, where: tuple[str, str]) -> None:
    """Each in words and as JSON; what cannot be exits with what to do."""
    times = ("--started", "2026-01-05T07:00Z", "--detected", "2026-01-05T07:30Z")
    made = opsgauge("outages", "set", "desk:INC1", *times, "--why", "Monitoring.", *where)
    assert made.code == Exit.OK
    assert "began 2026-01-05 07:00 (UTC)" in made.out
    assert "data version 2" in made.out
    told = opsgauge("measure", "time_to_detect", "--format", "json", "--period", "all", *where)
    assert [row["value"] for row in told.json["rows"]] == [0.5]
    [line] = opsgauge("outages", "list", "--format", "json", *where).json["outages"]
    assert line["detected_at"].startswith("2026-01-05T07:30")
    assert "Monitoring." in opsgauge("outages", "list", *where).out
    ended = opsgauge("outages", "end", line["number"], "--why", "Mistaken.", *where)
    assert "counts no more" in ended.out
    assert "No outage" in opsgauge("outages", "list", *where).out
    assert "Monitoring." in opsgauge("outages", "list", "--all", *where).out
    wrong = opsgauge("outages", "set", "INC1", *times, "--why", "x", *where)
    assert (wrong.code, "Write it as desk:INC1" in wrong.err) == (Exit.MISUSE, True)


def test_a_tier_is_set_listed_promised_and_ended(opsgauge: Run, where: tuple[str, str]) -> None:
    """The list tells services, tiers and promises."""
    made = opsgauge("tiers", "set", "Mail", 1, "--why", "All work by it.", *where)
    assert "Mail is of tier 1" in made.out
    goals = ("--resolution", 4, "--first-call", 0.7, "--from", "2026-01-01", "--why", "Agreed.")
    promised = opsgauge("tiers", "promise", 1, *goals, *where, "--format", "json")
    assert [each["metric"] for each in promised.json["targets"]] == [
        "time_to_resolve",
        "fcr_net_share",
    ]
    told = opsgauge("tiers", "list", *where).out
    for words in ("Every service has a tier.", "All work by it.", "resolution"):
        assert words in told
    assert opsgauge("tiers", "promise", 1, "--why", "x", *where).code == Exit.MISUSE
    ended = opsgauge("tiers", "end", 1, "--why", "Moved.", *where)
    assert "is no more of tier 1" in ended.out
    assert "Moved" not in opsgauge("tiers", "list", *where).out
    assert "Mail" in opsgauge("tiers", "list", "--all", *where).out
