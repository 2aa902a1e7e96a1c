"""Acts on several articles: asked about, done one by one, refused with a reason, undone."""

import datetime
from html import unescape

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from authors.roles import Role
from blog.admin import bulk, narrowing
from blog.models import Article, SiteSettings, Status, Tag
from blog.publishing import articles
from blog.publishing.bulk import Act
from tests.factories import make_article, make_author, make_tag, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/blog/article/"
LATER = timezone.now() + datetime.timedelta(days=9)


@pytest.fixture
def editor(client):
    client.force_login(make_user(role=Role.EDITOR))
    return client


def ask(client, act, rows, **sent):
    """Tick `rows` in the list, as it is filtered; gives the page that asks."""
    ticked = {"action": act, "_selected_action": [row.pk for row in rows], **sent}
    answer = client.post(f"{LIST}?status=draft", ticked)
    assert answer.status_code == 302, answer.text
    return client.get(answer["Location"])


def do(client, act, rows, **sent):
    """Ask, and say yes with what the page shows ticked; gives what is said afterwards."""
    page = ask(client, act, rows)
    shown = [f"{row.pk}:{row.version}" for row in page.context["articles"]]
    return answered(client, page.request, shown, **sent)


def answered(client, request, shown, **sent):
    url = f"{request['PATH_INFO']}?{request['QUERY_STRING']}"
    answer = client.post(url, {"article": shown, **sent})
    assert answer.status_code == 302, answer.context["form"].errors
    assert answer["Location"] == f"{LIST}?status=draft"
    said = [str(message) for message in get_messages(answer.wsgi_request)]
    # Shown once, so that the next answer has its own alone.
    client.get(LIST)
    return said


def undo(client, said):
    """Follow the link that undoes, and say yes there."""
    url = unescape(said.split('href="')[1].split('"')[0])
    page = client.get(url)
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields}
    shown = [f"{row.pk}:{row.version}" for row in page.context["articles"]]
    return answered(client, page.request, shown, **sent)


def statuses(rows):
    found = dict(
        Article.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", "status")
    )
    return [found[row.pk] for row in rows]


