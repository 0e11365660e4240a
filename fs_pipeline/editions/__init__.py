"""Internal, partners, public: the only door through which rows leave.

Formats belong to release/.
"""
