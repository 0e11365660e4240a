"""docs/first-hour.md is what tools/first_hour.py makes of what its commands say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.first_hour import PAGE, commands, page, play, read_back


def test_the_page_is_what_the_script_makes() -> None:
    text = PAGE.read_text(encoding="utf-8")
    said = read_back(text)
    assert page(said) == text
    assert len(said) == len(commands()) > 20
    assert sum(map(bool, said)) > 10
    for command, answer in zip(commands(), said, strict=True):
        if "…" not in answer.splitlines():  # nothing was left out
            assert all(fragment in answer for fragment in command.says), command


@pytest.mark.soak
@pytest.mark.parametrize("here", [True, False], ids=["here", "installed"])
def test_every_command_does_what_the_page_says(tmp_path: Path, here: bool) -> None:
    play(tmp_path, here=here)
