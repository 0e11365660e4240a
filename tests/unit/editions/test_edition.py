"""What each reader may receive: a person planted anywhere never reaches the public, in any file."""

import io
import re
from dataclasses import replace

import pandas as pd
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fs_pipeline.briefing.pack import pack
from fs_pipeline.briefing.slot import SlotTables
from fs_pipeline.cartography.layers import layers
from fs_pipeline.editions.edition import EDITIONS, Edition, apply
from fs_pipeline.editions.personal import REMOVED, is_mobile, is_service_mailbox, without_personal
from fs_pipeline.release.tables import open_tables
from tests.unit.briefing.sample import tiny_contours, tiny_tables

PERSON = "Mme Camille Exemple"
MAILBOX = "camille.exemple@example.org"
MOBILE = "+33639980012"
WRITTEN_MOBILE = "06 39 98 00 12"
# What a reader of any file could find of them.
TRACES = re.compile(r"camille|exemple@|6[\s\u00a0.]?39[\s\u00a0.]?98[\s\u00a0.]?00[\s\u00a0.]?12", re.IGNORECASE)


def planted() -> SlotTables:
    """A person in every place where one may stand."""
    tables = tiny_tables()
    sentence = f"Demander {PERSON}, {WRITTEN_MOBILE} ou {MAILBOX}."
    places = tables.places.assign(
        phone=MOBILE, email=MAILBOX, description=sentence, carrier=f"Association ({PERSON})", address=f"Chez {PERSON}"
    )
    discrepancies = tables.discrepancies.assign(
        field="phone", survey_value=WRITTEN_MOBILE, national_value=MAILBOX, action=f"Appeler {PERSON}."
    )
    actors = tables.survey_actors.assign(
        contact=PERSON, phone=MOBILE, email=MAILBOX, commitment=sentence, capacity=sentence, publics=sentence
    )
    meeting = tables.survey_meeting.assign(present=PERSON, decisions=sentence, remarks=sentence, venue=sentence)
    rounds = tables.survey_rounds.assign(stop=sentence, round=f"Bus de {PERSON}")
    problems = pd.DataFrame([{"rule": "phone", "value": WRITTEN_MOBILE, "message": sentence, "severity": "error"}])
    pairs = pd.DataFrame([{"left_source": "survey", "right_source": "france_services", "reason": sentence}])
    return replace(
        tables,
        places=places,
        discrepancies=discrepancies,
        survey_actors=actors,
        survey_meeting=meeting,
        survey_rounds=rounds,
        problems=problems,
        link_pairs=pairs,
    )


def files_of(tables: SlotTables, edition: Edition) -> dict[str, bytes]:
    let_out = tables.let_out(edition)
    drawn = layers(let_out.places, let_out.communes, let_out.access_minutes, tiny_contours(), let_out.coverage)
    return pack(let_out, edition, drawn) | open_tables(let_out.frames(), drawn)


def readable(name: str, content: bytes) -> str:
    """All that can be read in a file."""
    if name.endswith(".pdf"):
        document = pypdfium2.PdfDocument(content)
        links = " ".join(map(str, re.findall(rb"/URI\s*\((.*?)\)", content)))
        return links + " ".join(page.get_textpage().get_text_range() for page in document)
    if name.endswith(".parquet"):
        frame = pd.read_parquet(io.BytesIO(content))
        return frame.drop(columns="geometry", errors="ignore").to_csv()
    if name.endswith(".png"):
        return ""  # the map writes the names of communes alone
    return content.decode()


def test_no_file_of_the_public_edition_names_or_reaches_a_person() -> None:
    files = files_of(planted(), "public")
    assert {"dossier.pdf", "dossier.html", "carte.html", "lieux.csv", "lieux.parquet", "acteurs.csv"} <= set(files)
    for name, content in files.items():
        assert not TRACES.search(readable(name, content)), name


def test_the_same_traces_are_found_where_they_are_let_out() -> None:
    """The search above can find: the internal edition holds them."""
    files = files_of(planted(), "internal")
    for name in (
        "dossier.pdf",
        "dossier.html",
        "carte.html",
        "lieux.csv",
        "lieux.parquet",
        "acteurs.csv",
        "reunion.csv",
    ):
        assert TRACES.search(readable(name, files[name])), name


