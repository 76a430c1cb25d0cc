"""Tasks of an order: serial or parallel, critical path, the one that decides."""

import pytest

from opsgauge.analysis.requests.tasks import (
    Bundle,
    bundles_of,
    critical_path,
    deciding,
    freed_us,
    shape,
    task_rows,
    tasks_by_item,
)
from opsgauge.foundation.finding import Evidence
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.door import unbound
from opsgauge.log.tables import LINKS, TICKETS
from tests.analysis.requests.conftest import Shop

pytestmark = pytest.mark.row("REQ-03")
EVIDENCE = Evidence("asked", 1)


def task(shop: Shop, order: str, name: str, opened: str, done: str | None) -> None:
    """Add a task to an order, on the fifth; without an end it is still open."""
    updates = [f"05 {opened} new {name}s"] + ([f"05 {done} resolved {name}s"] if done else [])
    number = f"{order}-{name}-{opened}"
    shop.has(number, *updates, practice="task", subcategory=name)
    shop.ties(number, order)


def order(shop: Shop, name: str, *tasks: tuple[str, str, str | None]) -> None:
    """Add an order of a new starter, opened at eight, with tasks."""
    shop.has(name, "05 08:00 new Desk", catalogue_item="New starter")
    for each in tasks:
        task(shop, name, *each)


def bundles(shop: Shop) -> list[Bundle]:
    """Return the orders with tasks, fetched."""
    rows = task_rows(shop.asked, unbound(TICKETS), unbound(LINKS))
    return bundles_of(shop.run(rows), shop.orders())


ACCOUNT_THEN_MAIL = (("Account", "08:00", "10:00"), ("Mail", "10:00", "12:00"))
LAPTOP_BESIDE = ("Laptop", "08:00", "11:00")


def test_one_after_the_other_is_serial_and_all_critical(shop: Shop) -> None:
    """Mail begins when the account is there."""
    order(shop, "R1", *ACCOUNT_THEN_MAIL)
    [found] = bundles(shop)

    assert shape(found) == "serial"
    assert [each.name for each in critical_path(found)] == ["Account", "Mail"]
    assert freed_us(found) == 2 * MICROS_PER_HOUR


def test_side_by_side_is_parallel_and_the_last_alone_is_critical(shop: Shop) -> None:
    """Without the laptop the order could have ended at ten."""
    order(shop, "R1", ("Account", "08:00", "10:00"), LAPTOP_BESIDE)
    [found] = bundles(shop)

    assert shape(found) == "parallel"
    assert [each.name for each in critical_path(found)] == ["Laptop"]
    assert freed_us(found) == MICROS_PER_HOUR


def test_some_of_each_is_mixed_and_the_path_leaves_out_what_had_time(shop: Shop) -> None:
    """The laptop was ready before mail was, and nothing waited for it."""
    order(shop, "R1", *ACCOUNT_THEN_MAIL, LAPTOP_BESIDE)
    [found] = bundles(shop)

    assert shape(found) == "mixed"
    assert [each.name for each in critical_path(found)] == ["Account", "Mail"]


def test_tasks_of_no_length_end_the_path(shop: Shop) -> None:
    """Two opened and done at the same moment stand on it once each."""
    order(shop, "R1", ("Account", "08:00", "08:00"), ("Mail", "08:00", "08:00"))
    [found] = bundles(shop)

    assert sorted(each.name for each in critical_path(found)) == ["Account", "Mail"]


def test_cancelled_tasks_and_single_ones_make_no_bundle(shop: Shop) -> None:
    """One task that counts is no question of order; an incident's children are none."""
    order(shop, "R1", ("Account", "08:00", "10:00"))
    shop.has("T", "05 08:00 new Desk", "05 09:00 cancelled Desk", practice="task")
    shop.ties("T", "R1")
    shop.has("I1", "05 08:00 new Desk", practice="incident")
    task(shop, "I1", "Account", "08:00", "09:00")
    task(shop, "I1", "Mail", "08:00", "09:00")

    assert bundles(shop) == []


def test_items_tell_their_tasks_order_and_what_is_open(shop: Shop) -> None:
    """Two complete, of which mail ended both; one still open counts for nothing else."""
    order(shop, "R1", *ACCOUNT_THEN_MAIL)
    order(shop, "R2", *ACCOUNT_THEN_MAIL, LAPTOP_BESIDE)
    order(shop, "R3", ("Account", "08:00", "10:00"), ("Laptop", "08:00", None))
    [found] = tasks_by_item(bundles(shop))

    assert (found.item, found.n, found.open_) == ("New starter", 2, 1)
    assert found.shapes == {"serial": 1, "mixed": 1}
    assert (found.path, found.path_n) == (("Account", "Mail"), 2)
    mail, *others = found.lines
    assert (mail.name, mail.team, mail.n, mail.decides, mail.critical) == ("Mail", "Mails", 2, 2, 2)
    assert (mail.begins, mail.lasts, mail.freed_hours) == (2.0, 2.0, 3.0)
    assert [(each.name, each.decides) for each in others] == [("Laptop", 0), ("Account", 0)]
    assert found.pairs == (
        ("Account", "Laptop", 1, 0, 0),
        ("Account", "Mail", 2, 2, 0),
        ("Laptop", "Mail", 1, 0, 0),
    )
    assert found.as_json()["critical_path"] == ["Account", "Mail"]


@pytest.mark.parametrize(("often", "found"), [(20, 1), (12, 0)])
def test_a_task_is_found_where_it_decides_more_than_its_share(
    shop: Shop, often: int, found: int
) -> None:
    """Of twenty orders with two tasks ten would be even; the twelve could be chance."""
    for number in range(20):
        first, last = ("10:00", "12:00") if number < often else ("12:00", "10:00")
        order(shop, f"R{number}", ("Account", "08:00", first), ("Laptop", "08:00", last))
    findings = deciding(tasks_by_item(bundles(shop)), EVIDENCE)

    assert len(findings) == found
    for each in findings:
        assert each.claim.startswith("Laptop decides when New starter is done: it ended 20 of 20")
        assert each.worth_hours == 40.0
