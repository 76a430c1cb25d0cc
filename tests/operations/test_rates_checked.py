"""Whether rates fit the records, and what contacts of paths cost by team, on an invented desk."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.clock import fixed_clock
from opsgauge.foundation.money import Rates
from opsgauge.foundation.settings import open_workspace
from opsgauge.log.related import CONTACT_TICKETS, CONTACTS
from opsgauge.operations.check import check
from opsgauge.operations.context import Context
from opsgauge.operations.demo import demo
from opsgauge.operations.opened import Readers
from opsgauge.operations.paths import walked_paths
from opsgauge.operations.rates_checked import ID, rates_fit
from tests.conftest import seeing, with_settings

NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def ctx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """Invent a desk, whose contacts come with it, and open it."""
    folder = tmp_path_factory.mktemp("desk")
    demo(folder, fixed_clock(NOW), 500, 5, ())
    made = Context(open_workspace(folder), readers=Readers(remember=True))
    yield made
    made.database.close()


def answering(ctx: Context) -> dict[str, float]:
    """Return the hours of contacts that are tied to a ticket, by the team that answered."""
    contacts, tied = (ctx.tables.related[each.name] for each in (CONTACTS, CONTACT_TICKETS))
    run = ctx.opened().engine.run
    ties = {row["contact_id"] for row in run(tied.select("contact_id")).to_pylist()}
    found: dict[str, float] = {}
    for row in run(
        contacts.select("contact_id", "team", "talk_seconds", "wrap_seconds")
    ).to_pylist():
        if row["contact_id"] in ties and row["talk_seconds"] is not None:
            hours = (row["talk_seconds"] + (row["wrap_seconds"] or 0.0)) / 3600
            found[row["team"]] = found.get(row["team"], 0.0) + hours
    return found


def worked(**by_team: float) -> Rates:
    """Return rates of work alone."""
    return Rates(currency="EUR", worked=50.0, worked_by_team=by_team)


@pytest.mark.row("MAP-03")
def test_contacts_of_all_paths_cost_each_team_its_own_rate(ctx: Context) -> None:
    """Added up over paths, the hours of every contact of a ticket times the rate of its team."""
    hours = answering(ctx)
    dear = max(hours, key=lambda team: hours[team])
    found = walked_paths(with_settings(ctx, rates=worked(**{dear: 80.0})), limit=200)
    amounts = [found.worked_money(place) for place in range(len(found.facts))]
    rest = sum(hours.values()) - hours[dear]

    assert found.variants.variants == len(found.facts), "every path is among those shown"
    assert sum(each.amount for each in amounts if each) == pytest.approx(
        hours[dear] * 80.0 + rest * 50.0
    )
    assert "waited_money" not in found.as_json()["rows"][0]
    assert found.as_json()["worked_an_hour_by_team"] == {dear: 80.0}


@pytest.mark.parametrize("name", ["Nobody", "\x1b[2J<b>"])
def test_a_rate_of_a_team_that_answers_nothing_is_told(ctx: Context, name: str) -> None:
    """By a check of its own; what is in the name does nothing to a terminal."""
    [seen] = rates_fit(with_settings(ctx, rates=worked(**{name: 80.0})))

    assert (seen.id, seen.state, seen.count, seen.share) == (ID, "warn", 1, 1.0)
    assert "prices nothing" in seen.words
    assert "\x1b" not in seen.words + "".join(seen.examples) + seen.next_step


def test_a_misspelled_team_is_told_the_nearest(ctx: Context) -> None:
    """And the check holds once it is mended; it changes no score."""
    team = next(iter(answering(ctx)))
    wrong = check(with_settings(ctx, rates=worked(**{f"{team}x": 80.0})))
    right = check(with_settings(ctx, rates=worked(**{team: 80.0})))
    [told], [mended] = ([c for c in each.checks if c.id == ID] for each in (wrong, right))

    assert f"Did you mean {team!r}?" in told.next_step
    assert (mended.state, mended.count, mended.next_step) == ("pass", 0, "")
    assert wrong.score == right.score == check(ctx).score


def test_nothing_is_checked_where_rates_name_no_team_or_records_are_hidden(ctx: Context) -> None:
    """Who sees some records only is not told which teams there are."""
    named = with_settings(ctx, rates=worked(Nobody=80.0))

    assert rates_fit(ctx) == rates_fit(with_settings(ctx, rates=worked())) == ()
    assert rates_fit(replace(named, actor=seeing(Condition("team", ("Desk",))))) == ()
    assert rates_fit(named) != ()
