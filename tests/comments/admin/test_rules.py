"""Rules in the admin: tried before they are switched on; the filter's figures."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from authors.roles import Role
from blog.models import Hold, SiteSettings
from comments.admin.rules import try_rule
from comments.models import Comment, Effect, Lesson, Match, Rule, State
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from tests.factories import make_article, make_user


def make_comment(article, source, state=State.APPROVED):
    site = SiteSettings(hold=Hold.NOBODY, posts_per_person=0, spam_filter=False)
    comment, _new = comment_post(
        submission=Submission(article=article, name="Anna", text=source), site=site
    )
    if state == State.PENDING:
        Comment.objects.filter(pk=comment.pk).update(state=state, shown=False)
    return comment


@pytest.fixture
def moderator(client, db):
    user = make_user(role=Role.MODERATOR)
    client.force_login(user)
    return client


def test_a_trial_says_how_many_which_and_how_many_were_approved(moderator):
    article = make_article()
    kept = make_comment(article, source="Een casino in de kantine.")
    waiting = make_comment(article, source="CASINO bonus", state=State.PENDING)
    make_comment(article, source="Iets anders.")
    old = make_comment(article, source="casino van vroeger")
    Comment.objects.filter(pk=old.pk).update(
        created_at=timezone.now() - datetime.timedelta(days=400)
    )
    rule = Rule.objects.create(pattern="casino")
    trial = try_rule(rule)
    assert (trial.tried, trial.of, trial.caught, trial.approved) == (3, 3, 2, 1)
    assert {comment.pk for comment, _found in trial.examples} == {kept.pk, waiting.pk}
    page = moderator.get(reverse("admin:comments_rule_try", args=[rule.pk]))
    assert "2 reacties van 3" in page.content.decode()
    assert Rule.objects.get().active is False


def test_a_trial_stops_in_time_and_says_so(moderator):
    article = make_article()
    for number in range(3):
        make_comment(article, source=f"casino {number}")
    trial = try_rule(Rule.objects.create(pattern="casino"), limit=-1)
    assert (trial.tried, trial.of) == (0, 3)


def test_a_new_rule_is_tried_first_then_switched_on(moderator):
    data = {"target": "text", "match": "word", "pattern": "casino", "effect": "hold", "note": ""}
    response = moderator.post(reverse("admin:comments_rule_add"), data)
    rule = Rule.objects.get()
    assert response["Location"] == reverse("admin:comments_rule_try", args=[rule.pk])
    moderator.post(response["Location"])
    rule.refresh_from_db()
    assert rule.active


def test_a_pattern_that_cannot_be_used_comes_back(moderator):
    data = {"target": "text", "match": "regex", "pattern": "(casino", "effect": "hold", "note": ""}
    response = moderator.post(reverse("admin:comments_rule_add"), data)
    assert response.status_code == 200
    assert "(casino" in response.content.decode()
    assert "niet bruikbaar" in response.content.decode()
    assert not Rule.objects.exists()


def test_many_at_once(moderator):
    Rule.objects.create(pattern="casino", effect=Effect.REFUSE)
    address = reverse("admin:comments_rule_paste")
    assert moderator.get(address).status_code == 200
    data = {
        "target": "text",
        "match": "word",
        "effect": "hold",
        "patterns": "casino\n\nbonus\n gratis geld \n",
    }
    moderator.post(address, data)
    assert set(Rule.objects.values_list("pattern", "effect")) == {
        ("casino", "refuse"),
        ("bonus", "hold"),
        ("gratis geld", "hold"),
    }
    bad = moderator.post(address, data | {"match": "regex", "patterns": "goed\n(fout"})
    assert bad.status_code == 422
    assert "Regel 2" in bad.content.decode()
    assert "(fout" in bad.content.decode()
    assert not Rule.objects.filter(match=Match.REGEX).exists()


def test_switching_on_and_off_counts_at_once(moderator):
    rule = Rule.objects.create(pattern="casino")
    address = reverse("admin:comments_rule_changelist")
    moderator.post(address, {"action": "switch_on", "_selected_action": [rule.pk]})
    rule.refresh_from_db()
    assert rule.active
    moderator.post(address, {"action": "switch_off", "_selected_action": [rule.pk]})
    rule.refresh_from_db()
    assert not rule.active


def test_the_filters_figures(moderator):
    comment = make_comment(make_article(), source="Koop nu")
    Lesson.objects.create(comment=comment, spam=True, score=0.97)
    text = moderator.get(reverse("admin:comments_lesson_changelist")).content.decode()
    assert "precisie 1,00" in text
    assert "vangst 1,00" in text


@pytest.mark.parametrize("name", ["rule_changelist", "rule_paste", "lesson_changelist"])
def test_authors_have_no_rules(client, db, name):
    client.force_login(make_user(role=Role.AUTHOR))
    assert client.get(reverse(f"admin:comments_{name}")).status_code in (403, 404)
    rule = Rule.objects.create(pattern="casino")
    assert client.get(reverse("admin:comments_rule_try", args=[rule.pk])).status_code == 404
