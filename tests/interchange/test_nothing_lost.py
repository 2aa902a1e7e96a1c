"""Whatever a text of another site is made of, its words come; and what was not public does not."""

import random
import re
from html import unescape

import pytest

from blog.models import Article, Page, Status
from comments.models import Comment
from interchange import html, words
from interchange.completeness import lost
from interchange.sources import code, wordpress_text
from tests.interchange.wxr import comment, export, item

BLOCKS = ("p", "div", "ul", "ol", "li", "dl", "dt", "dd", "table", "tr", "td", "blockquote", "pre",
          "details", "summary", "figure", "section", "h2", "h5", "center", "form", "menu", "dir",
          "fieldset", "caption", "figcaption")  # fmt: skip
INLINE = ("b", "em", "span", "code", "a", "sup", "mark", "q", "kbd", "u", "label", "abbr", "br",
          "img")  # fmt: skip


class Made:
    """HTML out of tags in any order, with words of which there is one each."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.words = []

    def word(self):
        self.words.append(f"woord{len(self.words)}x")
        return self.words[-1]

    def node(self, depth):
        tag = self.random.choice(BLOCKS if self.random.random() < 0.6 else INLINE)
        if tag in ("br", "img"):
            return '<img src="/a.jpg">' if tag == "img" else "<br>"
        inner = "".join(
            self.node(depth + 1) if depth < 6 and self.random.random() < 0.55
            else f" {self.word()} " for _turn in range(self.random.randint(1, 4))
        )  # fmt: skip
        end = "" if self.random.random() < 0.05 else f"</{tag}>"
        return f"<{tag}>{inner}{end}{self.word() if self.random.random() < 0.3 else ''}"

    def text(self):
        return "\n".join(self.node(0) for _turn in range(6))


def seen(made):
    return unescape(re.sub(r"<[^<>]*>", " ", made))


@pytest.mark.parametrize("start", range(0, 300, 50))
def test_every_word_of_an_article_and_of_a_comment_comes(start):
    for seed in range(start, start + 50):
        made = Made(seed)
        text = made.text()
        converted = html.convert(text, pictures=lambda found: [], links=lambda href: href)
        came = set(re.findall(r"woord\d+x", seen(converted.html)))
        assert came == set(made.words), (seed, set(made.words) - came, text)
        assert "words lost" not in converted.counts, seed
        came = set(re.findall(r"woord\d+x", words.from_html(text, lines=seed % 2 == 0)))
        assert came == set(made.words), (seed, set(made.words) - came, text)


def test_lost_words_are_told():
    assert lost(["een", "twee", "drie"], "<p>een <b>dr</b>ie</p>") == ["twee"]
    assert lost(["een", "twee"], "<p>twee</p><p>een</p>") == []


CODE = (
    'if (a<b && b>c) { x[0] = "<i>"; }\n    y();',
    "<?php\n$a = $_GET['x'];\nif ($a) : ?>\n<input value=\"<?php echo $a; ?>\">\n<?php endif; ?>",
    '<ul>\n  <li>[gallery ids="1"]</li>\n</ul>\n<script>alert(1)</script>',
    "for(i=0;i<n;i++)\n\ttotal &= ~mask;\n\n\n# [video src='a.mp4']",
    "std::vector<int> v; // &amp; &lt;b&gt;",
)
SHOWN = (
    '<pre lang="php">\n{}\n</pre>',
    '[sourcecode language="python"]\n{}\n[/sourcecode]',
    "[code]\n{}\n[/code]",
    "[php]\n{}\n[/php]",
    "[ccn_python]\n{}\n[/ccn_python]",
    '[cc lang="php"]\n{}\n[/cc]',
)
ESCAPED = (
    "<pre>{}</pre>",
    '<pre class="brush: php; title: ; notranslate" title="">{}</pre>',
    '<pre class="EnlighterJSRAW" data-enlighter-language="php">{}</pre>',
    '<!-- wp:code --><pre class="wp-block-code"><code>{}</code></pre><!-- /wp:code -->',
    '<!-- wp:preformatted --><pre class="wp-block-preformatted">{}</pre><!-- /wp:preformatted -->',
    '<pre><code class="language-php">{}</code></pre>',
)


def read(body):
    """The code of the one block in a text of WordPress's, as an article here holds it."""
    record = wordpress_text.Article(key="1", title="t", body=f"Voor.\n\n{body}\n\nNa.")
    body = wordpress_text.with_html(record, {}).body
    made = html.convert(body, pictures=lambda found: [], links=lambda href: href).html
    (block,) = re.findall(r"<pre><code>(.*?)</code></pre>", made, re.S)
    assert "Voor." in made
    assert "Na." in made
    return unescape(block).strip("\n")


