"""How often somebody may guess: for one account wherever the guesses come from, and for one address whatever they name.

The web layer's own limits count requests; these count what is tried against a person (lessons.md 40).
"""

from typing import Final

from starlette.requests import Request

from commerce_api.foundation.web.carried import carried
from commerce_api.foundation.web.rates import Rate, visitor

GUESSES: Final = Rate("guess_account", 10, 15 * 60)
GUESSES_FROM: Final = Rate("guess_address", 100, 15 * 60)
CODES: Final = Rate("guess_code", 6, 15 * 60)
LETTERS: Final = Rate("letters", 4, 60 * 60)
LETTERS_FROM: Final = Rate("letters_from", 30, 60 * 60)
JOURNEYS: Final = Rate("journeys", 120, 60)
CLAIMS: Final = Rate("claims", 10, 60 * 60)


async def count_guess(request: Request, email: str) -> None:
    """One more password for this address. Raises TooMany."""
    await _count(request, GUESSES_FROM, visitor(request))
    await _count(request, GUESSES, email.strip().lower())


async def count_letter(request: Request, email: str) -> None:
    """One more letter to this address, known or not. Raises TooMany."""
    await _count(request, LETTERS_FROM, visitor(request))
    await _count(request, LETTERS, email.strip().lower())


async def count_code(request: Request, account_id: int) -> None:
    """One more code of the second factor. Raises TooMany."""
    await _count(request, CODES, str(account_id))


async def count_claim(request: Request, account_id: int) -> None:
    """One more try to take over a guest's order. Raises TooMany."""
    await _count(request, CLAIMS, str(account_id))


async def count_journey(request: Request) -> None:
    """One more way to a provider or back; each is a row, and a call to somebody else. Raises TooMany."""
    await _count(request, JOURNEYS, visitor(request))


async def _count(request: Request, rate: Rate, who: str) -> None:
    await carried(request).limiter.count(rate, who)
