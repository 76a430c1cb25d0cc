"""Verbs about numbers that were published: published, recompute.

Floor 7.
"""

from typing import Annotated

import typer

from opsgauge.cli.exits import Exit
from opsgauge.cli.moments import with_zone
from opsgauge.cli.options import Format, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_table, say, told
from opsgauge.foundation.units import amount, whole
from opsgauge.operations.publishing import published_numbers
from opsgauge.operations.recomputing import Compared
from opsgauge.operations.recomputing import recompute as compute_again

Ref = Annotated[str, typer.Argument(help="What the number was published as, such as N-17.")]


def add_to(app: typer.Typer) -> None:
    """Add these verbs to the program."""
    app.command("published")(published)
    app.command("recompute")(recompute)


def published(workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> None:
    """List the numbers that were published, the newest first."""
    plain = [each.as_json() for each in published_numbers(context(workspace))]
    flat = [
        {
            **{name: each[name] for name in ("ref", "at", "by", "place")},
            "metric": each["question"]["metric"],
            **{name: each[name] for name in ("data_version", "definition", "code")},
        }
        for each in plain
    ]
    if told(form, {"published": plain}, flat):
        return
    rows = [[str(value) for value in each.values()] for each in flat]
    print_table(["Ref", "When", "By", "Where", "Metric", "Version", "Definition", "Code"], rows)
    if not rows:
        say("No number was published yet: opsgauge measure METRIC --publish.")


def recompute(ref: Ref, workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> int:
    """Compute a published number again. Exits 1 where its data version gives another value now.

    What differs is explained: by the data, the definition, or the code; beside it stands what the
    newest data gives.
    """
    ctx = context(workspace)
    answer = compute_again(ctx, ref)
    plain = answer.as_json()
    lines = [
        {"of": of, "data_version": plain[of]["data_version"], **each}
        for of in ("named", "newest")
        for each in plain[of]["differences"]
    ]
    if not told(form, plain, lines):
        number = answer.publication.number
        kept = number.kept
        say(
            f"{number.ref}, published {with_zone(number.at, ctx)} by {number.actor} ({kept.place})."
        )
        say(str(kept.answer["sentence"]))
        _tell(answer.named, "which it names", str(kept.answer["unit"]))
        if answer.newest.data_version != answer.named.data_version or answer.named.same:
            _tell(answer.newest, "the newest", str(kept.answer["unit"]))
    return Exit.OK if answer.named.same else Exit.SIGNAL


def _tell(compared: Compared, which: str, unit: str) -> None:
    version = f"Data version {compared.data_version}, {which},"
    if compared.same:
        say(f"{version} gives the same values.")
        return
    if compared.answered:
        count = len(compared.differences)
        say(f"{version} gives {whole(count)} other {'value' if count == 1 else 'values'}.")
    else:
        say(f"{version} gives no answer.")
    for reason in compared.reasons:
        say(f"By the {reason.cause.value}: {reason.words}")
    rows = [
        [
            each.period,
            ", ".join(value or "(none)" for value in each.by.values()),
            amount(each.was, unit),
            amount(each.is_, unit),
            str(each.n_was if each.n_was is not None else ""),
            str(each.n_is if each.n_is is not None else ""),
        ]
        for each in compared.differences
    ]
    if rows:
        print_table(["Period", "Of", "Was", "Is", "n was", "n is"], rows, numbers=4)
