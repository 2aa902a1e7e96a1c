"""Forgotten passwords: the same answer for everybody, and a link to this site alone."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from authors.account_mail import deliver
from authors.models import AccountMail, Author
from authors.services import author_save
from tests.factories import make_upload, make_user
from tests.worker import work

pytestmark = pytest.mark.django_db


def ask(client, address, **headers):
    return client.post("/admin/password_reset/", {"email": address}, **headers)


def test_known_and_unknown_addresses_get_the_same_answer(client):
    make_user("femke", email="femke@proef.example")
    known = ask(client, "femke@proef.example")
    unknown = ask(client, "niemand@proef.example")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert work("password_reset_send") == 2
    assert AccountMail.objects.count() == 1
    assert mail.outbox == []  # The worker sends, not the request.


def test_the_request_does_the_same_for_known_and_unknown_addresses(client):
    """The same statements and the same task: the time that it takes tells nothing."""
    make_user("femke", email="femke@proef.example")
    ask(client, "eerst@proef.example")  # What is done once for a process.
    done = []
    for address in ("femke@proef.example", "niets@proef.example"):
        DBTaskResult.objects.all().delete()
        with CaptureQueriesContext(connection) as asked:
            ask(client, address)
        task = DBTaskResult.objects.get()
        assert task.args_kwargs == {"args": [address], "kwargs": {}}
        statements = [re.sub(r"'[^']*'|\d+", "?", one["sql"]) for one in asked.captured_queries]
        done.append((task.task_path, statements))
    assert done[0] == done[1]


def test_the_mailed_link_sets_a_new_password(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    user = make_user("femke", email="femke@proef.example")
    ask(client, "FEMKE@proef.example", headers={"host": "kwaad.example"})
    work("password_reset_send")
    deliver.call(AccountMail.objects.get().pk)
    (sent,) = mail.outbox
    assert sent.to == ["femke@proef.example"]
    assert "kwaad.example" not in sent.body
    path = re.search(rf"{re.escape(settings.SITE_URL)}(/admin/reset/\S+)", sent.body)[1]
    page = client.get(path, follow=True)
    assert page.status_code == 200
    form = page.redirect_chain[-1][0]
    new = {"new_password1": "een-heel-nieuw-woord", "new_password2": "een-heel-nieuw-woord"}
    assert client.post(form, new).status_code == 302
    user.refresh_from_db()
    assert user.check_password("een-heel-nieuw-woord")


def test_the_login_page_leads_to_it(client):
    assert "/admin/password_reset/" in client.get("/admin/login/").text


def test_the_same_photo_again_keeps_addresses_that_are_served(client, media_root):
    author = Author(name="Femke", slug="femke")
    for _turn in range(2):
        author_save(author=author, photo=make_upload(size=(200, 200)))
    names = [author.photo.name]
    names += [name for kinds in author.photo_renditions.values() for name in kinds.values()]
    for name in names:
        answer = client.get(f"/media/{name}")
        assert answer.status_code == 200, name
        answer.close()
