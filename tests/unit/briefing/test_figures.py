"""The view says what the marts hold, in French, and says why where they hold nothing."""

import re
from dataclasses import asdict, replace

import pandas as pd
import pytest

from fs_pipeline import french
from fs_pipeline.access.services import CONFIRMED, FRANCE_SERVICES, ITINERANT, Service
from fs_pipeline.briefing.figures import build_brief
from fs_pipeline.briefing.key_figures import key_figures, written
from fs_pipeline.briefing.slot import SlotTables, records
from fs_pipeline.briefing.view import Differences
from fs_pipeline.editions.edition import Edition
from fs_pipeline.warehouse.declared import declaration
from tests.unit.briefing.pages import spaced
from tests.unit.briefing.sample import access_classes, empty_tables, hour, lever, slot_counts, tiny_tables

OUR_CODES = re.compile(
    r"\b(?:not_computed|by_label|unknown|confirmed|uncovered|estimated|france_services|only_in_survey|None|nan|NaT|null"
    r"|True|False|value_differs|label_not_in_survey|fixed|itinerant|multi_site|odd|even)\b"
)


def texts(value: object) -> list[str]:
    """All that a reader reads: the view's texts but its codes."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        shown = [one for name, one in value.items() if name not in {"code", "key", "heads"} and "evidence" not in name]
        return [text for one in shown for text in texts(one)]
    if isinstance(value, list | tuple):
        return [text for one in value for text in texts(one)]
    return []


@pytest.mark.parametrize("tables", [tiny_tables(), empty_tables()], ids=["full", "empty"])
@pytest.mark.parametrize("edition", ["internal", "partners", "public"])
def test_no_code_of_ours_and_no_missing_value_reaches_a_reader(tables: SlotTables, edition: str) -> None:
    for text in texts(asdict(build_brief(tables, edition))):  # type: ignore[arg-type]
        assert not OUR_CODES.search(text), text


@pytest.mark.parametrize("edition", ["internal", "partners", "public"])
def test_french_typography_holds_everywhere(edition: str) -> None:
    for text in texts(asdict(build_brief(tiny_tables(), edition))):  # type: ignore[arg-type]
        assert not re.search(r"[ \u00a0][;!?%]", text), text  # a narrow no-break space
        assert not re.search(r"(?<=[a-zé]) :(?= )", text), text  # a no-break space
        assert not re.search(r"« (?=\S)|(?<=\S) »", text), text
        assert "'" not in text, text


def test_a_chapter_without_rows_says_why() -> None:
    brief = build_brief(empty_tables(), "internal")
    for chapter in (brief.matrix, brief.gaps, brief.levers, brief.hours, brief.differences):
        assert chapter.empty
    assert brief.figures_empty
    assert brief.meeting.empty_meeting
    assert brief.outreach.left_out
    assert brief.meeting.empty_sources


def test_a_figure_that_is_not_computed_says_why_where_its_number_would_stand() -> None:
    agents = next(figure for figure in build_brief(tiny_tables(), "public").figures if figure.key == "trained_agents")
    assert agents.value == "non calculé"
    assert agents.trust.startswith("aucune source ouverte ne les compte")


def test_every_figure_says_on_what_it_rests() -> None:
    before = ""
    for figure in build_brief(tiny_tables(), "internal").figures:
        before = before if figure.trust.endswith("que le chiffre précédent") else figure.trust
        assert before
        if figure.computed:
            assert "n\u00a0=\u00a0" in before


def test_figures_by_operator_come_after_those_of_the_whole() -> None:
    rows = pd.DataFrame(
        [
            {"key": "counters", "dimension": "operator=msa", "label": "MSA", "value": 1.0, "rank": 1},
            {"key": "places", "dimension": "", "label": "lieux", "value": 2.0, "rank": 5},
        ]
    )
    indicators = tiny_tables().having(indicators=rows).indicators
    assert [figure.key for figure in key_figures(indicators)] == ["places", "counters"]


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.8337, "share", "83\u202f%"),
        (0.9999, "share", "plus de 99\u202f%"),
        (0.0001, "share", "moins de 1\u202f%"),
        (28.5, "hours", "28,5\u00a0h"),
        (12345.0, "people", "12\u202f345"),
        (None, "share", "non calculé"),
        (0.0, "share", "0\u202f%"),
    ],
)
def test_a_value_is_written_with_its_unit(value: float | None, unit: str, expected: str) -> None:
    assert written(value, unit) == expected


def test_confirmed_and_by_label_are_never_one_number() -> None:
    brief = build_brief(tiny_tables(), "internal")
    for row in brief.matrix.rows:
        assert row.confirmed_text == french.share(row.confirmed)
        assert row.by_label_text == french.share(row.by_label)
        assert row.general_text == french.share(row.general) == "5\u202f%"
    assert {verdict.code for verdict in brief.matrix.verdicts} == {
        "confirmed", "by_label", "general", "orientation", "none", "unknown",
    }  # fmt: skip


def test_the_same_counts_stand_on_every_page() -> None:
    tables = tiny_tables()
    brief = build_brief(tables, "internal")
    unknown = next(verdict.total for verdict in brief.matrix.verdicts if verdict.code == "unknown")
    assert any(f"{unknown}\u00a0sur" in rest for _, rest in brief.findings)
    assert sum(int(count) for _, count, _ in brief.differences.kinds) == len(tables.discrepancies)
    assert sum(role.count for role in brief.map.roles) == len(tables.places)


def test_pairs_that_wait_for_a_person_are_counted_and_not_for_the_public() -> None:
    tables = tiny_tables()
    tables = tables.having(slot_counts=slot_counts(tables.places, to_review=2))
    counted = {label: count for label, count, _ in build_brief(tables, "internal").differences.kinds}
    assert counted["Rapprochement à trancher"] == "2"
    assert "Rapprochement à trancher" not in {label for label, _, _ in build_brief(tables, "public").differences.kinds}


def test_a_survey_that_says_nothing_of_demarches_does_not_read_as_zero_confirmed() -> None:
    tables = tiny_tables()
    silent = tables.demarche_matrix.assign(evidence="by_label")
    brief = build_brief(tables.having(demarche_matrix=silent), "internal")
    assert brief.findings[1][0] == "L’enquête ne dit rien de l’aide aux démarches"
    assert brief.matrix.lead.startswith("L’enquête ne dit rien de l’aide aux démarches")
    totals = {verdict.code: verdict.total for verdict in brief.matrix.verdicts}
    assert {totals["confirmed"], totals["general"], totals["orientation"], totals["none"]} == {"–"}
    assert {row.general_text for row in brief.matrix.rows} == {"–"}
    assert totals["by_label"] == french.number(len(silent))
    assert {row.confirmed_text for row in brief.matrix.rows} == {"–"}
    assert (brief.gaps.heads, {row.counts for row in brief.gaps.rows}) == ((), {()})  # all alike: said once
    assert "à 30 minutes ou moins : par le label 9, non couvertes 5, inconnues 8 ·" in plain(brief.gaps.trust)
    assert len(brief.matrix.chosen) < len(brief.matrix.rows) == 27
    assert "27 démarches du catalogue" in plain(brief.matrix.chosen_note)


def test_a_survey_that_says_who_helps_without_saying_with_what_is_neither_silent_nor_confirming() -> None:
    tables = tiny_tables()
    matrix = tables.demarche_matrix
    matrix = matrix.assign(evidence=["general" if n % 3 else "by_label" for n in range(len(matrix))])
    brief = build_brief(tables.having(demarche_matrix=matrix), "partners")
    said = "L’enquête dit quels lieux aident, sans dire pour quelles démarches"
    strong, rest = brief.findings[1]
    assert strong == said
    assert plain(rest) == (
        " : 27 sur 81 cases du tableau des démarches reposent sur le label seul, 54 sur une aide déclarée en général, "
        "démarche non précisée."
    )
    assert brief.matrix.lead.startswith(f"{said}\u00a0: rien n’est confirmé ni infirmé.")
    totals = {verdict.code: verdict.total for verdict in brief.matrix.verdicts}
    assert totals == {
        "confirmed": "–", "by_label": "27", "general": "54", "orientation": "–", "none": "–", "unknown": "0",
    }  # fmt: skip
    assert {(row.confirmed_text, row.general_text) for row in brief.matrix.rows} == {("–", "5\u202f%")}
    assert "à 30 minutes ou moins : par le label 9, en général 4, non couvertes 5, inconnues 8 ·" in plain(
        brief.gaps.trust
    )
    assert not [strong for strong, _ in brief.findings if strong == "On ne sait pas"]


def test_a_survey_by_demarche_says_beside_it_what_is_declared_in_general() -> None:
    tables = tiny_tables()
    matrix = tables.demarche_matrix.replace({"evidence": {"unknown": "general"}})
    strong, rest = build_brief(tables.having(demarche_matrix=matrix), "public").findings[1]
    assert strong == "Ce que l’enquête confirme"
    assert plain(rest).endswith(
        "reposent sur le label seul, 15 sur une aide déclarée en général, démarche non précisée."
    )


def test_what_has_no_source_is_said_on_one_line_of_the_card() -> None:
    method = pd.DataFrame(
        [
            (1, "Méthode", "estimée"),
            (2, "Ménages pauvres", "non calculé\u00a0: source absente (INSEE, Filosofi)"),
            (3, "Personnes de 65 ans et plus", "non calculé\u00a0: source absente (INSEE, Filosofi)"),
            (4, "Habitants de quartiers prioritaires", "non calculé\u00a0: source absente (liste des QPV)"),
        ],
        columns=["position", "label_fr", "value_fr"],
    )
    card = build_brief(tiny_tables().having(access_method=method), "internal").meeting.card
    assert [label for label, _ in card] == ["Méthode", "Non calculé, faute de source"]
    said = card[1][1].replace("\u00a0", " ")
    assert "ménages pauvres, personnes de 65 ans et plus (INSEE, Filosofi)" in said
    assert "habitants de quartiers prioritaires (liste des QPV)" in said


def test_the_classes_of_the_map_add_up_to_the_population() -> None:
    brief = build_brief(tiny_tables(), "internal")
    assert sum(one.share for one in brief.map.classes) == pytest.approx(1.0)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_what_the_map_does_not_draw_is_told_and_named_to_the_prefecture() -> None:
    tables = tiny_tables()
    assert plain(build_brief(tables, "internal").map.not_drawn) == "Chaque lieu recensé est sur la carte."
    one = {"source": "france_services", "source_id": "2701", "name": "Bus de Talence"}
    places = tables.places.assign(latitude=tables.places["latitude"].mask(tables.places.index == 0))
    tables = tables.having(
        places=places,
        slot_counts=tables.slot_counts.assign(listed_nowhere=1),
        unplaced_rows=pd.DataFrame([one, one | {"source": "la_poste", "name": "Relais"}]),
    )
    assert plain(build_brief(tables, "internal").map.not_drawn) == (
        "Hors de la carte : 1 lieu sans position connue ; "
        "1 ligne de la liste des France services, sans commune (« Bus de Talence »)."
    )
    assert "Talence" not in build_brief(tables.let_out("public"), "public").map.not_drawn


def test_what_an_edition_withholds_of_the_map_is_not_said_to_be_unknown() -> None:
    tables = tiny_tables()
    named = tables.places["name"].mask(tables.places.index == 0, "Chez l’habitant")
    places = tables.places.assign(name=named, latitude=tables.places["latitude"].mask(tables.places.index == 1))
    known = tables.places["place_id"].tolist()
    sources = ["survey"] * (len(known) - 1) + ["secret_list"]
    members = pd.DataFrame({"place_id": known, "source": sources, "source_id": known})
    tables = tables.having(places=places, place_members=members)
    assert plain(build_brief(tables, "internal").map.not_drawn) == "Hors de la carte : 1 lieu sans position connue."
    for edition in ("partners", "public"):
        assert plain(build_brief(tables, edition).map.not_drawn) == (
            "Hors de la carte : 1 lieu sans position connue ; 1 lieu dont la position est réservée ; 1 lieu réservé."
        )


@pytest.mark.parametrize(
    ("minutes", "title"),
    [
        ([12, 8], "Chaque commune est à 20 minutes ou moins"),
        ([12, None], "Aucun trajet calculé au-delà de 20 minutes"),
        ([12, 25], "Personne à plus de 30 minutes"),
        ([25, None], "Aucun trajet calculé au-delà de 30 minutes"),
    ],
)
def test_nobody_is_said_to_live_near_whose_journey_is_not_computed(minutes: list[float | None], title: str) -> None:
    tables = tiny_tables()
    told = [minutes[number % 2] for number in range(len(tables.communes))]
    tables = tables.having(access_classes=access_classes(tables.communes, told))
    assert build_brief(tables, "internal").map.title.replace("\u00a0", " ") == title


def test_a_share_of_the_legend_leaves_out_those_that_the_cover_leaves_out() -> None:
    tables = tiny_tables()
    told = [None, *[12.0] * (len(tables.communes) - 1)]
    people = tables.communes["population"].astype(float)
    tables = tables.having(access_classes=access_classes(tables.communes, told))
    by_code = {one.code: one for one in build_brief(tables, "internal").map.classes}
    share = next(one for one in by_code["near"].evidence.figures if one.name == "share")
    assert (share.value, share.n) == (1.0, people.iloc[1:].sum())
    assert "(100" in by_code["near"].detail
    assert by_code["not_computed"].detail.endswith("hors de ces parts")
    assert by_code["not_computed"].share == pytest.approx(people.iloc[0] / people.sum())


def test_people_who_are_far_in_communes_that_are_near_are_told_all_the_same() -> None:
    tables = tiny_tables()
    classes = access_classes(tables.communes, [12.0] * len(tables.communes)).set_index("minutes_class")
    classes.loc["far", ["population", "share"]] = [731.0, 0.001]
    points = pd.concat([tables.demand_points, tables.demand_points.head(1).assign(point_id="another")])
    several = tables.having(access_classes=classes.reset_index(), demand_points=points)
    drawn = build_brief(several, "internal").map
    assert drawn.title == "Qui vit trop loin d’une France services"
    assert plain(drawn.lead) == (
        "À plus de 30 minutes d’une France services fixe : 731 habitants (0,1 %), moins de la moitié de leur commune."
    )
    assert "habitant médian" in drawn.bar
    assert "habitant médian" not in build_brief(tables, "internal").map.bar


def test_an_operator_is_named_as_on_the_campaigns_date() -> None:
    def groups(date: str) -> set[str]:
        return {row.group for row in build_brief(replace(tiny_tables(), reference_date=date), "internal").matrix.rows}

    assert "Pôle emploi" in groups("2022-11-15")
    assert "France Travail" in groups("2024-06-01")


def test_a_long_catalogue_shows_what_the_survey_says_most_about() -> None:
    demarches = pd.DataFrame(
        [{"demarche_id": f"R{n}", "label": f"Démarche {n}", "theme": "x", "operator": "cnaf"} for n in range(40)]
    )
    matrix = pd.DataFrame(
        [
            {"place_id": "P1", "demarche_id": f"R{n}", "evidence": "confirmed" if n in {7, 31, 39} else "unknown"}
            for n in range(40)
        ]
    )
    tables = tiny_tables().having(demarches=demarches, demarche_matrix=matrix, demarche_shares=pd.DataFrame())
    said = build_brief(tables, "internal").matrix
    assert [(row.demarche_id, row.operator) for row in said.chosen] == [("R7", "Caf"), ("R31", ""), ("R39", "")]
    assert len(said.rows) == 40


def test_the_public_does_not_read_what_differs_place_by_place() -> None:
    brief = build_brief(tiny_tables(), "public")
    assert brief.differences.rows == ()
    assert brief.differences.more
    assert brief.meeting.facts == ()


def test_without_a_survey_the_survey_is_not_said_to_be_silent() -> None:
    tables = tiny_tables()
    unsaid = tables.demarche_matrix.assign(evidence="by_label")
    nobody = tables.slot_counts.assign(surveyed=0, in_both=0)
    silent = build_brief(tables.having(demarche_matrix=unsaid), "internal")
    alone = build_brief(tables.having(demarche_matrix=unsaid, slot_counts=nobody), "internal")
    for brief, said in ((silent, "L’enquête ne dit rien"), (alone, "Aucune enquête n’a été déposée")):
        assert brief.findings[1][0].startswith(said)
        assert brief.matrix.lead.startswith(said)
        assert f"–\u00a0: {said[0].lower()}{said[1:]}" in brief.matrix.trust
        assert f"–\u00a0: {said[0].lower()}{said[1:]}" in brief.gaps.trust


def test_the_cover_gives_the_band_and_warns_of_a_share_that_rests_on_few_points() -> None:
    tables = tiny_tables()
    shares = tables.access_shares.assign(share=0.8, share_low=0.7, share_high=0.9, points=40, points_not_computed=10)
    said = build_brief(tables.having(access_shares=shares), "internal").findings[0][1]
    assert "(de 70 % à 90 % selon la vitesse)" in said.replace("\u202f", " ").replace("\u00a0", " ")
    assert "prudence" not in said
    assert build_brief(tables.having(access_shares=shares), "internal").findings[0][0] == "80\u202f% des habitants"
    partly = shares.assign(population_not_computed=5.0)
    strong = build_brief(tables.having(access_shares=partly), "internal").findings[0][0]
    assert strong == "80\u202f% des habitants dont le trajet est calculé"
    few = shares.assign(points_not_computed=11, share_low=0.8, share_high=0.8)
    said = build_brief(tables.having(access_shares=few), "internal").findings[0][1].replace("\u00a0", " ")
    assert "selon la vitesse" not in said
    assert "29 points de départ)" in said
    assert said.endswith("À lire avec prudence : elle repose sur peu de points.")


def test_a_commune_far_from_its_own_house_is_told_with_the_reason() -> None:
    tables = tiny_tables()
    gaps = tables.gaps.assign(reason="son lieu est à 16\u00a0km de la mairie, à vol d’oiseau")
    brief = build_brief(tables.having(gaps=gaps), "internal")
    assert "son lieu est à 16\u00a0km de la mairie" in brief.findings[2][1]
    assert "(son lieu est à 16\u00a0km de la mairie, à vol d’oiseau)" in brief.gaps.rows[0].commune
    assert "son lieu" not in build_brief(tables, "internal").findings[2][1]


def test_the_first_commune_is_said_to_be_far_at_any_speed_or_perhaps_near_at_another() -> None:
    tables = tiny_tables()
    for minutes, certain, said in (
        (
            25.0,
            True,
            "25\u00a0min jusqu’à la France services la plus proche, et plus loin que ce seuil même au plus court de la "
            "fourchette",
        ),
        (
            22.8,
            False,
            "23\u00a0min jusqu’à la France services la plus proche, mais peut-être en deçà de ce seuil\u00a0: 19\u00a0min",
        ),
    ):
        gaps = tables.gaps.assign(minutes=minutes, minutes_low=minutes / 1.2, certain=certain)
        told = build_brief(tables.having(gaps=gaps), "internal").findings[2][1]
        assert said in told


@pytest.mark.parametrize(
    ("low", "share", "high", "either_way"),
    [(0.40, 0.45, 0.49, False), (0.42, 0.48, 0.57, True), (0.45, 0.62, 0.80, True), (0.50, 0.62, 0.80, False)],
)
def test_a_share_that_is_most_at_one_speed_and_few_at_another_says_so_on_the_cover(
    low: float, share: float, high: float, either_way: bool
) -> None:
    tables = tiny_tables()
    shares = tables.access_shares.assign(share_low=low, share=share, share_high=high)
    told = build_brief(tables.having(access_shares=shares), "internal").findings[0][1]
    assert f"(de {100 * low:.0f}\u202f% à {100 * high:.0f}\u202f% selon la vitesse)" in told
    assert ("La majorité ou la minorité\u00a0: cela dépend de la vitesse." in told) is either_way


def _differences(*rows: dict[str, object], edition: Edition = "internal") -> Differences:
    """The chapter of these rows of ``discrepancies``; what a row does not say is missing."""
    frame = pd.DataFrame(list(rows)).reindex(columns=declaration("discrepancies").names).astype(object)
    frame = frame.where(frame.notna(), None)
    return build_brief(tiny_tables().having(discrepancies=frame), edition).differences


def test_what_misleads_the_public_comes_first_and_no_sort_of_difference_hides_another() -> None:
    rows: list[dict[str, object]] = [
        {"kind": "only_in_survey", "name": f"Seule {n:02}", "action": "inscrire"} for n in range(70)
    ]
    rows += [{"kind": "label_not_in_survey", "name": f"Absente {n}", "action": "compléter"} for n in range(3)]
    rows += [{"kind": "perhaps_in_survey", "name": "Peut-être", "host": "Maison Mirabelle", "action": "dire"}]
    values = {"kind": "value_differs", "survey_value": "a", "national_value": "b", "action": "appeler"}
    rows += [
        values | {"name": f"Valeur {n:02} {field}", "field": field} for field in ("phone", "hours") for n in range(12)
    ]
    rows += [{"kind": "closed_or_moved", "name": "Fermée", "action": "vérifier"}]
    told = _differences(*rows)
    assert [group.places for group in told.closed] == [("Fermée, commune inconnue",)]
    shown = [row.place for row in told.rows]
    assert shown == [*(f"Valeur {n:02} hours" for n in range(8)), *(f"Valeur {n:02} phone" for n in range(8))]
    assert told.more == "16\u00a0sur\u00a024 valeurs sont montrées ici\u202f; toutes sont remises à la préfecture."
    perhaps, absent, alone = told.groups  # each sentence once, whatever the number of its places
    assert perhaps.places == ("Peut-être, commune inconnue\u202f; dans l’enquête\u00a0: Maison Mirabelle",)
    assert (absent.finding, len(absent.places)) == ("3\u00a0lieux\u00a0: labellisés, absents de l’enquête", 3)
    assert (alone.places[-1], len(alone.places)) == ("et 10 autres, remis à la préfecture", 61)


def test_a_difference_gives_both_values_with_their_dates_and_whom_to_ask() -> None:
    row: dict[str, object] = {
        "kind": "value_differs", "name": "France services Valbrume", "survey_name": "Mairie de Valbrume",
        "commune": "Valbrume", "survey_date": "2022-03-02", "source_date": "2022-12-01", "phone": "+33556000001",
        "action": "Appeler le lieu",
    }  # fmt: skip
    hours = {"field": "hours", "survey_value": "Mo 09:00-12:00", "national_value": "Mo 09:00-17:00"}
    where = {"field": "position", "survey_value": "44.1, 0.2", "national_value": "44.2, 0.2", "metres": 11_120.0,
             "survey_precision": "own", "national_precision": "street", "phone": None, "email": "a@valbrume.example"}  # fmt: skip
    told = _differences(row | hours, row | where)
    first, second = told.rows
    assert first.place == "France services Valbrume (dans l’enquête\u00a0: Mairie de Valbrume)"
    assert (first.survey, first.listed) == (
        "lun. 9\u00a0h–12\u00a0h (02/03/2022)", "lun. 9\u00a0h–17\u00a0h (01/12/2022)",
    )  # fmt: skip
    assert first.ask.replace("\u00a0", " ") == "05 56 00 00 01"
    assert second.field.replace("\u00a0", " ") == "position ; points à 11,1 km l’un de l’autre"
    assert (second.survey, second.listed, second.ask) == (
        "44.1, 0.2, point donné (02/03/2022)", "44.2, 0.2, point trouvé à la rue (01/12/2022)", "a@valbrume.example",
    )  # fmt: skip
    assert told.rows_action == "Appeler le lieu."
    public = _differences(row | hours, edition="public")
    assert (public.rows, public.groups, public.closed) == ((), (), ())


def test_the_same_hours_of_which_one_side_says_more_come_last_and_as_such() -> None:
    row: dict[str, object] = {"name": "A", "field": "hours", "survey_value": "Mo 09:00-12:00", "action": "appeler"}
    finer = row | {"kind": "finer_detail", "national_value": 'Mo 09:00-12:00 "sur rendez-vous"'}
    told = _differences(finer, row | {"kind": "value_differs", "name": "B", "national_value": "Mo 09:00-13:00"})
    assert [one.place for one in told.rows] == ["B", "A"]
    assert told.rows[1].field == "horaires, mêmes heures\u00a0; un côté en dit plus"


def test_a_list_with_more_rows_than_places_says_both() -> None:
    tables = tiny_tables()
    assert "ligne" not in build_brief(tables, "internal").differences.lead
    counts = tables.slot_counts.assign(listed=42, listed_rows=43)
    lead = build_brief(tables.having(slot_counts=counts), "internal").differences.lead
    assert "42 lieux (43 lignes) dans la liste des France services" in lead.replace("\u00a0", " ")


def test_neighbouring_communes_too_far_are_told_together() -> None:
    area = {
        **FRANCE_SERVICES.columns,
        "threshold": 20,
        "rank": 1,
        "communes": 5,
        "names": "Valbrume, L'Épine, Mirevent, Rochemaille, Œuvres",
        "epci_name": "CC d’Exercice",
        "population": 4321.0,
        "poor_households": 12.0,
        "aged_65": None,
        "minutes_mean": 24.0,
        "minutes_worst": 30.04,
        "gap_id": "g1",
    }
    areas = pd.DataFrame([area, area | {"threshold": 30, "rank": 1}, area | Service(CONFIRMED, "R100").columns])
    profile = {
        "gap_id": "g1", "minutes_low": 19.0, "minutes_high": 29.0, "households": 40.0, "poor_households": 12.0,
        "unknown_poverty": 0.25, "aged_65": None, "aged_80": None, "unknown_age": 1.0, "quarters": 0.0, "unknown_quarters": 0.0,
    }  # fmt: skip
    profiles = pd.DataFrame([profile])
    said = build_brief(tiny_tables().having(gap_areas=areas, gap_profiles=profiles), "partners").gaps
    (only,) = said.areas
    assert only.names == "Valbrume, L’Épine, Mirevent et 2\u00a0autres"
    about = (
        "CC d’Exercice · 12 ménages pauvres sur 40 (30 %) · aucun quartier prioritaire · part inconnue : pauvreté, 25 %"
    )
    assert spaced(only.about) == about
    assert "non calculés, sans source déclarée\u00a0: âge" in said.areas_trust
    assert "ménages sans voiture" in said.areas_trust
    assert spaced(only.minutes) == "24 min (de 19 à 29), 30,1 min au plus"
    assert "1\u00a0sur\u00a01" in said.areas_trust


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (19.6, "20\u00a0min"),
        (20.0, "20\u00a0min"),
        (20.04, "20,1\u00a0min"),
        (23.4, "23\u00a0min"),
        (None, "non calculé"),
    ],
)
def test_what_is_just_over_a_limit_does_not_read_as_within(value: float | None, expected: str) -> None:
    assert french.minutes(value, (20, 30)) == expected


def test_levers_of_all_kinds_compare_by_inhabitants_and_hours() -> None:
    tables = tiny_tables()
    first = tables.places.iloc[0]
    levers = pd.DataFrame(
        [
            lever("new_place", FRANCE_SERVICES, "99003", 4000.0, hours=24.0) | {"alternatives": "99004"},
            lever("bus_stop", ITINERANT, "99003", 3500.0, hours=3.0),
            lever(
                "longer_hours",
                FRANCE_SERVICES,
                first["insee"],
                9000.0,
                first["place_id"],
                "saturday_morning",
                hours=3.0,
            ),
            lever("open_demarche", Service(CONFIRMED, "R100"), first["insee"], 99000.0, first["place_id"]),
            lever("new_place", FRANCE_SERVICES, "99004", 99000.0) | {"threshold": 30},
        ]
    )
    said = build_brief(tables.having(levers=levers), "partners").levers
    assert [(row.act, row.where, row.gained, row.hours, row.unit) for row in said.rows] == [
        ("Ouvrir une France services", "Saint-Aulyn", "4\u202f000", "24\u00a0h", "96\u202f000"),
        ("Ouvrir le samedi matin", "France services de Valbrume", "9\u202f000", "3\u00a0h", "27\u202f000"),
        ("Aider pour «\u00a0Demander une aide (CNAF)\u00a0»", "France services de Valbrume", "99\u202f000",
         "inconnues", "non calculé"),
    ]  # fmt: skip
    assert said.rows[0].note == ("gain du même ordre à Mirevent\u202f; ou un arrêt de bus, 3\u00a0h\u00a0: 10\u202f500")
    assert [row.bar for row in said.rows] == [1.0, 27 / 96, 0.0]
    assert "3\u00a0sur\u00a03\u00a0gestes retenus, parmi 21 simulés" in said.trust
    assert "non chiffrés, faute de source" in said.trust


def test_a_larger_town_that_could_not_be_tried_is_named_with_the_reason() -> None:
    tables = tiny_tables()
    first = tables.places.iloc[0]
    hours = lever("longer_hours", FRANCE_SERVICES, first["insee"], 9000.0, first["place_id"], "lunch", hours=10.0)
    aside = {"set_aside": f"99004:partly_open {first['insee']}:unknown"}
    (row,) = build_brief(tables.having(levers=pd.DataFrame([hours | aside])), "partners").levers.rows
    own = dict(zip(tables.communes["insee"], tables.communes["name"], strict=True))[first["insee"]]
    assert row.note == (
        "sans avoir essayé Mirevent, qui ouvre déjà une partie de ces heures, ni "
        f"un autre lieu de {own}, dont les horaires ne sont pas sûrs"
    )


def test_what_three_new_places_bring_together_is_told() -> None:
    three = [
        lever("new_place", FRANCE_SERVICES, insee, gained, hours=24.0)
        | {"rank": rank, "inhabitants_gained_together": together, "guarantee": proven}
        for rank, (insee, gained, together, proven) in enumerate(
            [("99003", 400.0, 400.0, 1.0), ("99004", 300.0, 650.0, 0.99), ("99002", 200.0, 800.0, 0.972)], start=1
        )
    ]
    tables = tiny_tables()
    names = dict(zip(tables.communes["insee"], tables.communes["name"], strict=True))
    lead = build_brief(tables.having(levers=pd.DataFrame(three)), "internal").levers.lead.replace("\u00a0", " ")
    assert f"à {names['99003']}, à {names['99004']} et à {names['99002']}".replace("'", "’") in lead
    assert (
        "en rapprocheraient ensemble au moins 800 habitants, soit 97 % ou plus du mieux que trois puissent faire."
        in lead.replace("\u202f", " ")
    )
    assert "ensemble" not in build_brief(tables.having(levers=pd.DataFrame(three[:2])), "internal").levers.lead


def test_each_gap_has_its_act_beside_it() -> None:
    area = {
        **FRANCE_SERVICES.columns, "gap_id": "g1", "threshold": 20, "rank": 1, "communes": 1, "names": "Saint-Aulyn",
        "epci_name": None, "population": 500.0, "poor_households": None, "aged_65": None, "minutes_mean": 24.0,
        "minutes_worst": 24.0,
    }  # fmt: skip
    acts = [
        lever("new_place", FRANCE_SERVICES, "99003", 400.0, hours=24.0) | {"scope": "g1"},
        lever("bus_stop", ITINERANT, "99003", 300.0, hours=3.0) | {"scope": "g1"},
    ]
    tables = tiny_tables().having(
        gap_areas=pd.DataFrame([area, area | {"gap_id": "g2", "rank": 2}]), levers=pd.DataFrame(acts)
    )
    first, second = build_brief(tables, "partners").gaps.areas
    assert (
        first.act
        == "Une France services à Saint-Aulyn, ou un arrêt de bus\u00a0: au moins 400\u00a0habitants, le bus 300"
    )
    assert second.act == "Aucun geste dont le gain soit certain pour 500\u00a0habitants au moins"


def test_a_gap_says_why_its_act_is_not_the_departement_s() -> None:
    names = dict(zip(tiny_tables().communes["insee"], tiny_tables().communes["name"], strict=True))

    def act(alternatives: str | None, *inside: str) -> str:
        area = {
            **FRANCE_SERVICES.columns, "gap_id": "g1", "threshold": 20, "rank": 1, "communes": 1, "names": "Saint-Aulyn",
            "epci_name": None, "population": 500.0, "poor_households": None, "aged_65": None, "minutes_mean": 24.0,
            "minutes_worst": 24.0, "insees": " ".join(inside),
        }  # fmt: skip
        acts = [
            lever("new_place", FRANCE_SERVICES, "99003", 400.0, hours=24.0)
            | {"scope": "g1", "alternatives": alternatives},
            lever("new_place", FRANCE_SERVICES, "99004", 900.0, hours=24.0),
        ]
        tables = tiny_tables().having(gap_areas=pd.DataFrame([area]), levers=pd.DataFrame(acts))
        (first,) = build_brief(tables, "partners").gaps.areas
        return first.act

    own = f"Une France services à {names['99003']}\u00a0: au moins 400\u00a0habitants"
    assert act(None, "99003") == own
    assert act("99004", "99003").endswith(", hors de la zone, c’est le geste retenu pour le département")
    assert act(None, "99003", "99004").endswith(", le geste retenu pour le département sert surtout hors de la zone")


def test_what_is_withheld_whole_reads_as_reserved_and_not_as_nothing() -> None:
    tables = tiny_tables().having(levers=pd.DataFrame([lever("new_place", FRANCE_SERVICES, "99003", 4000.0)]))
    brief = build_brief(tables, "public")
    assert brief.gaps.empty is not None
    assert "réservé" in brief.gaps.empty
    for chapter in (brief.levers, brief.gaps):
        assert (chapter.rows, chapter.trust) == ((), "")
    reserved = f"«\u00a0{brief.levers.title}\u00a0» et «\u00a0{brief.session.title}\u00a0»"
    assert f"{reserved}, que la préfecture et ses partenaires lisent seuls" in brief.left_out  # named once


def test_a_place_that_helps_in_general_is_asked_to_confirm_and_not_to_begin() -> None:
    tables = tiny_tables()
    first = tables.places.iloc[0]
    levers = pd.DataFrame(
        [lever("open_demarche", Service(CONFIRMED, "R100"), first["insee"], 100.0, first["place_id"])]
    )
    matrix = pd.DataFrame([{"place_id": first["place_id"], "demarche_id": "R100", "evidence": "general"}])
    (row,) = build_brief(tables.having(levers=levers, demarche_matrix=matrix), "partners").levers.rows
    assert row.act == "Confirmer l’aide, déclarée en général, pour «\u00a0Demander une aide (CNAF)\u00a0»"


def test_the_week_keeps_odd_and_even_apart_and_never_rounds_to_all_or_none() -> None:
    rows = [
        hour("odd", "Mo", 9, 0.999, 0.999, 0.0),
        hour("odd", "Sa", 9, 0.001, 0.101, 0.3),
        hour("even", "Mo", 9, 0.5, 0.5, 0.0),
        hour("even", "Sa", 9, 0.0, 0.0, 0.0),
    ]
    said = build_brief(tiny_tables().having(coverage_by_hour=pd.DataFrame(rows)), "public").hours
    assert [week.name for week in said.weeks] == ["Semaines impaires", "Semaines paires"]
    odd = dict(said.weeks[0].days)
    assert odd["lundi"][0].share == ">99"
    assert (odd["samedi"][0].share, odd["samedi"][0].more) == ("<1", "+10\u00a0?30")
    assert "dimanche" not in odd
    assert (
        said.lead
        == "Au mieux plus de 99\u202f% des habitants, le lundi à 9\u00a0h\u202f; le samedi, moins de 1\u202f%."
    )


def test_a_change_since_the_campaign_before_is_said_with_both_shares() -> None:
    changes = pd.DataFrame(
        [
            {
                "service": FRANCE_SERVICES.kind,
                "threshold": 20,
                "share": 0.85,
                "previous_campaign": "2020-10",
                "previous_share": 0.8,
                "change": 0.05,
            }
        ]
    )
    said = build_brief(tiny_tables().having(access_changes=changes), "public").map.changes
    assert said == ("À 20\u00a0minutes ou moins\u00a0: 85,0\u202f%, contre 80,0\u202f% (campagne d’octobre 2020).",)


def test_a_table_or_a_column_that_nobody_declares_is_an_error_and_one_held_back_is_missing() -> None:
    public = tiny_tables().let_out("public")
    assert "contact" not in public.tables["survey_actors"]
    assert public.survey_actors["contact"].isna().all()
    assert records(public.survey_actors, "contact") == [{"contact": None}] * len(public.survey_actors)
    with pytest.raises(KeyError, match="kontact"):
        records(public.survey_actors, "kontact")
    with pytest.raises(AttributeError, match="no table is declared under the name survey_actor"):
        _ = public.survey_actor


def test_actors_are_told_in_the_words_of_the_lists_and_their_own_where_no_list_has_them() -> None:
    actors = pd.DataFrame(
        [
            {"name": "Aube", "kind": "ccas", "publics": "seniors|gens de mer", "outreach_mode": "door_to_door|bus"},
            {"name": "Brise", "kind": "Confrérie", "publics": None, "outreach_mode": None},
        ]
    )
    aube, brise = build_brief(tiny_tables(survey_actors=actors), edition="internal").outreach.actors
    assert (aube.kind, aube.publics, aube.outreach) == ("CCAS", "Seniors, gens de mer", "porte-à-porte, bus")
    assert (brise.kind, brise.publics, brise.outreach) == ("Confrérie", "publics inconnus", "mode inconnu")