class TestActs:
    def test_the_list_offers_them_and_no_deletion_for_good(self, editor):
        make_article()
        page = editor.get(LIST)
        offered = {value for value, _label in page.context["action_form"].fields["action"].choices}
        assert offered == {"", *Act.values} - {"put_back"}
        assert "question" not in page.text.split('class="actions"')[1].split("</div>")[0]
        answer = editor.post(LIST, {"action": "delete_selected", "_selected_action": [1]})
        assert answer.status_code in (200, 302)
        assert Article.objects.count() == 1

    def test_a_tag_comes_and_goes(self, editor):
        has, new = make_article("Een", tags=[make_tag("Werk")]), make_article("Twee")
        said = do(editor, "tag_add", [has, new], tag_name="werk")
        assert said[0].startswith("Onderwerp toegevoegd (Werk): 1 artikel. <a href=")
        assert said[1] == "Niet gedaan:<br>Een: Het heeft dat onderwerp al."
        assert [tag.name for tag in new.tags.all()] == ["Werk"]
        # Undone where it came alone.
        assert undo(editor, said[0])[0].startswith("Onderwerp weggehaald (Werk): 1 artikel.")
        assert (has.tags.count(), new.tags.count()) == (1, 0)
        said = do(editor, "tag_remove", [has], tag=has.tags.get().pk)
        undo(editor, said[0])
        assert (has.tags.get().name, Tag.objects.count()) == ("Werk", 1)

    @pytest.mark.parametrize("name", ["", "!?", "Werk, Zorg", "x" * 61])
    def test_what_names_no_tag_is_asked_again(self, editor, name):
        article = make_article()
        page = ask(editor, "tag_add", [article])
        url = f"{page.request['PATH_INFO']}?{page.request['QUERY_STRING']}"
        answer = editor.post(url, {"article": f"{article.pk}:{article.version}", "tag_name": name})
        assert answer.status_code == 200
        assert answer.context["form"].errors["tag_name"]
        assert not Tag.objects.exists()

    def test_steps_are_those_of_the_form_and_can_be_undone(self, editor):
        draft, archived = make_article(status="draft"), make_article(status="archived")
        planned = make_article(status="scheduled", published_at=LATER)
        rows = [draft, archived, planned]
        said = do(editor, "publish", rows)[0]
        assert said.startswith("Gepubliceerd: 3 artikelen. ")
        assert statuses(rows) == ["published"] * 3
        planned.refresh_from_db()
        assert planned.published_at <= timezone.now()
        assert said.count("Ongedaan maken (") == 2
        undo(editor, said)
        assert "draft" in statuses(rows)
        assert [step.step for step in draft.steps.all()][-1] == "published"
        said = do(editor, "archive", [archived, make_article("Nooit", status="draft")])
        assert statuses([archived]) == ["archived"]
        assert "Nooit: Het is nooit gepubliceerd" in said[-1]

    def test_what_a_step_needs_more_for_is_refused_with_the_reason(self, editor):
        ahead = make_article("Straks", status="draft", published_at=LATER)
        bare = make_article("Kaal", status="draft", authors=[])
        review = make_article("Nagekeken", status="review")
        said = do(editor, "publish", [ahead, bare])
        assert len(said) == 1
        assert "Straks: De datum ligt in de toekomst" in said[0]
        assert "Kaal: Een artikel dat lezers zien heeft minstens één auteur nodig" in said[0]
        assert "Nagekeken: Open het" in do(editor, "draft", [review])[0]
        assert statuses([ahead, bare, review]) == ["draft", "draft", "review"]

    def test_an_author_takes_the_place_of_another(self, editor):
        anna, bram, carla = make_author("Anna"), make_author("Bram"), make_author("Carla")
        both, one = make_article(authors=[anna, bram]), make_article("Een", authors=[carla])
        said = do(editor, "author", [both, one], leaves=anna.pk, comes=carla.pk)
        assert both.byline == [carla, bram]
        assert "Een: Anna staat niet in de auteursregel" in said[1]
        undo(editor, said[0])
        assert Article.objects.get(pk=both.pk).byline == [anna, bram]
        do(editor, "author", [both, one], leaves="", comes=bram.pk)
        assert [Article.objects.get(pk=row.pk).byline for row in (both, one)] == [[bram], [bram]]

    def test_the_one_author_of_all_is_filled_in(self, editor, monkeypatch):
        monkeypatch.setattr(bulk, "CHOICES", 2)
        monkeypatch.setattr(narrowing, "CHOICES", 2)
        anna = make_author("Anna")
        make_author("Weg", former=True)
        others = [make_author(f"Zus {number}") for number in range(3)]
        page = ask(editor, "author", [make_article(authors=[anna]), make_article(authors=[anna])])
        assert page.context["form"]["leaves"].value() == anna.pk
        field = str(page.context["form"]["comes"])
        assert field.count("<option") == 3
        assert 'data-find="/admin/blog/article/find/author/"' in field
        assert "Weg" not in field
        said = do(editor, "author", [make_article(authors=[anna])], leaves="", comes=others[2].pk)
        assert said[0].startswith("Auteur gewijzigd: 1 artikel.")

    def test_the_trash_gives_them_back(self, editor):
        rows = [make_article(), make_article(status="draft")]
        said = do(editor, "trash", rows)[0]
        assert said.startswith("In de prullenbak: 2 artikelen.")
        assert f'href="{LIST}trash/"' in said
        assert Article.objects.filter(trashed_at=None).count() == 0
        assert undo(editor, said)[0].startswith("Uit de prullenbak: 2 artikelen.")
        assert Article.objects.filter(trashed_at=None).count() == 2
        assert LogEntry.objects.count() == 4


