"""What a place does for démarches, all of them together: the best that its row of the matrix says."""

from __future__ import annotations

import pandas as pd

# From the surest help to none; a place of which nothing is said is ``unknown``, whether or not it has rows.
EVIDENCE = ("confirmed", "by_label", "general", "orientation", "none", "unknown")
HELPS = frozenset({"confirmed", "by_label", "general"})


def help_by_place(matrix: pd.DataFrame) -> dict[str, str]:
    """Place_id -> its best evidence among ``EVIDENCE``; a place without rows is not there.

    Parameters
    ----------
    matrix
        ``demarche_matrix``: place_id and evidence.
    """
    if matrix.empty:
        return {}
    ranks = matrix["evidence"].map({code: rank for rank, code in enumerate(EVIDENCE)})
    best = ranks.groupby(matrix["place_id"]).min().dropna()
    return {str(place): EVIDENCE[int(rank)] for place, rank in best.items()}
