"""Surveys as accidents and malice leave them: bytes flipped, cut and doubled, and the grammar of workbooks bent.

The same seed makes the same mutant.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable

TEXTS = (
    b"idem", b'"', b"Total", b"=1+1", b"#REF!", b"\xff\xfe", b"\xed\xa0\x80", b"&#0;", b"&lt;script&gt;", b"]]>", b"lundi-" * 120,
    b"9h-" * 260, b"1 rue " * 60, b"05 " * 90, b"a@" * 140, b"33000 " * 60, b"Saint-" * 30, b"\xc3\xa9" * 400, b"x" * 40_000,
    b"\xe2\x80\xae", b"\xf0\x9f\x93\x8d", b"-1", b"1e400", b"99999999999999", b"31/02/2022", b"0", b"NaN", b"",
)  # fmt: skip
REFERENCES = (
    b"A1",
    b"XFD1048576",
    b"A0",
    b"ALM3",
    b"ZZZ9",
    b"a1",
    b"1A",
    b"B99999999999",
    b"",
    b"C3:A1",
    b"A1:XFD1048576",
)
TARGETS = (b"/xl/x.xml", b"../../x", b"")
TYPES = (b"s", b"e", b"b", b"d", b"str", b"n", b"inlineStr", b"zzz", b"")
Mutation = Callable[[bytes, random.Random], bytes]


def mutant(content: bytes, seed: int) -> bytes:
    """One to four mutations of a file: of its bytes, or of the parts of a workbook."""
    rnd = random.Random(seed)
    for _ in range(rnd.randint(1, 4)):
        content = (
            _of_workbook(content, rnd) if content[:2] == b"PK" and rnd.random() < 0.85 else _of_bytes(content, rnd)
        )
    return content


def _of_bytes(content: bytes, rnd: random.Random) -> bytes:
    if not content:
        return b"x"
    at = rnd.randrange(len(content))
    size = min(len(content) - at, rnd.choice((1, 2, 7, 64, 900)))
    kinds: tuple[Callable[[], bytes], ...] = (
        lambda: content[:at] + rnd.randbytes(size) + content[at + size :],
        lambda: content[:at] + content[at + size :],
        lambda: content[: at + size] + content[at : at + size] * rnd.choice((1, 3, 500)) + content[at + size :],
        lambda: content[:at],
        lambda: content[:at] + rnd.choice(TEXTS) + content[at:],
        lambda: content[:at] + rnd.choice((b";", b"\t", b'"', b"\n", b"\r", b"\0", b",")) + content[at:],
        lambda: content.replace(
            rnd.choice((b";", b",", b"\n", b'"', b"h", b"0")), rnd.choice((b"", b";", b'"', b"\t"))
        ),
    )
    return rnd.choice(kinds)()


def _of_workbook(content: bytes, rnd: random.Random) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {part.filename: archive.read(part) for part in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, EOFError, OSError):
        return _of_bytes(content, rnd)
    written = [name for name in parts if name.endswith((".xml", ".rels"))]
    if not written:
        return _of_bytes(content, rnd)
    name = rnd.choice([name for name in written if "sheet" in name.lower() or name == "content.xml"] * 3 + written)
    kind = rnd.random()
    if kind < 0.06:
        del parts[name]
    elif kind < 0.1:
        parts[rnd.choice((name.upper(), name.replace("/", "\\"), f"../{name}", "xl/\u00e9.xml"))] = parts[name]
    else:
        parts[name] = rnd.choice(GRAMMAR)(parts[name], rnd)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def _some(pattern: bytes, replacement: Callable[[re.Match[bytes]], bytes], xml: bytes, rnd: random.Random) -> bytes:
    """Some of what matches, replaced: one, a few or all."""
    share = rnd.choice((0.001, 0.05, 1.0))
    return re.sub(pattern, lambda found: replacement(found) if rnd.random() < share else found.group(), xml)


def _merges(xml: bytes, rnd: random.Random) -> bytes:
    def corner() -> str:
        return f"{rnd.choice(('A', 'C', 'H', 'ZZ', 'XFD'))}{rnd.choice((1, 2, 9, 400, 1_048_576))}"

    ranges = "".join(f'<mergeCell ref="{corner()}:{corner()}"/>' for _ in range(rnd.choice((1, 20, 5_000))))
    return xml.replace(b"</sheetData>", b"</sheetData><mergeCells>" + ranges.encode() + b"</mergeCells>")


GRAMMAR: tuple[Mutation, ...] = (
    _merges,
    lambda xml, rnd: _some(rb'\br="[^"]*"', lambda _: b'r="' + rnd.choice(REFERENCES) + b'"', xml, rnd),
    lambda xml, rnd: _some(rb'\bt="[^"]*"', lambda _: b't="' + rnd.choice(TYPES) + b'"', xml, rnd),
    lambda xml, rnd: _some(rb'\bs="[^"]*"', lambda _: b's="' + rnd.choice((b"0", b"1", b"999999", b"-1", b"x")) + b'"', xml, rnd),
    lambda xml, rnd: _some(rb"<v>[^<]*", lambda _: b"<v>" + rnd.choice(TEXTS), xml, rnd),
    lambda xml, rnd: _some(rb"<t(?: [^>]*)?>[^<]*", lambda _: b"<t>" + rnd.choice(TEXTS), xml, rnd),
    lambda xml, rnd: _some(rb'name="[^"]*"', lambda _: b'name="' + rnd.choice(TEXTS[:16]) + b'"', xml, rnd),
    lambda xml, rnd: _some(rb"<row[^>]*>", lambda found: found.group() * rnd.choice((0, 2, 3)), xml, rnd),
    lambda xml, rnd: _some(rb'Target="[^"]*"', lambda _: b'Target="' + rnd.choice(TARGETS) + b'"', xml, rnd),
    lambda xml, rnd: xml.decode("utf-8", "replace").encode(rnd.choice(("utf-16", "utf-16-le", "latin-1", "cp1252")), "replace"),
    lambda xml, rnd: xml.replace(b"?>", b'?><!DOCTYPE a [<!ENTITY b "' + b"c" * 50 + b'">]>', 1),
    lambda xml, rnd: xml[: rnd.randrange(len(xml) + 1)],
    lambda xml, rnd: _some(rb"<row.*?</row>", lambda found: found.group() * rnd.choice((0, 2, 30)), xml, rnd),
    lambda xml, rnd: xml.replace(b"<sheetData>", b'<cols><col min="1" max="16384" width="9" hidden="1"/></cols><sheetData>', 1),
    _of_bytes,
)  # fmt: skip
