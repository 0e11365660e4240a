"""Any published file becomes a table of raw cells."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import tarfile
from pathlib import Path

import pytest

from fs_pipeline.http.problems import TooLarge, Truncated, UnreadableSource
from fs_pipeline.national.files import read_table


def write(folder: Path, content: bytes) -> Path:
    path = folder / "list"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        "id;nom\n1; Été \n2;\n".encode(),
        "id,nom\n1, Été \n2,\n".encode("utf-8-sig"),
        "id\tnom\n1\tÉté\n2\t\n".encode("cp1252"),
        gzip.compress('"id";"nom"\r\n"1";"Été"\r\n"2";""\r\n'.encode(), mtime=0),
    ],
)
def test_csv_of_any_separator_and_encoding(tmp_path, content):
    table = read_table(write(tmp_path, content), "Liste")
    assert table.columns.tolist() == ["id", "nom"]
    assert table.to_numpy().tolist() == [["1", "Été"], ["2", None]]


def test_leading_zeros_and_the_word_na_are_kept_as_text(tmp_path):
    table = read_table(write(tmp_path, b"code,nom\n01053,NA\n"), "Liste")
    assert table.to_numpy().tolist() == [["01053", "NA"]]


def test_geojson_gives_properties_and_the_point(tmp_path):
    feature = {
        "type": "Feature",
        "properties": {"MATRICULE": 1.0, "code_postal": 1200, "lat": 46.1, "x": "", "y": None},
        "geometry": {"type": "Point", "coordinates": [5.8, 46.1]},
    }
    nowhere = {"type": "Feature", "properties": {"MATRICULE": 2.0}, "geometry": None}
    document = {"type": "FeatureCollection", "crs": {}, "features": [feature, nowhere]}
    table = read_table(write(tmp_path, json.dumps(document).encode()), "Liste")
    assert table["MATRICULE"].tolist() == ["1", "2"]
    assert table["code_postal"].tolist() == ["1200", None]
    assert table["lat"].tolist() == ["46.1", None]
    assert table["x"].tolist() == [None, None]
    assert table["point_longitude"].tolist() == ["5.8", None]


def test_the_largest_file_of_an_archive_is_read(tmp_path):
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:bz2") as tar:
        for name, text in (("lisez-moi.txt", "x"), ("data.json", json.dumps({"service": [{"id": "a"}, {"id": "b"}]}))):
            member = tarfile.TarInfo(name)
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text.encode()))
    assert read_table(write(tmp_path, archive.getvalue()), "Liste")["id"].tolist() == ["a", "b"]


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(b"id,nom\n" + bytes(range(256)) * 50)[:-30],
        bz2.compress(b"x" * 100_000)[:-10],
        b'[{"id": "a"}, {"id"',
        b"id,nom,rue\n1,a,b\n2,c",
    ],
    ids=["gzip", "bzip2", "json", "csv"],
)
def test_a_file_that_ends_early_is_found_out(tmp_path, content):
    with pytest.raises(Truncated, match=r"Liste.*À faire"):
        read_table(write(tmp_path, content), "Liste")


@pytest.mark.parametrize(
    "content",
    [b"<!DOCTYPE html><title>Maintenance</title>", b"PK\x03\x04\x00\x00", b'id,nom\n1,a\n2,b,c,d\n3,"x'],
    ids=["page", "binary", "ragged"],
)
def test_what_is_no_table_is_refused_saying_what_to_do(tmp_path, content):
    with pytest.raises(UnreadableSource, match=r"Liste.*À faire"):
        read_table(write(tmp_path, content), "Liste")


@pytest.mark.parametrize("end", ["2,b", '2,"b\nsur deux lignes"'])
def test_a_last_line_without_its_end_that_is_whole_is_no_fault(tmp_path, end):
    assert len(read_table(write(tmp_path, f"id,nom\n1,a\n{end}".encode()), "Liste")) == 2


def archive_of(size: int) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:bz2") as tar:
        member = tarfile.TarInfo("data.json")
        member.size = size
        tar.addfile(member, io.BytesIO(bytes(size)))
    return stream.getvalue()


@pytest.mark.parametrize(
    "content", [gzip.compress(bytes(20_000_000), mtime=0), archive_of(20_000_000)], ids=["gzip", "bzip2"]
)
def test_a_few_bytes_that_unpack_to_millions_are_left_packed(tmp_path, content):
    assert len(content) < 50_000
    with pytest.raises(TooLarge, match=r"plus de 1\s000\s000 octets.*À faire"):
        read_table(write(tmp_path, content), "Liste", max_bytes=1_000_000)


def test_an_empty_file_is_an_empty_table(tmp_path):
    assert read_table(write(tmp_path, b""), "Liste").empty
    assert read_table(write(tmp_path, b'{"features": []}'), "Liste").empty


def test_what_no_database_stores_is_taken_out_of_a_document_and_its_keys(tmp_path):
    content = rb'[{"n\u0000om": "a\ud800b\u0000c", "liste": [{"cl\udfff\u00e9": "\ud83d\ude00"}]}]'
    table = read_table(write(tmp_path, content), "Liste")
    assert table.to_dict("records") == [{"nom": "abc", "liste": [{"clé": "😀"}]}]


def test_a_nul_far_into_a_file_is_taken_out(tmp_path):
    table = read_table(write(tmp_path, b"id,nom\n" + b"1,a\n" * 2_000 + b"2,b\x00c\n"), "Liste")
    assert table["nom"].iloc[-1] == "bc"


def test_a_list_in_utf_16_is_read(tmp_path):
    table = read_table(write(tmp_path, "id\tnom\n1\tété\n".encode("utf-16")), "Liste")
    assert table.to_dict("records") == [{"id": "1", "nom": "été"}]


def test_a_column_s_name_is_short_and_shows_on_one_line(tmp_path):
    table = read_table(write(tmp_path, b'id,"a\x1b]0;b\nc",' + b"x" * 900 + b"\n1,2,3\n"), "Liste")
    assert [len(name) for name in table.columns] == [2, 7, 200]
    assert all(str(name).isprintable() for name in table.columns)


def test_a_publishers_text_is_made_safe_in_every_shape(tmp_path):
    odd = "L\u0092Été\u200b\u00a0\uf0b7 \x07"
    as_csv = f"id;\ufeffnom\u00a0\n1;{odd}\n".encode()
    as_json = json.dumps([{"id": 1, "nom": odd + "\ud800", "liste": [{"a": odd}]}]).encode()
    feature = {"type": "Feature", "geometry": None, "properties": {"id": 1, "nom": odd}}
    for content in (as_csv, as_json, json.dumps({"features": [feature]}).encode()):
        table = read_table(write(tmp_path, content), "Liste")
        assert table["nom"].tolist() == ["L’Été •"]
    assert read_table(write(tmp_path, as_json), "Liste")["liste"].tolist() == [[{"a": "L’Été • "}]]
