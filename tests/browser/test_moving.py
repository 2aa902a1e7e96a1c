"""An owner moves a site in at the desk: by keyboard and on a phone, without a fault of access."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from authors.roles import Role
from interchange import moving
from interchange.models import Move
from tests.browser.conftest import DESK, PHONE, log_in
from tests.factories import make_user
from tests.interchange.wxr import comment, export, item

# What needs to look at other files would ask for them past the site's own policy.
RULES = {"preload": False, "resultTypes": ["violations"]}


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_a_trial_is_read_and_brought_in(visitor, roles, size, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    make_user("baas", role=Role.OWNER)
    file = Path(tmp_path) / "export.xml"
    file.write_text(export(item("Geheim", status="private", comments=comment(1))))
    # The checker writes styles, which the policy rightly refuses.
    desk = visitor.page(size, bypass_csp=True)
    log_in(desk, "baas")
    desk.goto("/admin/interchange/move/add/")
    assert not Axe().run(desk, context="#content", options=RULES).response["violations"]
    desk.get_by_label("Export").set_input_files(file)
    desk.locator("[name=_save]").press("Enter")
    expect(desk.get_by_role("status")).to_contain_text("proef")
    moving.move_go_on.func(Move.objects.get().pk)
    expect(desk.get_by_text("Geheim")).to_be_visible(timeout=15_000)
    assert not Axe().run(desk, context="#content", options=RULES).response["violations"]
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    desk.get_by_role("button", name="Binnenhalen").press("Enter")
    moving.move_go_on.func(Move.objects.get().pk)
    expect(desk.get_by_text("Het is binnen")).to_be_visible(timeout=15_000)
