"""Words for states in several tongues, each with the phase it means."""

import pytest

from opsgauge.log.vocabulary import PHASES
from opsgauge.sources.draft.states import knows, phases

MEANT = {
    "new": "New|To Do|Logged|Registered|Not started|Unassigned|Neu|Nieuw|Nouveau|Nuevo|Aangemeld",
    "assigned": "Assigned|Queued|Dispatched|Waiting for support|zugewiesen|Toegewezen|Asignado",
    "in_progress": "In Progress|Work in Progress|Active|Under investigation|Escalated|in Arbeit|"
    "In Bearbeitung|In behandeling|En cours|En curso|Reopened|Wiedereröffnet|Not resolved",
    "scheduled": "Scheduled|Planned|Geplant|Gepland|En cours (Planifié)|Programado|Approved",
    "pending_user": "Waiting for customer|Awaiting User Info|On Hold - Awaiting Caller|"
    "Pending user reply|Wartet auf Anwender|Wacht op gebruiker|En attente de l'utilisateur|"
    "Pendiente usuario",
    "pending_vendor": "Waiting on Third Party|Awaiting Vendor|Wartet auf Lieferant|"
    "Wacht op leverancier|En attente du fournisseur|En espera de proveedor|Awaiting parts",
    "pending_change": "Awaiting Change|Pending release|Wait - Implementation",
    "pending_problem": "Awaiting Problem|Pending root cause",
    "pending_approval": "Awaiting approval|Pending Approval|Wartet auf Genehmigung|Authorize",
    "pending_other": "On hold|Hold|Paused|Deferred|Blocked|zurückgestellt|En attente|En espera",
    "resolved": "Resolved|Solved|Fixed|Completed|Fulfilled|Gelöst|Erledigt|Opgelost|Gereed|"
    "Résolu|Resuelto|Pending Closure|Resolved - awaiting confirmation|pending auto close+",
    "closed": "Closed|Closed Complete|Archived|Geschlossen|Abgeschlossen|Gesloten|Afgesloten|"
    "Clos|Fermé|Cerrado|closed successful",
    "cancelled": "Canceled|Cancelled|Closed - cancelled|Withdrawn|Void|Duplicate|Won't do|merged|"
    "Closed Skipped|Storniert|Geannuleerd|Annulé|Anulado|Cancelado",
    "rejected": "Rejected|Declined|Refused|Abgelehnt|Afgewezen|Rechazado|Not approved",
}
CASES = [(word, phase) for phase, words in MEANT.items() for word in words.split("|")]


@pytest.mark.parametrize(("word", "phase"), CASES, ids=[word for word, _ in CASES])
def test_a_word_is_understood(word: str, phase: str) -> None:
    """Beside "Closed", which most lists have."""
    meant = phases({word: 1, "Closed": 1})[word]

    assert meant is not None
    assert meant.phase == phase


def test_reopened_is_known_however_it_is_said() -> None:
    """As work that begins again."""
    for word in ("Reopened", "Wieder geöffnet", "Wiedereröffnet", "Heropend"):
        meant = phases({word: 1, "Closed": 1})[word]
        assert meant is not None
        assert meant.phase == "in_progress"


@pytest.mark.parametrize("word", ["-100", "6", "beim Kollegen", "Fruit", "In Call", "???", ""])
def test_a_word_that_nothing_explains_is_left(word: str) -> None:
    """It is never guessed."""
    assert phases({word: 1, "Closed": 1})[word] is None


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("Open,Closed", {"Open": "new"}),
        ("New,Open,Closed", {"New": "new", "Open": "in_progress"}),
        ("Pending,Closed", {"Pending": "pending_other"}),
        ("Pending,On-hold", {"Pending": "pending_user", "On-hold": "pending_other"}),
        ("offen,neu", {"offen": "in_progress", "neu": "new"}),
    ],
)
def test_a_word_takes_its_meaning_from_the_others(words: str, meant: dict[str, str]) -> None:
    """As in tools that have both, and in those that have one."""
    found = phases(dict.fromkeys(words.split(","), 1))

    assert {word: one.phase for word in meant if (one := found[word])} == meant


def test_what_is_not_plain_says_so() -> None:
    """The doubt is written beside the line."""
    found = phases(dict.fromkeys(["Open", "Done", "Pending", "Closed"], 1))

    assert {word for word, one in found.items() if one and one.doubt} == {"Open", "Pending"}
    alone = phases({"Done": 1, "Open": 1})["Done"]
    assert alone is not None
    assert "closed" in alone.doubt


def test_every_phase_named_is_a_phase() -> None:
    """So that a draft always parses."""
    assert set(MEANT) <= set(PHASES)


def test_a_column_of_states_is_known_by_its_words() -> None:
    """By how many of its values are words for states."""
    assert knows({"New": 3, "Closed": 1}) == 1.0
    assert knows({"Berlin": 3, "Closed": 1}) == 0.25
    assert knows({}) == 0.0
