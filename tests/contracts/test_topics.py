from shared.events import CATALOG
from shared.topics import ALL, DEAD_LETTERS, DECLARED


def test_every_topic_has_one_event_and_every_event_one_topic() -> None:
    assert {topic.name for topic in DECLARED} == set(CATALOG)


def test_every_reader_has_somewhere_to_put_what_it_cannot_process() -> None:
    readers = {
        f"{topic.name}.{service}.dead" for topic in DECLARED for service in topic.consumed_by
    }
    assert readers == {topic.name for topic in DEAD_LETTERS}


def test_no_name_is_declared_twice() -> None:
    names = [topic.name for topic in ALL]
    assert len(names) == len(set(names))


def test_what_is_joined_by_job_has_as_many_partitions_everywhere() -> None:
    joined = {topic.partitions for topic in DECLARED if "external" in topic.published_by}
    assert len(joined) == 1
