"""The same symptom of the same thing, by words: planted ones are found again."""

import numpy as np
import pytest

from opsgauge.analysis.causes.symptoms import symptoms, telling
from opsgauge.analysis.causes.words import Vocabulary, vocabulary

pytestmark = [pytest.mark.row("RCA-06")]
PLANTED = (
    ("paper", "jam", "tray", "printer"),
    ("toner", "empty", "pages", "faint"),
    ("login", "refused", "password", "expired"),
    ("screen", "black", "boot", "laptop"),
    ("mail", "outbox", "stuck", "sending"),
    ("tunnel", "drops", "hourly", "remote"),
    ("order", "price", "wrong", "pulled"),
    ("share", "folder", "access", "denied"),
)
FILLER = ("please", "again", "today", "since", "morning", "help", "urgent", "user")


def read(texts: list[str]) -> Vocabulary:
    """Return the words that may be told, each text by another person."""
    return vocabulary(texts, [f"p{at}" for at in range(len(texts))])


def planted(seed: int) -> tuple[list[str], list[int], list[int]]:
    """Return 400 texts of three words of a symptom or all four, and two that say nothing."""
    chance = np.random.default_rng(seed)
    texts, of, things = [], [], []
    for _ in range(400):
        symptom, thing = int(chance.integers(8)), int(chance.integers(3))
        own = chance.permutation(PLANTED[symptom])[: 3 + int(chance.integers(2))]
        rest = chance.permutation(FILLER)[:2]
        texts.append(" ".join([*own, *rest]))
        of.append(symptom)
        things.append(thing)
    return texts, of, things


@pytest.mark.parametrize("seed", range(5))
def test_planted_symptoms_are_found_again(seed: int) -> None:
    """No two symptoms or things in one group, and of two tickets with one symptom most together."""
    texts, of, things = planted(seed)
    first = symptoms(read(texts), np.array(things))
    truth = np.array(of) * 3 + np.array(things)

    assert (first >= 0).all()
    assert (truth[first] == truth).all()
    together = first[:, None] == first[None, :]
    same = truth[:, None] == truth[None, :]
    assert together[same].mean() > 0.75


def test_what_everybody_writes_makes_nothing_alike() -> None:
    """Half of each text is the same, and weighs little."""
    texts = [
        f"printer {word} please" for word in ("jammed", "offline", "smells") for _ in range(20)
    ]
    texts += ["please reset printer"] * 2 + [
        f"mail {(n % 2 and 'late') or 'lost'}" for n in range(80)
    ]
    first = symptoms(read(texts), np.zeros(len(texts), np.int64))

    assert [int(each) for each in first[:60]] == [0] * 20 + [20] * 20 + [40] * 20


def test_half_of_the_weight_is_enough_and_less_is_not() -> None:
    """By hand: a weighs log(5/3) = 0.51, the others log(5/2) = 0.92; the mean of both is halved.

    abc-ab share 1.43 of 1.88, cd-d 0.92 of 1.37; abc-cd 0.92 of 2.09, abc-a 0.51 of 1.43.
    """
    words = ("a", "b", "c", "d")
    sets = [(0, 1, 2), (0, 1), (2, 3), (0,), (3,)]
    tickets = np.array([at for at, mine in enumerate(sets) for _ in mine])
    places = np.array([word for mine in sets for word in mine])
    found = Vocabulary(words, tickets, places, len(sets))

    assert symptoms(found, np.zeros(5, np.int64)).tolist() == [0, 0, 2, 3, 2]
    assert symptoms(found, np.array([0, 1, 0, -1, 0])).tolist() == [0, 1, 2, -1, 2]


def test_later_tickets_never_move_earlier_ones() -> None:
    """The first 200 are grouped as they are without those after them, for the same weights."""
    texts, _, things = planted(9)
    every = read(texts)
    kept = every.tickets < 200
    # The same words, weighed by all; the later texts are about something else.
    apart = np.array([thing if at < 200 else thing + 3 for at, thing in enumerate(things)])

    assert kept.any()
    assert (symptoms(every, apart)[:200] == symptoms(every, np.array(things))[:200]).all()


def test_a_symptom_is_named_by_what_half_of_it_shares() -> None:
    """The rarest first, and none that most lack."""
    texts = ["paper jam today"] * 30 + ["paper jam loud"] * 12 + ["mail lost today"] * 60
    found = read(texts)
    told = telling(found, np.arange(len(texts)) < 42)

    assert set(told[:2]) == {"paper", "jam"}
    assert "loud" not in told
    assert telling(found, np.zeros(len(texts), np.bool_)) == ()