def test_code_stays_letter_for_letter_however_it_was_shown():
    for source in CODE:
        for shape in SHOWN:
            if "&lt;" in source and "<" not in source.replace("<int>", ""):
                continue
            assert read(shape.replace("{}", source)) == source, shape
        escaped = source.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        for shape in ESCAPED:
            assert read(shape.replace("{}", escaped)) == source, shape
    # Typed as it is, within a mark that knows markup.
    raw = "if (a<b && b>c) { x<y; }"
    assert read(f"<pre>{raw}</pre>") == raw
    assert read('<pre><span class="k">if</span> (a &lt; b)</pre>') == "if (a < b)"
    assert "for(i=0;i&lt;n;i++)" in code.kept("<code>for(i=0;i<n;i++)</code> en verder")
    # A line for each that markup makes, and no more.
    lines = "<pre><p>a<br></p><p>b</p><div>c\n</div>d<br/>e</pre>"
    assert read(lines) == "a\nb\nc\nd\ne"
    # What only looks like it stays text.
    for text in ("[text] zonder einde", "[[code]x[/code]]", "<pre> zonder einde"):
        assert code.kept(text, shortcodes=True) == text


def test_unknown_states_of_blogger_become_nothing_public(bring):
    states = ("LIVE", "DRAFT", "SCHEDULED", "SOFT_TRASHED", "HARD_TRASHED", "SOMETHING_NEW",
              "PENDING_MODERATION", "SPAM_MODERATED", "EMPTIED")  # fmt: skip

    def entry(number, kind, status, more=""):
        return (
            f"<entry><id>tag:blogger.com,1999:blog-9.post-{number}</id>"
            f"<blogger:type>{kind}</blogger:type><blogger:status>{status}</blogger:status>"
            f"<author><name>Jan</name></author><title>{kind} {status}</title>"
            f"<content type='html'>Woorden {status}</content>"
            "<published>2020-01-02T03:04:05Z</published>"
            "<category scheme='tag:blogger.com,1999:blog-9' term='Nieuws'/>"
            f"<blogger:filename>/2020/01/{kind}-{number}.html</blogger:filename>{more}</entry>"
        )

    above = "<blogger:parent>tag:blogger.com,1999:blog-9.post-1</blogger:parent>"
    reply = "<blogger:inReplyTo>tag:blogger.com,1999:blog-9.post-90</blogger:inReplyTo>"
    bring(
        "<feed xmlns='http://www.w3.org/2005/Atom' "
        "xmlns:blogger='http://schemas.google.com/blogger/2018'>"
        + "".join(entry(number, "POST", state) for number, state in enumerate(states, 1))
        + "".join(entry(number, "PAGE", state) for number, state in enumerate(states, 50))
        + "".join(entry(number, "COMMENT", state, above) for number, state in enumerate(states, 90))
        + entry(200, "COMMENT", "LIVE", above + reply) + "</feed>",
        command="import_blogger", name="feed.atom",
    )  # fmt: skip
    public = Article.objects.published()
    assert {article.title for article in public} == {"POST LIVE", "POST SCHEDULED"}
    assert {page.title for page in Page.objects.filter(public=True)} == {
        "PAGE LIVE", "PAGE SCHEDULED",
    }  # fmt: skip
    titles = set(Article.objects.values_list("title", flat=True))
    assert titles == {f"POST {state}" for state in states if "TRASHED" not in state}
    shown = Comment.objects.filter(state="approved").values_list("source", flat=True)
    assert set(shown) == {"Woorden LIVE"}
    waiting = dict(Comment.objects.values_list("source", "state"))
    assert waiting["Woorden SPAM\\_MODERATED"] == "spam"
    assert waiting["Woorden PENDING\\_MODERATION"] == "pending"
    assert waiting["Woorden SOMETHING\\_NEW"] == "pending"
    assert Comment.objects.filter(parent__isnull=False).get().parent.source == "Woorden LIVE"
    assert [tag.name for tag in public.first().tags.all()] == ["Nieuws"]


def test_a_draft_of_wordpress_has_no_date(bring):
    begun = {"gmt": "0000-00-00 00:00:00", "local": "2009-05-24 23:14:01", "pub": ""}
    bring(
        export(item(slug="a", status="draft", **begun), item(slug="b", status="pending", **begun))
    )
    assert set(Article.objects.values_list("status", "published_at")) == {
        (Status.DRAFT, None), (Status.REVIEW, None),
    }  # fmt: skip


def test_a_comment_that_is_only_a_film_or_picture_is_a_link_with_its_answers(bring):
    place = "http://www.youtube.com/v/abcdefghijk"
    film = f'<object><param name="movie" value="{place}"><embed src="{place}"></embed></object>'
    picture = '<img src="http://elders.example/a(1).jpg" alt="Een brug">'
    smile = 'Leuk <img src="https://oud.example/smile.gif" class="wp-smiley" alt=":)">'
    bring(export(item(comments=comment(1, film) + comment(2, "Antwoord", parent=1)
                      + comment(3, picture) + comment(4, smile))))  # fmt: skip
    texts = dict(Comment.objects.values_list("source", "html"))
    assert Comment.objects.get(source="Antwoord").parent is not None
    assert 'href="https://www.youtube.com/watch?v=abcdefghijk"' in "".join(texts.values())
    assert 'href="http://elders.example/a%281%29.jpg"' in "".join(texts.values())
    assert "Leuk :)" in texts
