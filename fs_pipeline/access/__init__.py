"""Minutes to the nearest place, by road or estimated.

The roads themselves are ``roads/``; what minutes mean is ``coverage/``.
"""
