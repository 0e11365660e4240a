"""The view model of the prefect's meeting, and its HTML and PDF.

No figure is computed here.
"""
