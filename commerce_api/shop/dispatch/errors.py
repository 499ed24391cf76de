"""What dispatch refuses.

ShopError
+- Conflict
|  +- WaybillNotNow        409  a parcel is made of an order that is confirmed or packed
|  +- WaybillInProgress    409  somebody is asking the carrier for it right now
|  +- WaybillTravels       409  the parcel was handed over: its waybill is not taken back any more
|  +- WaybillRefused       409  the carrier said no; its own words stand in the error
|  +- NoWaybill            409  the order has no parcel
|  +- DeliveryUnresolved   409  nobody has said yet which point the typed words mean
|  +- CashNotTaken         409  the receiver cannot pay at that point
|  +- NoCashOwed           409  the carrier owes us nothing for this parcel
+- Unavailable
   +- CarrierSilent        503  the carrier does not answer; what was asked is looked up next time
"""

from commerce_api.foundation.errors import Conflict, Unavailable


class WaybillNotNow(Conflict):
    """`number`, `status`."""

    code = "waybill_not_now"


class WaybillInProgress(Conflict):
    """`number`."""

    code = "waybill_in_progress"


class WaybillTravels(Conflict):
    """`number`, `waybill`."""

    code = "waybill_travels"


class WaybillRefused(Conflict):
    """`carrier_code`, `carrier_text`: as the carrier said them."""

    code = "waybill_refused"


class NoWaybill(Conflict):
    """`number`."""

    code = "no_waybill"


class DeliveryUnresolved(Conflict):
    """`number`, `city`, `branch`: what was typed."""

    code = "delivery_unresolved"


class CashNotTaken(Conflict):
    """`branch`."""

    code = "cash_not_taken"


class NoCashOwed(Conflict):
    """`number`."""

    code = "no_cash_owed"


class CarrierSilent(Unavailable):
    code = "carrier_silent"
