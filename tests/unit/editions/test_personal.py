"""Mailboxes, numbers and pages that reach a service, and nobody in particular."""

from pathlib import Path

import pytest

from fs_pipeline.editions.judging import Door
from fs_pipeline.editions.personal import is_public_phone, is_service_mailbox, public_website
from fs_pipeline.values.public_words import PublicWords
from fs_pipeline.warehouse.declared import ColumnSpec


@pytest.mark.parametrize(
    ("email", "name", "commune", "service"),
    [
        ("accueil@example.org", None, None, True),
        ("franceservices@example.org", None, None, True),
        ("mairie.valbrume@example.org", None, "Valbrume", True),
        ("mairie.valbrume@example.org", None, None, False),
        ("ccas33@gironde.gouv.fr", None, None, True),
        ("mairie@ville-pessac.fr", None, "Pessac", True),
        ("contact@saintmartindecrau.fr", None, "Saint-Martin-de-Crau", True),
        ("jean.moulin@exemple.fr", "Médiathèque Jean Moulin", "Pessac", True),
        ("jean@exemple.fr", "Médiathèque Jean Moulin", "Pessac", False),
        ("martin@exemple.fr", "Mairie de Saint-Martin", "Saint-Martin", False),
        ("saint-martin@exemple.fr", None, "Saint-Martin", True),
        ("zoe.durand-mairie@exemple.fr", None, None, False),
        ("maisonneuve.claire@exemple.fr", None, None, False),
        ("claire.centre@exemple.fr", None, None, False),
        ("camille.exemple@example.org", None, None, False),
        ("c.exemple@example.org", None, None, False),
        ("cexemple@example.org", None, None, False),
        ("contact@zoe-durand.fr", None, None, False),
        ("accueil0639980001@example.org", None, None, False),
        ("Mairie <mairie@example.org>", None, None, False),
    ],
)
def test_every_word_of_a_mailbox_is_a_services_or_it_is_a_persons(
    email: str, name: str | None, commune: str | None, service: bool
) -> None:
    assert is_service_mailbox(email, name, commune) is service


@pytest.mark.parametrize(
    "number",
    ["+33156000000", "+33556000000", "+33976000000", "+33800000000", "+262262123456", "+590590123456", "3646", "17"],
)
def test_fixed_lines_and_numbers_of_services_go_out(number: str) -> None:
    assert is_public_phone(number)


@pytest.mark.parametrize(
    "number",
    [
        "+33639980012", "+33739980012", "0639980012", "06 39 98 00 12", "+33 6 39 98 00 12", "+33 (0)6 39 98 00 12",
        "0033639980012", "+262692123456", "+262639123456", "+590690123456", "+596696123456",
    ],
)  # fmt: skip
def test_a_mobile_number_stays_however_written(number: str) -> None:
    assert not is_public_phone(number)


@pytest.mark.parametrize("number", ["+32470120001", "+4179000001", "639980001", "06"])
def test_a_foreign_number_or_a_part_of_one_stays(number: str) -> None:
    assert not is_public_phone(number)


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://www.ville-pessac.fr", "https://www.ville-pessac.fr"),
        (
            "https://ville-pessac.fr/france-services/accueil.html",
            "https://ville-pessac.fr/france-services/accueil.html",
        ),
        ("https://ville-pessac.fr/agents/zqavo-durand", "https://ville-pessac.fr"),
        ("https://ville-pessac.fr/contact?mail=zqavo@exemple.fr", "https://ville-pessac.fr"),
        ("https://ville-pessac.fr/contact#zqavo", "https://ville-pessac.fr"),
        ("https://facebook.com/MairiePessac", "https://facebook.com/MairiePessac"),
        ("https://facebook.com/zqavo.durand", None),
        ("https://facebook.com/profile.php?id=100012345678901", None),
        ("https://zqavo-durand.fr", None),
        ("https://zqavo:secret@ville-pessac.fr", None),
        ("ftp://ville-pessac.fr", None),
        ("https://ville-pessac.fr:99999", None),
    ],
)
def test_of_a_web_address_only_what_names_nobody_goes_out(address: str, kept: str | None) -> None:
    assert public_website(address, "Mairie de Pessac", "Pessac") == kept


def test_a_site_that_a_public_list_bears_goes_out() -> None:
    assert public_website("https://zqavelles.fr", hosts={"zqavelles.fr"}) == "https://zqavelles.fr"


@pytest.mark.data
def test_no_line_of_the_cases_that_got_out_does_so_again(cases: Path) -> None:
    lines = (cases / "hostile" / "04-donnees-personnelles.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert len(lines) > 20
    door = Door(PublicWords())
    kinds = ("name", "sentence", "street", "phone", "mailbox", "website")
    columns = [
        ColumnSpec(name="said", type="text", description="Un texte.", readers="public", holds=kind) for kind in kinds
    ]
    let_out = [
        (line, column.holds) for line in lines for column in columns if door.judge_of(column)(line.split(";")[0], {})
    ]
    assert let_out == []


def test_a_long_address_that_does_not_fit_is_refused_at_once():
    page = "https://www.facebook.com/espace.jeunes/posts/l-espace-est-ouvert-le-samedi-de-14h-%C3%A0-18h30-sauf-pendant-les"
    assert public_website(page) is None
    assert public_website("https://www.facebook.com/" + "a" * 5_000 + "%") is None
