"""Where a picture stands goes along to WordPress and comes back."""

import pytest

from blog.content.rendering import PLACES
from interchange.html import convert
from interchange.wordpress.content import Figure, blocks


def back(html):
    return convert(html, pictures=lambda shown: [7], links=lambda href: href).html


@pytest.mark.parametrize("place", ["", *PLACES])
def test_a_place_comes_back_from_wordpress(place):
    said = f' data-place="{place}"' if place else ""
    source = f'<p>a</p><figure data-image="7"{said}></figure>'
    made = blocks(source, lambda number: Figure(72, "https://x.example/a.jpg", "Brug", "Onder"))
    assert "data-" not in made
    assert "  " not in made
    assert made.count("<!-- wp:image {") == 1
    assert back(made).replace("\n", "") == source


@pytest.mark.parametrize(
    ("html", "place"),
    [
        ('<img class="alignright size-medium wp-image-3" src="/a.jpg">', "right"),
        ('<figure class="kg-card kg-image-card kg-width-wide"><img src="/a.jpg"></figure>', "wide"),
        (
            '<figure class="is-resized"><img src="/a.jpg" width="300"></figure>',
            "small",
        ),
        ('<figure class="is-resized"><img src="/a.jpg" width="900"></figure>', ""),
        ('<figure class="is-resized"><img src="/a.jpg" style="max-width:90px"></figure>', ""),
        ('<figure class="aligncenter size-large"><img src="/a.jpg" width="300"></figure>', ""),
    ],
)
def test_classes_of_other_systems(html, place):
    said = f' data-place="{place}"' if place else ""
    assert back(html).strip() == f'<figure data-image="7"{said}></figure>'
