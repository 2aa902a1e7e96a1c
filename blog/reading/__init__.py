"""What the reading pages read: a bounded number of rows, never by OFFSET; page views by day.

Way in: `selectors`, `related`, `page_counts.count`, `byline`. It writes nothing but page views.
"""
