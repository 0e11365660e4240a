"""Great Expectations suites as Dagster asset checks.

Parsing rules live in values/ and survey/.
"""
