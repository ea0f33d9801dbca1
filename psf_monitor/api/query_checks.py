"""Check the names and values in a query or body, so that a typo is not answered with another account's
rows.
"""

import json
from collections.abc import Collection
from typing import Annotated, Any

from fastapi import Request
from fastapi.routing import APIRoute
from pydantic import BeforeValidator

from psf_monitor.api.errors import ApiError, begin_of
from psf_monitor.domain.account import AccountMode
from psf_monitor.problem import shown

HAMPRO = "HAMPRO"
"""PSFALGO's other name for HAMMER_PRO."""

_NOTHING: tuple[object, ...] = (None, {}, [], "")


def _whole(value: object) -> object:
    is_text = isinstance(value, str) and not (value.isascii() and value.isdigit())
    if isinstance(value, bool) or is_text:
        raise ValueError("a whole number is written in digits")
    return value


Count = Annotated[int, BeforeValidator(_whole)]
"""A whole number, or its digits as text; JSON's ``true`` is not 1."""


async def declared_names_only(request: Request) -> None:
    """Raise ``ApiError`` 422 for a query parameter that this path does not have, or that is repeated."""
    route = request.scope["route"]
    if not isinstance(route, APIRoute):
        return
    known = sorted(field.alias for field in route.dependant.query_params)
    names = [name for name, _ in request.query_params.multi_items()]
    accepted = (
        f"{', '.join(known)} can stand in the query here." if known else "Nothing can stand in it here."
    )
    for name in names:
        if name not in known:
            raise ApiError(
                422,
                f"{shown(name)} in the query is not known.",
                f"{begin_of(request.url.path)} takes no such name.",
                accepted,
            )
        if names.count(name) > 1:
            raise ApiError(
                422, f"{shown(name)} is in the query more than once.", "Which one counts is open.", accepted
            )


def account_mode(value: str, accepted: Collection[AccountMode]) -> AccountMode:
    """Return the account that a program names, in upper or lower case.

    Raises ``ApiError`` 400 for an unknown one.
    """
    name = value.strip().upper()
    name = AccountMode.HAMMER_PRO.value if name == HAMPRO else name
    for mode in accepted:
        if name == mode.value:
            return mode
    raise ApiError(
        400,
        "This account is not known.",
        f"{shown(value)} is none of the accounts that can be asked for here."
        if value
        else "No account is named.",
        f"Give one of {', '.join(accepted)}.",
    )


def share_name(value: str) -> str:
    """Return the requested share in the form used for comparison. Raises ``ApiError`` 422 for an empty
    one.
    """
    name = value.strip().upper()
    if not name:
        raise ApiError(
            422,
            "The symbol is empty.",
            "A share is asked for by its name at IBKR or at HAMMER.",
            "Give one, such as CIM PRB or CIM-B; a space in a name is %20.",
        )
    return name


class _TwiceError(ValueError):
    """An object has a name more than once."""


async def declared_bodies_only(request: Request) -> None:
    """Raise ``ApiError`` 422 for a body on a path that takes none, and for a repeated name in a body."""
    body = await request.body()
    route = request.scope["route"]
    if not body or not isinstance(route, APIRoute):
        return
    try:
        given = json.loads(body, object_pairs_hook=_once)
    except _TwiceError as error:
        raise ApiError(
            422,
            f"{shown(str(error))} is in the body more than once.",
            "Which one counts is open.",
            "Send each name once.",
        ) from None
    except (ValueError, RecursionError):
        given = body
    if route.body_field is None and given not in _NOTHING:
        raise ApiError(
            422,
            "This path takes no body.",
            f"{request.method} {route.path_format} would not hear what stands in it.",
            "Send it without one; what it takes stands in the query.",
        )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _TwiceError(name)
        found[name] = value
    return found
