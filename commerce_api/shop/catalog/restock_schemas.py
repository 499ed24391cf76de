"""Shapes of a wish to hear of a sold-out size, by JSON or by form."""

from typing import Annotated

from pydantic import AfterValidator, Field

from commerce_api.foundation.errors import Invalid
from commerce_api.foundation.kit.email import LONGEST, normalize_email
from commerce_api.foundation.kit.phone import normalize_phone
from commerce_api.foundation.web.parsing import Schema, refuse


def _email(text: str) -> str:
    return normalize_email(text) or refuse("errors.restock_contact")


def _phone(text: str) -> str:
    return normalize_phone(text) or refuse("errors.restock_contact")


def _either(text: str) -> str:
    return (normalize_email(text) if "@" in text else normalize_phone(text)) or refuse("errors.restock_contact")


SkuCode = Annotated[str, Field(min_length=1, max_length=50, examples=["TC-KOLOS-TEE-COAL-M"])]
Language = Annotated[str, Field(min_length=2, max_length=8, pattern=r"^[a-z]{2}(-[A-Za-z]{2,4})?$")]
Email = Annotated[str, Field(max_length=LONGEST), AfterValidator(_email)]
Phone = Annotated[str, Field(max_length=40), AfterValidator(_phone)]
Either = Annotated[str, Field(max_length=LONGEST), AfterValidator(_either)]


class RestockIn(Schema):
    """A SKU, an e-mail address or a phone number, and the language to be told in."""

    sku: SkuCode
    email: Email | None = None
    phone: Phone | None = None
    lang: Language

    @property
    def contact(self) -> str:
        """The one contact that was given. Raises Invalid for none and for both."""
        given = [contact for contact in (self.email, self.phone) if contact]
        if len(given) != 1:
            raise Invalid({"contact": "missing" if not given else "doubled"})
        return given[0]


class RestockForm(Schema):
    """The form of a product page: one field for either contact; `next` is the page it stands on."""

    sku: SkuCode
    contact: Either
    next: str | None = None
