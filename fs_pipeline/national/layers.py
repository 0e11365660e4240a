"""Large published files opened for some of their columns: CSV, GeoPackage, shapefile, Parquet, alone or in a zip.

What is drawn in them is not read, and content decides, not the name. Small lists are ``files.py``'s.
"""

from __future__ import annotations

import gzip
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from fs_pipeline.http.problems import TooLarge, UnreadableSource
from fs_pipeline.national.sources import Source
from fs_pipeline.territory.vector import GZIP, PARQUET, magic
from fs_pipeline.unpacking import Bounded, UnpacksTooLarge

_DRAWN = (b"SQLite format 3\x00", b"\x00\x00\x27\x0a")  # GeoPackage, shapefile
_DATA = frozenset({".csv", ".gpkg", ".parquet", ".shp"})
_BESIDE_A_SHAPEFILE = frozenset({".shx", ".dbf", ".cpg"})
_SEPARATORS = ",;\t"
_ENCODING = "utf-8-sig"


def is_drawn(path: Path) -> bool:
    """Whether the file is a GeoPackage or a shapefile, or a zip of something."""
    with path.open("rb") as stream:
        head = stream.read(16)
    return head.startswith(_DRAWN) or zipfile.is_zipfile(path)


@contextmanager
def opened(path: Path, source: Source, to_do: str) -> Iterator[list[Path]]:
    """The file itself, or the data files of a zip, unpacked into a folder that goes with the context.

    Raises
    ------
    TooLarge
        When more than the source's bytes come out.
    UnreadableSource
        When a zip holds no file of a known kind, or whatever goes wrong with a file within the context; `to_do` is what
        to do then.
    """
    try:
        with _unpacked(path, source.max_bytes) as files:
            yield files
    except UnpacksTooLarge as error:
        raise TooLarge(source.title_fr, str(error), "relever max_bytes si la source a vraiment grandi") from error
    except (OSError, EOFError, ValueError, zlib.error, zipfile.BadZipFile, RuntimeError) as error:
        what = f"le fichier {path.name} ne peut pas être lu ({type(error).__name__})"
        raise UnreadableSource(source.title_fr, what, to_do) from error


@contextmanager
def _unpacked(path: Path, most: int) -> Iterator[list[Path]]:
    if not zipfile.is_zipfile(path) and not _begins(path, GZIP):
        yield [path]
        return
    with TemporaryDirectory() as folder:
        unpacked = _unzipped(path, Path(folder), most) if zipfile.is_zipfile(path) else _gunzipped(path, folder, most)
        if not unpacked:
            raise ValueError(f"{path.name}\u00a0: ni CSV, ni GeoPackage, ni shapefile dans l’archive")
        yield unpacked


def column_names(path: Path) -> list[str]:
    """Names of the columns of one file, as published.

    Raises
    ------
    ValueError, OSError
        When it cannot be read.
    """
    if _begins(path, PARQUET):
        import pyarrow.parquet as pq

        return list(pq.read_schema(path).names)
    if _begins(path, *_DRAWN):
        import pyogrio

        magic(path)
        return list(pyogrio.read_info(path)["fields"])
    return list(pd.read_csv(path, dtype=object, sep=_separator(path), encoding=_ENCODING, nrows=0).columns)


def read_columns(path: Path, names: Sequence[str]) -> pd.DataFrame:
    """One row a record of one file, its columns `names` alone; text or numbers as the file has them.

    Raises
    ------
    ValueError, OSError
        When it cannot be read.
    """
    if _begins(path, PARQUET):
        return pd.read_parquet(path, columns=list(names))
    if _begins(path, *_DRAWN):
        import pyogrio

        magic(path)
        frame: pd.DataFrame = pyogrio.read_dataframe(path, columns=list(names), read_geometry=False)
        return frame
    return pd.read_csv(path, dtype=object, sep=_separator(path), encoding=_ENCODING, usecols=list(names))


def _begins(path: Path, *signs: bytes) -> bool:
    with path.open("rb") as stream:
        return stream.read(max(map(len, signs))).startswith(signs)


def _separator(path: Path) -> str:
    with path.open(encoding=_ENCODING) as plain:
        header = plain.readline()
    if "\x00" in header:
        raise ValueError(f"{path.name}\u00a0: ce n’est pas du texte")
    return max(_SEPARATORS, key=header.count)


def _unzipped(path: Path, folder: Path, most: int) -> list[Path]:
    """Each data file of an archive, and what goes with a shapefile, under a name of our own."""
    data: list[Path] = []
    stems: dict[str, int] = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            stem, suffix = name.rpartition(".")[0], f".{name.rpartition('.')[2].lower()}"
            if suffix not in _DATA | _BESIDE_A_SHAPEFILE:
                continue
            target = folder / f"{stems.setdefault(stem, len(stems))}{suffix}"
            with archive.open(name) as packed:
                most -= _poured(Bounded(packed, most), target)
            if suffix in _DATA:
                data.append(target)
    return data


def _gunzipped(path: Path, folder: str, most: int) -> list[Path]:
    target = Path(folder) / "0"
    with gzip.open(path) as packed:
        _poured(Bounded(packed, most), target)
    return [target]


def _poured(stream: Bounded, target: Path) -> int:
    """Bytes written."""
    with target.open("wb") as file:
        shutil.copyfileobj(stream, file)
        return file.tell()
