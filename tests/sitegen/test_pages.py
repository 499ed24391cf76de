"""Which pages exist, where, and of what they are made."""

from dataclasses import replace
from typing import Any

from commerce_api.foundation.theming import texts
from sitegen.page import Document, Page, file_of
from sitegen.pages import all_keys, expand, is_page
from sitegen.snapshot import Snapshot, snapshot_of
from sitegen.source import CatalogView
from tests.sitegen.builders import LANGUAGES, SITE_URL, THEME, catalogue, category, image, product, some_products, told


def shop_of(view: CatalogView, **site: Any) -> Snapshot:
    words = {lang: texts(lang, THEME) for lang in LANGUAGES}
    given = {
        "url": SITE_URL,
        "languages": view.languages,
        "brand": {"name": "Test", "uk": {"tagline": "а"}, "en": {"tagline": "b"}},
        "contacts": {"phone": "1", "email": "2", "uk": {"city": "3"}, "en": {"city": "4"}},
        "home": {"uk": {"lead": "в"}, "en": {"lead": "l"}},
        **site,
    }
    return snapshot_of(view, [], given, words, {"icons/app-192.png": "/assets/app-192-aa.png"})


def pages_of(shop: Snapshot) -> dict[str, Page]:
    outputs = [output for key in all_keys(shop) if key != "messages" for output in expand(shop, key)]
    return {file: output for output in outputs if isinstance(output, Page) for file in output.files}


def text_of(shop: Snapshot, key: str) -> str:
    (output,) = expand(shop, key)
    assert isinstance(output, Document)
    return output.text


def test_addresses_become_files_a_web_server_finds() -> None:
    assert file_of("/") == "index.html"
    assert file_of("/en/product/kolos/") == "en/product/kolos/index.html"
    assert file_of("/404.html") == "404.html"


def test_a_product_has_a_page_and_one_for_each_colour_in_both_languages() -> None:
    files = set(pages_of(shop_of(catalogue(product("kolos", colours=("coal", "milk"))))))

    assert {name for name in files if "product" in name} == {
        f"{prefix}product/kolos/{colour}index.html" for prefix in ("", "en/") for colour in ("", "coal/", "milk/")
    }


def test_a_product_in_one_language_has_no_page_and_no_alternate_in_the_other() -> None:
    pages = pages_of(shop_of(catalogue(product("kolos", languages=("uk",)), product("sova"))))

    assert "en/product/kolos/index.html" not in pages
    assert pages["product/kolos/index.html"].meta.alternates == {"uk": "/product/kolos/"}
    assert [p.slug for p in pages["en/catalog/t-shirts/index.html"].context["products"]] == ["sova"]
    assert [p.slug for p in pages["en/index.html"].context["products"]] == ["sova"]


def test_a_language_that_a_category_does_not_speak_has_none_of_its_products() -> None:
    view = catalogue(product("kolos"), product("hoodie", "hoodies"))
    view = replace(view, categories=(category("t-shirts", ("uk",)), category("hoodies")))

    pages = pages_of(shop_of(view))

    assert not any("kolos" in file for file in pages if file.startswith("en/"))
    assert [p.slug for p in pages["en/index.html"].context["products"]] == ["hoodie"]


def test_the_first_colours_page_is_canonical_at_the_products_address() -> None:
    pages = pages_of(shop_of(catalogue(product("kolos", colours=("coal", "milk")))))

    assert pages["product/kolos/coal/index.html"].meta.path == "/product/kolos/"
    assert pages["product/kolos/milk/index.html"].meta.path == "/product/kolos/milk/"


def test_titles_tell_every_canonical_page_of_a_language_apart() -> None:
    pages = {page.meta.path: page.meta for page in pages_of(shop_of(catalogue(*some_products(30)))).values()}

    titles = [meta.title for meta in pages.values() if meta.lang == "uk"]

    assert len(titles) == len(set(titles))


def test_a_long_category_is_cut_into_pages_whose_alternates_exist() -> None:
    both = some_products(20)
    alone = [product(f"only-{n}", languages=("uk",)) for n in range(10)]

    pages = pages_of(shop_of(catalogue(*both, *alone)))

    second = pages["catalog/t-shirts/page/2/index.html"]
    assert len(second.context["products"]) == 6
    assert second.meta.alternates == {"uk": "/catalog/t-shirts/page/2/"}
    assert "en/catalog/t-shirts/page/2/index.html" not in pages


def test_related_products_share_the_print_first_and_never_repeat() -> None:
    tees = [product(f"tee-{n}", day=n, drawing="kolos" if n < 3 else f"other-{n}") for n in range(7)]
    shop = shop_of(catalogue(*tees))

    related = [p.slug for p in shop.related("tee-0", "uk")]

    assert set(related[:2]) == {"tee-1", "tee-2"}
    assert len(related) == len(set(related)) == 4
    assert "tee-0" not in related


