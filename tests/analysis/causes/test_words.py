"""Words of descriptions: what a group has more, and no names."""

import numpy as np
import pytest

from opsgauge.analysis.causes.words import names_in, of_few_writers, themes, vocabulary, without

pytestmark = [pytest.mark.row("RCA-11")]
PEOPLE = [f"Agent {n % 7}" for n in range(600)]
CHANCE = np.random.default_rng(1)
FILLER = ("screen", "login", "slow", "update", "error", "mail")


def texts(special: str, of: range, share: float = 0.4) -> list[str]:
    """Return 600 descriptions; a share of some tickets have a word of their own."""
    made = []
    for at in range(600):
        words = [FILLER[int(n)] for n in CHANCE.integers(0, len(FILLER), 2)]
        own = at in of and CHANCE.random() < share
        made.append(f"The {' '.join(words)}{' ' + special if own else ''} again.")
    return made


def group(of: range) -> np.typing.NDArray[np.bool_]:
    """Say which tickets are of a group."""
    return np.isin(np.arange(600), np.array(of))


def test_the_word_of_a_group_is_told() -> None:
    """As many tickets as have it, and nothing that all have."""
    told = texts("scanner", range(200))
    found = vocabulary(told, PEOPLE)
    first = themes(found, group(range(200)))

    assert [each.word for each in first] == ["scanner"]
    [row] = first
    assert row.n == sum("scanner" in each for each in told) == found.having("scanner").sum()
    assert (row.of, row.others, row.others_of) == (200, 0, 400)
    assert row.odds > 3


def test_of_groups_dealt_out_by_chance_next_to_nothing_is_told() -> None:
    """One group in twenty may have a word."""
    found = vocabulary(texts("scanner", range(600)), PEOPLE)
    told = [
        bool(themes(found, np.random.default_rng(seed).random(600) < 0.3)) for seed in range(60)
    ]

    assert sum(told) <= 6


def test_names_are_never_told() -> None:
    """Neither as names are written, nor where somebody knows them in small letters."""
    for name in ("Kowalski", "kowalski"):
        found = vocabulary(texts(f"ask {name}", range(200)), PEOPLE)
        told = without(found, {"kowalski"} & {name})

        assert "kowalski" not in told.words
        assert "ask" in told.words
        assert told.having("ask").sum() == found.having("ask").sum()


def test_words_of_few_people_or_tickets_are_never_told() -> None:
    """They may say who it is."""
    told = texts("scanner", range(200))
    one = ["Agent 1" if "scanner" in text else who for text, who in zip(told, PEOPLE, strict=True)]

    assert "scanner" not in vocabulary(told, one).words
    assert "scanner" not in vocabulary(texts("scanner", range(20), 0.3), PEOPLE).words


def test_addresses_and_numbers_are_no_words() -> None:
    """Nor is a sentence's first word a name for its capital."""
    told = [f"Printer a.smith@x.org K12 jams, printer {n}" for n in range(100)]
    told += ["mail is slow"] * 300

    assert set(vocabulary(told, [f"p{n}" for n in range(400)]).words) == {"printer", "jams"}


def test_what_may_be_a_name_is_looked_up_in_each_order() -> None:
    """As records may have it, capitals or not."""
    found = names_in(["by ann lee"], {"ann"})

    assert {"Ann Lee", "Lee, Ann", "Lee Ann", "ann lee", "Ann"} <= set(found)
    assert found["Lee, Ann"] == ("ann", "lee")


def test_a_word_that_few_people_wrote_is_known() -> None:
    """Notes of nobody known count for nobody; where no writer is known at all, none is barred."""
    said = ["Reboot it", "reboot", "ticked off", "ticked"] * 4
    who = ["a", "b", "a", None] * 2 + ["c", "d", "a", None] + ["e", "d", "b", "c"]

    assert of_few_writers(["reboot", "ticked"], said, who) == {"ticked"}
    assert of_few_writers(["reboot", "ticked"], said, [None] * len(said)) == frozenset()
