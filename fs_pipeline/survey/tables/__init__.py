"""The rows of each table become values, and every doubt a problem with its cell. Parsers of one value are ``values/``' work."""
