"""Home: what matters, six cards with their pairs, the newest week's signals, six facts of trust."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import NotAllowed, WorkspaceMissing
from opsgauge.foundation.settings import make_workspace
from opsgauge.governance.access import everywhere
from opsgauge.operations import home as module
from opsgauge.operations import standing
from opsgauge.operations.asking import conditions
from opsgauge.operations.context import Context
from opsgauge.operations.home import Home, home
from opsgauge.operations.looked import look, of_one_practice, question, weeks
from opsgauge.operations.measure import tickets_behind
from opsgauge.operations.opened import Readers
from tests.conftest import MAPPING, Intake, with_settings
from tests.web.pages.desk import FELL_BEHIND, NEWEST, make_desk

LAST_CALM_DAY = FELL_BEHIND.date() - timedelta(days=1)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Import the desk of sixteen weeks."""
    held = make_desk(tmp_path_factory.mktemp("desk"))
    yield held
    held.close()


@pytest.fixture(scope="module")
def ctx(desk: Intake) -> Context:
    """Return what asks of it and remembers."""
    return Context(desk.workspace, readers=Readers(remember=True))


@pytest.fixture(scope="module")
def shown(ctx: Context) -> Home:
    """Return its home."""
    return home(ctx)


def test_it_looks_at_the_newest_week_that_is_over(shown: Home) -> None:
    """The records end on a Monday at six; that Monday's week is not judged."""
    assert shown.weeks.newest == NEWEST
    assert {signal.value.period for signal in shown.signals} <= {NEWEST}
    assert {card.value.period for card in shown.cards if card.value} == {NEWEST}


def test_the_team_that_fell_behind_is_claimed_first(shown: Home) -> None:
    """Network stopped resolving two weeks ago; nothing else happened that matters more."""
    first = shown.claims[0]

    assert first.where == ("team=Network",)
    assert first.verdict == "worse"
    assert first.sure in {"Very sure", "Sure"}
    assert first.finding.claim.startswith("Network holds ")
    assert first.figure in first.finding.claim
    assert first.finding.worth_hours == pytest.approx(first.finding.size * 168)


def test_before_it_fell_behind_it_is_not_claimed(ctx: Context) -> None:
    """Home can be read as of any week; then nobody knew."""
    before = home(ctx, to=LAST_CALM_DAY)

    assert before.weeks.to == LAST_CALM_DAY
    assert not [claim for claim in before.claims if claim.where]


@pytest.mark.row("DSH-03")
def test_behind_each_claim_and_card_are_as_many_tickets_as_its_n(ctx: Context, shown: Home) -> None:
    """One road for the number and for the list."""
    asked: list[tuple[str, tuple[Condition, ...], int]] = [
        (card.looked.metric, (), card.value.n) for card in shown.cards if card.value
    ]
    asked += [
        (claim.metric, tuple(_condition(text) for text in claim.where), claim.n)
        for claim in shown.claims
    ]
    for metric, where, n in asked:
        listed = tickets_behind(ctx, question(metric, shown.weeks, where), {"period": NEWEST})
        assert listed.total == n, metric


@pytest.mark.row("CAT-05", "DSH-10")
def test_no_card_of_speed_stands_without_its_price(shown: Home) -> None:
    """Each has the counter-metric that its paragraph names."""
    speed = [card for card in shown.cards if card.looked.bucket == "speed"]

    assert speed
    for card in speed:
        assert card.pair is not None
        assert card.pair.metric == card.looked.counter_metric


def test_there_are_at_most_three_claims_and_six_cards(shown: Home) -> None:
    """A wall of numbers is not read."""
    assert 1 <= len(shown.claims) <= 3
    assert len(shown.cards) == 6
    assert len(shown.trust) == 6


@pytest.mark.row("DSH-04")
def test_a_card_says_its_state_in_words(shown: Home) -> None:
    """Since when, and within what."""
    sentences = [card.sentence for card in shown.cards if card.state == "whole"]

    assert sentences
    assert all("week" in sentence and sentence.endswith(".") for sentence in sentences)


