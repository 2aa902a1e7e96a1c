"""Steps of an article: who may take them, what is kept of them, and who is told."""

import datetime
from datetime import UTC

import pytest
from django.core import mail as outbox
from django.urls import reverse
from django.utils import timezone

from authors.roles import Role
from blog.models import (
    Article,
    ArticleMail,
    PreviewLink,
    Redirect,
    SiteSettings,
    Status,
    Step,
    WorkflowStep,
)
from blog.publishing import preview_links, workflow_mail
from blog.publishing.articles import article_publish_due, article_save
from blog.site import token_kinds
from core import tokens
from core.outbox import take_up
from tests.blog.admin.test_articles import edit, fields
from tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return make_author("Femke", user=make_user(role=Role.AUTHOR, email="femke@blad.example"))


@pytest.fixture
def editor():
    return make_user(role=Role.EDITOR, email="redactie@blad.example", first_name="Rita")


@pytest.fixture
def draft(author):
    return make_article("Een stuk", authors=[author], status=Status.DRAFT)


def post(client, user, article, **changed):
    """Save the form as `user`; gives the answer and the article as it is then stored."""
    client.force_login(user)
    article = Article.objects.get(pk=article.pk)
    values = {
        "people": [one.pk for one in article.byline],
        "opened_on": article.version,
        "slug": article.slug,
        "title": article.title,
        **changed,
    }
    answer = client.post(edit(article), fields(**values))
    return answer, Article.objects.get(pk=article.pk)


def errors(answer):
    return dict(answer.context["adminform"].form.errors)


def sent():
    """What the worker does with waiting mails: addresses and subjects."""
    outbox.outbox.clear()
    for number in ArticleMail.objects.filter(state="queued").values_list("pk", flat=True):
        workflow_mail.deliver.call(number)
        workflow_mail.deliver.call(number)
    return sorted((message.to[0], message.subject) for message in outbox.outbox)


def test_the_whole_way_with_remarks_and_mails(client, author, editor, draft):
    _answer, article = post(client, author.user, draft, status="review", note="Klopt de titel?")
    assert article.status == Status.REVIEW
    assert sent() == [("redactie@blad.example", "Ter beoordeling: ‘Een stuk’")]
    assert "Klopt de titel?" in outbox.outbox[0].body

    answer, article = post(client, editor, article, status="draft")
    assert "note" in errors(answer)
    assert article.status == Status.REVIEW
    _answer, article = post(client, editor, article, status="draft", note="De titel mag korter.")
    assert article.status == Status.DRAFT
    assert [to for to, _subject in sent()] == ["femke@blad.example"]
    for user in (author.user, editor):
        client.force_login(user)
        page = client.get(edit(article)).text
        assert "De titel mag korter." in page
        assert "Klopt de titel?" in page

    _answer, article = post(client, author.user, article, status="review", title="Stuk")
    sent()
    _answer, article = post(client, editor, article, status="published")
    assert article.is_public
    assert sent() == [("femke@blad.example", "Gepubliceerd: ‘Stuk’")]
    assert article.get_absolute_url() in outbox.outbox[0].body
    _answer, article = post(
        client,
        editor,
        article,
        status="archived",
        published_at_0=timezone.localtime(article.published_at).strftime("%d-%m-%Y"),
        published_at_1=timezone.localtime(article.published_at).strftime("%H:%M:%S"),
    )
    assert article.status == Status.ARCHIVED
    steps = list(article.steps.order_by("id").values_list("step", flat=True))
    assert steps == ["submitted", "returned", "submitted", "published", "archived"]
    assert "Klopt de titel?" not in client.get(article.get_absolute_url()).text


@pytest.mark.parametrize("status", ["published", "scheduled", "archived", "onzin"])
def test_who_may_not_publish_cannot_by_a_forged_form(client, author, draft, status):
    answer, article = post(
        client,
        author.user,
        draft,
        status=status,
        published_at_0="01-01-2020",
        published_at_1="09:00",
        published_at_2="0",
    )
    assert "status" in errors(answer)
    assert (article.status, article.published_at) == (Status.DRAFT, None)
    assert not WorkflowStep.objects.exists()


def test_an_author_corrects_what_is_out_but_does_not_move_it(client, author, editor):
    article = make_article("Uit", authors=[author], slug="uit")
    date = article.published_at
    _answer, article = post(
        client,
        author.user,
        article,
        status="published",
        title="Uit, verbeterd",
        slug="elders",
        published_at_0="01-01-2012",
        published_at_1="09:00",
    )
    assert (article.title, article.slug, article.published_at) == ("Uit, verbeterd", "uit", date)
    assert not Redirect.objects.exists()
    assert article.steps.get().step == Step.CORRECTED
    assert [to for to, _subject in sent()] == [editor.email]
    _answer, article = post(client, author.user, article, status="published", title="Nog eens")
    assert sent() == []
    for status in ("draft", "archived", "review"):
        answer, article = post(client, author.user, article, status=status)
        assert "status" in errors(answer)
    assert article.status == Status.PUBLISHED


