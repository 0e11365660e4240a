"""Every published figure, with its trust line, and nothing computed twice.

Layout belongs to briefing/ and cartography/.
"""
