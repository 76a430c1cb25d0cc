"""Tiers of services: over what an import told, in splits, clocks and promises."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import NotAllowed, QueryWrong, UnknownName, UnknownRecord
from opsgauge.governance.access import Actor, Assignment, everywhere
from opsgauge.governance.tiers import Tier
from opsgauge.metrics.question import Question
from opsgauge.operations.clocked import with_clocks
from opsgauge.operations.context import Context
from opsgauge.operations.measure import measure
from opsgauge.operations.opened import Readers
from opsgauge.operations.targets import target_states
from opsgauge.operations.tiers import (
    end_tier,
    service_tiers,
    set_promises,
    set_tier,
    tier_history,
)
from tests.conftest import MAPPING, Intake

DESK = MAPPING.replace("fields:\n", "fields:\n  service: svc\n") + "practice: incident\n"
ROWS = "number,at,state,team,who,svc\n" + "".join(
    f"INC{n},2026-01-05 08:00,New,A,a,{svc}\nINC{n},2026-01-05 {8 + n}:00,Done,A,a,{svc}\n"
    for n, svc in enumerate(("Mail", "Mail", "Print", ""), start=1)
)
SERVICES = """
source: desk
table: services
times: {zone: UTC}
fields: {service: name, tier: tier}
"""
LEVEL = """
restored:
  title: Restored in time
  kind: resolution
  targets:
    - {within: 1 h, tier: "1"}
    - {within: 2 h, tier: ["2", "3"]}
"""
WHY = "The shop stands still without it."


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return incidents of two services and of none, and an import that gives one a tier."""
    made = Intake(tmp_path_factory.mktemp("tiers"))
    made.takes(ROWS, mapping=DESK)
    made.takes("name,tier\nMail,3\n", name="services.csv", mapping=SERVICES)
    levels = made.workspace.path / "service_levels"
    levels.mkdir(exist_ok=True)
    (levels / "own.yaml").write_text(LEVEL, encoding="utf-8")
    yield made
    made.close()


@pytest.fixture
def ctx(base: Intake) -> Iterator[Context]:
    """Return its context; what a test decides is ended after it."""
    yield base.context
    for each in service_tiers(replace(base.context)).services:
        if each.decided:
            end_tier(base.context, each.decided.number, "The test is over.")


def by_tier(ctx: Context) -> dict[str | None, int]:
    """Count incidents by tier."""
    rows = measure(replace(ctx), Question("tickets_opened", by=("tier",))).rows
    return {row.by["tier"]: row.n for row in rows}


def promised_hours(ctx: Context) -> dict[str, float]:
    """Return the promise of each clock."""
    fresh = replace(ctx, readers=Readers())
    with_clocks(fresh)
    clocks = fresh.tables.related["clocks"].select("ticket_id", "target_us")
    rows = fresh.opened().engine.run(clocks).to_pylist()
    return {row["ticket_id"]: row["target_us"] / 3_600_000_000 for row in rows}


@pytest.mark.row("CAT-13")
def test_a_tier_set_by_hand_wins_over_the_imported_one(ctx: Context) -> None:
    """In splits and in clocks, and the imported one counts again when it is ended."""
    assert by_tier(ctx) == {"3": 2, None: 2}
    assert promised_hours(ctx) == {"INC1": 2.0, "INC2": 2.0}

    made = set_tier(replace(ctx), Tier(" Mail ", 1, WHY))
    set_tier(replace(ctx), Tier("Print", 2, WHY))
    assert by_tier(ctx) == {"1": 2, "2": 1, None: 1}
    assert promised_hours(ctx) == {"INC1": 1.0, "INC2": 1.0, "INC3": 2.0}
    where = Question("tickets_opened", where=(Condition("tier", ("1",)),))
    assert [row.n for row in measure(replace(ctx), where).rows] == [2]

    end_tier(replace(ctx), made.tier.number, "It was moved.")
    assert by_tier(ctx) == {"2": 1, "3": 2, None: 1}
    assert promised_hours(ctx) == {"INC1": 2.0, "INC2": 2.0, "INC3": 2.0}


def test_a_later_import_of_services_gives_tickets_their_tier(ctx: Context, base: Intake) -> None:
    """Those that people decided on keep theirs."""
    set_tier(replace(ctx), Tier("Print", 4, WHY))
    base.takes("name,tier\nMail,2\nPrint,1\n", name="later.csv", mapping=SERVICES)
    assert by_tier(ctx) == {"2": 2, "4": 1, None: 1}
    again = "name,tier,note\nMail,3,as before\nPrint,,nobody knows\n"
    base.takes(again, name="again.csv", mapping=SERVICES)
    assert by_tier(ctx) == {"3": 2, "4": 1, None: 1}


