"""Parsers of one value each: hours, phones, addresses, coordinates, dates, identifiers.

Columns, tables and severities belong to survey/.
"""
