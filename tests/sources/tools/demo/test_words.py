"""The words of the desk fit together."""

import re

from opsgauge.log.mapping import read_mapping
from opsgauge.log.vocabulary import PRACTICES
from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.desk import MAPPING
from opsgauge.sources.tools.demo.export import RESOLVED_BY
from opsgauge.sources.tools.demo.steps import WORDS


def test_every_reference_leads_somewhere() -> None:
    """Categories and items name services and teams that there are."""
    assert {c.service for c in words.INCIDENTS} <= set(words.SERVICES)
    assert {i.service for i in words.ITEMS} <= set(words.SERVICES)
    assert {s.owner for s in words.SERVICES.values()} <= set(words.CENTRAL_TEAMS)
    assert {i.team for i in words.ITEMS} <= set(words.REQUEST_GROUPS)
    assert set(words.REGIONS) == set(words.HOLIDAYS)


def test_names_are_told_apart() -> None:
    """No two categories, items, services or teams can be called the same."""
    services = [name for s in words.SERVICES.values() for name in s.names]
    teams = [name for names in words.CENTRAL_TEAMS.values() for name in names]

    for names in (
        services,
        teams,
        [c.name for c in words.INCIDENTS],
        [i.name for i in words.ITEMS],
        [s for c in words.INCIDENTS for s in c.subcategories],
    ):
        assert len(set(names)) == len(names)


def test_every_way_to_be_resolved_has_a_word() -> None:
    """Each practice's shares add up to one, in words that the column knows."""
    for choices in RESOLVED_BY.values():
        assert abs(sum(share for _, share in choices) - 1) < 1e-9
        assert {word for word, _ in choices} <= set(words.RESOLUTIONS)


def test_the_mapping_knows_every_word() -> None:
    """Every state has a phase, every kind of record a practice, and no mapped word is idle."""
    mapping, text = read_mapping(MAPPING)

    assert set(mapping.phases[0].words) == set(WORDS)
    assert set(mapping.practice.words) == set(words.PRACTICES)
    assert set(mapping.practice.words.values()) == set(PRACTICES)
    assert len(re.findall(r"#", text)) > 10  # it is read by people who write their own
