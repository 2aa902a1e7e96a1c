"""What an owner can choose: by option and at the desk from one definition, and what comes of it."""

import gzip
import json
import re
import sqlite3

import pytest
from django.core import mail
from django.core.management import CommandError
from django.urls import reverse

from authors.models import Author, User
from authors.roles import Role
from blog.models import Article, MenuItem, Page, Redirect, Tag
from comments.commenters.own_comments import comment_confirm, digest
from comments.models import Comment, Commenter
from interchange import choices
from interchange.admin import MoveForm
from interchange.commands import ImportCommand
from interchange.kinds import SOURCES
from interchange.models import Imported
from tests.factories import make_article, make_user
from tests.interchange.wxr import comment, export, item


def page(number, slug, comments="", **more):
    return item(f"Pagina {slug}", slug=slug, kind="page", number=number,
                link=f"https://oud.example/{slug}/", comments=comments, **more)  # fmt: skip


@pytest.mark.parametrize("kind", SOURCES)
def test_the_desk_and_the_command_offer_the_same(kind):
    class Command(ImportCommand):
        pass

    Command.kind = kind
    parser = Command().create_parser("manage.py", f"import_{kind}")
    options = {action.dest for action in parser._actions}
    names = {choice.name for choice in choices.of_kind(kind)}
    assert names <= options
    assert names <= set(MoveForm.base_fields)
    grouped = {*choices.SITE, *choices.PEOPLE, *choices.READERS, *choices.REST}
    assert grouped == {choice.name for choice in choices.CHOICES}


@pytest.mark.parametrize(("given", "wrong"), [
    ({"time_zone": "Mars/Olympus"}, "time_zone"), ({"source": "a\nb"}, "source"),
    ({"types": "a;b"}, "types"), ({"trust_approved": True}, "trust_approved"),
    ({"mail_accounts": True}, "mail_accounts"),
])  # fmt: skip
def test_what_cannot_be_chosen_is_told_both_ways(bring, given, wrong):
    with pytest.raises(CommandError, match=f"--{wrong.replace('_', '-')}"):
        bring(export(item()), **given)
    form = MoveForm({"kind": "wordpress", **given})
    assert wrong in form.errors


def test_what_does_not_concern_a_kind_is_not_passed_over_in_silence():
    form = MoveForm({"kind": "disqus", "accounts": "on", "time_zone": "Europe/Amsterdam"})
    assert "Disqus" in form.errors["accounts"][0]


# -- pages with comments --------------------------------------------------------------------------


def test_a_page_with_comments_comes_as_an_article(bring, client):
    file = export(
        page(3, "over-ons", comment(1, "Hier.") + comment(2, "Ook.", parent=1)),
        page(4, "contact", comment(3, "Koop!", state="spam") + comment(4, kind="pingback")),
    )
    trial = bring(file, dry_run=True)
    report = bring(file)
    found = Article.objects.get()
    assert (found.slug, found.comment_count) == ("over-ons", 2)
    assert Page.objects.get().slug == "contact"
    for old in ("/over-ons/", "/?page_id=3"):
        assert client.get(old).get("location") == found.get_absolute_url()
    for text in (trial, report):
        assert re.search(r"1 × Pagina met reacties.*\n +Pagina over-ons", text), text
        assert re.search(r"2 × Reactie onder een pagina.*\n +Pagina contact", text), text
    before = list(Comment.objects.order_by("pk").values())
    bring(file, commented_pages="page")
    assert Page.objects.count() == Article.objects.count() == 1
    assert list(Comment.objects.order_by("pk").values()) == before


def test_by_choice_it_stays_a_page_and_its_comments_are_counted(bring):
    file = export(page(3, "over-ons", comment(1, "Hier.") + comment(2, "Ook.")))
    report = bring(file, commented_pages="page")
    assert not Article.objects.exists()
    assert not Comment.objects.exists()
    assert re.search(r"2 × Reactie onder een pagina.*\n +Pagina over-ons", report), report
    # What is a page here stays one, whatever is chosen later.
    bring(file)
    assert Page.objects.count() == 1
    assert not Article.objects.exists()


# -- accounts -------------------------------------------------------------------------------------


