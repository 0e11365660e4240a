"""Inputs that a machine invents, for the readers of values and of files: `python tools/fuzz.py values --seconds 20`.

atheris keeps what reaches new code and grows it. A finding is an exception, a value that does not read as itself, or an
input that takes more than `SLOW` seconds; it is written beside this process as ``crash-…`` or ``timeout-…``.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
from pathlib import Path

import atheris

SLOW = 5

with atheris.instrument_imports(include=["fs_pipeline.values", "fs_pipeline.survey"], enable_loader_override=False):
    from fs_pipeline.survey.opening import child
    from fs_pipeline.territory.shipped import load_territory
    from fs_pipeline.values.addresses import read_address
    from fs_pipeline.values.booleans import read_boolean
    from fs_pipeline.values.communes import read_commune
    from fs_pipeline.values.coordinates import read_coordinates
    from fs_pipeline.values.dates import read_date
    from fs_pipeline.values.emails import read_email
    from fs_pipeline.values.hours import read_hours
    from fs_pipeline.values.identifiers import read_siren, read_siret
    from fs_pipeline.values.phones import read_phone
    from fs_pipeline.values.postcodes import read_postcode
    from fs_pipeline.values.service_types import read_service_type
    from fs_pipeline.values.vocabularies import read_words
    from fs_pipeline.values.websites import read_website

READERS = (read_hours, read_phone, read_date, read_siret, read_siren, read_postcode, read_email, read_website)


def fuzz_values(data: bytes) -> None:
    """Any text in any cell is read or refused, and a value reads as itself."""
    provider = atheris.FuzzedDataProvider(data)
    text = provider.ConsumeUnicodeNoSurrogates(200)
    for reader in READERS:
        value = reader(text).value
        if value is not None and reader(value).value != value:
            raise AssertionError(f"{reader.__name__}: {text!r} is {value!r}, which is {reader(value).value!r}")
    read_address(text)
    read_boolean(text)
    read_service_type(text)
    read_words(text, "publics")
    read_words(text, "place_labels")
    half = len(text) // 2
    read_coordinates(text[:half], text[half:], "33")
    read_commune(text, load_territory(), text[-5:])


def fuzz_reader(data: bytes) -> None:
    """Any bytes are read or refused in time; what a damaged file raises is refused by the child itself."""
    with tempfile.NamedTemporaryFile(suffix=".bin") as file:
        file.write(data)
        file.flush()
        with contextlib.suppress(Exception):
            child.read(file.name)


def main() -> None:
    """Run one target for a bounded time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=("values", "reader"))
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--corpus", type=Path, help="folder of inputs to start from; new ones are added there")
    options = parser.parse_args()
    arguments = [sys.argv[0], f"-max_total_time={options.seconds}", f"-timeout={SLOW}", "-rss_limit_mb=3000"]
    arguments += [str(options.corpus)] if options.corpus else []
    load_territory()
    atheris.Setup(arguments, fuzz_values if options.target == "values" else fuzz_reader)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
