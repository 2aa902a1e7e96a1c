"""Claims of moderators at once, with real transactions: one for a comment and for a moderator."""

import datetime
from collections import Counter

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authors.roles import Role
from blog.models import Hold, SiteSettings
from comments.models import Claim, Comment, State
from comments.moderation import claims
from comments.moderation.decisions import Claimed, Decision, Late, decision_make
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from tests.concurrency.test_together import together
from tests.factories import make_article, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
HOLD = SiteSettings(hold=Hold.EVERYONE, spam_filter=False, posts_per_hour=0)
WORKERS = 4


@pytest.fixture
def people(transactional_db):
    from django.contrib.auth.models import Group

    Group.objects.get_or_create(name=Role.MODERATOR)
    return [make_user(role=Role.MODERATOR) for _number in range(WORKERS)]


def posted(article, number):
    return comment_post(
        submission=Submission(article=article, name=f"Bo {number}", text=f"Nummer {number}."),
        site=HOLD,
    )[0]


# What each worker does, one after the other: looks at a comment, goes away, decides about it.
ACTS = st.lists(
    st.tuples(st.sampled_from(["look", "look", "leave", "decide"]), st.integers(0, 2)),
    min_size=1,
    max_size=5,
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(plan=st.lists(ACTS, min_size=WORKERS, max_size=WORKERS))
def test_whatever_they_do_nobody_shares_a_claim_and_nothing_is_decided_twice(people, plan):
    Claim.objects.all().delete()
    article = make_article()
    comments = [posted(article, number) for number in range(3)]
    wrong = []

    def work(turn):
        mine, decided = None, []
        for act, at in plan[turn]:
            comment = comments[at]
            if act == "leave":
                claims.claim_end(user=people[turn])
                mine = None
            elif act == "look":
                held = claims.claim_take(user=people[turn], number=comment.pk)
                assert held != people[turn]
                mine = None if held else comment.pk
            else:
                try:
                    decision_make(
                        comment=comment, actor=people[turn], decision=Decision.APPROVE, seen=0
                        if not comment.events.exists() else comment.events.latest("pk").pk,
                    )  # fmt: skip
                    decided.append(comment.pk)
                except Claimed as claimed:
                    # Never by what she holds herself.
                    own = claimed.holder == people[turn] or comment.pk == mine
                    wrong.extend([comment.pk] if own else [])
                except Late:
                    continue
        return decided

    results = together(WORKERS, work)
    assert wrong == []
    done = Counter(pk for decided in results for pk in decided)
    assert all(number == 1 for number in done.values())
    shown = Comment.objects.filter(state=State.APPROVED, article=article)
    assert set(shown.values_list("pk", flat=True)) == set(done)
    rows = list(Claim.objects.all())
    assert len({row.user_id for row in rows}) == len(rows)
    assert len({row.comment_id for row in rows}) == len(rows)


def test_of_many_who_look_at_one_comment_one_has_it_until_it_lapses(people):
    comment = posted(make_article(), 1)
    results = together(
        WORKERS, lambda turn: claims.claim_take(user=people[turn], number=comment.pk)
    )
    winner = Claim.objects.get().user
    assert results.count(None) == 1
    assert all(held == winner for held in results if held is not None)
    other = next(one for one in people if one != winner)
    with pytest.raises(Claimed) as refusal:
        decision_make(comment=comment, actor=other, decision=Decision.SPAM)
    # Told of it, she passes over that claim, and over no other.
    with pytest.raises(Claimed):
        decision_make(comment=comment, actor=other, decision=Decision.SPAM, over=other.pk)
    assert refusal.value.holder == winner
    Claim.objects.update(until=timezone.now() - datetime.timedelta(seconds=1))
    assert claims.claim_take(user=other, number=comment.pk) is None
    decision_make(comment=comment, actor=other, decision=Decision.SPAM)
    assert not Claim.objects.exists()