def test_authors_get_accounts_without_a_password_and_a_link_to_set_one(bring, client):
    file = export(item())
    bring(file)
    assert not User.objects.exists()
    assert "1 nieuw" in bring(file, accounts=True, dry_run=True)
    assert not User.objects.exists()
    out = bring(file, accounts=True)
    user = User.objects.get()
    assert (user.username, user.email, user.author.name) == (
        "anna", "anna@oud.example", "Anna Schrijver")  # fmt: skip
    assert [group.name for group in user.groups.all()] == [Role.AUTHOR]
    assert not user.has_usable_password()
    assert not mail.outbox
    link = re.search(r"anna: https?://[^/]+(/\S+)", out)[1]
    form = client.get(link, follow=True)
    words = {"new_password1": "een lang woord 12", "new_password2": "een lang woord 12"}
    assert client.post(form.redirect_chain[-1][0], words).status_code == 302
    user.refresh_from_db()
    assert user.check_password("een lang woord 12")
    # Again: nothing; and an account that was taken away does not come back.
    assert "anna: http" not in bring(file, accounts=True)
    user.delete()
    bring(file, accounts=True)
    assert not User.objects.exists()


@pytest.mark.parametrize("has_author", [True, False])
def test_no_account_here_is_taken_for_its_address_alone(bring, has_author):
    staff = make_user("chef", role=Role.OWNER, email="ANNA@oud.example")
    if has_author:
        Author.objects.create(name="De chef", slug="chef", user=staff)
    report = bring(export(item()), accounts=True)
    assert Article.objects.get().byline[0].name == "Anna Schrijver"
    assert Author.objects.get(slug="anna").user is None
    assert "Anna Schrijver: anna@oud.example" in report
    assert User.objects.count() == 1


def test_an_account_is_taken_when_the_owner_says_so(bring):
    staff = make_user("chef", role=Role.OWNER, email="anna@oud.example")
    bring(export(item()), accounts=True, link_accounts=True)
    staff.refresh_from_db()
    assert staff.author == Article.objects.get().byline[0]
    assert [group.name for group in staff.groups.all()] == [Role.OWNER]


def test_what_is_no_address_gets_no_account(bring):
    file = export(item()).replace("anna@oud.example", "anna@oud.example\nBcc: x@x.example")
    assert "Auteur zonder e-mailadres" in bring(file, accounts=True)
    assert not User.objects.exists()


def test_links_are_mailed_only_when_asked_for(bring, worker):
    bring(export(item()), accounts=True, mail_accounts=True)
    worker()
    sent = mail.outbox[0]
    assert sent.to == ["anna@oud.example"]
    assert "/admin/reset/" in sent.body


def test_the_owner_can_mail_the_link_and_does_not_see_it(bring, client, worker):
    bring(export(item()), accounts=True)
    owner = make_user("baas", role=Role.OWNER)
    backend = "django.contrib.auth.backends.ModelBackend"
    client.force_login(owner, backend=backend)
    user = User.objects.get(username="anna")
    place = reverse("admin:authors_user_change", args=[user.pk])
    page = client.get(place).content.decode()
    assert "/admin/reset/" not in page
    assert "Uitnodiging versturen" in page
    chosen = {"action": "mail_password_links", "_selected_action": [user.pk, owner.pk]}
    answer = client.post(reverse("admin:authors_user_changelist"), chosen, follow=True)
    assert "1 mail is onderweg." in answer.content.decode()
    worker()
    assert [sent.to for sent in mail.outbox] == [["anna@oud.example"]]
    client.force_login(make_user(role=Role.EDITOR), backend=backend)
    assert client.get(place).status_code == 403


def ghost(rank):
    tables = {
        "users": [{"id": "1", "name": "Anna", "slug": "anna", "email": "anna@oud.example"}],
        "roles": [{"id": "r", "name": rank}],
        "roles_users": [{"role_id": "r", "user_id": "1"}],
        "posts": [{"id": "p", "title": "Stuk", "slug": "stuk", "status": "published",
                   "html": "<p>x</p>", "author_id": "1", "published_at": "2019-05-01 08:00:00"}],
    }  # fmt: skip
    return json.dumps({"db": [{"data": tables}]})


@pytest.mark.parametrize(("rank", "role"), [
    ("Contributor", Role.AUTHOR), ("Editor", Role.EDITOR), ("Owner", Role.EDITOR)])  # fmt: skip
def test_ranks_become_roles_and_nobody_an_owner(bring, rank, role):
    bring(ghost(rank), command="import_ghost", name="g.json", accounts=True,
          address="https://oud.example")  # fmt: skip
    assert [group.name for group in User.objects.get().groups.all()] == [role]


# -- people of the old conversation ---------------------------------------------------------------


