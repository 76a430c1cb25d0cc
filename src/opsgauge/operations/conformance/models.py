"""The process as it is beside the process as written: fitness, precision, departures, habits.

Floor 5. The model is a BPMN file of the workspace's `models/`, or, where none is named, the most
frequent paths. Only ended tickets are replayed: an open one is not wrong for not being over.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from math import isfinite
from pathlib import Path as File
from typing import Any

import ibis.expr.types as ir

from opsgauge.analysis.conformance.bpmn import LARGEST, Net, read_bpmn
from opsgauge.analysis.conformance.habits import Ends, end_rows, ends_of, habits
from opsgauge.analysis.conformance.replay import (
    Deviation,
    Path,
    Player,
    Replayed,
    Tokens,
    merged,
    precision,
    reference,
)
from opsgauge.analysis.mining import steps as steps_by
from opsgauge.analysis.mining.variants import path_rows, paths, variant_rows, variant_totals
from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import (
    ModelWrong,
    QueryWrong,
    UnknownColumn,
    UnknownName,
    did_you_mean,
)
from opsgauge.foundation.units import percent, whole
from opsgauge.log.door import LogTables
from opsgauge.log.vocabulary import PRACTICES
from opsgauge.metrics.policies.reading import STEPS
from opsgauge.operations.answers import TicketList
from opsgauge.operations.conformance.model_answers import (
    MINED,
    Departure,
    ModelFit,
    Modelled,
    StepBeside,
)
from opsgauge.operations.conformance.rules import ACTION, EVERY_NUMBER, steps_there
from opsgauge.operations.context import Context
from opsgauge.operations.flow import KEY, Selection, chosen_tables
from opsgauge.operations.gate import let_through
from opsgauge.operations.lists import FIRST_PAGE, About, Page, list_rows
from opsgauge.operations.meant import not_there_words
from opsgauge.operations.valued import refuse_few

FOLDER, SUFFIXES = "models", (".bpmn", ".xml")
MOST_PATHS = 2_000  # the most frequent; the rest is told to be left out
BEST_FIRST = ("original_status", "phase", "activity")  # where tasks are as many of each
FIT, DEPARTS = "fits", "departs"
NEWEST_FIRST = "-last_update_at"


def models(ctx: Context) -> dict[str, File]:
    """Return the model files of the workspace by name."""
    folder = ctx.workspace.path / FOLDER
    files = sorted(each for each in folder.glob("*") if each.suffix.lower() in SUFFIXES)
    return {each.stem: each for each in files}


def model_fit(ctx: Context, asked: Modelled, chosen: Selection | None = None) -> ModelFit:
    """Return how the ended tickets chosen fit a model; needs `conformance:read`.

    A model whose name begins with a practice, such as `change` or `change-normal`, is of that
    practice's tickets.

    Raises
    ------
    UnknownName : there is no such model
    ModelWrong : it cannot be read
    UnknownColumn, QueryWrong : there are no such steps, no such share, or too few tickets to tell
    """
    ctx.require(ACTION)
    ctx = ctx.holding().leaving_out(EVERY_NUMBER)
    if asked.steps and asked.steps not in STEPS:
        raise UnknownColumn(
            f"Models have no steps by {asked.steps!r}.", hint=did_you_mean(asked.steps, STEPS)
        )
    if not isfinite(asked.share) or not 0 < asked.share <= 1:
        raise QueryWrong("A share of the tickets lies above 0 and up to 1.", hint="Such as 0.8.")
    content = _content(ctx, asked.model)
    key = ("model fit", ctx.scope, asked, sha256(content).hexdigest(), chosen)
    return ctx.opened().once(key, lambda: _fit(ctx, asked, content, chosen))


def _content(ctx: Context, name: str) -> bytes:
    if name == MINED:
        return b""
    found = models(ctx)
    if name not in found:
        raise UnknownName(
            f"There is no model {name!r}.",
            hint=did_you_mean(name, found) or f"Put a BPMN file into {FOLDER}/ of the workspace.",
        )
    file = found[name]
    try:
        if file.stat().st_size > LARGEST:
            raise ModelWrong(f"{FOLDER}/{file.name} is too large for a model.")
        return file.read_bytes()
    except OSError as fault:
        raise ModelWrong(f"{FOLDER}/{file.name} cannot be read: {fault.strerror}") from fault


def _chosen(asked: Modelled, chosen: Selection | None) -> Selection:
    chosen = chosen or Selection()
    practice = asked.model.partition("-")[0]
    named = any(each.column == "practice" for each in chosen.where)
    if practice not in PRACTICES or named:
        return chosen
    return replace(chosen, where=(*chosen.where, Condition("practice", (practice,))))


def _fit(ctx: Context, asked: Modelled, content: bytes, chosen: Selection | None) -> ModelFit:
    where = f"{FOLDER}/{asked.model}"
    net = read_bpmn(content, where) if asked.model else None
    asked = replace(asked, steps=asked.steps or _best_steps(ctx, net))
    chosen = _chosen(asked, chosen)
    tables = _ended(chosen_tables(ctx, chosen))
    walked = _walked(ctx, tables, asked.steps)
    counts: dict[Path, int] = {}
    for path, n in walked.values():
        counts[path] = counts.get(path, 0) + n
    net = net or reference(counts or {(): 1}, asked.share)
    player = Player(net)
    replayed = {path: player.replay(path) for path in counts}
    return _answer(
        ctx, asked, chosen, tables, _Played(net, player, walked, counts, replayed), content
    )


@dataclass(frozen=True)
class _Played:
    """All that was replayed: by hash of path, the path and its tickets; by path, what became."""

    net: Net
    player: Player
    walked: Mapping[str, tuple[Path, int]]
    counts: Mapping[Path, int]
    replayed: Mapping[Path, Replayed]

    def hashes(self) -> dict[Deviation | str, tuple[str, ...]]:
        """Return the hashes of the paths behind each number."""
        found: dict[Deviation | str, list[str]] = {FIT: [], DEPARTS: []}
        for each, (path, _) in self.walked.items():
            became = self.replayed[path]
            found[FIT if became.fits else DEPARTS].append(each)
            for deviation in became.deviations:
                found.setdefault(deviation, []).append(each)
        return {name: tuple(each) for name, each in found.items()}

    def of(self, hashes: tuple[str, ...]) -> int:
        """Return how many tickets took these paths."""
        return sum(self.walked[each][1] for each in hashes)

    def tokens(self) -> Tokens:
        """Return what all replays counted."""
        each = (self.replayed[path].tokens.times(n) for path, n in self.counts.items())
        return sum(each, Tokens())


def _answer(
    ctx: Context,
    asked: Modelled,
    chosen: Selection,
    tables: LogTables,
    played: _Played,
    content: bytes,
) -> ModelFit:
    engine, n = ctx.opened().engine, sum(played.counts.values())
    refuse_few(ctx, n)
    total = engine.run(variant_totals(tables.tickets, asked.steps)).to_pylist()[0]["tickets"]
    hashes = played.hashes()
    found = {key: each for key, each in hashes.items() if isinstance(key, Deviation)}
    departures = [Departure(each, played.of(those)) for each, those in found.items()]
    departures.sort(key=lambda each: (-each.n, each.deviation.step, each.deviation.how))
    ends = {row["variant"]: ends_of(row) for row in _ends(ctx, tables, asked.steps)}
    left = total - n
    notes = not_there_words(ctx, chosen.where)
    if left:
        notes += (f"{whole(left)} tickets took rarer paths than are replayed.",)
    usual = f"the most frequent paths (of {percent(asked.share, 0)} of the tickets)"
    shown = f"“{asked.model}”" if asked.model else usual
    beside = _beside(played)
    return ModelFit(
        asked=asked,
        title=shown,
        hash=sha256(content).hexdigest() if content else "",
        ended=total,
        n=n,
        fitting=played.of(hashes[FIT]),
        tokens=played.tokens(),
        precision=precision(played.player, played.counts),
        departures=tuple(departures),
        beside=beside,
        habits=habits(
            found,
            {each: ends.get(each, Ends()) for each in played.walked},
            written=asked.model != MINED,
        ),
        provenance=ctx.provenance(),
        near=_near(beside),
        hashes=hashes,
        suspect=let_through(ctx, (asked.steps, "opened_at")),
        notes=notes,
    )


def _ends(ctx: Context, tables: LogTables, steps: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (
        ctx.opened().engine.run(end_rows(tables.tickets, steps)).to_pylist()
    )
    return rows


def _best_steps(ctx: Context, net: Net | None) -> str:
    """Return the steps that most of the model's tasks are; the tool's states without a model."""
    if net is None:
        return "original_status"
    tasks = set(net.tasks)
    return max(BEST_FIRST, key=lambda steps: len(tasks & steps_there(ctx, steps)))


def _ended(tables: LogTables) -> LogTables:
    tickets = tables.tickets
    return replace(tables, tickets=tickets.filter(~tickets.open.fill_null(True)))


def _walked(ctx: Context, tables: LogTables, steps: str) -> dict[str, tuple[Path, int]]:
    """Return the most frequent paths by their hash, each with how many tickets took it."""
    engine = ctx.opened().engine
    first = variant_rows(tables.tickets, steps).limit(MOST_PATHS)
    taken = paths(engine.run(path_rows(tables.history, first, steps)))
    return {
        row["variant"]: (
            _as_taken(taken[row["source"], row["ticket_id"]], steps),
            row["count"],
        )
        for row in engine.run(first).to_pylist()
    }


def _as_taken(path: tuple[str | None, ...], steps: str) -> Path:
    """Return a path as a model sees it: a state that lasts is one step, an activity each time."""
    return tuple(each for each in path if each) if steps == "activity" else merged(path)


def _beside(played: _Played) -> tuple[StepBeside, ...]:
    came: dict[str, int] = {}
    for path, n in played.counts.items():
        for step in set(path):
            came[step] = came.get(step, 0) + n
    written = dict.fromkeys(played.net.tasks, True)
    rest = sorted(set(came) - set(written), key=lambda each: (-came[each], each))
    return tuple(StepBeside(step, step in written, came.get(step, 0)) for step in (*written, *rest))


def _near(beside: tuple[StepBeside, ...]) -> dict[str, str]:
    there = [each.step for each in beside if not each.written]
    found = {
        each.step: did_you_mean(each.step, there)
        for each in beside
        if each.written and not each.tickets
    }
    return {step: near for step, near in found.items() if near.startswith("Did you mean")}


@dataclass(frozen=True)
class ModelBehind:
    """Which number's tickets: those that fit or depart, or one departure, by step and how."""

    of: str = DEPARTS
    step: str = ""
    how: str = ""