class TestCircle:
    def test_authors_act_on_their_own_alone(self, client):
        anna = make_author("Anna", user=make_user(role=Role.AUTHOR))
        other = make_article("Van Bram")
        mine = make_article("Concept", authors=[anna], status="draft")
        out = make_article("Gelezen", authors=[anna])
        client.force_login(anna.user)
        page = ask(client, "trash", [mine, out, other])
        assert {row.title for row in page.context["articles"]} == {"Gelezen", "Concept"}
        assert page.context["missing"] == 1
        shown = [f"{row.pk}:{row.version}" for row in (mine, out, other)]
        said = answered(client, page.request, shown)
        assert said[0].startswith("In de prullenbak: 1 artikel.")
        assert "Gelezen: Lezers zien het" in said[1]
        assert "Van Bram: Het is weg, of niet van u." in said[1]
        other.refresh_from_db()
        assert other.trashed_at is None
        # Publishing is not theirs, unless the settings say so; nor is leaving a byline.
        draft = make_article("Nog een", authors=[anna], status="draft")
        assert "Deze stap" in do(client, "publish", [draft])[0]
        bram = make_author("Bram")
        assert "Nog een: U blijft" in do(client, "author", [draft], leaves="", comes=bram.pk)[0]
        SiteSettings.objects.update(authors_publish=True)
        do(client, "publish", [draft])
        assert statuses([draft]) == ["published"]

    def test_titles_of_others_drafts_are_not_told(self, client):
        anna = make_author("Anna", user=make_user(role=Role.AUTHOR))
        secret = make_article("Geheim", status="draft")
        client.force_login(anna.user)
        page = ask(client, "trash", [make_article(authors=[anna], status="draft")])
        said = answered(client, page.request, [f"{secret.pk}:1"])
        assert f"#{secret.pk}: Het is weg, of niet van u." in said[0]
        assert "Geheim" not in said[0]

    def test_no_more_than_a_page_and_nothing_without_asking(self, editor, monkeypatch):
        monkeypatch.setattr(bulk, "MOST", 2)
        rows = [make_article(status="draft") for _number in range(3)]
        every = {"action": "publish", "_selected_action": [row.pk for row in rows]}
        assert editor.post(LIST, every)["Location"] == LIST
        page = ask(editor, "publish", rows[:1], select_across="1")
        assert [row.pk for row in page.context["articles"]] == [rows[0].pk]
        assert statuses(rows) == ["draft"] * 3
        answer = editor.post(f"{LIST}bulk/?act=publish&id={rows[0].pk}", {})
        assert answer.status_code == 200
        assert "Kies minstens één artikel." in answer.text
        for odd in ("act=x&id=1", "id=1", "act=publish"):
            assert editor.get(f"{LIST}bulk/?{odd}").status_code == (
                200 if "publish" in odd else 404
            )
        odd = {"article": ["x", f"{10**30}:1", f"{rows[0].pk}:", f"{rows[0].pk}"]}
        assert editor.post(f"{LIST}bulk/?act=publish&id=1", odd).status_code == 302
        assert statuses(rows) == ["draft"] * 3


class TestTogether:
    def test_what_was_saved_since_is_left_alone(self, editor):
        article = make_article("Een stuk", status="draft")
        page = ask(editor, "publish", [article])
        seen = f"{article.pk}:{article.version}"
        articles.article_save(
            article=article, authors=None, tags=None, editor=None, expected_version=None
        )
        said = answered(editor, page.request, [seen])
        assert said == ["Niet gedaan:<br>Een stuk: Iemand anders heeft het intussen opgeslagen."]
        assert statuses([article]) == ["draft"]

    def test_pressed_twice_it_is_done_once(self, editor):
        article = make_article("Een stuk", status="draft")
        for act, reason in (
            ("publish", "Een stuk: Dat is het al: gepubliceerd."),
            ("trash", "Een stuk: Het ligt in de prullenbak."),
        ):
            article.refresh_from_db()
            page = ask(editor, act, [article])
            seen = f"{article.pk}:{article.version}"
            answered(editor, page.request, [seen])
            assert reason in answered(editor, page.request, [seen])[0]
        assert article.steps.count() == 1


def test_the_page_that_asks_reads_as_much_for_many_as_for_few(editor):
    editor.get(f"{LIST}bulk/?act=publish")  # What is cached for a while is read here.
    counts = []
    for number in (2, 20):
        rows = [make_article(tags=[make_tag()]) for _number in range(number)]
        for act in Act.values:
            query = "&".join(f"id={row.pk}" for row in rows)
            with CaptureQueriesContext(connection) as seen:
                editor.get(f"{LIST}bulk/?act={act}&{query}")
            counts.append(len(seen))
    half = len(Act.values)
    assert counts[:half] == counts[half:]


def test_statuses_all_have_a_way_back():
    assert set(bulk._BACK) == set(Status)
    assert set(bulk._DONE) == set(Act)
