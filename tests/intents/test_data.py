"""The YAML that translators edit: complete, unambiguous, compiled, and its examples route as they say."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest

import intents
from intents import compile as compiling
from intents import schema, train
from intents.learner import Learner
from intents.router import Router
from intents.tables import Tables, shipped

DATA = schema.load(compiling.FOLDER)
INTENTS = [(one.language, intent) for one in DATA.values() for intent in one.intents.values()]


def only(text: str) -> set[str]:
    return {i.kind for i in intents.route(text, exists=lambda p: False)}


def test_the_compiled_data_are_those_of_the_yaml() -> None:
    compiled = json.loads((compiling.FOLDER / "compiled.json").read_text("utf-8"))
    assert compiled["fingerprint"] == compiling.fingerprint(compiling.FOLDER), "run: python -m intents build"


@pytest.mark.slow
def test_compiling_again_gives_the_same_bytes(tmp_path: Path) -> None:
    for one in DATA:
        shutil.copytree(compiling.FOLDER / one, tmp_path / one)
    assert compiling.write(tmp_path).read_bytes() == (compiling.FOLDER / "compiled.json").read_bytes()


@pytest.mark.slow
def test_training_again_gives_the_same_weights(tmp_path: Path) -> None:
    for one in DATA:
        shutil.copytree(compiling.FOLDER / one, tmp_path / one)
    rows = Path(__file__).parent / "rows"
    made = train.write([rows / "tuned.tsv", rows / "later_tuned.tsv"], tmp_path)
    assert made.read_bytes() == (compiling.FOLDER / "model.json").read_bytes()


@pytest.mark.parametrize("language", DATA)
def test_every_language_covers_every_intent(language: str) -> None:
    assert set(DATA[language].intents) == set(schema.KINDS)
    for intent in DATA[language].intents.values():
        assert intent.match and intent.examples and intent.negative, intent.kind


@pytest.mark.parametrize(("language", "intent"), INTENTS, ids=lambda x: getattr(x, "kind", x))
def test_examples_route_as_they_say(language: str, intent: schema.IntentData) -> None:
    kind = "sse" if intent.kind == "idle" else intent.kind
    assert [line.where for line in intent.examples if only(line.text) != {kind}] == []
    if intent.kind not in ("sse", "idle"):
        assert [line.where for line in intent.negative if intent.kind in only(line.text)] == []


def test_no_sentence_is_two_intents() -> None:
    tables, chance = shipped(), random.Random(11)
    rules = {name: compiling.qualify(n, name.split(".")[0]) for name, n in schema.rules_of(DATA).items()}
    double = []
    for language, intent in INTENTS:
        for line in intent.match:
            tree = compiling.qualify(schema.template(line), language)
            for _ in range(12):
                words = train.draw(tree, rules, chance)
                kinds = {tables.tags[t][0] for t in (a.match(words) for a in tables.main) if t >= 0}
                # sentences of sse and idle are exceptions by definition: they go before the others
                if words and len(kinds - {"sse", "idle"}) > 1 and not kinds & {"sse", "idle"}:
                    double.append((" ".join(words), kinds))
    assert double == []


SPANISH = {
    "common": "language: es\nrules:\n  cosa: ([el|mi] (video|avatar|archivo))\nskip: [por favor, gracias]\n"
    "negate: [(no|todavía no)]\nstrong: [y luego]\nweak: [y]\n",
    "export": "intent: export\nmatch: ['(exporta|descarga) [<cosa>]']\nexamples: [exporta]\nnot: [hola]",
    "credits": "intent: credits\nmatch: ['cuántos créditos [me quedan]', saldo]\nexamples: [saldo]\nnot: [a]",
    "status": "intent: status\nmatch: ['estado', 'está listo']\nexamples: [estado]\nnot: [hola]\n",
    "upload": "intent: upload\nmatch: ['(sube|quiero subir) [una foto]']\nexamples: [sube]\nnot: [a]",
    "sse": "intent: sse\nmatch: ['qué puedes hacer']\nexamples: [hazlo redondo]\nnot: [exporta]\n",
    "idle": "intent: idle\nmatch: ['(hola|perfecto)']\nexamples: [hola]\nnot: [exporta]\n",
}


def folder(root: Path, files: dict[str, str], name: str = "es") -> Path:
    (root / name).mkdir(parents=True)
    for stem, text in files.items():
        (root / name / f"{stem}.yaml").write_text(text, "utf-8")
    return root


def test_a_third_language_is_a_folder(tmp_path: Path) -> None:
    tables = Tables(compiling.compile_folder(folder(tmp_path, SPANISH)))
    blank = Learner({"kinds": intents.KINDS, "bias": [0, 0, 0, 0, 9], "scale": 1.0, "weights": {}})
    router = Router(tables, blank)

    def kinds(text: str) -> list[str]:
        return [i.kind for i in router.route(text, lambda p: False, None, None)]

    assert kinds("Exporta mi video, por favor") == ["export"]
    assert kinds("¿Cuántos créditos me quedan?") == ["credits"]
    assert kinds("hazlo más redondo y luego exporta") == ["sse", "export"]
    assert kinds("no exporta, hazlo azul") == ["sse"]
    assert kinds("perfecto, descarga el avatar") == ["export"]


@pytest.mark.parametrize(
    ("stem", "text", "message"),
    [
        ("export", "intent: export\nmatch:\n  - (exporta\n", "es/export.yaml:3: '(' is never closed"),
        ("export", "intent: export\nmatch:\n  - exporta <nada>\n", "unknown rule <nada>"),
        ("export", "intent: export\nmatch:\n  - exporta {cosa}\n", "es/export.yaml:3: unknown slot {cosa}"),
        ("export", "intent: export\nmatch: [7]\n", "es/export.yaml:2: text is expected, not '7'"),
        ("export", "intent: export\nmatches: [a]\n", "es/export.yaml:2: unknown key 'matches'"),
        ("export", "intent: ship\n", "es/export.yaml:1: 'intent' must be one of"),
        ("export", "intent: status\n", "es/export.yaml:1: the file is called export"),
        ("export", "intent: export\nmatch: [a\n", "es/export.yaml:3:"),
        ("export", "- a\n", "es/export.yaml:1: a mapping is expected"),
        ("export", "intent: export\nintent: export\n", "es/export.yaml:2: 'intent' stands twice"),
        ("common", "language: es\nrules:\n  a: <b>\n  b: <a>\n", "contains itself"),
        ("common", "language: es\nrules:\n  a: '*'\n", "es/common.yaml:3: '*' follows nothing"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, stem: str, text: str, message: str) -> None:
    with pytest.raises(schema.SchemaError) as caught:
        compiling.compile_folder(folder(tmp_path, {**SPANISH, stem: text}))
    assert message in str(caught.value)


def test_a_language_without_an_intent_is_refused(tmp_path: Path) -> None:
    files = {k: v for k, v in SPANISH.items() if k != "status"}
    with pytest.raises(schema.SchemaError, match="es: no file for status"):
        compiling.compile_folder(folder(tmp_path, files))
