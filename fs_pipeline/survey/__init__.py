"""A handed-in file becomes tables of values and a list of problems, and its annotated copy.

Linking to other lists belongs to linkage/.
"""
