"""An editor writes a newsletter of her own; every mail holds at 320 pixels, light and dark."""

import pytest
from django.core import mail as outbox_of
from playwright.sync_api import expect

from authors.roles import Role
from blog.content import sanitiser
from blog.models import SiteSettings
from blog.publishing.rendering import rendered_body
from newsletter.models import Edition
from tests.browser.accessible import faults
from tests.browser.conftest import DESK, PHONE, log_in
from tests.factories import make_article, make_user
from tests.newsletter.readers import make_reader
from tests.newsletter.test_blocks import RICH
from tests.newsletter.test_sending import work


def sound(page):
    page.wait_for_load_state()
    # The frame of the mail lets nobody in, axe neither.
    assert not faults(page, "#content", iframes=False, preload=False)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("width", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_it_is_written_looked_at_and_sent(visitor, roles, width, scheme):
    make_user("rita", role=Role.EDITOR, email="rita@blad.example")
    make_article("Vergaderen op dinsdag")
    make_reader()
    page = visitor.page(width, scheme=scheme)
    log_in(page, "rita")
    page.goto("/admin/newsletter/edition/add/")
    page.locator("[name=subject]").fill("Van de redactie")
    words = page.locator(".ProseMirror")
    words.click()
    page.keyboard.type("## Beste lezer")
    page.keyboard.press("Enter")
    page.keyboard.type("- een")
    expect(words.locator("h2")).to_have_text("Beste lezer")
    indent = words.locator("ul").evaluate("(list) => getComputedStyle(list).paddingInlineStart")
    assert float(indent.removesuffix("px")) < 40
    sound(page)
    page.locator("[name=_save]").click()
    page.wait_for_url("**/preview/")
    edition = Edition.objects.get()
    expect(page.locator(".mail-preview")).to_contain_text("BESTE LEZER")
    sound(page)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Beste lezer")).to_be_visible()
    page.locator("details:has([name=now]) summary").click()
    page.locator("[name=now]").click()
    expect(page.locator("[name=now]")).to_have_count(0)
    work()
    assert [message.subject for message in outbox_of.outbox] == ["Van de redactie"]
    page.goto(f"/admin/newsletter/edition/{edition.pk}/change/")
    expect(page.locator("[name=_save]")).to_have_count(0)
    sound(page)


def test_a_mail_holds_at_320_pixels(visitor, roles):
    SiteSettings.objects.create(pk=1, title="W" * 60, newsletter_text="full")
    make_user("rita", role=Role.EDITOR)
    wide = "<table><tr>" + "<td>Bedrijfsrestaurantmedewerker</td>" * 6 + "</tr></table>"
    source = sanitiser.clean(f"{RICH}{wide}<p>{'x' * 200}</p><pre>{'y' * 200}</pre>")
    article = make_article("T" * 120, body=rendered_body(source, "nl").html)
    page = visitor.page(320)
    log_in(page, "rita")
    for scheme, paper in (("light", "rgb(252, 251, 248)"), ("dark", "rgb(18, 25, 26)")):
        page.goto(f"/admin/newsletter/issue/preview/{article.pk}/mail/?scheme={scheme}")
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == paper
