"""What was handed in: told from noise, kept as it came, and deleted at its date with what it left.

Reading it is ``survey/``'s work, behind the walls of ``sandbox/``.
"""
