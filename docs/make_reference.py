"""Writes docs/reference from the code, so that it cannot say something else: `make docs`."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import typer
import yaml

from opsgauge.cli.app import make_program
from opsgauge.foundation.agreed import Scope
from opsgauge.foundation.settings import Settings
from opsgauge.log.checks.looking import subjects
from opsgauge.log.checks.score import CREDIT, HELD_AT, weight_of
from opsgauge.log.checks.seen import ALL
from opsgauge.log.door import open_tables
from opsgauge.log.related import ALL_TABLES
from opsgauge.log.vocabulary import LINK_KINDS, PASSAGES, PHASES, PRACTICES
from opsgauge.metrics.load import load_catalogue
from opsgauge.metrics.metric import Metric

FOLDER = Path(__file__).parent / "reference"
BAR = r"\|"
MADE = "<!-- Made by docs/make_reference.py; change the code instead. -->"


def pages() -> dict[str, str]:
    """Return every page of the reference by its name."""
    return {
        "tables.md": _tables(),
        "metrics.md": _metrics(),
        "commands.md": _commands(),
        "settings.md": _settings(),
        "checks.md": _checks(),
    }


def _page(title: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", MADE, *parts]) + "\n"


def _grid(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    # A bar ends a cell, also within backticks, unless it is escaped.
    lines += [f"| {' | '.join(cell.replace('|', BAR) for cell in row)} |" for row in rows]
    return "\n".join(lines)


def _tables() -> str:
    parts = [
        "Instants are UTC, to the microsecond. Lengths of time are whole microseconds.",
        f"Phases: {', '.join(PHASES)}.",
        f"Practices: {', '.join(PRACTICES)}. Passages: {', '.join(PASSAGES)}. "
        f"Links: {', '.join(LINK_KINDS)}.",
    ]
    for table in ALL_TABLES:
        rows = [
            [f"`{c.name}`", c.type.replace("_", " "), c.meaning, _use(c.dimension, c.person)]
            for c in table.columns
        ]
        parts.append(f"## {table.name}\n\nA row is {table.row}. Key: {', '.join(table.key)}.")
        parts.append(_grid(["Column", "Type", "Meaning", "Use"], rows))
    return _page("Tables", *parts)


def _use(dimension: bool, person: bool) -> str:
    if person:
        return "a person: never splits or filters a number"
    return "splits and filters numbers" if dimension else ""


def _metrics() -> str:
    catalogue = load_catalogue()
    parts = [
        "Each metric is a paragraph in `src/opsgauge/metrics/catalogue`; a workspace may add its "
        "own in `catalogue/`. The worked example is run as a test on every build."
    ]
    return _page("Metrics", *parts, *(_metric(each) for each in catalogue))


def _metric(metric: Metric) -> str:
    plain = metric.definition
    rows = [
        ["Question", plain.question],
        ["Decision it serves", " ".join(plain.decision.split())],
        ["Kind", f"{metric.kind}, in {plain.unit}; good is {plain.good}; {plain.leading}"],
        ["Statistics", ", ".join(metric.statistics)],
        ["Columns", ", ".join(f"`{name}`" for name in metric.columns)],
        ["Counter-metric", f"`{plain.counter_metric}`" if plain.counter_metric else "none"],
        ["Owner", plain.owner_role],
        ["Source", plain.source],
        ["Pitfalls", " ".join(plain.pitfalls)],
    ]
    example = yaml.safe_dump(
        plain.example.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        sort_keys=False,
        default_flow_style=None,
        width=100,
    )
    table = _grid(["", ""], rows)
    return f"## {metric.name}\n\n{plain.title}.\n\n{table}\n\n```yaml\n{example}```"


def _commands() -> str:
    root = typer.main.get_command(make_program())
    context = typer.Context(root, info_name="opsgauge")
    parts = ["Exit codes: 0 fine; 1 something a person should see; 2 mend it; 3 a fault of ours."]
    for name in root.list_commands(context):  # type: ignore[attr-defined]  # it is a group
        parts += _command(root.get_command(context, name), name)  # type: ignore[attr-defined]
    return _page("Commands", *parts)


def _command(command: typer.models.TyperInfo, name: str) -> list[str]:
    if hasattr(command, "commands"):
        parts = []
        for verb, each in sorted(command.commands.items()):
            parts += _command(each, f"{name} {verb}")
        return parts
    said = " ".join((command.help or "").split())
    rows = [
        [
            f"`{'`, `'.join(p.opts) if p.opts[0].startswith('-') else p.name}`",
            getattr(p, "help", "") or "",
        ]
        for p in command.params
    ]
    return [f"## opsgauge {name}\n\n{said}", _grid(["Option", "Meaning"], rows)]


def _settings() -> str:
    said = Settings.__doc__ or ""
    meant = dict(line.strip().split(" : ", 1) for line in said.splitlines() if " : " in line)
    rows = [
        [f"`{name}`", f"`{field.default!r}`", meant[name]]
        for name, field in Settings.model_fields.items()
    ]
    return _page("Settings", "Keys of `opsgauge.toml`.", _grid(["Key", "Default", "Meaning"], rows))


def _checks() -> str:
    counted = ", ".join(f"{state} {credit}" for state, credit in CREDIT.items())
    parts = [
        "What each check finds means is told in `docs/guides/data-checks.md`.",
        f"The data-quality score is the mean of what the states count ({counted}), each check by "
        f"its weight; a check that had nothing to compare or could not be made is left out. While "
        f"a critical check fails the score is {HELD_AT} at most.",
    ]
    rows = [
        [
            f"`{each.id}`",
            each.title,
            "yes" if each.critical else "",
            str(weight_of(each.critical)),
            each.worst,
            "every column" if each.columns == ALL else ", ".join(f"`{n}`" for n in each.columns),
        ]
        for each in subjects(open_tables(Scope.everything()))
    ]
    heads = ["Check", "Title", "Critical", "Weight", "At worst", "Columns whose numbers it touches"]
    return _page("Checks", *parts, _grid(heads, rows))


def main() -> None:
    """Write the pages."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text)
        sys.stdout.write(f"docs/reference/{name}\n")


if __name__ == "__main__":
    main()
