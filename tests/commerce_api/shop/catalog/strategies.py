"""Products as people could write them, for properties that must hold of every file."""

from datetime import UTC, date, datetime
from typing import Final

from hypothesis import strategies as st

from commerce_api.shop.catalog import kinds
from commerce_api.shop.catalog.files import (
    FITS,
    SIDES,
    CategoryEntry,
    CategoryWords,
    ColourEntry,
    Count,
    Picture,
    ProductColour,
    ProductFile,
    Words,
)

LANGUAGES: Final = ("uk", "en")

# No surrogates, and no space of any kind at the ends: reading strips it. TOML and Markdown signs on purpose.
LETTERS: Final = st.sampled_from("абвгґєїʼ’—«»abcXYZ019 \"\\'#=[]{}+-%&<>*_`\t\u00a0€🦉")
SLUGS: Final = st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,4})?", fullmatch=True).filter(
    lambda slug: slug not in {"story", "page"}
)
HEXES: Final = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


def lines(longest: int, *, least: int = 0) -> st.SearchStrategy[str]:
    return st.text(LETTERS, min_size=least, max_size=min(longest, 40)).map(str.strip).filter(lambda s: len(s) >= least)


def markdowns(*, least: int = 0) -> st.SearchStrategy[str]:
    return (
        st.lists(lines(60), max_size=4)
        .map(lambda parts: "\n".join(parts).strip())
        .filter(lambda text: len(text) >= least)
    )


def words() -> st.SearchStrategy[Words]:
    return st.builds(
        Words,
        name=lines(120, least=1),
        lead=lines(200, least=1),
        seo_title=lines(60),
        seo_description=lines(160),
        description=markdowns(least=1),
        story=st.none() | markdowns(least=1),
    )


@st.composite
def colours(draw: st.DrawFn, slug: str, fits: tuple[str, ...], sizes: tuple[str, ...]) -> ProductColour:
    own = draw(st.none() | st.just(fits) | st.just(fits[:1]))
    places = [(size, fit) for fit in own or fits for size in sizes]
    counted = draw(st.sets(st.sampled_from(places)))
    return ProductColour(
        slug=slug,
        price=draw(st.none() | st.integers(1, 100_000).map(lambda uah: uah * 100)),
        fits=own,
        stock=tuple(Count(size, fit, draw(st.integers(0, 100_000))) for size, fit in places if (size, fit) in counted),
        inks=draw(st.none() | st.tuples(HEXES, HEXES)),
        pictures=tuple(
            Picture(
                f"{slug}-{i}.avif", draw(st.sampled_from(SIDES)), {lang: draw(lines(80, least=1)) for lang in LANGUAGES}
            )
            for i in range(draw(st.integers(1, 2)))
        ),
    )


def size_tables() -> st.SearchStrategy[tuple[tuple[str, tuple[float, ...]], ...]]:
    cm = st.integers(2, 600).map(lambda half: half / 2)
    rows = st.integers(2, 3).flatmap(
        lambda columns: st.dictionaries(st.sampled_from(kinds.SIZES), st.tuples(*[cm] * columns), min_size=1)
    )
    return rows.map(lambda table: tuple((size, table[size]) for size in kinds.SIZES if size in table))


@st.composite
def products(draw: st.DrawFn) -> ProductFile:
    kind = draw(st.sampled_from(sorted(kinds.KINDS)))
    fits = draw(st.sampled_from([FITS[:1], FITS[1:], FITS]))
    table = draw(st.none() | size_tables())
    sizes = tuple(size for size, _ in table) if table else kinds.KINDS[kind].sizes
    status = draw(st.sampled_from(["draft", "review", "scheduled", "published", "archived"]))
    share = draw(st.integers(1, 99))
    care = draw(st.none() | st.sets(st.sampled_from(kinds.CARE), min_size=1))
    moment = st.integers(1_770_000_000, 1_900_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
    return ProductFile(
        slug=draw(SLUGS),
        category=draw(SLUGS),
        kind=kind,
        print=draw(SLUGS),
        price=draw(st.integers(1, 100_000)) * 100,
        added=draw(st.dates(date(2020, 1, 1), date(2035, 1, 1))),
        status=status,
        publish_at=draw(moment) if status == "scheduled" else None,
        discount_percent=draw(st.integers(0, 90)),
        points=draw(st.integers(0, 1000)),
        fits=fits,
        weight_g=draw(st.none() | st.integers(1, 10_000)),
        material=draw(st.none() | st.just(kinds.by_share({"cotton": share, "elastane": 100 - share}))),
        care=tuple(item for item in kinds.CARE if item in care) if care else None,
        size_table=table,
        words={"uk": draw(words()), **({"en": draw(words())} if draw(st.booleans()) else {})},
        colours=tuple(
            draw(colours(slug, fits, sizes)) for slug in sorted(draw(st.sets(SLUGS, min_size=1, max_size=3)))
        ),
        renamed_from=draw(st.none() | SLUGS),
    )


CATEGORIES: Final = st.builds(
    CategoryEntry,
    slug=SLUGS,
    kind=st.sampled_from(sorted(kinds.KINDS)),
    words=st.fixed_dictionaries(
        {"uk": st.builds(CategoryWords, lines(80, least=1), lines(200, least=1), lines(60), lines(160))}
    ),
)
COLOURS: Final = st.builds(
    ColourEntry,
    slug=SLUGS,
    hex=HEXES,
    second_hex=st.none() | HEXES,
    names=st.fixed_dictionaries({"uk": lines(32, least=1)}, optional={"en": lines(32, least=1)}),
)