def model_tickets(
    ctx: Context,
    asked: Modelled,
    behind: ModelBehind,
    chosen: Selection | None = None,
    page: Page = FIRST_PAGE,
) -> TicketList:
    """Return the tickets behind a number about a model, the newest first.

    Needs `conformance:read` and `metric:read`.

    Raises
    ------
    QueryWrong : there is no such number
    """
    ctx.require("metric:read")
    ctx = ctx.holding().leaving_out(EVERY_NUMBER)
    told = model_fit(ctx, asked, chosen)
    key: Deviation | str = Deviation(behind.step, behind.how) if behind.step else behind.of
    if key not in told.hashes:
        raise QueryWrong(
            f"No ticket departs so: {behind.step} {behind.how}."
            if behind.step
            else f"Tickets are not {behind.of!r} to a model.",
            hint="See opsgauge conformance model.",
        )
    what = f"{behind.step} is {behind.how}" if behind.step else f"the ticket {behind.of}"
    about = About(
        f"{told.title}: tickets of which {what}", (told.asked.steps, "opened_at"), told.notes
    )
    return list_rows(
        ctx,
        ("model tickets", asked, told.hash, behind, chosen),
        partial(_listed, ctx, told.asked, chosen, told.hashes[key]),
        replace(page, sort=page.sort or NEWEST_FIRST),
        about,
    )


def _listed(
    ctx: Context, asked: Modelled, chosen: Selection | None, hashes: tuple[str, ...]
) -> ir.Table:
    tickets = _ended(chosen_tables(ctx, _chosen(asked, chosen))).tickets
    rows = tickets.filter(steps_by.variant_hash(tickets, asked.steps).isin(hashes))
    names = ("practice", "priority", "team", "original_status", "opened_at", "last_update_at")
    return rows.select(*KEY, *names)
