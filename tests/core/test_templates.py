"""What is sent of a template's layout: nothing that a browser does not show."""

import pytest
from django.template import Context, Template
from django.template.engine import Engine
from django.template.loader import get_template

from core.templates import Loader, compact


def sent(source, **context):
    template = Template(source)
    compact(template.nodelist)
    return template.render(Context(context))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<ul>\n  <li>\n    a\n  </li>\n  <li>b</li>\n</ul>\n", "<ul><li>a</li><li>b</li></ul>"),
        ("<p>\n  <a>a</a>\n  <b>b</b>\n</p>", "<p><a>a</a> <b>b</b></p>"),
        ("<p>a<b>b</b>c\n  d</p>", "<p>a<b>b</b>c d</p>"),
        ('<a\n  class="x  y"\n  title="a\n b"\n>c</a>', '<a class="x  y" title="a\n b">c</a>'),
        ("<p>a > b,\n  it's</p>", "<p>a > b, it's</p>"),
        ("<textarea\n  name=a\n>\n  b\n</textarea>\n", "<textarea name=a>\n  b\n</textarea>"),
        ("<pre>\n  a  b\n</pre>  <p> c", "<pre>\n  a  b\n</pre><p>c"),
        ("<pre>{% if x %}  <i> </i>\n{% endif %} </pre>", "<pre>  <i> </i>\n </pre>"),
        ("<p>a</p>\n<!--  b\n -->\n<p>c</p>", "<p>a</p><!--  b\n --><p>c</p>"),
        ("<input\n  {% if x %}checked{% endif %}\n>", "<input checked>"),
        ('<a title="{% if x %} {{ x }}\n{% endif %} ">', '<a title=" 1\n ">'),
        ("{% load i18n %}\n\n{{ x }}\n", "1"),
        ("{% load i18n %}\n{% blocktranslate %} a  b {% endblocktranslate %}", " a  b "),
        ("<ul>\n  {% for i in x %}\n    <li>\n  {% endfor %}\n</ul>", "<ul><li></ul>"),
        ("{{ x }}{% if x %},\n  {{ x }}\n{% endif %}", "1, 1 "),
        ("<SCRIPT>\n a  b\n</SCRIPT>\n", "<SCRIPT>\n a  b\n</SCRIPT>"),
    ],
)
def test_only_whitespace_that_shows_is_sent(source, expected):
    assert sent(source, x="1") == expected


def test_twice_is_as_once():
    template = Template("<div>\n <b>a</b>  {{ x }}\n</div> <textarea>\n\n a</textarea>")
    compact(template.nodelist)
    once = template.render(Context())
    compact(template.nodelist)
    assert template.render(Context()) == once


def test_our_pages_are_sent_without_it_mails_in_text_and_templates_of_others_with_it():
    notes = get_template("weerwoord/_notes.html").render({"field": {"errors": ["a"]}})
    assert notes.strip() == '<p class="field-error" id="_error">a</p>'
    text = get_template("mail/letter.txt").render({"letter": {"paragraphs": ["a", "b"]}})
    assert text == "a\n\nb\n\n\n"
    assert "\n  <ul>\n" in get_template("admin/filter.html").render({"choices": []})


def test_a_template_is_compiled_once():
    (loader,) = Engine.get_default().template_loaders
    assert isinstance(loader, Loader)
    assert loader.get_template("404.html") is loader.get_template("404.html")
