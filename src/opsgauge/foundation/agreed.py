"""Terms that both wings speak: frozen, plain, without a table or a record behind them.

Floor 0. The records wing decides them, the numbers wing takes them as arguments.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Condition:
    """`column` holds one of `values`; `None` among them means that nothing is written there."""

    column: str
    values: tuple[str | None, ...]

    def sentence(self) -> str:
        """Return the condition in words.

        Examples
        --------
        >>> Condition("priority", ("1", "2")).sentence()
        'priority is 1 or 2'
        """
        words = ["missing" if value is None else value for value in self.values]
        return f"{self.column} is {' or '.join(words)}"


@dataclass(frozen=True)
class Scope:
    """The tickets an actor may see: all that meet every rule. No rules: everything."""

    rules: tuple[Condition, ...] = ()

    @classmethod
    def everything(cls) -> "Scope":
        """Return the scope without rules."""
        return cls()
