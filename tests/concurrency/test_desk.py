"""Editors at one article at one moment, with real transactions."""

import pytest

from blog.models import Article, Page, Presence, Revision, Series, Status, TextKind, WorkingCopy
from blog.publishing import articles, autosave, pages, rendering, subjects, trash
from blog.publishing.bulk import Act, NotDone, Order, article_act
from tests.concurrency.test_together import together
from tests.factories import make_article, make_tag, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def save(article, **changed):
    for name, value in changed.items():
        setattr(article, name, value)
    return articles.article_save(
        article=article,
        authors=None,
        tags=None,
        editor=None,
        expected_version=article.version,
    )


def test_saving_while_it_is_thrown_away_has_one_clear_end():
    article = make_article("Stuk")

    def work(turn):
        if turn == 0:
            trash.article_trash(article=article, editor=None)
            return "trash"
        try:
            mine = Article.objects.get(pk=article.pk)
            mine.version = article.version
            save(mine, title=f"Van {turn}")
            return "saved"
        except articles.StaleText:
            return "stale"

    results = together(4, work)
    stored = Article.objects.get(pk=article.pk)
    assert results.count("saved") <= 1
    assert stored.trashed_at is not None
    assert (stored.title != "Stuk") == ("saved" in results)


@pytest.mark.parametrize("act", [Act.PUBLISH, Act.TAG_ADD, Act.TRASH])
def test_an_act_on_several_articles_by_several_people_is_done_once(act):
    rows = [make_article(f"Stuk {number}", status=Status.DRAFT) for number in range(3)]
    tag, people = make_tag("Werk"), [make_user(is_superuser=True) for _number in range(3)]

    def work(turn):
        order = Order(act, people[turn], tag)
        found = []
        # Each in another order, as lists that are sorted otherwise send them.
        for row in rows[turn:] + rows[:turn]:
            try:
                article_act(number=row.pk, expected_version=1, order=order)
                found.append(row.pk)
            except NotDone:
                continue
        return found

    done = sorted(number for found in together(3, work) for number in found)
    if act != Act.TRASH:
        assert done == [row.pk for row in rows]
    assert set(done) == {row.pk for row in rows}
    assert set(Article.objects.values_list("version", flat=True)) == {2}


def test_throwing_away_and_putting_back_at_once_leaves_one_state():
    article = make_article("Stuk")

    def work(turn):
        try:
            if turn % 2:
                trash.article_put_back(article=article)
            else:
                trash.article_trash(article=article, editor=None)
        except trash.NotInTrash:
            pass

    together(8, work)
    stored = Article.objects.get(pk=article.pk)
    assert stored.is_public == (not stored.redirects.exists())


def test_of_two_who_put_a_version_back_one_is_stopped():
    article = make_article("Stuk", status=Status.DRAFT)
    for words in ("<p>a</p>", "<p>b</p>"):
        article = save(article, body_source=words)
    first = Revision.objects.get(article=article, body_source="<p>a</p>")
    editor = make_user()

    def work(turn):
        try:
            autosave.revision_restore(
                revision=first, editor=editor, expected_version=article.version
            )
        except articles.StaleText:
            return "stale"
        return "back"

    assert sorted(together(2, work)) == ["back", "stale"]


def test_of_many_who_save_a_page_while_it_is_thrown_away_one_wins_and_nobody_undoes_it():
    page = pages.page_save(page=Page(title="Over", slug="over", body_source=""), editor=None)

    def work(turn):
        if turn == 0:
            trash.page_trash(page=page, editor=None)
            return "trash"
        try:
            mine = Page.objects.get(pk=page.pk)
            mine.title = f"Van {turn}"
            pages.page_save(page=mine, editor=None, expected_version=page.version)
            return "saved"
        except articles.StaleText:
            return "stale"

    results = together(4, work)
    stored = Page.objects.get(pk=page.pk)
    assert results.count("saved") <= 1
    assert stored.trashed_at is not None
    assert (stored.title != "Over") == ("saved" in results)
    assert stored.revisions.count() == 1 + results.count("saved")


def test_two_orders_of_one_series_leave_one_of_them():
    series = Series.objects.create(title="Reeks", slug="reeks")
    parts = [make_article(f"Deel {number}") for number in range(4)]
    orders = (parts, parts[::-1])
    together(4, lambda turn: subjects.series_parts_set(series=series, articles=orders[turn % 2]))
    found = list(series.articles.order_by("series_place"))
    assert found in [list(order) for order in orders]
    assert [one.series_place for one in found] == [1, 2, 3, 4]


def test_one_form_kept_by_many_requests_is_one_copy_and_none_after_the_save():
    user, article = make_user(), make_article()
    key = "0a0a0a0a-0000-4000-8000-000000000001"

    def keep(turn):
        if turn == 4:
            autosave.copy_close(user=user, key=key)
            return
        data = {"title": [str(turn)]}
        autosave.copy_keep(
            user=user, kind=TextKind.ARTICLE, text=article, key=key, version=1, data=data
        )

    together(8, keep)
    assert WorkingCopy.objects.count() == 1
    assert autosave.copies_offered(user, TextKind.ARTICLE, article) == []


def test_many_signs_of_life_are_one_presence_each():
    article, users = make_article(), [make_user() for _number in range(3)]
    together(9, lambda turn: len(autosave.presence_mark(user=users[turn % 3], text=article)))
    assert Presence.objects.count() == 3


def test_texts_that_link_to_each_other_are_renamed_at_once():
    one, other = make_article(slug="een"), make_article(slug="twee")
    for article, target in ((one, other), (other, one)):
        save(article, body_source=f'<p>Zie <a href="article:{target.pk}">dat</a>.</p>')

    def work(turn):
        article = Article.objects.get(pk=(one, other)[turn % 2].pk)
        save(article, slug=f"nieuw-{turn % 2}")
        rendering.links_renew(number=article.pk)

    together(2, work)
    for number in (one.pk, other.pk):
        rendering.links_renew(number=number)
    assert 'nieuw-1/"' in Article.objects.get(pk=one.pk).body_html
    assert 'nieuw-0/"' in Article.objects.get(pk=other.pk).body_html
