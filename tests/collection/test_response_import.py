"""Answers from paper: read strictly, the same rows once, cells as spreadsheets spoil them (C-F9, X-F7)."""

from pathlib import Path

import pytest

from testing.district import WAVE, District

HEADER = "school_code,audience,grade,lunch,T1,E1,OV1,C1"
GOOD = "0101,parent,4,no,5,4,5,"


@pytest.fixture
def office(small_district: District) -> District:
    return small_district


def send(
    office: District, tmp_path: Path, lines: list[str], code: int = 0, encoding: str = "utf-8", name: str = "a.csv"
) -> str:
    (tmp_path / name).write_bytes(("\n".join(lines) + "\n").encode(encoding))
    result = office.app.test_cli_runner().invoke(args=["responses", "import", "--wave", WAVE, str(tmp_path / name)])
    assert result.exit_code == code, result.output
    return result.output


def test_a_quotation_mark_that_is_not_closed_is_refused_with_its_line(office: District, tmp_path: Path) -> None:
    """C-F9 (a): "imported 2", one comment of the 40 lines behind it."""
    lines = [HEADER, GOOD, '0101,parent,4,no,4,4,4,"食堂好', *[GOOD] * 40]
    assert "第 3 行的引号没有配对" in send(office, tmp_path, lines, code=1)
    assert office.count("response") == 0


def test_comments_of_several_lines_stay_possible(office: District, tmp_path: Path) -> None:
    """C-F9 (a): strict, but not stricter than the format."""
    send(office, tmp_path, [HEADER, '0101,parent,4,no,4,4,4,"好\n第二行，很好"'])
    assert office.count("comment") == 1


@pytest.mark.parametrize("change", ["bom", "crlf", "semicolons", "column order", "blank column", "utf-16"])
def test_the_same_rows_saved_in_another_way_are_refused(office: District, tmp_path: Path, change: str) -> None:
    """X-F7, C-F9 (b): the digest is of the rows, not of the bytes."""
    lines = [HEADER, GOOD, "0101,parent,5,no,3,3,3,好"]
    send(office, tmp_path, lines)
    encoding = {"bom": "utf-8-sig", "utf-16": "utf-16"}.get(change, "utf-8")
    if change == "crlf":
        lines = [line + "\r" for line in lines]
    elif change == "semicolons":
        lines = [line.replace(",", ";") for line in lines]
    elif change == "column order":
        lines = [",".join(reversed(line.split(","))) for line in lines]
    elif change == "blank column":
        lines = [line + "," for line in lines]
    assert "已经导入过" in send(office, tmp_path, lines, code=1, encoding=encoding, name="b.csv")
    assert office.count("response") == 2


def test_other_rows_are_imported(office: District, tmp_path: Path) -> None:
    send(office, tmp_path, [HEADER, GOOD])
    send(office, tmp_path, [HEADER, GOOD, GOOD], name="b.csv")
    assert office.count("response") == 3


@pytest.mark.parametrize("cell", ["5.0", "５", " 5 "])
def test_codes_as_spreadsheets_write_them(office: District, tmp_path: Path, cell: str) -> None:
    """files, list of poor sentences: 5.0 or ５."""
    send(office, tmp_path, [HEADER, f"0101,parent,4.0,no,{cell},4,5,"])
    assert office.count("response WHERE grade = '4' AND answers LIKE '1%'") == 1


def test_a_label_instead_of_a_code_gets_the_codes(office: District, tmp_path: Path) -> None:
    """C-F9 (c): the sentence was meant for a phone ("choose again")."""
    said = send(office, tmp_path, [HEADER, "0101,parent,4,no,非常满意,4,5,"], code=1)
    assert "列 T1 的值“非常满意”无效：要写选项代码：5 4 3 2 1" in said
    assert "重新选择" not in said


def test_a_lost_zero_is_pointed_out(office: District, tmp_path: Path) -> None:
    """files, list of poor sentences: code 101 for 0101 without a hint."""
    assert "是否应为 0101（前面的 0 丢失了）" in send(office, tmp_path, [HEADER, GOOD[1:]], code=1)


def test_an_answer_to_a_hidden_question_is_said_to_be_left_out(office: District, tmp_path: Path) -> None:
    """C-F9 (c): dropped without a word."""
    said = send(office, tmp_path, [HEADER + ",S4", "0101,parent,4,yes,5,4,5,,3", "0101,parent,4,no,5,4,5,,3"])
    assert "第 3 行：列 S4 按前面的回答不该填，没有计入" in said
    assert "第 2 行" not in said
    assert office.count("response") == 2
