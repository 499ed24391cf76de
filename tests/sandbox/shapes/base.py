"""What every shape is made of."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Json = dict[str, Any]


def _moment(text: str) -> str:
    assert datetime.fromisoformat(text).tzinfo is not None, text
    return text


Moment = Annotated[str, AfterValidator(_moment)]
"""RFC 3339 with a zone."""
Digits = Annotated[str, Field(pattern=r"^\d+$")]
Uuid = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
