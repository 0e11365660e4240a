"""Make the Word template of the dossier, with its styles and the tags that fill it: `python tools/build_dossier_docx.py`.

The words and figures are the view model's (`briefing/view.py`); a cabinet changes the looks by changing the styles. Writes
``fs_pipeline/briefing/templates/dossier.docx``; the same code gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

from fs_pipeline.briefing.docx import still

TEMPLATE = Path(__file__).resolve().parent.parent / "fs_pipeline" / "briefing" / "templates" / "dossier.docx"
_INK, _GREY, _BLUE = (RGBColor.from_string(code) for code in ("1B2430", "55606E", "17477E"))
_HEAD, _CELL, _ROW_HEAD = "Tableau, entête", "Tableau", "Tableau, titre de ligne"
_NAMES_ROW = 1  # the column whose words name the row, where a rank or an operator comes before it
_UPRIGHT = "Tableau, entête debout"  # two lines in a narrow column
_MARGIN = "50"  # at either side of a cell, in twentieths of a point
_FONT = "Arial"  # on every machine of a cabinet
Columns = Sequence[tuple[str, str, float]]  # head, what fills it for `row`, width in millimetres


def template() -> bytes:
    """The template, the same bytes each time."""
    document = docx.Document()
    _styles(document)
    _page(document)
    _cover(document)
    _map(document)
    _outreach(document)
    _demarches(document)
    _by_place(document)
    _gaps(document)
    _levers(document)
    _hours(document)
    _moves(document)
    _charter(document)
    _differences(document)
    _areas(document, "brief.arrondissements", "Arrondissement")
    _areas(document, "brief.epcis", "Intercommunalité")
    _session(document)
    _meeting(document)
    stream = io.BytesIO()
    document.save(stream)
    return still(stream.getvalue())


def main() -> None:
    """Write the template."""
    TEMPLATE.write_bytes(template())
    print(f"{TEMPLATE.name}: {TEMPLATE.stat().st_size:,} bytes")


def _styles(document: Document) -> None:
    """What the template sets its words in: nothing else is formatted by hand."""
    styles = document.styles
    for name, size, bold, colour, above, below in (
        ("Normal", 10.0, False, _INK, 0, 4), ("Title", 26.0, True, _INK, 0, 4), ("Subtitle", 12.0, False, _GREY, 0, 8),
        ("Heading 1", 17.0, True, _INK, 18, 6), ("Heading 2", 12.0, True, _INK, 12, 4), ("List Bullet", 10.0, False, _INK, 0, 3),
        ("List Number", 11.5, False, _INK, 0, 5), ("Caption", 8.5, False, _GREY, 3, 8),
    ):  # fmt: skip
        style = styles[name]
        style.font.name, style.font.size, style.font.bold = _FONT, Pt(size), bold
        style.font.italic = False
        style.font.color.rgb = colour
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), _FONT)
            fonts.attrib.pop(qn(f"w:{'cstheme' if script == 'cs' else script + 'Theme'}"), None)
        for spacing in style.element.rPr.findall(qn("w:spacing")):
            style.element.rPr.remove(spacing)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(above), Pt(below)
    styles["Subtitle"].paragraph_format.keep_with_next = True
    for name in ("Title", "Heading 1"):  # the look has no rule under them
        for border in styles[name].element.findall(".//" + qn("w:pBdr")):
            border.getparent().remove(border)
    for name, bold, colour in (
        (_HEAD, True, _GREY),
        (_CELL, False, _INK),
        (_ROW_HEAD, True, _INK),
    ):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        style.font.size, style.font.bold, style.font.color.rgb = Pt(9), bold, colour
        style.paragraph_format.space_after = Pt(1)
    upright = styles.add_style(_UPRIGHT, WD_STYLE_TYPE.PARAGRAPH)
    upright.base_style = styles[_CELL]
    upright.font.size = Pt(7)
    margins = OxmlElement("w:tblCellMar")
    for side in ("w:left", "w:right"):
        margin = OxmlElement(side)
        margin.set(qn("w:w"), _MARGIN)
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties = styles["Table Grid"].element.find(qn("w:tblPr"))
    for given in properties.findall(qn("w:tblCellMar")):
        properties.remove(given)
    properties.append(margins)
    strong = styles.add_style("Fort", WD_STYLE_TYPE.CHARACTER)
    strong.font.bold = True
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "fr-FR")
    styles["Normal"].element.get_or_add_rPr().append(language)


def _page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(17)
    section.top_margin, section.bottom_margin = Mm(20), Mm(17)
    section.header.paragraphs[0].text = "{{ brief.title }} – {{ brief.departement_name }}, {{ brief.campaign }}"
    section.footer.paragraphs[
        0
    ].text = (
        "{% if brief.banner %}{{ brief.banner }} · {% endif %}{{ brief.edition }} · empreinte {{ brief.fingerprint }}"
    )
    for paragraph in (section.header.paragraphs[0], section.footer.paragraphs[0]):
        paragraph.style = document.styles["Caption"]


def _cover(document: Document) -> None:
    _say(document, "{{ brief.title }}", "Title")
    _say(
        document,
        "{{ brief.departement_line }} · {{ brief.campaign }} · données au {{ brief.reference_date }}",
        "Subtitle",
    )
    _say(document, "{{ brief.edition }}. {{ brief.meeting.deposit }} {{ brief.meeting.lead }}")
    _say(document, "À retenir", "Heading 1")
    _say(document, "{%p for strong, rest in brief.findings %}")
    paragraph = _say(document, "", "List Number")
    paragraph.add_run("{{ strong }}", style="Fort")
    paragraph.add_run("{{ rest }}")
    _say(document, "{%p endfor %}")
    _say(document, "Chiffres clés", "Heading 1")
    _unless(document, "brief.figures_empty")
    _listing(document, "brief.figures", (("Valeur", "{{ row.value }}", 28), ("Indicateur", "{{ row.label }}", 60),
                                         ("Sur quoi il repose", "{{ row.trust }}", 88)))  # fmt: skip
    _say(document, "{%p if brief.comparison.lead %}")
    _say(document, "{{ brief.comparison.lead }}")
    _say(document, "{%p endif %}")
    _listing(
        document,
        "brief.comparison.rows",
        (
            ("Chiffre, et ce qui est à côté", "{{ row.label }}. {{ row.line }}.", 76),
            ("{{ brief.departement_name }}", "{{ row.own }}", 22),
            ("Région", "{{ row.region }}", 18),
            ("France", "{{ row.nation }}", 18),
            ("{{ brief.comparison.previous_head }}", "{{ row.previous }}", 20),
            ("Autres départements", "{{ row.others }}", 22),
        ),
    )
    _say(document, "{{ brief.trust.title }}", "Heading 2")
    _listing(
        document,
        "brief.trust.lines",
        (("Sur quoi", "{{ row.label }}", 34), ("Ce qu’on en sait", "{{ row.said }}", 142)),
    )


def _map(document: Document) -> None:
    _chapter(document, "brief.map")
    _say(document, "{{ drawn }}")
    _say(document, "{{ brief.map.not_drawn }}", "Caption")
    _listing(
        document,
        "brief.map.classes",
        (("Temps de trajet", "{{ row.label }}", 60), ("Qui y vit", "{{ row.detail }}", 116)),
    )
    _say(document, "{{ brief.map.bar }}", "Caption")
    _listing(document, "brief.map.roles", (("Lieux", "{{ row.label }}", 120), ("Nombre", "{{ row.text }}", 56)))
    _say(document, "{{ brief.map.method }}", "Caption")
    _bullets(document, "brief.map.changes", "{{ row }}", "Depuis la campagne précédente")


def _outreach(document: Document) -> None:
    _say(document, "{%p if not brief.outreach.left_out %}")
    _chapter(document, "brief.outreach")
    _say(document, "{{ outreach_drawn }}")
    _listing(
        document,
        "brief.outreach.lines",
        (("Sur quoi", "{{ row.label }}", 40), ("Ce qu’on en sait", "{{ row.said }}", 136)),
    )
    _say(document, "{{ brief.outreach.trust }}", "Caption")
    _say(document, "Tournées et permanences", "Heading 2")
    _listing(document, "brief.outreach.rounds", (("Tournée", "{{ row[0] }}", 56), ("Arrêt", "{{ row[1] }}", 64),
                                                 ("Passage", "{{ row[2] }}", 56)))  # fmt: skip
    _say(document, "{{ brief.outreach.rounds_note }}", "Caption")
    _say(document, "{%p if brief.outreach.actors %}")
    _say(document, "Associations et acteurs", "Heading 2")
    _say(document, "{%p endif %}")
    _listing(document, "brief.outreach.actors", (
        ("Acteur", "{{ row.name }} ({{ row.kind }})", 40), ("Publics et territoire", "{{ row.publics }}", 34),
        ("Comment il va vers", "{{ row.outreach }}", 40),
        ("Contact", "{{ row.contact }}", 34),
    ))  # fmt: skip
    _say(document, "{{ brief.outreach.actors_trust }}", "Caption")
    _say(document, "{%p endif %}")


def _demarches(document: Document) -> None:
    _chapter(document, "brief.matrix")
    _unless(document, "brief.matrix.empty")
    counts = [
        (f"{{{{ brief.matrix.verdicts[{place}].label }}}}", f"{{{{ row.counts[{place}] }}}}", 9.5) for place in range(6)
    ]
    _listing(document, "brief.matrix.chosen", (
        ("Opérateur", "{{ row.operator }}", 24), ("Démarche", "{{ row.demarche }}", 56), *counts,
        ("Part confirmée", "{{ row.confirmed_text }}", 13), ("par le label", "{{ row.by_label_text }}", 13),
        ("en général", "{{ row.general_text }}", 13),
    ), upright=range(2, 11))  # fmt: skip
    _say(document, "{{ brief.matrix.chosen_note }} {{ brief.matrix.trust }}", "Caption")


def _by_place(document: Document) -> None:
    _say(document, "{%p if brief.by_place.rows %}")
    _chapter(document, "brief.by_place")
    legend = "{% for cell in brief.by_place.legend %}{{ letters[cell.code] }} {{ cell.word }}"
    _say(document, legend + "{% if not loop.last %} · {% endif %}{% endfor %}")
    _across(document, "brief.by_place.rows", (
        ("Opérateur", "{{ row.operator }}", 24), ("Démarche", "{{ row.demarche }}", 36.8),
    ), heads=("head in brief.by_place.heads", "{{ head.name }}"), cells=("cell in row.cells", "{{ letters[cell.code] }}"),
        width=7.2, height=48)  # fmt: skip
    _say(document, "{{ brief.by_place.trust }}", "Caption")
    _say(document, "{%p for note in brief.by_place.notes %}")
    paragraph = _say(document, "")
    paragraph.add_run("{{ note.title }}.", style="Fort")
    paragraph.add_run(" {{ note.said }}")
    _say(document, "{%p endfor %}")
    _say(document, "{%p endif %}")


def _gaps(document: Document) -> None:
    _chapter(document, "brief.gaps")
    _listing(document, "brief.gaps.areas", (
        ("Rang", "{{ row.rank }}", 12), ("Zone", "{{ row.names }}{% if row.about %} ({{ row.about }}){% endif %}", 66),
        ("Le geste qui l’aiderait le plus", "{{ row.act }}", 54), ("Habitants", "{{ row.population }}", 20),
        ("Trajet moyen", "{{ row.minutes }}", 24),
    ))  # fmt: skip
    _say(document, "{{ brief.gaps.areas_trust }}", "Caption")
    _say(document, "{%p if brief.gaps.areas %}")
    _say(document, "Commune par commune", "Heading 2")
    _say(document, "{%p endif %}")
    _unless(document, "brief.gaps.empty")
    _across(document, "brief.gaps.rows", (
        ("Rang", "{{ row.rank }}", 12), ("Commune", "{{ row.commune }}", 50), ("Habitants", "{{ row.population }}", 20),
        ("Trajet", "{{ row.minutes }} {{ row.minutes_band }}", 28),
    ), heads=("_, head in brief.gaps.heads", "{{ head }}"), cells=("count in row.counts", "{{ count }}"),
        width=11, height=24)  # fmt: skip
    _say(document, "{{ brief.gaps.trust }}", "Caption")
    _listing(
        document,
        "brief.gaps.not_computed",
        (("Commune sans temps de trajet", "{{ row[0] }}", 60), ("Pourquoi", "{{ row[1] }}", 116)),
    )
    _unless(document, "brief.gaps.not_computed_more")


def _levers(document: Document) -> None:
    _say(document, "{%p if not brief.levers.left_out %}")
    _chapter(document, "brief.levers")
    _listing(document, "brief.levers.rows", (
        ("Rang", "{{ row.rank }}", 12), ("Geste", "{{ row.act }}{% if row.note %} ({{ row.note }}){% endif %}", 62),
        ("Où", "{{ row.where }}", 40), ("Habitants gagnés, au moins", "{{ row.gained }}", 21),
        ("Heures par semaine", "{{ row.hours }}", 18), ("Habitants × heures", "{{ row.unit }}", 23),
    ))  # fmt: skip
    _say(document, "{{ brief.levers.trust }}", "Caption")
    _say(document, "{%p endif %}")


def _hours(document: Document) -> None:
    _chapter(document, "brief.hours")
    _unless(document, "brief.hours.empty")
    _say(document, "{%p for week in brief.hours.weeks %}")
    _say(document, "{{ week.name }}", "Heading 2")
    table = document.add_table(rows=4, cols=4, style="Table Grid")
    for row, texts in enumerate((
        ("Jour", "{%tc for hour in brief.hours.hours %}", "{{ hour }}", "{%tc endfor %}"),
        ("{%tr for day, cells in week.days %}", "", "", ""),
        ("{{ day }}", "{%tc for cell in cells %}", "{{ cell.share }} {{ cell.more }}", "{%tc endfor %}"),
        ("{%tr endfor %}", "", "", ""),
    )):  # fmt: skip
        for column, text in enumerate(texts):
            _cell(table, row, column, text, _HEAD if row == 0 else _ROW_HEAD if column == 0 else _CELL)
    _head(table)
    _say(document, "{%p endfor %}")
    _say(document, "{{ brief.hours.notes | join(' · ') }}", "Caption")
    _say(document, "{{ brief.hours.trust }}", "Caption")


def _moves(document: Document) -> None:
    _say(document, "{%p if not brief.moves.left_out %}")
    _chapter(document, "brief.moves")
    _listing(document, "brief.moves.rows", (("Changement", "{{ row.kind }}", 26), ("Lieu", "{{ row.place }}", 52),
                                            ("Commune", "{{ row.commune }}", 36), ("Quoi", "{{ row.what }}", 62)))  # fmt: skip
    _unless(document, "brief.moves.more")
    _say(document, "{%p endif %}")


def _charter(document: Document) -> None:
    _say(document, "{%p if not brief.charter.left_out %}")
    _chapter(document, "brief.charter")
    _listing(document, "brief.charter.promises", (
        ("Engagement", "{{ row.what }}", 56), ("Qui", "{{ row.who }}", 36), ("Échéance", "{{ row.due }}", 26),
        ("État", "{{ row.state }}", 22), ("Ce qu’on en sait", "{{ row.proof }}", 36),
    ))  # fmt: skip
    _say(document, "{{ brief.charter.promises_trust }}", "Caption")
    _say(document, "La charte de l’aller-vers, article par article", "Heading 2")
    _listing(document, "brief.charter.items", (
        ("Article", "{{ row.title }}{% if row.draft %} ({{ row.draft }}){% endif %}", 52),
        ("Ce qui se compte", "{{ row.indicator }}", 56), ("Valeur", "{{ row.value }}", 28),
        ("Source et manque", "{{ row.trust }}", 40),
    ))  # fmt: skip
    _say(document, "{{ brief.charter.items_trust }}", "Caption")
    _say(document, "{%p endif %}")


def _differences(document: Document) -> None:
    _say(document, "{%p if not brief.differences.left_out %}")
    _chapter(document, "brief.differences")
    _unless(document, "brief.differences.empty")
    _listing(document, "brief.differences.kinds", (("Ce qui diffère", "{{ row[0] }}", 76), ("Nombre", "{{ row[1] }}", 20),
                                                   ("Ce qui le règle", "{{ row[2] }}", 80)))  # fmt: skip
    _groups(document, "brief.differences.closed")
    _say(document, "{%p if brief.differences.rows %}")
    _say(document, "Valeurs qui diffèrent", "Heading 2")
    _say(document, "{{ brief.differences.rows_action }}")
    _say(document, "{%p endif %}")
    _listing(document, "brief.differences.rows", (
        ("Lieu", "{{ row.place }}", 36), ("Commune", "{{ row.commune }}", 24), ("Quoi", "{{ row.field }}", 20),
        ("Enquête", "{{ row.survey }}", 34), ("Liste nationale", "{{ row.listed }}", 34), ("À qui demander", "{{ row.ask }}", 28),
    ))  # fmt: skip
    _groups(document, "brief.differences.groups")
    _unless(document, "brief.differences.more")
    _say(document, "{{ brief.differences.trust }}", "Caption")
    _say(document, "{%p endif %}")


def _areas(document: Document, areas: str, kind: str) -> None:
    _say(document, f"{{%p if {areas}.rows %}}")
    _chapter(document, areas)
    _listing(document, f"{areas}.rows", (
        (kind, "{{ row.name }}", 50), ("Communes", "{{ row.communes }}", 18),
        ("Habitants", "{{ row.population }}", 22),
        ("À {{ brief.near }}\u00a0min", "{{ row.near }}", 18), ("À {{ brief.far }}\u00a0min", "{{ row.far }}", 18),
        ("Communes en partie à plus de {{ brief.near }}\u00a0min", "{{ row.beyond }}", 26),
        ("France services, bus, autres lieux", "{{ row.places }}", 24),
    ))  # fmt: skip
    _say(document, f"{{{{ {areas}.trust }}}}", "Caption")
    _say(document, "{%p endif %}")


def _session(document: Document) -> None:
    _say(document, "{%p if not brief.session.left_out %}")
    _chapter(document, "brief.session", page=True)
    _say(document, "Ordre du jour", "Heading 2")
    _listing(
        document,
        "brief.session.agenda",
        (("Point", "{{ row.what }}", 140), ("Durée proposée", "{{ row.length }}", 36)),
    )
    _say(document, "Décisions à prendre", "Heading 2")
    _unless(document, "brief.session.decisions_empty")
    _listing(document, "brief.session.decisions", (("Décision", "{{ row.act }}", 62), ("Pourquoi", "{{ row.why }}", 48),
                                                   ("Qui", "", 38), ("Pour quand", "", 28)))  # fmt: skip
    _say(document, "Une question à chaque opérateur", "Heading 2")
    _unless(document, "brief.session.questions_empty")
    _say(document, "{%p if brief.session.asked_of_all %}")
    _say(document, "{{ brief.session.asked_of_all }}")
    _say(document, "{%p endif %}")
    _listing(document, "brief.session.questions", (
        ("Opérateur", "{{ row.operator }}", 34), ("Cases rouges", "{{ row.red }}", 24),
        ("La démarche, et ce que l’on en sait", "{{ row.known }}", 74),
        ("Question", "{{ row.asked }}", 44),
    ))  # fmt: skip
    _say(document, "{{ brief.session.trust }}", "Caption")
    _say(document, "{%p endif %}")


def _meeting(document: Document) -> None:
    _chapter(document, "brief.meeting", page=True)
    _unless(document, "brief.meeting.empty_meeting")
    _listing(
        document,
        "brief.meeting.facts",
        (("Point", "{{ row[0] }}", 40), ("Ce que l’enquête en dit", "{{ row[1] }}", 136)),
    )
    _say(document, "Réserves", "Heading 2")
    _say(document, "{%p for strong, rest in brief.meeting.caveats %}")
    paragraph = _say(document, "", "List Bullet")
    paragraph.add_run("{{ strong }}", style="Fort")
    paragraph.add_run(" {{ rest }}")
    _say(document, "{%p endfor %}")
    for head, loop in (
        ("Méthode, en une carte", "brief.meeting.method"),
        ("Comment les minutes ont été trouvées", "brief.meeting.card"),
    ):
        _say(document, head, "Heading 2")
        _listing(document, loop, (("Point", "{{ row[0] }}", 46), ("Ce que cela veut dire", "{{ row[1] }}", 130)))
    _say(document, "Sources, leur date et leur âge", "Heading 2")
    _unless(document, "brief.meeting.empty_sources")
    _listing(document, "brief.meeting.sources", (
        ("Source", "{{ row.title }}", 44), ("Producteur", "{{ row.publisher }}", 36), ("Date", "{{ row.when }}", 40),
        ("Âge au {{ brief.reference_date }}", "{{ row.age }}", 32), ("Licence", "{{ row.licence }}", 24),
    ))  # fmt: skip
    _unless(document, "brief.left_out")
    _say(document, "Empreinte des données et du code\u00a0: {{ brief.fingerprint }}.", "Caption")


def _say(document: Document, text: str, style: str = "Normal") -> Paragraph:
    return document.add_paragraph(text, style=style)


def _chapter(document: Document, of: str, page: bool = False) -> None:
    _say(document, f"{{{{ {of}.title }}}}", "Heading 1").paragraph_format.page_break_before = page
    _say(document, f"{{{{ {of}.lead }}}}", "Subtitle")


def _unless(document: Document, sentence: str) -> None:
    """What is said where there is nothing to show, or more than is shown."""
    _say(document, f"{{%p if {sentence} %}}")
    _say(document, f"{{{{ {sentence} }}}}")
    _say(document, "{%p endif %}")


def _groups(document: Document, loop: str) -> None:
    _say(document, f"{{%p for row in {loop} %}}")
    _say(document, "{{ row.finding }}", "Heading 2")
    _say(document, "{{ row.action }}")
    _say(document, "{{ row.places | join(' · ') }}")
    _say(document, "{%p endfor %}")


def _bullets(document: Document, loop: str, text: str, head: str) -> None:
    _say(document, f"{{%p if {loop} %}}")
    _say(document, head, "Heading 2")
    _say(document, f"{{%p for row in {loop} %}}")
    _say(document, text, "List Bullet")
    _say(document, "{%p endfor %}")
    _say(document, "{%p endif %}")


def _listing(document: Document, loop: str, columns: Columns, upright: Sequence[int] = ()) -> None:
    """A table that is there only where it has rows: its head comes again on each page, its first words name the row.

    The heads of narrow columns, by their places in `upright`, are read from the bottom to the top.
    """
    _say(document, f"{{%p if {loop} %}}")
    table = document.add_table(rows=4, cols=len(columns), style="Table Grid")
    table.autofit = False
    for place, (head, text, width) in enumerate(columns):
        table.columns[place].width = Mm(width)
        for row in table.rows:
            row.cells[place].width = Mm(width)
        _cell(table, 0, place, head, _HEAD)
        _cell(table, 2, place, text, _ROW_HEAD if place == 0 else _CELL)
    _cell(table, 1, 0, f"{{%tr for row in {loop} %}}", _CELL)
    _cell(table, 3, 0, "{%tr endfor %}", _CELL)
    _head(table, upright)
    _say(document, "{%p endif %}")


def _across(
    document: Document,
    loop: str,
    columns: Columns,
    heads: tuple[str, str],
    cells: tuple[str, str],
    width: float,
    height: float,
) -> None:
    """A `_listing` with as many columns more as `heads` loops over, `width` millimetres wide, under upright heads."""
    _say(document, f"{{%p if {loop} %}}")
    first = len(columns)
    table = document.add_table(rows=4, cols=first + 3, style="Table Grid")
    table.autofit = False
    filled = (
        ([head for head, _, _ in columns], heads, _HEAD),
        ([f"{{%tr for row in {loop} %}}"], ("", ""), _CELL),
        ([text for _, text, _ in columns], cells, _CELL),
        (["{%tr endfor %}"], ("", ""), _CELL),
    )
    for row, (texts, (each, shown), style) in enumerate(filled):
        around = (f"{{%tc for {each} %}}", shown, "{%tc endfor %}") if each else ()
        for column, text in enumerate((*texts, *around)):
            named = style is _CELL and column == _NAMES_ROW
            _cell(table, row, column, text, _ROW_HEAD if named else style)
    for column, wide in enumerate((*(wide for _, _, wide in columns), width, width, width)):
        for cell in table.columns[column].cells:
            cell.width = Mm(wide)
    _head(table, upright=(first + 1,), height=height)
    table.cell(0, first + 1).paragraphs[0].style = document.styles[_UPRIGHT]
    _say(document, "{%p endif %}")


def _head(table: Table, upright: Sequence[int] = (), height: float = 24) -> None:
    """The first row comes again on each page, and no row is cut; python-docx has no words for it.

    `upright` heads are read from the bottom to the top, in `height` millimetres.
    """
    for column in upright:
        direction = OxmlElement("w:textDirection")
        direction.set(qn("w:val"), "btLr")
        table.cell(0, column)._tc.get_or_add_tcPr().append(direction)
        table.rows[0].height = Mm(height)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _cell(table: Table, row: int, column: int, text: str, style: str) -> None:
    paragraph = table.cell(row, column).paragraphs[0]
    paragraph.text, paragraph.style = text, style


if __name__ == "__main__":
    main()
