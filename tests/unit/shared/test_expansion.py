import pytest

from shared.errors import InvalidRequestError
from shared.expansion import expand
from shared.vocabulary import Target, Variation
from tests.support.builders import BATCH, batch_request

TELLINGS = (Variation(number=1), Variation(number=2, aspect="hook: a question"))


def test_titles_come_first_then_variations_then_targets() -> None:
    jobs = expand(BATCH, batch_request(titles=("A", "B"), variations=TELLINGS))

    assert [(job.position, job.title, job.variation, job.language) for job in jobs] == [
        (0, "A", 1, "pt-BR"),
        (1, "A", 1, "en-US"),
        (2, "A", 2, "pt-BR"),
        (3, "A", 2, "en-US"),
        (4, "B", 1, "pt-BR"),
        (5, "B", 1, "en-US"),
        (6, "B", 2, "pt-BR"),
        (7, "B", 2, "en-US"),
    ]
    assert jobs[2].aspect == "hook: a question"


def test_the_same_request_gives_the_same_ids() -> None:
    request = batch_request(variations=TELLINGS)

    assert expand(BATCH, request) == expand(BATCH, request)
    assert len({job.job_id for job in expand(BATCH, request)}) == request.total_jobs


def test_the_same_title_twice_is_two_jobs() -> None:
    jobs = expand(BATCH, batch_request(titles=("A", "A")))

    assert len({job.job_id for job in jobs}) == 4


def test_the_same_target_twice_is_one_job() -> None:
    target = Target(language="pt-BR", voice="espeak:pt-BR")

    jobs = expand(BATCH, batch_request(titles=("A",), targets=(target, target)))

    assert [job.position for job in jobs] == [0]


def test_a_batch_without_jobs_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="at least one title"):
        expand(BATCH, batch_request(titles=()))
