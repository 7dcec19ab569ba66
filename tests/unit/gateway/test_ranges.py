import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.errors import RangeNotSatisfiableError
from services.gateway.ranges import Span, parse


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-3", (0, 4)),
        ("bytes=0-", (0, 10)),
        ("bytes=9-", (9, 10)),
        ("bytes=3-100", (3, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-100", (0, 10)),
        ("Bytes = 0-3", None),
        ("BYTES=0-3", (0, 4)),
        (None, None),
        ("", None),
        ("bytes=", None),
        ("bytes=-", None),
        ("bytes=5-3", None),
        ("bytes=0-1,3-4", None),
        ("items=0-3", None),
        ("bytes=a-b", None),
        ("bytes=\u0661-\u0662", None),
    ],
)
def test_reads_a_range_of_ten_bytes(header: str | None, span: tuple[int, int] | None) -> None:
    assert parse(header, 10) == (Span(*span, size=10) if span else None)


@pytest.mark.parametrize(
    ("header", "size"), [("bytes=10-", 10), ("bytes=99-100", 10), ("bytes=-0", 10), ("bytes=0-", 0)]
)
def test_refuses_a_range_past_the_end(header: str, size: int) -> None:
    with pytest.raises(RangeNotSatisfiableError) as caught:
        parse(header, size)

    assert caught.value.headers == {"Content-Range": f"bytes */{size}"}


@given(st.text(alphabet="bytes=-,0123456789 ", max_size=40), st.integers(0, 1000))
def test_a_span_lies_within_its_object(header: str, size: int) -> None:
    try:
        span = parse(header, size)
    except RangeNotSatisfiableError:
        return

    assert span is None or 0 <= span.start < span.end <= size
