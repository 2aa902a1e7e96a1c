"""Enter in a field of a form changes no status and mails nobody: in no form of the admin."""

import contextlib
import datetime

import pytest
from django.apps import apps
from django.db.models import BooleanField
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from playwright.sync_api import TimeoutError as TooLong

from authors.models import User
from authors.roles import Role
from blog.models import Article, ArticleMail, SiteSettings
from comments.models import Comment, Commenter, Complaint, Delivery, Report
from tests.browser.conftest import DESK, log_in
from tests.browser.test_admin_pages import desk, walk  # noqa: F401 - a fixture
from tests.factories import make_article, make_author, make_user

OURS = ("authors", "blog", "comments", "newsletter", "interchange")
# What a text field's Enter would send is noted, and not sent.
LISTEN = """
window.pressed = [];
window.addEventListener("submit", (event) => {
  if (!window.listening) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { target: form, submitter } = event;
  const buttons = [...form.elements].filter((one) => one.type === "submit" && !one.disabled);
  window.pressed.push([submitter?.name ?? "", submitter?.value ?? "", buttons.length]);
}, true);
"""
FIELDS = """
() => {
  document.querySelectorAll("details").forEach((one) => { one.removeAttribute("name"); one.open = true });
  const skip = ["hidden", "submit", "button", "file", "image", "reset", "color", "range"];
  const fields = [...document.querySelectorAll("form input")].filter((one) => one.form
    && one.form.getAttribute("method")?.toLowerCase() === "post"
    && !skip.includes(one.type) && !one.disabled && !one.readOnly
    && one.closest("form").id !== "logout-form" && one.getClientRects().length);
  fields.forEach((one, index) => one.setAttribute("data-press", index));
  return fields.map((one) => [one.name, [...document.forms].indexOf(one.form)]);
}
"""  # noqa: E501


def standing():
    """Every choice and switch of every row, who has which role, and what goes out by mail."""
    found = {}
    for model in apps.get_models():
        if model._meta.app_label not in OURS:
            continue
        fields = [field.attname for field in model._meta.concrete_fields
                  if field.choices or isinstance(field, BooleanField)
                  or field.attname in ("published_at", "trashed_at", "revoked_at")]  # fmt: skip
        for row in model._base_manager.values("pk", *fields) if fields else ():
            found[model.__name__, row.pop("pk")] = row
    for user in User.objects.all():
        found["roles", user.pk] = sorted(user.groups.values_list("name", flat=True))
    return found


def mails():
    return [model.objects.count() for model in (ArticleMail, Delivery, DBTaskResult)]


@pytest.fixture
def full(desk):  # noqa: F811
    """One of everything that a form could move."""
    SiteSettings.objects.update(authors_publish=False)
    author = make_author("Eva de Boer", user=make_user("eva", role=Role.AUTHOR))
    later = timezone.now() + datetime.timedelta(days=3)
    make_article("Straks", authors=[author], status="scheduled", published_at=later)
    make_article("Ter lezing", authors=[author], status="review")
    make_user("lezer", role=Role.EDITOR, email="redactie@blad.example")
    User.objects.filter(username="eva").update(email="eva@blad.example")
    comment = Comment.objects.filter(state="approved").first()
    Report.objects.create(comment=comment, complaint=Complaint.values[0])
    Commenter.objects.update(confirmed_at=timezone.now())


def press_everywhere(page):
    """Press Enter in each field of the open page; gives what that would have sent, by form."""
    fields = page.evaluate(FIELDS)
    page.evaluate("window.listening = true")
    sent = {}
    for index, (name, form) in enumerate(fields):
        page.evaluate(
            "(at) => { window.pressed = [];"
            " document.querySelector(`[data-press='${at}']`).focus() }",
            str(index),
        )
        page.keyboard.press("Enter")
        for pressed in page.evaluate("window.pressed"):
            sent.setdefault((form, tuple(pressed)), name)
    page.evaluate("window.listening = false")
    return sent


