from xml.etree import ElementTree

import pytest

from bench.figures import lines
from bench.picture import draw

STARTING = {"stack_seconds": 10.0, "service_seconds": 4.0, "help_seconds": 0.2}


def test_a_figure_is_held_against_its_target() -> None:
    found = {line.name: line for line in lines({"starting": STARTING})}

    assert (found["start of the stack"].ours, found["start of the stack"].met) == (10.0, True)
    assert (found["start of a service"].target, found["start of a service"].met) == (3.0, False)


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    found = {line.name: line for line in lines({})}

    assert {line.met for line in found.values()} == {None}


@pytest.mark.parametrize(("jobs", "met"), [(299.0, False), (300.0, True)])
def test_the_design_beside_it_sets_the_target(jobs: float, met: bool) -> None:
    ran = {
        "jobs_per_second": jobs,
        **dict.fromkeys(("seconds", "again_seconds", "alone_seconds", "beside_seconds"), 1.0),
        "again_provider_calls": 0,
    }

    line = lines({"orchestration": ran, "peer": {"jobs_per_second": 100.0}})[0]

    assert (line.beside, line.target, line.met) == (100.0, 300.0, met)


def test_the_service_that_grew_most_is_what_a_large_batch_is_held_to() -> None:
    processes = {
        which: {name: {"most_bytes": size} for name, size in sizes.items()}
        for which, sizes in {
            "small": {"kafka": 1, "adapter": 100, "gateway": 100},
            "large": {"kafka": 9, "adapter": 105, "gateway": 130},
        }.items()
    }
    scale = {"speed": 0.95, **{which: {"processes": each} for which, each in processes.items()}}

    found = {line.name: line for line in lines({"scale": scale})}

    memory = found["memory of a service in a large batch, of a small one's"]
    assert (memory.ours, memory.met) == (1.3, False)
    assert found["jobs a second of a large batch, of a small one's"].met


def test_the_picture_is_well_formed_and_names_every_figure() -> None:
    came_out = lines({"starting": STARTING})

    picture = ElementTree.fromstring(draw(came_out))  # noqa: S314 - our own

    said = {text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")}
    assert {line.name for line in came_out} <= said