def test_authors_publish_where_the_settings_say_so(client, author, draft):
    SiteSettings.objects.create(pk=1, authors_publish=True)
    _answer, article = post(client, author.user, draft, status="published")
    assert article.is_public
    moderator = make_user(role=Role.MODERATOR)
    _answer, article = post(client, moderator, draft, status="draft")
    assert article.is_public


def test_strangers_take_no_step(client, draft):
    colleague = make_author(user=make_user(role=Role.AUTHOR)).user
    for user in (colleague, make_user(role=Role.MODERATOR), make_user(is_staff=False)):
        _answer, article = post(client, user, draft, status="review")
        assert article.status == Status.DRAFT
    assert not WorkflowStep.objects.exists()


def test_a_remark_reaches_the_other_side(client, author, editor, draft):
    post(client, author.user, draft, status="draft", note="Wie kijkt mee?")
    assert [to for to, _subject in sent()] == [editor.email]
    post(client, editor, draft, status="draft", note="Ik.")
    assert [to for to, _subject in sent()] == ["femke@blad.example"]
    assert [step.step for step in draft.steps.all()] == ["remarked", "remarked"]


class TestMail:
    def test_who_wants_none_gets_none_and_can_have_it_again(self, client, author, editor, draft):
        post(client, author.user, draft, status="review")
        assert "token-" in ArticleMail.objects.get().body
        url = "/" + workflow_mail.stop_url(editor).made().split("/", 3)[3]
        client.force_login(editor)
        assert not client.get(url).cookies
        editor.refresh_from_db()
        assert editor.article_mail
        # As a mail program does: no cookie, no origin (RFC 8058).
        client.logout()
        assert client.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert sent() == []
        assert ArticleMail.objects.get().state == "dropped"
        # The page's buttons are for the account, logged in.
        assert client.post(url, {"mail": "on"})["Location"].startswith("/admin/login/?next=")
        client.force_login(author.user)
        assert client.post(url, {"mail": "on"}).status_code == 403
        editor.refresh_from_db()
        assert not editor.article_mail
        client.force_login(editor)
        client.post(url, {"mail": "on"})
        editor.refresh_from_db()
        assert editor.article_mail
        assert client.get(f"{url[:-4]}xxx/").status_code == 404

    def test_a_link_of_another_purpose_is_refused(self, client, editor):
        forged = tokens.make(token_kinds.PREVIEW, editor.pk)
        assert client.get(reverse("blog:article_mail", args=[forged])).status_code == 404

    def test_nothing_typed_becomes_a_header(self, client, author, editor, draft):
        Article.objects.filter(pk=draft.pk).update(title="Een\r\nBcc: dief@kwaad.example")
        post(client, author.user, draft, status="review")
        sent()
        assert "\n" not in outbox.outbox[0].subject
        assert outbox.outbox[0].recipients() == [editor.email]

    def test_what_lost_its_task_is_taken_up(self, client, author, editor, draft):
        post(client, author.user, draft, status="review")
        old = timezone.now() - datetime.timedelta(hours=1)
        ArticleMail.objects.update(created_at=old)
        assert take_up(ArticleMail.objects.all()) == [ArticleMail.objects.get().pk]
        assert take_up(ArticleMail.objects.all()) == []


