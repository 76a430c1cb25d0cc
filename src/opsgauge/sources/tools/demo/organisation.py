"""The organisation of one desk: places, teams, services, what breaks and what is ordered.

Floor 3. Drawn once per seed, and the same in every run of that seed, whatever is planted.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.draws import Draws, Floats, Ints

EARLY, LATE, DAY = (7.0, 15.0), (11.0, 19.0), (8.5, 17.0)


@dataclass(frozen=True)
class Location:
    """An office: its zone, its share of the people, and the teams that look after it."""

    name: str
    region: str
    zone: str
    weight: float
    desk: int
    field: int


@dataclass(frozen=True)
class Team:
    """A team: what it is for, where its clock stands, the shifts of its working days."""

    name: str
    kind: str
    region: str
    zone: str
    shifts: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Service:
    """A service: the team that owns it, how critical it is, its vendor and its machines."""

    name: str
    owner: int
    tier: int
    vendor: str
    machines: tuple[str, ...]


@dataclass(frozen=True)
class Organisation:
    """Everything about a desk that no ticket changes."""

    locations: tuple[Location, ...]
    teams: tuple[Team, ...]
    services: tuple[Service, ...]
    service_keys: tuple[str, ...]
    category_weights: Floats

    @cached_property
    def team_of(self) -> dict[str, int]:
        """The place of each central team, by what it is for."""
        return {team.kind: k for k, team in enumerate(self.teams) if team.kind not in REGIONAL}

    @cached_property
    def service_of(self) -> dict[str, int]:
        """The place of each service, by its key in `words`."""
        return {key: k for k, key in enumerate(self.service_keys)}

    @cached_property
    def owners(self) -> Ints:
        """The team that owns each service."""
        return np.array([service.owner for service in self.services])

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """Every word of the category column."""
        groups = dict.fromkeys(words.REQUEST_GROUPS.values())
        first = [category.name for category in words.INCIDENTS]
        others = [*words.CHANGE_TYPES, words.IMPROVEMENT, words.RELEASE, words.ARTICLE]
        return tuple(dict.fromkeys([*first, *groups, "Joiners and leavers", *others]))

    @cached_property
    def subcategories(self) -> tuple[str, ...]:
        """Every word of the subcategory column."""
        told = [word for category in words.INCIDENTS for word in category.subcategories]
        kinds = (*words.CHANGE_KINDS, *words.RELEASE_KINDS, *words.ARTICLE_KINDS)
        tasks = [name for name, *_ in words.BUNDLE_TASKS]
        return tuple(dict.fromkeys([*told, *kinds, *tasks, *words.CHANGE_TASKS]))

    @cached_property
    def items(self) -> tuple[str, ...]:
        """Every word of the catalogue item column."""
        return (*(item.name for item in words.ITEMS), words.BUNDLE)

    @cached_property
    def vendors(self) -> tuple[str, ...]:
        """Every word of the vendor column."""
        return tuple(dict.fromkeys(service.vendor for service in self.services if service.vendor))

    @cached_property
    def machines(self) -> tuple[str, ...]:
        """Every configuration item."""
        return tuple(name for service in self.services for name in service.machines)

    @property
    def zone(self) -> str:
        """The zone of the head office, where central teams and the service levels' clock are."""
        return self.locations[0].zone


REGIONAL = ("desk", "field")


def found(draws: Draws) -> Organisation:
    """Draw an organisation: the first location is the head office."""
    places = _places(draws)
    regions = list(dict.fromkeys(region for region, _, _ in places))
    teams = _teams(draws, places, regions)
    weights = np.sort(draws.stream("location.weight").dirichlet(np.full(len(places), 6.0)))[::-1]
    locations = tuple(
        Location(
            name=name,
            region=region,
            zone=zone,
            weight=float(weights[k]),
            desk=regions.index(region),
            field=len(regions) + regions.index(region),
        )
        for k, (region, name, zone) in enumerate(places)
    )
    usual = np.array([category.weight for category in words.INCIDENTS])
    return Organisation(
        locations=locations,
        teams=teams,
        services=_services(draws, teams),
        service_keys=tuple(words.SERVICES),
        category_weights=draws.lognormal("category.weight", len(usual), usual, 0.25),
    )


def _places(draws: Draws) -> list[tuple[str, str, str]]:
    """Draw two to three offices of a home region and one or two of each other."""
    regions = draws.shuffled("regions", list(words.REGIONS))
    counts = [3, 2, int(draws.stream("regions.last").integers(1, 3))]
    return [
        (region, name, zone)
        for region, count in zip(regions, counts, strict=True)
        for name, zone in draws.shuffled(f"places.{region}", words.REGIONS[region])[:count]
    ]


def _teams(
    draws: Draws, places: list[tuple[str, str, str]], regions: list[str]
) -> tuple[Team, ...]:
    """Name a desk and a field team per region, then the central teams; those sit in two zones."""
    desk = draws.chosen("desk.name", words.DESK_NAMES)
    on_site = draws.chosen("field.name", words.FIELD_NAMES)
    seats = {region: next(place for place in places if place[0] == region) for region in regions}
    made = [
        Team(f"{desk} {city}", "desk", region, zone, (EARLY, LATE))
        for region, city, zone in seats.values()
    ]
    made += [
        Team(f"{on_site} {city}", "field", region, zone, (DAY,))
        for region, city, zone in seats.values()
    ]
    home = [place for place in places if place[0] == regions[0]]
    abroad = draws.stream("teams.abroad").random(len(words.CENTRAL_TEAMS))
    for k, (kind, names) in enumerate(words.CENTRAL_TEAMS.items()):
        region, _, zone = places[3] if abroad[k] < 0.25 else home[k % len(home)]
        shifts = (EARLY, LATE) if kind in ("network", "server", "security") else (DAY,)
        made.append(Team(draws.chosen(f"team.{kind}", names), kind, region, zone, shifts))
    return tuple(made)


def _services(draws: Draws, teams: tuple[Team, ...]) -> tuple[Service, ...]:
    place = {team.kind: k for k, team in enumerate(teams)}
    made = []
    for key, told in words.SERVICES.items():
        count = int(draws.stream(f"machines.{key}").integers(4, 15))
        made.append(
            Service(
                name=draws.chosen(f"service.{key}", told.names),
                owner=place[told.owner],
                tier=told.tier,
                vendor=told.vendor,
                machines=tuple(f"{key}-{k + 1:02d}" for k in range(count)),
            )
        )
    return tuple(made)
