"""Another site's comments come in while people write and conversations move."""

from io import BytesIO, StringIO
from threading import Event

import pytest
from django.core.management import CommandError, call_command

from blog.models import Article
from blog.publishing.pictures import image_add
from blog.publishing.shared_conversation import article_translates
from comments.models import Comment, Commenter, Origin
from comments.thread.refusals import Refused
from interchange.apply.comments import Comments
from tests.concurrency.test_moving import assert_whole, move
from tests.concurrency.test_together import post, together
from tests.factories import make_upload
from tests.interchange.wxr import comment, export, item

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def talk(first, count, word):
    """Comments in which every second one answers the one before it."""
    return "".join(
        comment(number, f"{word} {number}.", parent=number - 1 if number % 2 else 0,
                email=f"lezer{number % 7}@voorbeeld.example")
        for number in range(first, first + count)
    )  # fmt: skip


def site(word, count):
    return export(
        item("Thuis", number=1, slug="thuis", comments=talk(1000, count, word)),
        item("Home", number=2, slug="home", comments=talk(2000, count, word)),
    )


def bring(file):
    call_command("import_wordpress", str(file), "--keep-emails", stdout=StringIO())


def test_two_runs_of_one_source_do_not_go_together(tmp_path, media_root, monkeypatch):
    file = tmp_path / "export.xml"
    file.write_text(site("Eerst", 20), encoding="utf-8")
    inside, over = Event(), Event()
    store = Comments.store

    def slow(self, lot, said):
        inside.set()
        over.wait(20)
        store(self, lot, said)

    monkeypatch.setattr(Comments, "store", slow)

    def work(turn):
        if turn == 0:
            bring(file)
            return ""
        inside.wait(20)
        try:
            bring(file)
        except CommandError as error:
            return str(error)
        finally:
            over.set()

    assert "zelfde bron" in together(2, work)[1]
    assert Comment.objects.count() == 40


def test_the_same_picture_at_once_is_one_set_of_files(media_root):
    data = make_upload().read()

    def work(turn):
        made = image_add(upload=BytesIO(data), alt="Brug", user=None)
        return made.file.name, [row["name"] for row in made.renditions]

    found = together(4, work)
    assert all(names == found[0] for names in found)
    there = {f"pictures/{path.name}" for path in (media_root / "pictures").iterdir()}
    assert there == {found[0][0], *found[0][1]}


@pytest.mark.parametrize("shared", [True, False])
def test_an_import_goes_on_while_people_write_and_conversations_move(
    tmp_path, media_root, monkeypatch, shared
):
    monkeypatch.setattr("interchange.apply.run.LOT", 12)
    file = tmp_path / "export.xml"
    file.write_text(site("Eerst", 20), encoding="utf-8")
    bring(file)
    Article.objects.filter(slug="home").update(language="en")
    home, other = Article.objects.get(slug="thuis"), Article.objects.get(slug="home")
    if shared:
        article_translates(article=other, original=home)
        home.refresh_from_db()
        other.refresh_from_db()
    roots = list(Comment.objects.filter(parent=None).order_by("pk")[:6])
    # What came is renewed, and three times as much is new.
    file.write_text(site("Later", 60), encoding="utf-8")

    def work(turn):
        if turn == 0:
            bring(file)
        elif turn == 1:
            for round_ in range(6):
                move(home, other, round_)
        else:
            for round_ in range(15):
                root = roots[(turn + round_) % len(roots)]
                try:
                    post(Article.objects.get(pk=root.article_id), turn * 100 + round_, root)
                except Refused:
                    continue

    together(5, work)
    bring(file)
    brought = Comment.objects.filter(origin=Origin.IMPORT)
    assert brought.count() == 120
    assert not brought.filter(source__startswith="Eerst").exists()
    assert brought.values("source").distinct().count() == 120
    assert Commenter.objects.exclude(email=None).count() == 7
    assert_whole()
