"""Keys of programs: ``Authorization: Bearer kith_…`` instead of a login."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter

from kith.pipeline.access.keys import make_key
from kith.web.access.roles import Owner
from kith.web.services import Served
from kith.web.shapes.access import KeyList, MadeKey, NewKey, key_item

router = APIRouter(prefix="/keys", tags=["access"])


@router.get("")
def get_keys(services: Served, _caller: Owner) -> KeyList:
    """All keys, without their secrets."""
    return KeyList(keys=[key_item(key) for key in services.access.records.keys.all()])


@router.post("", status_code=HTTPStatus.CREATED)
def post_key(services: Served, caller: Owner, body: NewKey) -> MadeKey:
    """Make a key. Its secret is in this answer, and nowhere else."""
    key, secret = make_key(services.access, body.name, body.scopes, caller.account_id)
    return MadeKey(**key_item(key).model_dump(), secret=secret)


@router.delete("/{key_id}", status_code=HTTPStatus.NO_CONTENT)
def delete_key(services: Served, _caller: Owner, key_id: str) -> None:
    """Take a key back; it lets nobody in from now on."""
    services.access.records.keys.remove(key_id)
