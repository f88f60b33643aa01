"""The journal's file: whole lines survive, a torn one is void."""

from pathlib import Path

import pytest

from infra.local.journal import Journal, write_synced


def lines(path: Path) -> list[list[object]]:
    with Journal(path) as journal:
        return list(journal.lines(dict))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal"


def test_what_was_appended_is_read_back_in_order(path):
    with Journal(path) as journal:
        journal.append(b'["a"]\n["b"]\n')
        journal.append(b'["c"]\n')
    assert lines(path) == [["a"], ["b"], ["c"]]


@pytest.mark.parametrize("torn", [b'["c"', b'["c"]', b"\xff", b"["])
def test_a_torn_last_line_is_cut_off_and_the_next_is_whole(path, torn):
    with Journal(path) as journal:
        journal.append(b'["a"]\n' + torn)
    with Journal(path) as again:
        assert list(again.lines(dict)) == [["a"]]
        again.append(b'["d"]\n')
    assert lines(path) == [["a"], ["d"]]


def test_rewriting_replaces_all_and_goes_on(path):
    with Journal(path) as journal:
        journal.append(b'["a"]\n' * 1000)
        journal.rewrite([b'["a"]\n'])
        journal.append(b'["b"]\n')
        assert journal.size == 12
    assert lines(path) == [["a"], ["b"]]


def test_a_file_written_whole_is_the_owners_alone(tmp_path):
    write_synced(tmp_path / "file", b"old")
    write_synced(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"new"
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["file"]
