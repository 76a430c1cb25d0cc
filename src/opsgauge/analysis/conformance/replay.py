"""Tickets replayed on a model: how well they fit it, how precise it is, and where they depart.

Floor 4, analysis. Pure arithmetic on paths, each with how many tickets took it.

Fitness is that of token replay: every transition that happens takes tokens and puts tokens. A step
that the model does not allow is made to happen with the tokens it lacks; they are `missing`. Tokens
left behind when a case ends are `remaining`. Fitness = (1 - missing / consumed) / 2 +
(1 - remaining / produced) / 2, the tokens of all tickets added first. Where the model can go on
unseen in several ways, all of them are kept in mind, and the one that misses least counts; so the
result does not depend on an order. A step that the model does not know takes one token, which is
missing.

Precision is that of escaping edges: after each beginning of a path that fits, the model allows some
steps; those that never came there escape. Precision = 1 - sum of escaping / sum of allowed, both
weighed by how many tickets came there. A model that allows everything fits and is not precise.

Sources: Rozinat and van der Aalst, Conformance checking of processes based on monitoring real
behavior, Information Systems 33, 2008; Muñoz-Gama and Carmona, A fresh look at precision in process
conformance, BPM 2010.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from opsgauge.analysis.conformance.bpmn import Net, Transition
from opsgauge.foundation.errors import ModelWrong

Marking = tuple[int, ...]  # tokens in each place
Path = tuple[str, ...]
MOST_MARKINGS = 2_000  # kept in mind at once
MOST_TOKENS = 50  # in one place
UNKNOWN_STEP, EARLY, LEFT = "not in the model", "out of turn", "left undone"


@dataclass(frozen=True)
class Tokens:
    """What a replay counts."""

    missing: int = 0
    consumed: int = 0
    remaining: int = 0
    produced: int = 0

    def __add__(self, other: "Tokens") -> "Tokens":
        """Add what two replays counted."""
        return Tokens(
            self.missing + other.missing,
            self.consumed + other.consumed,
            self.remaining + other.remaining,
            self.produced + other.produced,
        )

    def times(self, n: int) -> "Tokens":
        """Return what as many replays count."""
        return Tokens(self.missing * n, self.consumed * n, self.remaining * n, self.produced * n)

    @property
    def fitness(self) -> float | None:
        """How well it fits, 0 to 1; None where nothing was replayed.

        Examples
        --------
        >>> Tokens(missing=1, consumed=4, remaining=1, produced=4).fitness
        0.75
        """
        if not self.consumed or not self.produced:
            return None
        return (1 - self.missing / self.consumed) / 2 + (1 - self.remaining / self.produced) / 2


@dataclass(frozen=True)
class Deviation:
    """One way in which a path departs from the model: a step, and how it does."""

    step: str
    how: str


@dataclass(frozen=True)
class Replayed:
    """What became of one path."""

    tokens: Tokens
    deviations: tuple[Deviation, ...]

    @property
    def fits(self) -> bool:
        """Whether the model allows the path from its start to its end."""
        return not self.deviations and not self.tokens.missing and not self.tokens.remaining


@dataclass
class Player:
    """Replays paths on one net, and remembers where beginnings of paths lead."""

    net: Net
    known: dict[tuple[frozenset[Marking], str], frozenset[Marking]] = field(default_factory=dict)
    next_steps: dict[frozenset[Marking], frozenset[str]] = field(default_factory=dict)

    @cached_property
    def silent(self) -> tuple[Transition, ...]:
        """What happens without being recorded."""
        return tuple(each for each in self.net.transitions if each.task is None)

    @cached_property
    def by_task(self) -> Mapping[str, tuple[Transition, ...]]:
        """The transitions of each task."""
        return {
            task: tuple(each for each in self.net.transitions if each.task == task)
            for task in self.net.tasks
        }

    @property
    def begins(self) -> Marking:
        """Where every case begins."""
        return tuple(int(place == self.net.source) for place in range(self.net.places))

    def replay(self, path: Sequence[str]) -> Replayed:
        """Replay one path.

        Raises
        ------
        ModelWrong : the model lets more happen at once than can be kept in mind
        """
        now = self._closed({self.begins: Tokens(produced=1)})
        found: list[Deviation] = []
        for step in path:
            if step not in self.by_task:
                found.append(Deviation(step, UNKNOWN_STEP))
                one = Tokens(missing=1, consumed=1)
                now = {marking: tokens + one for marking, tokens in now.items()}
                continue
            after = self._happened(now, step)
            if not after:
                found.append(Deviation(step, EARLY))
                after = self._forced(now, step)
            now = self._closed(after)
        return self._ended(now, found)

    def allowed(self, path: Path) -> frozenset[str] | None:
        """Return the steps that may come after a beginning; None where it does not fit."""
        now = self._after_beginning(path)
        if now not in self.next_steps:
            self.next_steps[now] = frozenset(
                task
                for task, ways in self.by_task.items()
                if any(_enabled(way, marking) for way in ways for marking in now)
            )
        return self.next_steps[now] if now else None

    def _after_beginning(self, path: Path) -> frozenset[Marking]:
        """Return all markings in which a beginning may leave a case; none where it does not fit."""
        now = frozenset(self._closed({self.begins: Tokens()}))
        for step in path:
            if (now, step) not in self.known:
                after = self._happened(dict.fromkeys(now, Tokens()), step)
                self.known[now, step] = frozenset(self._closed(after))
            now = self.known[now, step]
        return now

    def _closed(self, now: Mapping[Marking, Tokens]) -> dict[Marking, Tokens]:
        """Add what can come of each marking unseen, by the way that takes the fewest tokens."""
        best = dict(now)
        waiting = list(now)
        while waiting:
            marking = waiting.pop()
            self._refuse_many(len(best), marking)
            for way in self.silent:
                if not _enabled(way, marking):
                    continue
                after = _fired(way, marking)
                tokens = best[marking] + Tokens(consumed=len(way.takes), produced=len(way.puts))
                if after not in best or _less(tokens) < _less(best[after]):
                    best[after] = tokens
                    waiting.append(after)
        return best

    def _refuse_many(self, markings: int, marking: Marking) -> None:
        if markings > MOST_MARKINGS or max(marking) > MOST_TOKENS:
            raise ModelWrong(
                "The model lets more happen at the same time than can be followed.",
                hint="Look for parallel ways that come together in an exclusive gateway.",
            )

    def _happened(self, now: Mapping[Marking, Tokens], step: str) -> dict[Marking, Tokens]:
        return self._after(now, step, lacking=False)

    def _forced(self, now: Mapping[Marking, Tokens], step: str) -> dict[Marking, Tokens]:
        """Make a step happen with the tokens that it lacks, as few as can be."""
        made = self._after(now, step, lacking=True)
        fewest = min(tokens.missing for tokens in made.values())
        return {marking: tokens for marking, tokens in made.items() if tokens.missing == fewest}

    def _after(
        self, now: Mapping[Marking, Tokens], step: str, *, lacking: bool
    ) -> dict[Marking, Tokens]:
        best: dict[Marking, Tokens] = {}
        for marking, tokens in now.items():
            for way in self.by_task.get(step, ()):
                lacks = sum(not marking[place] for place in way.takes)
                if lacks and not lacking:
                    continue
                after = _fired(way, marking)
                counted = tokens + Tokens(lacks, len(way.takes), 0, len(way.puts))
                if after not in best or _less(counted) < _less(best[after]):
                    best[after] = counted
        return best

    def _ended(self, now: Mapping[Marking, Tokens], found: list[Deviation]) -> Replayed:
        """End a case where the fewest tokens are left behind, or lack in the end."""
        ends: dict[Marking, Tokens] = {}
        for marking, tokens in now.items():
            there = marking[self.net.sink]
            left = sum(marking) - there
            lacks = int(not there)
            ends[marking] = tokens + Tokens(lacks, max(there, 1), left, 0)
        best = min(
            ends, key=lambda each: (ends[each].missing + ends[each].remaining, _less(ends[each]))
        )
        came = {each.step for each in found}
        undone = [
            self._waiting(place) - came
            for place, n in enumerate(best)
            if n and place != self.net.sink
        ]
        found += [Deviation(" / ".join(sorted(tasks)), LEFT) for tasks in undone if tasks]
        return Replayed(ends[best], tuple(dict.fromkeys(found)))

    def _waiting(self, place: int) -> set[str]:
        """Return the tasks that a token in a place waits for; past a gateway that joins, none."""
        found: set[str] = set()
        seen, waiting = {place}, [place]
        while waiting:
            here = waiting.pop()
            for way in self.net.transitions:
                if here not in way.takes:
                    continue
                if way.task is not None:
                    found.add(way.task)
                    continue
                if len(way.takes) == 1:
                    waiting += [each for each in way.puts if each not in seen]
                    seen.update(way.puts)
        return found


def _enabled(way: Transition, marking: Marking) -> bool:
    return all(marking[place] for place in way.takes)


def _fired(way: Transition, marking: Marking) -> Marking:
    after = list(marking)
    for place in way.takes:
        after[place] = max(after[place] - 1, 0)
    for place in way.puts:
        after[place] += 1
    return tuple(after)


def _less(tokens: Tokens) -> tuple[int, int]:
    return tokens.missing, tokens.consumed


def precision(player: Player, paths: Mapping[Path, int]) -> float | None:
    """Return how much of what the model allows does come; None where nothing fits.

    Parameters
    ----------
    paths : tickets by the path they took
    """
    followed: dict[Path, Counter[str]] = {}
    came: Counter[Path] = Counter()
    for path, n in paths.items():
        for place, step in enumerate(path):
            came[path[:place]] += n
            followed.setdefault(path[:place], Counter())[step] += n
    allowed = escaping = 0
    for beginning, n in came.items():
        may = player.allowed(beginning)
        if may:
            allowed += n * len(may)
            escaping += n * len(may - set(followed[beginning]))
    return 1 - escaping / allowed if allowed else None


def reference(paths: Mapping[Path, int], share: float) -> Net:
    """Return the net that allows the most frequent paths and no others.

    Parameters
    ----------
    share : of the tickets that take one of them, at least so many; the most frequent come first
    """
    wanted, taken = share * sum(paths.values()), 0
    nodes: dict[Path, int] = {(): 0}
    ends: set[int] = set()
    ways: list[tuple[str, int, int]] = []
    for path, n in sorted(paths.items(), key=lambda each: (-each[1], each[0])):
        if taken >= wanted and ends:
            break
        taken += n
        for place, step in enumerate(path, 1):
            if path[:place] not in nodes:
                nodes[path[:place]] = len(nodes)
                ways.append((step, nodes[path[: place - 1]], nodes[path[:place]]))
        ends.add(nodes[path])
    sink = len(nodes)
    made = [Transition(step, (one,), (other,)) for step, one, other in ways]
    made += [Transition(None, (place,), (sink,)) for place in sorted(ends)]
    return Net(len(nodes) + 1, 0, sink, tuple(made))


def merged(path: Iterable[str | None]) -> Path:
    """Return a path in which a step that lasts over several updates comes once.

    Examples
    --------
    >>> merged(["New", "New", None, "Done", "New"])
    ('New', 'Done', 'New')
    """
    found: list[str] = []
    for step in path:
        if step is not None and found[-1:] != [step]:
            found.append(step)
    return tuple(found)
