"""Reads the policy rules of a workspace: YAML files in `rules/`, each with rules by name.

Floor 3. All files are read or none: whatever is wrong is said with the file, the line, the key and
the nearest right word. The format is in docs/guides/conformance.md. Whether the steps that a rule
names are in the records is for `operations.conformance` to say, which knows them.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import RuleWrong, did_you_mean
from opsgauge.log.door import ATTRIBUTE_PREFIX
from opsgauge.log.service_levels.paragraph import read_length
from opsgauge.log.tables import TICKETS, dimensions
from opsgauge.log.vocabulary import PHASES, PRACTICES
from opsgauge.metrics.policies.rule import (
    APPROVALS,
    OF_THE_TICKET,
    Absence,
    Check,
    Duty,
    ExactlyOnce,
    Excused,
    MaximalTime,
    Precedence,
    RequiredField,
    Response,
    Rule,
    Separation,
    Words,
)
from opsgauge.metrics.written_page import NAME, Page, Stamp, stamps

FOLDER = "rules"
STEPS = ("phase", "original_status", "activity")
MOST_RULES = 200
MOST_EXCEPTIONS = 2_000  # of one rule
FEWEST_DUTIES = 2
KEYS = (
    *("title", "owner", "why", "steps", "practices", "where", "opened_from", "opened_to"),
    *("exceptions", "not_yet_seen"),
)
EXCEPTION_KEYS = ("ticket", "source", "why", "by", "until")
CLOSED: Mapping[str, tuple[str, ...]] = {"phase": PHASES, "practice": PRACTICES}
# Columns that people fill in; the rest is worked out, or never empty.
FIELDS = tuple(
    c.name
    for c in TICKETS.columns
    if not c.required
    and c.type in {"text", "yes_no", "instant"}
    and not c.name.startswith(("variant", "history_", "own_", "deleted", "first_", "opened_"))
)
Place = tuple[str | int, ...]


def load_rules(workspace: Path) -> tuple[Rule, ...]:
    """Read the policy rules of a workspace, in the order in which they are written.

    Raises
    ------
    RuleWrong : a file does not fit; none is loaded then
    """
    return _read(stamps(workspace / FOLDER))


@lru_cache(maxsize=8)
def _read(files: tuple[Stamp, ...]) -> tuple[Rule, ...]:
    made: dict[str, Rule] = {}
    for name, *_ in files:
        page = Page.of(Path(name), RuleWrong, "conformance")
        for each in read_rules(page):
            if each.name in made:
                there = made[each.name].file
                raise page.wrong((each.name,), f"there is a rule {each.name!r} in {there} already.")
            made[each.name] = each
    if len(made) > MOST_RULES:
        raise RuleWrong(f"{FOLDER}/ holds {len(made)} rules; up to {MOST_RULES} are read.")
    return tuple(made.values())


def read_rules(page: Page) -> list[Rule]:
    r"""Read the rules of one file.

    Raises
    ------
    RuleWrong : it does not fit the format

    Examples
    --------
    >>> text = "no_void:\n  title: Nothing is void\n  absence: {step: cancelled}\n"
    >>> [one] = read_rules(Page(text, "rules/desk.yaml", RuleWrong))
    >>> one.kind, one.check.sentence()
    ('absence', '‘cancelled’ never comes')
    """
    return [_rule(page, name) for name in page.mapping(())]


def _rule(page: Page, name: str) -> Rule:
    if not NAME.fullmatch(name):
        raise page.wrong((name,), "a rule's name has small letters, digits and '_', a letter first")
    said = page.mapping((name,), (*KEYS, *KINDS))
    if not said:
        raise page.wrong((name,), f"a rule is needed here: a title, and one of {_kinds()}.")
    kind = _kind(page, name, said)
    steps = _word(page, said, (name, "steps")) or "phase"
    if steps not in STEPS:
        told = f"{steps!r} holds no steps of rules. {did_you_mean(steps, STEPS)}"
        raise page.wrong((name, "steps"), told, steps)
    made = Rule(
        name=name,
        title=page.needed(said, "title", (name,)),
        kind=kind,
        check=KINDS[kind](page, (name, kind)),
        owner=_word(page, said, (name, "owner")),
        why=_word(page, said, (name, "why")),
        steps=steps,
        practices=_practices(page, name),
        where=tuple(_condition(page, name, text) for text in page.words((name, "where"))),
        opened_from=_day(page, said, (name, "opened_from")),
        opened_to=_day(page, said, (name, "opened_to")),
        exceptions=_exceptions(page, name),
        not_yet_seen=page.words((name, "not_yet_seen")),
        page=page,
    )
    _fits(page, made)
    return made


def _kinds() -> str:
    return ", ".join(KINDS)


def _kind(page: Page, name: str, said: Mapping[str, Any]) -> str:
    found = [key for key in said if key in KINDS]
    if not found:
        raise page.wrong((name,), f"it says no rule; it needs one of {_kinds()}.")
    if len(found) > 1:
        told = f"a rule says one thing, not both {found[0]} and {found[1]}; write two rules."
        raise page.wrong((name, found[1]), told)
    return found[0]


def _fits(page: Page, rule: Rule) -> None:
    if rule.steps == "phase":
        for word in rule.words():
            if word not in PHASES:
                raise unknown_step(rule, word, PHASES)
    for word in rule.not_yet_seen:
        if word not in set(rule.words()):
            told = f"the rule names no step {word!r}. {did_you_mean(word, rule.words())}"
            raise page.wrong((rule.name, "not_yet_seen"), told, word)
    if rule.opened_from and rule.opened_to and rule.opened_to < rule.opened_from:
        told = f"{rule.opened_to} lies before {rule.opened_from}."
        raise page.wrong((rule.name, "opened_to"), told)


def unknown_step(rule: Rule, word: str, known: Iterable[str]) -> RuleWrong:
    """Return the fault of a rule that names a step which is not there, with the nearest."""
    told = f"there is no {rule.steps} {word!r}. {did_you_mean(word, known)}"
    if rule.page is None:
        return RuleWrong(f"{rule.name}: {told}")
    wrong = rule.page.wrong((rule.name, rule.kind), told, word)
    return RuleWrong(wrong.message, wrong.hint)


def _word(page: Page, said: Mapping[str, Any], path: Place) -> str:
    found = said.get(str(path[-1]), "")
    if not isinstance(found, str):
        raise page.wrong(path, "one word or line of text is needed here.")
    return found


def _day(page: Page, said: Mapping[str, Any], path: Place) -> date | None:
    text = _word(page, said, path)
    return page.date_at(text, path) if text else None


def _steps(page: Page, path: Place) -> Words:
    """Return the steps under a key: one word, or a list of which any will do."""
    found = page.at(path)
    words = (found,) if isinstance(found, str) else page.words(path)
    if not words or not words[0]:
        raise page.wrong(path, "a step is needed here, or a list of steps.")
    return words


def _practices(page: Page, name: str) -> Words:
    found = page.at((name, "practices"))
    words = (found,) if isinstance(found, str) and found else page.words((name, "practices"))
    for word in words:
        if word not in PRACTICES:
            told = f"there is no practice {word!r}. {did_you_mean(word, PRACTICES)}"
            raise page.wrong((name, "practices"), told, word)
    return words


def _condition(page: Page, name: str, text: str) -> Condition:
    path = (name, "where")
    column, equals, values = text.partition("=")
    column = column.strip()
    if not equals or not column:
        raise page.wrong(path, f"{text!r} is no condition; write it as team=A|B.", text)
    if column not in dimensions() and not column.startswith(ATTRIBUTE_PREFIX):
        told = f"tickets are not told apart by {column!r}. {did_you_mean(column, dimensions())}"
        raise page.wrong(path, told, text)
    words = tuple(word.strip() or None for word in values.split("|"))
    for word in words:
        if word is not None and word not in CLOSED.get(column, (word,)):
            told = f"there is no {column} {word!r}. {did_you_mean(word, CLOSED[column])}"
            raise page.wrong(path, told, text)
    return Condition(column, words)


def _exceptions(page: Page, name: str) -> tuple[Excused, ...]:
    told = page.list_of((name, "exceptions"))
    if len(told) > MOST_EXCEPTIONS:
        many = f"{len(told):,} exceptions are too many; change the rule, or part it."
        raise page.wrong((name, "exceptions"), many)
    return tuple(_exception(page, (name, "exceptions", place)) for place, _ in enumerate(told))


def _exception(page: Page, path: Place) -> Excused:
    said = page.mapping(path, EXCEPTION_KEYS)
    return Excused(
        ticket=page.needed(said, "ticket", path),
        why=page.needed(said, "why", path),
        source=_word(page, said, (*path, "source")),
        by=_word(page, said, (*path, "by")),
        until=_day(page, said, (*path, "until")),
    )


def _of_two(
    first: str, second: str, made: Callable[[Words, Words], Check], page: Page, path: Place
) -> Check:
    page.mapping(path, (first, second))
    one, two = _steps(page, (*path, first)), _steps(page, (*path, second))
    _apart(page, (*path, second), one, two)
    return made(one, two)


def _apart(page: Page, path: Place, one: Words, two: Words) -> None:
    both = [word for word in two if word in one]
    if both:
        raise page.wrong(path, f"{both[0]!r} stands on both sides of the rule.", both[0])


def _of_one(made: Callable[[Words], Check], page: Page, path: Place) -> Check:
    page.mapping(path, ("step",))
    return made(_steps(page, (*path, "step")))


def _maximal_time(page: Page, path: Place) -> Check:
    said = page.mapping(path, ("from", "to", "within"))
    start, end = _steps(page, (*path, "from")), _steps(page, (*path, "to"))
    _apart(page, (*path, "to"), start, end)
    text = page.needed(said, "within", path)
    try:
        return MaximalTime(start, end, read_length(text))
    except ValueError as wrong:
        raise page.wrong((*path, "within"), str(wrong), text) from wrong


def _required_field(page: Page, path: Place) -> Check:
    said = page.mapping(path, ("field", "once"))
    name = page.needed(said, "field", path)
    if name not in FIELDS and not name.startswith(ATTRIBUTE_PREFIX):
        near = did_you_mean(name, FIELDS)
        raise page.wrong((*path, "field"), f"tickets have no field {name!r}. {near}", name)
    return RequiredField(name, _steps(page, (*path, "once")) if "once" in said else ())


def _four_eyes(page: Page, path: Place) -> Check:
    said = page.mapping(path, ("one", "other"))
    duties = tuple(
        Duty(f"who did {'/'.join(steps)}", "", steps)
        for steps in (_steps(page, (*path, key)) for key in ("one", "other") if key in said)
    )
    for key in ("one", "other"):
        if key not in said:
            page.needed(said, key, path)
    _apart(page, (*path, "other"), duties[0].steps, duties[1].steps)
    return Separation(duties)


def _segregation(page: Page, path: Place) -> Check:
    said = page.mapping(path)
    if len(said) < FEWEST_DUTIES:
        raise page.wrong(path, "two duties are needed or more, such as requester and approver.")
    return Separation(tuple(_duty(page, (*path, name)) for name in said))


def _duty(page: Page, path: Place) -> Duty:
    steps = _steps(page, path)
    of = steps[0] if len(steps) == 1 and steps[0] in (*OF_THE_TICKET, APPROVALS) else ""
    return Duty(str(path[-1]).replace("_", " "), of, () if of else steps)


KINDS: Mapping[str, Callable[[Page, Place], Check]] = {
    "precedence": partial(_of_two, "step", "only_after", Precedence),
    "response": partial(_of_two, "step", "then", Response),
    "absence": partial(_of_one, Absence),
    "exactly_once": partial(_of_one, ExactlyOnce),
    "four_eyes": _four_eyes,
    "maximal_time": _maximal_time,
    "required_field": _required_field,
    "segregation": _segregation,
}
