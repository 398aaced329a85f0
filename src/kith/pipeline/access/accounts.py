"""Accounts: the first owner, logging in, and what an owner does with the others."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import replace

from kith.domain.access import Account, Role, name_key, require_name
from kith.domain.errors import ForbiddenError, LoginNeededError, NotFoundError, UsageError
from kith.pipeline.access.kit import Access


def set_up(access: Access, token: str, name: str, password: str, address: str) -> Account:
    """Make the first owner.

    Args:
        access: where there is nobody yet.
        token: what the server printed.
        name: of the owner.
        password: of the owner.
        address: from where it is asked.

    Raises:
        ForbiddenError: the token is not right.
        TooManyAttemptsError: too many tokens were not.
        UsageError: there is an owner already, or the name or password cannot be.
    """
    access.attempts.begin("setup", address)
    if not hmac.compare_digest(token.encode(), access.setup_token.encode()):
        raise ForbiddenError(
            "That is not the setup token", "`kith serve` prints it when it starts."
        )
    account = _new(access, name, password, Role.OWNER)
    access.records.accounts.add(account, first=True)
    access.attempts.succeed("setup", address)
    return account


def log_in(access: Access, name: str, password: str, address: str) -> Account:
    """Whose name and password these are.

    Raises:
        LoginNeededError: nobody's.
        TooManyAttemptsError: too many were wrong, for this account or from this address.
    """
    what = f"account {name_key(name)[:200]}"
    access.attempts.begin(what, address)
    account = access.records.accounts.named(name)
    right = access.passwords.match(account.password if account else None, password)
    if account is None or not right:
        raise LoginNeededError("The name or the password is not right")
    access.attempts.succeed(what, address)
    return account


def add_account(access: Access, name: str, password: str, role: Role) -> Account:
    """Add somebody.

    Raises:
        UsageError: the name is taken, the name or password cannot be, or the first is no owner.
    """
    account = _new(access, name, password, role)
    access.records.accounts.add(account)
    return account


def change_account(
    access: Access,
    account_id: str,
    *,
    name: str | None = None,
    role: Role | None = None,
    password: str | None = None,
) -> Account:
    """Change what is given. Another password ends all sessions of the account.

    Raises:
        NotFoundError: there is no such account.
        UsageError: the name is taken, the name or password cannot be, or no owner would be left.
    """
    account = _require(access, account_id)
    if name is not None:
        account = replace(account, name=require_name(name, "an account"))
    if role is not None:
        account = replace(account, role=role)
    if password is not None:
        account = replace(account, password=access.passwords.hashed(password))
    access.records.accounts.change(account)
    if password is not None:
        access.records.sessions.end_all(account_id)
    return account


def change_own_password(
    access: Access, account_id: str, password: str, new_password: str, address: str
) -> Account:
    """Change one's own password, which ends all sessions.

    Raises:
        ForbiddenError: the present password is not right.
        TooManyAttemptsError: too many were wrong.
        UsageError: the new one cannot be, or is the same.
    """
    account = _require(access, account_id)
    what = f"account {name_key(account.name)}"
    access.attempts.begin(what, address)
    if not access.passwords.match(account.password, password):
        raise ForbiddenError("The present password is not right")
    access.attempts.succeed(what, address)
    if password == new_password:
        raise UsageError("The new password is the present one")
    return change_account(access, account_id, password=new_password)


def account_named(access: Access, name: str) -> Account:
    """The account of that name.

    Raises:
        NotFoundError: there is none.
    """
    account = access.records.accounts.named(name)
    if account is None:
        raise NotFoundError(f"There is no account {name}", "`kith accounts` lists them.")
    return account


def _new(access: Access, name: str, password: str, role: Role) -> Account:
    checked = require_name(name, "an account")
    return Account(
        secrets.token_hex(16), checked, role, access.passwords.hashed(password), access.clock()
    )


def _require(access: Access, account_id: str) -> Account:
    account = access.records.accounts.find(account_id)
    if account is None:
        raise NotFoundError(f"There is no account {account_id}")
    return account
