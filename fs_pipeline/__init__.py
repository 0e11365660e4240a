"""fs_pipeline: for every démarche that went on-line, a place near home where a person helps.

Rooms are listed in the order imports may go (downwards only) in pyproject.toml, under import-linter.
"""

__version__ = "0.2.0.dev0"