def test_every_product_knows_on_whose_pages_it_is_shown() -> None:
    tees = [product(f"tee-{n}", day=n, drawing=f"print-{n % 4}") for n in range(23)]
    shop = shop_of(catalogue(*tees))

    for slug in shop.products:
        by_asking_all = {other for other in shop.products if slug in {p.slug for p in shop.related(other, "uk")}}
        assert shop.shown_beside(slug, "uk") == by_asking_all


def test_the_drop_of_the_moment_is_the_first_named_product_that_is_published() -> None:
    view = catalogue(product("kolos"), product("sova", day=5))
    named = {"uk": {"lead": ""}, "en": {"lead": ""}, "drop": {"products": ["gone", "kolos"]}}

    pages = pages_of(shop_of(view, home=named))

    assert pages["index.html"].context["drop"].slug == "kolos"


def test_a_story_has_a_page_where_it_is_told_and_nowhere_else() -> None:
    # given a product that tells its story in one language of two, when its pages are made
    pages = pages_of(shop_of(catalogue(told(product("kolos"), "uk"), product("sova"))))

    # then there is one story, without an alternate, with the way to it
    assert [file for file in pages if "story" in file] == ["product/kolos/story/index.html"]
    story = pages["product/kolos/story/index.html"]
    assert (story.meta.path, story.meta.alternates) == ("/product/kolos/story/", {"uk": "/product/kolos/story/"})
    assert (story.meta.title, story.meta.description) == ("kolos uk told uk", "story of kolos")
    steps = [step["item"].removeprefix(SITE_URL) for step in story.things[0]["itemListElement"]]
    assert steps == ["/", "/catalog/", "/catalog/t-shirts/", "/product/kolos/", "/product/kolos/story/"]


def test_a_story_shows_the_print_as_near_as_there_is_a_picture_of_it() -> None:
    kolos = told(product("kolos"), "uk")
    face = kolos.variants[0]
    near = image("kolos/near", "print")
    with_print = replace(kolos, variants=(replace(face, images=(*face.images, near)), *kolos.variants[1:]))
    bare = replace(kolos, slug="bare", variants=(replace(face, images=()),))

    pages = pages_of(shop_of(catalogue(with_print, bare)))

    assert pages["product/kolos/story/index.html"].context["near"] == near
    assert pages["product/bare/story/index.html"].context["near"] is None


def test_what_is_gone_shows_the_shelves_of_its_language() -> None:
    view = catalogue(product("kolos"), product("hoodie", "hoodies", languages=("uk",)))

    outputs = {output.file: output for output in expand(shop_of(view), "messages")}

    uk, en = outputs["gone.html"], outputs["en/gone.html"]
    assert isinstance(uk, Page)
    assert isinstance(en, Page)
    assert [path for _, path in uk.context["actions"]] == ["/catalog/", "/catalog/t-shirts/", "/catalog/hoodies/"]
    assert [path for _, path in en.context["actions"]] == ["/en/catalog/", "/en/catalog/t-shirts/"]


def test_every_page_is_known_by_its_path_and_nothing_else_is() -> None:
    shop = shop_of(catalogue(*some_products(30), told(product("kolos"), "en")))
    known = is_page(shop)

    paths = {output.meta.path for output in pages_of(shop).values()}

    assert {path for path in paths if not known(path)} == set()
    for path in (
        "/nowhere/",
        "/en/nowhere/",
        "/product/",
        "/product/kolos/story/",
        "/product/kolos/red/",
        "/product/x/",
    ):
        assert not known(path)


def test_the_sitemap_names_canonical_pages_only() -> None:
    text = text_of(shop_of(catalogue(product("kolos"))), "sitemap")

    assert f"<loc>{SITE_URL}/product/kolos/milk/</loc>" in text
    assert "/product/kolos/coal/" not in text
    assert "404" not in text


def test_the_sitemap_and_the_pages_agree() -> None:
    shop = shop_of(catalogue(*some_products(30), product("alone", languages=("uk",)), told(product("kolos"), "en")))

    text = text_of(shop, "sitemap")

    named = {line.split("</loc>")[0].removeprefix("<url><loc>") for line in text.splitlines() if "<loc>" in line}
    assert named == {SITE_URL + page.meta.path for page in pages_of(shop).values()}


def test_robots_are_kept_from_personal_pages_in_every_language() -> None:
    text = text_of(shop_of(catalogue(product("kolos"))), "robots")

    assert "Disallow: /cart/" in text
    assert "Disallow: /en/checkout/" in text
    assert text.endswith(f"Sitemap: {SITE_URL}/sitemap.xml\n")


def test_the_app_manifest_names_the_icons_of_the_theme() -> None:
    text = text_of(shop_of(catalogue(product("kolos"))), "manifest")

    assert '"/assets/app-192-aa.png"' in text
    assert '"192x192"' in text


def test_messages_stay_out_of_indexes() -> None:
    outputs = list(expand(shop_of(catalogue(product("kolos"))), "messages"))

    assert {output.file for output in outputs} >= {
        "gone.html",
        "404.html",
        "500.html",
        "503.html",
        "offline.html",
        "en/404.html",
    }
    assert all(isinstance(output, Page) and output.meta.robots == "noindex" for output in outputs)
