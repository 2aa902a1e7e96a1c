"""What moderators are mailed about comments that wait: one at once, the next together."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.utils import timezone

from authors.roles import Role
from blog.models import Hold, SiteSettings
from comments.models import Commenter, Delivery, DeliveryState, Pace
from comments.moderation import states
from comments.notifications import following, held
from tests.comments.notifications.telling import person, post, told
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
HOLD = SiteSettings(hold=Hold.EVERYONE, spam_filter=False, posts_per_person=0, posts_per_hour=0)


@pytest.fixture
def mo(scene):
    """A moderator whom nobody has told anything yet."""
    told()
    return make_user(role=Role.MODERATOR, email="mo@site.example")


def to_mo():
    """The mails that the moderator now gets."""
    held.send_bundles()
    told()
    return [message for message in outbox.outbox if message.to == ["mo@site.example"]]


def test_one_mail_has_all_that_a_decision_needs_and_one_action(scene, mo):
    article, first = scene
    post(article, "Mag dit?", "Cor", first, site=HOLD)
    [sent] = to_mo()
    assert "Reactie" not in sent.subject
    assert article.title in sent.subject
    for words in ("alle reacties worden eerst gelezen", "> Een gedachte.", "Mag dit?"):
        assert words in sent.body, words
    actions, _rule, rest = sent.body.partition("\n-- \n")
    assert actions.count("http") == 1
    assert "/mail/moderate/" in actions
    assert f"{article.get_absolute_url()}\n" in rest
    html = sent.alternatives[0][0]
    assert html.partition("<hr")[0].count("<a ") == 1


def test_what_follows_soon_comes_together(scene, mo, time_machine):
    article, first = scene
    post(article, "De eerste.", "Cor", site=HOLD)
    assert len(to_mo()) == 1
    waiting = [post(article, f"Nummer {n}.", "Cor", first, site=HOLD) for n in range(3)]
    assert to_mo() == []
    states.comment_approve(comment=waiting[1], actor=None)
    time_machine.move_to(timezone.now() + timedelta(minutes=14))
    assert to_mo() == []
    time_machine.move_to(timezone.now() + timedelta(minutes=2))
    [sent] = to_mo()
    assert "Nummer 0." in sent.body
    assert "Nummer 1." not in sent.body
    assert f"{waiting[2].moderate_url}#comment-{waiting[2].pk}" in sent.body
    assert "> Een gedachte." in sent.body
    [action] = [line for line in sent.body.splitlines() if "/admin/comments/comment/" in line]
    assert action.endswith("/admin/comments/comment/")
    assert "<b" not in sent.subject
    assert to_mo() == []
    assert not Delivery.objects.filter(state=DeliveryState.COLLECTED).exists()
    # One alone is the mail about it that was written already.
    last = post(article, "Nog een.", "Cor", site=HOLD)
    assert to_mo() == []
    time_machine.move_to(timezone.now() + timedelta(minutes=16))
    [sent] = to_mo()
    assert "/mail/moderate/" in sent.body
    assert Delivery.objects.get(comment=last, commenter__user=mo).state == DeliveryState.SENT


def test_who_moderates_no_more_reads_nothing_of_it(scene, mo, time_machine):
    article, _first = scene
    for number in range(4):
        post(article, f"Nummer {number}.", "Cor", site=HOLD)
    assert len(to_mo()) == 1
    mo.groups.clear()
    time_machine.move_to(timezone.now() + timedelta(minutes=16))
    assert to_mo() == []
    assert not Delivery.objects.filter(state=DeliveryState.COLLECTED, commenter__user=mo).exists()


def test_who_wants_mail_daily_gets_it_with_the_daily_mail(scene, mo, time_machine):
    article, first = scene
    following.person_of(mo)
    Commenter.objects.filter(user=mo).update(pace=Pace.DAILY)
    person("Dina")
    waiting = post(article, "Mag dit?", "Dina", first, site=HOLD)
    other = make_article()
    post(other, "En dit?", "Dina", site=HOLD)
    assert to_mo() == []
    time_machine.move_to(timezone.localtime() + timedelta(days=1))
    time_machine.move_to(timezone.localtime().replace(hour=8))
    following.send_digests()
    [sent] = to_mo()
    assert f"{waiting.moderate_url}#comment-{waiting.pk}" in sent.body
    assert "En dit?" in sent.body
