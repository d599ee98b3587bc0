"""The comparison of two exports names every difference, and none where only a column's name changed."""

from pathlib import Path

from scripts.compare_exports import main


def folder(path: Path, text: str) -> str:
    path.mkdir()
    (path / "indices.csv").write_text(text, "utf-8-sig")
    return str(path)


def test_equal_exports_are_equal_whatever_a_column_is_called(tmp_path: Path) -> None:
    before = folder(tmp_path / "before", "school_code,se\n0101,1.25\n")
    after = folder(tmp_path / "after", "school_code,se_level\n0101,1.25\n")
    assert main([before, after]) == 1
    assert main([before, after, "--rename", "se=se_level"]) == 0


def test_a_difference_is_named_by_row_and_column(tmp_path: Path, capsys) -> None:  # type: ignore[no-untyped-def]
    before = folder(tmp_path / "before", "school_code,index\n0101,80.00\n0102,70.00\n")
    after = folder(tmp_path / "after", "school_code,index\n0101,80.00\n0102,70.01\n")
    assert main([before, after]) == 1
    assert "indices.csv: row 3 (0102), column index: '70.00' → '70.01'" in capsys.readouterr().out


def test_missing_rows_files_and_empty_folders_are_differences(tmp_path: Path) -> None:
    before = folder(tmp_path / "before", "school_code\n0101\n0102\n")
    after = folder(tmp_path / "after", "school_code\n0101\n")
    (tmp_path / "empty").mkdir()
    assert main([before, after]) == 1
    assert main([before, str(tmp_path / "empty")]) == 1
    assert main([str(tmp_path / "empty"), str(tmp_path / "empty")]) == 1
