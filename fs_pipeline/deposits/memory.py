"""What a département answered about the headers of its files, kept for its next deposit."""

from __future__ import annotations

import json
from collections.abc import Mapping

from fs_pipeline.safe_text import safe_tree
from fs_pipeline.survey.fields import fields_of


def path_of(departement: str) -> str:
    """Where a département's answers are kept in the file store."""
    return f"memory/columns/{departement}.json"


def read_answers(content: bytes | None) -> dict[str, str]:
    """Normalised header -> field, empty for none; fields that are no more are forgotten."""
    kept = safe_tree(json.loads(content)) if content else {}
    known = {"", *(field.name for field in fields_of("places"))}
    return {header: name for header, name in kept.items() if name in known}


def write_answers(known: Mapping[str, str], new: Mapping[str, str]) -> bytes:
    """The answers known and new, the new winning; same answers, same bytes."""
    return json.dumps({**known, **new}, ensure_ascii=False, indent=1, sort_keys=True).encode()
