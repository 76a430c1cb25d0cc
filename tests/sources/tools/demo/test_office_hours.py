"""The hours of an invented desk as calendar files."""

from pathlib import Path

from opsgauge.log.calendars.reading import load_calendars
from opsgauge.log.calendars.stretches import stretches
from opsgauge.sources.tools.demo.calendars import LONG_DAY, Span, moment, shifts
from opsgauge.sources.tools.demo.draws import Draws
from opsgauge.sources.tools.demo.office_hours import write_office_hours
from opsgauge.sources.tools.demo.organisation import found
from tests.log.calendars.clocks import at


def test_service_hours_are_those_that_the_desk_is_invented_with(tmp_path: Path) -> None:
    """Second by second, over two years with their holidays and clock changes."""
    for seed in range(4):
        organisation = found(Draws(seed))
        files = write_office_hours(organisation, tmp_path / str(seed))
        home = organisation.locations[0]
        told = load_calendars(tmp_path / str(seed)).get("service-hours")
        first, last = at("2025-01-01"), at("2027-01-01")
        span = Span(moment(first.date()), moment(last.date()))
        worked = shifts(span, home.zone, home.region, LONG_DAY)

        opened = stretches(told, first, last)
        inside = (worked[:, 0] >= span.start) & (worked[:, 1] <= span.end)
        pairs = {(a // 10**6, b // 10**6) for a, b in zip(opened.starts, opened.ends, strict=True)}
        assert set(map(tuple, worked[inside].tolist())) <= pairs
        assert len(files) == 4


def test_each_region_has_the_hours_of_its_desk(tmp_path: Path) -> None:
    """On its own clock, with holidays of its own."""
    organisation = found(Draws(1))
    write_office_hours(organisation, tmp_path)
    calendars = load_calendars(tmp_path)

    desks = [team for team in organisation.teams if team.kind == "desk"]
    for team in desks:
        told = calendars.get(f"desk-{team.region.lower()}")
        assert (told.title, told.zone) == (team.name, team.zone)
        assert [str(slot) for slot in told.week[0]] == ["07:00-19:00"]
        assert told.yearly
    assert len(desks) == 3
