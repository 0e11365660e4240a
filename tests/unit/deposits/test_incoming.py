"""What a dropped file's name says, and the name it goes by here."""

from __future__ import annotations

import os
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fs_pipeline.deposits.incoming import MAX_NAME_BYTES, concerns, file_name, is_arriving, is_noise, sort_out
from fs_pipeline.survey.opening.reader import MAX_BYTES
from fs_pipeline.warehouse.dropped import Entry


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("enquête 33.xlsx", "enquête 33.xlsx"),
        (unicodedata.normalize("NFD", "enquête.xlsx"), "enquête.xlsx"),
        (os.fsdecode(b"enqu\xeate.xlsx"), "enquête.xlsx"),  # Latin-1 on disk
        (os.fsdecode(b"c\x9cur.csv"), "cœur.csv"),  # Windows' own
        (os.fsdecode(b"c\x81ur.csv"), "cur.csv"),  # what even Windows does not know
        ("liste\n\t des\x00 lieux\x1b[31m.csv", "liste des lieux[31m.csv"),
        ("facture\u202excod.xlsx", "facturexcod.xlsx"),  # written from right to left
        ("a\u200bb\ufeffc\u00ad.csv", "abc.csv"),
        ("a\u00a0b .csv", "a b .csv"),
        ('<a>:"b"\\c|d?*.csv', "_a___b__c_d__.csv"),
        ("CON", "_CON"),
        ("nul.xlsx", "_nul.xlsx"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("consul.xlsx", "consul.xlsx"),
        ("fin. . ", "fin"),
        ("\u200b", "sans-nom"),
        ("..", "sans-nom"),
        ("\ud83d.csv", "_.csv"),  # half of a pair, as a remote store may give
    ],
)
def test_a_file_goes_by_one_name_that_every_system_takes(raw, name):
    assert file_name(raw) == name


def test_a_long_name_is_cut_with_its_ending_kept_and_two_stay_two():
    names = [file_name("é" * 300 + end + ".xlsx") for end in ("a", "b")]
    assert len(set(names)) == 2
    for name in names:
        assert len(name.encode()) <= MAX_NAME_BYTES
        assert name.endswith(".xlsx")
    assert len(file_name("x." + "y" * 300).encode()) <= MAX_NAME_BYTES


@given(st.text(st.characters(exclude_characters="/"), min_size=1))
@example("\udcff" * 400)
@example("\ud800")
def test_any_name_can_be_written_anywhere_and_is_its_own(raw):
    name = file_name(raw)
    assert 0 < len(name.encode("utf-8")) <= MAX_NAME_BYTES
    assert name.isprintable()
    assert not set(name) & set('<>:"/\\|?*')
    assert name not in {".", ".."}
    assert file_name(name) == name


@given(st.binary(min_size=1, max_size=255))
def test_any_bytes_are_a_name(raw):
    assert file_name(os.fsdecode(raw.replace(b"/", b"").replace(b"\0", b"") or b"x"))


@pytest.mark.parametrize(
    "name",
    ["~$enquete.xlsx", ".DS_Store", "Thumbs.db", "THUMBS.DB", "desktop.ini", ".~lock.enquete.ods#", "._enquete.xlsx",
     ".cache", "enquete.csv~", "@eaDir", "__MACOSX", "$RECYCLE.BIN", "System Volume Information"],
)  # fmt: skip
def test_what_a_system_leaves_is_no_survey(name):
    assert is_noise(name)
    assert sort_out([Entry(name, "file", 5)]) == sort_out([])


@pytest.mark.parametrize("name", ["enquete.xlsx.part", "a.crdownload", "a.tmp", "A.TMP", "a.filepart", "a.partial"])
def test_a_copy_under_way_is_said_and_starts_nothing_until_it_seems_stuck(name):
    assert is_arriving(name)
    assert list(sort_out([Entry(name, "file", 5)]).refused) == [name]
    assert not concerns(Entry(name, "file", 5, modified=time.time() - 60))
    assert concerns(Entry(name, "file", 5, modified=time.time() - 3600))


@pytest.mark.parametrize(
    "name", ["enquete.xlsx", "lettre.pdf", "partage.csv", "tmp.xlsx", "~enquete.xlsx", "part", "index"]
)
def test_everything_else_is_looked_at(name):
    assert list(sort_out([Entry(name, "file", 5)]).surveys) == [name]


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (Entry("a.xlsx", "link"), "link"),
        (Entry("a.xlsx", "folder"), "folder"),
        (Entry("a.xlsx", "other"), "no_file"),
        (Entry("a.xlsx", "unreadable"), "unreadable_now"),
        (Entry("a.xlsx", "file", MAX_BYTES + 1), "too_large"),
    ],
)
def test_what_is_no_file_or_too_large_is_refused_at_sight_and_holds_up_no_other(entry, code):
    found = sort_out([entry, Entry("b.xlsx", "file", 5)])
    assert {name: refusal.code for name, refusal in found.refused.items()} == {"a.xlsx": code}
    assert list(found.surveys) == ["b.xlsx"]


def test_of_twins_the_one_written_last_is_taken_and_it_is_said():
    composed, parted = (unicodedata.normalize(form, "enquête.csv") for form in ("NFC", "NFD"))
    latin = os.fsdecode(b"enqu\xeate.csv")
    entries = [Entry(parted, "file", 5, 30.0), Entry(composed, "file", 5, 20.0), Entry(latin, "file", 5, 10.0)]
    found = sort_out(entries)
    assert {name: entry.path for name, entry in found.surveys.items()} == {composed: parted}
    assert set(found.twins) == {composed}
