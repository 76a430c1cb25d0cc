"""The codes of currencies."""

from opsgauge.foundation.currencies import CURRENCIES


def test_codes_are_those_of_money_in_use() -> None:
    """Three letters each; neither gold, nor a test's code, nor money that is gone."""
    assert {"EUR", "USD", "JPY", "CHF", "BRL", "XOF"} <= CURRENCIES
    assert not {"XAU", "XTS", "XXX", "DEM", "EURO", ""} & CURRENCIES
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in CURRENCIES)
