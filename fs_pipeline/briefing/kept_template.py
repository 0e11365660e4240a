"""The Word template of a dossier, cleaned and compiled once: what fills it changes, it does not."""

from __future__ import annotations

import re
from functools import cache

import jinja2
from docxtpl import DocxTemplate

_BREAKS = re.compile(r"<w:t(?: [^>]*)?>[^<]*[\t\a\n\f]")  # in a text: elsewhere in a part they are nothing to a reader
_cleaned: dict[str, str] = {}  # of the few parts of the one template


class KeptTemplate(DocxTemplate):  # type: ignore[misc]  # docxtpl says nothing of its types
    """As docxtpl's, to the byte, which cleans every part of its tags again for each document."""

    def patch_xml(self, src_xml: str) -> str:
        """The part as Jinja reads it."""
        if src_xml not in _cleaned:
            _cleaned[src_xml] = super().patch_xml(src_xml)
        return _cleaned[src_xml]

    def resolve_listing(self, xml: str) -> str:
        """Tabs and breaks in texts as Word has them; a part without any is left as it is."""
        return str(super().resolve_listing(xml)) if _BREAKS.search(xml) else xml


class _Environment(jinja2.Environment):
    def __init__(self) -> None:
        super().__init__(autoescape=True)
        self._compiled: dict[str, jinja2.Template] = {}

    def from_string(self, source: str, *_: object, **__: object) -> jinja2.Template:  # type: ignore[override]
        if source not in self._compiled:
            self._compiled[source] = super().from_string(source)
        return self._compiled[source]


@cache
def environment() -> jinja2.Environment:
    """In which each part is compiled once; what fills it is escaped."""
    return _Environment()
