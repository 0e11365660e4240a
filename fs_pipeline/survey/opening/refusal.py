"""Why a file that was handed in is not read, and what no sheet of it may exceed. Part of the child process (child.py)."""

from __future__ import annotations

MAX_COLUMNS = 1_000
MAX_CHARACTERS = 32_767  # of a cell, as a spreadsheet has it


class Refused(Exception):
    """This file is not read; `code` is a key of reader.REFUSALS, `detail` completes its message."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
