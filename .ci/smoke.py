"""Prove that what was built works where nothing else is: `serve COMMAND`, `demo COMMAND` or `top-level WHEEL`."""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

START_SECONDS = 60
PLAN_SECONDS = 90
"""The app gives up on a plan after this long."""
STOP_SECONDS = 20
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+(?=/)")


def main() -> None:
    """Run the named proof; the exit code says whether it holds."""
    match sys.argv[1:]:
        case ["serve", command]:
            serve(Path(command).resolve())
        case ["demo", command]:
            demo(Path(command).resolve())
        case ["top-level", wheel]:
            top_level(Path(wheel))
        case _:
            sys.exit(__doc__)


LICENCES = (
    "schediora/licenses/GPL-3.0.txt",
    "schediora/licenses/LGPL-3.0.txt",
    "schediora/web/static/vendor/LICENSES.txt",
)
"""Of what is vendored, and of the libraries that the executable carries and that ask for it."""


def top_level(wheel: Path) -> None:
    """Check that the wheel puts nothing but schediora* at the top of site-packages, and its data files inside."""
    names = zipfile.ZipFile(wheel).namelist()
    strange = sorted({name.split("/")[0] for name in names if not name.startswith("schediora")})
    check(not strange, f"the wheel installs only schediora* at the top {strange or ''}")
    missing = sorted(set(LICENCES) - set(names))
    check(not missing, f"it brings the licences along {missing or ''}")


def serve(command: Path) -> None:
    """Serve on an empty folder, make a student and a plan, and stop as Ctrl-C does."""
    with running(command, "serve", "--port", "0") as (address, empty, stop):
        ready = wait_for(lambda: answered(f"{address}/api/v1/health/ready"), START_SECONDS)
        check(ready["checks"]["migrations"] == "ok", "it is ready, its migrations applied")
        token = make_plan(f"{address}/api/v1")
        use_calendars(address, token)
        compare_pages(address)
        stay_in_json(address)
        # An executable unpacks itself into the system's folder for such things; a wheel lies in its environment.
        unpacked = list(empty.with_name("temp").glob("_MEI*")) or [command.parents[1]]
        missing = [name for name in LICENCES if not any(folder.rglob(name) for folder in unpacked)]
        check(not missing, f"it brings the licences along {missing or ''}")
        key_modes = {oct(path.stat().st_mode & 0o777) for path in empty.rglob("secret_key")}
        check(key_modes == {"0o600"}, f"its key is kept for its owner alone {key_modes}")
        stop()


def demo(command: Path) -> None:
    """Sign in as the demonstration's student, stop as Ctrl-C does, and see that nothing is left."""
    with running(command, "demo", "--no-browser") as (address, empty, stop):
        wait_for(lambda: answered(f"{address}/api/v1/health/ready"), START_SECONDS)
        student = call("GET", f"{address}/api/v1")["demo"]
        token = call("POST", f"{address}/api/v1/auth/login", student)["access_token"]
        plans = call("GET", f"{address}/api/v1/plans", token=token)
        check(len(plans) >= 9, f"it shows a student with {len(plans)} plans")
        stop()
        left = [str(path) for folder in (empty, empty.with_name("temp")) for path in folder.iterdir()]
        check(not left, f"nothing is left behind {left or ''}")


