"""How often Python looks for cycles: seldom, because what messages are made of has none.

Events and rows go when nobody refers to them any more. The collector, left as it is, walks
over thousands of them again and again while a portion of the log is decoded, and takes half
of a fold's time for it.
"""

import gc

# New objects that outlive the others before the youngest are looked at (Python: 700), and
# how often until the older and the oldest are.
NEW, YOUNG, OLD = 50_000, 20, 50
# Of a process that folds: two portions of a log are that many objects, and none is garbage.
FOLDING = 400_000


def settle(new: int = NEW) -> None:
    """Leave alone for ever what is there, and look at what is new less often.

    Called once a process has imported and opened what it needs.

    Args:
        new: New objects before anybody looks at them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(new, YOUNG, OLD)
