"""An editor, with its stores."""

from services.gateway.acceptance import Publisher
from services.gateway.editing.editor import Editor, Texts
from services.gateway.store.database import Database
from services.gateway.store.script_versions import ScriptVersionStore
from services.gateway.store.works import WorkStore


def editor(database: Database, room: Texts, publisher: Publisher) -> Editor:
    """Return the editor of a gateway."""
    return Editor(
        works=WorkStore(database),
        versions=ScriptVersionStore(database),
        room=room,
        publisher=publisher,
    )
