"""The program `opsgauge`: its verbs, put together.

Floor 7. Exit codes: 0 fine; 1 it worked and found something a person should see; 2 the user can
mend it; 3 we must, or a source is down.
"""

import gc
import sys
from importlib import import_module

import typer

from opsgauge import __version__
from opsgauge.cli.exits import Exit, run

ROOMS = {
    "opsgauge.cli.records": ("init", "import", "check", "rejected", "deleted", "versions"),
    "opsgauge.cli.integration": ("integration",),
    "opsgauge.cli.sources": ("mapping", "sync"),
    "opsgauge.cli.numbers": ("measure", "chart"),
    "opsgauge.cli.expecting": ("expected",),
    "opsgauge.cli.restating": ("restated",),
    "opsgauge.cli.comparing": ("compare", "decompose"),
    "opsgauge.cli.causing": ("causes", "pareto", "recurring", "cause-kinds", "words"),
    "opsgauge.cli.catalogue": ("metrics",),
    "opsgauge.cli.flow": ("map", "variants"),
    "opsgauge.cli.notes": ("notes", "saved"),
    "opsgauge.cli.waiting": ("waiting",),
    "opsgauge.cli.handing": ("handoffs",),
    "opsgauge.cli.paths": ("paths", "standardisation"),
    "opsgauge.cli.objects": ("objects",),
    "opsgauge.cli.exporting": ("export",),
    "opsgauge.cli.map_comparing": ("compare-maps",),
    "opsgauge.cli.spectrum": ("spectrum",),
    "opsgauge.cli.finding": ("find",),
    "opsgauge.cli.monthly": ("summary",),
    "opsgauge.cli.changes": ("changes-before",),
    "opsgauge.cli.conformance": ("conformance",),
    "opsgauge.cli.calendars": ("calendars",),
    "opsgauge.cli.requests": ("requests",),
    "opsgauge.cli.service_levels": ("sla",),
    "opsgauge.cli.objectives": ("slo",),
    "opsgauge.cli.auditing": ("audit", "verify"),
    "opsgauge.cli.keeping": ("backup", "restore"),
    "opsgauge.cli.publishing": ("published", "recompute"),
    "opsgauge.cli.people": ("users", "tokens"),
    "opsgauge.cli.persons": ("persons",),
    "opsgauge.cli.targets": ("targets",),
    "opsgauge.cli.baselines": ("baseline",),
    "opsgauge.cli.signals": ("signals",),
    "opsgauge.cli.owners": ("owners",),
    "opsgauge.cli.exclusions": ("exclusions",),
    "opsgauge.cli.outages": ("outages",),
    "opsgauge.cli.tiers": ("tiers",),
    "opsgauge.cli.alerts": ("alerts",),
    "opsgauge.cli.watching": ("watch",),
    "opsgauge.cli.serving": ("serve", "demo"),
}


def make_program(verb: str = "") -> typer.Typer:
    """Return the program; knowing the verb, with its room alone, since the others take time."""
    program = typer.Typer(
        name="opsgauge",
        help="Says how well the work of an IT organisation runs, with numbers one can trust.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    program.callback(invoke_without_command=True)(_version)
    wanted = [room for room, verbs in ROOMS.items() if verb in verbs]
    if verb == "--version":  # for which no room is needed
        return program
    for room in wanted or ROOMS:
        import_module(room).add_to(program)
    return program


def _loaded(verb: str) -> typer.Typer:
    """Return the program without a look for garbage: modules make none, and stay to the end.

    To look through them again and again is a fifth of what a server takes to begin.
    """
    gc.disable()
    try:
        return make_program(verb)
    finally:
        gc.enable()


def _version(
    version: bool = typer.Option(False, "--version", help="Print the version and leave."),
) -> None:
    if version:
        sys.stdout.write(f"opsgauge {__version__}\n")
        raise typer.Exit


def main() -> None:
    """Run the program and exit with its code."""
    sys.exit(run(_program))


def _program() -> int:
    verb = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        done = _loaded(verb)(standalone_mode=False)
    except typer.TyperException as wrong:
        sys.stderr.write(f"opsgauge: {wrong.format_message()}\n")
        sys.stderr.write("          opsgauge --help, or opsgauge VERB --help\n")
        return Exit.MISUSE
    except typer.Exit as leaving:
        return leaving.exit_code
    except typer.Abort:
        return Exit.MISUSE
    return int(done) if isinstance(done, int) else Exit.OK
