"""Every page with a form for a reader's text keeps drafts of it, and gives typed text back."""

import re

import pytest
from django.db import OperationalError

from blog.models import Hold, SiteSettings
from comments import tokens
from comments.commenters import own_comments
from comments.models import Comment, State
from comments.moderation import reports
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from tests.factories import make_article

pytestmark = pytest.mark.django_db
WORDS = "Mijn woorden <b> & zo, lang over nagedacht."
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def article():
    SiteSettings.objects.create(pk=1, hold=Hold.NOBODY, edit_minutes=30)
    return make_article(slug="stuk")


@pytest.fixture
def comment(article):
    writer = {"name": "Anna de Wit", "email": "anna@proef.example"}
    site = SiteSettings.objects.get(pk=1)
    return comment_post(
        submission=Submission(article=article, text="Vraag.", key="", **writer), site=site
    )[0]


def own(comment):
    return tokens.make(tokens.Purpose.OWN, comment.pk)


def pages(article, comment):
    base, one = article.get_absolute_url(), comment.get_absolute_url()
    return {
        base: str(article.pk),
        f"{base}reply/": str(article.pk),
        f"{base}reply/?to={comment.pk}": str(article.pk),
        f"{one}edit/?own={own(comment)}": f"edit-{comment.pk}",
        f"{one}report/": f"report-{comment.pk}",
        f"{one}appeal/?own={own(comment)}": f"appeal-{comment.pk}",
    }


def drafts_of(page):
    """What each form with a text field says that its draft is about."""
    forms = re.findall(r"<form\b.*?</form>", page.text, re.DOTALL)
    written = [form for form in forms if "<textarea" in form and 'method="post"' in form]
    return [re.findall(r'name="draft" value="([^"]*)"', form) for form in written]


def test_each_form_says_what_its_draft_is_about_and_the_script_is_there(client, article, comment):
    Comment.objects.update(state=State.APPROVED)
    for url, name in pages(article, comment).items():
        if "appeal" in url:
            Comment.objects.update(state=State.REJECTED, shown=False)
        page = client.get(url)
        assert drafts_of(page) == [[name]], url
        assert "js/site.js" in page.text, url


@pytest.mark.parametrize("way", ["reply", "edit", "report", "appeal"])
@pytest.mark.parametrize("fault", ["database", "gone"])
def test_without_scripts_the_text_comes_back(client, article, comment, monkeypatch, way, fault):
    urls = {url.partition("?")[0].rstrip("/").rpartition("/")[2]: url
            for url in pages(article, comment)}  # fmt: skip
    if fault == "gone":
        type(article).objects.update(status="archived")
    else:

        def away(*args, **kwargs):
            raise OperationalError

        monkeypatch.setattr("comments.views.conversation.comment_post", away)
        monkeypatch.setattr(own_comments, "comment_edit", away)
        monkeypatch.setattr(reports, "report_make", away)
        monkeypatch.setattr(reports, "appeal_make", away)
    sent = {"text": WORDS, "note": WORDS, "name": "Karim", "own": own(comment),
            "draft": "7", "parent": "", "key": KEY}  # fmt: skip
    if way == "report":
        del sent["text"]
        sent["complaint"] = reports.Complaint.values[0]
    answer = client.post(urls[way], sent)
    assert answer.status_code == (404 if fault == "gone" else 503)
    assert "lang over nagedacht" in answer.text
    assert "<b>" not in answer.text
    assert re.search(r'name="draft" value="7"', answer.text)
    assert "js/site.js" in answer.text
    if fault == "database":
        assert answer["Retry-After"]


def test_an_appeal_that_is_not_taken_gives_its_text_back(client, article, comment):
    url = f"{comment.get_absolute_url()}appeal/?own={own(comment)}"
    answer = client.post(url, {"text": WORDS, "own": own(comment)})
    assert answer.status_code == 403
    assert "lang over nagedacht" in answer.text


def test_the_page_after_names_what_was_stored(client, article, comment):
    base, one = article.get_absolute_url(), comment.get_absolute_url()
    sent = {"text": WORDS, "name": "Karim", "key": KEY}
    assert f"stored={KEY}" in client.post(f"{base}reply/", sent)["Location"]
    refused = client.post(f"{base}reply/", {**sent, "name": ""})
    assert "stored=" not in refused.text
    changed = client.post(f"{one}edit/", {"text": "Anders.", "own": own(comment), "key": KEY})
    assert f"stored={KEY}#" in changed["Location"]
    odd = client.post(f"{one}edit/", {"text": "Weer.", "own": own(comment), "key": "a&b=c#\r\n"})
    assert "stored" not in odd["Location"]
    told = client.post(f"{one}report/", {"complaint": reports.Complaint.values[0], "key": KEY})
    assert f'data-stored="{KEY}"' in told.text
