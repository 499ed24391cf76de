"""An example for every shape of the API, made from its JSON Schema and from what fields of a name usually hold."""

from collections.abc import Mapping
from typing import Any, Final

SAMPLES: Final[Mapping[str, Any]] = {
    "added": "2026-11-02",
    "alt": {"uk": "Футболка «Колос», вигляд спереду", "en": "The Kolos tee, front view"},
    "arrival": "Отримаєте орієнтовно пт, 27 листопада – пн, 30 листопада.",
    "branch": "Відділення №12",
    "category": "t-shirts",
    "city": "Київ",
    "code": "DROP10",
    "colour": "coal",
    "day_from": "2026-11-27",
    "day_to": "2026-11-30",
    "discount": 0,
    "discount_percent": 10,
    "due_now": 0,
    "email": "olena@example.com",
    "expected_total": 97000,
    "fit": "classic",
    "free_shipping_left": 161000,
    "goods": 89000,
    "gross": 89000,
    "hex": "#2b2d31",
    "Idempotency-Key": "3f6c1d8e-6f0a-4c7e-9a3b-5a2b7f0f9d11",
    "image": "/images/kolos-tee-coal-400.avif",
    "jpeg": "/images/kolos-tee-coal-1200.jpeg",
    "kind": "tee",
    "lang": "uk",
    "lead": "A heavy cotton tee with a print of wheat.",
    "left": 4,
    "line_total": 89000,
    "material": {"cotton": 95, "elastane": 5},
    "name": "Футболка «Колос»",
    "names": {"uk": "вугілля", "en": "coal"},
    "number": "TWC24112026N07",
    "old_price": 99000,
    "payable": 97000,
    "phone": "+380671234567",
    "price": 89000,
    "product": "kolos-tee",
    "query": "чорна футболка",
    "q": "футболка",
    "quantity": 1,
    "shipping": 8000,
    "size": "M",
    "sku": "TC-KOLOS-TEE-COAL-M",
    "slug": "kolos-tee",
    "street": "вул. Хрещатик",
    "to": "confirmed",
    "token": "yS2mB0rTnQ4kV8wLxC3dJ6fH9pZ1aE5u",
    "total": 97000,
    "unit_price": 89000,
    "url": "/product/kolos-tee/",
    "status": "new",
    "payment": "cod",
    "payment_status": "unpaid",
    "pay_type": "cod",
    "weight_g": 220,
    "widths": {"400": "/images/kolos-tee-coal-400.avif"},
}
"""What a field of this name holds in examples: the words of the API mean one thing each, wherever they stand."""

_OWN: Final[Mapping[str, Any]] = {
    "CategoryOut.slug": "t-shirts",
    "CategoryOut.url": "/catalog/t-shirts/",
    "CheckoutOut.url": "/order/yS2mB0rTnQ4kV8wLxC3dJ6fH9pZ1aE5u/",
    "ColourOut.slug": "coal",
    "ContactIn.name": "Олена Коваль",
    "ContactOut.name": "Олена Коваль",
    "ContactOut.email": "o•••@example.com",
    "ContactOut.phone": "+380 67 ••• •• 67",
    "DeliveryOut.kind": "branch",
    "ImageOut.height": 1500,
    "ImageOut.side": "front",
    "ImageOut.width": 1200,
    "NoticeOut.code": "few_left",
    "NoticeOut.text": "Лишилося 4",
    "OrderPageOut.total": 1,
    "OrderRowOut.name": "Олена Коваль",
    "PaymentOut.kind": "cod",
    "PaymentStarted.status": "unpaid",
    "ProductOut.care": ["30", "no_bleach"],
    "ProductOut.print": "kolos",
    "ProductPageOut.total": 1,
    "RebuildIn.scope": "product",
    "RebuildOut.errors": [],
    "RebuildOut.state": "done",
    "SizeOut.length": 70.0,
    "SizeOut.width": 51.0,
    "StaffProductOut.names": {"uk": "Футболка «Колос»", "en": "The Kolos tee"},
    "StaffProductOut.status": "published",
    "StaffSkuOut.stock": 12,
    "TransitionOut.status": "confirmed",
}
"""Fields of one shape that mean something else there."""
_KEYS: Final = {"LiveOut": SAMPLES["sku"]}
"""What the keys of a table are when its values have this shape; others are languages."""

_FORMATS: Final = {"date-time": "2026-11-24T10:30:00Z", "date": "2026-11-24", "uuid": SAMPLES["Idempotency-Key"]}
_LANGUAGE: Final = "uk"
_DEEPEST: Final = 12
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "object": (dict,),
    "array": (list,),
}


def example_of(schema: Mapping[str, Any], definitions: Mapping[str, Any], name: str = "", depth: int = 0) -> Any:
    """A value that fits the schema; `definitions` holds what its references name, `name` is the field it stands for."""
    if depth > _DEEPEST:
        return None
    if "$ref" in schema:
        return example_of(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions, name, depth + 1)
    if schema.get("examples"):
        return schema["examples"][0]
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return _of_several(schema[several], definitions, name, depth)
    if "const" in schema or "enum" in schema:
        allowed = [schema["const"]] if "const" in schema else schema["enum"]
        return SAMPLES[name] if SAMPLES.get(name) in allowed else allowed[0]
    if name in SAMPLES and _is(schema.get("type"), SAMPLES[name]):
        return SAMPLES[name]
    return _of_type(schema, definitions, name, depth)


def _of_several(options: list[Mapping[str, Any]], definitions: Mapping[str, Any], name: str, depth: int) -> Any:
    useful = [one for one in options if one.get("type") != "null"]
    return example_of(useful[0], definitions, name, depth + 1) if useful else None


def _is(kind: object, value: object) -> bool:
    return isinstance(value, _TYPES.get(str(kind), ()))


def _of_type(schema: Mapping[str, Any], definitions: Mapping[str, Any], name: str, depth: int) -> Any:
    kind = schema.get("type")
    if kind == "object":
        return _of_object(schema, definitions, depth)
    if kind == "array":
        inner = schema.get("items", {})
        return [example_of(inner, definitions, name.removesuffix("s"), depth + 1)] if inner else []
    if kind in {"integer", "number"}:
        least = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
        return max(1, least)
    if kind == "boolean":
        return bool(schema.get("default", True))
    if kind == "string":
        return _FORMATS.get(schema.get("format", ""), name or "text")
    return None


def _of_object(schema: Mapping[str, Any], definitions: Mapping[str, Any], depth: int) -> dict[str, Any]:
    required, owner = set(schema.get("required", ())), schema.get("title", "")
    found: dict[str, Any] = {}
    for name, part in schema.get("properties", {}).items():
        own = _OWN.get(f"{owner}.{name}")
        if own is not None:
            found[name] = own
        elif name in required or name in SAMPLES:
            found[name] = example_of(part, definitions, name, depth + 1)
    others = schema.get("additionalProperties")
    if not found and isinstance(others, dict):
        key = _KEYS.get(str(others.get("$ref", "")).rsplit("/", 1)[-1], _LANGUAGE)
        return {key: example_of(others, definitions, "", depth + 1)}
    return found
