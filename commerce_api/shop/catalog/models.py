"""The shelves: categories, products, their colours, what can be bought, and the pictures that show it."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from commerce_api.shop.catalog.statuses import ProductStatus as ProductStatus


class Kind(StrEnum):
    """What a garment is: its size table, material, weight and parcel box follow from it (rules.md 3)."""

    TEE = "tee"
    HOODIE = "hoodie"
    LONGSLEEVE = "longsleeve"


class Fit(StrEnum):
    CLASSIC = "classic"
    OVERSIZE = "oversize"


class Category(Model):
    id = fields.IntField(primary_key=True)
    slug = fields.CharField(max_length=64)
    kind = fields.CharEnumField(Kind, max_length=32)
    position = fields.IntField(default=0)
    source_hash = fields.CharField(max_length=64, null=True)
    texts: fields.ReverseRelation["CategoryText"]

    class Meta:
        table = "category"
        constraints = (UniqueConstraint(fields=("slug",), name="category_slug"),)


class CategoryText(Model):
    """One language of a category. `by_model` names the columns whose words a model wrote, none for none."""

    id = fields.IntField(primary_key=True)
    category: fields.ForeignKeyRelation[Category] = fields.ForeignKeyField("shop.Category", related_name="texts")
    category_id: int
    lang = fields.CharField(max_length=8)
    name = fields.CharField(max_length=80)
    lead = fields.CharField(max_length=300)
    seo_title = fields.CharField(max_length=80)
    seo_description = fields.CharField(max_length=200)
    by_model: fields.JSONField[list[str] | None] = fields.JSONField(null=True)

    class Meta:
        table = "category_text"
        constraints = (UniqueConstraint(fields=("category_id", "lang"), name="category_text_lang"),)


class Colour(Model):
    """A colour of the palette, shared by products; `second_hex` makes it two-tone. `names` holds one per language."""

    id = fields.IntField(primary_key=True)
    slug = fields.CharField(max_length=32)
    hex = fields.CharField(max_length=7)
    second_hex = fields.CharField(max_length=7, null=True)
    names: fields.JSONField[dict[str, str]] = fields.JSONField()
    position = fields.IntField(default=0)

    class Meta:
        table = "colour"
        constraints = (UniqueConstraint(fields=("slug",), name="colour_slug"),)


class Product(Model):
    """A design on a garment. `file_hash` is the file as last imported, `row_hash` the product as it then stood in the
    database: an edit made in the admin since changes the latter, so that an import can report a conflict. `ai_texts`
    is consent to let a model write what people have not."""

    id = fields.IntField(primary_key=True)
    slug = fields.CharField(max_length=40)
    category: fields.ForeignKeyRelation[Category] = fields.ForeignKeyField(
        "shop.Category", related_name="products", on_delete=fields.OnDelete.RESTRICT
    )
    category_id: int
    kind = fields.CharEnumField(Kind, max_length=32)
    status = fields.CharEnumField(ProductStatus, max_length=32, default=ProductStatus.DRAFT)
    publish_at = fields.DatetimeField(null=True)
    print = fields.CharField(max_length=32)
    price = fields.BigIntField()
    discount_percent = fields.IntField(default=0)
    points = fields.IntField(default=0)
    added = fields.DateField()
    fits: fields.JSONField[list[str]] = fields.JSONField()
    weight_g = fields.IntField(null=True)
    material: fields.JSONField[dict[str, int] | None] = fields.JSONField(null=True)
    care: fields.JSONField[list[str] | None] = fields.JSONField(null=True)
    size_table: fields.JSONField[dict[str, list[float]] | None] = fields.JSONField(null=True)
    file_hash = fields.CharField(max_length=64, null=True)
    row_hash = fields.CharField(max_length=64, null=True)
    ai_texts = fields.BooleanField(default=True)
    updated_at = fields.DatetimeField()
    texts: fields.ReverseRelation["ProductText"]
    variants: fields.ReverseRelation["ColorVariant"]

    class Meta:
        table = "product"
        indexes = (
            Index(fields=("status", "added"), name="product_status_added"),
            Index(fields=("status", "publish_at"), name="product_due"),
        )
        constraints = (
            UniqueConstraint(fields=("slug",), name="product_slug"),
            CheckConstraint(check="price > 0", name="product_price_positive"),
            CheckConstraint(check="discount_percent >= 0 AND discount_percent <= 90", name="product_discount_range"),
            CheckConstraint(check="points >= 0", name="product_points_positive"),
        )

    def __str__(self) -> str:
        return self.slug


class ProductText(Model):
    """One language of a product: Markdown as written, HTML as sanitised when it was stored. `search` is the casefolded
    text that shoppers look for: databases fold Cyrillic letters each in their own way, or not at all. `faq` is a list
    of [question, answer], `by_model` names the columns whose words a model wrote; both none for none."""

    id = fields.IntField(primary_key=True)
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField("shop.Product", related_name="texts")
    product_id: int
    lang = fields.CharField(max_length=8)
    name = fields.CharField(max_length=120)
    lead = fields.CharField(max_length=300)
    seo_title = fields.CharField(max_length=80)
    seo_description = fields.CharField(max_length=200)
    description_md = fields.TextField()
    description_html = fields.TextField()
    story_md = fields.TextField(null=True)
    story_html = fields.TextField(null=True)
    search = fields.CharField(max_length=500, default="")
    keywords: fields.JSONField[list[str] | None] = fields.JSONField(null=True)
    faq: fields.JSONField[list[list[str]] | None] = fields.JSONField(null=True)
    by_model: fields.JSONField[list[str] | None] = fields.JSONField(null=True)

    class Meta:
        table = "product_text"
        constraints = (UniqueConstraint(fields=("product_id", "lang"), name="product_text_lang"),)


class ColorVariant(Model):
    """A product in one colour; `price` replaces the product's own, `fits` narrows its fits."""

    id = fields.IntField(primary_key=True)
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField("shop.Product", related_name="variants")
    product_id: int
    colour: fields.ForeignKeyRelation[Colour] = fields.ForeignKeyField(
        "shop.Colour", related_name="variants", on_delete=fields.OnDelete.RESTRICT
    )
    colour_id: int
    position = fields.IntField(default=0)
    price = fields.BigIntField(null=True)
    fits: fields.JSONField[list[str] | None] = fields.JSONField(null=True)
    inks: fields.JSONField[list[str] | None] = fields.JSONField(null=True)
    active = fields.BooleanField(default=True)
    images: fields.ReverseRelation["ProductImage"]
    skus: fields.ReverseRelation["Sku"]

    class Meta:
        table = "color_variant"
        constraints = (
            UniqueConstraint(fields=("product_id", "colour_id"), name="color_variant_colour"),
            CheckConstraint(check="price IS NULL OR price > 0", name="color_variant_price_positive"),
        )