@pytest.mark.parametrize("trusted", [False, True])
def test_who_was_approved_there_is_known_here_only_when_it_is_said(bring, trusted):
    said = comment(1, "Goed.", email="Lezer@x.example") + comment(
        2, "Wacht.", state="0", email="wacht@x.example"
    )
    bring(export(item(comments=said)), keep_emails=True, trust_approved=trusted)
    trust = dict(Commenter.objects.values_list("email", "trust"))
    assert trust == {"lezer@x.example": "known" if trusted else "new", "wacht@x.example": "new"}
    # An address confirmed here is known; what waited there for a person still does.
    person = Commenter.objects.get(email="wacht@x.example")
    waiting = Comment.objects.get(commenter=person)
    comment_confirm(comment=waiting, seen=digest(waiting))
    person.refresh_from_db()
    assert person.trust == "known"
    assert Comment.objects.get(commenter=person).state == "pending"


@pytest.mark.parametrize("trusted", [False, True])
def test_typing_an_address_of_the_old_site_gives_no_rights_over_its_comments(
    bring, client, trusted
):
    said = comment(1, "Mijn woorden.", email="lezer@x.example")
    bring(export(item(comments=said)), keep_emails=True, trust_approved=trusted)
    old = Comment.objects.get()
    form = {"name": "Lezer", "email": "lezer@x.example", "text": "Weer ik."}
    Article.objects.update(close_after_days=0)
    client.post(f"{old.article.get_absolute_url()}reply/", form)
    new = Comment.objects.exclude(pk=old.pk).get()
    assert new.state == "pending"
    for what in ("edit", "delete"):
        assert client.get(f"{old.get_absolute_url()}{what}/").status_code == 404


# -- sources of one kind --------------------------------------------------------------------------


def isso(place, key, text):
    db = sqlite3.connect(place)
    db.executescript(
        "CREATE TABLE preferences (key TEXT, value TEXT);"
        "CREATE TABLE threads (id INTEGER, uri TEXT, title TEXT);"
        "CREATE TABLE comments (id INTEGER, tid INTEGER, parent INTEGER, created REAL,"
        " modified REAL, mode INTEGER, remote_addr TEXT, text TEXT, author TEXT, email TEXT,"
        " website TEXT);"
    )
    db.execute("INSERT INTO preferences VALUES ('session-key', ?)", (key,))
    db.execute("INSERT INTO threads VALUES (1, '/2019/05/een-stuk/', 'x')")
    db.execute("INSERT INTO comments (id, tid, created, mode, text, author)"
               " VALUES (1, 1, 1556700000, 1, ?, 'Bram')", (text,))  # fmt: skip
    db.commit()
    db.close()
    return place


def test_two_isso_databases_do_not_collide(bring, tmp_path):
    make_article("Een stuk", slug="een-stuk")
    one, two = isso(tmp_path / "1.db", "a", "Eerste."), isso(tmp_path / "2.db", "b", "Tweede.")
    for _turn in range(2):
        bring(one, command="import_isso")
        bring(two, command="import_isso")
    assert sorted(Comment.objects.values_list("source", flat=True)) == ["Eerste.", "Tweede."]
    assert not [row for row in Imported.objects.all() if row.source.partition(":")[2] == "a"]


def test_two_remark42_backups_and_disqus_forums_do_not_collide(bring):
    make_article("Een stuk", slug="een-stuk")
    for site in ("een", "twee"):
        row = {"id": "1", "orig": f"Van {site}.", "user": {"name": "Bram"},
               "time": "2019-05-01T08:00:00Z",
               "locator": {"site": site, "url": "https://oud.example/een-stuk/"}}  # fmt: skip
        data = gzip.compress(b'{"version":1}\n' + json.dumps(row).encode())
        bring(data, command="import_remark42", name=f"{site}.gz")
        forum = (
            f'<disqus xmlns:dsq="x"><category dsq:id="1"><forum>{site}</forum></category>'
            '<thread dsq:id="9"><link>https://oud.example/een-stuk/</link></thread>'
            f'<post dsq:id="1"><message>Forum {site}</message><thread dsq:id="9"/>'
            "<createdAt>2019-05-01T08:00:00Z</createdAt></post></disqus>"
        )
        bring(forum, command="import_disqus", name=f"{site}.xml")
    assert Comment.objects.count() == 4


def test_a_source_can_be_named(bring):
    file = export(item())
    bring(file, source="weblog")
    assert set(Imported.objects.values_list("source", flat=True)) == {"wordpress:weblog"}
    bring(file, source="weblog")
    assert Article.objects.count() == 1


# -- what has a field here ------------------------------------------------------------------------


def meta(**values):
    return "".join(
        f"<wp:postmeta><wp:meta_key>{name}</wp:meta_key><wp:meta_value><![CDATA[{value}]]>"
        "</wp:meta_value></wp:postmeta>" for name, value in values.items()
    )  # fmt: skip


