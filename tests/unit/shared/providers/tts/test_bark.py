import asyncio
import dataclasses
import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shared import catalogue
from shared.errors import RefusedError
from shared.providers import tts
from shared.providers.tts import TextToSpeech, bark

INSTALLED = find_spec("torch") is not None and find_spec("transformers") is not None

VOICE = catalogue.voice("v2/pt_speaker_0")

needs_torch = pytest.mark.skipif(
    not INSTALLED, reason="torch and transformers are not installed: the extra `bark`"
)
# The libraries' own, of a model this small and of how they are built.
quiet = pytest.mark.filterwarnings("ignore")


def _configuration() -> object:
    from transformers import BarkConfig

    size = {"num_layers": 1, "num_heads": 2, "hidden_size": 16, "block_size": 1_024}
    codes = {"input_vocab_size": 12_096, "output_vocab_size": 12_096}
    return BarkConfig(
        semantic_config={"input_vocab_size": 129_600, "output_vocab_size": 10_048} | size,
        coarse_acoustics_config=codes | size,
        fine_acoustics_config={"input_vocab_size": 1_056, "output_vocab_size": 1_056} | size,
        codec_config={"num_filters": 4, "hidden_size": 128, "upsampling_ratios": [8, 5, 4, 2]},
    )


def _presets(folder: Path, voice: str) -> None:
    (folder / voice).parent.mkdir(parents=True)
    random = np.random.default_rng(7)
    codes = random.integers(0, 1_024, size=(8, 30))
    parts = {
        "semantic_prompt": random.integers(0, 10_000, size=40),
        "coarse_prompt": codes[:2],
        "fine_prompt": codes,
    }
    paths = {name: f"{voice}_{name}.npy" for name in parts}
    for name, values in parts.items():
        np.save(folder / paths[name], values)
    listed = {"repo_or_path": str(folder), voice: paths}
    (folder / "speaker_embeddings_path.json").write_text(json.dumps(listed))


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch
    from transformers import BarkModel, BertTokenizer
    from transformers.models.bark.generation_configuration_bark import BarkGenerationConfig

    folder = tmp_path_factory.mktemp("bark")
    torch.manual_seed(7)
    model = BarkModel(_configuration())
    model.save_pretrained(folder)
    asked = BarkGenerationConfig(semantic_config={"max_new_tokens": 12}).to_dict()
    (folder / "generation_config.json").write_text(json.dumps(asked))
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "ola", "mundo"]
    (folder / "vocab.txt").write_text("\n".join(words))
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    _presets(folder, VOICE.name)
    return folder


@pytest.fixture
def tiny(weights: Path, monkeypatch: pytest.MonkeyPatch) -> TextToSpeech:
    monkeypatch.setenv("BARK_MODEL", str(weights))
    return tts.create("bark")


@needs_torch
@quiet
async def test_a_tiny_model_speaks_samples(tiny: TextToSpeech, weights: Path) -> None:
    speech = await tiny.speak("ola mundo", voice=VOICE)

    assert speech.sample_rate == 24_000
    assert speech.seconds > 0.05
    assert speech.model == str(weights)
    await tiny.aclose()


@needs_torch
@quiet
async def test_loads_at_the_first_word_and_once(
    tiny: TextToSpeech, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transformers import BarkModel

    loaded: list[object] = []
    original = BarkModel.from_pretrained

    def load(*args: Any, **more: Any) -> Any:
        loaded.append(args)
        return original(*args, **more)

    monkeypatch.setattr(BarkModel, "from_pretrained", load)
    assert not loaded

    await asyncio.gather(*(tiny.speak("ola", voice=VOICE) for _ in range(2)))

    assert len(loaded) == 1


@needs_torch
@quiet
async def test_a_voice_there_is_not_is_refused(tiny: TextToSpeech) -> None:
    with pytest.raises(RefusedError, match="no voice"):
        await tiny.speak("ola", voice=dataclasses.replace(VOICE, name="v2/pt_speaker_99"))


@needs_torch
@quiet
async def test_weights_that_are_not_there_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BARK_MODEL", str(tmp_path / "nothing"))

    with pytest.raises(RefusedError, match="BARK_MODEL"):
        await tts.create("bark").speak("ola", voice=VOICE)


@needs_torch
def test_says_thirteen_seconds_at_a_time_and_one_at_once(tiny: TextToSpeech) -> None:
    can = tiny.capabilities(VOICE)

    assert (can.max_bytes, can.concurrency, can.billable) == (200, 1, False)
    assert not can.rate


@pytest.mark.skipif(INSTALLED, reason="torch and transformers are installed")
def test_without_its_libraries_it_says_what_to_install() -> None:
    assert not bark.configured()
    with pytest.raises(RefusedError, match="extra `bark`"):
        tts.create("bark")


def test_is_never_chosen_for_somebody() -> None:
    assert "bark" not in tts.configured()
