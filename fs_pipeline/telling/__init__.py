"""Telling whoever runs the machine what is wrong, once each: what an incident is, how it is said, by what way it goes.

No message holds a person's data: neither the name of a file nor a word of a survey. Nothing here imports Dagster.
"""
