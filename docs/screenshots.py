"""Take the README's screenshots of the web app: `python docs/screenshots.py`.

Of `schediora demo`'s student, so that they show what whoever tries it will see: the week and the progress, on a desktop
in light and on a phone in dark colours. Needs the extra `e2e`, Debian's Chromium, and `pngquant`, which makes a picture
of few colours a third of its size; the pictures go to `docs/images/`.
"""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser

IMAGES = Path(__file__).with_name("images")
COMMAND = Path(sys.executable).with_name("schediora")
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")
MOST_BYTES = 100_000
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 1040}, "color_scheme": "light"}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "color_scheme": "dark",
    "has_touch": True,
    "device_scale_factor": 2,
}
LOOKS = {"desktop": DESKTOP, "phone": PHONE}
SCREENS = {"week": "section.week .session", "progress": ".facts"}


def main() -> None:
    """Start a demonstration, take its pictures, and stop it."""
    from playwright.sync_api import sync_playwright

    IMAGES.mkdir(exist_ok=True)
    demo = subprocess.Popen([COMMAND, "demo", "--no-browser"], stdout=subprocess.PIPE, text=True)
    try:
        assert demo.stdout is not None
        address = next(found[0] for line in demo.stdout if (found := ADDRESS.search(line)))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            for name, look in LOOKS.items():
                take(browser, address, name, look)
    finally:
        demo.terminate()
        demo.wait()


def take(browser: "Browser", address: str, name: str, look: dict[str, Any]) -> None:
    """Take the pictures of one look."""
    page = browser.new_context(**look).new_page()
    page.goto(address)
    page.get_by_role("button", name="Look around").click()
    for screen, seen in SCREENS.items():
        page.evaluate("screen => { location.hash = `#/${screen}`; }", screen)
        page.locator(seen).first.wait_for()
        page.evaluate("document.querySelector('.today .session')?.scrollIntoView({ block: 'nearest' })")
        time.sleep(1)
        file = IMAGES / f"{screen}-{name}.png"
        page.screenshot(path=file, animations="disabled")
        subprocess.run(["pngquant", "--force", "--strip", "--quality", "60-90", "--output", file, file], check=True)
        assert file.stat().st_size <= MOST_BYTES, f"{file} has {file.stat().st_size} bytes"
        print(file)


if __name__ == "__main__":
    main()
