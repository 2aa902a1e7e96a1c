"""The orders and filters of the queue: every comment once, page by page, along an index."""

import datetime
import itertools

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authors.roles import Role
from blog.models import Hold, SiteSettings
from comments.models import Comment, ModerationEvent, State
from comments.moderation import clearing, reach, selection
from comments.moderation.decisions import BanTarget, Decision
from comments.moderation.selection import Band, Choice, QueueOrder, Tab
from comments.screening import bans
from tests.comments.desks import OPEN, QUEUE, post, report
from tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db
SCREENED = SiteSettings(hold=Hold.NOBODY, posts_per_hour=0, posts_per_person=0, max_links=0)


@pytest.fixture
def mo():
    return make_user("mo", role=Role.MODERATOR)


def pages(user, choice, size):
    """All of a queue, read a page at a time."""
    found, after = [], 0
    for _turn in range(50):
        numbers = selection.page_of(user, Choice.of(dict_of(choice, after)), size + 1)
        found += numbers[:size]
        if len(numbers) <= size:
            return found
        after = numbers[size - 1]
    raise AssertionError("no end")


def dict_of(choice, after):
    return {"tab": choice.tab.value, "order": choice.order, "after": str(after)}


KEYS = {
    QueueOrder.AGE: lambda row: row.pk,
    QueueOrder.NEWEST: lambda row: -row.pk,
    QueueOrder.SCORE: lambda row: (-row.score, row.pk),
    QueueOrder.REPORTS: lambda row: (-row.report_weight, row.pk),
    QueueOrder.REACH: lambda row: (-row.reach, row.pk),
}


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from([-1, 0, 0.5, 0.9, 1]), st.integers(0, 2), st.sampled_from([0, 1, 2.4])
        ),
        max_size=9,
    ),
    size=st.integers(1, 4),
    order=st.sampled_from(QueueOrder.values),
)
def test_every_order_shows_each_comment_once_whatever_the_pages(mo, rows, size, order):
    Comment.objects.all().delete()
    article = make_article()
    made = [post(article, f"Nummer {number}.") for number in range(len(rows))]
    for comment, (score, lively, weight) in zip(made, rows, strict=True):
        Comment.objects.filter(pk=comment.pk).update(
            score=score, reach=lively, report_weight=weight
        )
    expected = sorted(Comment.objects.all(), key=KEYS[QueueOrder(order)])
    found = pages(mo, Choice(tab=Tab.HELD, order=order), size)
    assert found == [row.pk for row in expected]


def test_filters_find_what_they_say(client, mo):
    article, other = make_article(), make_article(language="en")
    held = post(article, "Gewoon gezegd over roosters.")
    spammy = post(article, "casino bonus https://x.example gratis geld casino", site=SCREENED,
                  email="s@lezer.example")  # fmt: skip
    english = post(other, "What a thoughtful article this is, I thought, while reading it.",
                   email="e@lezer.example")  # fmt: skip
    Comment.objects.filter(pk=spammy.pk).update(client=b"m" * 16)
    Comment.objects.filter(pk=english.pk).update(client=b"m" * 8 + b"z" * 8)

    def found(**query):
        choice = Choice.of({name: str(value) for name, value in query.items()})
        return set(selection.page_of(mo, choice))

    assert found() == {held.pk, english.pk}
    assert found(tab="suspect") == {spammy.pk}
    assert spammy.score >= 0.9
    assert set(spammy.held_for) >= {"filter", "links"}
    assert found(language="en") == {english.pk}
    assert found(reason="everyone") == {held.pk, english.pk}
    assert found(tab="suspect", reason="links") == {spammy.pk}
    assert found(tab="suspect", band=Band.HIGH) == {spammy.pk}
    assert found(tab="suspect", band=Band.LOW) == set()
    # Of one person or network everything that waits, spam or not.
    assert found(person=spammy.commenter_id) == {spammy.pk}
    assert found(network=english.pk) == {spammy.pk, english.pk}
    assert found(network=10**9) == set()
    assert found(q="e@lezer.example") == {english.pk}
    # Whoever may not see an address does not find one.
    author = make_user("femke", role=Role.AUTHOR)
    article.authors.add(make_author(user=author))
    assert selection.page_of(author, Choice(words="bo@lezer.example")) == []
    assert selection.page_of(author, Choice(network=english.pk)) == []
    client.force_login(mo)
    for order, tab in itertools.product([*QueueOrder.values, "nope"], Tab.values):
        query = {"tab": tab, "order": order, "view": "compact", "every": "1", "band": "x"}
        page = client.get(QUEUE, query)
        assert page.status_code == 200
        assert all(item["chosen"] for item in page.context["cards"])


def test_a_choice_comes_back_from_its_address():
    from django.http.request import QueryDict

    choice = Choice(
        tab=Tab.SUSPECT, order="reach", article=1, author=2, person=3, network=4, language="nl",
        reason="links", band="high", words="a & b", view="compact", after=9,
    )  # fmt: skip
    assert Choice.of(QueryDict(choice.query())) == choice
    assert Choice.of(QueryDict(choice.query(every=True))).every


