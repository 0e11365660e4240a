"""The synthetic département: planted errors, known answer.

Nothing here is read by a real département's run.
"""
