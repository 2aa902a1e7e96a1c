"""Of a comment that is not shown nobody learns who wrote it or what it says."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog.models import Hold, SiteSettings, Status
from comments.models import Comment, State
from comments.moderation import states
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from tests.addresses import addresses
from tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db
NAME, WORDS = "Xanthippe Zwijger", "Geheime woorden van haar."
FORM = {"text": "Ik ook.", "name": "Bo", "complaint": "insult", "note": "Grof.", "valued": "1",
        "email": "bo@lezer.example"}  # fmt: skip


@pytest.fixture
def article(settings):
    settings.LIMITS = {}
    SiteSettings.objects.create(pk=1, hold=Hold.NOBODY, spam_filter=False, posts_per_hour=0,
                                posts_per_person=0)  # fmt: skip
    return make_article()


def say(article, name, words, parent=None):
    return comment_post(
        submission=Submission(article=article, parent=parent, name=name, text=words),
        site=SiteSettings.objects.get(),
    )[0]


def hide(comment, state):
    Comment.objects.filter(pk=comment.pk).update(state=State.PENDING, shown=False)
    comment.refresh_from_db()
    if state == State.REJECTED:
        states.comment_reject(comment=comment, actor=None)
    elif state == State.SPAM:
        states.comment_spam(comment=comment, actor=None)
    elif state in (State.REMOVED, State.DELETED):
        states.comment_approve(comment=comment, actor=None)
        take_away = states.comment_remove if state == State.REMOVED else states.comment_delete
        take_away(comment=comment, actor=None, **({"reason": "x"} if state == "removed" else {}))


def asked_of(article, comment):
    """Every address below the article's that names a comment, and those that take its number."""
    here = article.get_absolute_url()
    for url in addresses():
        found = re.fullmatch(r"/2024/05/x/(comment/)1/(.*)", url)
        if found:
            yield f"{here}{found[1]}{comment.pk}/{found[2]}"
    for part in ("", "reply/", "follow/", "arrivals/", "feed/", "author/", "search/"):
        for name in ("to", "after", "before", "parent", "comment"):
            yield f"{here}{part}?{name}={comment.pk}"
            yield f"{here}{part}?{name}={comment.pk - 1}"
    yield f"{here}search/?q={NAME.split()[0]}"
    yield f"{here}search/?q={WORDS.split()[0]}"


@pytest.mark.parametrize("state", [state for state in State if state != State.APPROVED])
def test_no_page_tells_of_it(client, article, state):
    say(article, "Eerder", "Een eerste.")
    hidden = say(article, NAME, WORDS)
    hide(hidden, state)
    urls = list(asked_of(article, hidden))
    assert len(urls) > 40
    for url in urls:
        for answer in (
            client.get(url),
            client.post(url, {**FORM, "parent": hidden.pk}),
            client.post(url, {**FORM, "parent": hidden.pk}, headers={"accept": "application/json"}),
        ):
            assert answer.status_code < 500, url
            assert NAME not in answer.text, url
            assert WORDS not in answer.text, url


def test_what_holds_a_place_for_answers_is_nobody_s(client, article):
    hidden = say(article, NAME, WORDS)
    say(article, "Bo", "Een antwoord.", parent=hidden)
    states.comment_remove(comment=hidden, actor=None, reason="Grof")
    page = client.get(hidden.get_absolute_url())
    assert page.status_code == 200
    head = page.text.partition("<article")[0]
    assert NAME not in head
    assert "application/ld+json" not in page.text or WORDS not in page.text


def test_a_hidden_article_s_comments_have_no_page(client, article):
    hidden = say(article, NAME, WORDS)
    article.status = Status.DRAFT
    article.save()
    for url in asked_of(article, hidden):
        for answer in (client.get(url), client.post(url, FORM)):
            assert NAME not in answer.text, url
            assert WORDS not in answer.text, url


class TestPreview:
    """How a comment will look says nothing of who has an account."""

    def test_it_is_the_same_for_every_name_and_address(self, client, article):
        make_user("femke", email="femke@site.example")
        make_author("Femke Schrijver")
        answers, statements = set(), set()
        for name, email in (
            ("Femke Schrijver", ""), ("femke", ""), ("Iemand", "femke@site.example"),
            ("Iemand", "niemand@lezer.example"), ("Iemand", ""),
        ):  # fmt: skip
            fields = {"text": "Een *gedachte*.", "name": name, "email": email, "preview": "1"}
            with CaptureQueriesContext(connection) as asked:
                answer = client.post(
                    f"{article.get_absolute_url()}reply/", fields,
                    headers={"accept": "application/json"},
                )  # fmt: skip
            answers.add((answer.status_code, answer.text))
            statements.add(len(asked.captured_queries))
        assert len(answers) == 1
        assert len(statements) == 1

    @pytest.mark.parametrize("fault", [{"text": ""}, {"contact_by_fax": "1"}, {"website": "x y"}])
    def test_nor_does_a_form_with_another_fault(self, client, article, fault):
        make_user("femke", email="femke@site.example")
        errors = set()
        for name, email in (("femke", "femke@site.example"), ("Iemand", "a@b.example")):
            answer = client.post(
                f"{article.get_absolute_url()}reply/",
                {"text": "Iets.", "name": name, "email": email, **fault},
                headers={"accept": "application/json"},
            )
            assert answer.status_code == 422
            errors.add(answer.json()["errors"])
        assert len(errors) == 1

    def test_posting_refuses_them(self, client, article):
        make_user("femke", email="femke@site.example")
        make_author("Femke Bos")
        url = f"{article.get_absolute_url()}reply/"
        assert client.post(url, {"text": "Iets.", "name": "Femke Bos"}).status_code == 422
        assert not Comment.objects.exists()
        # An account's address is anybody's to type, and is asked by a mail: no answer tells.
        for email in ("femke@site.example", "niemand@site.example"):
            answer = client.post(url, {"text": f"Van {email[0]}.", "name": "Bo", "email": email})
            assert answer.status_code == 303
        assert len(set(Comment.objects.values_list("state", flat=True))) == 1
