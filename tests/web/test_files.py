"""The web app's files arrive as they are, with what a browser has to know of them, and nothing else does."""

import gzip
import hashlib
import json
import re
from enum import StrEnum
from pathlib import Path

import pytest
from falcon.testing import TestClient

from schediora.app import connect, create_app, create_queue
from schediora.dashboard.schemas import Range
from schediora.errors import Code
from schediora.memory.replay import Rating
from schediora.memory.state import UnitState
from schediora.models.ai import JobStage
from schediora.models.planner import SessionStatus
from schediora.planner.scheduler.problem import Kind
from schediora.settings.loading import load
from schediora.web.assets import load_assets
from tests.client import Api

STATIC = Path(__file__).parents[2] / "schediora" / "web" / "static"
FILES = sorted(file.relative_to(STATIC).as_posix() for file in STATIC.rglob("*") if file.is_file())
UI_SHA256 = "5e5b52b5823d47e2e4a1780f28c5238701dbdc29dd7184d90c8e2a9aeca58dec"
"""Of vendor/ui.js: Preact, htm and signals as esbuild made one file of them; docs/contributing.md says how."""
ELSEWHERE = re.compile(r"\bhttps?://(?!www\.w3\.org/(?:2000/svg|1998/Math/MathML|1999/xhtml|XML/))")


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """The whole app; none of these calls needs a database."""
    settings = load(overrides={"data_dir": tmp_path_factory.mktemp("data"), "auth.secret_key": "k" * 64}).settings
    queue = create_queue(settings)
    try:
        return TestClient(create_app(settings, database=connect(settings), queue=queue))
    finally:
        queue.close()


def test_every_file_is_served_as_it_is_with_its_type_and_the_headers_of_a_closed_page(web: TestClient) -> None:
    assert {asset.path for asset in load_assets()} >= {"/", "/app.js", "/sw.js", "/vendor/ui.js"}
    for asset in load_assets():
        answer = web.simulate_get(asset.path)
        headers = answer.headers
        assert (answer.status_code, answer.content) == (200, asset.body), asset.path
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; "), asset.path
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-cache", asset.path
        assert headers["X-Content-Type-Options"] == "nosniff", asset.path


