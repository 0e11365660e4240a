"""Which records are the same place, which value wins, and the id a place keeps for ever.

Parsing belongs to values/.
"""
