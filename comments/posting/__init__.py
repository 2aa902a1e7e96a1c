"""How comments come in: from a form, by mail, or with an import.

Way in: `store.comment_post`, `by_mail.receive`, `by_import`. It asks screening and does not know
moderation.
"""
