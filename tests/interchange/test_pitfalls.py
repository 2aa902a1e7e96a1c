"""What broke other importers: each of these came in elsewhere halfway, or not at all."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authors.models import Author
from blog.models import Article, Redirect
from comments.models import Comment, State
from comments.thread import counters, tree
from interchange import dates, words
from interchange.models import Imported
from tests.factories import make_author
from tests.interchange.wxr import comment, export, item

AMSTERDAM = dates.zone_named("Europe/Amsterdam")


def utc(*parts):
    return datetime.datetime(*parts, tzinfo=datetime.UTC)


def sources():
    return list(Comment.objects.order_by("path").values_list("source", flat=True))


@pytest.mark.parametrize(("given_", "expected"), [
    ({"utc": "2019-07-01 08:00:00", "local": "2019-07-01 10:00:00"}, utc(2019, 7, 1, 8)),
    ({"utc": "0000-00-00 00:00:00", "mail": "Mon, 01 Jul 2019 08:00:00 +0000"},
     utc(2019, 7, 1, 8)),
    ({"utc": "0000-00-00 00:00:00", "mail": "Wed, 30 Nov -0001 00:00:00 +0000",
      "local": "2019-07-01 10:00:00"}, utc(2019, 7, 1, 8)),
    ({"local": "2019-12-01 10:00:00"}, utc(2019, 12, 1, 9)),
    ({"local": "2019-10-27 02:30:00"}, utc(2019, 10, 27, 0, 30)),  # the first of both
    ({"local": "2019-03-31 02:30:00"}, utc(2019, 3, 31, 1, 30)),  # it never was
    ({"local": "-0001-11-30 00:00:00"}, None),
    ({"local": "2019-02-30 00:00:00"}, None),
    ({"utc": "", "mail": "rommel", "local": "0000-00-00 00:00:00"}, None),
])  # fmt: skip
def test_the_best_of_several_times(given_, expected):
    assert dates.best(AMSTERDAM, **given_) == expected


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_times(text):
    dates.parse(text, AMSTERDAM)


def test_dates_of_nothing(bring):
    bring(export(item(
        gmt="0000-00-00 00:00:00", pub="", local="2019-07-01 10:00:00",
        comments=comment(1, gmt="0000-00-00 00:00:00", local="0000-00-00 00:00:00"),
    )))  # fmt: skip
    found = Article.objects.get()
    assert found.published_at == utc(2019, 7, 1, 8)
    assert Comment.objects.get().created_at == found.published_at


def test_child_before_parent_orphans_and_circles(bring):
    report = bring(export(item(comments=(
        comment(5, "kind", parent=4, gmt="2019-05-02 08:00:00")
        + comment(4, "ouder", gmt="2019-05-02 09:00:00") + comment(6, "wees", parent=99)
        + comment(7, "rond a", parent=8) + comment(8, "rond b", parent=7)
        + comment(9, "zelf", parent=9)
    ))))  # fmt: skip
    rows = {row.source: row for row in Comment.objects.select_related("parent")}
    assert rows["kind"].parent == rows["ouder"]
    assert rows["kind"].pk > rows["ouder"].pk
    assert rows["wees"].parent is rows["zelf"].parent is rows["rond a"].parent is None
    assert rows["rond b"].parent == rows["rond a"]
    assert "wees" in report
    assert "rond a" in report
    assert counters.recount() == 0


def test_a_parent_under_another_article_is_none(bring):
    bring(export(item(slug="a", comments=comment(1, "hier")),
                 item(slug="b", comments=comment(2, "daar", parent=1))))  # fmt: skip
    assert Comment.objects.get(source="daar").parent is None


def test_a_depth_of_two_hundred(bring):
    bring(export(item(comments="".join(
        comment(n, f"laag {n}", parent=n - 1 if n > 1 else 0) for n in range(1, 201)
    ))))  # fmt: skip
    deepest = Comment.objects.get(source="laag 200")
    assert deepest.parent.source == "laag 199"
    assert deepest.depth == tree.MAX_DEPTH
    assert Comment.objects.get(source="laag 1").descendant_count == 199
    assert counters.recount() == 0


def test_a_comment_of_thirty_thousand_characters(bring):
    text = "Een lange zin die doorgaat. " * 1100 + "Slot."
    bring(export(item(comments=comment(1, text) + comment(2, "https://x.example/a " * 40))))
    long = Comment.objects.get(source__startswith="Een")
    assert long.source == text
    assert long.html.endswith("Slot.</p>\n")
    assert Comment.objects.exclude(pk=long.pk).get().html.count("<a ") == 40


def test_ends_of_sections_inside_texts(bring):
    bring(export(item(comments=(
        comment(1, "a ]]]]><![CDATA[> b") + comment(2, "c ]]> d") + comment(3, "e ]]")
    ))))  # fmt: skip
    assert sources() == ["a \\]\\]> b", "c \\]\\]> d", "e \\]\\]"]


def test_control_bytes_latin_and_emoji(bring):
    file = export(item("Caf\u00e9 \U0001f600", comments=comment(1, "Na\u00efef ZZ \U0001f44d")))
    data = file.encode().replace(b"ZZ", b"\x08caf\xe9\x00\x93x\x94")
    report = bring(data)
    assert Article.objects.get().title == "Café 😀"
    assert sources() == ["Naïef café“x” 👍"]
    assert "UTF-8" in report


def test_a_declared_latin_1_is_read_as_such(bring):
    file = export(item("Café"), before='<?xml version="1.0" encoding="ISO-8859-1"?>')
    bring(file.encode("latin-1"))
    assert Article.objects.get().title == "Café"


def test_logins_that_differ_from_creators(bring):
    bring(export(
        item(slug="a", creator="Anna Schrijver"), item(slug="b", creator="ANNA"),
        item(slug="c", creator="iemand anders"),
    ))  # fmt: skip
    assert Author.objects.count() == 2
    names = [Article.objects.get(slug=slug).byline[0].name for slug in "abc"]
    assert names == ["Anna Schrijver", "Anna Schrijver", "iemand anders"]


def test_the_same_address_and_the_same_slug_twice(bring):
    link = "https://oud.example/zelfde/"
    bring(export(
        item("Een", number=1, slug="zelfde", link=link),
        item("Twee", number=2, slug="zelfde", link=link), item("Weer", number=1, slug="zelfde"),
    ))  # fmt: skip
    assert set(Article.objects.values_list("title", "slug")) == {
        ("Een", "zelfde"), ("Twee", "zelfde-2")}  # fmt: skip
    assert Redirect.objects.get(old_path="/zelfde/").article.title == "Een"


def test_html_that_was_never_valid(bring):
    text = "<b>a <i>b</b> c</i> <p>d<div>e<li>f</p> <table><td>g</div> &nbsp; &foo; < 3 <3"
    bring(export(item(text=text, comments=comment(1, text))))
    words_ = Article.objects.get().body_text
    for letter in "abcdefg":
        assert letter in words_
    assert "&foo;" in words_
    assert "< 3" in Comment.objects.get().source.replace("\\", "")


@pytest.mark.parametrize("damage", [
    lambda file: "`" + file,
    lambda file: "\n\n rommel vooraf " + file,
    lambda file: file.replace("</channel></rss>", ""),
    lambda file: file.replace("</wp:comment>", "", 1),
    lambda file: file.replace("<wp:comment_id>", "& < <wp:comment_id>", 1),
    lambda file: file.replace('xmlns:wp="http://wordpress.org/export/1.2/"', ""),
])  # fmt: skip
def test_files_that_are_not_well_formed(bring, damage):
    bring(damage(export(item(comments=comment(1, "een") + comment(2, "twee")))))
    assert sorted(sources()) == ["een", "twee"]


def test_a_broken_tail_gives_what_is_there(bring):
    file = export(item("Heel", slug="heel", comments=comment(1, "heel")), item(
        "Half", slug="half", comments=comment(2, "ook heel") + comment(3, "half")))  # fmt: skip
    report = bring(file[: file.index("half]]>") + 3])
    assert set(sources()) >= {"heel", "ook heel"}
    assert {row.title for row in Article.objects.all()} == {"Heel", "Half"}
    assert "Half" in report


def test_no_entity_of_the_file_is_followed(bring):
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    before = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{laughs}<!ENTITY x SYSTEM ' \
             '"file:///etc/passwd">]>'  # fmt: skip
    bring(export(item("T &l9; &x;"), before=before))
    assert Article.objects.get().title == "T &l9; &x;"


def test_hostile_texts_are_cleaned_everywhere(bring, client):
    evil = "<img src=x onerror=alert(1)><svg onload=alert(1)><a href='javascript:alert(1)'>x</a>"
    bring(export(item(
        f"T{evil.replace('<', '&lt;')}", evil, excerpt=evil,
        comments=comment(1, evil + "tekst", name="<b onclick=x>Bram", url="javascript:alert(1)"),
    )))  # fmt: skip
    page = client.get(Article.objects.get().get_absolute_url()).content.decode()
    for sign in ("onerror=alert", "onload=alert", 'href="javascript', "<b onclick"):
        assert sign not in page.replace("&lt;b onclick", "")


class TestAgain:
    def test_a_second_run_changes_nothing(self, bring):
        file = export(item(comments=comment(1) + comment(2, parent=1)))
        bring(file)
        before = (list(Article.objects.values()), list(Comment.objects.order_by("pk").values()))
        kept = list(Imported.objects.order_by("pk").values())
        report = bring(file)
        assert before == (
            list(Article.objects.values()), list(Comment.objects.order_by("pk").values())
        )  # fmt: skip
        assert kept == list(Imported.objects.order_by("pk").values())
        assert "nieuw" not in report

    def test_a_later_export_adds_what_is_new(self, bring):
        bring(export(item(number=1, comments=comment(1, "een", state="0"))))
        bring(export(item("Beter", number=1, comments=comment(1, "een") + comment(
            2, "twee", parent=1)), item(slug="nieuw")))  # fmt: skip
        assert sources() == ["een", "twee"]
        assert Article.objects.get(slug="een-stuk").title == "Beter"
        assert Article.objects.get(slug="een-stuk").comment_count == 2
        assert counters.recount() == 0

    def test_what_was_changed_or_deleted_here_stays_so(self, bring):
        bring(export(item(number=1, comments=comment(1, "een") + comment(2, "twee"))))
        Article.objects.update(title="Hier verbeterd")
        Comment.objects.filter(source="een").update(source="hier gewijzigd")
        Comment.objects.filter(source="twee").delete()
        later = export(item("Daar", number=1, comments=comment(1, "een!") + comment(2, "twee!")))
        bring(later)
        assert Article.objects.get().title == "Hier verbeterd"
        assert sources() == ["hier gewijzigd"]
        bring(later, overwrite=True)
        assert Article.objects.get().title == "Daar"
        assert sorted(sources()) == ["een!", "twee!"]

    def test_pictures_that_come_later_are_filled_in(self, bring, tmp_path):
        from tests.factories import make_upload

        file = export(item(text='<img src="https://oud.example/wp-content/uploads/a.jpg">'))
        bring(file)
        assert "figure" not in Article.objects.get().body_source
        (tmp_path / "m").mkdir()
        (tmp_path / "m" / "a.jpg").write_bytes(make_upload().read())
        bring(file, media=tmp_path / "m")
        assert "figure" in Article.objects.get().body_source


@given(st.text(max_size=300))
def test_plain_comments_say_what_they_said(text):
    from comments.thread import markup, plain_text

    source = markup.clean_source(text)
    if "<" in source or "&" in source or "\n" in source or "\\" in source or "://" in source:
        return
    html = markup.render(words.literal(source), bounded=False)
    assert " ".join(plain_text.text_of(html).split()) == " ".join(source.split())


def test_a_comment_under_a_reserved_name_waits_and_is_named(bring):
    make_author("Marieke de Wit")
    report = bring(export(item(comments=(
        comment(1, "van haar?", name="Wit, Marieke de (auteur)")
        + comment(2, "van een lezer", name="Jan de Wit")
    ))))  # fmt: skip
    states = dict(Comment.objects.values_list("source", "state"))
    assert states == {"van haar?": State.PENDING, "van een lezer": State.APPROVED}
    assert "Wit, Marieke de (auteur)" in report
