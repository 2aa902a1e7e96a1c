"""An article takes a step by a button that names it, by nothing else; a date takes none."""

import datetime
import html
import re

import pytest
from django.utils import timezone

from authors.roles import Role
from blog.models import Article, ArticleMail, Status
from tests.blog.admin.test_articles import edit, fields
from tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def editor(client):
    user = make_user("eva", role=Role.EDITOR, email="redactie@blad.example")
    client.force_login(user)
    return user


@pytest.fixture
def author():
    return make_author("Femke", user=make_user("femke", role=Role.AUTHOR, email="f@blad.example"))


def when(moment):
    local = timezone.localtime(moment)
    return {"published_at_0": f"{local:%d-%m-%Y}", "published_at_1": f"{local:%H:%M:%S}",
            "published_at_2": ""}  # fmt: skip


def send(client, article, **changed):
    date = when(article.published_at) if article.published_at else {}
    values = {"title": article.title, "slug": article.slug, "opened_on": article.version,
              "people": [one.pk for one in article.byline], "status": article.status,
              **date, **changed}  # fmt: skip
    sent = {name: value for name, value in fields(**values).items() if value is not None}
    answer = client.post(edit(article), sent)
    return answer, Article.objects.get(pk=article.pk)


def one(author, status):
    ahead = {"published_at": timezone.now() + 24 * HOUR} if status == Status.SCHEDULED else {}
    return make_article(authors=[author], status=status, **ahead)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("pressed", [{}, {"_continue": "unmoved"}, {"onbekend": "1"}])
def test_without_a_button_that_names_it_no_step_is_taken(client, editor, author, status, pressed):
    article = one(author, status)
    for wanted in Status:
        words = f"Naar {wanted}"
        _answer, article = send(
            client, article, _save=None, status=wanted.value, title=words, **pressed
        )
        # The text is saved all the same.
        assert (article.status, article.title) in {(status, words), (status, article.title)}
    assert not article.steps.exists()
    assert not ArticleMail.objects.exists()


def test_a_step_goes_by_its_name(client, editor, author):
    article = one(author, Status.PUBLISHED)
    _answer, article = send(client, article, _save=None, _move="draft")
    assert article.status == Status.DRAFT
    answer, article = send(client, article, _save=None, _move="onzin")
    assert "status" in answer.context["adminform"].form.errors
    client.force_login(author.user)
    answer, article = send(client, article, _save=None, _move="published")
    assert "status" in answer.context["adminform"].form.errors
    _answer, article = send(client, article, _save=None, _move="review")
    assert article.status == Status.REVIEW


@pytest.mark.parametrize("pressed", [{"_save": "1"}, {"_save": None, "_continue": "unmoved"}])
def test_a_date_takes_no_step(client, editor, author, pressed):
    planned, out = one(author, Status.SCHEDULED), one(author, Status.PUBLISHED)
    answer, planned = send(client, planned, **pressed, **when(timezone.now() - HOUR))
    assert "Die datum is voorbij" in html.unescape(answer.text)
    assert planned.status == Status.SCHEDULED
    answer, out = send(client, out, **pressed, **when(timezone.now() + HOUR))
    assert "Lezers zien dit artikel nu" in html.unescape(answer.text)
    assert out.is_public
    # A later date for what is planned, an earlier one for what is out, and the same one pass.
    _answer, planned = send(client, planned, **pressed, **when(timezone.now() + 2 * HOUR))
    assert (planned.status, planned.published_at < timezone.now() + 3 * HOUR) == ("scheduled", True)
    _answer, out = send(client, out, **pressed, **when(timezone.now() - 48 * HOUR))
    assert out.published_at < timezone.now() - 47 * HOUR
    answer, _out = send(client, out, **pressed)
    assert answer.status_code == 302


@pytest.mark.parametrize("status", Status)
def test_the_first_button_of_the_form_is_the_plain_one(client, editor, author, status):
    page = client.get(edit(one(author, status))).text
    form = page[page.index('id="article_form"') :]
    first = re.search(r"<(?:button|input)\b[^>]*type=\"?submit[^>]*>", form)[0]
    assert 'value="unmoved"' in first
    assert 'name="status"' not in "".join(re.findall(r"<button[^>]*>", form))
