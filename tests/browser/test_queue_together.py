"""The queue's keys, however fast they come, and two moderators at one queue."""

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from playwright.sync_api import expect

from authors.roles import Role
from blog.models import Hold, SiteSettings
from comments.models import Claim, Comment, ModerationEvent, ReadyReason, State
from tests.browser.conftest import DESK, log_in
from tests.browser.test_queue import QUEUE, post, ready, state_of
from tests.factories import make_article, make_user

FREE = SiteSettings(hold=Hold.EVERYONE, spam_filter=False, posts_per_hour=0, posts_per_person=0)
KEYS = ("a", "s", "r1", "n", "p", "m", "u", "h", "x", "d")
DECIDES = {"a": State.APPROVED, "s": State.SPAM, "r1": State.REJECTED}
MANY = 14


@pytest.fixture
def article(roles):
    SiteSettings.objects.create(pk=1, title="De Werkbank")
    make_user("mo", role=Role.MODERATOR)
    make_user("karim", role=Role.EDITOR, first_name="Karim")
    ReadyReason.objects.all().delete()
    ReadyReason.objects.create(language="nl", words="Op de persoon.", position=1)
    return make_article("Roosters")


class Worker:
    """What a moderator means who presses keys at a list that she sees."""

    def __init__(self, numbers):
        self.numbers, self.current = numbers, 0
        self.states = dict.fromkeys(numbers, State.PENDING)
        self.done, self.chosen = [], set()

    def there(self, places):
        waiting = (place for place in places if 0 <= place < len(self.numbers))
        return next((at for at in waiting if self.states[self.numbers[at]] == State.PENDING), None)

    def press(self, key):
        number, at = self.numbers[self.current], self.current
        after, before = range(at + 1, len(self.numbers)), range(at - 1, -1, -1)
        if key in DECIDES:
            self.states[number] = DECIDES[key]
            self.done.append(at)
            self.chosen.discard(number)
            self.current = self.there([*after, *before])
        elif key == "u" and self.done:
            self.current = self.done.pop()
            self.states[self.numbers[self.current]] = State.PENDING
        elif key == "m":
            self.chosen ^= {number}
        elif key in "np":
            found = self.there(after if key == "n" else before)
            self.current = at if found is None else found


def settled(page):
    expect(page.locator("#queue[data-sending]")).to_have_count(0)


def test_keys_pressed_at_once_do_what_they_say(visitor, article):
    page = visitor.page(DESK)
    log_in(page, "mo")

    @settings(
        max_examples=5, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate)
    )
    @given(keys=st.lists(st.sampled_from(KEYS), min_size=12, max_size=24))
    @example(keys=["a"] * 6)
    @example(keys=["m", "n", "m", "n"])
    @example(keys=["n", "a", "r1", "u", "s", "p", "a", "u", "u", "m"])
    def at_once(keys):
        Comment.objects.all().delete()
        worker = Worker(
            [post(article, f"Woorden {n}.", f"Lezer {n}", FREE).pk for n in range(MANY)]
        )
        page.goto(QUEUE)
        ready(page)
        for key in keys:
            if len(worker.done) > MANY - 2 and key in DECIDES:
                continue
            worker.press(key)
            for one in key:
                page.keyboard.press(one)
        settled(page)
        expect(page.locator("#queue-undo")).not_to_be_empty() if worker.done else None
        shown = page.locator(".queue-card")
        waiting = [pk for pk in worker.numbers if worker.states[pk] == State.PENDING]
        expect(shown).to_have_count(len(waiting))
        cards = page.evaluate("[...document.querySelectorAll('.queue-card')].map((c) => c.id)")
        assert cards == [f"card-{pk}" for pk in waiting]
        current = f"card-{worker.numbers[worker.current]}"
        expect(page.locator(".queue-current")).to_have_attribute("id", current)
        ticked = page.locator("[name=chosen]:checked").evaluate_all(
            "(all) => all.map(b => b.value)"
        )
        assert {int(one.partition(":")[0]) for one in ticked} == worker.chosen
        assert dict(Comment.objects.values_list("pk", "state")) == worker.states

    at_once()


@pytest.fixture
def two(visitor, article):
    pages = []
    for name in ("mo", "karim"):
        page = visitor.page(DESK)
        log_in(page, name)
        pages.append(page)
    return pages


