"""Makes the pictures of the README from the demo district: form, poster and pages of the console. Needs Chromium.

Run ``python3 run.py demo --prepare-only`` before; then ``python -m scripts.pictures [--home FOLDER]`` in the test
environment.
"""

import argparse
import io
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from survey_app import create_app
from survey_app.demo.command import DEFAULT_HOME, OPEN_WAVE, USERNAME, _settings
from survey_app.distribution.posters import poster_pdf
from survey_app.distribution.queries import list_links
from survey_app.foundation.stored_settings import Office
from survey_app.frame.queries import wave_by_name
from testing.browser import FLAGS, served_in_a_thread
from testing.programs import chromium

OUT = Path(__file__).parents[1] / "docs" / "pictures"
MAX_BYTES = 150 * 1024
CONSOLE = {
    "home": "", "returns": "waves/2", "results": "waves/1/results/category?category=primary",
    "year": "assessment/1?category=primary",
}  # fmt: skip


def saved(picture: Image.Image, name: str, width: int) -> None:
    """Small: a palette of 128 colours is enough for text and lines."""
    height = round(picture.height * width / picture.width)
    small = picture.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
    small.quantize(128).save(OUT / name, optimize=True)
    size = (OUT / name).stat().st_size
    print(f"{name}: {size // 1024} KB")
    if size > MAX_BYTES:
        raise SystemExit(f"{name} is larger than {MAX_BYTES // 1024} KB; take a smaller part of the page.")


def shot(browser: Browser, url: str, width: int, height: int, login: str = "", scroll: int = 0) -> Image.Image:
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", device_scale_factor=2)
    page = context.new_page()
    if login:
        page.goto(f"{url.partition('/staff')[0]}/staff/login")
        page.fill("[name=username]", USERNAME)
        page.fill("[name=password]", login)
        page.click("main button")
        page.wait_for_url("**/staff/")
    while (answer := page.goto(url)) is not None and answer.status == 202:
        page.wait_for_timeout(500)  # the results are being prepared
    page.evaluate(f"window.scrollTo(0, {scroll})")
    picture = Image.open(io.BytesIO(page.screenshot()))
    context.close()
    return picture


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=DEFAULT_HOME)
    home: Path = parser.parse_args().home
    OUT.mkdir(parents=True, exist_ok=True)
    app = create_app(_settings(home, "https://s.example.edu.cn"))
    with app.extensions["database"].read_session() as session:
        links = list_links(
            session, wave_by_name(session, OPEN_WAVE), app.extensions["categories"], "https://s.example.edu.cn"
        )
    link = next(link for link in links if link.audience == "parent")
    with app.app_context():
        document = pypdfium2.PdfDocument(
            poster_pdf([link], Office("临江区教育督导室（演示）", "000-0000000"), OPEN_WAVE)
        )
    saved(document[0].render(scale=2).to_pil(), "poster.png", 420)
    document.close()
    with served_in_a_thread(app) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        saved(shot(browser, f"{url}/s/{link.slug}", 360, 640, scroll=1250), "form.png", 330)
        password = (home / "login.txt").read_text()
        for name, path in CONSOLE.items():
            saved(shot(browser, f"{url}/staff/{path}", 1180, 880, password), f"{name}.png", 720)
        browser.close()


if __name__ == "__main__":
    main()
