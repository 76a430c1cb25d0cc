"""Service levels of a workspace: kept, broken down, held against the source, asked what if."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import (
    NumbersWithheld,
    QueryWrong,
    ServiceLevelsMissing,
    ServiceLevelWrong,
    UnknownServiceLevel,
)
from opsgauge.operations.clock_lists import (
    BY_FLAG,
    EVERY,
    OF_CHAIN,
    ClocksBehind,
    clocks_behind,
)
from opsgauge.operations.clocked import definition_text, with_clocks, workspace_levels
from opsgauge.operations.context import Context
from opsgauge.operations.opened import Readers
from opsgauge.operations.service_level_chains import chains
from opsgauge.operations.service_level_pauses import paused
from opsgauge.operations.service_level_source import beside_source
from opsgauge.operations.service_level_whatif import other_definition, read_other, whatif
from opsgauge.operations.service_level_zones import zoned
from opsgauge.operations.service_levels import (
    COUNTED,
    Clocks,
    breakdown,
    one_shown,
    overdue,
    shown,
)
from tests.conftest import Intake, seeing

MAPPING = """
source: desk
shape: updates
practice: incident
ticket_id: n
times: {zone: UTC}
fields:
  updated_at: at
  original_status: state
  team: team
  priority: priority
  sla_met: {column: met, yes: ["yes"], no: ["no"]}
phases: {New: new, Work: in_progress, Wait: pending_user, Vendor: pending_vendor, Done: resolved}
"""
# T1 kept in 3 h; T2 late, 5 h used in two teams and 2 h paused; T3 runs since 8 hours; T4 kept.
ROWS = """n,at,state,team,priority,met
T1,2026-01-05 08:00,New,Desk,1,yes
T1,2026-01-05 11:00,Done,Desk,1,yes
T2,2026-01-05 08:00,New,Desk,1,no
T2,2026-01-05 09:00,Wait,Desk,1,no
T2,2026-01-05 11:00,Work,Network,1,no
T2,2026-01-05 15:00,Done,Network,1,no
T3,2026-01-05 12:00,Vendor,Network,2,yes
T3,2026-01-05 14:00,Work,Network,2,yes
T4,2026-01-06 08:00,New,Desk,2,no
T4,2026-01-06 09:00,Done,Desk,2,no
T5,2026-01-05 22:00,New,Desk,3,yes
"""
LEVELS = """
in_time:
  title: Resolved in time
  kind: resolution
  practices: incident
  targets: [{priority: ["1", "2"], within: 4 h}]
  pause: {phase: [pending_user]}
vendor:
  title: Vendors in time
  kind: resolution
  agreement: underpinning
  targets: [{within: 1 h}]
  while: {phase: [pending_vendor]}
  supports: in_time
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """Make a workspace of five tickets and two service levels; records end on 6 January, 09:00."""
    intake = Intake(tmp_path_factory.mktemp("desk"))
    yield served(intake)
    intake.close()


@pytest.fixture
def own_desk(intake: Intake) -> Context:
    """Make the same workspace for a test that changes its files."""
    return served(intake)


def served(intake: Intake) -> Context:
    """Import the tickets, write the service levels, and open both as the server does."""
    intake.takes(ROWS, mapping=MAPPING)
    folder = intake.context.workspace.path / "service_levels"
    folder.mkdir(exist_ok=True)
    (folder / "desk.yaml").write_text(LEVELS, encoding="utf-8")
    return replace(intake.context, readers=Readers(remember=True))


@pytest.mark.row("SLA-02")
def test_clocks_are_counted_by_what_became_of_them(desk: Context) -> None:
    """Kept: T1, T4. Broken: T2 and T3, which runs on. T5 has no target."""
    level = one_shown(desk, "in_time")

    assert (level.kept, level.broken, level.running, level.overdue) == (2, 2, 1, 1)
    assert (level.n, level.share) == (4, 0.5)
    assert level.as_json()["targets"] == ["4 h where priority is 1 or 2"]


@pytest.mark.row("SLA-04")
def test_the_zone_of_hours_is_told_with_its_fallback(own_desk: Context) -> None:
    """T1, T4 and T5 are of the Desk, T3 of a team without a zone, T2 of both on its way."""
    assert zoned(own_desk, "in_time").sentence() == (
        "Hours are read in UTC, the calendar's own zone."
    )
    file = own_desk.workspace.path / "service_levels" / "desk.yaml"
    zones = "  zones: {by: [attributes.caller_zone, team], of: {Desk: Asia/Tokyo}}\n"
    file.write_text(LEVELS.replace("vendor:\n", zones + "vendor:\n", 1), encoding="utf-8")
    told = zoned(own_desk, "in_time")

    assert told.tickets == {"team": 4, "calendar": 2}
    assert told.sentence() == (
        "Hours are read by the zone of team on 4 tickets; "
        "where none is known, on 2 tickets, in UTC, the calendar's own zone."
    )
    both = replace(told, own={"always": "UTC", "desk": "Asia/Tokyo", "late": "UTC"})
    assert both.sentence().endswith("in UTC and Asia/Tokyo, the calendars' own zones.")


