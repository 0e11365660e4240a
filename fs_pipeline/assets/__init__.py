"""Dagster assets: read, call one pure function, write.

Nothing here thinks.
"""