def test_the_types_are_those_that_browsers_ask_for(web: TestClient) -> None:
    types = {path: web.simulate_get(path).headers["Content-Type"] for path in ("/", "/app.js", "/app.css", "/sw.js")}
    assert types == {
        "/": "text/html; charset=utf-8",
        "/app.js": "text/javascript; charset=utf-8",
        "/app.css": "text/css; charset=utf-8",
        "/sw.js": "text/javascript; charset=utf-8",
    }
    assert web.simulate_get("/app.webmanifest").headers["Content-Type"] == "application/manifest+json"


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [("gzip, deflate", True), ("br;q=1, GZIP ; q=0.5", True), ("gzip;q=0", False), ("br", False), ("", False)],
)
def test_a_file_is_packed_for_whoever_takes_it_so(web: TestClient, accepted: str, packed: bool) -> None:
    answer = web.simulate_get("/app.css", headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == ("gzip" if packed else None)
    plain = (STATIC / "app.css").read_bytes()
    assert (gzip.decompress(answer.content) if packed else answer.content) == plain
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_a_packed_script_is_the_same_line_by_line_but_for_its_remarks() -> None:
    for asset in load_assets():
        if asset.path.endswith(".js"):
            plain, packed = asset.body.splitlines(), gzip.decompress(asset.packed or b"").splitlines()
            packed += [b""] * (len(plain) - len(packed))
            assert {
                one for one in map(bytes.strip, packed) if one.startswith((b"//", b"/**")) and one.endswith(b"*/")
            } == set()
            remarks = [line.strip() for line, sent in zip(plain, packed, strict=True) if line != sent]
            odd = [line for line in remarks if not line.startswith((b"//", b"/*", b"*")) and not line.endswith(b"*/")]
            assert odd == [], asset.path


def test_who_has_the_file_is_told_so(web: TestClient) -> None:
    tag = web.simulate_get("/app.js").headers["ETag"]
    assert tag.startswith('W/"')
    for known in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = web.simulate_get("/app.js", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag), known
    assert web.simulate_get("/app.js", headers={"If-None-Match": '"other"'}).status_code == 200
    head = web.simulate_head("/app.js")
    assert (head.status_code, head.content, head.headers["ETag"]) == (200, b"", tag)


def test_what_is_not_there_stays_a_problem_in_json(web: TestClient) -> None:
    for path in ("/nope.js", "/index.html", "/week/", "/week", "/vendor/../app.js", "/app.js/"):
        answer = web.simulate_get(path)
        assert (answer.status_code, answer.json["code"]) == (404, "not_found"), path
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = web.simulate_request(method, "/")
        assert (answer.status_code, answer.json["code"]) == (405, "method_not_allowed")
        assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_a_folders_page_is_found_with_a_slash_too_below_any_prefix(web: TestClient) -> None:
    for method in ("GET", "HEAD"):
        answer = web.simulate_request(method, "/docs/")
        assert (answer.status_code, answer.content, answer.headers["Location"]) == (308, b"", "../docs")


def test_without_the_web_app_there_is_the_api_alone(api: Api, tmp_path: Path) -> None:
    settings = load(overrides={"data_dir": tmp_path, "auth.secret_key": "k" * 64, "web.enabled": False}).settings
    queue = create_queue(settings)
    client = TestClient(create_app(settings, database=connect(settings), queue=queue))
    queue.close()
    for path in ("/", "/app.js", "/docs", "/docs/"):
        assert (client.simulate_get(path).status_code, client.simulate_get(path).json["code"]) == (404, "not_found")
    assert client.simulate_get("/api/v1").json["name"] == "Schediora"


def test_the_service_worker_keeps_what_there_is_under_the_name_of_this_release() -> None:
    worker = next(asset for asset in load_assets() if asset.path == "/sw.js").body.decode()
    release, listed = worker.splitlines()[:2]
    names = json.loads(listed.removeprefix("const FILES = ").removesuffix(";"))
    kept = {asset.path for asset in load_assets() if not asset.path.startswith(("/docs", "/vendor/LICENSES", "/sw.js"))}
    assert {name.removeprefix(".") for name in names} == kept
    assert re.fullmatch(r'const RELEASE = "[0-9a-f]{32}";', release)


def test_the_page_loads_every_module_that_it_needs_at_once() -> None:
    """A module that is found only when another has arrived costs a slow phone one more round trip."""
    needed: set[str] = set()
    waiting = [STATIC / "app.js"]
    while waiting:
        file = waiting.pop()
        name = file.relative_to(STATIC).as_posix()
        if name in needed:
            continue
        needed.add(name)
        if name != "vendor/ui.js":
            found = re.findall(r'^(?:import|export) .*?"(\.[^"]+)";$', file.read_text(encoding="utf-8"), re.MULTILINE)
            waiting += [(file.parent / other).resolve() for other in found]
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    assert set(re.findall(r'rel="modulepreload" href="\./([^"]+)"', page)) == needed - {"app.js"}


def test_the_first_paint_waits_for_the_theme_and_one_stylesheet_alone() -> None:
    """The others stand below what is painted first: the browser goes on with them, and the modules wait for them."""
    for page, own in (("index.html", ""), ("docs/index.html", "docs/")):
        head, body = (STATIC / page).read_text(encoding="utf-8").split("<body>")
        sheets = re.compile(r'<link rel="stylesheet" href="\./([^"]+)">')
        assert sheets.findall(head) == ["app.css"], page
        assert re.findall(r'<script src="\./([^"]+)">', head) == ["theme.js"], page
        shown = {name for name in FILES if name.endswith(".css") and name.startswith("docs/") == bool(own)}
        assert set(sheets.findall(body)) == shown - {"app.css"}, page
        assert 'class="starting"' in body.partition("<link")[0], page


def test_nothing_names_another_server_or_an_absolute_address() -> None:
    written = {name: (STATIC / name).read_text(encoding="utf-8") for name in FILES if not name.endswith(".png")}
    del written["vendor/LICENSES.txt"]
    assert [name for name, text in written.items() if ELSEWHERE.search(text)] == []
    absolute = re.compile(r"""(?:href|src|from|import)[=( ]*["'`]/|url\(["']?/""")
    assert [name for name, text in written.items() if name != "vendor/ui.js" and absolute.search(text)] == []


def test_the_systems_own_table_of_types_is_never_asked() -> None:
    """Windows registries may know `.js` as text/plain, which leaves a blank page."""
    root = STATIC.parents[2]
    code = [file for folder in ("schediora", "cli") for file in (root / folder).rglob("*.py")]
    asking = re.compile(r"^\s*(?:import|from) mimetypes|guess_type\(|add_static_route", re.MULTILINE)
    assert len(code) > 100
    assert [file.name for file in code if asking.search(file.read_text(encoding="utf-8"))] == []


def test_nothing_in_the_app_turns_text_into_markup_or_code() -> None:
    risky = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|dangerouslySet|\beval\(|new Function")
    own = [name for name in FILES if name.endswith(".js") and not name.startswith("vendor/")]
    assert [name for name in own if risky.search((STATIC / name).read_text(encoding="utf-8"))] == []


def test_no_file_of_the_app_is_long() -> None:
    own = [name for name in FILES if name.endswith((".js", ".css", ".html")) and not name.startswith("vendor/")]
    lines = {name: len((STATIC / name).read_text(encoding="utf-8").splitlines()) for name in own}
    assert {name: count for name, count in lines.items() if count > 300} == {}


def test_the_vendored_file_is_the_one_that_was_looked_at_and_its_licences_come_along() -> None:
    assert hashlib.sha256((STATIC / "vendor" / "ui.js").read_bytes()).hexdigest() == UI_SHA256
    licences = (STATIC / "vendor" / "LICENSES.txt").read_text(encoding="utf-8")
    for name in ("preact", "htm", "@preact/signals", "Lucide"):
        assert f"{name}" in licences


def test_no_language_lacks_a_sentence() -> None:
    words = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in (STATIC / "i18n").glob("*.json")}
    assert set(words) == {"en", "id"}
    assert words["en"].keys() == words["id"].keys()
    for key, sentence in words["en"].items():
        assert all(said[key].strip() for said in words.values()), key
        assert set(re.findall(r"\{\w+\}", sentence)) == set(re.findall(r"\{\w+\}", words["id"][key])), key


def test_the_whole_app_is_small_on_the_wire() -> None:
    sent = [asset for asset in load_assets() if not asset.path.startswith(("/docs", "/vendor/LICENSES"))]
    assert sum(len(asset.packed or asset.body) for asset in sent) < 120_000


def test_the_pages_on_the_api_are_small_beside_the_app() -> None:
    pages = [asset for asset in load_assets() if asset.path.startswith("/docs")]
    assert {"/docs", "/docs/docs.js"} <= {asset.path for asset in pages}
    assert sum(len(asset.packed or asset.body) for asset in pages) < 20_000


def test_every_sentence_that_a_screen_asks_for_is_there() -> None:
    words = json.loads((STATIC / "i18n" / "en.json").read_text(encoding="utf-8"))
    own = [name for name in FILES if name.endswith(".js") and not name.startswith(("vendor/", "docs/"))]
    asked = {key for name in own for key in re.findall(r'\bt\("([^"]+)"', (STATIC / name).read_text(encoding="utf-8"))}
    assert len(asked) > 10
    assert {key for key in asked if key not in words and f"{key}.other" not in words} == set()


def test_every_word_of_the_api_that_a_screen_shows_has_its_own() -> None:
    words = json.loads((STATIC / "i18n" / "en.json").read_text(encoding="utf-8"))
    shown: dict[str, type[StrEnum]] = {
        "kind": Kind,
        "status": SessionStatus,
        "lane": SessionStatus,
        "rating": Rating,
        "stage": JobStage,
        "unit": UnitState,
    }
    wanted = {f"{part}_{value}" for part, values in shown.items() for value in values}
    wanted |= {f"range_{span}" for span in Range}
    refusals = (Code.WEEKLY_PLAN_EXISTS, Code.GENERATION_IN_PROGRESS, Code.QUOTA_EXCEEDED, Code.TOO_MANY_REQUESTS)
    wanted |= {f"cannot_{code}" for code in refusals}
    assert wanted - words.keys() == set()
