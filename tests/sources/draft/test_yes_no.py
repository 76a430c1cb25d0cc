"""Yes and no, kept and missed."""

from opsgauge.sources.draft.yes_no import poles, says_yes_or_no, turned


def test_words_of_several_tongues() -> None:
    """And what is neither says nothing."""
    assert poles(["Ja", "NEIN", "Oui", "non", "sí", "1", "0", "maybe"]) == {
        "Ja": True,
        "NEIN": False,
        "Oui": True,
        "non": False,
        "sí": True,
        "1": True,
        "0": False,
        "maybe": None,
    }


def test_kept_and_missed_carry_their_own_sense() -> None:
    """What is not met is missed, and a clock that runs has no verdict yet."""
    said = poles(
        ["Met", "Not met", "Within SLA", "Overdue", "In progress", "eingehalten", "verletzt"]
    )
    assert list(said.values()) == [True, False, True, False, None, True, False]


def test_a_name_for_the_miss_turns_yes_around() -> None:
    """But not where the words say it themselves."""
    assert turned("SLA breached", ["true", "false"])
    assert turned("SLA verletzt", ["ja"])
    assert not turned("SLA met", ["true", "false"])
    assert not turned("SLA breached", ["Breached", "Within SLA"])


def test_a_column_of_yes_and_no_holds_little_else() -> None:
    """A dozen words at most, half of the values known."""
    assert says_yes_or_no({"true": 5, "false": 1})
    assert says_yes_or_no({"Within SLA": 5, "Paused": 1})
    assert not says_yes_or_no({"Berlin": 5, "no": 1})
    assert not says_yes_or_no({})
    assert not says_yes_or_no({"1": 5, "2": 1})
    assert not says_yes_or_no({str(n): 1 for n in range(20)})
