"""Letters to accounts. The link of a letter is made when it is sent, so that its token is stored nowhere."""

from collections.abc import Awaitable, Callable
from functools import partial

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.events import LetterWanted
from commerce_api.foundation.kit import urls
from commerce_api.foundation.theming import texts
from commerce_api.office.notifications.composing import compose, letter_of
from commerce_api.office.notifications.mail import MailChannel, deliver_mail
from commerce_api.office.notifications.service import MAIL, mark_told, was_told
from commerce_api.shop.accounts.proofs import issue, minutes_of
from commerce_api.shop.accounts.queries import person
from commerce_api.shop.accounts.roles import Letter, ProofOf


def on_letter_wanted(channel: MailChannel, site_url: str) -> Callable[[LetterWanted], Awaitable[None]]:
    """Write to an account once for each wish. Links lead to the configured address, whatever host was asked."""

    async def handle(event: LetterWanted) -> None:
        who = await person(event.account_id) if event.account_id else None
        key = f"letter:{event.key}"
        if who is None or await was_told(key, [MAIL]):
            return
        link = site_url + await _path(Letter(event.letter), who.id, event.lang)
        t = texts(event.lang)
        words = f"letters.{event.letter}"
        label = f"mails.buttons.{event.letter}"
        button = t(label if label in t.entries else "mails.buttons.open")
        good = minutes_of(ProofOf.RESET) if event.letter == Letter.RESET else None
        blocks = letter_of(f"{words}.text", link, button, t, good)
        mail = compose(who.email, event.lang, t(f"{words}.subject"), blocks, site_url=site_url, key=key)
        await deliver_mail(channel, mail)
        await mark_told(key, MAIL)

    return handle


async def _path(letter: Letter, account_id: int, lang: str) -> str:
    if letter is Letter.VERIFY:
        return urls.verify_address(await transact(partial(issue, account_id, ProofOf.ADDRESS)), lang)
    if letter is Letter.RESET:
        return urls.reset_password(await transact(partial(issue, account_id, ProofOf.RESET)), lang)
    if letter is Letter.WAY_ADDED:
        return urls.account_security(lang)
    if letter is Letter.CHAT_JOINED:
        return urls.account_page("notices", lang)
    return urls.account_page("reset", lang) if letter is Letter.PASSWORD_CHANGED else urls.sign_in(lang)