def test_what_its_tickets_may_still_change_is_no_signal(ctx: Context, shown: Home) -> None:
    """Tickets opened last week have had no time to be reopened or handed over."""
    seen = look(ctx, shown.weeks)
    growing = {name for name, each in seen.items() if not each.settled}
    months_ago = look(ctx, weeks(ctx, LAST_CALM_DAY - timedelta(days=21)))

    assert {"reopened_share", "handoffs_per_ticket"} <= growing
    assert not {"time_to_resolve", "backlog", "tickets_opened"} & growing
    assert not growing & {signal.looked.metric for signal in shown.signals}
    assert not growing & {claim.metric for claim in shown.claims}
    assert all(each.settled for each in months_ago.values())


def test_it_says_what_came_in_and_what_was_done(ctx: Context, shown: Home) -> None:
    """In the words of the practice that all tickets have."""
    seen = look(ctx, shown.weeks)
    opened, resolved = (seen[name].value for name in ("tickets_opened", "tickets_resolved"))

    assert opened is not None
    assert resolved is not None
    assert shown.why == f"{opened.n} incidents came in and {resolved.n} were resolved in week 17."


def test_with_few_tickets_a_card_shows_the_value_and_judges_nothing(ctx: Context) -> None:
    """Below twenty a share or a time may be anything."""
    few = home(ctx, (Condition("priority", ("1 high",)),))
    states = {card.looked.metric: card.state for card in few.cards}

    assert states["time_to_resolve"] == "too_few"
    assert states["backlog"] == "whole"  # counted, not sampled
    assert "time_to_resolve" not in {signal.looked.metric for signal in few.signals}


def test_a_metric_that_the_records_cannot_give_leaves_its_place(shown: Home) -> None:
    """No column says whether knowledge was used, or what is a major incident."""
    assert not {"knowledge_used_share", "major_share"} & {
        card.looked.metric for card in shown.cards
    }
    assert "missing" not in {card.looked.why for card in shown.cards}


def test_what_a_failed_check_touches_is_withheld(make_intake: Callable[..., Intake]) -> None:
    """Half of the tickets are resolved before they were opened: no time is shown."""
    lines = [
        f"T{n},2026-0{1 + n // 28}-{1 + n % 28:02}T12:00Z,Done,Desk,ann,"
        f"2026-0{1 + n // 28}-{1 + n % 28:02}T{'13' if n % 2 else '09'}:00Z"
        for n in range(84)
    ]
    odd = make_intake()
    mapping = MAPPING.replace("fields:", "fields:\n  opened_at: opened\n  resolved_at: at")
    odd.takes("\n".join(["number,at,state,team,who,opened", *lines]) + "\n", mapping=mapping)

    shown = home(odd.context)
    withheld = [card for card in shown.cards if card.state == "withheld"]

    assert "time_to_resolve" in {card.looked.metric for card in withheld}
    assert all(card.value is None and card.looked.measured is None for card in withheld)
    assert not [each for each in shown.signals if each.looked.metric == "time_to_resolve"]
    assert shown.trust[5].state == "fail"


def test_it_is_computed_once_for_a_data_version(ctx: Context, shown: Home) -> None:
    """The same question of the same data has the same answer."""
    assert home(ctx) is shown
    assert home(ctx, (Condition("team", ("Desk",)),)) is not shown


def test_what_is_published_is_plain_and_says_the_same(shown: Home) -> None:
    """The JSON twin of the page."""
    told = json.loads(json.dumps(shown.as_json()))

    assert told["period"] == NEWEST
    assert told["headline"] == shown.headline
    assert [each["claim"] for each in told["findings"]] == [
        claim.finding.claim for claim in shown.claims
    ]
    assert [card["n"] for card in told["cards"]] == [
        card.value.n if card.value else 0 for card in shown.cards
    ]
    assert all(card["pair"]["metric"] for card in told["cards"])


def test_it_needs_the_rights_to_what_it_shows(ctx: Context) -> None:
    """Also where somebody else's home is remembered."""
    home(ctx)
    stranger = Context(ctx.workspace, everywhere("eve", "nobody"), readers=ctx.readers)
    with pytest.raises(NotAllowed):
        home(stranger)


def test_without_data_it_says_how_to_get_some(tmp_path: Path) -> None:
    """An empty workspace is no fault."""
    with pytest.raises(WorkspaceMissing, match="opsgauge import"):
        home(Context(make_workspace(tmp_path / "empty")))


