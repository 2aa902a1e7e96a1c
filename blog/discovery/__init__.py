"""How articles are found from elsewhere, and what they lead to there: metadata, share links and
pictures, announcements, dead links.

Way in: `metadata.for_article` and its like, `share_links.share_links`, `announcing`, `dead_links`.
"""
