"""Decisions about comments that are stored: states, reports, marks, the queue, the log.

Way in: `decisions` for what a person decides, `states` for each step, `queue` for what is pending.
"""