def test_a_clock_counts_when_it_was_decided(desk: Context) -> None:
    """T3 broke on the fifth at 16:00, T4 was kept on the sixth."""
    fifth = one_shown(desk, "in_time", Clocks(to=date(2026, 1, 5)))
    sixth = one_shown(desk, "in_time", Clocks(from_=date(2026, 1, 6)))

    assert ((fifth.kept, fifth.broken), (sixth.kept, sixth.broken)) == ((1, 2), (1, 0))


def test_only_tickets_that_meet_the_conditions_count(desk: Context) -> None:
    """By any dimension of the ticket as it stands."""
    first = one_shown(desk, "in_time", Clocks((Condition("priority", ("1",)),)))

    assert (first.kept, first.broken, first.running) == (1, 1, 0)


@pytest.mark.row("SLA-07")
@pytest.mark.parametrize("by", ["team", "phase", "priority", "vendor"])
def test_parts_add_up_to_the_clock(desk: Context, by: str) -> None:
    """Open time used and paused, of all clocks and of late ones."""
    for late_only in (False, True):
        whole = breakdown(desk, "in_time", by, late_only=late_only)
        assert sum(part.used_us for part in whole.parts) == whole.used_us
        assert sum(part.waited_us for part in whole.parts) == whole.waited_us


