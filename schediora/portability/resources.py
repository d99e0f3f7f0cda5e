"""The call for a student's export."""

import falcon

from schediora.errors import TooManyRequests
from schediora.http.operation import Request, operation
from schediora.http.streamed import Streamed
from schediora.portability.schemas import Export
from schediora.portability.service import Exports

_AS_A_FILE = 'attachment; filename="schediora-export.json"'


class ExportResource:
    """Everything that a student has here."""

    def __init__(self, exports: Exports) -> None:
        self._exports = exports

    @operation(
        "exportAccount",
        "Take everything along",
        answer=Export,
        errors=(TooManyRequests,),
        headers=("Cache-Control", "Content-Disposition"),
    )
    def on_get(self, req: Request, resp: falcon.Response) -> Streamed:
        """Answer everything that is the student's, as a file: for themselves, and for another server, whose operator
        imports it (`schediora users import`). Three times a day.
        """
        exported = self._exports.of(req.context.caller, now=req.context.now)
        resp.set_headers({"Cache-Control": "no-store", "Content-Disposition": _AS_A_FILE})
        return exported
