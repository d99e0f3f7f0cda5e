"""What answers the dashboard's address."""

import falcon

from schediora.dashboard.schemas import SummaryQuery, SummaryView
from schediora.dashboard.summary import summary
from schediora.http.operation import Request, operation
from schediora.http.wire import rendered


class Summary:
    """How the student is doing."""

    @operation("getDashboard", "Show the dashboard", answer=SummaryView, query=SummaryQuery, kept=True)
    def on_get(self, req: Request, resp: falcon.Response, query: SummaryQuery) -> bytes:
        """Sum up today, the streak and the range."""
        return rendered(summary(req.context.caller, query.range, now=req.context.now))
