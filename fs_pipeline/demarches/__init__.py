"""Operators, bundles, the catalogue of démarches and levels of help, at a date.

Distances and coverage belong to access/.
"""
