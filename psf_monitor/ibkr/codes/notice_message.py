"""Read the fields of message 4, a notice of TWS, so that none of its sentences is lost. Pure."""

from collections.abc import Callable

from psf_monitor.ibkr import errors
from psf_monitor.ibkr.codes.message_codes import NO_CODE
from psf_monitor.ibkr.orders.record_fields import whole_number

_ID, _CODE, _TEXT, _FIELDS = 2, 3, 4, 6
"""Where message 4 has id, code and text, and how many fields it has from version 166 on."""


def notice_reader(read: Callable[[list[str]], None]) -> Callable[[list[str]], None]:
    """Return a reader of message 4 that loses no sentence of TWS because of the numbers beside it.

    An id that is none is of no order; what stands in the place of a code and is no number is put into the
    sentence. A missing last field (advancedOrderRejectJson) is empty.
    """

    def read_notice(fields: list[str]) -> None:
        if len(fields) >= _FIELDS - 1:
            fields[_ID] = _number_or_none(fields[_ID]) or "-1"
            code, text = fields[_CODE], errors.letters(fields[_TEXT])
            known = _number_or_none(code)
            if known is None:
                text = f"{text} (TWS gives {repr(code) if code.strip() else 'nothing'} as its code)"
            fields[_CODE], fields[_TEXT] = known or str(NO_CODE), text
            fields += [""] * (_FIELDS - len(fields))
        read(fields)

    return read_notice


def _number_or_none(text: str) -> str | None:
    try:
        return str(whole_number(text))
    except ValueError:
        return None
