"""Newsletters of an editor's own: written, looked at, tried, scheduled, sent once, stopped."""

from __future__ import annotations

import datetime

import lxml.html
import pytest
from django.core import mail as outbox_of
from django.utils import timezone

from authors.roles import Role
from blog.models import Image
from blog.publishing import picture_removal
from blog.reading import picture_uses
from comments.models import Delivery
from comments.notifications import deliveries
from newsletter import editions, letters, sending
from newsletter.models import Edition, EditionState, Issue, Mail
from tests.factories import make_article, make_author, make_image, make_user
from tests.newsletter.readers import make_reader
from tests.newsletter.test_sending import work

pytestmark = pytest.mark.django_db
ADD = "/admin/newsletter/edition/add/"


def make_edition(subject="Van de redactie", articles=(), **fields):
    fields.setdefault("body_source", "<p>Beste lezer, <strong>dag</strong>.</p>")
    return editions.edition_save(
        edition=Edition(subject=subject, **fields), articles=list(articles)
    )


@pytest.fixture
def editor(client):
    user = make_user(role=Role.EDITOR, email="els@blad.example")
    client.force_login(user)
    return user


def form(**fields):
    return {"subject": "Van ons", "body_source": "<p>Dag</p>", "text": "lead", "language": "nl",
            "picture": "", **fields}  # fmt: skip


def page_of(edition):
    return f"/admin/newsletter/edition/{edition.pk}/preview/"


def test_its_pictures_are_uses_and_leave_it_with_the_picture(editor):
    image, other = make_image(), make_image()
    figure = '<figure data-image="{}"></figure>'
    body = f"<p>Dag</p>{figure.format(image.pk)}{figure.format(other.pk)}"
    edition = make_edition(picture=image, body_source=body)
    assert picture_uses.use_counts([image.pk, other.pk]) == {image.pk: 2, other.pk: 1}
    assert [use.row for use in picture_uses.uses_of(image)] == [edition, edition]
    images = Image.objects.order_by("pk")
    assert list(picture_uses.with_use(images, used=True)) == [image, other]
    picture_removal.image_delete(image=image, editor=editor)
    edition.refresh_from_db()
    assert edition.picture is None
    assert edition.figures == [other.pk]
    assert edition.body_source == f"<p>Dag</p>{figure.format(other.pk)}"
    assert edition.body_html.count("<picture") == 1
    picture_removal.image_withdraw(image=other, editor=editor)
    edition.refresh_from_db()
    assert edition.body_source == edition.body_html == "<p>Dag</p>"


def test_it_is_written_looked_at_tried_and_scheduled(client, editor):
    first, second = make_article("Eerste", lead="De lead."), make_article("Tweede")
    assert client.get(ADD).status_code == 200
    sent = form(parts=[second.pk, first.pk], body_source='<p onclick="x">Dag<script>x</script></p>')
    answer = client.post(ADD, sent)
    edition = Edition.objects.get()
    assert answer.url == page_of(edition)
    assert edition.body_html == "<p>Dag</p>"
    assert [one.article for one in edition.edition_articles.all()] == [second, first]
    page = client.get(page_of(edition))
    framed = client.get(f"{page_of(edition)}mail/")
    assert "sandbox" in framed["Content-Security-Policy"]
    for text in (page.context["text"], framed.text):
        places = [text.index(word) for word in ("Van ons", "Dag", "Tweede", "Eerste", "De lead.")]
        assert places == sorted(places)
    # From the form to the form, with what it holds.
    change = client.get(f"/admin/newsletter/edition/{edition.pk}/change/")
    offered = change.context["adminform"].form.fields["parts"].queryset
    assert {row.pk for row in offered} == {first.pk, second.pk}
    assert client.post(page_of(edition), {"test": ""}).status_code == 302
    deliveries.deliver.call(Delivery.objects.get().pk)
    assert outbox_of.outbox[0].subject == "[Test] Van ons"
    assert not Mail.objects.exists()
    soon = timezone.localtime() + datetime.timedelta(days=1)
    past = timezone.localtime() - datetime.timedelta(days=1)
    for moment, status in ((past, 422), (None, 422), (soon, 302)):
        data = {"send_at_0": f"{moment:%Y-%m-%d}", "send_at_1": f"{moment:%H:%M}"} if moment else {}
        assert client.post(page_of(edition), {"later": "", **data}).status_code == status
    edition.refresh_from_db()
    assert edition.state == EditionState.SCHEDULED
    assert client.post(page_of(edition), {"withdraw": ""}).status_code == 302
    edition.refresh_from_db()
    assert (edition.state, edition.send_at) == (EditionState.DRAFT, None)


