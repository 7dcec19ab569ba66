from bench.makespan import Bound


def test_where_quotas_allow_all_at_once_the_longest_path_is_the_bound() -> None:
    bound = Bound(jobs=800, limit=800, scale=10)

    assert (bound.path, bound.seconds) == (28.0, 28.0)


def test_every_minute_that_a_quota_fills_comes_on_top() -> None:
    bound = Bound(jobs=2_000, limit=800, scale=10)

    assert bound.seconds == 28.0 + 2 * 60
