"""The guide, the rules and the code say the same: no rule without its anchor, no anchor without a rule."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

from fs_pipeline.survey.problems import rules

ROOT = Path(__file__).resolve().parents[3]
GUIDE = (ROOT / "docs" / "handing-in.md").read_text(encoding="utf-8")
ANCHORS = re.findall(r'<a id="([\w-]+)"></a>', GUIDE)


def _tool():
    spec = importlib.util.spec_from_file_location("build_guide", ROOT / "tools" / "build_guide.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_rule_has_its_own_anchor_and_its_sections():
    assert set(rules()) <= set(ANCHORS)
    assert {rule["anchor"] for rule in rules().values()} <= set(ANCHORS)
    assert len(ANCHORS) == len(set(ANCHORS))


def test_each_anchor_is_a_rule_or_the_section_of_some():
    assert set(ANCHORS) - set(rules()) - {rule["anchor"] for rule in rules().values()} == {"le-modele"}


def test_the_guides_tables_are_the_rules_of_today():
    assert _tool().written(GUIDE) == GUIDE, "run: python tools/build_guide.py"


def test_every_rule_is_said_somewhere_in_the_code_and_only_rules_are():
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for room in ("survey", "values")
        for path in (ROOT / "fs_pipeline" / room).rglob("*.py")
    )
    noted = set(re.findall(r'Note\(\s*"(\w+)"', code))
    assert noted <= set(rules())
    assert {name for name in rules() if f'"{name}"' not in code} == set()


def test_every_image_of_the_guide_is_there_and_small():
    images = re.findall(r"\]\((images/[\w.-]+)\)", GUIDE)
    assert len(images) >= 4
    assert all(0 < (ROOT / "docs" / image).stat().st_size < 150_000 for image in images)


def test_severities_and_sentences_are_in_order():
    for rule in rules().values():
        assert rule["severity"] in {"error", "warning", "info"}
        assert rule["message_fr"].endswith((".", "!"))
        assert rule["what_to_type_fr"]
