"""What a page shows in tables can be taken along, as it stands."""

import csv
import io
import re
from html import unescape

import openpyxl

from survey_app.admin.routes import ROUTES
from survey_app.foundation.paging import ALL_PAGES, page_of
from survey_app.foundation.roles import Role
from survey_app.foundation.route import Method
from survey_app.web.page_tables import has_tables, shown_tables
from testing.console import Clerk
from testing.staff_pages import address

PAGE = """<h1>批次</h1><h2>按学校</h2><table><caption> 回收 </caption><thead>
<tr><th>学校<a class="how" href="#x">怎样算的</a></th><th class="num">家长</th></tr></thead>
<tbody><tr><th>河东<br>小学</th><td class="num">1,200<meter value="1">满</meter></td></tr>
<tr><th>=1+1</th><td class="num">＊</td></tr></tbody><tfoot><tr><td colspan="2">合计</td></tr></tfoot></table>
<form><table><tr><td><input name="weight" value="5"></td></tr></table></form>"""


def test_a_table_is_read_as_a_reader_sees_it_and_a_form_is_none() -> None:
    title, tables = shown_tables(PAGE)
    (table,) = tables
    assert (title, table.title, table.headings) == ("批次", "回收", ["学校", "家长"])
    assert (table.rows, table.is_numeric) == ([["河东 小学", "1,200"], ["=1+1", "＊"], ["合计", ""]], [False, True])
    assert has_tables(PAGE)
    assert not has_tables(PAGE.partition("<form>")[2])
    assert not has_tables(f'<a href="?format=xlsx">Excel</a>{PAGE}')


def test_a_file_has_the_rows_of_every_page() -> None:
    assert page_of(range(60), ALL_PAGES).rows == tuple(range(60))
    assert page_of([], ALL_PAGES).page_count == 1


def cells_of(page: str) -> list[str]:
    """The words in the cells of the tables that are no forms."""
    found = []
    for table in re.findall(r"<table.*?</table>", page.partition("<main")[2], re.S):
        if has_tables(table):
            text = re.sub(r"<(meter|button).*?</\1>|<a class=.how.*?</a>", "", table, flags=re.S)
            cells = re.findall(r"<t[hd][ >].*?</t[hd]>", text, re.S)
            found += [" ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split()).replace(" ", "") for cell in cells]
    return [cell for cell in found if cell]


def test_every_page_with_a_table_gives_it_as_a_file_of_exactly_its_cells(running: Clerk) -> None:
    clerk, district, count = running, running.district, 0
    for route in (route for route in ROUTES if route.method is Method.GET and Role.OFFICE in route.roles):
        place = address(district.app, route)
        answer = clerk.client.get(place)
        if answer.status_code != 200 or answer.mimetype != "text/html" or not cells_of(answer.text):
            continue
        if "data-file" in answer.text:  # a list that is queried page by page gives its own file
            continue
        assert "format=xlsx" in answer.text, place
        complete = clerk.client.get(f"{place}?page=all")
        file = clerk.client.get(f"{place}?page=all&format=csv")
        assert file.mimetype == "text/csv", place
        rows = csv.reader(io.StringIO(file.data.decode("utf-8-sig")))
        found = [cell.replace(" ", "").removeprefix("'") for row in rows for cell in row if cell]
        assert sorted(found) == sorted(cells_of(complete.text)), place
        count += 1
    assert count > 10


def test_a_file_keeps_the_filter_of_the_page_and_figures_are_numbers(running: Clerk) -> None:
    clerk = running
    clerk.open("/staff/roster?q=河东小学")
    link = re.search(r'href="(\?[^"]*format=xlsx)"', clerk.page)
    assert link
    file = clerk.client.get("/staff/roster" + unescape(link[1]))
    rows = list(openpyxl.load_workbook(io.BytesIO(file.data)).active.values)  # type: ignore[union-attr]
    assert [row[0] for row in rows[1:]] == ["河东小学", "合计 1 所"]
    assert (rows[1][1], rows[1][4]) == ("0101", 60)
