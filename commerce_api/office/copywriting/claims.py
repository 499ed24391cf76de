"""What a text of ours never says, by why not.

Prices, discounts and stock change after a text is written; praise that nobody can prove is forbidden by the law on
advertising; what cures, protects or saves the planet needs a certificate that a T-shirt has not got.

Each list holds beginnings of words, found in any letter case; `_` is any white space, a dot at the end is the end of
the word.
"""

import re
from collections.abc import Mapping
from typing import Final


def _any_of(beginnings: str, signs: str = "") -> re.Pattern[str]:
    spelt = [
        r"\s+".join(map(re.escape, one.rstrip(".").split("_"))) + (r"\b" if one[-1] == "." else "")
        for one in beginnings.split()
    ]
    # Not \b: a figure may stand right before a word (`890грн`).
    words = rf"(?<![^\W\d_])(?:{'|'.join(spelt)})"
    return re.compile(f"{signs}|{words}" if signs else words, re.IGNORECASE)


MONEY: Final = _any_of(
    """
    грн гривн гривен копійк долар євро. ціна. ціни. ціну. ціні. ціною. цін. цінам цінах. цінник цінов вартіст вартост
    коштує коштуват недорог дорожч дешев відсот процент знижк знижен розпродаж акційн акція. акції. акцію. акцією.
    промокод кешбек безкоштовн безплатн даром. вигідн економ розстрочк передоплат
    uah usd eur. euro. euros. hryvnia kopiyk dollar price pricing cheap expensive percent discount sale. sales. promo
    coupon cashback for_free free_shipping free_delivery free_of_charge bargain cost. costs. affordable save_money
    instalment installment
    """,
    signs="[₴$€£¥%‰]",
)
STOCK: Final = _any_of(
    """
    в_наявност у_наявност немає_в_наявн на_складі остання_шт останній_розмір
    останні_розмір останні_шт останні_пар встигн поспіша кількість_обмежен обмежена_кільк обмежений_тираж обмежена_сері
    обмеженої_сері тільки_сьогодні лише_сьогодні
    in_stock out_of_stock sold_out limited_edition limited_stock limited_time hurry last_one last_piece last_chance
    today_only while_stocks few_left
    """,
    signs=r"\b(?:за)?лиши(?:лося|лось|вся|лась)\s(?:\d|лише|тільки|кільк|дв|три|одн|остан)|\bonly\s\d+\sleft",
)
CLAIMS: Final = _any_of(
    """
    найкращ найякісніш найдешевш номер_один єдиний_в_україн єдина_в_україн єдине_в_україн єдиний_у_світ неперевершен
    бездоган ідеальн унікальн преміальн преміум елітн люкс гаранту гаранті довічн вічний. вічна. вічне. не_вицвіта
    не_зношу не_сіда не_вигора екологічн екочист еко-чист екофрендл органічн гіпоалерген антибактеріальн антисептичн
    лікувальн лікує оздоровч сертифікован клінічн дерматологічн офіційний_партнер офіційна_ліценз офіційний_дилер
    ліцензійн
    best. greatest number_one world's world’s unique unrivaled unrivalled perfect flawless premium luxur elite guarante
    lifetime forever never_fade never_shrink never_wear eco-friendly ecofriendly sustainab organic hypoallergenic
    antibacterial antimicrobial healing medical therapeutic certified clinically dermatolog officially_licen
    """,
    signs=r"№\s?1\b|#\s?1\b",
)
RULES: Final[Mapping[str, re.Pattern[str]]] = {"money": MONEY, "stock": STOCK, "claim": CLAIMS}
"""Name of the problem -> what must not be found."""


def speaks_of_money(text: str) -> bool:
    """Whether a text says a price, a percent or a discount."""
    return MONEY.search(text) is not None
