"""The road network contracted once, so that each search afterwards is two sweeps and a small core.

Junctions with few neighbours are taken away one after the other, and a shortcut stands for every way through them (as in
customizable contraction hierarchies, Dibbelt, Strasser and Wagner, 2016, but stopped early: what is left is the *core*).
Every shortest way then climbs to a highest junction and comes down again. Compiled; imported only where it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int32]
CLOSED = np.iinfo(np.int32).max  # no way in this direction
_NEIGHBOURS = 8  # a junction with more of them stays in the core
_WORTH = 0.02  # share of the junctions left that a round must take away, else the next may take larger ones
_BLOCK = 1 << 14  # junctions worked on together first: in Morton order they are one place, and fit the cache


@dataclass(frozen=True, eq=False)
class Contraction:
    """A contracted network.

    Attributes
    ----------
    position
        Of each junction in the order in which junctions were taken away; those of the core come last.
    indptr, head, out, back
        CSR by position: ways from a position to higher ones that stood around it when it was taken away, with the
        centiseconds there and back (``CLOSED`` where there is no way). In the core, ways to all other core positions
        joined to it.
    core
        First position of the core.
    """

    position: Ints
    indptr: NDArray[np.int64]
    head: Ints
    out: Ints
    back: Ints
    core: int


def contract(indptr: Ints, head: Ints, centiseconds: Ints) -> Contraction:
    """Contract a network given as CSR arcs; memory is a few times the network's own, time some 4 µs a junction."""
    order, core, pointers, up, out, back = _eliminate(*_adjacency(indptr, head, centiseconds), _NEIGHBOURS, _WORTH)
    position = np.empty(len(indptr) - 1, dtype=np.int32)
    position[order] = np.arange(len(order), dtype=np.int32)
    return Contraction(position, pointers, position[up], out, back, len(order) - core)


@njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def _adjacency(indptr: Ints, head: Ints, centiseconds: Ints) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Linked lists of neighbours: first entry of each junction, then neighbour, time there, time back, next entry."""
    nodes = len(indptr) - 1
    first = np.full(nodes, -1, dtype=np.int32)
    room = 2 * len(head) + 1
    to, following = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int32)
    out, back = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int32)
    used = 0
    for tail in range(nodes):
        for arc in range(indptr[tail], indptr[tail + 1]):
            for forth in (True, False):
                here, there = (tail, head[arc]) if forth else (head[arc], tail)
                entry = first[here]
                while entry != -1 and to[entry] != there:
                    entry = following[entry]
                if entry == -1:
                    entry, used = used, used + 1
                    to[entry], out[entry], back[entry] = there, CLOSED, CLOSED
                    following[entry], first[here] = first[here], entry
                if forth:
                    out[entry] = min(out[entry], centiseconds[arc])
                else:
                    back[entry] = min(back[entry], centiseconds[arc])
    return first, to[:used].copy(), out[:used].copy(), back[:used].copy(), following[:used].copy()


@njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def _eliminate(  # noqa: PLR0912, PLR0915 - one compiled loop over shared lists
    first: Ints, to: Ints, out: Ints, back: Ints, following: Ints, most: int, worth: float
) -> tuple[Ints, int, NDArray[np.int64], Ints, Ints, Ints]:
    """Take junctions away by rounds, no two neighbours in one, block by block and then all over.

    The order, the size of the core, and the ways up as CSR.
    """
    nodes = len(first)
    degree = np.zeros(nodes, dtype=np.int32)
    for node in range(nodes):
        entry = first[node]
        while entry != -1:
            degree[node] += 1
            entry = following[entry]
    touched = np.zeros(nodes, dtype=np.int32)  # round in which a neighbour went
    order = np.empty(nodes, dtype=np.int32)
    rest = np.empty(nodes, dtype=np.int32)  # what the blocks leave
    resting, gone, ways, free, turn = 0, 0, 0, -1, 0
    pointers = np.zeros(nodes + 1, dtype=np.int64)
    up, there, thence = np.empty_like(to), np.empty_like(to), np.empty_like(to)
    around = np.empty((4, most), dtype=np.int32)  # neighbour, time there, time back, entry
    blocks = (nodes + _BLOCK - 1) // _BLOCK
    for block in range(blocks + 1):
        if block < blocks:
            alive = np.arange(block * _BLOCK, min(nodes, (block + 1) * _BLOCK)).astype(np.int32)
        else:
            alive = rest[:resting].copy()
            resting = 0
        left, allowed = len(alive), 2
        while left > 0 and allowed <= most:
            turn += 1
            kept, before = 0, gone
            for place in range(left):
                node = alive[place]
                if degree[node] > allowed or touched[node] == turn:
                    alive[kept] = node
                    kept += 1
                    continue
                count = 0
                entry = first[node]
                while entry != -1:
                    around[0, count], around[1, count], around[2, count] = to[entry], out[entry], back[entry]
                    around[3, count] = entry
                    count += 1
                    entry = following[entry]
                if ways + count > len(up):
                    up, there, thence = _longer(up), _longer(there), _longer(thence)
                for i in range(count):
                    neighbour = around[0, i]
                    up[ways], there[ways], thence[ways] = neighbour, around[1, i], around[2, i]
                    ways += 1
                    touched[neighbour] = turn
                    degree[neighbour] -= 1
                    following[around[3, i]] = free
                    free = around[3, i]
                    entry, previous = first[neighbour], -1
                    while to[entry] != node:
                        previous, entry = entry, following[entry]
                    if previous == -1:
                        first[neighbour] = following[entry]
                    else:
                        following[previous] = following[entry]
                    following[entry] = free
                    free = entry
                order[gone] = node
                gone += 1
                pointers[gone] = ways
                for i in range(count):
                    for j in range(count):
                        if i == j:
                            continue
                        forth = around[2, i] + around[1, j] if max(around[2, i], around[1, j]) < CLOSED else CLOSED
                        again = around[2, j] + around[1, i] if max(around[2, j], around[1, i]) < CLOSED else CLOSED
                        if min(forth, again) == CLOSED:
                            continue
                        here = around[0, i]
                        entry = first[here]
                        while entry != -1 and to[entry] != around[0, j]:
                            entry = following[entry]
                        if entry != -1:
                            out[entry], back[entry] = min(out[entry], forth), min(back[entry], again)
                            continue
                        if free == -1:
                            free = len(to)
                            to, out, back, following = _longer(to), _longer(out), _longer(back), _longer(following)
                            for fresh in range(free, len(to)):
                                following[fresh] = fresh + 1
                            following[len(to) - 1] = -1
                        entry, free = free, following[free]
                        to[entry], out[entry], back[entry] = around[0, j], forth, again
                        following[entry], first[here] = first[here], entry
                        degree[here] += 1
            left = kept
            if gone - before <= worth * left:
                allowed += 1
        rest[resting : resting + left] = alive[:left]
        resting += left
    for place in range(resting):
        node = rest[place]
        order[gone + place] = node
        entry = first[node]
        while entry != -1:
            if ways == len(up):
                up, there, thence = _longer(up), _longer(there), _longer(thence)
            up[ways], there[ways], thence[ways] = to[entry], out[entry], back[entry]
            ways += 1
            entry = following[entry]
        pointers[gone + place + 1] = ways
    return order, resting, pointers, up[:ways].copy(), there[:ways].copy(), thence[:ways].copy()


@njit(cache=True, nogil=True)  # type: ignore[misc, unused-ignore]
def _longer(values: Ints) -> Ints:
    longer = np.empty(len(values) + len(values) // 2 + 64, dtype=np.int32)
    longer[: len(values)] = values
    return longer
