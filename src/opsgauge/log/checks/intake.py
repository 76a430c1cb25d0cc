"""Checks on what came in: words without a mapping, refused and repeated records.

Floor 2.
"""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from opsgauge.foundation.errors import MappingWrong
from opsgauge.foundation.units import whole
from opsgauge.log.checks.records import Receipt, Records
from opsgauge.log.checks.seen import ALL, EXAMPLES, Seen, Subject, Told, seen
from opsgauge.log.checks.update_rules import BY_PHASE
from opsgauge.log.mapping import Mapping, parse_mapping
from opsgauge.log.mapping_fields import FLAGS

STATE = "original_status"
UNMAPPED = Subject("unmapped_words", "Every word is mapped", (*BY_PHASE, *FLAGS))
REJECTED = Subject("rejected_records", "Every record is usable", ALL)
REPEATED = Subject("repeated_records", "Records come once", (), worst="note")


def unmapped_words(records: Records) -> Seen:
    """Count the words that the mappings in force do not know."""
    words: Counter[str] = Counter()
    for receipt in in_force(records.receipts):
        for name, counts in receipt.unmapped.items():
            for word, times in counts.items():
                words[f"{name} {word!r}"] += times
    fields = {name for receipt in in_force(records.receipts) for name in receipt.unmapped}
    touched = [*(BY_PHASE if STATE in fields else ()), *(n for n in FLAGS if n in fields)]
    count = words.total()
    told = Told(
        count,
        _different(records),
        f"{whole(count)} records carry a word that the mapping does not know; it was kept, not "
        "guessed.",
        "Add the words to the mapping and import again.",
        tuple(f"{word}: {times}" for word, times in words.most_common(EXAMPLES)),
        columns=tuple(touched),
    )
    return seen(UNMAPPED, told)


def in_force(receipts: Sequence[Receipt]) -> list[Receipt]:
    """Return the receipts of each source since it was last built with the mapping of today.

    A mapping that means something else builds everything again, and its first receipt then says
    what all records of the source lack; what older ones said is mended or said there again.
    """
    by_source: dict[str, list[Receipt]] = {}
    for receipt in sorted(receipts, key=lambda each: each.received_at):
        by_source.setdefault(receipt.source, []).append(receipt)
    kept: list[Receipt] = []
    for own in by_source.values():
        newest = _meaning(own[-1].mapping)
        others = [n for n, each in enumerate(own) if _meaning(each.mapping) != newest]
        kept += own[others[-1] + 1 :] if others else own
    return kept


@lru_cache(maxsize=64)
def _meaning(text: str) -> Mapping | None:
    """Return what a mapping's text says; None where it was written for a format of before."""
    try:
        return parse_mapping(text, "a receipt")
    except MappingWrong:
        return None


def rejected_records(records: Records) -> Seen:
    """Count the records that could not be used."""
    count, of = records.refused.count, _different(records)
    told = Told(
        count,
        of,
        f"{whole(count)} of {whole(of)} records could not be used and stand in 'rejected'.",
        "Mend them at the source, or the mapping, and import again.",
        records.refused.examples[:EXAMPLES],
    )
    return seen(REJECTED, told)


def repeated_records(records: Records) -> Seen:
    """Count the records that came more than once; they were left out."""
    count, of = sum(receipt.duplicate for receipt in records.receipts), _read(records)
    words = f"{whole(count)} of {whole(of)} records had come before and were left out."
    return seen(REPEATED, Told(count, of, words, ""))


def _read(records: Records) -> int:
    return sum(receipt.read for receipt in records.receipts)


def _different(records: Records) -> int:
    """Count the records that came, each once, however often its file was imported."""
    return sum(receipt.read - receipt.duplicate for receipt in records.receipts)
