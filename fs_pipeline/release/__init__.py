"""Open formats of what an edition lets out.

What may leave is decided in editions/.
"""
