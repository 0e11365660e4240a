"""Which k moves together cover most people: greedy choice, with a proven bound on how far from the best it may be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from fs_pipeline.sphere import Floats

GREEDY_SHARE = 1.0 - 1.0 / np.e  # Nemhauser, Wolsey and Fisher, 1978: of a monotone submodular function


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
    """

    moves: tuple[int, ...]
    gains: tuple[float, ...]
    alone: tuple[float, ...]
    guarantees: tuple[float, ...]


def choose(covers: csr_array, weights: Floats, count: int) -> Choice:
    """Choose up to `count` moves one after the other, each time the one that adds most; none that adds nothing.

    Parameters
    ----------
    covers
        (moves, elements), a one where the move covers the element.
    weights
        Weight of each element, 0 or more.
    count
        Moves wanted.

    Returns
    -------
    Choice
        Ties fall on the first candidate. The guarantee of k moves is the better of 1 - 1/e and of the bound drawn from
        the data: the best k moves cover no more than what any chosen prefix covers plus the k largest gains left.
    """
    left = weights.astype(np.float64).copy()
    alone = covers @ left
    gains_left = alone
    moves: list[int] = []
    gains: list[float] = []
    reached = [0.0]  # what each prefix covers
    leftovers = [np.sort(gains_left)[::-1]]
    while len(moves) < min(count, covers.shape[0]):
        best = int(np.argmax(gains_left))
        if gains_left[best] <= 0.0:
            break
        moves.append(best)
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
        guarantees.append(min(1.0, max(GREEDY_SHARE, reached[k] / best_possible)))
    return Choice(tuple(moves), tuple(gains), tuple(float(alone[move]) for move in moves), tuple(guarantees))
