from django.db import migrations

# Of comments that wait: what held them, and the score that stands in the log beside it.
HELD = """
UPDATE comments_comment AS comment
SET held_for = known.kinds, score = coalesce(known.score, -1),
    suspect = known.kinds && ARRAY['filter', 'akismet']::varchar[]
FROM (
    SELECT event.comment_id, array_agg(DISTINCT signal ->> 'kind')::varchar(10)[] AS kinds,
        max(CASE WHEN signal ->> 'kind' IN ('filter', 'akismet')
            THEN substring(signal ->> 'detail' FROM '^[01]\\.[0-9]+')::float END) AS score
    FROM comments_moderationevent AS event
    JOIN comments_comment AS waits ON waits.id = event.comment_id AND waits.state = 'pending'
    CROSS JOIN LATERAL jsonb_array_elements(event.signals) AS signal
    WHERE event.action = 'held' AND signal ->> 'kind' IS NOT NULL
        AND length(signal ->> 'kind') <= 10
    GROUP BY event.comment_id
) AS known
WHERE comment.id = known.comment_id
"""
REPORTED = """
UPDATE comments_comment AS comment SET report_weight = open.number
FROM (
    SELECT comment_id, count(*) AS number FROM comments_report
    WHERE outcome = 'open' GROUP BY comment_id
) AS open
WHERE comment.id = open.comment_id
"""
# Those whose writer deleted the comment waited for nobody.
GONE = """
UPDATE comments_report AS report SET outcome = 'gone', decided_at = now(), email = ''
FROM comments_comment AS comment
WHERE comment.id = report.comment_id AND report.outcome = 'open'
    AND comment.state IN ('deleted', 'removed', 'spam', 'rejected')
"""


class Migration(migrations.Migration):
    dependencies = [("comments", "0028_queue")]

    operations = [
        migrations.RunSQL([GONE, REPORTED, HELD], migrations.RunSQL.noop),
    ]
