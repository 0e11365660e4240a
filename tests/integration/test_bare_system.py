"""Both commands of the README on a machine that has what the README asks for and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.soak
def test_both_commands_of_the_readme_pass_without_a_compiler_or_a_service():
    done = subprocess.run([sys.executable, ROOT / "tools" / "bare_system.py"], cwd=ROOT, check=False)
    assert done.returncode == 0
