"""What the documents name is there: their pictures, and what they link to in this repository."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from PIL import Image

from tests import pictures

ROOT = Path(__file__).resolve().parents[2]
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
MOST_BYTES = 100_000


def named():
    """(document, alternative text, file) of every picture in the documents."""
    return [
        (document, alt, (document.parent / target).resolve())
        for document in DOCS
        for alt, target in PICTURE.findall(document.read_text("utf-8"))
    ]


def test_the_documents_show_what_the_command_takes_and_nothing_else():
    taken = {
        pictures.IMAGES / language / f"{name}.webp"
        for language in pictures.LANGUAGES
        for name in pictures.SHOTS
    }
    shown = {file for _document, _alt, file in named()}
    assert shown == taken
    assert {file for file in pictures.IMAGES.rglob("*") if file.is_file()} == taken


def test_every_picture_has_its_words_in_its_document_s_language():
    for document, alt, file in named():
        assert len(alt) > 10, (document.name, file.name)
        dutch = "nl" in document.relative_to(ROOT).parts
        assert file.parent.name == ("nl" if dutch else "en"), (document.name, file.name)


def test_pictures_are_light_and_wide_enough_to_read():
    for _document, _alt, file in named():
        assert file.stat().st_size <= MOST_BYTES, file.name
        with Image.open(file) as picture:
            assert 300 <= picture.width <= 1280, file.name


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_a_document_links_to_is_there(document):
    for target in LINK.findall(document.read_text("utf-8")):
        if not re.match(r"[a-z]+:|#", target):
            assert (document.parent / target.partition("#")[0]).exists(), target


def test_the_map_names_what_is_there():
    """Paths, dotted modules and their names in docs/architecture.md and in package docstrings."""
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    top = "core|authors|blog|comments|newsletter|interchange|config"
    found = set(re.findall(rf"`((?:{top})/[a-z_/]*(?:\.py)?)`", text))
    assert len(found) > 40
    assert [path for path in found if not (ROOT / path).exists()] == []
    for name in set(re.findall(rf"`((?:{top})(?:\.\w+)+)`", text)):
        *module, last = name.split(".")
        if len(module) == 1 and last[0].isupper():
            apps.get_model(name)
            continue
        whole = ROOT.joinpath(*module, last)
        if whole.is_dir() or whole.with_suffix(".py").exists():
            continue
        while module and not ROOT.joinpath(*module).with_suffix(".py").exists():
            last = module.pop()
        assert module, name
        source = ROOT.joinpath(*module).with_suffix(".py").read_text("utf-8")
        assert re.search(rf"\b{last}\b", source), name


def test_every_package_says_what_it_is_for():
    for app in ("core", "authors", "blog", "comments"):
        for init in (ROOT / app).rglob("__init__.py"):
            place = init.parent
            if place.name in ("migrations", "management", "commands", "templatetags", "admin"):
                continue
            tree = ast.parse(init.read_text("utf-8"))
            assert place == ROOT / app or ast.get_docstring(tree), place
            if place.name != "models":  # Django looks for the models there.
                assert len(tree.body) <= 1, f"{place} re-exports"
