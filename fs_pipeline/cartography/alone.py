"""Each file of a publication is made alone: one that fails is noted, and withholds no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Failed = dict[str, Exception]  # file -> why it could not be made


def each_alone(makers: Mapping[str, Callable[[], bytes]], failed: Failed | None) -> dict[str, bytes]:
    """File name to bytes of those that can be made; the others are noted in `failed`, or raised where it is None."""
    files = {}
    for name, make in makers.items():
        try:
            files[name] = make()
        except Exception as error:
            if failed is None:
                raise
            failed[name] = error
    return files