def test_the_page_of_services_tells_both(ctx: Context) -> None:
    """What counts, what was imported, who decided and why, the most needed first."""
    set_tier(replace(ctx), Tier("Print", 1, WHY))
    found = service_tiers(replace(ctx))

    told = [(each.service, each.tier, each.told, each.tickets) for each in found.services]
    assert told == [("Print", 1, None, 1), ("Mail", 3, 3, 2)]
    assert found.services[0].decided is not None
    assert found.services[0].decided.why == WHY
    assert found.sentence() == "Every service has a tier."
    assert [(each.tier, each.kind, each.words) for each in found.promises] == [
        (1, "resolution", "within 1 h"),
        (2, "resolution", "within 2 h"),
        (3, "resolution", "within 2 h"),
    ]


@pytest.mark.row("CAT-13")
def test_a_tier_drives_targets(ctx: Context) -> None:
    """Of response, resolution and first-call resolution, each for the tickets of that tier."""
    goals = {"response": 0.5, "resolution": 4.0, "first-call resolution": 0.7}
    made = set_promises(replace(ctx), 1, goals, date(2026, 1, 1), WHY)
    assert [(each.metric, each.goal) for each in made] == [
        ("time_to_first_response", 0.5),
        ("time_to_resolve", 4.0),
        ("fcr_net_share", 0.7),
    ]
    states = target_states(replace(ctx))
    assert {each.target.segment for each in states} == {(Condition("tier", ("1",)),)}
    kinds = [each.kind for each in service_tiers(replace(ctx)).promises if each.tier == 1]
    assert kinds == ["response", "resolution", "resolution", "first-call resolution"]
    with pytest.raises(QueryWrong, match="no tier 5"):
        set_promises(replace(ctx), 5, goals, None, WHY)
    with pytest.raises(QueryWrong, match="No goal"):
        set_promises(replace(ctx), 1, {}, None, WHY)


def test_what_cannot_be_is_refused(ctx: Context) -> None:
    """Other tiers, services nobody knows, no reason, the same again."""
    with pytest.raises(UnknownName, match="no service 'Mial'"):
        set_tier(replace(ctx), Tier("Mial", 1, WHY))
    for tier in (0, 5, -1):
        with pytest.raises(QueryWrong, match="no tier"):
            set_tier(replace(ctx), Tier("Mail", tier, WHY))
    with pytest.raises(QueryWrong, match="needs a reason"):
        set_tier(replace(ctx), Tier("Mail", 1, " "))
    set_tier(replace(ctx), Tier("Mail", 1, WHY))
    with pytest.raises(QueryWrong, match="of tier 1 already"):
        set_tier(replace(ctx), Tier("Mail", 1, WHY))
    with pytest.raises(UnknownRecord, match="no tier 999"):
        end_tier(replace(ctx), 999, WHY)


def test_a_service_owner_sets_the_tier_of_their_service_alone(ctx: Context) -> None:
    """And sees no other's, nor what was decided on it."""
    mails = set_tier(replace(ctx), Tier("Mail", 1, WHY)).tier
    reach = (Condition("service", ("Print",)),)
    theirs = replace(ctx, actor=Actor("sam", (Assignment("service owner", reach),)))

    set_tier(replace(theirs), Tier("Print", 2, WHY))
    assert [each.service for each in service_tiers(replace(theirs)).services] == ["Print"]
    assert {each.service for each in tier_history(replace(theirs))} == {"Print"}
    with pytest.raises(UnknownName):
        set_tier(replace(theirs), Tier("Mail", 2, WHY))
    with pytest.raises(NotAllowed, match="sam may not set the tier of Mail"):
        end_tier(replace(theirs), mails.number, WHY)
    with pytest.raises(NotAllowed):
        set_tier(replace(ctx, actor=everywhere("eve", "viewer")), Tier("Mail", 2, WHY))
    by_team = (Condition("team", ("A",)),)
    teams = replace(ctx, actor=Actor("tom", (Assignment("service owner", by_team),)))
    with pytest.raises(NotAllowed, match="tom may not set"):
        set_tier(teams, Tier("Print", 3, WHY))
