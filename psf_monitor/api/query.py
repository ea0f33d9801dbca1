"""The names in a query are checked: one that is mistyped would be answered with another account's rows."""

from fastapi import Request
from fastapi.routing import APIRoute

from psf_monitor.api.errors import ApiError


async def known_names_only(request: Request) -> None:
    """Raise ``ApiError`` 422 for a name in the query that this path does not take, or that comes twice."""
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
                422, f"{name!r} in the query is not known.", f"{route.path} takes no such name.", accepted
            )
        if names.count(name) > 1:
            raise ApiError(
                422, f"{name!r} is in the query more than once.", "Which one counts is open.", accepted
            )
