"""A student's reads beside those of a server that keeps nothing."""

from collections.abc import Callable

from falcon.testing import Result

from tests.client import Api, Student

READS = (
    "/users/me",
    "/plans",
    "/plans?limit=1",
    "/sessions",
    "/sessions?week=current",
    "/sessions?week=all&limit=2",
    "/sessions?state=overdue",
    "/sessions?from=2026-03-02&to=2026-03-08",
    "/dashboard/summary",
    "/dashboard/summary?range=30d",
    "/ai/plans/status/weekly",
    "/ai/plans/status/weekly?week=next",
)
"""Every kept call, in the forms whose answers differ."""
POLLED = ("/dashboard/summary", "/sessions?week=current", "/ai/plans/status/weekly")
WISH = {"goal": "Pass the exam", "topic": "Biology"}
CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nEND:VCALENDAR\r\n"

Serve = Callable[..., Api]


def _said(answer: Result) -> tuple[int, str, str | None, str | None]:
    return answer.status_code, answer.text, answer.headers.get("Link"), answer.headers.get("ETag")


class Beside:
    """A student's reads beside those of a server that keeps nothing."""

    def __init__(self, student: Student, serve: Serve) -> None:
        self.student = student
        self._computing = serve(server={"cache_mebibytes": 0})
        self.agree("at first")

    def agree(self, when: str) -> None:
        """Assert that all is shown as it would be worked out now, with the same tags; ask twice, to have it kept."""
        wrong = []
        for path in READS:
            computed = _said(self._computing.get(path, token=self.student.token))
            kept = [_said(self.student.get(path)) for _ in range(2)]
            if kept != [computed, computed]:
                wrong.append(f"{path}: {kept} instead of {computed}")
        assert not wrong, f"{when}:\n" + "\n".join(wrong)
