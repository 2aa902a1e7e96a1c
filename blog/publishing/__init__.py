"""Writes of articles and pages, and everything that happens to them until they are public.

Way in: `articles.article_save`, `pages.page_save`, `workflow.step_record`, `access` for
permissions. It does not know comments.
"""
