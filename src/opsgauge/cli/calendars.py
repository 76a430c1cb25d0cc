"""The verb about business calendars: list, show, check.

Floor 7.
"""

from typing import Annotated

import typer

from opsgauge.cli.exits import Exit
from opsgauge.cli.options import Format, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_csv, print_json, print_table, say
from opsgauge.operations.calendars import (
    CalendarLine,
    calendar_year,
    day_words,
    differs_words,
    hours_words,
    listed_calendars,
)

Name = Annotated[str, typer.Argument(help="Name of the calendar: that of its file.")]
Year = Annotated[int | None, typer.Option("--year", help="The year to show; else this one.")]


def add_to(app: typer.Typer) -> None:
    """Add this verb to the program."""
    calendars = typer.Typer(help="Business calendars: list, show, check.", no_args_is_help=True)
    calendars.command("list")(list_)
    calendars.command("show")(show)
    calendars.command("check")(check)
    app.add_typer(calendars, name="calendars")


def list_(workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> int:
    """List the calendars. Exits 1 where a file does not fit."""
    lines = listed_calendars(context(workspace))
    if form is Form.TABLE:
        rows = [
            [each.name, each.title, each.zone, each.hours, each.holidays, f"{each.week_hours:g}"]
            for each in lines
            if not each.fault
        ]
        print_table(["Name", "Title", "Zone", "Hours", "Holidays", "Hours a week"], rows, numbers=1)
    return _told(lines, form)


def check(workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> int:
    """Say of each calendar's file whether it fits. Exits 1 where one does not."""
    lines = listed_calendars(context(workspace))
    if form is Form.TABLE:
        rows = [[each.name, each.file, "wrong" if each.fault else "fits"] for each in lines]
        print_table(["Name", "File", "State"], rows)
    return _told(lines, form)


def _told(lines: tuple[CalendarLine, ...], form: Form) -> int:
    """Print lines for programs, and faults for people; return the exit code."""
    wrong = [each for each in lines if each.fault]
    if form is Form.JSON:
        print_json({"calendars": [each.as_json() for each in lines]})
    elif form is Form.CSV:
        print_csv([each.as_json() for each in lines])
    else:
        for each in wrong:
            say(each.fault)
    return Exit.SIGNAL if wrong else Exit.OK


def show(
    name: Name, year: Year = None, workspace: WorkspaceDir = None, form: Format = Form.TABLE
) -> None:
    """Show a calendar as a year: open hours of each month, and the days that differ."""
    shown = calendar_year(context(workspace), name, year)
    plain = shown.as_json()
    if form is Form.JSON:
        print_json(plain)
    elif form is Form.CSV:
        print_csv(plain["days"])
    else:
        say(f"{shown.sentence}.")
        say(f"{shown.line.hours}, {shown.line.zone}.")
        months = [
            [f"{shown.month(each['month'])[0].date:%B}", f"{each['open_hours']:,.2f}"]
            for each in plain["months"]
        ]
        print_table(["Month", "Open, h"], months, numbers=1)
        rows = [
            [day_words(day.date), differs_words(day), hours_words(day), f"{day.open_hours:g}"]
            for day in shown.days
            if not day.usual
        ]
        if rows:
            print_table(["Day", "What differs", "Hours", "Open, h"], rows, numbers=1)
