from pathlib import Path

from shared.runtime.pressure import Pressure


def test_it_is_the_part_of_the_time_in_which_no_processor_was_free(tmp_path: Path) -> None:
    now, source = [1_000], tmp_path / "schedstat"
    pressure = Pressure(source, clock=lambda: now[-1])
    source.write_text("500 7000 12\n")
    assert pressure.share() == 0.0

    source.write_text("900 7250 20\n")
    now.append(2_000)
    assert pressure.share() == 0.25

    now.append(3_000)
    assert pressure.share() == 0.0


def test_nothing_is_short_where_the_system_does_not_say(tmp_path: Path) -> None:
    assert Pressure(tmp_path / "nothing").share() == 0.0

    (tmp_path / "other").write_text("unknown\n")
    assert Pressure(tmp_path / "other").share() == 0.0
