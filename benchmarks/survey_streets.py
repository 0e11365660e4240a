"""Streets beside the cells they were read from: how many lost their ending, over all surveys of a folder.

    .venv/bin/python benchmarks/survey_streets.py [FOLDER]

A street lost its ending where the last words of the address as written are in nothing that was kept of the row: its address, what
stands beside it, its commune (a former name, the département after it) and its postcode; or where it ends on a little word. Where
the commune was cut from the street and nothing parts them, both are printed to be looked at: « 12 rue de Loches » in Loches.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from fs_pipeline.demarches.catalogue import Vocabulary
from fs_pipeline.survey.check import check_file
from fs_pipeline.survey.columns.block import Block
from fs_pipeline.survey.opening.cells import as_text
from fs_pipeline.survey.tables.records import Place
from fs_pipeline.territory.names import commune_key
from fs_pipeline.territory.shipped import load_territory
from fs_pipeline.values.streets import expand
from fs_pipeline.values.text import normalise

SURVEYS = Path(__file__).resolve().parents[2] / "shared" / "data" / "surveys"
SAYS_NOTHING = {"cedex", "france", "bp", "cs", "tsa", "n", "d", "l", "et", "a", "ou", "au", "f", "tel", "en"}
LITTLE = {"de", "du", "des", "la", "le", "les", "l", "d", "en", "aux", "sur", "sous", "saint", "sainte"}
PARTED = re.compile(r"[,;\n(]|\s[-–—/]\s")


def main(folder: Path) -> int:
    """Print each file's share and its cases; 1 where any street lost its ending."""
    lost = read = 0
    for path in sorted(folder.iterdir()):
        if path.suffix not in {".csv", ".xlsx", ".ods"}:
            continue
        report = check_file(path, territory=load_territory(), departement=None, vocabulary=Vocabulary())
        places = {(place.sheet, place.row): place for place in report.places}
        streets = [
            (place, written)
            for block in report.blocks
            if block.table == "places"
            for place, written in _written(block, places)
        ]
        cases = [(place, written, missing) for place, written in streets if (missing := lost_ending(place, written))]
        looked_at = [(place, written, "?") for place, written in streets if cut_without_a_sign(place, written)]
        read += len(streets)
        lost += len(cases)
        print(
            f"{path.name}: {len(cases)} of {len(streets)} addresses lost their ending; {len(looked_at)} to be looked at"
        )
        for place, written, missing in (*cases, *looked_at):
            kept = " ; ".join(filter(None, (place.address, place.address_extra, place.postcode, place.commune)))
            print(f"  {place.sheet} {place.row}: {written!r} -> {kept!r}: {missing}")
    print(f"all: {lost} of {read}, {lost / max(1, read):.2%}")
    return 1 if lost else 0


def _written(block: Block, places: dict[tuple[str, int], Place]) -> Iterator[tuple[Place, str]]:
    """Each place that has an address, and its address as written."""
    for row in range(block.first, block.last):
        place = places.get((block.where, row + 1))
        cells = [as_text(block.sheet.rows[row][column]) for column in block.columns.get("address", ())]
        written = " ".join(filter(None, cells))
        if place and written and (place.address or place.address_extra):
            yield place, written


def lost_ending(place: Place, written: str) -> str:
    """The words at the end of an address of which nothing is left in `place`; "" where none is lost."""
    territory = load_territory()
    last = normalise(place.address or "").split()[-1:]
    if last and last[0] in LITTLE:
        return f"after « {last[0]} »"
    home = territory.departement_names.get(territory.departement_of(place.insee) or "", "")
    kept = " ".join(filter(None, (place.address, place.address_extra, place.postcode, place.commune, place.name, home)))
    known = {*normalise(kept).split(), *commune_key(kept).split(), *SAYS_NOTHING}
    words = normalise(expand(written)).split()
    missing: list[str] = []
    while words and not (words[-1] in known or commune_key(words[-1]) in known):
        missing.insert(0, words.pop())
    text = " ".join(word for word in missing if not word.isdigit())
    return "" if place.insee in territory.by_name(text, former=True) else text


def cut_without_a_sign(place: Place, written: str) -> bool:
    """Whether the commune's own name followed the street, with neither a postcode nor a sign between them."""
    line, street, commune = (normalise(text or "") for text in (written, place.address, place.commune))
    begun, _, after = line.rpartition(street)
    return bool(street and commune) and after.strip() == commune and not PARTED.search(written[len(begun) :])


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else SURVEYS))
