"""The FastAPI application: its paths, and every error of its own in the one shape."""

from fastapi import Depends, FastAPI, Request, Security
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException

from psf_monitor import __version__
from psf_monitor.api.errors import Answer, ApiError
from psf_monitor.api.paths import Paths
from psf_monitor.api.query import known_names_only

OPENAPI_PATH = "/openapi.json"

_ABOUT = (
    "What psf_monitor shows, for other programs of the same user on the same computer. "
    "Positions, orders and account values are IBKR's or HAMMER's own, every price is HAMMER's. "
    "It is read-only."
)


def application(paths: Paths) -> FastAPI:
    """The application over ``paths``; who may ask is decided before it, by the gate."""
    # The gate has checked the token; here it is only told that there is one.
    app = FastAPI(
        title="psf_monitor",
        version=__version__,
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url=OPENAPI_PATH,
        dependencies=[Security(HTTPBearer(auto_error=False)), Depends(known_names_only)],
        redirect_slashes=False,
    )
    paths.add_to(app)
    app.add_exception_handler(ApiError, _on_refusal)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(RequestValidationError, _on_wrong_value)
    app.add_exception_handler(Exception, _on_fault)
    return app


async def _on_refusal(_request: Request, error: Exception) -> Answer:
    assert isinstance(error, ApiError)
    return error.answer()


async def _on_http_error(request: Request, error: Exception) -> Answer:
    assert isinstance(error, HTTPException)
    what, why = {
        404: ("There is no such path.", f"{request.url.path} is not known here."),
        405: ("This path is not asked like that.", f"{request.method} is not accepted on it."),
    }.get(error.status_code, ("The request cannot be read.", f"{error.detail}."))
    refusal = ApiError(
        error.status_code, what, why, f"GET {OPENAPI_PATH} lists what there is.", headers=error.headers
    )
    return refusal.answer()


async def _on_wrong_value(_request: Request, error: Exception) -> Answer:
    assert isinstance(error, RequestValidationError)
    wrong = [f"{' '.join(str(part) for part in each['loc'])}: {each['msg']}" for each in error.errors()]
    return ApiError(
        422,
        "A value is not accepted.",
        f"{'; '.join(wrong)}.",
        f"GET {OPENAPI_PATH} lists what is accepted.",
    ).answer()


async def _on_fault(_request: Request, _error: Exception) -> Answer:
    # The server logs the error with its trace.
    return ApiError(
        500,
        "psf_monitor failed to answer.",
        "This is a fault of psf_monitor; the log has the details.",
        "Ask again; if it comes back, report it with the log.",
    ).answer()
