"""Dated snapshots of what the live web publishes, fetched with care.

What a source means belongs to national/.
"""
