"""How articles are found from elsewhere: metadata, share links and pictures, announcements.

Way in: `metadata.for_article` and its like, `share_links.share_links`, `announcing`.
"""
