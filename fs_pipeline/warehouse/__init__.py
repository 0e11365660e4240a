"""Tables, engine, SQL models, files: where rows and bytes are kept.

Nothing here knows what a row means.
"""
