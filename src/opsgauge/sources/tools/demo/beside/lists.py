"""Lists that seldom change: services, catalogue, configuration items, costs, contracts.

Floor 3.
"""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa

from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.beside.changing import IN_HOUSE
from opsgauge.sources.tools.demo.beside.scene import NEVER, Scene, at, ids, texts, yes_no
from opsgauge.sources.tools.demo.calendars import DAY
from opsgauge.sources.tools.demo.export import coded
from opsgauge.sources.tools.demo.organisation import Service
from opsgauge.sources.tools.demo.rows import OTHERS

CURRENCY = "EUR"
SALARY = 5_400.0  # euros a month, with everything
PROMISED = {"assets": 80.0, "workplace": 16.0, "identity": 8.0}  # hours, by team
OTHERWISE = 24.0
CLASSES = {
    "vpn": "Gateway",
    "wifi": "Access point",
    "lan": "Switch",
    "laptop": "Device pool",
    "print": "Printer",
    "phone": "Telephone system",
}
NEEDS = ("cloud", "database", "lan", "sso")  # what other services run on


def services(scene: Scene) -> pa.Table:
    """Return the services with their tier, team, owner and number of users."""
    s, draws = scene.organisation.services, scene.draws
    n = len(s)
    users = draws.lognormal("service.users", n, 900.0, 0.8)
    round_the_clock = np.array([each.tier == 1 for each in s])
    return pa.table(
        {
            "name": texts([each.name for each in s]),
            "tier": pa.array([each.tier for each in s]),
            "team": scene.teams(scene.organisation.owners),
            "owner": scene.persons(OTHERS + draws.stream("service.owner").integers(0, 20, n)),
            "vendor": texts([each.vendor for each in s]),
            "users": pa.array(np.rint(users).astype(np.int64)),
            "hours": coded(round_the_clock.astype(np.int64), ("Office hours", "Round the clock")),
            "in_house": yes_no(np.isin(scene.organisation.service_keys, IN_HOUSE)),
        }
    )


def catalogue_items(scene: Scene) -> pa.Table:
    """Return what can be ordered."""
    o, items = scene.organisation, words.ITEMS
    hours = [PROMISED.get(item.team, OTHERWISE) for item in items]
    price = scene.draws.lognormal("item.price", len(items), 90.0, 1.1)
    goods = np.array([item.delivery > 0.3 for item in items])
    return pa.table(
        {
            "name": texts([item.name for item in items] + [words.BUNDLE]),
            "category": texts(
                [words.REQUEST_GROUPS[item.team] for item in items] + ["Joiners and leavers"]
            ),
            "service": scene.services(
                np.array([o.service_of[i.service] for i in items] + [o.service_of["laptop"]])
            ),
            "team": scene.teams(np.array([o.team_of[item.team] for item in items] + [NEVER])),
            "approval": yes_no(np.array([item.approval >= 0.5 for item in items] + [True])),
            "hours": pa.array([*hours, 60.0]),
            "price": pa.array(np.append(np.where(goods, np.rint(price) * 10, 0.0), 0.0)),
        }
    )


def configuration_items(scene: Scene) -> pa.Table:
    """Return the configuration items and the service each carries."""
    o, draws = scene.organisation, scene.draws
    of = np.repeat(np.arange(len(o.services)), [len(s.machines) for s in o.services])
    n = len(of)
    installed = scene.span.start - draws.uniform("machine.age", n) * 1500 * DAY
    kinds = [CLASSES.get(o.service_keys[k], "Server") for k in of]
    office = draws.pick("machine.office", n, [place.weight for place in o.locations])
    return pa.table(
        {
            "name": texts(o.machines),
            "class": texts(kinds),
            "service": scene.services(of),
            "environment": coded(draws.pick("machine.where", n, (88, 12)), ("Production", "Test")),
            "team": scene.teams(o.owners[of]),
            "vendor": texts([o.services[k].vendor for k in of]),
            "location": coded(office, [place.name for place in o.locations]),
            "state": texts(["In use"] * n),
            "installed": at(installed),
        }
    )


