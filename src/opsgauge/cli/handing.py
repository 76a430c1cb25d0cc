"""The verb about teams that hand tickets to one another: handoffs.

Floor 7.
"""

import typer

from opsgauge.cli.choosing import chosen_tickets
from opsgauge.cli.options import Format, From, KnownAt, To, Version, Where, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_table, say, told
from opsgauge.cli.waiting import SHOWN, beside, code, time
from opsgauge.foundation.csv_text import marked
from opsgauge.foundation.units import percent, whole
from opsgauge.operations.drawing.words import capfirst
from opsgauge.operations.handoffs import compared_words, gap_words, words_of_part
from opsgauge.operations.handoffs import handoffs as handoffs_of


def add_to(app: typer.Typer) -> None:
    """Add this verb to the program."""
    app.command("handoffs")(handoffs)


def handoffs(
    where: Where = None,
    from_: From = None,
    to: To = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Show what teams hand to one another, how long it lies, and what comes straight back.

    Exits 1 where the data is suspect.
    """
    ctx = context(workspace, data_version, known_at=known_at)
    answer = handoffs_of(ctx, chosen_tickets(where, from_, to))
    plain = answer.as_json()
    if not told(form, plain, marked(plain["rows"], answer.told.suspect)):
        say(f"{answer.sentence}.")
        rows = [
            [
                each.from_,
                each.to,
                whole(each.handoffs),
                percent(each.back / each.handoffs, 0),
                time(each.idle_mean),
                time(each.held_mean),
            ]
            for each in answer.flows[:SHOWN]
        ]
        heads = ["From", "To", "Handoffs", "Straight back", "Lay on average", "Held on average"]
        print_table(heads, rows, numbers=4)
        curve = [
            [
                f"{each.handoffs}{' or more' if each is answer.outcomes[-1] else ''}",
                whole(each.tickets),
                time(each.median),
                percent(each.kept / each.judged, 0) if each.judged else "",
                percent(each.reopened / each.known) if each.known else "",
            ]
            for each in answer.outcomes
        ]
        heads = ["Handoffs", "Resolved", "Half within", "Service level kept", "Reopened"]
        print_table(heads, curve, numbers=4)
        lacks = [
            [
                capfirst(words_of_part(each.name)),
                percent(each.handoffs / each.of, 0) if each.of else "",
                *(gap_words(each.idle, "hours")[2:] if each.idle else ("", "")),
                *(gap_words(each.back, "share")[2:] if each.back else ("", "")),
                compared_words(each),
            ]
            for each in answer.lacks
        ]
        heads = ["Part", "Went with", "Lay longer without it", "95 % interval"]
        heads += ["Straight back more often", "95 % interval", "Compared"]
        print_table(heads, lacks, numbers=6)
        if answer.lacking:
            none = ", ".join(words_of_part(each) for each in answer.lacking)
            say(f"Not told, since no handoff had it or nobody knows: {none}.")
        say(answer.noted)
        beside(answer.told, len(answer.flows))
    return code(answer.told)