def test_partners_read_who_to_call_but_not_what_judges_a_deposit() -> None:
    files = files_of(planted(), "partners")
    assert "anomalies.csv" not in files
    assert TRACES.search(readable("acteurs.csv", files["acteurs.csv"]))
    assert "Ne pas diffuser" not in readable("dossier.pdf", files["dossier.pdf"])


@settings(max_examples=30, deadline=None)
@given(
    first=st.sampled_from(["Camille", "Dominique", "Anne-Claude", "Élie"]),
    last=st.sampled_from(["Exemple", "Modèle", "De La Rivière", "O’Fictif"]),
    title=st.sampled_from(["M.", "Mme", "Monsieur", "Madame", "Dr"]),
    gap=st.sampled_from(["", " ", ".", "\u00a0"]),
    column=st.sampled_from(["name", "carrier", "address", "opening_hours", "website"]),
)
def test_a_titled_person_or_a_mobile_number_is_taken_out_of_any_text(
    first: str, last: str, title: str, gap: str, column: str
) -> None:
    mobile = gap.join(["06", "39", "98", "00", "12"])
    text = f"Accueil {title} {first} {last} au {mobile}"
    let_out = apply({"places": pd.DataFrame({"place_id": ["P1"], column: [text]})}, "public")
    said = str(let_out["places"][column].iloc[0])
    assert first not in said
    assert last not in said
    assert mobile not in said
    assert said.startswith("Accueil")


@pytest.mark.parametrize(
    ("email", "service"),
    [
        ("accueil@example.org", True),
        ("mairie.valbrume@example.org", True),
        ("franceservices@example.org", True),
        ("contact@example.org", True),
        ("camille.exemple@example.org", False),
        ("c.exemple@example.org", False),
        ("cexemple@example.org", False),
    ],
)
def test_a_mailbox_is_a_services_or_a_persons(email: str, service: bool) -> None:
    assert is_service_mailbox(email) is service


@pytest.mark.parametrize(
    "number", ["0639980012", "06 39 98 00 12", "+33 6 39 98 00 12", "+33639980012", "0033639980012"]
)
def test_a_mobile_number_is_known_however_written(number: str) -> None:
    assert is_mobile(number)
    assert without_personal(f"tél. {number}") == f"tél. {REMOVED}"


@pytest.mark.parametrize("number", ["05 49 00 11 22", "+33549001122", "3646", "75006 Paris"])
def test_a_fixed_number_stays(number: str) -> None:
    assert not is_mobile(number)
    assert without_personal(number) == number


def test_a_row_whose_source_is_not_in_the_policies_is_not_published() -> None:
    tables = tiny_tables()
    first = tables.places["place_id"].iloc[0]
    members = tables.place_members.assign(
        source=["secret_list" if place == first else "france_services" for place in tables.place_members["place_id"]]
    )
    let_out = replace(tables, place_members=members).let_out("public")
    for name, frame in let_out.frames().items():
        if "place_id" in frame and name not in {"access_minutes"}:
            assert first not in set(frame["place_id"]), name
    assert first in set(replace(tables, place_members=members).let_out("partners").places["place_id"])


def test_codes_made_of_digits_are_no_telephone() -> None:
    places = pd.DataFrame({"place_id": ["33-0612345678"], "siret": ["06123456780012"], "insee": ["33063"]})
    assert apply({"places": places}, "public")["places"].equals(places)


def test_an_unknown_edition_is_refused() -> None:
    with pytest.raises(ValueError, match="inconnue"):
        apply({}, "everyone")  # type: ignore[arg-type]


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_edition_changes_what_it_was_given(edition: Edition) -> None:
    tables = planted()
    before = {name: frame.copy() for name, frame in tables.frames().items()}
    tables.let_out(edition)
    for name, frame in tables.frames().items():
        pd.testing.assert_frame_equal(frame, before[name])