def test_it_goes_out_once_to_those_who_get_everything_in_its_language():
    author = make_author()
    article = make_article("Het stuk", authors=[author])
    gone = make_article("Ingetrokken", status="draft")
    make_reader("direct@b.example")
    make_reader("week@b.example", pace="weekly")
    make_reader("auteur@b.example", author=author)
    make_reader("english@b.example", language="en")
    make_reader("weg@b.example", bounced_at=timezone.now())
    edition = make_edition(articles=[article, gone])
    work()
    assert not Mail.objects.filter(issue__edition__isnull=False).exists()
    editions.edition_schedule(edition=edition, at=None)
    for _again in range(3):
        work()
    mine = [mail for mail in outbox_of.outbox if mail.subject == "Van de redactie"]
    assert sorted(mail.to[0] for mail in mine) == ["direct@b.example", "week@b.example"]
    assert "Het stuk" in mine[0].body
    assert "Ingetrokken" not in mine[0].body
    assert "List-Unsubscribe" in mine[0].extra_headers
    edition.refresh_from_db()
    assert edition.state == EditionState.SENT
    assert Issue.objects.get(edition=edition).counts() == {"sent": 2}
    for act in (
        lambda: editions.edition_schedule(edition=edition, at=None),
        lambda: editions.edition_save(edition=edition, articles=[]),
        lambda: editions.edition_delete(edition=edition),
    ):
        with pytest.raises(editions.EditionClosed):
            act()


def test_to_readers_in_other_languages_too_when_that_is_chosen():
    make_reader("english@b.example", language="en")
    edition = make_edition(other_languages=True)
    assert sending.readers_of(edition).count() == 1
    editions.edition_schedule(edition=edition, at=None)
    work()
    (message,) = outbox_of.outbox
    assert 'lang="nl"' in message.alternatives[0][0]


def test_stopped_on_its_way_the_rest_gets_nothing():
    for number in range(3):
        make_reader(f"a{number}@b.example")
    edition = make_edition()
    editions.edition_schedule(edition=edition, at=None)
    (number,) = editions.editions_begin()
    sending.fill(number)
    first, *rest = Mail.objects.order_by("pk")
    sending.deliver.call(first.pk)
    editions.edition_withdraw(edition=edition)
    for mail in rest:
        sending.deliver.call(mail.pk)
    assert Issue.objects.get().counts() == {"sent": 1, "dropped": 2}
    assert not editions.editions_begin()
    with pytest.raises(editions.EditionClosed):
        editions.edition_withdraw(edition=edition)


def test_who_stopped_since_gets_nothing_and_a_late_one_waits_for_an_editor():
    reader = make_reader()
    edition = make_edition()
    editions.edition_schedule(edition=edition, at=None)
    (number,) = editions.editions_begin()
    sending.fill(number)
    reader.newsletters.all().delete()
    assert letters.for_mail(Mail.objects.get()) is None
    late = make_edition("Te laat")
    editions.edition_schedule(edition=late, at=None)
    Edition.objects.filter(pk=late.pk).update(send_at=timezone.now() - datetime.timedelta(days=3))
    assert editions.editions_begin() == []
    late.refresh_from_db()
    assert late.state == EditionState.DRAFT


def test_an_empty_one_does_not_go_out(client, editor):
    edition = make_edition(body_source="")
    assert client.post(page_of(edition), {"now": ""}).status_code == 302
    edition.refresh_from_db()
    assert edition.state == EditionState.DRAFT


def test_pressed_twice_it_goes_out_once_and_then_is_only_looked_at(client, editor):
    make_reader()
    edition = make_edition()
    for _press in range(2):
        assert client.post(page_of(edition), {"now": ""}).status_code == 302
        work()
    assert len(outbox_of.outbox) == 1
    change = f"/admin/newsletter/edition/{edition.pk}/change/"
    assert client.get(change).status_code == 200
    assert client.post(change, form()).status_code == 403
    assert client.post(change.replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert client.get(page_of(edition)).status_code == 200
    assert client.get("/admin/newsletter/issue/").status_code == 200
    assert client.get(f"/admin/newsletter/issue/{edition.issue.pk}/change/").status_code == 200


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.MODERATOR])
def test_it_is_the_editors(client, role):
    edition = make_edition()
    client.force_login(make_user(role=role))
    assert client.get(ADD).status_code == 403
    for url in (page_of(edition), f"{page_of(edition)}mail/"):
        assert client.get(url).status_code == 404
    assert client.post(page_of(edition), {"now": ""}).status_code == 404


def test_words_come_out_as_words_everywhere(client, editor):
    article = make_article("Een <b>titel</b>", lead="De <lead> & meer", picture=make_image('A "b"'))
    edition = make_edition("Een <i>onderwerp</i>", [article], text="full")
    framed = client.get(f"{page_of(edition)}mail/").text
    for text in ("Een &lt;i&gt;onderwerp", "Een &lt;b&gt;titel", "De &lt;lead&gt; &amp; meer"):
        assert text in framed
    assert lxml.html.fromstring(framed).xpath("//img/@alt") == ['A "b"']
