"""Labels and publics of real surveys: the share of their cells that the reviewed lists hear, and what they don't.

    .venv/bin/python benchmarks/values_vocabularies.py [FOLDER of surveys]

The reader of the surveys chooses the columns. No peer reads such cells: their templates allow the codes alone.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from fs_pipeline.demarches.catalogue import Vocabulary
from fs_pipeline.survey.check import check_file
from fs_pipeline.survey.fields import LISTS_OF_PLACES
from fs_pipeline.survey.opening.cells import as_text
from fs_pipeline.territory.shipped import load_territory
from fs_pipeline.values.vocabularies import read_words

SURVEYS = Path(__file__).resolve().parents[2] / "shared" / "data" / "surveys"


def main(folder: Path) -> int:
    """Print, a column a line, the cells written, those heard whole and those that hold a code; then the words unheard."""
    territory, vocabulary = load_territory(), Vocabulary()
    total: Counter[str] = Counter()
    unheard: Counter[str] = Counter()
    for path in sorted(folder.glob("*.*")):
        if path.suffix not in {".csv", ".xlsx"}:
            continue
        report = check_file(path, territory=territory, departement=None, vocabulary=vocabulary)
        for block in report.blocks:
            for field, name in LISTS_OF_PLACES.items() if block.table == "places" else ():
                for column in block.columns.get(field, ()):
                    rows = block.sheet.rows[block.first : block.last]
                    read = [read_words(text, name) for row in rows if (text := as_text(row[column]))]
                    counts = Counter(
                        written=len(read),
                        whole=sum(not words.unmapped for words in read),
                        coded=sum(bool(words.codes) for words in read),
                    )
                    total += counts
                    unheard.update(word for words in read for word in words.unmapped)
                    print(f"{path.name:34} {field:8} {block.header(column)[:44]:45}", dict(counts))
    share = total["whole"] / total["written"]
    print(f"\n{total['whole']} of {total['written']} cells heard whole: {share:.1%}; {total['coded']} hold a code")
    print(f"{len(unheard)} words unheard: {', '.join(word[:40] for word, _ in unheard.most_common(30))}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else SURVEYS))
