"""What can be read of a message 11 that ib_insync drops whole."""

from collections.abc import Collection

from ib_insync.contract import Contract
from ib_insync.objects import Execution
from ib_insync.util import UNSET_DOUBLE, UNSET_INTEGER

from psf_monitor.domain.account import is_account_id
from psf_monitor.formatting import mask_accounts
from psf_monitor.ibkr.orders.open_order_message import contract_of

_ORDER_ID, _CONTRACT, _KIND, _ID, _ACCOUNT, _VENUE, _SIDE = 2, 3, 5, 14, 16, 17, 18
_PERM_ID, _CLIENT_ID = 21, 22
_LOCAL_NAME = 9
_SIDES = frozenset({"BOT", "SLD"})
"""TWS API, the sides of an execution."""


def readable_part(fields: list[str], accounts: Collection[str]) -> tuple[Contract, Execution] | None:
    """Return the contract and the execution in one of these accounts, or in what is an account's id;
    ``None`` where the fields do not stand in their places.

    What is no number, or no side, is not known, and neither are the size and the price: the message is too
    short or too long.
    """
    is_in_place = len(fields) > _CLIENT_ID and (
        fields[_ACCOUNT] in accounts or is_account_id(fields[_ACCOUNT])
    )
    if not (is_in_place and fields[_ID] and fields[_KIND]):
        return None
    return contract_of(fields, _CONTRACT), Execution(
        execId=fields[_ID],
        acctNumber=fields[_ACCOUNT],
        exchange=fields[_VENUE],
        side=fields[_SIDE] if fields[_SIDE] in _SIDES else "",
        shares=UNSET_DOUBLE,
        price=UNSET_DOUBLE,
        permId=_id(fields[_PERM_ID]),
        clientId=_id(fields[_CLIENT_ID]),
        orderId=_id(fields[_ORDER_ID]),
    )


def name_of(fields: list[str]) -> str:
    """Return by which id and of which contract a message 11 is known that is in no known account; empty if it
    has no id.
    """
    if len(fields) <= _ID or not fields[_ID].strip():
        return ""
    of = fields[_CONTRACT + _LOCAL_NAME].strip() or fields[_CONTRACT + 1].strip()
    name = fields[_ID].strip()
    return mask_accounts(f"{name} of {of}" if of else name)


def _id(text: str) -> int:
    return int(text) if text.isascii() and text.removeprefix("-").isdecimal() else UNSET_INTEGER