def is_harmless(name, value, buttons):
    """A plain save; or the one thing that a form with one button is for.

    A new password is the plain save of its page: what is empty there is refused.
    """
    plain = name in ("_save", "set-password") or (name, value) == ("_continue", "unmoved")
    return plain or buttons == 1


@pytest.mark.parametrize("who", ["baas", "eva"])
def test_enter_in_no_field_of_the_admin_moves_anything(visitor, full, who):
    visitor.expect("Failed to load resource")  # Refused: what was not filled in.
    page = visitor.page(DESK)
    page.set_default_timeout(30_000)
    page.on("dialog", lambda dialog: dialog.accept())
    log_in(page, who)
    page.add_init_script(LISTEN)
    forms, wrong = {}, []
    for url in walk(page, visitor):
        for (form, pressed), field in press_everywhere(page).items():
            if "/delete/" in url and pressed[2] == 1:
                continue  # A page that asks "are you sure?", and one button that says yes.
            if is_harmless(*pressed):
                forms[url, form] = field
            else:
                wrong.append(f"{url}: Enter in {field} presses {pressed}")
    # In earnest, as they stand.
    before, mailed = standing(), mails()
    for (url, form), field in forms.items():
        # A tab of its own: what is sent late interrupts no other page.
        tab = page.context.new_page()
        tab.goto(url)
        tab.evaluate(FIELDS)
        place = tab.locator(f"form >> nth={form}").locator(f'[name="{field}"][data-press]')
        if place.first.evaluate("one => one.form.noValidate || one.form.checkValidity()"):
            with contextlib.suppress(TooLong), tab.expect_navigation(timeout=6_000):
                place.first.press("Enter")
        else:  # A form that lacks something it needs is not sent.
            place.first.press("Enter")
        tab.close()
        after = standing()
        moved = {row: (was, after.get(row)) for row, was in before.items() if after.get(row) != was}
        if moved or mails() != mailed:
            wrong.append(f"{url}: Enter in {field} changed {moved}, mails {mailed} {mails()}")
        before, mailed = after, mails()
    assert not wrong, "\n".join(wrong)
    assert len(forms) > 3


@pytest.mark.parametrize("status", ["published", "scheduled", "review", "draft"])
def test_ctrl_s_and_enter_save_the_words_and_nothing_else(visitor, full, status):
    article = Article.objects.filter(status=status).first()
    page = visitor.page(DESK)
    log_in(page, "baas")
    for key in ("Enter", "Control+s"):
        page.goto(f"/admin/blog/article/{article.pk}/change/")
        page.locator(".desk-count").wait_for()
        # Even where another state was chosen in the list.
        page.locator("select[name=status]").select_option(index=1)
        page.get_by_label("Titel").fill(f"Met {key}")
        page.get_by_label("Titel").press(key)
        page.locator(".messagelist .success").wait_for()
        assert "De status is niet veranderd" in page.locator(".messagelist").inner_text()
        stored = Article.objects.get(pk=article.pk)
        assert (stored.status, stored.title) == (status, f"Met {key}")


def test_enter_in_a_reader_s_form_sends_nothing_half_written(visitor, full):
    comment = Comment.objects.filter(state="approved").first()
    article = comment.article.get_absolute_url()
    page = visitor.page(DESK)
    page.add_init_script(LISTEN)
    for scripts in (True, False):
        other = page if scripts else visitor.page(DESK, scripts=False)
        for path in ("", f"reply/?to={comment.pk}", f"comment/{comment.pk}/report/"):
            url = article + path
            if scripts:
                page.goto(url)
                assert not {sent for sent in press_everywhere(page) if sent[1][2] > 1}, url
            other.goto(url)
            other.locator(".comment-form input[type=email]").first.press("Enter")
            other.wait_for_timeout(200)
            assert other.url.endswith(url)
    assert Comment.objects.count() == 2