def look(page):
    """As when the page is seen again."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def opened(page, claimed):
    """The queue, once its mark is known to the site."""
    page.goto(QUEUE)
    ready(page)
    look(page)
    expect(page.locator(".queue-claim:visible")).to_have_count(claimed)


def test_two_work_off_a_queue_without_a_late_decision(two, article):
    comments = [post(article, f"Woorden {n}.", f"Lezer {n}", FREE) for n in range(8)]
    mo, karim = two
    opened(mo, 0)
    expect(mo.locator(".queue-current")).to_contain_text("Woorden 0.")
    opened(karim, 1)
    expect(karim.locator(".queue-claim:visible")).to_have_text("mo kijkt naar deze reactie.")
    expect(karim.locator(".queue-current")).to_contain_text("Woorden 1.")
    hers = {mo: [0, 2, 4, 6], karim: [1, 3, 5, 7]}
    for turn in range(4):
        for page, other in ((mo, karim), (karim, mo)):
            look(page)
            at = hers[page][turn]
            expect(page.locator(".queue-current")).to_contain_text(f"Woorden {at}.")
            there = hers[other][turn + (other is mo)] if other is karim or turn < 3 else None
            if there is not None:
                line = page.locator(f"#card-{comments[there].pk} .queue-claim")
                expect(line).to_contain_text("kijkt naar deze reactie.")
            page.keyboard.press("a")
            settled(page)
            expect(page.locator("#queue-status")).to_contain_text(f"Lezer {at}.")
            # What she decided about leaves the other's list by itself.
            look(other)
            expect(other.locator(f"#card-{comments[at].pk}:not(.queue-done)")).to_have_count(0)
    by = ModerationEvent.objects.filter(action="approved").order_by("comment_id")
    assert [event.actor.username for event in by] == ["mo", "karim"] * 4
    # The last one was decided in the other's hand: it says so until she goes on.
    expect(mo.locator(".queue-done")).to_contain_text("Goedgekeurd door Karim")
    mo.keyboard.press("n")
    for page in two:
        expect(page.locator(".queue-card")).to_have_count(0)


def test_what_a_colleague_looks_at_is_decided_with_a_second_press(visitor, two, article):
    comment = post(article, "Woorden.", "Anna")
    visitor.expect("409")
    mo, karim = two
    opened(mo, 0)
    opened(karim, 1)
    karim.keyboard.press("a")
    expect(karim.locator(".queue-fault")).to_contain_text("mo kijkt naar deze reactie.")
    assert state_of(comment) == State.PENDING
    karim.keyboard.press("a")
    expect(karim.locator("#queue-status")).to_contain_text("Goedgekeurd: Anna.")
    # In the other's hand it says so, and nothing more happens to it there.
    look(mo)
    expect(mo.locator(".queue-done")).to_contain_text("Goedgekeurd door Karim")
    mo.keyboard.press("s")
    expect(mo.locator("#queue-status")).to_contain_text("Goedgekeurd door Karim")
    assert state_of(comment) == State.APPROVED
    mo.keyboard.press("n")
    expect(mo.locator("#queue-empty:focus")).to_be_visible()
    expect(mo.locator(".queue-card")).to_have_count(0)


def test_a_decision_that_comes_too_late_says_who_was_before(visitor, two, article):
    comment = post(article, "Woorden.", "Anna")
    visitor.expect("409|Failed to load")
    mo, karim = two
    mo.route("**/live/", lambda route: route.abort())
    for page in two:
        page.goto(QUEUE)
        ready(page)
    karim.get_by_role("button", name="Goedkeuren").first.click()
    expect(karim.locator("#queue-status")).to_contain_text("Goedgekeurd: Anna.")
    mo.keyboard.press("s")
    expect(mo.locator(".queue-card")).to_contain_text("Goedgekeurd door Karim")
    expect(mo.locator("#queue-status")).to_contain_text("Iemand was u voor.")
    assert state_of(comment) == State.APPROVED


def test_who_goes_away_looks_at_nothing(two, article):
    post(article, "Woorden.", "Anna")
    mo, karim = two
    opened(mo, 0)
    opened(karim, 1)
    mo.goto("/admin/")
    expect(mo.get_by_role("heading", level=1)).to_be_visible()
    look(karim)
    expect(karim.locator(".queue-claim:visible")).to_have_count(0)
    assert not Claim.objects.filter(user__username="mo").exists()
