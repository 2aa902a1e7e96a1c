"""Mails about the conversation: who gets which, what they say, where an answer goes.

Way in: `notices` (called in the transaction of what happened), `following`, `deliveries`.
"""
