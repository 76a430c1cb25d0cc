"""Answers on the terminal: as a table for people, as JSON and CSV for programs.

Floor 7.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from opsgauge.foundation.csv_text import table_text

_EXPORTED: ContextVar[Callable[[int], None] | None] = ContextVar("exported", default=None)


class Form(StrEnum):
    """The forms an answer can take."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def print_json(answer: Mapping[str, Any]) -> None:
    """Print the published form of an answer."""
    json.dump(answer, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def noting_exports(note: Callable[[int], None] | None) -> None:
    """Have what is printed as CSV noted first, with how many rows it has; None: it is not."""
    _EXPORTED.set(note)


def print_csv(rows: Sequence[Mapping[str, Any]], export: bool = True) -> None:
    """Print rows with a header, as `foundation.csv_text` writes them everywhere.

    Parameters
    ----------
    export : they are numbers or a list; not what a command has just done
    """
    note = _EXPORTED.get()
    if export and note is not None:
        note(len(rows))
    sys.stdout.write(table_text(rows))


def told(
    form: Form,
    plain: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
    export: bool = True,
) -> bool:
    """Print an answer for programs, whole or as lines; say whether that was asked for."""
    if form is Form.JSON:
        print_json(plain)
    elif form is Form.CSV:
        print_csv(lines, export)
    return form is not Form.TABLE


def print_suspect(suspect: Sequence[str], withheld: Sequence[str] = ()) -> None:
    """Say which failed checks touch what was printed; nothing where none does."""
    if withheld:
        say(f"Withheld, as the workspace says (withhold_on): {', '.join(withheld)}.")
    if suspect:
        say(f"Data suspect: {', '.join(suspect)}. See opsgauge check.")


def print_table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], title: str = "", numbers: int = 0
) -> None:
    """Print rows for people.

    Parameters
    ----------
    numbers : how many of the last columns hold numbers, to be set to the right
    """
    console = console_out()
    table = Table(
        title=title or None, title_justify="left", box=None, pad_edge=False, padding=(0, 2)
    )
    for place, head in enumerate(heads):
        right = place >= len(heads) - numbers
        table.add_column(head, justify="right" if right else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    console.print(table)


def say(text: str) -> None:
    """Print a sentence."""
    console_out().print(text, highlight=False, soft_wrap=True)


def note(line: str) -> None:
    """Write a line beside the answer, on standard error."""
    sys.stderr.write(f"{line}\n")


def console_out() -> Console:
    """Return the terminal; text from data is never read as markup."""
    return Console(markup=False, emoji=False, width=None if sys.stdout.isatty() else 160)


@contextmanager
def progress() -> Iterator[Callable[[str, float | None], None]]:
    """Show on standard error what is being done, and for how long; gone when it is over."""
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("Starting", total=None)

        def show(what: str, share: float | None) -> None:
            bar.update(task, description=what, completed=share or 0, total=1 if share else None)

        yield show
