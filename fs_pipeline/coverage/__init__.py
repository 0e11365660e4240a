"""What minutes mean: shares of the population, open hours, gaps, the levers that would close them, how all was computed.

Drawing belongs to cartography/.
"""
