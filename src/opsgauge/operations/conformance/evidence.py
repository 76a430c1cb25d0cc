"""The evidence pack of rules: what an auditor needs to believe a number, or to disprove it.

Floor 5. A zip of plain files. For each rule its text and hash, the whole population with what
became of each ticket, a sample of it, what breaks it with its history, and what is excused; beside
them a manifest with the data version, the code and the hash of every file, and a summary to read.
The sample can be drawn again without us: it is the tickets whose SHA-256 of `seed|source|ticket`
come first.
"""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import ibis.expr.types as ir

from opsgauge.analysis.conformance.judging import BROKEN, BROKEN_OPEN, EXCEPTED, JUDGED
from opsgauge.foundation.code import code_version
from opsgauge.foundation.csv_text import line_text
from opsgauge.foundation.errors import QueryWrong, UnknownName
from opsgauge.foundation.units import whole
from opsgauge.governance import audit
from opsgauge.log.door import only
from opsgauge.metrics.policies.rule import Rule
from opsgauge.operations.answers import iso, published
from opsgauge.operations.conformance.answers import Conformance, RuleState
from opsgauge.operations.conformance.rules import (
    ACTION,
    EVERY_NUMBER,
    conformance,
    rows_of,
    rule_of,
    tables_for,
)
from opsgauge.operations.context import Context
from opsgauge.operations.exporting import note_export
from opsgauge.operations.find import chosen_words
from opsgauge.operations.flow import KEY, Selection
from opsgauge.operations.persons import shown_rows
from opsgauge.operations.ticket_story import aware
from opsgauge.operations.valued import refuse_few

SAMPLE = 25
MOST_SAMPLED = 10_000
MOST_LISTED = 500_000  # tickets of one rule
MOST_SEED = 2**63
PACK = "evidence.zip"
EPOCH_OF_ZIP = (1980, 1, 1, 0, 0, 0)  # equal packs are equal files
BREAK = (BROKEN, BROKEN_OPEN, EXCEPTED)
POPULATION = (*KEY, "outcome")
BREAKING = (
    *(*KEY, "practice", "priority", "opened_at", "outcome", "cause"),
    *("at", "step", "team", "actor", "owner"),
)
HISTORY = (
    *(*KEY, "seq", "since", "until", "original_status", "phase", "activity", "team"),
    *("priority", "assignee", "actor"),
)
EXCUSED = ("ticket", "source", "why", "by", "until", "excuses")


@dataclass(frozen=True)
class Wanted:
    """What is to be in the pack: which rules (none: all), how large a sample, from which seed."""

    rules: tuple[str, ...] = ()
    sample: int = SAMPLE
    seed: int = 1


@dataclass(frozen=True)
class Pack:
    """An evidence pack: its bytes, and what is in it."""

    content: bytes
    manifest: Mapping[str, Any]

    @property
    def hash(self) -> str:
        """SHA-256 of the whole file."""
        return sha256(self.content).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {**self.manifest, "sha256": self.hash, "bytes": len(self.content)}


def evidence_pack(ctx: Context, wanted: Wanted, chosen: Selection | None = None) -> Pack:
    """Return the evidence of rules, and leave a line in the audit that it was taken away.

    Needs `conformance:read` and `metric:read`.

    Raises
    ------
    UnknownName : there is no such rule, or none at all
    QueryWrong : its numbers are withheld, or it is of too many tickets
    """
    ctx.require(ACTION)
    ctx.require("metric:read")
    ctx = ctx.holding().leaving_out(EVERY_NUMBER)
    _check(wanted)
    told = conformance(ctx, chosen)
    states = _states(ctx, told, wanted)
    files: dict[str, str] = {}
    for state in states:
        files |= _of_rule(ctx, state, wanted, chosen)
    manifest = _manifest(ctx, told, states, wanted, chosen)
    files["README.md"] = _summary(manifest, states)
    manifest["files"] = {name: sha256(files[name].encode()).hexdigest() for name in sorted(files)}
    files["manifest.json"] = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    asked: dict[str, audit.Json] = {
        "rules": [each.rule.name for each in states],
        "seed": wanted.seed,
    }
    note_export(ctx, PACK, asked, sum(sum(each.counts.values()) for each in states))
    return Pack(_zipped(files), manifest)


