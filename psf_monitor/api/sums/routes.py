"""Sums over positions: ``GET groups`` and ``GET exposure``, as the window shows them."""

from typing import Annotated, Any

from fastapi import Query

from psf_monitor.api.errors import Answer, ApiError
from psf_monitor.api.query_checks import account_mode
from psf_monitor.api.source import Source
from psf_monitor.api.sums.records import ExposureAnswer, GroupsAnswer, exposure, groups, total
from psf_monitor.book.sums.groups import GroupBy
from psf_monitor.domain.account import IBKR_MODES, AccountMode
from psf_monitor.problem import shown

_CRITERIA = [by.value for by in GroupBy if by is not GroupBy.NONE]
_NAMED = ", ".join(_CRITERIA)


class SumRoutes:
    """Serves the sums of ``source``."""

    def __init__(self, source: Source) -> None:
        self._source = source

    async def groups(
        self,
        by: Annotated[
            str,
            Query(
                description="What the positions of a group have in common.",
                json_schema_extra={"enum": list[Any](_CRITERIA)},
            ),
        ],
        account_type: Annotated[
            str | None, Query(description="One profile; both logins of IBKR if left out.")
        ] = None,
    ) -> Answer:
        """The positions by share over the logins, issuer, login or own group, with subtotals and total."""
        criterion = by.strip().lower()
        if criterion not in _CRITERIA:
            raise ApiError(
                400,
                f"{shown(by)} is nothing to group by.",
                f"There are {len(_CRITERIA)} ways.",
                f"Give one of {', '.join(_CRITERIA)}.",
            )
        modes = IBKR_MODES if account_type is None else (account_mode(account_type, tuple(AccountMode)),)
        book = self._source.book
        found = groups(book, GroupBy(criterion), modes)
        now = self._source.clock().isoformat()
        return Answer(GroupsAnswer(True, criterion, now, found, total(book, modes)))

    async def exposure(self) -> Answer:
        """Long, short, gross and net of both IBKR logins, in percent of net liquidation, largest issuers."""
        now = self._source.clock().isoformat()
        return Answer(ExposureAnswer(True, now, exposure(self._source.book.exposure())))
