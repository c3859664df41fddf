"""Readings in sentences, in the language of the reader. Documents, screens and the command line say the same.

Russian templates are built so that names stand in the nominative: names of channels and metrics are data and cannot be declined.
"""
