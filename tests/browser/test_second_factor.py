"""Logging in with a passkey and with an app, as a person does."""

import base64
import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_otp.oath import TOTP
from playwright.sync_api import expect

from authors import second_factor
from authors.models import Role
from blog.models import SiteSettings
from tests.browser.conftest import DESK, PHONE, log_in
from tests.factories import make_user

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def femke(roles, live_server, settings):
    settings.OTP_WEBAUTHN_RP_ID = "localhost"
    settings.OTP_WEBAUTHN_ALLOWED_ORIGINS = [live_server.url]
    SiteSettings.objects.create(pk=1, title="De Werkbank")
    return make_user("femke", role=Role.EDITOR)


def give_authenticator(page):
    """A key of the browser's own, that answers by itself."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    answer = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, answer["authenticatorId"]


def log_out(page):
    page.locator("#user-tools summary").click()
    page.get_by_role("button", name="Afmelden", exact=True).click()


def accessible(visitor, page):
    visitor.expect("Applying inline style|preload assets|/widgets.css")  # By axe itself.
    found = Axe().run(page, options=RULES).response["violations"]
    assert not found, [(one["id"], [node["target"] for node in one["nodes"]]) for one in found]


def test_a_passkey_is_added_used_and_lost(visitor, femke):
    page = visitor.page(PHONE)
    session, key = give_authenticator(page)
    log_in(page, "femke")
    page.locator("#user-tools summary").click()
    page.get_by_role("link", name="Tweede factor").click()
    page.get_by_role("button", name="Een passkey toevoegen").click()
    expect(page.get_by_text(re.compile("Passkey van"))).to_be_visible()
    page.get_by_role("button", name="Herstelcodes maken").click()
    codes = page.locator(".codes code").all_text_contents()
    assert len(codes) == 10
    accessible(visitor, page)
    page.get_by_role("link", name="Ik heb ze bewaard").click()
    accessible(visitor, page)
    log_out(page)

    # As the second step, after name and password.
    page.goto("/admin/login/?next=/admin/blog/tag/")
    page.fill("[name=username]", "femke")
    page.fill("[name=password]", "geheim-woord")
    page.click("#login-form [type=submit]")
    expect(page.get_by_role("heading", name="Nog één stap")).to_be_visible()
    accessible(visitor, page)
    page.get_by_role("button", name="Aanmelden met een passkey").click()
    page.wait_for_url(re.compile("/admin/blog/tag/"))
    log_out(page)

    # Instead of name and password.
    page.goto("/admin/login/")
    page.get_by_role("button", name="Aanmelden met een passkey").click()
    page.wait_for_url(re.compile("/admin/$"))
    expect(page.locator("#user-tools summary")).to_have_text("femke")
    log_out(page)

    # The telephone is lost: a recovery code, by the keyboard alone.
    session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})
    page.goto("/admin/login/")
    page.fill("[name=username]", "femke")
    page.fill("[name=password]", "geheim-woord")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Code")).to_be_focused()
    page.keyboard.type(codes[0])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/admin/$"))
    expect(page.locator(".messagelist .warning")).to_contain_text("nog 9")


def test_an_app_is_set_up_and_asked_for(visitor, femke):
    page = visitor.page(DESK, scheme="dark")
    log_in(page, "femke")
    page.goto("/admin/second-factor/")
    accessible(visitor, page)
    typed = page.locator(".key").text_content()
    assert page.locator(".square").evaluate("image => image.naturalWidth") > 100
    totp = TOTP(base64.b32decode(typed))
    totp.time = time.time()
    page.get_by_label("Code").fill(f"{totp.token():06}")
    page.get_by_role("button", name="De app instellen").click()
    expect(page.locator(".codes code")).to_have_count(10)
    log_out(page)
    page.goto("/admin/login/")
    page.fill("[name=username]", "femke")
    page.fill("[name=password]", "geheim-woord")
    page.click("#login-form [type=submit]")
    # The code that set it up is spent; the next one is taken.
    visitor.expect("422")
    page.get_by_label("Code").fill(f"{totp.token():06}")
    page.get_by_role("button", name="Verder").click()
    expect(page.locator(".errorlist")).to_contain_text("klopt niet")
    second_factor.forgive(femke)
    totp.time = time.time() + 30
    page.get_by_label("Code").fill(f"{totp.token():06}")
    page.get_by_role("button", name="Verder").click()
    page.wait_for_url(re.compile("/admin/$"))
