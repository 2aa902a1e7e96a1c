"""The moderation queue: who sees it, and that decisions are posted."""

import pytest
from django.urls import reverse

from authors.models import Role
from blog.services import site_settings
from comments.models import State
from comments.services import Writer, comment_approve, comment_post
from tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db
LIST = reverse("admin:comments_comment_changelist")


@pytest.fixture
def scene():
    owner = make_user(role=Role.AUTHOR)
    article = make_article(authors=[make_author(user=owner)])
    comments = [
        comment_post(
            article=article,
            parent=None,
            writer=Writer(name=f"Lezer {number}"),
            source=f"Dit is reactie {number}.",
            site=site_settings(),
        )[0]
        for number in range(2)
    ]
    return owner, comments


def decide(comment, key):
    return reverse("admin:comments_comment_decide", args=[comment.pk, key])


@pytest.mark.parametrize(
    ("who", "status"),
    [("owner", 302), ("colleague", 404), (Role.MODERATOR, 302), (Role.EDITOR, 302)],
)
def test_only_who_moderates_decides(client, scene, who, status):
    owner, (comment, _other) = scene
    role = Role.AUTHOR if who == "colleague" else who
    client.force_login(owner if who == "owner" else make_user(role=role))
    seen = "Dit is reactie 0." in client.get(LIST).text
    assert seen == (status == 302)
    assert client.post(decide(comment, "approve")).status_code == status
    comment.refresh_from_db()
    assert comment.state == (State.APPROVED if status == 302 else State.PENDING)


def test_strangers_are_kept_out(client, scene):
    comment = scene[1][0]
    assert client.post(decide(comment, "approve")).status_code == 302
    client.force_login(make_user())
    assert client.get(LIST).status_code == 403
    assert client.post(decide(comment, "approve")).status_code == 404
    comment.refresh_from_db()
    assert comment.state == State.PENDING


def test_a_decision_is_never_a_get(client, scene):
    owner, (comment, _other) = scene
    client.force_login(owner)
    assert client.get(decide(comment, "approve")).status_code == 405


def test_bulk_approval(client, scene):
    owner, comments = scene
    client.force_login(owner)
    chosen = [comment.pk for comment in comments]
    client.post(LIST, {"action": "approve_chosen", "_selected_action": chosen})
    for comment in comments:
        comment.refresh_from_db()
        assert comment.state == State.APPROVED


def test_the_second_moderator_is_told(client, scene):
    owner, (comment, _other) = scene
    comment_approve(comment=comment, actor=None)
    client.force_login(owner)
    answer = client.post(decide(comment, "refuse"), follow=True)
    assert len(list(answer.context["messages"])) == 1
    comment.refresh_from_db()
    assert comment.state == State.APPROVED


def test_the_page_of_a_comment_shows_its_history(client, scene):
    owner, (comment, _other) = scene
    client.force_login(owner)
    page = client.get(reverse("admin:comments_comment_change", args=[comment.pk])).text
    assert "no e-mail address" in page
    assert decide(comment, "approve") in page


def test_a_reason_goes_with_the_decision(client, scene):
    owner, (first, second) = scene
    client.force_login(owner)
    client.post(decide(first, "refuse"), {f"reason-{first.pk}": "Niet op de persoon."})
    first.refresh_from_db()
    assert (first.state, first.reason) == (State.REJECTED, "Niet op de persoon.")
    chosen = {"action": "refuse_chosen", "_selected_action": [second.pk], "reason": "Dubbel."}
    client.post(LIST, chosen)
    second.refresh_from_db()
    assert (second.state, second.reason) == (State.REJECTED, "Dubbel.")


def test_the_second_moderator_hears_that_the_first_decided(client, scene):
    owner, (comment, _other) = scene
    client.force_login(owner)
    client.post(decide(comment, "refuse"))
    page = client.post(decide(comment, "refuse"), follow=True).text
    assert "is al besloten" in page
    assert comment.events.filter(action="rejected").count() == 1


def test_a_comment_s_page_shows_what_to_judge_by(client, scene):
    owner, (comment, _other) = scene
    client.force_login(owner)
    page = client.get(reverse("admin:comments_comment_change", args=[comment.pk])).text
    assert "Dit is reactie 0." in page
    assert decide(comment, "approve") in page
    assert "geen e-mailadres" in page
