"""Départements, communes and their history, neighbours, projections.

No place of help and no survey belongs here.
"""
