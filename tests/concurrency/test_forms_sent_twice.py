"""One form of the admin sent several times at one moment makes one thing, and nobody a fault."""

import lxml.html
import pytest
from django.test import Client

from blog.models import Article, Page, Redirect, Series, Tag
from comments.models import Rule
from tests.blog.admin.test_articles import fields
from tests.concurrency.test_together import together
from tests.config.test_stale_saves import posted
from tests.factories import make_author, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
KEY = "0a0a0a0a-0000-4000-8000-000000000001"


def send(url, sent, who):
    def press(_turn):
        client = Client()
        client.force_login(who)
        return client.post(url, sent)

    return together(4, press)


@pytest.mark.parametrize(
    ("model", "typed"),
    [
        (Page, {"title": "Over ons", "slug": "over-ons", "body_source": "<p>Wij.</p>"}),
        (Redirect, {"old_path": "/oud/", "target": "/search/"}),
        (Series, {"title": "Een reeks", "slug": "een-reeks"}),
        (Tag, {"name": "Werk", "slug": "werk"}),
        (Rule, {"pattern": "korting"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_one_new_row_and_clear_answers(model, typed):
    who = make_user("baas", is_superuser=True)
    client = Client()
    client.force_login(who)
    url = f"/admin/{model._meta.app_label}/{model._meta.model_name}/add/"
    form = posted(lxml.html.fromstring(client.get(url).content))
    codes = sorted(answer.status_code for answer in send(url, {**form, **typed}, who))
    assert set(codes) <= {200, 302}, codes
    assert 302 in codes
    assert (
        model._base_manager.filter(**{name: typed[name] for name in list(typed)[:1]}).count() == 1
    )


def test_an_article_sent_again_is_the_same_article():
    author = make_author("Femke", user=make_user("femke", is_superuser=True))
    sent = fields(people=[author.pk], status="draft", copy_key=KEY)
    answers = send("/admin/blog/article/add/", sent, author.user)
    assert {answer.status_code for answer in answers} == {302}
    article = Article.objects.get()
    # With other words it is no second article either: both texts are shown.
    client = Client()
    client.force_login(author.user)
    again = client.post("/admin/blog/article/add/", {**sent, "title": "Toch anders"})
    assert again.status_code == 409
    page = lxml.html.fromstring(again.content)
    assert [one.value.strip() for one in page.xpath("//textarea[@name='title']")] == ["Toch anders"]
    change = f"/admin/blog/article/{article.pk}/change/"
    assert client.post(change, posted(page)).status_code == 302
    assert Article.objects.get().title == "Toch anders"