def _check(wanted: Wanted) -> None:
    if not 1 <= wanted.sample <= MOST_SAMPLED:
        raise QueryWrong(
            f"A sample of {wanted.sample} tickets cannot be drawn.",
            hint=f"Ask for 1 to {MOST_SAMPLED:,}.",
        )
    if not 0 <= wanted.seed < MOST_SEED:
        raise QueryWrong("A seed is a whole number from 0.", hint="Such as 1.")


def _states(ctx: Context, told: Conformance, wanted: Wanted) -> tuple[RuleState, ...]:
    for name in wanted.rules:
        rule_of(ctx, name)
    states = tuple(s for s in told.states if not wanted.rules or s.rule.name in wanted.rules)
    if not states:
        raise UnknownName("No rule is written yet.", hint="See docs/guides/conformance.md.")
    for each in states:
        if each.why_not:
            raise QueryWrong(f"{each.rule.title}: {each.why_not}")
        if sum(each.counts.values()) > MOST_LISTED:
            raise QueryWrong(
                f"{each.rule.title}: the rule applies to more than {MOST_LISTED:,} tickets.",
                hint="Choose fewer days with --from and --to.",
            )
    return states


def _of_rule(
    ctx: Context, state: RuleState, wanted: Wanted, chosen: Selection | None
) -> dict[str, str]:
    """Return the files of one rule."""
    rule, folder = state.rule, state.rule.name
    tables = tables_for(ctx, rule, chosen)
    query = rows_of(ctx, rule, tables)
    rows = _read(ctx, query.order_by(*KEY))
    judged = [row for row in rows if row["outcome"] in JUDGED]
    breaking = [row for row in rows if row["outcome"] in BREAK]
    refuse_few(ctx, len(breaking))
    sampled = sample_of(judged, wanted.seed, wanted.sample)
    shown = shown_rows(ctx, breaking, f"evidence of rule {rule.name}")
    history = _read(ctx, _history(tables.history, query).order_by(*KEY, "seq"))
    if len(history) > MOST_LISTED:
        raise QueryWrong(
            f"{rule.title}: what breaks it has more than {MOST_LISTED:,} rows of history.",
            hint="Choose fewer days with --from and --to.",
        )
    past = shown_rows(ctx, history, f"evidence of rule {rule.name}")
    files = {
        "population.csv": _csv(POPULATION, rows),
        "sample.csv": _csv((*POPULATION, "cause", "at", "team"), sampled),
        "violations.csv": _csv(BREAKING, [{**row, "owner": rule.owner} for row in shown]),
        "history.csv": _csv(HISTORY, past),
        "exceptions.csv": _csv(EXCUSED, _exceptions(ctx, rule, breaking)),
        "rule.json": json.dumps(
            {**state.as_json(), "hash": rule.hash}, indent=2, ensure_ascii=False
        )
        + "\n",
    }
    if not ctx.sight.hides:  # what it excuses may name tickets that are not seen
        files["rule.yaml"] = rule.paragraph
    return {f"{folder}/{name}": text for name, text in files.items()}


def _read(ctx: Context, query: ir.Table) -> list[dict[str, Any]]:
    return [aware(row) for row in ctx.opened().engine.read(query).to_pylist()]


def _history(history: ir.Table, outcomes: ir.Table) -> ir.Table:
    """Return every row of the history of the tickets that break a rule; one more than may be."""
    breaking = outcomes.filter(outcomes.outcome.isin(BREAK))
    return only(history, breaking, KEY).select(*HISTORY).limit(MOST_LISTED + 1)


