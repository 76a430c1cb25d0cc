"""YAML as people write it, read strictly: no aliases, no key twice, nothing executed.

Floor 0. With `plain=True` every scalar stays the text that was written, so that a status called
`No` or `6` is not turned into something else.
"""

from collections.abc import Sequence
from typing import Annotated, Any

import yaml
from pydantic import BeforeValidator

from opsgauge.foundation.errors import Misuse

# The loaders written in C read the same, ten times as fast, where the package was built with them.
PLAIN: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
TYPED: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Texts by their keys; a key under which every line is a comment holds none.
Texts = Annotated[dict[str, str], BeforeValidator(lambda given: given or {})]


def read_yaml(text: str, where: str, wrong: type[Misuse], plain: bool = False) -> Any:
    """Return what a YAML text says.

    Parameters
    ----------
    text : the YAML
    where : what to call it in errors, usually its file name
    wrong : the error to raise
    plain : keep every scalar as text

    Raises
    ------
    wrong : it is no YAML, uses anchors or aliases, or says a key twice
    """
    loader = PLAIN if plain else TYPED
    try:
        # Aliases can blow a few lines up to gigabytes, so they are met before anything is built.
        for token in yaml.scan(text, Loader=loader):
            if isinstance(token, yaml.AliasToken | yaml.AnchorToken):
                line = token.start_mark.line + 1
                raise wrong(f"{where}, line {line}: anchors and aliases are not read.")
        node = yaml.compose(text, Loader=loader)
        if node is not None:
            _refuse_double_keys(node, where, wrong)
        return yaml.load(text, Loader=loader)  # noqa: S506 - both loaders build plain data only
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        line = min(line, text.count("\n") + 1)  # read in C, an unended last line counts twice
        raise wrong(f"{where}, line {line}, is no YAML: {fault.problem or fault}") from fault
    except (yaml.YAMLError, RecursionError, ValueError) as fault:
        raise wrong(f"{where} is no YAML: {fault}") from fault


def line_of(text: str, path: Sequence[str | int], word: str = "") -> int:
    """Return the line, from 1, in which a YAML text says something; 0 where it does not.

    Parameters
    ----------
    text : YAML that was read without a fault
    path : keys, and places in lists from 0, that lead there; what is not there is passed over
    word : a key or value below that place, looked for first

    Examples
    --------
    >>> line_of(chr(10).join(["times:", "  zone: Mars"]), ["times", "zone"])
    2
    """
    node = yaml.compose(text, Loader=yaml.BaseLoader)
    found = 0
    for part in path:
        if isinstance(part, int) and isinstance(node, yaml.SequenceNode):
            if part < len(node.value):
                node = node.value[part]
                found = node.start_mark.line + 1
            continue
        for key, value in _inside(node):
            if key is not None and key.value == str(part):
                node, found = value, key.start_mark.line + 1
                break
    return _line_of_word(node, word) or found


def _inside(node: yaml.Node | None) -> list[tuple[yaml.Node | None, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        return list(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [(None, item) for item in node.value]
    return []


def _line_of_word(node: yaml.Node | None, word: str) -> int:
    """Return the line of the first key or value that is that word, at or below a node."""
    if not word or node is None:
        return 0
    if isinstance(node, yaml.ScalarNode):
        return node.start_mark.line + 1 if node.value == word else 0
    for key, value in _inside(node):
        line = _line_of_word(key, word) or _line_of_word(value, word)
        if line:
            return line
    return 0


def _refuse_double_keys(node: yaml.Node, where: str, wrong: type[Misuse]) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                line = key.start_mark.line + 1
                raise wrong(f"{where}, line {line}: {key.value!r} is said twice.")
            seen.add(str(key.value))
            _refuse_double_keys(value, where, wrong)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_double_keys(item, where, wrong)
