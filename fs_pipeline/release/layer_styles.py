"""How QGIS and a map server draw the two layers: by a column's classes, in the colours of our own maps.

A style is said once and written twice: as QML, which QGIS reads from the table ``layer_styles``, and as SLD 1.1 (OGC
Symbology Encoding) for the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree as ET

from fs_pipeline.cartography import palette
from fs_pipeline.cartography.layers import minutes_intervals
from fs_pipeline.coverage.thresholds import Thresholds

WHITE = "#FFFFFF"
_SLD, _SE, _OGC = "http://www.opengis.net/sld", "http://www.opengis.net/se", "http://www.opengis.net/ogc"
_PIXELS = 72 / 25.4  # Symbology Encoding counts in pixels of 0.28 mm; QGIS writes points, as here


@dataclass(frozen=True, slots=True)
class Kind:
    """How the rows of one value are drawn; millimetres."""

    value: str
    label: str
    fill: str
    stroke: str = WHITE
    mark: Literal["circle", "triangle", "square", "diamond"] = "circle"
    size: float = 2.0
    width: float = 0.3


@dataclass(frozen=True, slots=True)
class LayerStyle:
    """One style of a layer: its rows by the values of `column`."""

    layer: str
    name: str
    description: str
    column: str
    kinds: Sequence[Kind]
    areas: bool
    by_default: bool


def styles(thresholds: Thresholds, *, areas: bool) -> tuple[LayerStyle, ...]:
    """The styles of both layers, the default one of each first.

    Parameters
    ----------
    areas
        Whether communes are areas; points otherwise, where no contour is known.
    """
    return (
        LayerStyle(
            "lieux",
            "Sorte de lieu",
            "France services, antennes, bus et autres lieux recensés",
            "role",
            _ROLES,
            False,
            True,
        ),
        LayerStyle(
            "lieux",
            "Aide aux démarches",
            "La meilleure preuve d’aide du lieu, toutes démarches réunies",
            "evidence",
            _HELP,
            False,
            False,
        ),
        LayerStyle(
            "communes",
            "Minutes",
            "Temps de trajet de l’habitant médian au France services fixe le plus proche",
            "minutes_class",
            _minutes(thresholds),
            areas,
            True,
        ),
    )


_ROLES = (
    Kind("fixed", palette.ROLE_SINGULAR["fixed"], palette.BLUE, size=2.8),
    Kind("antenne", palette.ROLE_SINGULAR["antenne"], WHITE, palette.BLUE, size=2.4, width=0.5),
    Kind("itinerant", palette.ROLE_SINGULAR["itinerant"], WHITE, palette.BLUE, "triangle", 3.0, 0.4),
    Kind("other", palette.ROLE_SINGULAR["other"], palette.OTHER_PLACE, size=1.4, width=0.12),
)
_HELP = (
    Kind("confirmed", "aide confirmée pour une démarche au moins", palette.BLUE, size=2.6),
    Kind("by_label", "aide par le label France services", palette.HOUR_BAR, palette.BLUE, "square", 2.4),
    Kind("general", "aide déclarée, démarche non précisée", palette.OCHRE, WHITE, "diamond", 2.6),
    Kind("orientation", "oriente vers un autre lieu", WHITE, palette.INK, "triangle", 2.4),
    Kind("none", "déclaré sans aide", palette.VERMILION, WHITE, "square", 2.0),
    Kind("unknown", "aucune source ne le dit", palette.OTHER_PLACE, size=1.4, width=0.12),
)


def _minutes(thresholds: Thresholds) -> tuple[Kind, ...]:
    labels = palette.class_labels(thresholds)
    intervals = minutes_intervals(thresholds)
    return tuple(
        Kind(intervals[code], labels[code], fill, palette.GREY, width=0.16)
        for code, fill in palette.CLASS_FILLS.items()
    )


def qml(style: LayerStyle) -> str:
    """The style as QGIS 3 keeps it; older versions of QGIS read ``prop`` too, which is why it is preferred to ``Option``."""
    root = ET.Element("qgis", version="3.22.0", styleCategories="Symbology")
    renderer = ET.SubElement(
        root, "renderer-v2", type="categorizedSymbol", attr=style.column, symbollevels="1", enableorderby="0"
    )
    categories, symbols = ET.SubElement(renderer, "categories"), ET.SubElement(renderer, "symbols")
    for number, kind in enumerate(style.kinds):
        ET.SubElement(
            categories, "category", symbol=str(number), value=kind.value, label=kind.label, type="string", render="true"
        )
        symbol = ET.SubElement(
            symbols, "symbol", type="fill" if style.areas else "marker", name=str(number), alpha="1", clip_to_extent="1"
        )
        drawn = "SimpleFill" if style.areas else "SimpleMarker"
        above = str(len(style.kinds) - 1 - number)  # what is named first hides what is named after it
        layer = ET.SubElement(symbol, "layer", {"class": drawn, "pass": above, "locked": "0", "enabled": "1"})
        for key, value in (_fill(kind) if style.areas else _marker(kind)).items():
            ET.SubElement(layer, "prop", k=key, v=value)
    ET.SubElement(root, "layerGeometryType").text = "2" if style.areas else "0"
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + _written(root)


def _fill(kind: Kind) -> dict[str, str]:
    return {
        "color": _rgba(kind.fill), "style": "solid", "outline_color": _rgba(kind.stroke), "outline_style": "solid",
        "outline_width": f"{kind.width:g}", "outline_width_unit": "MM",
    }  # fmt: skip


def _marker(kind: Kind) -> dict[str, str]:
    return {"name": kind.mark, "size": f"{kind.size:g}", "size_unit": "MM"} | _fill(kind)


def sld(style: LayerStyle) -> str:
    """The style as Styled Layer Descriptor 1.1.0: one rule a value."""
    root = ET.Element(f"{{{_SLD}}}StyledLayerDescriptor", version="1.1.0")
    named = ET.SubElement(root, f"{{{_SLD}}}NamedLayer")
    ET.SubElement(named, f"{{{_SE}}}Name").text = style.layer
    user = ET.SubElement(named, f"{{{_SLD}}}UserStyle")
    ET.SubElement(user, f"{{{_SE}}}Name").text = style.name
    feature = ET.SubElement(user, f"{{{_SE}}}FeatureTypeStyle")
    for kind in style.kinds:
        rule = ET.SubElement(feature, f"{{{_SE}}}Rule")
        ET.SubElement(rule, f"{{{_SE}}}Name").text = kind.label
        equal = ET.SubElement(ET.SubElement(rule, f"{{{_OGC}}}Filter"), f"{{{_OGC}}}PropertyIsEqualTo")
        ET.SubElement(equal, f"{{{_OGC}}}PropertyName").text = style.column
        ET.SubElement(equal, f"{{{_OGC}}}Literal").text = kind.value
        if style.areas:
            _paint(ET.SubElement(rule, f"{{{_SE}}}PolygonSymbolizer"), kind)
        else:
            graphic = ET.SubElement(ET.SubElement(rule, f"{{{_SE}}}PointSymbolizer"), f"{{{_SE}}}Graphic")
            mark = ET.SubElement(graphic, f"{{{_SE}}}Mark")
            shape = {"diamond": "square"}.get(
                kind.mark, kind.mark
            )  # a square on its corner: the standard has no diamond
            ET.SubElement(mark, f"{{{_SE}}}WellKnownName").text = shape
            _paint(mark, kind)
            ET.SubElement(graphic, f"{{{_SE}}}Size").text = f"{kind.size * _PIXELS:.1f}"
            if kind.mark == "diamond":
                turned = ET.SubElement(graphic, f"{{{_SE}}}Rotation")
                ET.SubElement(turned, f"{{{_OGC}}}Literal").text = "45"
    return _written(root)


def _paint(parent: ET.Element, kind: Kind) -> None:
    fill = ET.SubElement(parent, f"{{{_SE}}}Fill")
    ET.SubElement(fill, f"{{{_SE}}}SvgParameter", name="fill").text = kind.fill.lower()
    stroke = ET.SubElement(parent, f"{{{_SE}}}Stroke")
    ET.SubElement(stroke, f"{{{_SE}}}SvgParameter", name="stroke").text = kind.stroke.lower()
    ET.SubElement(stroke, f"{{{_SE}}}SvgParameter", name="stroke-width").text = f"{kind.width * _PIXELS:.1f}"


def _rgba(colour: str) -> str:
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"


def _written(root: ET.Element) -> str:
    for prefix, address in (("sld", _SLD), ("se", _SE), ("ogc", _OGC)):
        ET.register_namespace(prefix, address)
    ET.indent(root, " ")
    return ET.tostring(root, encoding="unicode") + "\n"