def sample_of(rows: Sequence[Mapping[str, Any]], seed: int, size: int) -> list[Mapping[str, Any]]:
    """Return a sample that anybody can draw again: the first by a hash of seed and ticket.

    Examples
    --------
    >>> rows = [{"source": "desk", "ticket_id": str(n)} for n in range(100)]
    >>> [row["ticket_id"] for row in sample_of(rows, 1, 3)] == [
    ...     row["ticket_id"] for row in sample_of(rows[::-1], 1, 3)
    ... ]
    True
    """

    def place(row: Mapping[str, Any]) -> str:
        return sha256(f"{seed}|{row['source']}|{row['ticket_id']}".encode()).hexdigest()

    return sorted(rows, key=place)[:size]


def _exceptions(
    ctx: Context, rule: Rule, breaking: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return what is excused; to whom not all is shown, only of tickets that they see."""
    excused = {(r["source"], r["ticket_id"]) for r in breaking if r["outcome"] == EXCEPTED}
    numbers = {number for _, number in excused}
    told = []
    for each in rule.exceptions:
        met = (each.source, each.ticket) in excused if each.source else each.ticket in numbers
        if met or not ctx.sight.hides:
            told.append({**vars(each), "excuses": "yes" if met else "no"})
    return told


def _csv(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    return line_text([names, *([published(row.get(name)) for name in names] for row in rows)])


def _manifest(
    ctx: Context,
    told: Conformance,
    states: Sequence[RuleState],
    wanted: Wanted,
    chosen: Selection | None,
) -> dict[str, Any]:
    return {
        "made_at": iso(ctx.clock()),
        "made_by": ctx.actor.name,
        "code": code_version(),
        "data_version": told.provenance.data_version,
        "data_as_of": iso(told.provenance.data_as_of),
        "loaded_at": iso(told.provenance.loaded_at),
        "zone": told.provenance.zone,
        "tickets": f"all that are seen{chosen_words(chosen)}",
        "excluded": [each.number for each in ctx.exclusions if each.is_of(EVERY_NUMBER)],
        "suspect": list(told.suspect),
        "sample": wanted.sample,
        "seed": wanted.seed,
        "drawn": "the judged tickets whose SHA-256 of 'seed|source|ticket_id' come first",
        "rules": {each.rule.name: each.rule.hash for each in states},
    }


def _summary(manifest: Mapping[str, Any], states: Sequence[RuleState]) -> str:
    lines = [
        "# Evidence of rules",
        "",
        f"Made {manifest['made_at']} by {manifest['made_by']} from data version "
        f"{manifest['data_version']} (records to {manifest['data_as_of']}), by code "
        f"{manifest['code']}. Tickets: {manifest['tickets']}. Times are UTC.",
        "",
    ]
    if manifest["suspect"]:
        lines += [f"Checks of the data that fail: {', '.join(manifest['suspect'])}.", ""]
    for state in states:
        rule = state.rule
        lines += [
            f"## {rule.title}",
            "",
            f"Rule `{rule.name}`, owner {rule.owner or 'not named'}: {rule.check.sentence()}.",
            "",
            f"{state.sentence()} {whole(state.of('kept'))} keep it, {whole(state.of('pending'))} "
            f"are not decided yet, {whole(state.of('unknown'))} cannot be judged.",
            "",
        ]
        lines += [f"* {each.words}: {whole(each.n)} ({each.outcome})" for each in state.causes]
        lines += [""] if state.causes else []
    lines += [
        "## What is in this pack",
        "",
        "For each rule: `rule.yaml` as it is written and `rule.json` with its hash and its numbers;"
        " `population.csv`, every ticket it applies to with what became of it; `sample.csv`, "
        f"{manifest['sample']} of the judged ones by seed {manifest['seed']}: {manifest['drawn']}; "
        "`violations.csv`, the tickets that break it; `history.csv`, every row of their history; "
        "`exceptions.csv`. `manifest.json` holds the SHA-256 of each file.",
        "",
    ]
    return "\n".join(lines)


def _zipped(files: Mapping[str, str]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as pack:
        for name in sorted(files):
            about = zipfile.ZipInfo(name, EPOCH_OF_ZIP)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o644 << 16
            pack.writestr(about, files[name])
    return held.getvalue()
