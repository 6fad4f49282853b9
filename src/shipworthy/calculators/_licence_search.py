"""The cheapest sets of actions that clear a product: hitting sets, found best first, their clauses made as they are needed.

Whatever blocks has witnesses: terms of an asset on a way to the product, or two assets that clash. A set of actions
clears the product only if it ends each witness, so that every witness gives a clause, “one of these actions”. A set that hits
all clauses found so far is cleared again for real; what still blocks gives further clauses. Hence no set is accepted
that does not clear, and none that clears is missed.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from shipworthy.calculators._licence_examine import Bite, Examined
from shipworthy.calculators._licence_pairs import Clash

Ends = Callable[[Examined, Bite | Clash], int]
"""The actions that end a witness, as bits."""

EXPANDED_MOST = 800
"""So many sets are looked at before the search takes what is near and says that it did."""

_ACTIONS_MOST = 10**4
_MICRO = 10**6
_UNKNOWN = 10**40


def weight(cost: float | None) -> int:
    """A cost as a whole number, so that sums are exact: first what is not known, then the cost, then the number of actions.

    >>> weight(None) > weight(1e15), weight(2.0) > 100 * weight(0.0), weight(0.0)
    (True, True, 1)
    """
    return (_UNKNOWN if cost is None else round(cost * _MICRO) * _ACTIONS_MOST) + 1


@dataclass(frozen=True)
class Problem:
    """What the search needs to know of the actions."""

    weights: Sequence[int]
    days: Sequence[float]
    again: Callable[[int], Examined]
    ends: Ends


class Node(NamedTuple):
    """Sets that have the chosen actions and none of the barred ones; ``bound`` is what the best of them weighs at least."""

    bound: int
    days: float
    fewer: int
    tie: int
    chosen: int
    barred: int
    weight: int


def search(problem: Problem, most: int, plain: Sequence[int] = ()) -> list[tuple[int, bool]]:
    """The best sets of actions that clear, as bits, each with whether it is certain that none is better.

    Where the search is stopped before its end, what is left of the plain sets (drop all that blocks, replace it) is
    among them.
    """
    clauses: list[int] = []
    if not _learn(problem, 0, clauses):
        return []
    accepted: list[int] = []
    closed: list[int] = []  # with what leaves nothing to ship: whatever else is done, nothing ships then either
    tie = count()
    heap = [Node(0, 0.0, 0, next(tie), 0, 0, 0)]
    for _ in range(EXPANDED_MOST):
        if not heap or len(accepted) == most:
            return [(each, True) for each in accepted]
        node = heapq.heappop(heap)
        chosen = node.chosen
        if any(chosen & each == each for each in closed):
            continue
        node = node._replace(barred=node.barred | _one_too_many(chosen, closed))
        left = [clause & ~node.barred for clause in clauses if not clause & chosen]
        if not left and _learn(problem, chosen, clauses):
            left = [clause & ~node.barred for clause in clauses if not clause & chosen]
        if not left:
            closed.append(chosen)
            if problem.again(chosen).something_ships:
                accepted.append(chosen)
        elif all(left):
            rest, shares = _bound(problem.weights, left)
            rank = node.weight + rest, max(node.days, *(_soonest(problem.days, clause) for clause in left))
            if rank > (node.bound, node.days):
                heapq.heappush(heap, node._replace(bound=rank[0], days=rank[1], tie=next(tie)))
            else:
                for child in _children(problem, node, left, shares):
                    heapq.heappush(heap, child._replace(tie=next(tie)))
    best = len(accepted)
    for each in plain:
        if not _learn(problem, each, clauses):
            _lessened(problem, each, clauses, accepted, closed)
    for node in heapq.nsmallest(4 * most, heap):
        if len(accepted) < max(most, best + len(plain)):
            _dive(problem, node, clauses, accepted, closed)
    return [(each, at < best) for at, each in enumerate(accepted)]


def _dive(problem: Problem, node: Node, clauses: list[int], accepted: list[int], closed: list[int]) -> None:
    """Take what hits most for its weight until the product is clear, then leave out what is not needed."""
    chosen, barred = node.chosen, node.barred
    while True:
        allowed = ~(barred | _one_too_many(chosen, closed))
        left = [clause & allowed for clause in clauses if not clause & chosen]
        if left and all(left):
            hits = {at: sum(clause >> at & 1 for clause in left) for at in _bits(_joined(left))}
            chosen |= 1 << min(hits, key=lambda at: (problem.weights[at] / hits[at], at))
            continue
        if left:
            return
        if _lessened(problem, chosen, clauses, accepted, closed):
            return


def _lessened(problem: Problem, chosen: int, clauses: list[int], accepted: list[int], closed: list[int]) -> bool:
    """Leave out what is not needed, the heaviest first; keep what is left. False where that clears no longer."""
    for at in sorted(_bits(chosen), key=problem.weights.__getitem__, reverse=True):
        if all(clause & chosen & ~(1 << at) for clause in clauses):
            chosen &= ~(1 << at)
    if _learn(problem, chosen, clauses):
        return False
    if not any(chosen & each == each for each in closed):
        closed.append(chosen)
        if problem.again(chosen).something_ships:
            accepted.append(chosen)
    return True


def _one_too_many(chosen: int, closed: Sequence[int]) -> int:
    """Actions that would make a set that was closed out of the chosen ones: none of them can be in a smallest set."""
    missing = (each & ~chosen for each in closed)
    return _joined(each for each in missing if each.bit_count() == 1)


def _soonest(days: Sequence[float], clause: int) -> float:
    return min(days[at] for at in _bits(clause))


def _children(problem: Problem, node: Node, left: Sequence[int], shares: Sequence[int]) -> Iterator[Node]:
    """One action of the shortest clause more, the cheapest first; each child does without those of the ones before it."""
    barred = node.barred
    for at in sorted(_bits(min(left, key=int.bit_count)), key=problem.weights.__getitem__):
        bit = 1 << at
        more = node.weight + problem.weights[at]
        bound = more + sum(share for clause, share in zip(left, shares, strict=True) if not clause & bit)
        later = max(node.days, problem.days[at])
        yield Node(max(bound, node.bound), later, node.fewer - 1, 0, node.chosen | bit, barred, more)
        barred |= bit


def _bound(weights: Sequence[int], clauses: Sequence[int]) -> tuple[int, list[int]]:
    """What it weighs at least to hit all clauses, and the share of each: no action gives more than it weighs (dual ascent)."""
    left: dict[int, int] = {}
    shares: dict[int, int] = {}
    for clause in sorted(set(clauses), key=int.bit_count):
        bits = list(_bits(clause))
        share = min(left.get(at, weights[at]) for at in bits)
        shares[clause] = share
        if share:
            for at in bits:
                left[at] = left.get(at, weights[at]) - share
    listed = [shares.pop(clause, 0) for clause in clauses]
    return sum(listed), listed


def _learn(problem: Problem, chosen: int, clauses: list[int]) -> bool:
    """Clear again with the chosen actions; where something still blocks, add clauses that they miss."""
    found = problem.again(chosen)
    if not found.blocked:
        return False
    every = {*clauses, *_clauses(found, problem.ends)}
    clauses[:] = [each for each in sorted(every) if not any(other & each == other != each for other in every)]
    return True


def _clauses(found: Examined, ends: Ends) -> Iterator[int]:
    """Clauses of what blocks: sets of actions one of which any set that clears must have."""
    certain = False
    for alternatives in found.bites.values():
        blocking = [[bite for bite in each if bite.trouble.kind == "blocked"] for each in alternatives]
        if len(blocking) == 1:
            for bite in blocking[0]:
                certain = True
                yield ends(found, bite)
        elif all(blocking):
            certain = True
            yield _joined(ends(found, each[0]) for each in blocking)
    single = {key for key, each in found.bites.items() if len(each) == 1}
    clashes = [clash for clash in found.clashes if clash.kind == "blocked"]
    for clash in clashes:
        if {clash.one.asset, clash.other.asset} <= single:
            certain = True
            yield ends(found, clash)
    if not certain:  # alternatives that only block together: any set that clears ends some of what blocks in them
        every = [
            bite for each in found.bites.values() for both in each for bite in both if bite.trouble.kind == "blocked"
        ]
        yield _joined([*(ends(found, each) for each in every), *(ends(found, each) for each in clashes)])


def _joined(masks: Iterable[int]) -> int:
    joined = 0
    for mask in masks:
        joined |= mask
    return joined


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