def dependencies(scene: Scene) -> pa.Table:
    """Return which configuration items need which others."""
    o, luck = scene.organisation, scene.draws.stream("machine.needs")
    pools = [o.services[o.service_of[key]].machines for key in NEEDS]
    pairs = []
    for key, service in zip(o.service_keys, o.services, strict=True):
        if key in NEEDS:
            continue
        for machine in service.machines:
            pool = pools[int(luck.integers(len(pools)))]
            pairs.append((machine, pool[int(luck.integers(len(pool)))]))
    return pa.table(
        {
            "id": ids("DEP", len(pairs)),
            "item": texts([pair[0] for pair in pairs]),
            "needs": texts([pair[1] for pair in pairs]),
            "kind": texts(["Runs on"] * len(pairs)),
        }
    )


def _months(scene: Scene) -> list[tuple[date, date]]:
    first = datetime.fromtimestamp(scene.span.start, UTC).date()
    months = []
    while first < datetime.fromtimestamp(scene.span.end, UTC).date():
        after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
        months.append((first, after - timedelta(days=1)))
        first = after
    return months


def costs(scene: Scene) -> pa.Table:
    """Return the books: each month the people of a team, the licences and vendor of a service."""
    o, draws = scene.organisation, scene.draws
    people = np.bincount(
        np.maximum(scene.rows.team, 0), minlength=len(o.teams)
    )  # updates, as a measure of who is needed
    heads = np.maximum(1, np.rint(scene.export.staff * people / max(people.sum(), 1)))
    licences = draws.lognormal("cost.licences", len(o.services), 4_200.0, 0.8)
    lines: list[tuple[date, date, str, str, str, str, float]] = []
    for k, (begins, ends) in enumerate(_months(scene)):
        lines += [
            (begins, ends, "Labour", "", team.name, "", SALARY * head)
            for team, head in zip(o.teams, heads, strict=True)
        ]
        lines += [
            (begins, ends, "Licences", service.name, "", "", round(cost * (1 + 0.004 * k), 2))
            for service, cost in zip(o.services, licences.tolist(), strict=True)
        ]
        lines += [
            (begins, ends, "Vendor", service.name, "", service.vendor, round(yearly / 12, 2))
            for service, yearly in _contracted(scene)
        ]
    names = ("from", "to", "kind", "service", "team", "vendor", "amount")
    columns = {name: pa.array([line[k] for line in lines]) for k, name in enumerate(names)}
    table = pa.table(columns | {"currency": texts([CURRENCY] * len(lines))})
    return table.add_column(0, "id", ids("BKG", len(lines)))


def _contracted(scene: Scene) -> list[tuple[Service, float]]:
    with_vendor = [s for s in scene.organisation.services if s.vendor]
    yearly = scene.draws.lognormal("contract.yearly", len(with_vendor), 96_000.0, 0.7)
    return list(zip(with_vendor, (np.rint(yearly / 100) * 100).tolist(), strict=True))


def contracts(scene: Scene) -> pa.Table:
    """Return the contracts with vendors, one for each service that has one."""
    signed = _contracted(scene)
    n, luck = len(signed), scene.draws.stream("contract.dates")
    first = datetime.fromtimestamp(scene.span.start, UTC).date()
    starts = [first - timedelta(days=int(luck.integers(30, 900))) for _ in range(n)]
    ends = [start + timedelta(days=365 * int(luck.integers(2, 5)) - 1) for start in starts]
    return pa.table(
        {
            "id": ids("CTR", n),
            "vendor": texts([service.vendor for service, _ in signed]),
            "service": texts([service.name for service, _ in signed]),
            "kind": texts(["Maintenance"] * n),
            "starts": pa.array(starts),
            "ends": pa.array(ends),
            "notice_days": pa.array([90] * n),
            "yearly": pa.array([amount for _, amount in signed]),
            "currency": texts([CURRENCY] * n),
            "response_h": pa.array([4.0 if s.tier == 1 else 8.0 for s, _ in signed]),
            "resolution_h": pa.array([24.0 if s.tier == 1 else 72.0 for s, _ in signed]),
        }
    )
