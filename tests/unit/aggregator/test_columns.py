from services.aggregator.store.columns import Columns


def test_rows_become_one_array_for_each_column() -> None:
    columns = Columns("job_id uuid, position int")

    assert columns.of([("a", 1), ("b", 2)]) == [("a", "b"), (1, 2)]
    assert columns.names == ("job_id", "position")


def test_no_rows_are_as_many_empty_arrays() -> None:
    assert Columns("job_id uuid, position int").of([]) == [(), ()]


def test_what_postgresql_cannot_store_is_left_out_of_texts() -> None:
    columns = Columns("error text, voice text")

    assert columns.of([("a\x00b", None), (None, "c")]) == [["ab", None], (None, "c")]


def test_documents_are_sent_as_text_and_parsed_once() -> None:
    rows = Columns("brought jsonb").rows

    assert rows == "(SELECT brought::jsonb FROM unnest($1::text[]) AS v(brought) OFFSET 0) AS u"
