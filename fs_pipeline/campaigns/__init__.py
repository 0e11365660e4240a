"""What a campaign takes: who opened it, advanced it and closed it, on which day, and which lists it took since.

How lists are fetched is http/'s, how they are read national/'s.
"""
