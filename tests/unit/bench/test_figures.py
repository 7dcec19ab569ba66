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


def test_the_picture_is_well_formed_and_names_every_figure() -> None:
    came_out = lines({"starting": STARTING})

    picture = ElementTree.fromstring(draw(came_out))  # noqa: S314 - our own

    said = {text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")}
    assert {line.name for line in came_out} <= said
