"""What is found by itself, in one shape, with what it stands on."""

import html
import re
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from fastapi.testclient import TestClient

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import NotAllowed, QueryWrong, SettingsWrong
from opsgauge.governance.access import everywhere
from opsgauge.operations.context import Context
from opsgauge.operations.describe import describe
from opsgauge.operations.find import find, known
from opsgauge.operations.flow import Selection
from opsgauge.operations.opened import Readers
from opsgauge.web.app import make_app
from opsgauge.web.watching import looking_ahead
from tests.conftest import Intake, with_settings

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
NAMES = {"id", "claim", "kind", "size", "unit", "low", "high", "n", "method", "caveats", "lane"}
NAMES |= {"worth_hours", "evidence", "odds", "about", "from", "to", "look_next", "examples", "also"}


def export() -> str:
    """Return twelve weeks of a desk: Network and Mail bounce, and Mondays bring half as many more.

    Every other pair of teams sends back one ticket in ten. Mail is one person alone.
    """
    chance = Random(4)  # noqa: S311 - a made-up desk keeps no secrets
    lines = ["number,at,state,team,who"]
    pairs = [("Desk", other) for other in ("Network", "Mail", "Field", "Apps")]
    pairs += [("Field", "Apps"), ("Network", "Field"), ("Mail", "Apps")]
    for week in range(12):
        for day, many in enumerate((24, 16, 15, 17, 16)):
            for n in range(many):
                at = MONDAY + timedelta(weeks=week, days=day, hours=8, minutes=n * 20 + week)
                bounces = n % 8 == 0
                one, other = ("Network", "Mail") if bounces else pairs[n % len(pairs)]
                back = bounces or chance.random() < 0.1
                path = [one, other, *([one] if back else [])]
                for step, team in enumerate(path):
                    moment = at + timedelta(hours=2 * step)
                    who = "mia" if team == "Mail" else f"{team} {n % 4}"
                    lines.append(f"W{week}D{day}N{n},{moment:%Y-%m-%dT%H:%MZ},New,{team},{who}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Import that desk."""
    made = Intake(tmp_path_factory.mktemp("found"))
    made.takes(export())
    yield made
    made.close()


def test_a_phase_that_there_is_not_is_refused(desk: Intake) -> None:
    """Nothing found among no tickets would read as if all were well."""
    with pytest.raises(QueryWrong, match="Did you mean 'resolved'"):
        find(desk.context, Selection((Condition("phase", ("resolvd",)),)))


def test_the_pair_and_the_weekday_are_found(desk: Intake) -> None:
    """And nothing else."""
    found = find(desk.context)

    assert [each.id for each in found.findings] == [
        "ping_pong-Mail-Network",
        "weekday_peak-incident-Monday",
    ]
    assert found.suspect == ()


def test_a_finding_says_what_a_doubter_would_ask(desk: Intake) -> None:
    """Its names are published, and its evidence names the data version."""
    plain = find(desk.context).as_json()

    assert plain["data_version"] == 1
    for each in plain["findings"]:
        assert set(each) == NAMES
        assert each["low"] <= each["size"] <= each["high"]
        assert each["evidence"]["data_version"] == 1
        assert each["evidence"]["query"]
        assert each["caveats"]
        assert each["look_next"]
    assert plain["lanes"] == {
        "time": ["ping_pong-Mail-Network"],
        "quality": [],
        "integrity": [],
        "demand": ["weekday_peak-incident-Monday"],
    }


@pytest.mark.row("IMP-16")
def test_one_thing_is_said_to_begin_with_and_why(desk: Intake) -> None:
    """Of what says hours, the most for the least effort."""
    found = find(desk.context)

    assert found.one_thing is not None
    assert found.as_json()["one_thing"]["id"] == "ping_pong-Mail-Network"
    assert "one agreement between two teams" in found.one_thing.reason


def test_the_hours_of_the_pair_are_those_away(desk: Intake) -> None:
    """Two hours for each ticket that came back."""
    pair = find(desk.context).findings[0]

    assert pair.size == pytest.approx(2 * pair.n)
    assert pair.worth_hours is not None
    assert 0 < pair.worth_hours < pair.size


def test_only_the_tickets_chosen_are_looked_at(desk: Intake) -> None:
    """The last team of the bouncing tickets is Network; without them nobody bounces."""
    others = Selection((Condition("first_team", ("Desk", "Field", "Mail")),))
    early = Selection(from_=date(2026, 1, 5), to=date(2026, 2, 1))

    assert {each.kind for each in find(desk.context, others).findings} == {"weekday_peak"}
    chosen = find(desk.context, early).findings
    assert {each.kind for each in chosen} == {"ping_pong"}  # three whole weeks are too few
    assert all("opened up to 2026-02-01" in each.evidence.query for each in chosen)


def test_who_may_not_read_findings_gets_none(desk: Intake) -> None:
    """A role nobody knows holds no action."""
    with pytest.raises(NotAllowed):
        find(Context(desk.workspace, actor=everywhere("ana", "guest")))


def test_the_api_answers_the_same(desk: Intake) -> None:
    """Under its own address, with the same choice of tickets."""
    client = TestClient(make_app(Context(desk.workspace)), base_url="http://127.0.0.1:8787")

    told = find(desk.context).as_json()
    assert client.get("/api/v1/findings").json() == {**told, "saved": []}
    chosen = "where=first_team=Desk&to=2026-02-01"
    assert client.get(f"/api/v1/findings?{chosen}").json()["findings"] == []


@pytest.mark.row("MAP-04")
def test_the_page_tells_them_in_lanes_and_leads_to_their_tickets(desk: Intake) -> None:
    """The pair's list holds what went from one to the other; Home tells of it from then on."""
    app = make_app(Context(desk.workspace, readers=Readers(remember=True)))
    client = TestClient(app, base_url="http://127.0.0.1:8787")
    assert client.get("/api/v1/home").json()["one_thing"] is None
    page = client.get("/findings").text
    words = " ".join(re.sub("<[^>]+>", " ", page).split())

    assert "2 things stand out" in words
    assert "One thing to do Mail and Network send tickets to and fro" in words
    assert re.search("Time .* Mail and Network .* Quality .* Nothing stands out", words)
    href = html.unescape(re.findall(r'href="(/tickets[?]steps=team[^"]*)"', page)[0])
    assert client.get(f"/api/v1{href}").json()["total"] > 0
    home = client.get("/api/v1/home").json()
    assert home["one_thing"]["id"] == "ping_pong-Mail-Network"
    assert [each["id"] for each in home["stands_out"]] == [
        "ping_pong-Mail-Network",
        "weekday_peak-incident-Monday",
    ]
    shown = html.unescape(client.get("/").text)
    assert all(each["claim"] in shown for each in home["stands_out"])


def test_the_server_finds_ahead_of_the_first_who_asks(desk: Intake) -> None:
    """In each data version once; what stands out is on Home without anybody having looked."""
    ctx = Context(desk.workspace, readers=Readers(remember=True))
    ended = threading.Event()
    looking = threading.Thread(target=looking_ahead, args=(ctx, ended, 0.01))
    looking.start()
    while known(ctx) is None:
        ended.wait(0.05)
    ended.set()
    looking.join()

    assert known(ctx) is find(ctx)


@pytest.mark.row("MAP-05")
def test_what_is_found_goes_by_the_limits_of_the_workspace(desk: Intake) -> None:
    """And what was found by others is not served under them."""
    usual = {each.kind for each in find(desk.context).findings}
    strict = with_settings(desk.context, detectors={"fewest_hits": 100_000})

    assert "ping_pong" in usual
    assert "ping_pong" not in {each.kind for each in find(strict).findings}
    assert {each.kind for each in find(desk.context).findings} == usual
    with pytest.raises(SettingsWrong, match="Did you mean 'fewest_hits'"):
        find(with_settings(desk.context, detectors={"fewest_hit": 9}))


def test_what_lies_beyond_a_threshold_is_described_with_its_thresholds(desk: Intake) -> None:
    """Beside the findings; a workspace may set where it begins."""
    shown = describe(desk.context, steps="team")
    told = {each.kind for each in shown.rows}

    assert "rework" in told
    assert shown.as_json()["descriptions"][0]["threshold"]
    strict = with_settings(desk.context, thresholds={"rework_times": 9})
    assert "rework" not in {each.kind for each in describe(strict, steps="team").rows}
    few = describe(with_settings(desk.context, fewest_persons=2), steps="team")
    assert not [each for each in few.rows if "Mail" in each.teams]


def test_findings_of_suspect_data_are_marked(make_intake: Callable[..., Intake]) -> None:
    """Records from the future make everything doubtful."""
    odd = make_intake()
    odd.takes("number,at,state,team,who\nT1,2099-01-05T08:00Z,New,Desk,ann\n")

    assert find(odd.context).suspect == ("future_moments",)


@pytest.mark.row("SEC-02")
def test_a_finding_that_names_a_team_of_few_is_withheld_and_said_so(desk: Intake) -> None:
    """Mail is one person; weekdays name no team."""
    kinds = [each.kind for each in find(desk.context).findings]
    held = find(with_settings(desk.context, fewest_persons=2))

    assert [each.kind for each in held.findings] == [kind for kind in kinds if kind != "ping_pong"]
    assert held.as_json()["notes"] == [
        "1 finding names a team of few people and is withheld: fewer than 2 people."
    ]
    assert find(desk.context).notes == ()
