from pathlib import Path

from bench.same_pages import compare, difference


def test_white_space_order_of_attributes_and_escapes_make_no_difference() -> None:
    one = '<p class="a" id="b">Колос  &amp;\n  <b>сонце</b></p><br>'
    other = "<p id=b class=a>\nКолос &#38; <b> сонце</b>\n</p><br/>"
    # A closed void element has an end that an open one has not.
    assert difference(one, other.replace("<br/>", "<br>")) == ""


def test_words_and_attributes_make_one() -> None:
    assert difference("<p>one</p>", "<p>two</p>") == "one | two"
    assert "href" in difference('<a href="/a/">x</a>', '<a href="/b/">x</a>')


def test_embedded_json_is_compared_as_json() -> None:
    page = '<script type="application/ld+json">{}</script>'
    one = page.replace("{}", '{"a": 1, "b": "\\u003c"}')
    assert difference(one, page.replace("{}", '{"b":"<","a":1}')) == ""
    assert difference(one, page.replace("{}", '{"b":"<","a":2}')) != ""


def test_pages_of_one_side_alone_are_named(tmp_path: Path) -> None:
    for folder, names in (("one", ("a", "b")), ("other", ("b", "c"))):
        for name in names:
            (tmp_path / folder).mkdir(exist_ok=True)
            (tmp_path / folder / f"{name}.html").write_text("<p>same</p>")
    found = compare(tmp_path / "one", tmp_path / "other")
    assert (found.pages, found.compared, found.same) == (2, 1, 1)
    assert (found.only_one, found.only_other) == (("a.html",), ("c.html",))
    assert not found.equal
