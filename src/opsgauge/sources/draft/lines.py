"""What was decided, as the lines of a draft, each with its reason.

Floor 3. Values of columns that name people never stand in a draft: it is a file like any other.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from opsgauge.foundation.units import whole
from opsgauge.log.mapping_fields import FIELDS, FLAGS, MOMENTS, PERSONS
from opsgauge.sources.draft import practices, ties
from opsgauge.sources.draft.decided import Decided
from opsgauge.sources.draft.fields import Filled
from opsgauge.sources.draft.kinds import Kind, Seen
from opsgauge.sources.draft.names import folded
from opsgauge.sources.draft.outline import Line, Value
from opsgauge.sources.draft.writing import shown
from opsgauge.sources.draft.yes_no import NAMED_FOR_THE_MISS, NO, YES, poles, turned

SHOWN = 2  # values in a reason
USUAL = {"true", "yes", "1", "y", "false", "no", "0", "n"}  # what a flag means without being told
OPPOSITES = {"yes": "no", "no": "yes", "true": "false", "false": "true", "1": "0", "0": "1"}
SAYS_WHICH = re.compile(
    r"\bmet\b|made|within|in ?time|on ?time|kept|eingehalten|fristgerecht|respect|cumpl|tijdig|"
    r"achiev|" + NAMED_FOR_THE_MISS.pattern
)
NOBODY = {
    *("unassigned", "nobody", "none", "unallocated", "niemand", "keiner", "nicht zugewiesen"),
    *("niet toegewezen", "non attribue", "non assigne", "sin asignar", "no agent", "no group"),
    *("not assigned", "no team", "no assignee", "n a", "personne", "nadie"),
}


def one_practice(of: Decided, file: str) -> Line:
    """Return the line of the practice where no column says it."""
    by_number = practices.by_number(of.found.ticket_id.words)
    if by_number:
        mark, practice = by_number
        return Line("practice", practice, f"the numbers begin with {mark}")
    named = practices.by_file(file) if of.found.shape != "changes" else None
    if named:
        return Line("practice", named, "from the file's name; no column says it")
    return Line("practice", "incident", "no column says it, so it is taken for all: CHECK THIS")


def practice_lines(of: Decided) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Return the lines of the column that names practices, and one for each of its words.

    A record without a known word would be refused, so blanks are given one.
    """
    if of.practice is None:
        return (), ()
    words = of.sheet.words_everywhere(of.practice.column)
    missing = set(of.practice.missing)
    types, named = [], {}
    for word, count in words.items():
        if word in missing:
            continue
        practice = practices.practice_of(word)
        if practice:
            named[word] = practice
            types.append(Line(word, practice, f"{whole(count)} times"))
        else:
            why = f"{whole(count)} times, REFUSED until you say what it is"
            types.append(Line(word, "incident", why, off=True))
    top = [Line("column", of.practice.name, "by its words, which name practices")]
    blank = _blank_rows(of, words)
    if blank:
        usual = next((w for w, p in named.items() if p == "incident"), "") or "Incident"
        if usual not in named:
            types.append(Line(usual, "incident", "what rows without a word are taken as"))
        why = f"{whole(blank)} rows say nothing; without this line they are refused: CHECK THIS"
        top.append(Line("blank", usual, why))
    return tuple(top), tuple(types)


def _blank_rows(of: Decided, words: Mapping[str, int]) -> int:
    assert of.practice is not None  # noqa: S101 - the caller looked
    column = of.practice.column
    return column.rows - column.filled + sum(words.get(word, 0) for word in of.practice.missing)


def field_lines(of: Decided) -> list[Line]:
    """Return a line for each field that is filled, and for each that could be."""
    made = [_field_line(pair) for pair in _in_order(of.filled.filled.values())]
    return made + [_field_line(pair, off=True) for pair in _in_order(of.filled.proposed)]


def _in_order(pairs: Iterable[Filled]) -> list[Filled]:
    """Return moments first, then words, persons, yes and no, numbers, as the guide lists them."""
    return sorted(pairs, key=lambda pair: FIELDS.index(pair.field))


def _field_line(pair: Filled, off: bool = False) -> Line:
    seen = pair.seen
    if seen.empty:
        return Line(
            pair.field, seen.name, "by its name; nothing is written there in this file", off
        )
    how = "by its name" if pair.by_name else "by its values"
    if pair.field == "opened_at" and not pair.by_name:
        how = "NO COLUMN IS NAMED FOR THE OPENING: CHECK THIS"
    others = f"; or {_listed(pair.others)}" if pair.others else ""
    part = "" if seen.column.share > 0.995 else f", filled in {seen.column.share:.0%}"
    why = f"{how}{_sample(pair)}{part}{others}"
    if _unsaid(pair):
        why += "; CHECK THIS: does yes mean that it was kept?"
    if has_no_clock(seen):
        why += "; DAYS WITHOUT A CLOCK"
    return Line(pair.field, _take(pair), why, off)


