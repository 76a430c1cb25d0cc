"""Whether the rates of the settings fit the records: teams that nothing would be priced of.

Floor 5. It says nothing of the data, so it counts for no score and makes no number suspect.
"""

from opsgauge.foundation.errors import did_you_mean
from opsgauge.foundation.money import Rates
from opsgauge.foundation.settings import SETTINGS_FILE
from opsgauge.log.checks.seen import EXAMPLES
from opsgauge.log.related import CONTACTS
from opsgauge.operations.checked import Check
from opsgauge.operations.context import Context

ID = "rates_fit"


def rates_fit(ctx: Context) -> tuple[Check, ...]:
    """Return a check of the teams in `[rates]`; none where they name no team.

    None too to whom some records are hidden: what is there cannot be told to them.
    """
    rates = ctx.workspace.settings.rates
    if rates is None or not rates.worked_by_team or ctx.sight.hides:
        return ()
    rows = ctx.tables.related[CONTACTS.name].select("team").distinct()
    known = {row["team"] for row in ctx.opened().engine.run(rows).to_pylist()} - {None}
    return (_check(rates, known),)


def _check(rates: Rates, known: set[str]) -> Check:
    strange = sorted(set(rates.worked_by_team) - known)
    # Names come from a file: whatever is in them must not act on a terminal.
    shown = tuple(repr(name) for name in strange[:EXAMPLES])
    words = f"Every team in [rates.worked_by_team] answers contacts: {len(known)} do."
    if strange:
        words = (
            f"{len(strange)} of {len(rates.worked_by_team)} teams in [rates.worked_by_team] answer "
            f"no contact, so their rate prices nothing."
        )
    nearest = did_you_mean(strange[0], known) if strange and known else ""
    return Check(
        id=ID,
        title="Rates name teams that there are",
        state="warn" if strange else "pass",
        critical=False,
        count=len(strange),
        share=len(strange) / len(rates.worked_by_team),
        examples=shown,
        affects=(),
        words=words,
        next_step=f"{nearest} Mend {SETTINGS_FILE}.".strip() if strange else "",
        weight=0,
    )