def entry(number, order, menu="Hoofdmenu", title="", **values):
    extra = (
        f'<category domain="nav_menu" nicename="m"><![CDATA[{menu}]]></category>'
        f"<wp:menu_order>{order}</wp:menu_order>"
        + meta(**{f"_menu_item_{name}": value for name, value in values.items()})
    )
    return item(title, kind="nav_menu_item", number=number, slug=str(number), extra=extra)


def test_menus_come_once_and_what_is_here_stays(bring):
    head = (
        "<wp:category><wp:term_id>8</wp:term_id><wp:category_nicename>werk</wp:category_nicename>"
        "<wp:cat_name>Werk</wp:cat_name></wp:category>"
    )
    file = export(
        page(3, "over-ons"),
        item(number=5),
        entry(20, 1, type="post_type", object="page", object_id="3"),
        entry(21, 2, type="taxonomy", object="category", object_id="8", title="Over werk"),
        entry(22, 3, type="custom", url="https://oud.example/", title="Voorpagina"),
        entry(23, 4, type="post_type", object="post", object_id="5"),
        entry(24, 5, type="custom", url="javascript:alert(1)", title="Kwaad"),
        entry(25, 6, type="custom", url="https://elders.example/", menu_item_parent="22"),
        entry(26, 1, "Voet", type="custom", url="https://elders.example/", title="Elders"),
        entry(27, 1, "Derde menu", type="custom", url="https://elders.example/", title="Te veel"),
        head=head,
    )
    report = bring(file)
    top = [
        (str(row), row.page, row.tag, row.url) for row in MenuItem.objects.filter(place="header")
    ]
    article = Article.objects.get()
    assert top == [
        ("Pagina over-ons", Page.objects.get(), None, ""),
        ("Over werk", None, Tag.objects.get(), ""), ("Voorpagina", None, None, "/"),
        ("Een stuk", None, None, article.get_absolute_url()),
    ]  # fmt: skip
    assert MenuItem.objects.get(place="footer").url == "https://elders.example/"
    for name in ("Kwaad", "Te veel"):
        assert name in report
    MenuItem.objects.filter(url="/").delete()
    before = list(MenuItem.objects.values())
    bring(file)
    assert list(MenuItem.objects.values()) == before


def test_a_menu_of_this_site_is_not_added_to(bring):
    MenuItem.objects.create(label="Eigen", url="/eigen/")
    bring(export(entry(26, 1, type="custom", url="https://elders.example/", title="Elders")))
    assert MenuItem.objects.get().label == "Eigen"


@pytest.mark.parametrize(
    "named",
    [
        ("_yoast_wpseo_title", "_yoast_wpseo_metadesc"),
        ("rank_math_title", "rank_math_description"),
        ("_aioseo_title", "_aioseo_description"),
    ],
)
def test_what_searches_show_comes_along_but_not_what_a_plugin_fills_in(bring, named):
    title, description = named
    chosen = meta(**{title: "Een  ander", description: "Kort & <goed>."})
    file = export(
        item("A", slug="a", extra=chosen),
        item("B", slug="b", extra=chosen, excerpt="Eigen woorden."),
        item("C", slug="c", extra=meta(**{title: "%%title%% hier", description: "#post_title"})),
        item("D", slug="d", extra=meta(**{title: "%title% %sep%", description: "Lang " * 90})),
        item("E", slug="e", extra=meta(**{title: "E"})),
        item("Over", slug="over", kind="page", extra=chosen),
    )
    report = bring(file)
    assert list(Article.objects.order_by("slug").values_list("search_title", "lead")) == [
        ("Een ander", ""), ("Een ander", "Eigen woorden."), ("", ""), ("", ""), ("", ""),
    ]  # fmt: skip
    found = dict(Article.objects.values_list("slug", "search_description"))
    assert found == {"a": "Kort & <goed>.", "b": "Kort & <goed>.", "c": "", "e": "",
                     "d": ("Lang " * 90)[:320].strip()}  # fmt: skip
    page = Page.objects.get()
    assert (page.search_title, page.search_description) == ("Een ander", "Kort & <goed>.")
    assert "C: %%title%% hier" in report
    # Once more changes nothing, and what an editor made of it stays.
    Article.objects.filter(slug="a").update(search_title="Van de redactie")
    bring(file)
    assert Article.objects.get(slug="a").search_title == "Van de redactie"


def test_every_file_that_is_no_picture_is_named_with_its_article(bring):
    links = "".join(f'<a href="/wp-content/uploads/{n}.pdf">{n}</a>' for n in range(12))
    report = bring(export(item("Stuk", text=links)))
    assert all(f"/wp-content/uploads/{n}.pdf (Stuk)" in report for n in range(12))
    assert not Redirect.objects.filter(old_path__contains="uploads").exists()
