"""What an OpenAI client may send to have a text spoken, and the narration that it becomes."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from services.gateway.drafts import LanguageTag, Name, OptionsDraft, VoiceName
from services.gateway.errors import InvalidFieldsError
from services.gateway.narrating import NarrationDraft
from services.gateway.openai.voices import MODELS, known, voice_of
from services.gateway.problems import FieldError
from services.gateway.texts import Text
from shared.vocabulary import AudioFormat

Format = Literal["mp3", "opus", "aac", "flac", "wav", "pcm"]
FASTEST = 2.0
STYLE_CHARACTERS = 500


def _name(voice: Any) -> Any:
    # The newer clients may send {"id": ...} for a voice.
    return voice.get("id") if isinstance(voice, dict) else voice


class VoiceById(BaseModel):
    """A voice, as the newer clients send it."""

    id: VoiceName = Field(examples=["alloy"])


class SpeechDraft(BaseModel):
    """A text, and how it is to be spoken."""

    model_config = ConfigDict(
        # Clients send what the next version of their API knows.
        extra="ignore",
        json_schema_extra={
            "examples": [{"model": "tts-1", "input": "Good morning!", "voice": "espeak:en-US"}]
        },
    )

    model: Name = Field(
        description=f"One of /v1/models. {', '.join(MODELS)}: whoever speaks the voice.",
        examples=["tts-1"],
        json_schema_extra={"format": "speech-model"},
    )
    input: Text = Field(
        min_length=1, description="What to say; up to 100,000 bytes of UTF-8.", examples=["Hello!"]
    )
    voice: Annotated[
        VoiceName, BeforeValidator(_name, json_schema_input_type=VoiceName | VoiceById)
    ] = Field(
        description="An id of /v1/audio/voices; or a name of OpenAI's (`alloy` ...), for whom "
        "a voice of the text's language stands in.",
        examples=["alloy"],
    )
    response_format: Format = Field(
        default="mp3",
        description="`pcm`: 24 kHz, 16 bit, mono, little-endian, without a header. "
        "`aac` is not made here.",
    )
    speed: float = Field(
        default=1.0,
        ge=0.25,
        le=4.0,
        description=f"At most {FASTEST} is done here.",
        json_schema_extra={"maximum": FASTEST},
    )
    instructions: Text | None = Field(
        default=None,
        description=f"How to speak, for voices that take direction; {STYLE_CHARACTERS} characters.",
        examples=["Warm and slow."],
        json_schema_extra={"maxLength": STYLE_CHARACTERS},
    )
    stream_format: Literal["audio", "sse"] = Field(
        default="audio", description="The file itself, or server-sent events that hold it."
    )
    language: LanguageTag | None = Field(
        default=None,
        description="Not OpenAI's: the language of the text, where the voice does not say it; "
        "else it is read off the text.",
        examples=["pt-BR"],
    )

    def narration(self) -> NarrationDraft:
        """Return what to ask of the pipeline.

        Raises:
            InvalidFieldsError: it cannot be done as it is asked for.
        """
        style = self.instructions or ""
        checks = (
            (self.speed > FASTEST, "speed", f"at most {FASTEST} is done here"),
            (
                len(style) > STYLE_CHARACTERS,
                "instructions",
                f"at most {STYLE_CHARACTERS} characters are taken here",
            ),
            # A bare AAC stream knows neither its length nor its title: it is not made here.
            (self.response_format == "aac", "response_format", "aac is not made here; take opus"),
            (not known(self.model), "model", f"no model {self.model!r}; see /v1/models"),
        )
        if errors := [
            FieldError(pointer=f"/{name}", detail=why) for bad, name, why in checks if bad
        ]:
            raise InvalidFieldsError(errors)
        wav = self.response_format == "pcm"
        return NarrationDraft(
            text=self.input,
            voice=voice_of(self.voice),
            language=self.language,
            provider=None if self.model in MODELS else self.model,
            options=OptionsDraft(
                format=AudioFormat.WAV if wav else AudioFormat(self.response_format),
                speaking_rate=self.speed,
                style=style,
            ),
        )
