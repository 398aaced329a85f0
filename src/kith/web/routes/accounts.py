"""Accounts: what an owner does with those who can log in."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter

from kith.pipeline.access.accounts import add_account, change_account
from kith.web.access.roles import Owner
from kith.web.services import Served
from kith.web.shapes.access import (
    AccountChange,
    AccountItem,
    AccountList,
    NewAccount,
    account_item,
)

router = APIRouter(prefix="/accounts", tags=["access"])


@router.get("")
def get_accounts(services: Served, _caller: Owner) -> AccountList:
    """Everyone who can log in."""
    accounts = services.access.records.accounts.all()
    return AccountList(accounts=[account_item(account) for account in accounts])


@router.post("", status_code=HTTPStatus.CREATED)
def post_account(services: Served, _caller: Owner, body: NewAccount) -> AccountItem:
    """Add somebody."""
    return account_item(add_account(services.access, body.name, body.password, body.role))


@router.patch("/{account_id}")
def patch_account(
    services: Served, _caller: Owner, account_id: str, body: AccountChange
) -> AccountItem:
    """Change a name, a role or a password. Another password ends all sessions of the account."""
    account = change_account(
        services.access, account_id, name=body.name, role=body.role, password=body.password
    )
    return account_item(account)


@router.delete("/{account_id}", status_code=HTTPStatus.NO_CONTENT)
def delete_account(services: Served, _caller: Owner, account_id: str) -> None:
    """Remove somebody, with all sessions and keys."""
    services.access.records.accounts.remove(account_id)
