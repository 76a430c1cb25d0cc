"""What of the records of people becomes rows of `record_facts`, and is laid over the tickets.

Floor 5. Called under the import lock, by an import and by `publish_records`. No person is named.
"""

from collections.abc import Iterator
from collections.abc import Mapping as Dict
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from opsgauge.foundation.agreed import Target
from opsgauge.governance import exclusions, outages, owners, targets, tiers
from opsgauge.governance.database import Database
from opsgauge.governance.moments import moment_of
from opsgauge.governance.outages import Outage
from opsgauge.log.decided import TIER
from opsgauge.log.decided_building import lay_over, replace_facts
from opsgauge.log.related import RECORD_FACTS, SERVICES
from opsgauge.log.tables import OF_OUTAGES, TICKETS
from opsgauge.operations.context import Context

OF_NO_SOURCE = "records"  # the source of facts that are about no ticket
Fact = dict[str, Any]


def facts_of(database: Database) -> pa.Table:
    """Return every fact, also those that stand no more, in the order of the table's key."""
    made = [*_of_outages(database), *_of_tiers(database), *_of_targets(database)]
    made += [*_of_owners(database), *_of_exclusions(database)]
    rows = sorted(made, key=lambda fact: (fact["source"], fact["fact_id"]))
    return pa.Table.from_pylist(rows, schema=RECORD_FACTS.arrow_schema())


def write_decided(
    ctx: Context, connection: duckdb.DuckDBPyConnection, stored: Dict[str, int]
) -> bool:
    """Write the facts, and the tickets that they change; say whether anything was written.

    Parameters
    ----------
    stored : Delta version of each table in the committed data version
    """
    warehouse, facts = ctx.warehouse, facts_of(ctx.database)
    wrote = False
    if facts.num_rows or RECORD_FACTS.name in stored:
        wrote = replace_facts(connection, warehouse, stored, facts)
    read = (RECORD_FACTS.name, TICKETS.name, SERVICES.name)
    now = {name: warehouse.head(name) for name in read if warehouse.exists(name)}
    return lay_over(connection, warehouse, now) or wrote


def _fact(fact_id: str, kind: str, subject: str, at: datetime, **more: Any) -> Fact:
    usual = {"source": OF_NO_SOURCE, "decided_at": at}
    names = {"fact_id": fact_id, "kind": kind, "subject": subject, "at": at}
    return {**usual, **names, **more}


def _of_outages(database: Database) -> Iterator[Fact]:
    for each in outages.outages(database, ended=True):
        for kind, moment in zip(OF_OUTAGES, _moments(each), strict=True):
            if moment is not None:
                yield _fact(
                    f"outage {each.number} {kind}",
                    kind,
                    f"{each.source}:{each.ticket_id}",
                    moment,
                    source=each.source,
                    ticket_id=each.ticket_id,
                    decided_at=moment_of(each.made_at),
                    stands=each.ended_at is None,
                )


def _moments(outage: Outage) -> tuple[datetime | None, datetime | None]:
    return outage.started_at, outage.detected_at


def _of_tiers(database: Database) -> Iterator[Fact]:
    for each in tiers.tiers(database, ended=True):
        yield _fact(
            f"{TIER} {each.number}",
            TIER,
            f"service {each.service}",
            moment_of(each.made_at),
            service=each.service,
            number=float(each.tier),
            stands=each.ended_at is None,
        )


def _of_targets(database: Database) -> Iterator[Fact]:
    for each in targets.targets(database, ended=True):
        yield _of_target(each, "target_set", each.made_at)
        if each.ended_at is not None:
            yield _of_target(each, "target_ended", each.ended_at)


def _of_target(target: Target, kind: str, at: str) -> Fact:
    return _fact(
        f"target {target.number} {kind}",
        kind,
        f"metric {target.metric}",
        moment_of(at),
        number=target.goal,
        stands=target.ended_at is None,
    )


def _of_owners(database: Database) -> Iterator[Fact]:
    for each in owners.owners(database, ended=True):
        if each.part == owners.OWNER:
            yield _fact(
                f"owner {each.number}",
                "owner_set",
                owners.subject_of(each),
                moment_of(each.made_at),
                service=each.subject if each.kind == "service" else None,
                stands=each.ended_at is None,
            )


def _of_exclusions(database: Database) -> Iterator[Fact]:
    for each in exclusions.register(database):
        if each.approved_at is not None:
            yield _fact(
                exclusions.subject(each),
                "exclusion_in_force",
                f"metric {each.wanted.metric}" if each.wanted.metric else "every metric",
                moment_of(each.approved_at),
                stands=each.ended_at is None,
            )
