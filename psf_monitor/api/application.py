"""The FastAPI application: its routes, and one form for all its errors."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import Depends, FastAPI, Request, Security
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

from psf_monitor import __version__
from psf_monitor.api.errors import Answer, ApiError, begin_of, document_problems
from psf_monitor.api.query_checks import declared_bodies_only, declared_names_only
from psf_monitor.api.routes import ApiRoutes
from psf_monitor.problem import shown

OPENAPI_PATH = "/openapi.json"

_MOST_NAME = 80
_ACCEPTED = {
    "int": "a whole number is accepted",
    "finite_number": "a whole number is accepted",
    "value_error": "a whole number is accepted",
    "bool": "true or false is accepted",
    "string": "text is accepted",
}
"""By prefix of pydantic's error type."""

_ABOUT = (
    "What psf_monitor shows, for other programs of the same user on the same computer. "
    "Positions, orders and account values are IBKR's or HAMMER's own, every price is HAMMER's. "
    "It is read-only."
)


class _Application(FastAPI):
    """The application. Its document is generated on first request, by a copy whose routes have models."""

    def __init__(self, routes: ApiRoutes, *, is_documented: bool = False) -> None:
        # The access control has checked the token; this only documents that there is one.
        super().__init__(
            title="psf_monitor",
            version=__version__,
            description=_ABOUT,
            docs_url=None,
            redoc_url=None,
            openapi_url=None,
            dependencies=[
                Security(HTTPBearer(auto_error=False)),
                Depends(declared_names_only),
                Depends(declared_bodies_only),
            ],
            redirect_slashes=False,
        )
        self._routes = routes
        self._is_documented = is_documented
        self._document: dict[str, Any] | None = None
        routes.add_to(self, is_documented=is_documented)

    def openapi(self) -> dict[str, Any]:
        if self._document is None:
            if self._is_documented:
                self._document = super().openapi()
                # The model of a refusal, which no path names as its own.
                document_problems(self._document)
            else:
                self._document = _Application(self._routes, is_documented=True).openapi()
        return self._document


def application(routes: ApiRoutes) -> FastAPI:
    """Return the application over ``routes``; ``AccessControl`` in front of it decides who may ask."""
    app = _Application(routes)
    app.add_api_route(OPENAPI_PATH, _document_of(app), methods=["GET"], include_in_schema=False)
    app.add_exception_handler(ApiError, _on_refusal)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(RequestValidationError, _on_wrong_value)
    app.add_exception_handler(Exception, _on_fault)
    return app


def _document_of(app: FastAPI) -> Callable[[], Awaitable[Answer]]:
    async def document() -> Answer:
        return Answer(app.openapi())

    return document


async def _on_refusal(_request: Request, error: Exception) -> Answer:
    assert isinstance(error, ApiError)
    return error.answer()


async def _on_http_error(request: Request, error: Exception) -> Answer:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        # Starlette names only those of the path's first route.
        headers["Allow"] = ", ".join(_methods(request))
    what, why = {
        400: ("The body cannot be read.", "It is no UTF-8, or no JSON that could be asked for here."),
        404: ("There is no such path.", f"{begin_of(request.scope['path'])} is not known here."),
        405: (
            "This path is not asked like that.",
            f"{shown(request.method)} is not accepted on it, only {headers.get('Allow')}.",
        ),
    }.get(error.status_code, ("The request cannot be read.", f"{error.detail}."))
    refusal = ApiError(
        error.status_code, what, why, f"GET {OPENAPI_PATH} lists what there is.", headers=headers
    )
    return refusal.answer()


def _methods(request: Request) -> list[str]:
    """Return the methods that the path of ``request`` accepts."""
    routes = [route for route in request.app.routes if isinstance(route, Route)]
    return sorted(
        {
            method
            for route in routes
            if route.matches(request.scope)[0] is not Match.NONE
            for method in route.methods or ()
        }
    )


async def _on_wrong_value(request: Request, error: Exception) -> Answer:
    assert isinstance(error, RequestValidationError)
    wrong = [_wrong_value(each, request) for each in error.errors()]
    return ApiError(
        422,
        "A value is not accepted.",
        f"{'; '.join(wrong)}.",
        f"GET {OPENAPI_PATH} lists what is accepted.",
    ).answer()


def _wrong_value(found: Mapping[str, Any], request: Request) -> str:
    """Return what is wrong with one value in plain words; pydantic's are about its types."""
    place, *names = (str(part) for part in found["loc"])
    name = ".".join(names)
    named = name if 0 < len(name) <= _MOST_NAME and name.isprintable() else shown(name)
    where = f"{named} in the {place}" if names else f"the {place}"
    kind = found["type"]
    if kind == "json_invalid":
        return f"the body is no JSON, at character {names[0]}"
    if kind == "missing":
        return f"{where} is missing"
    if kind == "extra_forbidden":
        return f"{where} is not known"
    if not names and place == "body":
        given = request.headers.get("content-type")
        if not _is_json(given):
            named = "it comes without a Content-Type" if given is None else f"Content-Type is {shown(given)}"
            return f"the body is read as JSON if it says so, and {named}, not 'application/json'"
        if kind == "string_unicode":
            return f"{shown(found['input'])} in the body is not known"
        return "the body is no JSON object"
    accepted = next((text for begin, text in _ACCEPTED.items() if kind.startswith(begin)), found["msg"])
    return f"{where} is {shown(found['input'])}, and {accepted}"


def _is_json(given: str | None) -> bool:
    """Return whether a Content-Type is JSON, as FastAPI sees it."""
    main, _, sub = (given or "").partition(";")[0].strip().lower().partition("/")
    return main == "application" and (sub == "json" or sub.endswith("+json"))


async def _on_fault(_request: Request, _error: Exception) -> Answer:
    # The server logs the error with its trace.
    return ApiError(
        500,
        "psf_monitor failed to answer.",
        "This is a fault of psf_monitor; the log has the details.",
        "Ask again; if it comes back, report it with the log.",
    ).answer()
