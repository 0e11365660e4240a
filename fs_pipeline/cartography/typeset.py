"""Typst with our fonts and no others, loaded once; the same template and values give the same bytes."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

from fs_pipeline.cartography.glyphs import drawable

if TYPE_CHECKING:
    import typst

    from fs_pipeline.cartography.static_map import StaticMap

PNG_PPI = 220.0
_IMAGE = """
#set page(width: auto, height: auto, margin: 0mm, fill: white)
#image(bytes(sys.inputs.svg), format: "svg")
"""


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


def draw_png(static_map: StaticMap) -> bytes:
    """The printed map as an image, for those who paste it elsewhere."""
    content = _compiler().compile(
        _IMAGE.encode(), format="png", ppi=PNG_PPI, sys_inputs={"svg": drawable(static_map.svg)}
    )
    return _bytes(content)


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
