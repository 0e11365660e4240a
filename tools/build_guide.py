"""Write the tables of rules into docs/handing-in.md: `python tools/build_guide.py`.

The prose is written by hand; between ``<!-- règles : ANCHOR -->`` and ``<!-- fin -->`` stands what ``rules.csv`` says.
"""

from __future__ import annotations

import re
from pathlib import Path

from fs_pipeline.data import read_csv

GUIDE = Path(__file__).resolve().parent.parent / "docs" / "handing-in.md"
_WORDS = {"error": "à corriger", "warning": "à vérifier", "info": "pour information"}
_BLOCK = re.compile(r"(<!-- règles : ([\w-]+) -->\n).*?(<!-- fin -->)", re.DOTALL)


def table(anchor: str) -> str:
    """The rules of one section, a row each, with an anchor of its own."""
    rows = ["| ce que dit le contrôle | gravité | ce qu’il faut écrire |", "|---|---|---|"]
    for rule in read_csv("rules.csv"):
        if rule["anchor"] == anchor:
            said = f'<a id="{rule["rule"]}"></a>{rule["message_fr"]}'
            rows.append(f"| {said} | {_WORDS[rule['severity']]} | {rule['what_to_type_fr']} |")
    return "\n".join(rows) + "\n"


def written(text: str) -> str:
    """The guide with its tables as the rules are today."""
    return _BLOCK.sub(lambda found: found.group(1) + table(found.group(2)) + found.group(3), text)


if __name__ == "__main__":
    GUIDE.write_text(written(GUIDE.read_text(encoding="utf-8")), encoding="utf-8")
