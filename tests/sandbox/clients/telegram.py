"""The bot by aiogram, whose models hold every answer to the types of the Bot API, and whose calls are all forms."""

import asyncio
import json
import sys
from collections.abc import Awaitable

import aiohttp
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import AiogramError, TelegramRetryAfter
from aiogram.types import BotCommand, BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup

SANDBOX, TOKEN = sys.argv[1:]
BASE = f"{SANDBOX}/telegram"
WHO = 501


def rows(*labels: str) -> InlineKeyboardMarkup:
    """A row of buttons."""
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=label, callback_data=f"do:{label}") for label in labels]]
    )


async def refusal(call: Awaitable[object]) -> str:
    """The client's name for a refusal."""
    try:
        await call
    except AiogramError as error:
        return type(error).__name__
    return "no refusal"


async def act(**form: object) -> None:
    """Somebody does something in their window."""
    typed = {"who": str(WHO), "chat": str(WHO), **{name: str(value) for name, value in form.items()}}
    async with (
        aiohttp.ClientSession() as person,
        person.post(f"{BASE}/act", data=typed, allow_redirects=False) as done,
    ):
        assert done.status == 303, done.status


async def arm(fault: str, **more: object) -> None:
    """Put a switch on."""
    switch = {"service": "telegram", "fault": fault, "times": 1, **more}
    async with aiohttp.ClientSession() as person, person.post(f"{SANDBOX}/faults", json=switch) as done:
        assert done.status == 200, await done.text()


async def story(bot: Bot) -> dict[str, object]:
    """What the client understood."""
    me = await bot.get_me()
    early = await refusal(bot.send_message(WHO, "x"))
    await act(text="/start abc")
    said = await bot.send_message(WHO, "<b>Замовлення</b> &amp; дякуємо", reply_markup=rows("так", "ні"))
    await act(message=said.message_id, press="do:так")
    heard, pressed = await bot.get_updates(timeout=1, allowed_updates=["message", "callback_query"])
    assert heard.message
    assert heard.message.from_user
    assert pressed.callback_query
    answered = await bot.answer_callback_query(pressed.callback_query.id, "Готово")
    edited = await bot.edit_message_text("готово", chat_id=WHO, message_id=said.message_id, reply_markup=rows("ще"))
    again = await refusal(
        bot.edit_message_text("готово", chat_id=WHO, message_id=said.message_id, reply_markup=rows("ще"))
    )
    bare = await bot.edit_message_reply_markup(chat_id=WHO, message_id=said.message_id)
    paper = await bot.send_document(WHO, BufferedInputFile(b"%PDF-1.4", "label.pdf"), caption="ТТН")
    menu = await bot.set_my_commands([BotCommand(command="orders", description="Мої замовлення")], language_code="uk")
    left = await bot.get_updates(offset=pressed.update_id + 1)
    hooked = await bot.set_webhook("https://shop.example/hook", secret_token="s" * 24, allowed_updates=["message"])
    both = await refusal(bot.get_updates())
    await bot.delete_webhook()
    await arm("flood", seconds=7)
    try:
        await bot.send_message(WHO, "x")
        wait = 0
    except TelegramRetryAfter as error:
        wait = error.retry_after
    broken = await refusal(bot.send_message(WHO, "<h1>x"))
    faults = {}
    for fault in ("500", "429", "html_502", "malformed", "truncated", "reset"):
        await arm(fault, seconds=3)
        faults[fault] = await refusal(bot.send_message(WHO, "x"))
    await act(block="1")
    (gone,) = await bot.get_updates(offset=pressed.update_id + 1)
    return {
        "me": [me.is_bot, bool(me.username)],
        "said": [said.text, said.chat.type, bool(said.from_user and said.from_user.is_bot), said.date.year > 2000],
        "buttons": [button.text for row in said.reply_markup.inline_keyboard for button in row]
        if said.reply_markup
        else [],
        "heard": [heard.message.text, heard.message.from_user.id, heard.message.chat.id],
        "commands": [entity.type for entity in heard.message.entities or ()],
        "pressed": [pressed.callback_query.data, pressed.callback_query.from_user.id],
        "done": [answered, menu, hooked, left == []],
        "edited": [getattr(edited, "text", ""), bool(getattr(edited, "edit_date", None)), getattr(bare, "text", "")],
        "paper": [paper.document.file_name if paper.document else "", paper.caption],
        "wait": wait,
        "refusals": {"early": early, "again": again, "both": both, "broken": broken},
        "faults": faults,
        "gone": gone.my_chat_member.new_chat_member.status if gone.my_chat_member else "",
        "blocked": await refusal(bot.send_message(WHO, "x")),
    }


async def main() -> None:
    server = TelegramAPIServer.from_base(BASE)
    properties = DefaultBotProperties(parse_mode=ParseMode.HTML)
    async with Bot(TOKEN, AiohttpSession(api=server), properties) as bot:
        told = await story(bot)
    async with Bot("1000001:somebody-else", AiohttpSession(api=server)) as stranger:
        told["stranger"] = await refusal(stranger.get_me())
    print(json.dumps(told))


asyncio.run(main())
