"""Where lines may not break."""

import pytest

from commerce_api.foundation.kit.typesetting import unbroken


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("<p>Літера — лише знак.</p>", "<p>Літера~— лише знак.</p>"),
        ("<p>Був <em>знак</em> — і зник.</p>", "<p>Був <em>знак</em>~— і~зник.</p>"),
        (
            '<p>Пишіть <a href="/a — b/" title="в дорозі">в Telegram</a></p>',
            '<p>Пишіть <a href="/a — b/" title="в дорозі">в~Telegram</a></p>',
        ),
        ("<p>Із плечем і з коміром, 2 см та 15 МБ.</p>", "<p>Із плечем і~з~коміром, 2~см та 15~МБ.</p>"),
        ("<p>By 10 % or 14 days</p>", "<p>By 10~% or 14~days</p>"),
        ("<p>За 21 день, за 2 хвилини, 100 балів</p>", "<p>За 21~день, за 2~хвилини, 100~балів</p>"),
        ("<li>8 grams, 16 г.</li>", "<li>8 grams, 16~г.</li>"),
        ("<p>320 г/м² or 320 g/m², а/б</p>", "<p>320~г/\u2060м² or 320~g/\u2060m², а/б</p>"),
    ],
)
def test_lines_break_where_a_typesetter_would_let_them(typed: str, set_: str) -> None:
    assert unbroken(typed) == set_.replace("~", "\u00a0")
