"""Verbs that open pages: serve, demo.

Floor 7.
"""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from opsgauge.cli.options import WorkspaceDir, context
from opsgauge.cli.printing import progress, say
from opsgauge.foundation.clock import system_clock
from opsgauge.foundation.units import whole
from opsgauge.operations.demo import TRUTHS, demo, is_made
from opsgauge.operations.opened import Readers
from opsgauge.web.serving import PORT
from opsgauge.web.serving import serve as serve_pages

Host = Annotated[
    str,
    typer.Option(help="Where to listen; beyond this machine everybody signs in, such as 0.0.0.0."),
]
People = Annotated[bool, typer.Option("--people", help="Everybody signs in, on this machine too.")]
Port = Annotated[int, typer.Option(help="Where to listen.", min=1, max=65535)]


def add_to(app: typer.Typer) -> None:
    """Add these verbs to the program."""
    app.command("serve")(serve)
    app.command("demo")(demo_desk)


def serve(
    workspace: WorkspaceDir = None,
    host: Host = "127.0.0.1",
    port: Port = PORT,
    people: People = False,
) -> None:
    """Serve the pages and the API: on this machine without sign-in, until there is a user.

    With --people, or for an address beyond this machine, the first administrator is made by a link
    that is printed once.
    """
    ctx = replace(context(workspace), readers=Readers(in_memory=True, remember=True))
    serve_pages(ctx, host, port, _ready, people)


def _ready(address: str, link: str) -> None:
    say(f"Opsgauge is at {address} (Ctrl+C ends it).")
    if link:
        say(f"Nobody can sign in yet. Make the first administrator at\n{link}")
    if not address.startswith(("https://", "http://127.", "http://localhost", "http://[::1]")):
        say("Passwords go over the network in clear: put a proxy with TLS before it, see base_url.")


def demo_desk(
    workspace: Annotated[
        Path, typer.Option("--workspace", help="Where to put the demo's workspace.")
    ] = Path("demo"),
    tickets: Annotated[int, typer.Option(help="How many tickets to invent.", min=100)] = 60_000,
    seed: Annotated[int, typer.Option(help="Another number, another desk.")] = 1,
    plant: Annotated[
        list[str] | None,
        typer.Option(
            "--plant", help=f"Truths to plant: {', '.join(TRUTHS)}, or none. Default: all."
        ),
    ] = None,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Do not open the pages.")] = False,
    port: Port = PORT,
) -> None:
    """Invent an IT organisation, import its records, and serve its pages."""
    planted = tuple(TRUTHS) if plant is None else tuple(name for name in plant if name != "none")
    if not is_made(workspace):
        say(
            "An IT organisation is invented and its records are imported; it takes a minute or two."
        )
    with progress() as show:
        made = demo(workspace, system_clock, tickets, seed, planted, show)
    said = f"{whole(made.tickets_touched)} invented tickets are in {workspace}."
    say(made.notes[0] if made.notes else said)
    if not no_serve:
        serve(workspace, "127.0.0.1", port)
