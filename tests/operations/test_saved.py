"""Saved filters: counted by hand with the data of now, and told by the rights of who asks."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import (
    NotAllowed,
    PersonSplit,
    QueryWrong,
    UnknownColumn,
    UnknownRecord,
)
from opsgauge.governance.access import Actor, Assignment, everywhere
from opsgauge.operations.context import Context
from opsgauge.operations.measure import tickets_where
from opsgauge.operations.saved import (
    opened,
    parted,
    save_filter,
    saved_findings,
    saved_list,
    saved_one,
    selection_of,
    take_back_filter,
)
from tests.conftest import MAPPING, Intake, with_settings

WHY = "They are passed on twice."


def rows(hours: dict[str, list[int | None]]) -> str:
    """Return tickets of teams, each resolved after so many hours; None: not yet."""
    lines = ["number,at,state,team,who"]
    for team, each in hours.items():
        for n, hour in enumerate(each):
            at = f"2026-0{1 + n % 2}-05"
            lines.append(f"{team}{n},{at} 00:00,New,{team},{team}{n}")
            if hour is not None:
                lines.append(f"{team}{n},{at} {hour:02}:00,Done,{team},{team}{n}")
    return "\n".join(lines) + "\n"


HOURS: dict[str, list[int | None]] = {"A": [2, 4, 6], "B": [8, 10, 12, None, 14], "C": [20, 22]}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return ten tickets of three teams: in even places opened in January, in odd in February."""
    made = Intake(tmp_path_factory.mktemp("saved"))
    made.takes(rows(HOURS), mapping=f"practice: incident{MAPPING}")
    yield made
    made.close()


@pytest.fixture
def ctx(desk: Intake) -> Iterator[Context]:
    """Return their context; what a test saves is taken back after it."""
    yield desk.context
    for each in saved_list(desk.context):
        take_back_filter(desk.context, each.filter.number)


@pytest.mark.row("MAP-17")
def test_a_saved_filter_says_its_numbers_of_now(ctx: Context, desk: Intake) -> None:
    """Tickets, share, and the median of the finished against the rest; with new data, new ones."""
    made = save_filter(ctx, "Slow B", "/map?where=team=B&steps=team", WHY)
    numbers = saved_one(ctx, made.number).numbers
    assert (numbers.chosen.tickets, numbers.chosen.finished, numbers.chosen.median) == (5, 4, 11.0)
    assert (numbers.rest.tickets, numbers.rest.median, numbers.share) == (5, 6.0, 0.5)
    assert numbers.sentence() == (
        "5 tickets, 50.0\u202f% of all tickets. Half of the finished take 11.0 h or less, "
        "of the rest 6.0 h."
    )
    assert numbers.chosen.tickets == tickets_where(ctx, selection_of([("where", "team=B")])).total

    later = Intake(desk.folder / "later")
    later.takes(rows({**HOURS, "B": [30 % 24]}), mapping=f"practice: incident{MAPPING}")
    anew = saved_one(replace(later.context, records=ctx.records), made.number).numbers
    assert (anew.chosen.tickets, anew.chosen.median) == (1, 6.0)


@pytest.mark.row("MAP-17")
def test_the_rest_is_of_the_same_days(ctx: Context) -> None:
    """A filter with days is held against the others of these days; days alone against all."""
    january = "from=2026-01-01&to=2026-01-31"
    made = save_filter(ctx, "B in January", f"/paths?where=team=B&{january}", WHY)
    numbers = saved_one(ctx, made.number).numbers
    assert (numbers.chosen.tickets, numbers.rest.tickets) == (3, 3)
    assert (numbers.chosen.median, numbers.rest.median) == (12.0, 6.0)
    assert "of all tickets opened from 2026-01-01, opened up to 2026-01-31" in numbers.sentence()
    days = save_filter(ctx, "January", f"/waiting?{january}", WHY)
    assert saved_one(ctx, days.number).numbers.rest.tickets == 4
    every = save_filter(ctx, "All", "/map", WHY)
    assert saved_one(ctx, every.number).numbers.sentence().startswith("10 tickets. Half")


