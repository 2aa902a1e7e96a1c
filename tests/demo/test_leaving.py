"""The demo goes whole, and nothing of what the owner made goes with it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from authors.accounts import account_save
from authors.models import Author, User
from authors.roles import Role
from authors.services import author_save
from blog.models import Article, Image, MenuItem, Page, Redirect, Series, SiteSettings, Tag
from blog.publishing.articles import article_save
from blog.publishing.pages import page_save
from blog.publishing.shared_conversation import article_translates
from blog.site.settings import site_settings
from comments.models import Comment, Commenter, Delivery, MailKind
from comments.notifications import deliveries, following
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.thread import counters
from core.mail import Letter
from demo import leaving, loading, pictures
from demo.models import Loaded
from demo.plan import plan
from newsletter.editions import edition_save
from newsletter.models import Edition, Issue, Mail, Subscription
from tests.factories import make_article, make_upload, make_user
from tests.newsletter.readers import make_reader

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
# What the program writes for itself: it names nothing of the demo that a person meets.
OWN = {"comments.FilterWord", "authors.Tally", "django_tasks_database.DBTaskResult"}


@pytest.fixture
def demo(monkeypatch, media_root, settings, tmp_path):
    """The demo, with small pictures instead of drawings."""
    settings.VAR_DIR = tmp_path
    colours = {key: f"#{number:02x}6633" for number, key in enumerate(sorted(pictures.SCENES))}

    def drawn(key):
        return make_upload(size=(320, 200), colour=colours.get(key, "#123456")).read()

    monkeypatch.setattr(pictures, "article_picture", drawn)
    monkeypatch.setattr(pictures, "portrait", drawn)
    before = rows()
    call_command("load_demo")
    return before


@pytest.fixture
def owner():
    user = User(username="eigenares", email="ik@eigen.example")
    user.set_password("geheim-woord")
    return account_save(user=user, roles=Group.objects.filter(name=Role.OWNER))


def rows():
    """How many rows every table holds."""
    return Counter({
        model._meta.label: count
        for model in apps.get_models(include_auto_created=True)
        if (count := model._base_manager.count()) and model._meta.label not in OWN
    })  # fmt: skip


def files(root):
    return sorted(path for path in Path(root).rglob("*") if path.is_file())


def remove(actor=None, **more):
    return leaving.demo_remove(actor=actor, **more)


def test_an_untouched_demo_leaves_nothing_behind(
    demo, owner, media_root, settings, django_capture_on_commit_callbacks
):
    """Whatever table it fills: the walk goes over all of them."""
    assert files(media_root)
    assert (settings.VAR_DIR / leaving.PASSWORD_FILE).exists()
    # What a running site makes of it meanwhile.
    article = Article.objects.published().filter(language="nl").first()
    Issue.objects.create(article=article, title=article.title)
    Mail.objects.create(issue=Issue.objects.get(), person=Commenter.objects.first(), event="x")
    femke = following.person_of(User.objects.get(username="femke"))
    letter = Letter(subject="Een reactie", paragraphs=("x",))
    deliveries.queue(kind=MailKind.SAMPLE, about=1, commenter=femke, letter=letter)
    article.title = "Een andere titel"
    article.slug = f"{article.slug}-elders"
    Article.objects.filter(pk=article.pk).update(comment_count=0, version=9)
    with django_capture_on_commit_callbacks(execute=True):
        found = remove(owner)
    assert found
    assert found.staying == []
    after = rows()
    own = Counter({"authors.User": 1, "authors.User_groups": 1})
    assert after - own - demo == Counter({"blog.SiteSettings": 1})
    assert demo - after == Counter()
    assert files(media_root) == []
    assert not (settings.VAR_DIR / leaving.PASSWORD_FILE).exists()
    site = SiteSettings.objects.get()
    assert (site.title, site.tagline, site.invitation) == ("Weerwoord", "", "")
    assert not any(site.links.values())
    assert not remove(owner)
    call_command("load_demo", "--if-empty")
    assert not Article.objects.exists()


def made_by(owner):
    """Her own beside the demo: an article, a newsletter and a menu item with some of it, texts of
    it that she changed, an answer to a reader."""
    tag, image = Tag.objects.get(slug="leidinggeven"), Image.objects.order_by("pk")[0]
    inside = Image.objects.order_by("pk")[1]
    hers = article_save(
        article=Article(
            title="Van mijzelf",
            series=Series.objects.get(),
            picture=image,
            body_source=f'<p>Tekst</p><figure data-image="{inside.pk}"></figure>',
        ),
        authors=[Author.objects.get(slug="anil-jagroep")],
        tags=[tag],
        editor=owner,
        expected_version=None,
    )
    changed = Article.objects.get(slug__startswith="feedback", language="nl")
    changed.title = "Mijn titel"
    article_save(article=changed, authors=None, tags=None, editor=owner, expected_version=None)
    privacy = Page.objects.get(slug="privacy")
    privacy.body_source = "<p>Mijn privacy</p>"
    page_save(page=privacy, editor=owner)
    femke = Author.objects.get(slug="femke-oldenziel")
    femke.bio = "Ik ben Femke."
    author_save(author=femke)
    root = Comment.objects.filter(article=changed, parent=None, state="approved").first()
    answer, _new = comment_post(
        submission=Submission(article=changed, parent=root, text="Mijn antwoord", name="Ik",
                              user=owner),
        site=site_settings(),
    )  # fmt: skip
    reader = make_reader(author=Author.objects.get(slug="yassin-bouhlal"))
    above, within = Image.objects.order_by("pk")[2:4]
    edition_save(
        edition=Edition(
            subject="Van ons",
            picture=above,
            body_source=f'<figure data-image="{within.pk}"></figure>',
        ),
        articles=[Article.objects.published().exclude(pk=changed.pk)[0]],
    )
    mine = MenuItem.objects.create(place="footer", tag=Tag.objects.exclude(pk=tag.pk)[0])
    SiteSettings.objects.update(title="Mijn blad")
    return SimpleNamespace(
        hers=hers, changed=changed, tag=tag, images={image, inside, above, within}, root=root,
        answer=answer, reader=reader, menu=mine,
    )  # fmt: skip


def test_what_the_owner_made_or_changed_stays(demo, owner, client):
    own = made_by(owner)
    hers, changed, root = own.hers, own.changed, own.root
    client.force_login(owner)
    page = client.get("/admin/demo/")
    for name in ("Mijn titel", "Privacy", "Femke Oldenziel", "Anil Jagroep"):
        assert name in page.text
    found = remove(owner, mark=plan(actor=owner).mark)
    assert {one.number for one in found.staying if one.model is Article} == {changed.pk}
    assert set(Article.objects.all()) == {hers, changed}
    hers.refresh_from_db()
    assert list(hers.tags.all()) == [own.tag]
    assert hers.series is not None
    assert hers.picture in own.images
    assert set(Image.objects.all()) == own.images | {changed.picture}
    assert Edition.objects.get().picture in own.images
    assert Page.objects.get().body_source == "<p>Mijn privacy</p>"
    names = set(Author.objects.values_list("slug", flat=True))
    assert {"femke-oldenziel", "anil-jagroep", "yassin-bouhlal"} <= names
    # The account that an author who stays writes with, and no other.
    assert "redactie" not in User.objects.values_list("username", flat=True)
    left = Comment.objects.filter(article=changed)
    assert own.answer in left
    assert root in left
    assert {bytes(one.path)[: len(bytes(root.path))] for one in left} == {bytes(root.path)}
    assert not Comment.objects.exclude(article=changed).exists()
    assert counters.recount() == 0
    assert Subscription.objects.filter(person=own.reader).exists()
    assert MenuItem.objects.filter(pk=own.menu.pk).exists()
    site = SiteSettings.objects.get()
    assert (site.title, site.tagline) == ("Mijn blad", "")
    assert client.get(hers.get_absolute_url()).status_code == 404  # A draft.
    assert client.get(changed.get_absolute_url()).status_code == 200
    assert client.get("/").status_code == 200


def test_a_translation_of_her_own_keeps_what_was_said_to_it(demo, owner):
    original = Article.objects.published().filter(language="nl", comment_count__gt=3).first()
    mine = make_article("My own words", language="en")
    article_translates(article=mine, original=original)
    said, _new = comment_post(
        submission=Submission(article=Article.objects.get(pk=mine.pk), text="Hello there",
                              name="Me", user=owner),
        site=site_settings(),
    )  # fmt: skip
    remove(owner)
    assert list(Article.objects.all()) == [mine]
    assert list(Comment.objects.values_list("pk", "article")) == [(said.pk, mine.pk)]
    assert counters.recount() == 0


def test_who_is_logged_in_with_the_demo_keeps_the_account_until_there_is_another(demo):
    editor = User.objects.get(username=loading.EDITOR)
    remove()
    assert list(User.objects.all()) == [editor]
    remove(editor)
    assert list(User.objects.all()) == [editor]
    make_user(role=Role.OWNER)
    assert Loaded.objects.exists()
    remove()
    assert not User.objects.filter(pk=editor.pk).exists()
    assert not Loaded.objects.exists()


def test_the_page_is_the_owner_s_and_what_is_confirmed_is_what_was_read(demo, owner, client):
    for user in (make_user(role=Role.EDITOR), User.objects.get(username="femke")):
        client.force_login(user)
        assert client.get("/admin/demo/").status_code == 403
        assert client.post("/admin/demo/").status_code == 403
    client.force_login(owner)
    page = client.get("/admin/demo/")
    mark = page.context["plan"].mark
    assert client.post("/admin/demo/", {"mark": "x"}).status_code == 409
    changed = Article.objects.published()[0]
    Article.objects.filter(pk=changed.pk).update(title="Van mij")
    again = client.post("/admin/demo/", {"mark": mark})
    assert again.status_code == 409
    assert "Van mij" in again.text
    assert Article.objects.count() > 1
    mark = again.context["plan"].mark
    assert client.post("/admin/demo/", {"mark": mark}).status_code == 302
    assert list(Article.objects.all()) == [changed]
    # Pressed twice, it is done once.
    assert client.post("/admin/demo/", {"mark": mark}).status_code == 302
    assert not Redirect.objects.exists()
    assert not Delivery.objects.filter(comment__isnull=False).exists()


def test_the_command_lists_asks_and_removes(demo, owner, capsys):
    call_command("remove_demo", "--dry-run")
    told = capsys.readouterr().out
    assert "16" in told
    assert Article.objects.count() == 16
    with pytest.raises(CommandError, match="--yes"):
        call_command("remove_demo")
    assert Article.objects.count() == 16
    call_command("remove_demo", "--yes")
    assert not Article.objects.exists()
    call_command("remove_demo", "--yes")
    assert "no demo" in capsys.readouterr().out
