"""Objects on disk after a kill: what was answered stays, what was cut short is gone."""

from infra.local.objects import drop_half_written


def test_data_without_its_description_was_never_answered_and_is_dropped(tmp_path):
    bucket = tmp_path / "000000000000/documents/incoming"
    bucket.mkdir(parents=True)
    kept = ["whole", "whole.meta.json", "deleted.meta.json"]
    for name in [*kept, "half", "whole2.tmp"]:
        (bucket / name).touch()
    old_version = tmp_path / ".versions/000000000000/documents/v1/incoming"
    old_version.mkdir(parents=True)
    (old_version / "whole").touch()
    drop_half_written(tmp_path)
    assert sorted(file.name for file in bucket.iterdir()) == sorted(kept)
    assert (old_version / "whole").exists()


def test_there_may_be_no_objects_yet(tmp_path):
    drop_half_written(tmp_path / "objects")