class ProductImage(Model):
    """A picture of a colour. `key` names the master's content, `path` the master below content/catalog, `alt_by_model`
    the languages in which a model described it, none for none."""

    id = fields.IntField(primary_key=True)
    variant: fields.ForeignKeyRelation[ColorVariant] = fields.ForeignKeyField(
        "shop.ColorVariant", related_name="images"
    )
    variant_id: int
    position = fields.IntField()
    side = fields.CharField(max_length=16)
    path = fields.CharField(max_length=160)
    key = fields.CharField(max_length=40)
    width = fields.IntField()
    height = fields.IntField()
    alt: fields.JSONField[dict[str, str]] = fields.JSONField()
    alt_by_model: fields.JSONField[list[str] | None] = fields.JSONField(null=True)

    class Meta:
        table = "product_image"
        constraints = (UniqueConstraint(fields=("variant_id", "path"), name="product_image_path"),)


class Sku(Model):
    """What is bought: a size and fit of a colour. `stock` is what can still be sold, null for made to order;
    `reserved` is what open orders hold; `opening_stock` is the count its file names, which only began `stock`."""

    id = fields.IntField(primary_key=True)
    variant: fields.ForeignKeyRelation[ColorVariant] = fields.ForeignKeyField("shop.ColorVariant", related_name="skus")
    variant_id: int
    code = fields.CharField(max_length=50)
    size = fields.CharField(max_length=8)
    fit = fields.CharEnumField(Fit, max_length=32)
    position = fields.IntField(default=0)
    stock = fields.IntField(null=True)
    reserved = fields.IntField(default=0)
    opening_stock = fields.IntField(null=True)
    active = fields.BooleanField(default=True)

    class Meta:
        table = "sku"
        constraints = (
            UniqueConstraint(fields=("code",), name="sku_code"),
            UniqueConstraint(fields=("variant_id", "size", "fit"), name="sku_size_fit"),
            CheckConstraint(check="stock IS NULL OR stock >= 0", name="sku_stock_not_negative"),
            CheckConstraint(check="reserved >= 0", name="sku_reserved_not_negative"),
        )

    def __str__(self) -> str:
        return self.code


