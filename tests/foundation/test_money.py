"""What an hour costs: the table `[rates]`, what it refuses, and amounts in words."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsgauge.foundation.currencies import CURRENCIES
from opsgauge.foundation.errors import SettingsWrong
from opsgauge.foundation.money import Money, Rates, between_words, money_words, times
from opsgauge.foundation.settings import make_workspace, open_workspace

EUROS = 'currency = "EUR"\n'


def told(folder: Path, text: str) -> Rates | None:
    """Return the rates of a workspace whose settings are these."""
    if not (folder / "opsgauge.toml").exists():
        make_workspace(folder)
    (folder / "opsgauge.toml").write_text(text, "utf-8")
    return open_workspace(folder).settings.rates


def test_without_the_table_nothing_has_a_rate(tmp_path: Path) -> None:
    """That is how a new workspace is, too."""
    assert make_workspace(tmp_path / "new").settings.rates is None
    assert told(tmp_path / "other", 'zone = "UTC"\n') is None


def test_waiting_and_work_have_rates_of_their_own(tmp_path: Path) -> None:
    """A rate of work prices no waiting, nor the other way round; a team may cost something else."""
    text = f'[rates]\n{EUROS}worked = 50\n[rates.worked_by_team]\nNetwork = 60.5\n"" = 9\n'
    worked = told(tmp_path, text)
    waited = told(tmp_path, f"[rates]\n{EUROS}waited = 4\n")

    assert worked is not None
    assert worked.an_hour_waited is None
    assert worked.an_hour_worked("Network") == Money(60.5, "EUR")
    assert worked.an_hour_worked("Desk") == Money(50.0, "EUR")
    assert waited is not None
    assert waited.an_hour_waited == Money(4.0, "EUR")
    assert waited.an_hour_worked("Desk") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rates = 5", "rates: it is a table, such as [rates]"),
        ("[[rates]]", "rates: it is a table"),
        ("[rates]\nwaited = 4", "rates.currency: it is not set, and must be"),
        ('[rates]\ncurrency = "EURO"\nwaited = 4', "Did you mean 'EUR'?"),
        ('[rates]\ncurrency = "eur"\nwaited = 4', "'eur' is no code of ISO 4217"),
        ("[rates]\ncurrency = 978\nwaited = 4", "rates.currency: Input should be a valid string"),
        (f"[rates]\n{EUROS}", "rates: It says no rate an hour"),
        (f"[rates]\n{EUROS}waited = nan", "rates.waited: Input should be a finite number"),
        (f"[rates]\n{EUROS}waited = inf", "rates.waited: Input should be a finite number"),
        (f"[rates]\n{EUROS}waited = -1", "rates.waited: Input should be greater than 0"),
        (f"[rates]\n{EUROS}waited = 0", "rates.waited: Input should be greater than 0"),
        (f"[rates]\n{EUROS}waited = 1e12", "rates.waited: Input should be less than or equal"),
        (f'[rates]\n{EUROS}waited = "4"', "rates.waited: Input should be a valid number"),
        (f"[rates]\n{EUROS}waited = true", "rates.waited: Input should be a valid number"),
        (f"[rates]\n{EUROS}waitd = 4", "rates.waitd: no such setting. Did you mean 'waited'?"),
        (f"[rates]\n{EUROS}waited = 4\nworked_by_team = {{A = 3}}", "needs worked"),
        (f"[rates]\n{EUROS}worked = 4\nworked_by_team = [1]", "rates.worked_by_team"),
        (f"[rates]\n{EUROS}worked = 4\nworked_by_team = {{A = -3}}", "rates.worked_by_team.A"),
        (f'[rates]\n{EUROS}worked = 4\nworked_by_team = {{"\\u001b[2J" = -3}}', r"'\x1b[2J'"),
    ],
)
def test_what_is_no_rate_is_refused_with_its_key(tmp_path: Path, text: str, words: str) -> None:
    """What, where, and the nearest that there is; no sign of the file acts on a terminal."""
    with pytest.raises(SettingsWrong) as refused:
        told(tmp_path, text)

    assert words in str(refused.value)
    assert "opsgauge.toml" in str(refused.value)
    assert "\x1b" not in str(refused.value)


@given(
    hours=st.lists(st.floats(0, 1e6), max_size=20),
    rate=st.floats(0.01, 1e4),
    code=st.sampled_from(sorted(CURRENCIES)),
)
def test_the_money_of_parts_is_the_money_of_the_whole(
    hours: list[float], rate: float, code: str
) -> None:
    """Hours that add up cost amounts that add up, each hours times rate."""
    an_hour = Money(rate, code)
    parts = [times(each, an_hour) or 0.0 for each in hours]

    assert parts == [each * rate for each in hours]
    assert sum(parts) == pytest.approx(times(sum(hours), an_hour))
    assert money_words(sum(hours), an_hour).startswith(f"{code}\u00a0")


def test_without_a_rate_or_hours_there_are_no_words() -> None:
    """Neither nought nor a dash, which would be an amount."""
    an_hour = Money(4.0, "EUR")

    assert money_words(3, None) == money_words(None, an_hour) == ""
    assert between_words(3, 4, None) == between_words(None, 4, an_hour) == ""
    assert between_words(250, 500, an_hour) == "EUR\u00a01,000 to 2,000"
