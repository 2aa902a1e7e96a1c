"""What speaks against a comment before it is stored: bans, rules, the spam filters.

Way in: `screen.screen`, `bans.ban_for`; `learning` teaches the filter by decisions.
"""
