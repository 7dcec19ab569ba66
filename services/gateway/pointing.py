"""Says what is wrong by the names a client used, where the request was made into another one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from services.gateway.errors import InvalidFieldsError


@contextmanager
def pointing(renamed: Callable[[str], str]) -> Iterator[None]:
    """Rename the pointers of errors that are raised in the body.

    Args:
        renamed: From a pointer into what was made of the request to one into the request.
    """
    try:
        yield
    except InvalidFieldsError as error:
        raise InvalidFieldsError(
            [each.model_copy(update={"pointer": renamed(each.pointer)}) for each in error.errors]
        ) from error