class TestSchedule:
    @pytest.fixture(autouse=True)
    def before(self, time_machine):
        time_machine.move_to(datetime.datetime(2027, 3, 1, 12, tzinfo=UTC), tick=False)

    def plan(self, client, editor, article, day, time, **changed):
        when = {"published_at_0": day, "published_at_1": time}
        return post(client, editor, article, status="scheduled", **when, **changed)

    def test_the_zone_is_shown_and_the_worker_publishes(
        self, client, author, editor, draft, time_machine
    ):
        _answer, article = self.plan(client, editor, draft, "28-03-2027", "03:00")
        due = datetime.datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
        assert (article.status, article.published_at) == (Status.SCHEDULED, due)
        ((to, _subject),) = sent()
        assert to == "femke@blad.example"
        assert "28 maart 2027, 03:00 (Europe/Amsterdam, UTC+2)" in outbox.outbox[0].body
        page = client.get(edit(article)).text
        assert "Europe/Amsterdam" in page
        assert "UTC+2" in page
        # The worker was away for a day.
        time_machine.move_to(due + datetime.timedelta(days=1), tick=False)
        assert article_publish_due() == 1
        assert article_publish_due() == 0
        assert [subject for _to, subject in sent()] == ["Gepubliceerd: ‘Een stuk’"]

    def test_a_time_that_is_left_out_is_said(self, client, editor, draft):
        answer, article = self.plan(client, editor, draft, "28-03-2027", "02:30")
        assert "03:30" in errors(answer)["published_at"][0]
        assert article.status == Status.DRAFT

    def test_a_time_that_comes_twice_is_asked(self, client, editor, draft):
        answer, _article = self.plan(client, editor, draft, "31-10-2027", "02:30")
        assert "UTC+2" in errors(answer)["published_at"][0]
        assert "hidden data-twice" not in answer.text
        for turn, hour in (("0", 0), ("1", 1)):
            _answer, article = self.plan(
                client, editor, draft, "31-10-2027", "02:30", published_at_2=turn
            )
            due = datetime.datetime(2027, 10, 31, hour, 30, tzinfo=UTC)
            assert article.published_at == due
            # Opened again, the form says which of the two it is.
            page = client.get(edit(article)).text
            assert f'<option value="{turn}" selected' in page

    def test_a_date_that_has_passed_is_no_schedule(self, client, editor, draft):
        answer, article = self.plan(client, editor, draft, "01-01-2020", "09:00")
        assert "published_at" in errors(answer)
        assert article.status == Status.DRAFT

    def test_publishing_what_was_scheduled_is_at_once(self, client, editor, draft):
        _answer, article = self.plan(client, editor, draft, "28-06-2027", "09:00")
        when = {"published_at_0": "28-06-2027", "published_at_1": "09:00:00"}
        _answer, article = post(client, editor, article, status="published", **when)
        assert article.is_public


class TestPreviewLinks:
    def make(self, client, user, article, days=7):
        client.force_login(user)
        url = reverse("admin:blog_article_preview_links", args=[article.pk])
        answer = client.post(url, {"label": "Karin", "days": days})
        client.logout()
        return answer

    def test_a_colleague_without_account_reads_it(self, client, author, draft):
        assert self.make(client, author.user, draft).status_code == 302
        url = preview_links.preview_url(PreviewLink.objects.get())
        answer = client.get(url.removeprefix("http://127.0.0.1:8000"))
        assert "Een alinea over werk." in answer.text
        assert not answer.cookies
        assert "noindex" in answer["X-Robots-Tag"]
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert 'id="respond"' not in answer.text

    def test_it_expires_and_is_withdrawn(self, client, author, draft, time_machine):
        self.make(client, author.user, draft, days=1)
        link = PreviewLink.objects.get()
        path = reverse("blog:preview", args=[tokens.make(token_kinds.PREVIEW, link.pk)])
        client.force_login(author.user)
        page = reverse("admin:blog_article_preview_links", args=[draft.pk])
        client.post(page, {"revoke": link.pk})
        client.logout()
        assert client.get(path).status_code == 410
        PreviewLink.objects.update(revoked_at=None)
        assert client.get(path).status_code == 200
        time_machine.move_to(timezone.now() + datetime.timedelta(days=2))
        assert client.get(path).status_code == 410
        forged = tokens.make(token_kinds.ARTICLE_MAIL, link.pk)
        assert client.get(reverse("blog:preview", args=[forged])).status_code == 404

    def test_what_is_out_by_now_leads_to_its_page(self, client, author, draft):
        self.make(client, author.user, draft)
        path = reverse(
            "blog:preview", args=[tokens.make(token_kinds.PREVIEW, PreviewLink.objects.get().pk)]
        )
        Article.objects.update(status=Status.PUBLISHED, published_at=timezone.now())
        assert client.get(path)["Location"] == Article.objects.get().get_absolute_url()

    def test_only_who_may_edit_makes_and_withdraws_them(self, client, author, editor, draft):
        stranger = make_author(user=make_user(role=Role.AUTHOR)).user
        assert self.make(client, stranger, draft).status_code == 404
        assert self.make(client, make_user(role=Role.MODERATOR), draft).status_code == 404
        self.make(client, editor, draft)
        link = PreviewLink.objects.get()
        mine = make_article(status=Status.DRAFT, authors=[stranger.author])
        client.force_login(stranger)
        # Through an article of her own, with the number of another's link.
        page = reverse("admin:blog_article_preview_links", args=[mine.pk])
        assert client.post(page, {"revoke": link.pk}).status_code == 404
        assert "Karin" not in client.get("/admin/blog/previewlink/").text
        client.post("/admin/blog/previewlink/", {"action": "revoke", "_selected_action": [link.pk]})
        link.refresh_from_db()
        assert link.is_active


def test_steps_of_the_site_itself_need_no_account(author):
    article = Article(title="Ingevoerd", body_source="<p>x</p>", status=Status.PUBLISHED)
    article_save(article=article, authors=[author], tags=None, editor=None, expected_version=None)
    assert not WorkflowStep.objects.exists()
