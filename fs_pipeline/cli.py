"""The console script, as design/CLI.md's contract has it: parse, run the command, tell an error in one line.

Exit codes: 0 done · 1 refused for what the data says · 2 bad use or unreadable file (one line on stderr) · 130
interrupted, 143 stopped by a signal: nothing is half published.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from fs_pipeline.arguments import read_arguments
from fs_pipeline.commands import BAD_USE, COMMANDS, DONE, BadUseError
from fs_pipeline.french_arguments import file_sentence
from fs_pipeline.interruption import Interrupted, stopping
from fs_pipeline.national.links import UnlinkedSource
from fs_pipeline.safe_text import show_anywhere
from fs_pipeline.settings import UnusableSettings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the value is the exit code."""
    show_anywhere(sys.stdout, sys.stderr)
    try:
        with stopping():
            options = read_arguments(arguments)
            code = COMMANDS[options.commande](options)
    except (BadUseError, UnusableSettings, UnlinkedSource) as error:
        print(f"fs-pipeline : {error}", file=sys.stderr)
        return BAD_USE
    except BrokenPipeError:  # the reader of our output went away
        return DONE
    except OSError as error:
        print(f"fs-pipeline : {file_sentence(error)}", file=sys.stderr)
        return BAD_USE
    except Interrupted as interruption:
        print("fs-pipeline : interrompu ; rien n’est publié à moitié.", file=sys.stderr)
        return interruption.exit_code
    return code


if __name__ == "__main__":
    raise SystemExit(main())
