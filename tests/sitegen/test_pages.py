"""Which pages exist, where, and of what they are made."""

from dataclasses import replace

from sitegen.dirty import stale_keys
from sitegen.feeds.twins import twin
from sitegen.page import Document, Page, file_of
from sitegen.pages import all_keys, expand, is_page, keys_to_build
from sitegen.snapshot import Snapshot
from tests.sitegen.builders import (
    SITE_URL,
    catalogue,
    category,
    image,
    pages_of,
    priced,
    product,
    shop_of,
    some_products,
    told,
)


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


def test_after_the_same_print_comes_another_kind_in_the_same_cloth() -> None:
    # given a T-shirt, a hoodie of the same cloth and one of another, and T-shirts enough to fill the row
    tees = [product(f"tee-{n}", day=n, drawing=f"print-{n}") for n in range(6)]
    twin = product("twin", "hoodies", day=20, drawing="print-0", colours=("milk",))
    other = product("other", "hoodies", day=21, drawing="else", colours=("milk",))
    worn_with = product("worn-with", "hoodies", day=22, drawing="else")

    related = [p.slug for p in shop_of(catalogue(*tees, twin, other, worn_with)).related("tee-0", "uk")]

    assert related[:2] == ["twin", "worn-with"]
    assert "other" not in related


def test_every_product_knows_on_whose_pages_it_is_shown() -> None:
    tees = [product(f"tee-{n}", day=n, drawing=f"print-{n % 4}") for n in range(23)]
    hoodies = [product(f"hoodie-{n}", "hoodies", day=30 + n, drawing=f"else-{n}") for n in range(5)]
    shop = shop_of(catalogue(*tees, *hoodies))

    for slug in shop.products:
        by_asking_all = {other for other in shop.products if slug in {p.slug for p in shop.related(other, "uk")}}
        assert shop.shown_beside(slug, "uk") == by_asking_all


def test_the_drop_of_the_moment_is_the_first_named_product_that_is_published() -> None:
    view = catalogue(product("kolos"), product("sova", day=5))
    named = {"uk": {"lead": ""}, "en": {"lead": ""}, "drop": {"products": ["gone", "kolos"]}}

    pages = pages_of(shop_of(view, home=named))

    assert pages["index.html"].context["drop"].slug == "kolos"


def test_the_home_page_shows_the_drop_once_and_changes_with_what_it_shows() -> None:
    # given ten products of which the newest two are the drop
    view = catalogue(*(product(f"tee-{n}", day=n) for n in range(10)))
    named = {"uk": {"lead": ""}, "en": {"lead": ""}, "drop": {"products": ["tee-9", "tee-8"]}}
    shop = shop_of(view, home=named)

    # when its home page is made, then the newest below the drop are the eight others
    newest = [each.slug for each in pages_of(shop)["index.html"].context["products"]]
    assert newest == [f"tee-{n}" for n in range(7, -1, -1)]

    # and the oldest of them, which is no more among the newest eight of all, is on that page with its new price
    changed = {"tee-0": priced(shop.products["tee-0"], 95_000)}
    assert "home" in stale_keys(shop, shop.with_products(changed), changed)


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


def sitemap_of(shop: Snapshot) -> str:
    shards = [text_of(shop, key) for key in all_keys(shop) if key.startswith("sitemap:")]
    return "\n".join(shards)


def test_the_sitemap_names_canonical_pages_only() -> None:
    text = sitemap_of(shop_of(catalogue(product("kolos"))))

    assert f"<loc>{SITE_URL}/product/kolos/milk/</loc>" in text
    assert "/product/kolos/coal/" not in text
    assert "404" not in text


def test_the_sitemap_and_the_pages_agree() -> None:
    shop = shop_of(catalogue(*some_products(30), product("alone", languages=("uk",)), told(product("kolos"), "en")))

    text = sitemap_of(shop)

    named = {line.split("</loc>")[0].removeprefix("<url><loc>") for line in text.splitlines() if "<loc>" in line}
    assert named == {SITE_URL + page.meta.path for page in pages_of(shop).values()}


def test_robots_are_kept_from_personal_pages_in_every_language() -> None:
    text = text_of(shop_of(catalogue(product("kolos"))), "robots")

    assert "Disallow: /cart/" in text
    assert "Disallow: /en/checkout/" in text
    assert text.endswith(f"Sitemap: {SITE_URL}/sitemap.xml\n")


def test_the_app_manifest_names_the_icons_of_the_theme() -> None:
    for output in expand(shop_of(catalogue(product("kolos"))), "manifest"):
        assert isinstance(output, Document)
        assert '"/assets/app-192-aa.png"' in output.text
        assert '"192x192"' in output.text


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


def test_a_build_makes_every_page_once_and_lists_beside_their_products() -> None:
    # given lists of more pages than one, in two categories, and a product that is not told in English
    shop = shop_of(catalogue(*some_products(30), product("hoodie", "hoodies"), product("alone", languages=("uk",))))

    # when a build takes the groups in its own order
    keys = keys_to_build(shop, extras=True)
    built = [file for key in keys if key != "messages" for page in expand(shop, key) for file in page.files]

    # then each file of all groups is made, and none twice
    wanted = [file for key in all_keys(shop) if key != "messages" for page in expand(shop, key) for file in page.files]
    assert sorted(built) == sorted(wanted)
    # and the second page of a list stands before the products on it, far from the first
    second = built.index("catalog/t-shirts/page/2/index.html")
    first = built.index("catalog/t-shirts/index.html")
    shown = [page for key in keys if key.startswith("category:t-shirts:uk:2") for page in expand(shop, key)]
    (product_on_it, *_) = [each.slug for each in shown[0].context["products"]]  # type: ignore[union-attr]
    assert first < second < built.index(f"product/{product_on_it}/index.html")


def test_a_story_is_set_for_people_and_left_as_typed_for_programs() -> None:
    # given a story with a dash, a lone letter and a measure
    view = told(product("kolos", day=1), "uk")
    words = replace(view.texts["uk"], story_html="<p>Колос — в полі, 2 см.</p>")
    view = replace(view, texts={**view.texts, "uk": words})
    shop = shop_of(catalogue(view))

    # when it is shown to people and told to programs
    story = pages_of(shop)["product/kolos/story/index.html"]

    # then only the page holds words together
    assert story.context["body"] == "<p>Колос\u00a0— в\u00a0полі, 2\u00a0см.</p>"
    assert story.meta.description == "Колос — в полі, 2 см."
    assert "Колос — в полі, 2 см." in twin(shop, view, "uk")
