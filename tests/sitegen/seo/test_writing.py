"""Articles, stories and questions as machines read them."""

from sitegen.seo.writing import faq

URL = "http://shop.test"


def test_a_page_of_questions_gives_each_with_its_answer() -> None:
    body = '<h2>Can I return it?</h2><p>Yes, see <a href="/en/returns/">here</a>.</p><h2>When?</h2><p>Soon.</p>'

    page = faq(URL, body)

    assert page
    asked = {each["name"]: each["acceptedAnswer"]["text"] for each in page["mainEntity"]}
    assert asked == {
        "Can I return it?": f'<p>Yes, see <a href="{URL}/en/returns/">here</a>.</p>',
        "When?": "<p>Soon.</p>",
    }


def test_a_page_with_other_headings_asks_nothing() -> None:
    assert faq(URL, "<h2>The rule</h2><p>a</p><h2>Who pays?</h2><p>b</p>") is None
    assert faq(URL, "<h2>Why?</h2><p>one question is no list</p>") is None
