"""People who sign in, what they may do, and how they prove who they are. Tokens and codes are stored as digests."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from commerce_api.shop.accounts.roles import ProofOf, Role


class Account(Model):
    """A person. `email` is stored in lower case; `password_hash` is argon2id, empty when another way in is used.

    Nobody signs in before `verified_at`, when the address was proven. `city`, `branch` and `payment` are what the
    checkout may fill in; `signed_in_at` is the last sign-in.
    """

    id = fields.IntField(primary_key=True)
    email = fields.CharField(max_length=254)
    name = fields.CharField(max_length=120)
    password_hash = fields.CharField(max_length=200, null=True)
    language = fields.CharField(max_length=8, default="uk")
    phone = fields.CharField(max_length=16, default="")
    city = fields.CharField(max_length=120, default="")
    branch = fields.CharField(max_length=200, default="")
    payment = fields.CharField(max_length=32, default="")
    disabled_at = fields.DatetimeField(null=True)
    verified_at = fields.DatetimeField(null=True)
    signed_in_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    roles: fields.ReverseRelation["AccountRole"]

    class Meta:
        table = "account"
        constraints = (UniqueConstraint(fields=("email",), name="account_email"),)

    def __str__(self) -> str:
        return self.email


class AccountRole(Model):
    id = fields.IntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("shop.Account", related_name="roles")
    account_id: int
    role = fields.CharEnumField(Role, max_length=32)

    class Meta:
        table = "account_role"
        constraints = (UniqueConstraint(fields=("account_id", "role"), name="account_role_once"),)


class Proof(Model):
    """A link that proves something once: `digest` is of its token, `used_at` when it was followed."""

    id = fields.BigIntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("shop.Account", related_name="proofs")
    account_id: int
    purpose = fields.CharEnumField(ProofOf, max_length=32)
    digest = fields.CharField(max_length=64)
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "account_proof"
        constraints = (UniqueConstraint(fields=("digest",), name="account_proof_digest"),)
        indexes = (
            Index(fields=("account_id",), name="account_proof_account"),
            Index(fields=("expires_at",), name="account_proof_expires"),
        )


class LinkedIdentity(Model):
    """Somebody whom a provider vouches for, and the account they open. The key is issuer and subject, never an address:
    addresses change hands (security.md, row 47). `provider` is the name the shop calls it by."""

    id = fields.IntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("shop.Account", related_name="identities")
    account_id: int
    provider = fields.CharField(max_length=32)
    issuer = fields.CharField(max_length=200)
    subject = fields.CharField(max_length=255)
    joined_at = fields.DatetimeField()

    class Meta:
        table = "account_identity"
        constraints = (UniqueConstraint(fields=("issuer", "subject"), name="account_identity_once"),)
        indexes = (Index(fields=("account_id",), name="account_identity_account"),)


class Attempt(Model):
    """A browser on its way to a provider and back. `state` and `browser` are digests: the one travels in addresses, the
    other is the cookie of the browser that set out. Good once (`used_at`) and until `expires_at`.

    What the provider said waits here (`issuer`, `subject`, `email`) while its person proves which account is theirs;
    `proven_id` is the account whose password was right, while its code is still missing.
    """

    id = fields.BigIntField(primary_key=True)
    provider = fields.CharField(max_length=32)
    state = fields.CharField(max_length=64)
    browser = fields.CharField(max_length=64)
    onward = fields.CharField(max_length=500, default="")
    lang = fields.CharField(max_length=8, default="uk")
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)
    issuer = fields.CharField(max_length=200, default="")
    subject = fields.CharField(max_length=255, default="")
    email = fields.CharField(max_length=254, default="")
    proven_id = fields.IntField(null=True)

    class Meta:
        table = "account_attempt"
        constraints = (UniqueConstraint(fields=("state",), name="account_attempt_state"),)
        indexes = (
            Index(fields=("browser", "id"), name="account_attempt_browser"),
            Index(fields=("expires_at",), name="account_attempt_expires"),
        )


class SecondFactor(Model):
    """The TOTP secret of an account, sealed under TWOCOMMS_DATA_KEYS. In force from `confirmed_at`; `last_step` is the
    time step of the last code that was taken, so that no code opens twice."""

    id = fields.IntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("shop.Account", related_name="factors")
    account_id: int
    secret = fields.CharField(max_length=255)
    confirmed_at = fields.DatetimeField(null=True)
    last_step = fields.BigIntField(default=0)
    created_at = fields.DatetimeField()

    class Meta:
        table = "account_second_factor"
        constraints = (UniqueConstraint(fields=("account_id",), name="account_second_factor_one"),)


class RecoveryCode(Model):
    """One way in without the telephone; deleted when it is used."""

    id = fields.BigIntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("shop.Account", related_name="recovery_codes")
    account_id: int
    digest = fields.CharField(max_length=64)

    class Meta:
        table = "account_recovery_code"
        constraints = (UniqueConstraint(fields=("account_id", "digest"), name="account_recovery_code_once"),)


class AccessToken(Model):
    """What a program carries in the name of an account. `name` is its owner's word for the program."""

    id = fields.BigIntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("shop.Account", related_name="tokens")
    account_id: int
    digest = fields.CharField(max_length=64)
    name = fields.CharField(max_length=64)
    created_at = fields.DatetimeField()

    class Meta:
        table = "account_token"
        constraints = (UniqueConstraint(fields=("digest",), name="account_token_digest"),)
        indexes = (Index(fields=("account_id",), name="account_token_account"),)


class Consent(Model):
    """What a person agreed to, in which version of its words, and when. Appended, never changed."""

    id = fields.BigIntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("shop.Account", related_name="consents")
    account_id: int
    kind = fields.CharField(max_length=32)
    version = fields.CharField(max_length=32)
    at = fields.DatetimeField()

    class Meta:
        table = "account_consent"
        indexes = (Index(fields=("account_id", "id"), name="account_consent_account"),)


class TelegramChat(Model):
    """The private chat in which the bot talks to an account; Telegram gives a person and their private chat one number.

    `dead_at` is set when the bot may not write there any more.
    """

    id = fields.IntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("shop.Account", related_name="chats")
    account_id: int
    chat_id = fields.BigIntField()
    joined_at = fields.DatetimeField()
    dead_at = fields.DatetimeField(null=True)

    class Meta:
        table = "account_telegram"
        constraints = (
            UniqueConstraint(fields=("account_id",), name="account_telegram_one"),
            UniqueConstraint(fields=("chat_id",), name="account_telegram_chat"),
        )


class NoticeChoice(Model):
    """What an account wants to hear by which way; without a row everything."""

    id = fields.IntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("shop.Account", related_name="choices")
    account_id: int
    mail = fields.BooleanField(default=True)
    telegram = fields.BooleanField(default=True)

    class Meta:
        table = "account_notices"
        constraints = (UniqueConstraint(fields=("account_id",), name="account_notices_one"),)


class QuietAddress(Model):
    """A guest's address that wants only what it must be told; its `digest` is keyed, so the list names nobody."""

    id = fields.BigIntField(primary_key=True)
    digest = fields.CharField(max_length=64)
    since = fields.DatetimeField()

    class Meta:
        table = "quiet_address"
        constraints = (UniqueConstraint(fields=("digest",), name="quiet_address_once"),)
