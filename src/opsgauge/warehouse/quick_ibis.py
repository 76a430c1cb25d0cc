"""Ibis made quicker: the same expressions and the same SQL, in less time.

Floor 1. Compiling a query is most of what a page waits for that nobody opened yet, and most of
compiling is to walk graphs of a few hundred nodes over and over. Here the walks do less, and give
what Ibis gives: nodes in the same order (which names the parts of a query), each replaced by the
same pattern, arguments checked by the same rules. What is unusual is left to Ibis itself.
`portable.py` sees to it; `tests/warehouse/test_quick_ibis.py` compares the SQL.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from inspect import Parameter
from typing import Any

from ibis.common import graph
from ibis.common.graph import Node
from ibis.common.grounds import Annotable, Concrete
from ibis.common.patterns import Any as Anything
from ibis.common.patterns import AnyOf, InstanceOf, NoMatch, Object, Pattern, Replace

CLASSES = 1024  # whose arguments are known
LAST = threading.local()
# Ibis's own ways, for which it has no public name.
flattened = graph._flatten_collections  # noqa: SLF001
finder_of = graph._coerce_finder  # noqa: SLF001
replacer_of = graph._coerce_replacer  # noqa: SLF001
looked_up = graph._recursive_lookup  # noqa: SLF001
exchanged = graph._apply_replacements  # noqa: SLF001


def _children(self: Any) -> tuple[Any, ...]:
    found: list[Any] = []
    for each in self.__args__:
        if isinstance(each, Node):
            found.append(each)
        elif each and isinstance(each, tuple | list | dict):
            found.extend(flattened((each,)))
    return tuple(found)


class _Sorted:
    """The nodes below a root, each after those it is made of, and once though it stands twice."""

    def __init__(self, root: Any, wanted: Callable[[Any], bool] | None) -> None:
        self.place: dict[int, int] = {}  # by where a node lies, the place of the first equal one
        nodes, below = self._walk(root, wanted)
        self.nodes, self.below = nodes, below
        self.order = self._order()

    def _walk(
        self, root: Any, wanted: Callable[[Any], bool] | None
    ) -> tuple[list[Any], list[tuple[Any, ...]]]:
        nodes: list[Any] = []
        below: list[tuple[Any, ...]] = []
        first: dict[Any, int] = {}
        place = self.place
        queue = deque([root] if wanted is None or wanted(root) else [])
        while queue:
            node = queue.popleft()
            if id(node) in place:
                continue
            at = place[id(node)] = first.setdefault(node, len(nodes))
            if at == len(nodes):
                children = node.__children__
                if wanted is not None:
                    children = tuple(child for child in children if wanted(child))
                nodes.append(node)
                below.append(children)
                queue.extend(children)
        return nodes, below

    def _order(self) -> list[int]:
        """Return the places in the order of Kahn's algorithm, as Ibis has it."""
        place = self.place
        above: list[list[int]] = [[] for _ in self.nodes]
        left = [len(children) for children in self.below]
        for at, children in enumerate(self.below):
            for child in children:
                above[place[id(child)]].append(at)
        order = [at for at, count in enumerate(left) if not count]
        for at in order:  # it grows meanwhile
            for upper in above[at]:
                left[upper] -= 1
                if not left[upper]:
                    order.append(upper)
        return order


def _sorted(root: Any, kept: Any) -> _Sorted:
    """Return what is below a root; as the last time, where a walk before changed nothing."""
    if kept is not None:
        return _Sorted(root, finder_of(kept))
    held: _Sorted | None = getattr(LAST, "whole", None)
    if held is None or held.nodes[0] is not root:
        held = LAST.whole = _Sorted(root, None)
    return held


def _map(self: Any, fn: Callable[..., Any], filter: Any = None) -> dict[Any, Any]:  # noqa: A002 - as Ibis has it
    results: dict[Any, Any] = {}
    whole = _sorted(self, filter)
    for at in whole.order:
        node = whole.nodes[at]
        told = {
            name: looked_up(value, results)
            for name, value in zip(node.__argnames__, node.__args__, strict=False)
        }
        results[node] = fn(node, results, **told)
    return results


def _map_nodes(self: Any, fn: Callable[..., Any], filter: Any = None) -> Any:  # noqa: A002
    results: dict[Any, Any] = {}
    whole = _sorted(self, filter)
    for at in whole.order:
        results[whole.nodes[at]] = fn(whole.nodes[at], *looked_up(whole.below[at], results))
    return results