def has_no_clock(seen: Seen) -> bool:
    """Say whether a column holds days alone, so that durations are off by up to a day."""
    return seen.moments is not None and seen.moments.days_only


def _unsaid(pair: Filled) -> bool:
    """Say whether a promise's column leaves open whether its yes means kept or missed."""
    plain = {folded(word) for word in pair.seen.words} <= USUAL | YES | NO
    return pair.field == "sla_met" and plain and not SAYS_WHICH.search(pair.seen.folded)


def _sample(pair: Filled) -> str:
    if pair.field in PERSONS or pair.seen.among(Kind.PERSON):
        people = pair.seen.column.distinct
        return "; one person" if people == 1 else f"; {whole(people)} people"
    if pair.field == "description":
        return "; only its length is kept"
    words = list(islice(pair.seen.words, SHOWN))
    more = pair.seen.column.distinct - len(words)
    told = ", ".join(map(shown, words))
    if pair.field in MOMENTS:
        return f"; such as {shown(words[0])}"
    return f"; {told} and {whole(more)} more" if more > 0 else f"; such as {told}"


def _take(pair: Filled) -> Value:
    """Return how a field is filled: its column, two joined, or a column with its yes and no."""
    seen = pair.seen
    if seen.join:
        return {"join": seen.join, "with": " "}
    if pair.field not in FLAGS:
        return seen.name
    said = poles(seen.words)
    yes, no = (tuple(word for word in said if said[word] is pole) for pole in (True, False))
    if turned(seen.name, [*yes, *no]) and pair.field == "sla_met":
        yes, no = (no or _other(yes)), (yes or _other(no))
    if {folded(word) for word in (*yes, *no)} <= USUAL and not turned(seen.name, [*yes, *no]):
        return seen.name
    given: dict[str, Value] = {"column": seen.name}
    return given | ({"yes": yes} if yes else {}) | ({"no": no} if no else {})


def _other(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(OPPOSITES[folded(word)] for word in words if folded(word) in OPPOSITES)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(shown(name) for name in islice(names, 6))


def missing_words(of: Decided) -> list[str]:
    """Return the words that stand for "nothing is written" in the columns that are read."""
    read = [pair.seen for pair in of.filled.filled.values()]
    read += [each for _, each in of.links] + ([of.practice] if of.practice else [])
    read += [of.found.ticket_id, *of.persons]
    words = [word for each in read for word in each.missing]
    words += [word for each in read if each.moments for word in each.moments.nothing]
    status = of.filled.column("original_status")
    kept = set(status.words) if status else set()
    for each in of.filled.of(("team", "assignee")):
        words += [word for word in each.words if folded(word) in NOBODY and word not in kept]
    return list(dict.fromkeys(words))


def link_lines(of: Decided) -> list[Line]:
    """Return a line for each column that ties tickets to other records."""
    return [
        Line(
            kind,
            each.name,
            "by its name; nothing is written there in this file"
            if each.empty
            else f"by its name; {whole(each.column.distinct)} different numbers",
            off=each.empty,
        )
        for kind, each in of.links
    ]


def split_lines(of: Decided) -> list[Line]:
    """Return the columns by which numbers could be split, all switched off."""
    named = ties.attribute_names(of.splits)
    return [
        Line(name, each.name, f"{whole(len(each.words))} different words", off=True)
        for name, each in named.items()
    ]


def kept_out_lines(of: Decided) -> list[Line]:
    """Return the columns of people, which get pseudonyms, and of free text, which is not kept."""
    made = []
    if of.persons:
        people = tuple(each.name for each in of.persons)
        made.append(
            Line("persons", people, "they name people or lead to them: pseudonyms are kept")
        )
    if of.texts or of.again:
        dropped = tuple(each.name for each in (*of.again, *of.texts))
        made.append(Line("drop", dropped, _why_dropped(of)))
    return made


def _why_dropped(of: Decided) -> str:
    again = f"{_listed(each.name for each in of.again)} hold the changed values once more"
    reasons = [again] if of.again else []
    if of.texts:
        reasons.append("free text can hold anything about anybody: it is not kept")
        measured = of.filled.column("description")
        if measured is not None:
            reasons.append(f"only of {shown(measured.name)} the length is, as the description")
    return "; ".join(reasons)
