"""Shared code that belongs to no single app.

It is no Django app, has abstract models only, and imports none of ours.
"""
