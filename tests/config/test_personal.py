"""The list of columns that can hold a person is whole, and is what the documents say."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

import blog.jobs  # noqa: F401 - as in the worker
from authors import personal
from blog.models import SiteSettings
from comments.commenters import giving
from core.periodic import JOBS, discover

ROOT = Path(__file__).resolve().parents[2]
# Numbers, moments, yes or no, and references to rows hold nobody's name or words.
BARE = (
    models.BooleanField,
    models.DateField,
    models.DecimalField,
    models.DurationField,
    models.FloatField,
    models.ForeignKey,
    models.IntegerField,
    models.TimeField,
    models.UUIDField,
)


def text_columns() -> list[tuple[str, str]]:
    """(model, column) of whatever can hold words, addresses or bytes, in our tables and others'."""
    return [
        (model._meta.label, field.name)
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy
        for field in model._meta.concrete_fields
        # What is chosen from a list says nothing of a person.
        if not isinstance(field, BARE) and not field.choices
    ]


def listed() -> Counter[tuple[str, str]]:
    """How often each column is in one of the lists."""
    rows = [*personal.kept(), *personal.free()]
    return Counter((row.model, column) for row in rows for column in row.columns)


def test_every_column_of_text_is_listed_once():
    found = set(text_columns())
    missing = found - set(listed())
    assert not missing, f"add a row to the app's personal.py for {sorted(missing)}"
    assert {column for column, count in listed().items() if count > 1} == set()


def test_nothing_is_listed_that_is_not_there():
    assert set(listed()) - set(text_columns()) == set()


def test_the_walk_finds_a_new_column(monkeypatch):
    """A list that lost a row fails: as a table that came without one would."""
    rows = personal.kept()
    without = tuple(row for row in rows if row.model != "comments.Edit")
    monkeypatch.setattr(personal, "kept", lambda: without)
    assert set(text_columns()) - set(listed()) == {("comments.Edit", "source")}


@pytest.mark.parametrize("row", personal.kept(), ids=lambda row: f"{row.model}-{row.columns[0]}")
def test_a_row_says_what_becomes_of_it(row):
    assert any(erasure.words for erasure in row.erase)
    assert bool(row.export) != bool(row.withheld), "in the export, or why not"
    if row.export:
        assert row.export in giving.PARTS
    assert row.period.words
    discover()
    if row.period.job:
        assert row.period.job in JOBS
    if row.period.setting:
        assert row.period.job
        SiteSettings._meta.get_field(row.period.setting)


def test_who_is_free_of_persons_says_why():
    assert all(len(row.why) > 5 for row in personal.free())


def test_every_part_of_the_export_is_of_some_table():
    assert set(giving.PARTS) - {row.export for row in personal.kept()} == {"followed"}


def as_table():
    """The list in Markdown, a line for each row: what docs/privacy.md shows."""
    lines = [
        "| Table | Columns | When she is erased | In her export | Kept |",
        "|---|---|---|---|---|",
    ]
    for row in sorted(personal.kept(), key=lambda row: row.model.lower()):
        erased = "; ".join(dict.fromkeys(one.words for one in row.erase if one.words))
        given = f"“{row.export}”" if row.export else f"no: {row.withheld}"
        columns = ", ".join(row.columns)
        lines.append(f"| {row.model} | {columns} | {erased} | {given} | {row.period.words} |")
    return lines


def test_the_document_shows_the_list():
    text = (ROOT / "docs/running/personal-data.md").read_text("utf-8")
    shown = [line for line in text.splitlines() if line.startswith("| ") and ". " not in line[:3]]
    assert [line for line in shown if line.split("|")[1].strip() != "What"] == [
        line for line in as_table() if not line.startswith("|---")
    ]
