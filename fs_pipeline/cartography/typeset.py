"""Typst with our fonts and no others, loaded once; the same template and values give the same bytes."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typst

PNG_PPI = 220.0


def typeset(template: Traversable, values: Mapping[str, str], *, dated: str) -> bytes:
    """A tagged PDF (PDF/UA-1) of a Typst file that reads `values` as ``sys.inputs`` and may import its neighbours.

    Parameters
    ----------
    dated
        ISO date that the file gives as its creation: never the clock.

    Raises
    ------
    typst.TypstError
        When the template or its values don't compile, or break PDF/UA-1.
    """
    noon = datetime.datetime.fromisoformat(dated).replace(hour=12, tzinfo=datetime.UTC)
    path = Path(str(template))
    content = _compiler().compile(
        path, root=path.parent, format="pdf", sys_inputs=dict(values), pdf_standards=["ua-1"], timestamp=noon
    )
    return _bytes(content)


def drawn(template: Traversable, values: Mapping[str, str]) -> bytes:
    """A Typst file of one page, which reads `values` as ``sys.inputs``, as an image (PNG)."""
    path = Path(str(template))
    return _bytes(_compiler().compile(path, root=path.parent, format="png", ppi=PNG_PPI, sys_inputs=dict(values)))


def _bytes(content: bytes | list[bytes] | None) -> bytes:
    if not isinstance(content, bytes):
        raise TypeError("one document was expected of Typst")
    return content


@cache
def _compiler() -> typst.Compiler:
    import typst

    fonts = files("fs_pipeline.cartography") / "fonts"
    own = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts)])
    return typst.Compiler(font_paths=own, ignore_system_fonts=True)
