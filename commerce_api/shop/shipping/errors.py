"""What delivery refuses.

ShopError
+- Conflict
|  +- NoCarrier            409  no carrier is connected to this shop
+- NotFound
|  +- ShipmentUnknown      404  no such parcel
+- Invalid
   +- ChoiceUnknown        422  a city or point that is not of our list, or not any more: choose again
   +- ParcelTooBig         422  the point does not take a parcel of that weight or size
"""

from commerce_api.foundation.errors import Conflict, Invalid, NotFound


class NoCarrier(Conflict):
    code = "no_carrier"


class ShipmentUnknown(NotFound):
    code = "shipment_unknown"


class ChoiceUnknown(Invalid):
    code = "choice_unknown"


class ParcelTooBig(Invalid):
    """`reason`: weight, size or worth."""

    code = "parcel_too_big"
