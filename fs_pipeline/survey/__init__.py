"""A handed-in file becomes tables of values and a list of problems, and its annotated copy; a folder a step, in their order.

``opening/``, ``columns/``, ``tables/``, then ``check.py``, which walks through them, and ``feedback/``. Linking to other lists
belongs to linkage/.
"""