@pytest.mark.row("SLA-07")
def test_time_is_the_teams_that_held_the_ticket(desk: Context) -> None:
    """T2 and T3: Desk 1 h and 2 h paused, Network 4 h and 21 h."""
    late = breakdown(desk, "in_time", "team", late_only=True)

    assert {part.part: part.used_us // 3_600_000_000 for part in late.parts} == {
        "Network": 25,
        "Desk": 1,
    }
    assert {part.part: part.waited_us // 3_600_000_000 for part in late.parts}["Desk"] == 2
    with pytest.raises(QueryWrong, match=r"has no part 'teem'\. Did you mean 'team'"):
        breakdown(desk, "in_time", "teem")


@pytest.mark.row("SLA-05")
def test_another_definition_flips_what_it_must_and_touches_nothing(desk: Context) -> None:
    """With five hours T2 is kept; with two, T1 is not."""
    before = shown(desk).as_json()
    longer = other_definition(LEVELS.replace("4 h", "5 h"), "text", "in_time")
    shorter = other_definition(LEVELS.replace("4 h", "2 h"), "text", "in_time")

    kept, broken = whatif(desk, "in_time", longer), whatif(desk, "in_time", shorter)
    assert kept.counts["broken now, kept then"] == 1
    assert kept.examples["broken now, kept then"] == ("T2",)
    assert (broken.flips, broken.examples["kept now, broken then"]) == (1, ("T1",))
    assert shown(desk).as_json() == before
    assert whatif(desk, "in_time", with_clocks(desk).levels.get("in_time")).flips == 0


def test_another_definition_must_fit(desk: Context, tmp_path: Path) -> None:
    """Its file, its name and its calendar are told."""
    with pytest.raises(ServiceLevelWrong, match="does not define 'in_time'"):
        other_definition(
            LEVELS.replace("in_time:", "intime:").replace(": in_time", ": intime"),
            "text",
            "in_time",
        )
    text = LEVELS.replace("  practices", "  calendar: office\n  practices")
    other = other_definition(text, "text", "in_time")
    with pytest.raises(ServiceLevelWrong, match="There is no calendar 'office'"):
        whatif(desk, "in_time", other)
    with pytest.raises(ServiceLevelWrong, match="cannot be read"):
        read_other(tmp_path / "none.yaml", "in_time")


@pytest.mark.row("SLA-13")
def test_a_chain_says_which_link_broke(desk: Context) -> None:
    """T3's vendor took two hours of one; T2 broke with no vendor in it."""
    [chain] = chains(desk)
    [link] = chain.links

    assert (chain.broken, chain.no_link_broke, chain.too_long) == (2, 1, 0)
    assert (link.level.name, link.tickets, link.broken, link.broke_with) == ("vendor", 1, 1, 1)


def test_the_sources_own_flag_stands_beside(desk: Context) -> None:
    """T1 both kept, T2 both broken, T3 broken since, T4 the other way round."""
    beside = beside_source(desk, "in_time")

    assert list(beside.counts.values()) == [1, 1, 1, 1]
    assert (beside.agreeing, beside.lasting) == (0.5, 1)
    assert beside.examples["kept by the clock, broken by the source"] == ("T4",)


def test_what_runs_and_broke_is_listed_the_latest_first(desk: Context) -> None:
    """T3: 21 hours used of 4 since 12:00, waiting for a vendor counted."""
    assert [(row["ticket_id"], row["over"]) for row in overdue(desk, "in_time", 5)] == [
        ("T3", "17:00:00")
    ]


def test_few_pauses_are_no_finding(desk: Context) -> None:
    """One team, one pause."""
    told = paused(desk, "in_time")

    assert [(each.team, each.pauses, each.late) for each in told.teams] == [("Desk", 1, 0)]
    assert told.findings == ()


@pytest.mark.row("SLA-08")
@pytest.mark.parametrize(
    ("words", "told", "why"),
    [
        ("[Wait]", (1, 0, 0.0), None),
        ("[Vendor]", (1, 1, 1.0), None),
        ("[Mail, Call]", (0, None, None), "no update in the records is called 'Mail' or 'Call'"),
        ("", (0, None, None), "does not say under 'messages'"),
    ],
)
def test_pauses_without_a_message_are_counted_where_messages_are_told(
    own_desk: Context, words: str, told: tuple[int, int | None, float | None], why: str | None
) -> None:
    """The one pause of T2; a word that no update bears says nothing, and is not nought."""
    file = own_desk.workspace.path / "service_levels" / "desk.yaml"
    said = f"  messages: {{original_status: {words}}}\n" if words else ""
    file.write_text(LEVELS.replace("  pause:", f"{said}  pause:"), encoding="utf-8")
    plain = paused(own_desk, "in_time").as_json()
    [team] = plain["teams"]

    names = ("messages_known", "without_message", "without_message_share")
    assert tuple(team[name] for name in names) == told
    assert why is None or why in plain["messages_untold"]
    assert why is not None or plain["messages_untold"] is None


def test_a_hidden_ticket_has_no_clock(desk: Context) -> None:
    """What a scope withholds is not counted."""
    scoped = replace(desk, actor=seeing(Condition("priority", ("1",))))

    assert one_shown(scoped, "in_time").n == 2
    assert breakdown(scoped, "in_time", "team").n == 2


def numbers(ctx: Context, name: str, chosen: Clocks) -> dict[tuple[str, str], int]:
    """Return every number of a service level's pages, by outcome and link."""
    kept, flags = one_shown(ctx, name, chosen), beside_source(ctx, name, chosen)
    found = {
        **{each: getattr(kept, each) for each in (*COUNTED,)},
        "decided": kept.n,
        "lasting": kept.running + kept.paused,
        **dict(zip(BY_FLAG, flags.counts.values(), strict=True)),
        "source_kept_lasting": flags.lasting,
    }
    every = {(outcome, ""): n for outcome, n in found.items()}
    for chain in (each for each in chains(ctx, chosen) if each.level.name == name):
        of_whole = (chain.broken, chain.no_link_broke, chain.too_long)
        every |= dict(zip([(each, "") for each in list(OF_CHAIN)[:3]], of_whole, strict=True))
        for link in chain.links:
            of_link = (link.tickets, link.broken, link.broke_with)
            keys = [(each, link.level.name) for each in list(OF_CHAIN)[3:]]
            every |= dict(zip(keys, of_link, strict=True))
    return every


@pytest.mark.row("SLA-02")
@pytest.mark.parametrize(
    ("rules", "chosen"),
    [
        ((), Clocks()),
        (
            (Condition("priority", ("1", "2")),),
            Clocks((Condition("team", ("Network",)),), date(2026, 1, 5), date(2026, 1, 5)),
        ),
    ],
    ids=["everything", "some"],
)
def test_behind_each_number_stand_as_many_clocks(
    desk: Context, rules: tuple[Condition, ...], chosen: Clocks
) -> None:
    """Of every outcome, service level and link, also for whom some tickets are hidden."""
    ctx = replace(desk, actor=seeing(*rules))
    looked = set()
    for name in ("in_time", "vendor"):
        for (outcome, link), n in numbers(ctx, name, chosen).items():
            undated = replace(chosen, from_=None, to=None) if EVERY[outcome].lasts else chosen
            listed = clocks_behind(ctx, ClocksBehind(name, outcome, link), undated)
            assert (name, outcome, listed.total) == (name, outcome, n)
            assert len(listed.rows) == n
            looked.add(outcome)

    assert looked == {*EVERY}


def test_behind_the_time_of_a_team_stand_the_clocks_that_spent_it_there(desk: Context) -> None:
    """Of late clocks: T2 was with both teams, T3 with the network alone."""
    late = ClocksBehind("in_time", "broken")
    told = {
        part.part: part.clocks for part in breakdown(desk, "in_time", "team", late_only=True).parts
    }
    listed = {
        team: clocks_behind(desk, replace(late, spent=Condition("team", (team,))), Clocks())
        for team in told
    }
    assert told == {"Desk": 1, "Network": 2}
    assert {team: one.total for team, one in listed.items()} == told
    assert [row["ticket_id"] for row in listed["Network"].rows] == ["T3", "T2"]
    row = listed["Desk"].rows[0]
    assert (row["clock_used_hours"], row["clock_promised_hours"], row["clock_over_hours"]) == (
        5.0,
        4.0,
        1.0,
    )


@pytest.mark.parametrize(
    ("behind", "chosen", "told"),
    [
        (ClocksBehind("in_time", "brokn"), Clocks(), "no outcome 'brokn'"),
        (ClocksBehind("in_time", "overdue"), Clocks(to=date(2026, 1, 5)), "as they are now"),
        (ClocksBehind("in_time", "link", "in_time"), Clocks(), "does not rest on 'in_time'"),
        (
            ClocksBehind("in_time", spent=Condition("assignee", ("x",))),
            Clocks(),
            "no part 'assignee'",
        ),
    ],
)
def test_a_list_of_clocks_that_cannot_be_is_told(
    desk: Context, behind: ClocksBehind, chosen: Clocks, told: str
) -> None:
    """What is no outcome, no link, no part, or has no days."""
    with pytest.raises(QueryWrong, match=told):
        clocks_behind(desk, behind, chosen)


def test_pauses_and_links_are_of_the_days_chosen(desk: Context) -> None:
    """T2 was paused and decided on the fifth; on the sixth only T4 was, which kept its promise."""
    fifth, sixth = Clocks(to=date(2026, 1, 5)), Clocks(from_=date(2026, 1, 6))

    assert [
        sum(one.pauses for one in paused(desk, "in_time", days).teams) for days in (fifth, sixth)
    ] == [1, 0]
    assert [chains(desk, days)[0].broken for days in (fifth, sixth)] == [2, 0]
    assert [beside_source(desk, "in_time", days).n for days in (fifth, sixth)] == [3, 1]
    hidden = replace(desk, actor=seeing(Condition("priority", ("2",))))
    assert paused(hidden, "in_time").teams == ()


def test_a_changed_file_counts_at_once(own_desk: Context) -> None:
    """The server does not have to be started again."""
    assert one_shown(own_desk, "in_time").kept == 2
    file = own_desk.workspace.path / "service_levels" / "desk.yaml"
    file.write_text(LEVELS.replace("4 h", "90 min"), encoding="utf-8")

    assert one_shown(own_desk, "in_time").kept == 1


def test_without_service_levels_there_is_nothing_to_ask(own_desk: Context) -> None:
    """And it says where to write one."""
    shutil.rmtree(own_desk.workspace.path / "service_levels")

    with pytest.raises(ServiceLevelsMissing, match="no service levels yet"):
        shown(own_desk)


def test_names_are_told_and_texts_found(desk: Context) -> None:
    """The nearest name; the words of the file as they stand."""
    with pytest.raises(UnknownServiceLevel, match="Did you mean 'in_time'"):
        one_shown(desk, "in_tim")
    levels = workspace_levels(desk)
    text = definition_text(levels.files["vendor"], "vendor")
    assert text.startswith("vendor:\n  title: Vendors in time\n")
    assert other_definition(
        definition_text(levels.files["in_time"], "in_time"), "x", "in_time"
    ) == levels.get("in_time")


@pytest.mark.row("GOV-05")
def test_clocks_of_data_that_fails_are_suspect_or_withheld(tmp_path: Path) -> None:
    """Marked by itself; where the workspace withholds, refused."""
    future = "n,at,state,team,priority,met\nT1,2099-01-05 08:00,New,Desk,1,yes\n"
    for name, setting, refused in [("a", "", False), ("b", 'withhold_on = ["*"]', True)]:
        (tmp_path / name).mkdir()
        intake = Intake(tmp_path / name, setting)
        intake.takes(future, mapping=MAPPING)
        (intake.workspace.path / "service_levels" / "all.yaml").write_text(LEVELS)
        if refused:
            for asked in (shown, partial(breakdown, name="in_time", by="team")):
                with pytest.raises(NumbersWithheld, match="‘Nothing from the future’"):
                    asked(intake.context)
        else:
            assert shown(intake.context).suspect == ("future_moments",)
        intake.close()
