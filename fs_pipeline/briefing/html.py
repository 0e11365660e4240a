"""The view model as one HTML file that opens from disk: nothing is fetched, not even a font."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import jinja2
from markupsafe import Markup

from fs_pipeline.briefing.national import NationalBrief
from fs_pipeline.briefing.view import Brief
from fs_pipeline.cartography import palette
from fs_pipeline.cartography.static_map import StaticMap


def write_html(brief: Brief | NationalBrief, static_map: StaticMap, outreach_map: StaticMap | None = None) -> bytes:
    """The dossier, or the nation's brief, as a page; same view, same bytes."""
    template, alt = (
        ("national.html.jinja", brief.map_alt)
        if isinstance(brief, NationalBrief)
        else ("dossier.html.jinja", brief.map.alt)
    )
    return render(
        template,
        brief=brief,
        css=style("page.css", "dossier.css") + _tones(),
        drawn=_accessible(static_map, alt),
        outreach_drawn=None if outreach_map is None else _accessible(outreach_map, _outreach_alt(brief)),
        palette=palette.for_templates(),
    )


def _outreach_alt(brief: Brief | NationalBrief) -> str:
    return brief.outreach.alt if isinstance(brief, Brief) else ""


def render(template: str, *, css: Markup, scripts: Sequence[Markup] = (), **values: object) -> bytes:
    """A template of this room, filled in; what comes from data is escaped, and nothing runs but `scripts`.

    Where ``web`` is given, the page is served with files beside it, which it may read and run.
    """
    policy = content_policy(css, scripts, neighbours=bool(values.get("web")))
    return environment().get_template(template).render(css=css, scripts=scripts, policy=policy, **values).encode()


def content_policy(css: str, scripts: Sequence[str], *, neighbours: bool = False) -> Markup:
    """What a browser may do with a page: apply this style, run these scripts, and nothing else; nothing is fetched.

    With `neighbours`, files of its own site too: scripts, styles, a worker, and the tiles that it draws.
    """
    own = " 'self'" if neighbours else ""
    allowed = [
        "default-src 'none'", "base-uri 'none'", "form-action 'none'", "img-src data:", "font-src data:",
        f"style-src {_hashed(css)}{own}", *([f"script-src {' '.join(map(_hashed, scripts))}{own}"] if scripts else ()),
        *(["connect-src 'self'", "worker-src 'self'"] if neighbours else ()),
    ]  # fmt: skip
    return Markup("; ".join(allowed))  # noqa: S704  # nothing of it is data


def _hashed(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


@cache
def environment() -> jinja2.Environment:
    """The room's templates, strict about names."""
    folder = files("fs_pipeline.briefing") / "templates"
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(str(folder)),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def style(*names: str) -> Markup:
    """Style sheets of this room, one after the other."""
    folder = files("fs_pipeline.briefing") / "templates"
    return Markup("\n".join((folder / name).read_text(encoding="utf-8") for name in names))  # noqa: S704  # our own file


def _accessible(static_map: StaticMap, alt: str) -> Markup:
    """The drawing as an image with its text, in a page that sets its size."""
    opened = Markup('<svg class="drawn" role="img" aria-label="{}" ').format(alt)
    drawing = static_map.svg.removeprefix("<svg ")
    return opened + Markup(drawing)  # noqa: S704  # written by draw_map, which escapes names


def _tones() -> Markup:
    """The classes of the hours' table; an attribute for each cell's style would be refused by the page's policy."""
    rules = (
        f"\n.tone{n} {{ background: {fill}; color: {ink}; }}" for n, (_, fill, ink) in enumerate(palette.HOUR_TONES)
    )
    return Markup("".join(rules))  # noqa: S704  # our own colours
