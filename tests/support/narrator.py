"""A narrator with everything it needs in memory."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from services.narrator.cast import Cast
from services.narrator.desks import Desks
from services.narrator.handler import Narrator
from services.narrator.speaking import Speaker
from services.narrator.studio import Studio
from shared.events import AudioReady, ScriptAdapted
from shared.providers.tts import Speakers
from tests.support.artefacts import FakeArtefacts
from tests.support.builders import script_adapted

STORY = {
    "pt-BR": "Era uma vez uma abelha que não sabia voar. Todas as manhãs, subia até a borda.\n\n"
    "Ninguém acreditava nela. Mas ela não desistiu!",
    "en-US": "Once upon a time there was a bee that could not fly. Every morning she climbed.\n\n"
    "Nobody believed her. But Dr. Smith did!",
    "ja-JP": "むかしむかし、とべないはちがいました。まいあさ、すのはしまでのぼりました。\n\n"
    "だれもしんじませんでした。",
    "hi-IN": "एक समय की बात है, एक मधुमक्खी थी जो उड़ नहीं सकती थी।\n\nकिसी ने विश्वास नहीं किया।",
    "ar-XA": "كان يا ما كان، كانت هناك نحلة لا تعرف الطيران.\n\nلم يصدقها أحد، لكنها لم تستسلم.",
    "th-TH": "กาลครั้งหนึ่งนานมาแล้ว มีผึ้งตัวหนึ่งที่บินไม่ได้\n\nไม่มีใครเชื่อมัน แต่มันไม่เคยยอมแพ้",
}


async def espeak_only(_: UUID) -> Speakers:
    return Speakers(("espeak",))


class Room:
    """A narrator with everything it needs, and what came of it."""

    def __init__(self, cast: Cast) -> None:
        self.artefacts = FakeArtefacts()
        self.reports: list[tuple[UUID, str]] = []
        self.narrator = Narrator(
            artefacts=self.artefacts,
            speaker=Speaker(self.artefacts, cast),
            studio=Studio(self.artefacts, Desks(1, ThreadPoolExecutor)),
            speakers=espeak_only,
            report=lambda job_id, line: self.reports.append((job_id, line)),
        )

    async def narrate(self, event: ScriptAdapted) -> AudioReady:
        (ready,) = await self.narrator(event)
        return ready

    def text(self, ready: AudioReady, part: str) -> str:
        return self.artefacts.objects[getattr(ready, part).key].decode()


def tone(**changes: object) -> ScriptAdapted:
    return script_adapted(**{"voice": "tone:pt-BR", "text": STORY["pt-BR"], **changes})