def _replace(self: Any, replacer: Any, filter: Any = None, context: Any = None) -> Any:  # noqa: A002
    fn = _replacer(replacer, context)
    whole = _sorted(self, filter)
    place, done, changed = whole.place, dict[Any, Any](), set[int]()
    for at in whole.order:
        node, told = whole.nodes[at], None
        if changed and any(place[id(child)] in changed for child in whole.below[at]):
            told = {
                name: exchanged(value, done)[0]
                for name, value in zip(node.__argnames__, node.__args__, strict=False)
            }
        result = fn(node, told)
        if result is not node:
            done[node] = result
            if result is not None:  # which Ibis takes for unchanged
                changed.add(at)
    return done.get(self, self)


def _replacer(replacer: Any, context: Any) -> Callable[[Any, Any], Any]:
    """Return what replaces a node: a pattern is tried on classes that it may meet alone."""
    if not isinstance(replacer, Pattern):
        return replacer_of(replacer, context)
    patterns = [(each, _met_by(each)) for each in _one_by_one(replacer)]
    fitting: dict[type, list[Any]] = {}

    def fn(node: Any, told: Any) -> Any:
        node = node.__recreate__(told) if told else node
        kind = type(node)
        tried = fitting.get(kind)
        if tried is None:
            tried = [one.match for one, met in patterns if met is None or issubclass(kind, met)]
            fitting[kind] = tried
        known = context or {}
        for match in tried:
            result = match(node, known)
            if result is not NoMatch:
                return result
        return node

    return fn


def _one_by_one(pattern: Any) -> Iterator[Any]:
    if type(pattern) is AnyOf:
        for each in pattern.patterns:
            yield from _one_by_one(each)
    else:
        yield pattern


def _met_by(pattern: Any) -> Any:
    """Return the class, or classes, outside of which a pattern meets nothing; None for unknown."""
    if type(pattern) is Replace:
        return _met_by(pattern.matcher)
    if type(pattern) is Object:
        return _met_by(pattern.type)
    return pattern.type if type(pattern) is InstanceOf else None


@lru_cache(CLASSES)
def _usual(of: Any) -> tuple[tuple[str, Any, Any], ...] | None:
    """Return name, default and pattern of each argument; None where one is of another sort."""
    every = of.__signature__.parameters.values()
    if any(each.kind is not Parameter.POSITIONAL_OR_KEYWORD for each in every):
        return None
    return tuple((each.name, each.default, each.annotation.pattern) for each in every)


def _checked(of: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the arguments as they are kept; None where Ibis has to look, or to complain."""
    usual = _usual(of)
    if usual is None or len(args) > len(usual):
        return None
    found: dict[str, Any] = {}
    named = 0
    for at, (name, default, pattern) in enumerate(usual):
        if at < len(args):
            value = args[at]
        elif name in kwargs:
            value, named = kwargs[name], named + 1
        else:
            value = default
        result = NoMatch if value is Parameter.empty else pattern.match(value, found)
        if result is NoMatch:
            return None
        found[name] = result
    return found if named == len(kwargs) else None


def _create(cls: Any, *args: Any, **kwargs: Any) -> Any:
    checked = _checked(cls, args, kwargs)
    if checked is None:
        checked = cls.__signature__.validate(cls, args, kwargs)
    return super(Annotable, cls).__create__(**checked)


def _init(self: Any, **kwargs: Any) -> None:
    keep = object.__setattr__
    for name in self.__argnames__:
        keep(self, name, kwargs[name])
    args = tuple([kwargs[name] for name in self.__argnames__])
    keep(self, "__args__", args)
    keep(self, "__precomputed_hash__", hash((self.__class__, args)))
    for name, field in self.__attributes__.items():
        value = field.default
        if value is not Parameter.empty:
            value = value(self) if callable(value) else value
            if type(field.pattern) is not Anything:
                value = field.validate(name, value, self)
            keep(self, name, value)


# What is exchanged for what; a property or method of Ibis's own stands in `PLAIN`.
QUICK: tuple[tuple[Any, str, Any], ...] = (
    (Node, "__children__", property(_children)),
    (Node, "map", _map),
    (Node, "map_nodes", _map_nodes),
    (Node, "replace", _replace),
    (Annotable, "__create__", classmethod(_create)),
    (Concrete, "__init__", _init),
)
PLAIN = tuple((of, name, of.__dict__[name]) for of, name, _ in QUICK)


def make_quick() -> None:
    """Let Ibis walk and make expressions in these ways from now on."""
    for of, name, quick in QUICK:
        setattr(of, name, quick)