def test_a_day_amid_a_week_means_the_week_before(ctx: Context, shown: Home) -> None:
    """A week that is not over is not looked at."""
    assert weeks(ctx, shown.weeks.to - timedelta(days=1)).to == shown.weeks.to - timedelta(days=7)
    assert weeks(ctx, shown.weeks.to).newest == NEWEST
    assert weeks(ctx, shown.weeks.to + timedelta(days=3)).newest == NEWEST


def _condition(text: str) -> Condition:
    column, _, value = text.partition("=")
    return Condition(column, (value,))


@pytest.mark.parametrize(
    ("where", "practices", "expected"),
    [
        ((), ("request", "incident"), "incident"),
        ((), ("request", "task"), "request"),
        ((Condition("team", ("A",)),), ("request", "incident"), "incident"),
        ((Condition("practice", ("request", "incident")),), ("request", "incident"), None),
        ((), ("incident",), None),
    ],
)
def test_unlike_work_is_not_averaged_unasked(
    where: tuple[Condition, ...], practices: tuple[str, ...], expected: str | None
) -> None:
    """Home is of one practice, unless somebody names several."""
    made = of_one_practice(where, practices)
    added = made[len(where) :]
    assert made[: len(where)] == where
    assert added == ((Condition("practice", (expected,)),) if expected else ())


def test_all_that_is_looked_at_counts_as_looked_at(ctx: Context, shown: Home) -> None:
    """Teams beside metrics, filtered or not; each claim says so many."""
    one = home(ctx, conditions(["team=Network"]))
    metrics = sum(each is not None for each in (card.looked.charted for card in shown.cards))

    assert shown.charts > metrics + 3  # the metrics that have no card, and four teams
    assert {claim.charts for claim in shown.claims} == {shown.charts}
    assert {claim.charts for claim in one.claims} == {one.charts}
    assert one.charts > 1


def test_what_is_not_sure_enough_is_told_all_the_same(
    ctx: Context, shown: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By team: among what may be chance, and over the page; no headline denies it."""
    monkeypatch.setattr(standing, "MOST_FALSE", -1)
    unsure = module._home(ctx, shown.weeks, ())

    assert not unsure.claims
    assert not unsure.signals
    first = unsure.unsure[0]
    assert (first.looked.title, first.where) == ("Backlog of Network", ("team=Network",))
    count = len(unsure.unsure)
    assert unsure.headline.startswith("Nothing is sure enough to claim in week 17; ")
    assert unsure.headline.endswith(f"{count} charts break a rule, perhaps by chance")
    assert "Network holds " in unsure.why
    assert "not sure enough to claim" in unsure.why
    assert "so its weeks lean on each other: chance alone puts the newest so far" in unsure.why
    assert f"% of such charts, which among {unsure.charts} charts" in unsure.why
    assert "not sure enough" not in shown.why
    assert unsure.as_json()["unsure"][0]["where"] == ["team=Network"]


def test_metrics_that_say_the_same_are_told_once(
    ctx: Context, shown: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one breath, and none of them is counted as a signal more."""
    seen = look(ctx, shown.weeks, (), lambda metric: metric.name == "backlog")
    one = replace(seen["backlog"], metric="a", title="Time to assign", stock=False, unit="hours")
    other = replace(one, metric="b", title="Time to first response")
    there = {**seen, "a": one, "b": other}
    monkeypatch.setattr(module, "look", lambda *given: there)
    told = module._home(ctx, shown.weeks, ())

    [both] = [each for each in told.claims if each.twins]
    assert (both.metric, both.twins) == ("a", ("b",))
    assert both.finding.claim.startswith("Time to assign, and with it time to first response, ")


@pytest.mark.row("SEC-02")
def test_what_teams_of_few_people_hold_is_withheld_and_said_so(ctx: Context, shown: Home) -> None:
    """No team of a hundred is there, so no team is named."""
    held = home(with_settings(ctx, fewest_persons=100))

    assert any(each.where for each in shown.claims)
    assert not any(signal.where for signal in (*held.signals, *held.unsure))
    assert not any(claim.where for claim in held.claims)
    assert held.why.endswith("What some teams hold is withheld: fewer than 100 people.")
    assert "withheld" not in shown.why
