"""Write the tables of rules into docs/handing-in.md: `python tools/build_guide.py`.

The prose is written by hand; between ``<!-- règles : ANCHOR -->`` and ``<!-- fin -->`` stands what ``rules.csv`` says,
after ``<!-- listes -->`` the words of the reviewed lists.
"""

from __future__ import annotations

import re
from pathlib import Path

from fs_pipeline.data import read_csv
from fs_pipeline.values.vocabularies import VocabularyName, labels_of

GUIDE = Path(__file__).resolve().parent.parent / "docs" / "handing-in.md"
_WORDS = {"error": "à corriger", "warning": "à vérifier", "info": "pour information"}
_LISTS: dict[str, VocabularyName] = {
    "Labels et programmes": "place_labels",
    "Publics": "publics",
    "Aide aux démarches administratives": "general_help",
    "Types d’acteur": "actor_kinds",
    "Modes d’aller-vers": "outreach_modes",
}
_LISTED = re.compile(r"(<!-- listes -->\n).*?(<!-- fin -->)", re.DOTALL)
_BLOCK = re.compile(r"(<!-- règles : ([\w-]+) -->\n).*?(<!-- fin -->)", re.DOTALL)


def table(anchor: str) -> str:
    """The rules of one section, a row each, with an anchor of its own."""
    rows = ["| ce que dit le contrôle | gravité | ce qu’il faut écrire |", "|---|---|---|"]
    for rule in read_csv("rules.csv"):
        if rule["anchor"] == anchor:
            said = f'<a id="{rule["rule"]}"></a>{rule["message_fr"]}'
            rows.append(f"| {said} | {_WORDS[rule['severity']]} | {rule['what_to_type_fr']} |")
    return "\n".join(rows) + "\n"


def lists() -> str:
    """The words of each reviewed list, a line each."""
    return "\n".join(f"- {title} : {', '.join(labels_of(name).values())}." for title, name in _LISTS.items()) + "\n"


def written(text: str) -> str:
    """The guide with its tables as the rules are today."""
    ruled = _BLOCK.sub(lambda found: found.group(1) + table(found.group(2)) + found.group(3), text)
    return _LISTED.sub(lambda found: found.group(1) + lists() + found.group(2), ruled)


if __name__ == "__main__":
    GUIDE.write_text(written(GUIDE.read_text(encoding="utf-8")), encoding="utf-8")
