"""Who must have a second factor, who says so, and what its owner hears of it."""

import datetime
import re

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from authors.account_mail import deliver
from authors.models import AccountMail, User
from authors.roles import Role
from authors.second_factor import services
from blog.models import SiteSettings
from blog.site.settings import site_settings
from config import env
from tests.authors.second_factor.test_services import KEY, MANAGE, VERIFY, code_of, password
from tests.blog.site.test_settings import SETTINGS, save_settings
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def asked_of(who):
    site = site_settings()
    site.second_factor_for = who
    site.save()


def told():
    """The subjects of the mails that the worker would send now, and nothing left behind."""
    for number in AccountMail.objects.filter(state="queued").order_by("pk").values_list("pk"):
        deliver.call(*number)
    sent = list(mail.outbox)
    mail.outbox.clear()
    assert all(message.to == ["femke@proef.example"] for message in sent)
    return [message.subject for message in sent]


@pytest.fixture
def femke():
    return make_user("femke", role=Role.OWNER, email="femke@proef.example")


class TestWhoMust:
    @pytest.mark.parametrize(
        ("who", "role", "must"),
        [
            ("nobody", Role.OWNER, False),
            ("owners", Role.OWNER, True),
            ("owners", Role.EDITOR, False),
            ("editors", Role.OWNER, True),
            ("editors", Role.EDITOR, True),
            ("editors", Role.AUTHOR, False),
            ("everyone", Role.AUTHOR, True),
        ],
    )
    def test_the_site_s_settings_say_it(self, who, role, must):
        asked_of(who)
        assert services.must(make_user(role=role)) is must

    def test_the_environment_wins(self, settings, client, femke):
        settings.SECOND_FACTOR_FOR = "nobody"
        asked_of("everyone")
        assert not services.must(femke)
        client.force_login(femke)
        page = client.get(SETTINGS)
        assert "SECOND_FACTOR_FOR is ‘niemand’" in page.text
        answer, site = save_settings(client, femke, second_factor_for="owners")
        assert (answer.status_code, site.second_factor_for) == (302, "everyone")
        settings.SECOND_FACTOR_FOR = "owners"
        assert services.must(User.objects.get())

    def test_a_word_that_it_does_not_know_is_refused(self, monkeypatch):
        monkeypatch.setenv("SECOND_FACTOR_FOR", "all")
        with pytest.raises(ImproperlyConfigured):
            env.choice("SECOND_FACTOR_FOR", ("", "nobody"), "")

    def test_an_owner_switches_it_on_and_is_not_locked_out(self, client, femke, time_machine):
        time_machine.move_to(timezone.now(), tick=False)
        client.force_login(femke)
        # Asked once before, long ago: those days are over, the new ones are not.
        long_ago = timezone.now() - datetime.timedelta(days=400)
        User.objects.update(second_factor_due=long_ago)
        assert save_settings(client, femke, second_factor_for="owners")[0].status_code == 302
        assert client.get("/admin/").status_code == 200
        due = User.objects.get().second_factor_due
        assert due - timezone.now() == datetime.timedelta(days=7)
        # Another save of the settings gives no more time.
        time_machine.shift(datetime.timedelta(days=1))
        assert save_settings(client, femke)[0].status_code == 302
        client.get("/admin/")
        assert User.objects.get().second_factor_due == due
        time_machine.shift(datetime.timedelta(days=7))
        client.force_login(femke)
        answer = client.get("/admin/", follow=True)
        assert answer.request["PATH_INFO"] == MANAGE
        key = client.session["second_factor_key"]
        assert client.post(f"{MANAGE}app/", {"code": code_of(key)}).status_code == 200
        assert client.get(SETTINGS).status_code == 200

    @pytest.mark.parametrize("role", [Role.EDITOR, Role.AUTHOR, Role.MODERATOR])
    def test_others_do_not_switch_it(self, client, role):
        site_settings()
        client.force_login(make_user(role=role))
        assert client.post(SETTINGS, {"second_factor_for": "everyone"}).status_code in (403, 404)
        assert SiteSettings.objects.get().second_factor_for == "nobody"

    def test_who_does_not_want_it_now_logs_out(self, client, femke):
        asked_of("owners")
        User.objects.update(second_factor_due=timezone.now() - datetime.timedelta(days=1))
        client.force_login(femke)
        # The admin's own way out is shut like the rest of it.
        client.post("/admin/logout/")
        assert "_auth_user_id" in client.session
        page = client.get(MANAGE)
        way = re.search(r'<form method="post" action="([^"]+leave/)"', page.text)[1]
        guarded = Client(enforce_csrf_checks=True)
        away = {"sec-fetch-site": "cross-site"}
        assert guarded.post(way, headers=away).status_code == 403
        assert client.get(way).status_code == 405
        assert client.post(way)["Location"] == "/admin/login/"
        assert "_auth_user_id" not in client.session

    def test_in_peace_time_there_is_the_usual_menu(self, client, femke):
        client.force_login(femke)
        page = client.get(MANAGE)
        assert "leave/" not in page.text
        assert 'id="logout-form"' in page.text


class TestTold:
    def test_of_an_app_its_codes_and_the_end_of_both(self, client, femke):
        password(client)
        client.get(MANAGE)
        key = client.session["second_factor_key"]
        client.post(f"{MANAGE}app/", {"code": "000000"})
        assert told() == []
        codes = client.post(f"{MANAGE}app/", {"code": code_of(key)}).context["codes"]
        # The first codes come with the app: one mail.
        assert told() == ["Er is een authenticatie-app ingesteld voor uw account"]
        client.logout()
        password(client)
        client.post(VERIFY, {"code": codes[0]})
        assert told() == ["Een herstelcode van uw account is gebruikt"]
        client.post(f"{MANAGE}codes/")
        assert told() == ["De herstelcodes van uw account zijn vernieuwd"]
        number = TOTPDevice.objects.get().pk
        client.post(f"{MANAGE}app/{number}/remove/")
        assert told() == ["De authenticatie-app van uw account is weggehaald"]
        client.post(f"{MANAGE}app/{number}/remove/")
        assert told() == []

    def test_what_to_do_when_it_was_not_her(self, femke, settings):
        settings.SITE_URL = "https://blad.example"
        services.app_add(user=femke, key=KEY, code=code_of(KEY))
        deliver.call(AccountMail.objects.get().pk)
        body = mail.outbox[0].body
        assert "femke" in body
        assert "https://blad.example/admin/password_reset/" in body
        assert "https://blad.example/admin/second-factor/" in body

    def test_in_her_language(self, femke):
        femke.language = "en"
        services.app_add(user=femke, key=KEY, code=code_of(KEY))
        assert told() == ["An authenticator app was set up for your account"]

    def test_of_what_the_operator_takes_away(self, femke):
        call_command("let_in", "femke", "--without-second-factor")
        assert told() == ["De tweede factor van uw account is weggehaald door wie de site beheert"]

    def test_a_wrong_code_is_no_news(self, client, femke):
        TOTPDevice.objects.create(user=femke, key=KEY, name="app")
        services.codes_make(user=femke)
        assert services.verify(user=femke, code="abcd-abcd-abcd-abcd") is None
        assert told() == []

    def test_without_an_address_nothing_is_sent(self, femke):
        femke.email = ""
        services.app_add(user=femke, key=KEY, code=code_of(KEY))
        assert not AccountMail.objects.exists()