def test_a_long_queue_reads_no_more_than_a_short_one(mo):
    fill(100)
    few = {choice: rows_read(mo, choice) for choice in choices()}
    fill(20_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE comments_comment")
    for choice, before in few.items():
        after = rows_read(mo, choice)
        assert after <= max(before, 15 * selection.PAGE), (choice, before, after)
    assert selection.counts(mo)["held"] == "1.000+"
    assert selection.waiting(mo).held == selection.MOST + 1


def choices():
    article = Comment.objects.values_list("article", flat=True).first()
    middle = Comment.objects.filter(suspect=False).order_by("pk")[20].pk
    for order in QueueOrder.values:
        yield Choice(order=order)
        yield Choice(order=order, after=middle)
        yield Choice(tab=Tab.SUSPECT, order=order)
    yield Choice(article=article)
    yield Choice(language="en")
    yield Choice(reason="akismet", tab=Tab.SUSPECT)


_FILL = """
INSERT INTO comments_comment (article_id, path, depth, name, website, source, html, fragment,
    fragment_release, language, state, shown, reason, article_version, origin, created_at, to_tell,
    reaction_count, descendant_count, rank, score, suspect, reach, held_for, by_article_author,
    by_moderator, entry_id)
SELECT %s, convert_to('x' || n, 'UTF8'), 0, 'Bo', '', 'Woorden', '', '', '',
    CASE WHEN n %% 500 = 0 THEN 'en' ELSE 'nl' END, 'pending', false, '', 1, 'site',
    now() - n * interval '1 minute', false, 0, 0, 0, (n %% 100) / 100.0, n %% 10 = 0, n %% 7,
    CASE WHEN n %% 1000 = 0 THEN ARRAY['akismet', 'everyone'] ELSE ARRAY['everyone'] END,
    false, false, ''
FROM generate_series(1, %s) AS n
"""


def fill(number):
    article = make_article()
    with connection.cursor() as cursor:
        cursor.execute(_FILL, [article.pk, number])


def rows_read(user, choice):
    """Rows of the comments' table that a page's statements look at, kept or not."""
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as statements:
        selection.page_of(user, choice, selection.PAGE + 1)
    read = 0
    for statement in statements.captured_queries:
        if "comments_comment" not in statement["sql"]:
            continue
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + statement["sql"])
            read += scanned(cursor.fetchone()[0][0]["Plan"])
    return read


def scanned(plan):
    here = 0
    if plan.get("Relation Name") == "comments_comment" or "Index Name" in plan:
        loops = plan["Actual Loops"]
        here = (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * loops
    return here + sum(scanned(child) for child in plan.get("Plans", ()))


def test_lively_conversations_come_first_and_cool_down(mo):
    quiet, lively = make_article(), make_article()
    one = post(quiet, "In stilte.")
    two = post(lively, "In het gewoel.")
    for number in range(4):
        post(lively, f"Meer {number}.", site=OPEN)
    assert reach.reach_renew() == 2
    assert reach.reach_renew() == 0
    assert selection.page_of(mo, Choice(order="reach")) == [two.pk, one.pk]
    old = timezone.now() - datetime.timedelta(days=2)
    Comment.objects.update(created_at=old)
    reach.reach_renew()
    assert set(Comment.objects.values_list("reach", flat=True)) == {0}


class TestClearing:
    def test_the_worker_goes_on_where_the_moderator_need_not_wait(self, mo, monkeypatch):
        monkeypatch.setattr(clearing, "AT_ONCE", 2)
        article = make_article()
        rows = [post(article, f"Reclame {number}.") for number in range(5)]
        ban = bans.ban_add(actor=mo, commenter=rows[0].commenter, reason="Reclame")
        events = clearing.waiting_clear(ban=ban, actor=mo, decision=Decision.SPAM)
        assert len(events) == 2
        clearing.go_on.call(ban.pk, mo.pk, "spam", rows[1].pk)
        clearing.go_on.call(ban.pk, mo.pk, "spam", rows[3].pk)
        assert set(Comment.objects.values_list("state", flat=True)) == {State.SPAM}
        assert ModerationEvent.objects.filter(action="spam", actor=mo).count() == 5

    def test_lifted_or_by_who_lost_the_role_it_goes_no_further(self, mo):
        article = make_article()
        row = post(article)
        ban = bans.ban_add(actor=mo, commenter=row.commenter)
        mo.groups.clear()
        clearing.go_on.call(ban.pk, mo.pk, "spam", 0)
        ban = bans.ban_add(actor=make_user("jo", role=Role.MODERATOR), commenter=row.commenter)
        bans.ban_lift(ban=ban, actor=None)
        clearing.go_on.call(ban.pk, ban.actor_id, "spam", 0)
        row.refresh_from_db()
        assert row.state == State.PENDING

    def test_whom_a_ban_would_shut_out(self, mo):
        article = make_article()
        mine = post(article, email="spam@lezer.example")
        known = post(article, "Ik hoor hier.", email="buur@lezer.example", site=OPEN)
        type(known.commenter).objects.filter(pk=known.commenter_id).update(trust="known")

        def others(target, pattern=""):
            return clearing.others_shut_out(mine, target, pattern)

        assert others(BanTarget.PERSON) == 0
        assert others(BanTarget.PATTERN, "spam@lezer.example") == 0
        assert others(BanTarget.PATTERN, "*@lezer.example") == 1
        assert others(BanTarget.PATTERN, "*@lezer.exampl") == 0
        assert others(BanTarget.NETWORK) == 1


def test_reported_comments_are_found_by_what_their_reports_weigh(mo):
    article = make_article()
    one, two = (post(article, f"Nummer {number}.", site=OPEN) for number in range(2))
    report(one, 1)
    report(two, 1)
    report(two, 2)
    assert selection.page_of(mo, Choice(tab=Tab.REPORTED, order="reports")) == [two.pk, one.pk]
    assert selection.page_of(mo, Choice(tab=Tab.REPORTED)) == [one.pk, two.pk]
