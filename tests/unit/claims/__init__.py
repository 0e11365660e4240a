"""Claims of real dossiers that were read beside the raw rows they rest on; drawn with ``tools/draw_claims.py``.

Kept without their rows, which are a survey's: the claim's id, the verdict and why. The last draw is the figure.
"""