@contextmanager
def running(command: Path, *arguments: str) -> Iterator[tuple[str, Path, Callable[[], None]]]:
    """Run a server in an empty folder; yields its address, the folder and how to stop it: with SIGINT to the whole
    group, as Ctrl-C does. What it puts into the system's folder for such things goes into `temp` beside the folder.
    """
    with tempfile.TemporaryDirectory(prefix="schediora-smoke-") as folder:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SCHEDIORA_")}
        log, empty, temp = (Path(folder, name) for name in ("server.log", "empty", "temp"))
        empty.mkdir()
        temp.mkdir()
        with log.open("w") as output:
            process = subprocess.Popen(
                [command, *arguments], cwd=empty, env=environment | {"TMPDIR": str(temp)}, stdin=subprocess.DEVNULL,
                stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

        def stop() -> None:
            os.killpg(process.pid, signal.SIGINT)
            code = process.wait(STOP_SECONDS)
            check(code == 0, f"Ctrl-C ends it with {code}")

        try:
            yield wait_for(lambda: ADDRESS.search(log.read_text()), START_SECONDS)[0], empty, stop
        except BaseException:
            print(log.read_text(), file=sys.stderr)
            raise
        finally:
            # The executable unpacks itself and runs as two processes.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def make_plan(address: str) -> str:
    """Register, ask for a plan, wait for it and list its sessions; return the student's token."""
    student = {"email": "smoke@schediora.dev", "password": "a long enough one"}
    try:
        call("POST", f"{address}/auth/register", {**student, "password": "password1"})
    except urllib.error.HTTPError as refused:
        status = refused.code
    else:
        status = 201
    check(status == 422, f"a password that everybody tries first is refused: {status}")
    token = call("POST", f"{address}/auth/register", student)["access_token"]
    job = call("POST", f"{address}/ai/plans/generate", {"goal": "Pass the exam", "topic": "Biology"}, token)
    finished = wait_for(lambda: done(call("GET", f"{address}/ai/jobs/{job['job_id']}", token=token)), PLAN_SECONDS)
    check(finished["status"] == "completed", f"a plan was made: {finished['status']} {finished['error'] or ''}")
    sessions = call("GET", f"{address}/sessions?week=all", token=token)
    check(len(sessions) >= 6, f"it has {len(sessions)} sessions")
    return str(token)


def use_calendars(address: str, token: str) -> None:
    """Read the student's feed, and have it expanded as a calendar with one event more, in a process of its own."""
    link = call("POST", f"{address}/api/v1/users/me/calendar", token=token)["url"]
    with urllib.request.urlopen(f"{address}{link}", timeout=12) as answer:
        feed = answer.read().decode()
    check(feed.count("BEGIN:VEVENT") >= 6, "the feed has the sessions")
    tomorrow = time.strftime("%Y%m%d", time.gmtime(time.time() + 86_400))
    event = f"BEGIN:VEVENT\r\nUID:1\r\nDTSTART:{tomorrow}T100000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"
    found = call(
        "PUT", f"{address}/api/v1/users/me/busy", feed.replace("END:VCALENDAR", f"{event}END:VCALENDAR"), token
    )
    check(found["events"] == 1, f"a calendar is expanded {found}")


def compare_pages(address: str) -> None:
    """Check that the web app is served as it lies here, each file under the tag of what is in it (the page's tells the
    release too), and that the service worker, whose first two lines are the server's, keeps it under the name of just
    these files.
    """
    folder = Path(__file__).resolve().parents[1] / "schediora" / "web" / "static"
    here = {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    ours = digest(b"".join(f"{name}\0{digest(here[name])}".encode() for name in sorted(here)))
    different = []
    for name, body in here.items():
        path = name.removesuffix("index.html").removesuffix("/")
        with urllib.request.urlopen(f"{address}/{path}", timeout=12) as answer:
            served, tag = answer.read(), answer.headers["ETag"]
        tagged = ours.encode() + served if name == "index.html" else served
        if tag != f'W/"{digest(tagged)}"' or (served.split(b"\n", 2)[2] if name == "sw.js" else served) != body:
            different.append(name)
        if name == "sw.js":
            release = served.split(b"\n", 1)[0].decode()
    check(not different, f"it serves the {len(here)} files of the web app as they are here {different or ''}")
    check(release == f'const RELEASE = "{ours}";', f"its service worker keeps the release {ours}")


def stay_in_json(address: str) -> None:
    """Check that what is not there, or not taken, below / is a problem in the contract's words."""
    for method, path, status, code in (("GET", "nope.js", 404, "not_found"), ("POST", "", 405, "method_not_allowed")):
        try:
            urllib.request.urlopen(
                urllib.request.Request(f"{address}/{path}", b"" if method == "POST" else None), timeout=12
            )
        except urllib.error.HTTPError as problem:
            with problem:
                said = (problem.code, problem.headers["Content-Type"], json.load(problem)["code"])
        else:
            said = (200, "", "")
        check(said == (status, "application/problem+json", code), f"{method} /{path} is {said[0]} {said[2]}")


def digest(body: bytes) -> str:
    """Return the hash that the server makes tags of."""
    return hashlib.sha256(body).hexdigest()[:32]


def done(job: dict[str, Any]) -> dict[str, Any] | None:
    """Return the job once nothing more will happen to it."""
    return job if job["status"] in ("completed", "failed") else None


def answered(url: str) -> Any:
    """Return what the server answers with 200, None while it does not."""
    try:
        return call("GET", url)
    except OSError:
        return None


def call(method: str, url: str, body: object = None, token: str | None = None) -> Any:
    """Return the answer's JSON; text is sent as a calendar. An answer that is an error raises."""
    kind = "text/calendar" if isinstance(body, str) else "application/json"
    headers = {"Content-Type": kind} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), timeout=12) as answer:
        return json.load(answer)


def wait_for(ask: Any, seconds: float) -> Any:
    """Return the first answer of `ask` that is not None; exit when there is none in time."""
    deadline = time.monotonic() + seconds
    while (answer := ask()) is None:
        check(time.monotonic() < deadline, f"an answer within {seconds} s")
        time.sleep(0.2)
    return answer


def check(holds: bool, what: str) -> None:
    """Say what holds; exit when it does not."""
    if not holds:
        sys.exit(f"not so: {what}")
    if not what.startswith("an answer"):
        print(f"  {what}")


if __name__ == "__main__":
    main()
