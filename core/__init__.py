"""What no app owns: tools of several apps.

It is no Django app, has abstract models only, and imports none of ours.
"""
