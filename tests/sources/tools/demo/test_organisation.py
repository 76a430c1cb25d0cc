"""The organisation of a desk."""

from zoneinfo import available_timezones

import pytest

from opsgauge.sources.tools.demo.draws import Draws
from opsgauge.sources.tools.demo.organisation import found


@pytest.mark.parametrize("seed", range(8))
def test_an_organisation_holds_together(seed: int) -> None:
    """Teams are told apart, sit in several zones, and every place of another is one."""
    made = found(Draws(seed))
    names = [team.name for team in made.teams]

    assert len(set(names)) == len(names) == 19
    assert len({team.zone for team in made.teams}) >= 3
    assert {team.zone for team in made.teams} <= available_timezones()
    assert 6 <= len(made.locations) <= 8
    assert abs(sum(office.weight for office in made.locations) - 1) < 1e-9
    for office in made.locations:
        assert made.teams[office.desk].kind == "desk"
        assert made.teams[office.field].kind == "field"
        assert made.teams[office.desk].region == office.region
    assert {made.teams[service.owner].kind for service in made.services} <= set(made.team_of)


def test_two_seeds_make_two_organisations() -> None:
    """Names of teams and places are drawn."""
    one, other = found(Draws(1)), found(Draws(2))

    assert {t.name for t in one.teams} != {t.name for t in other.teams}
    assert [p.name for p in one.locations] != [p.name for p in other.locations]
    assert found(Draws(1)).teams == one.teams


def test_every_word_of_a_column_comes_once() -> None:
    """A column's words are told apart, since rows hold their places."""
    made = found(Draws(1))

    for column in (made.categories, made.subcategories, made.items, made.vendors, made.machines):
        assert len(set(column)) == len(column)
