"""Mailboxes, numbers and pages that reach a service, and nobody in particular."""

from pathlib import Path

import phonenumbers
import pytest

from fs_pipeline.editions.judging import Door
from fs_pipeline.editions.personal import is_public_phone, is_service_mailbox, public_website
from fs_pipeline.values.phones import read_phone
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
        (" mairie@example.org ", None, None, True),
        ("MAIRIE@EXAMPLE.ORG", None, None, True),
        ("mairie@example", None, None, False),
        ("33@example.org", None, None, False),
        ("mairie3310@example.org", None, None, True),
        ("mairie33100@example.org", None, None, False),
        ("mairie33.1000@example.org", None, None, False),
        ("st-martin@exemple.fr", None, "Saint-Martin", True),
        ("ste-foy@exemple.fr", None, "Sainte-Foy-la-Grande", False),
        ("ste-foy-la-grande@exemple.fr", None, "Sainte-Foy-la-Grande", True),
        ("lagrande@exemple.fr", None, "Sainte-Foy-la-Grande", True),
        ("foygrande@exemple.fr", None, "Sainte-Foy-la-Grande", True),
        ("foygrand@exemple.fr", None, "Sainte-Foy-la-Grande", False),
        ("jean.moulin.pessac@exemple.fr", "Médiathèque Jean Moulin", "Pessac", True),
        ("moulin.jean@exemple.fr", "Médiathèque Jean Moulin", "Pessac", False),
        ("mediatheque.jean@exemple.fr", "Médiathèque Jean Moulin", "Pessac", False),
        ("valbrume.lieu@exemple.fr", "Lieu Valbrume", None, True),
        ("mairie@mairie-valbrume.fr", None, "Valbrume", True),
        ("mairie@mail.orange.fr", None, None, True),
        ("mairie@orange.fr.zqavo.fr", None, None, False),
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


MOBILE = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize("digits", [_ARABIC, _WIDE])
@pytest.mark.parametrize("number", ["+33556000000", "3646", "17"])
def test_digits_of_another_script_are_no_number_that_goes_out(number: str, digits: dict[int, int]) -> None:
    assert not is_public_phone(number.translate(digits))


@pytest.mark.parametrize("holds", ["date", "hours", "code", "phone"])
@pytest.mark.parametrize("digits", [_ARABIC, _WIDE])
def test_no_judge_takes_them_for_a_code_an_hour_or_a_date(holds: str, digits: dict[int, int]) -> None:
    for name in ("", "siren", "siret", "insee", "postcode"):
        column = ColumnSpec(name=name, type="text", description="", readers="public", holds=holds)
        for written in ("0639981234", "639981234", "1639981234", "63998", "2022-12-01"):
            assert Door(PublicWords()).judge_of(column)(written.translate(digits), {}) is None


@pytest.mark.parametrize("departement", ["33", "971", "972", "973", "974", "976"])
def test_nine_digits_without_their_zero_go_out_as_a_line_of_the_place_s_own_plan_and_never_as_a_mobile(
    departement: str,
) -> None:
    for begins in range(100, 1000):
        bare = f"{begins}456789"
        read = read_phone(bare, departement).value
        if read is not None and is_public_phone(read):
            assert bare[0] not in "67"
            for written in (read, read_phone(f"0{bare}", departement).value):
                kind = phonenumbers.number_type(phonenumbers.parse(written, "FR")) if written else None
                assert kind not in MOBILE, (bare, written)


def test_what_a_spreadsheet_left_of_a_mobile_stays_and_of_a_landline_goes_out() -> None:
    assert not is_public_phone(str(read_phone("639980012", "33").value))
    assert is_public_phone(str(read_phone("556575393", "33").value))


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
        ("https://ville-pessac.fr:443", None),
        ("HTTPS://WWW.Ville-Pessac.FR/Accueil/", "https://www.ville-pessac.fr/Accueil/"),
        ("http://ville-pessac.fr/", "http://ville-pessac.fr"),
        ("https://ville-pessac.fr//accueil", "https://ville-pessac.fr"),
        ("https://ville-pessac.fr/accueil?x=1", "https://ville-pessac.fr"),
        ("https://www.facebook.com/accueil#x", None),
        ("https://", None),
        ("ville-pessac.fr", None),
        ("https://[ville-pessac.fr", None),
    ],
)
def test_of_a_web_address_only_what_names_nobody_goes_out(address: str, kept: str | None) -> None:
    assert public_website(address, "Mairie de Pessac", "Pessac") == kept


def test_a_site_that_a_public_list_bears_goes_out() -> None:
    for known in ("https://zqavelles.fr", "https://www.zqavelles.fr"):
        assert public_website(known, hosts={"zqavelles.fr"}) == known
    assert public_website("https://m.zqavelles.fr", hosts={"zqavelles.fr"}) is None
    assert is_service_mailbox("accueil@Zqavelles.fr", hosts={"zqavelles.fr"})
    assert not is_service_mailbox("zqavo@zqavelles.fr", hosts={"zqavelles.fr"})


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
