"""Which k moves together cover most people: greedy choice, with a proven bound on how far from the best it may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from fs_pipeline.sphere import Floats

# Of the best gain. A village that gains a little more by standing between two towns is where nobody would open: what a town
# gains within a third of it goes before.
NEAR_EQUAL = 2.0 / 3.0
SHARED = 0.5  # of what the best move adds: less is another move, not the same one elsewhere
# Nemhauser, Wolsey and Fisher, 1978, of a monotone submodular function; Goundan and Schulz, 2007, for near-best steps.
GREEDY_SHARE = 1.0 - np.exp(-NEAR_EQUAL)


@dataclass(frozen=True, slots=True)
class Choice:
    """Moves in the order they were chosen.

    Attributes
    ----------
    moves
        Positions among the candidates.
    gains
        Weight that each adds to those before it.
    alone
        Weight that each would cover if it were the only one.
    guarantees
        For the first one, two, … moves: the share of what the best choice of as many moves covers that is certainly
        reached.
    near_equals
        For each move, the other candidates, chosen before it or not, that alone would cover much the same elements and as
        much, the preferred first.
    """

    moves: tuple[int, ...]
    gains: tuple[float, ...]
    alone: tuple[float, ...]
    guarantees: tuple[float, ...]
    near_equals: tuple[tuple[int, ...], ...]


def choose(covers: csr_array, weights: Floats, count: int, preference: Floats | None = None) -> Choice:
    """Choose up to `count` moves one after the other, each among those that add most; none that adds nothing.

    Parameters
    ----------
    covers
        (moves, elements), a one where the move covers the element.
    weights
        Weight of each element, 0 or more.
    count
        Moves wanted.
    preference
        Of each move: among those that add ``NEAR_EQUAL`` of the most or more, the one of greatest preference is chosen.
        None: the one that adds most.

    Returns
    -------
    Choice
        Ties fall on the move that adds most, then on the first candidate. The guarantee of k moves is the better of the
        theorem's and of the bound drawn from the data: the best k moves cover no more than what any chosen prefix covers
        plus the k largest gains left.
    """
    choice = _choice(covers, weights, count, preference)
    return Choice(
        choice.moves,
        choice.gains,
        choice.alone,
        tuple(max(GREEDY_SHARE, proven) for proven in choice.guarantees),
        choice.near_equals,
    )


def follow(covers: csr_array, weights: Floats, moves: Sequence[int], preference: Floats | None = None) -> Choice:
    """What moves chosen elsewhere add in their order; a guarantee is what the data alone prove, perhaps 0."""
    return _choice(covers, weights, len(moves), preference, moves)


def _choice(
    covers: csr_array, weights: Floats, count: int, preference: Floats | None, given: Sequence[int] | None = None
) -> Choice:
    left = weights.astype(np.float64).copy()
    alone = covers @ left
    gains_left = alone
    moves: list[int] = []
    gains: list[float] = []
    near_equals: list[tuple[int, ...]] = []
    reached = [0.0]  # what each prefix covers
    leftovers = [np.sort(gains_left)[::-1]]
    while len(moves) < min(count, covers.shape[0]):
        if given is not None:
            best = given[len(moves)]
        elif gains_left.max(initial=0.0) > 0.0:
            best = _alike(covers, left, gains_left, int(np.argmax(gains_left)), preference)[0]
        else:
            break
        others = _alike(covers, weights, alone, best, preference)
        moves.append(best)
        near_equals.append(tuple(other for other in others if other != best and _as_much(alone[other], alone[best])))
        gains.append(float(gains_left[best]))
        left[covers.indices[covers.indptr[best] : covers.indptr[best + 1]]] = 0.0
        gains_left = covers @ left
        reached.append(reached[-1] + gains[-1])
        leftovers.append(np.sort(gains_left)[::-1])
    guarantees = []
    for k in range(1, len(moves) + 1):
        best_possible = min(
            covered + float(rest[:k].sum()) for covered, rest in zip(reached[: k + 1], leftovers, strict=False)
        )
        guarantees.append(min(1.0, reached[k] / best_possible) if best_possible > 0 else 1.0)
    return Choice(
        tuple(moves), tuple(gains), tuple(float(alone[move]) for move in moves), tuple(guarantees), tuple(near_equals)
    )


def _alike(covers: csr_array, left: Floats, gains: Floats, move: int, preference: Floats | None) -> list[int]:
    """The moves that gain as much as `move` or more, for much the same elements, the preferred first; `move` is one."""
    own = np.zeros(covers.shape[1])
    elements = covers.indices[covers.indptr[move] : covers.indptr[move + 1]]
    own[elements] = left[elements]
    alike = np.flatnonzero((gains >= NEAR_EQUAL * gains[move]) & (covers @ own >= SHARED * gains[move]))
    wanted = gains if preference is None else preference
    order = np.lexsort((alike, -gains[alike], -wanted[alike]))
    return [int(other) for other in alike[order]]


def _as_much(one: float, other: float) -> bool:
    """Whether neither is less than ``NEAR_EQUAL`` of the other."""
    return NEAR_EQUAL * max(one, other) <= min(one, other)
