"""Backup, restore, verify: an installation as one folder that says the digest of all that is in it, and back.

What a row or a published file means does not belong here; what must stay deleted is said in ``deposits/erasures.py``.
"""
