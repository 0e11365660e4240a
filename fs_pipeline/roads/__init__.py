"""The road network: read from files, kept as arrays, searched for the nearest of many places.

Whose journeys these are, and what their minutes mean, is not here: ``access/``, ``coverage/``.
"""
