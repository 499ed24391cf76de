"""Big cities to pick from while the carrier's own directory is not asked: any other can be typed."""

from dataclasses import dataclass
from typing import Final

from commerce_api.foundation.kit.urls import DEFAULT_LANGUAGE


@dataclass(frozen=True, slots=True)
class City:
    """A city in Ukrainian and in its official Latin spelling."""

    name: str
    latin: str

    def in_language(self, lang: str) -> str:
        """The name as a page in `lang` writes it."""
        return self.name if lang == DEFAULT_LANGUAGE else self.latin


CITIES: Final = (
    City("Київ", "Kyiv"), City("Харків", "Kharkiv"), City("Одеса", "Odesa"), City("Дніпро", "Dnipro"),
    City("Львів", "Lviv"), City("Запоріжжя", "Zaporizhzhia"), City("Кривий Ріг", "Kryvyi Rih"),
    City("Миколаїв", "Mykolaiv"), City("Вінниця", "Vinnytsia"), City("Полтава", "Poltava"),
    City("Чернігів", "Chernihiv"), City("Черкаси", "Cherkasy"), City("Хмельницький", "Khmelnytskyi"),
    City("Житомир", "Zhytomyr"), City("Чернівці", "Chernivtsi"), City("Суми", "Sumy"), City("Рівне", "Rivne"),
    City("Івано-Франківськ", "Ivano-Frankivsk"), City("Тернопіль", "Ternopil"), City("Луцьк", "Lutsk"),
    City("Ужгород", "Uzhhorod"), City("Кропивницький", "Kropyvnytskyi"), City("Херсон", "Kherson"),
    City("Біла Церква", "Bila Tserkva"), City("Кременчук", "Kremenchuk"), City("Кам’янське", "Kamianske"),
    City("Мукачево", "Mukachevo"), City("Бровари", "Brovary"), City("Умань", "Uman"),
)  # fmt: skip
"""The biggest first; the carrier has branches in each of them."""
