"""The conversation as it is stored and shown: paths, markup, fragments, counters.

Way in: `selectors` to read a page of a thread, `fragments.join` to show it, `counters` to move its
numbers, `access` for what may be answered. It decides nothing about a comment.
"""