@pytest.mark.row("MAP-17")
def test_a_way_of_the_map_can_be_saved(ctx: Context) -> None:
    """What passed a step, or took a way, as the list of its tickets has it."""
    address = "/tickets?steps=phase&step=new&then=resolved&offset=100&data_version=1"
    made = save_filter(ctx, "Straight to the end", address, WHY)
    assert made.address == "/tickets?steps=phase&step=new&then=resolved"
    found = saved_one(ctx, made.number)
    assert (found.numbers.chosen.tickets, found.numbers.rest.tickets) == (9, 1)
    assert found.which == "tickets, where phase went from new to resolved"


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("https://evil.example/map", "pages of this server alone"),
        ("//evil.example/map", "pages of this server alone"),
        ("/map/../people", "pages of this server alone"),
        ("javascript:alert(1)", "pages of this server alone"),
        ("/people", "pages of this server alone"),
        ("http://[", "no address"),
        ("/tickets?metric=backlog", "behind one number"),
        ("/map?where=team", "is no condition"),
        ("/map?from=yesterday", "is no date"),
        ("/map?" + "&".join("where=team=A" for _ in range(101)), "no address"),
    ],
)
def test_only_addresses_of_own_pages_are_saved(ctx: Context, address: str, wrong: str) -> None:
    """No link of ours leads elsewhere, and none is saved that its page would refuse."""
    with pytest.raises(QueryWrong, match=wrong):
        save_filter(ctx, "x", address, WHY)
    assert saved_list(ctx) == []


def test_a_column_that_is_not_there_is_refused(ctx: Context) -> None:
    """And so is one of persons."""
    with pytest.raises(UnknownColumn):
        save_filter(ctx, "x", "/map?where=temper=bad", WHY)
    with pytest.raises(PersonSplit):
        save_filter(ctx, "x", "/map?where=assignee=bob", WHY)


def test_words_of_an_address_come_back_as_they_were() -> None:
    """Amps, blanks, plus signs and letters of other scripts."""
    address = "/map?where=team=Mail+%26+more%7CF%C3%BC%2B&steps=phase%2Bteam"
    assert parted(address)[1] == (("where", "team=Mail & more|Fü+"), ("steps", "phase+team"))


@pytest.mark.row("MAP-17")
def test_a_link_shows_no_more_than_its_reader_may_see(ctx: Context) -> None:
    """One that names what they do not see is not there for them; else the numbers are of theirs."""
    of_b = save_filter(ctx, "B", "/map?where=team=B", WHY)
    early = save_filter(ctx, "Early", "/map?to=2026-01-31", WHY)
    way = save_filter(ctx, "Passed B", "/tickets?steps=team&step=B", WHY)
    eve = replace(ctx, actor=Actor("eve", (Assignment("viewer", (Condition("team", ("C",)),)),)))
    assert [each.filter.number for each in saved_list(eve)] == [early.number]
    assert saved_one(eve, early.number).numbers.chosen.tickets == 1
    for hidden in (of_b, way):
        with pytest.raises(UnknownRecord, match=f"no saved filter {hidden.number}"):
            opened(eve, hidden.number)
    vendor = replace(ctx, actor=Actor("vic", (Assignment("vendor", (Condition("team", ("B",)),)),)))
    assert saved_findings(vendor) == []
    for act in (lambda: saved_list(vendor), lambda: opened(vendor, early.number)):
        with pytest.raises(NotAllowed, match="note:read"):
            act()
    with pytest.raises(NotAllowed, match="note:write"):
        save_filter(replace(ctx, actor=everywhere("v", "viewer")), "x", "/map", WHY)


def test_numbers_of_few_tickets_and_of_few_people_are_withheld(ctx: Context) -> None:
    """Also where the rest is small, from which the others could be told."""
    few = save_filter(ctx, "C", "/map?where=team=C", WHY)
    most = save_filter(ctx, "All but C", "/map?where=team=A%7CB", WHY)
    strict = with_settings(ctx, suppress_below=3)
    for each in (few, most):
        numbers = saved_one(strict, each.number).numbers
        assert numbers.why_not == "Withheld: fewer than 3 tickets."
        assert (numbers.chosen.tickets, numbers.share) == (0, None)
    hiding = with_settings(ctx, fewest_persons=3)
    assert "fewer than 3 people" in saved_one(hiding, few.number).numbers.why_not


def test_what_was_taken_back_leads_nowhere(ctx: Context) -> None:
    """Its link says so, and its name is free."""
    made = save_filter(ctx, "B", "/map?where=team=B", WHY)
    take_back_filter(ctx, made.number)
    with pytest.raises(UnknownRecord, match="was taken back"):
        opened(ctx, made.number)
    assert saved_list(ctx) == []
    again = save_filter(ctx, "B", "/map?where=team=B", WHY)
    assert opened(ctx, again.number) == again


def test_among_findings_the_newest_ten_are_told(ctx: Context) -> None:
    """Their own page has all of them."""
    made = [save_filter(ctx, f"Filter {n}", "/map?where=team=B", WHY).number for n in range(12)]
    assert [each.filter.number for each in saved_findings(ctx)] == made[:1:-1]
    assert len(saved_list(ctx)) == 12
