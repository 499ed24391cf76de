"""What must hold between accounts and the providers that vouch for people."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from tests.stress.seen import Seen
from tests.stress.switches import PROVIDERS


def linked(seen: Seen) -> Counter[tuple[str, str, str]]:
    """How often an account is opened by whom: the stand-in's name, its number of them, and the account's address."""
    return Counter(
        (issuer.rpartition("/")[2], subject, email) for email, _, issuer, subject in seen.rows["accounts"] if subject
    )


def one_account(seen: Seen) -> list[str]:
    found, wrong = linked(seen), list[str]()
    for service, subject in {(service, subject) for service, subject, _ in found} | came(seen):
        theirs = [email for name, number, email in found.elements() if (name, number) == (service, subject)]
        if len(theirs) != 1:
            wrong.append(f"{service} {subject} opens {len(theirs)} accounts")
    return wrong


def came(seen: Seen) -> set[tuple[str, str]]:
    """Whoever was signed in once."""
    return {(one.service, one.subject) for one in seen.tried if one.honest and one.account}


def led_to_their_own(seen: Seen) -> list[str]:
    found = linked(seen)
    return [
        f"{one.service} {one.subject} was in {one.account}"
        for one in seen.tried
        if one.account and not found[(one.service, one.subject, one.account)]
    ]


def everybody_has_a_way(seen: Seen) -> list[str]:
    return [email for email, password, _, subject in seen.rows["accounts"] if not password and not subject]


def sound(seen: Seen) -> Iterator[tuple[str, str, str]]:
    """The sound tokens that were given: by whom, of whom, and for which code."""
    for service in PROVIDERS:
        for one in seen.issuer(service).given:
            if one.twist is None:
                yield service, one.subject, one.code


def nobody_comes_by_a_lie(seen: Seen) -> list[str]:
    believed = set(sound(seen))
    wrong = [
        f"{one.service} {one.subject} came in by a lie"
        for one in seen.tried
        if one.account and (not one.honest or (one.service, one.subject, one.code) not in believed)
    ]
    vouched = {(service, subject) for service, subject, _ in believed}
    return wrong + [
        f"{service} {subject} was never vouched for"
        for service, subject, _ in linked(seen)
        if (service, subject) not in vouched
    ]


def orders_are_their_buyers(seen: Seen) -> list[str]:
    owner = dict(seen.rows["owners"])
    return [
        f"{number} of {account} is in {owner.get(number) or 'no account'}"
        for number, account in seen.owned.items()
        if owner.get(number) != account
    ]


ARRIVAL_LAWS: Final[Mapping[str, Callable[[Seen], list[str]]]] = {
    "whom a provider vouches for has one account": one_account,
    "whoever came in was in the account that is theirs": led_to_their_own,
    "every account can be opened": everybody_has_a_way,
    "nobody comes in by an answer that is forged or failed": nobody_comes_by_a_lie,
    "an order is in the account that was open": orders_are_their_buyers,
}
"""In words, and what finds the breaches."""