class MovementReason(StrEnum):
    """Why a count changed. `opening` is what a file or an older database began with, `restock` a return put back."""

    OPENING = "opening"
    SET = "set"
    RESERVE = "reserve"
    RELEASE = "release"
    SELL = "sell"
    RESTOCK = "restock"
    CORRECTION = "correction"


class StockMovement(Model):
    """One change of a SKU's counts: appended, never changed. The movements of a SKU sum to its counts.

    `cause` is the order's number or a note of staff, `actor` who did it, as in the history of orders.
    """

    id = fields.BigIntField(primary_key=True)
    sku: fields.ForeignKeyRelation[Sku] = fields.ForeignKeyField(
        "shop.Sku", related_name="movements", on_delete=fields.OnDelete.RESTRICT
    )
    sku_id: int
    at = fields.DatetimeField()
    reason = fields.CharEnumField(MovementReason, max_length=32)
    stock_change = fields.IntField()
    held_change = fields.IntField()
    cause = fields.CharField(max_length=64, default="")
    actor = fields.CharField(max_length=64, default="")

    class Meta:
        table = "stock_movement"
        indexes = (Index(fields=("sku_id", "id"), name="stock_movement_sku"),)


class RestockRequest(Model):
    """Somebody waits for a sold-out SKU. `contact` is an e-mail address or phone number in its stored spelling, `once`
    the digest of SKU and contact, so that asking twice is asking once; `notified_at` is set when it was told."""

    id = fields.BigIntField(primary_key=True)
    sku: fields.ForeignKeyRelation[Sku] = fields.ForeignKeyField("shop.Sku", related_name="wishes")
    sku_id: int
    contact = fields.CharField(max_length=254)
    lang = fields.CharField(max_length=8)
    once = fields.CharField(max_length=64)
    created_at = fields.DatetimeField()
    notified_at = fields.DatetimeField(null=True)

    class Meta:
        table = "restock_request"
        indexes = (
            Index(fields=("sku_id", "notified_at"), name="restock_request_waiting"),
            Index(fields=("contact",), name="restock_request_contact"),
            Index(fields=("created_at",), name="restock_request_created"),
            Index(fields=("notified_at",), name="restock_request_told"),
        )
        constraints = (UniqueConstraint(fields=("once",), name="restock_request_once"),)


class SlugRedirect(Model):
    """An address that a product or category left: its old path leads to the new one."""

    id = fields.IntField(primary_key=True)
    old_path = fields.CharField(max_length=200)
    new_path = fields.CharField(max_length=200)
    created_at = fields.DatetimeField()

    class Meta:
        table = "slug_redirect"
        constraints = (UniqueConstraint(fields=("old_path",), name="slug_redirect_old_path"),)
