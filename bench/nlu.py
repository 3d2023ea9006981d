"""`make bench-nlu`: our pipeline beside stock Rasa Chinese, same training data, same held-out sentences, one run.

python bench/nlu.py                                    our data: tables and picture into docs/
python bench/nlu.py --train a.yml --test b.yml         any intent data set (Rasa NLU YAML, or lines "intent<TAB>text")
python bench/nlu.py --pipelines ours,diet              only some
python bench/nlu.py --diet-all                         DIET on all of our sentences too: hours

DIET takes minutes an epoch on all our sentences, so all pipelines are compared on FEW sentences an intent, and those
that can be on everything as well. The ranking of questions is measured by bench/faq.py in the service's environment.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
    os.environ.setdefault(threads, "1")

# Rasa would take what it trained before from its cache, and training would cost nothing.
os.environ["RASA_MAX_CACHE_SIZE"] = "0"

from bot import startup  # noqa: E402

startup.prepare()

import yaml  # noqa: E402 - Rasa and what it brings come after the preparation
from rasa.core.agent import Agent  # noqa: E402
from rasa.model_training import train_nlu  # noqa: E402

PIPELINES = {
    "ours": ("this project (config.yml)", "config.yml"),
    "diet": ("stock Rasa Chinese: jieba + counts + DIET, 100 epochs", "bench/nlu_stock/diet.yml"),
    "logreg": ("stock features + LogisticRegressionClassifier", "bench/nlu_stock/logistic_regression.yml"),
}
REFUSALS = ("out_of_scope", "nlu_fallback")
SEED = 20261121
FEW = 40
SLOW = "diet"
ROOT = Path(__file__).resolve().parent.parent
OURS = Path("data/nlu")
COSTLY = ("request_human", "file_complaint")

Sentence = tuple[str, str]
Judged = list[tuple[str, str, str]]  # sentence, intent meant, intent understood


@dataclass(frozen=True)
class Result:
    """What one pipeline understood of the held-out sentences, and what it cost."""

    name: str
    train_s: float
    message_ms: float
    judged: Judged

    @property
    def accuracy(self) -> float:
        return sum(meant == found for _, meant, found in self.judged) / len(self.judged)

    @property
    def macro_f1(self) -> float:
        intents = {meant for _, meant, _ in self.judged}
        return sum(map(self._f1, intents)) / len(intents)

    def _f1(self, intent: str) -> float:
        right = sum(meant == found == intent for _, meant, found in self.judged)
        named = sum((meant == intent) + (found == intent) for _, meant, found in self.judged)
        return 2 * right / named

    @property
    def foreign_recognised(self) -> float | None:
        """The share of out-of-scope sentences recognised; None when the set has none."""
        found = [found in REFUSALS for _, meant, found in self.judged if meant in REFUSALS]
        return sum(found) / len(found) if found else None

    @property
    def ours_refused(self) -> float:
        refused = [found in REFUSALS for _, meant, found in self.judged if meant not in REFUSALS]
        return sum(refused) / len(refused)

    @property
    def costly_mistakes(self) -> int:
        return sum(found in COSTLY and found != meant for _, meant, found in self.judged)


# -- data ---------------------------------------------------------------------------------


def read_sentences(path: Path) -> list[Sentence]:
    """(sentence, intent) of a file or a folder: Rasa NLU YAML, or lines of intent, tab, sentence."""
    if path.is_dir():
        return [sentence for file in sorted(path.glob("*.yml")) for sentence in read_sentences(file)]
    content = path.read_text(encoding="utf-8")
    return _from_yaml(content) if path.suffix in (".yml", ".yaml") else _from_lines(content)


def _from_yaml(content: str) -> list[Sentence]:
    blocks = yaml.safe_load(content)["nlu"]
    return [(line.removeprefix("- "), block["intent"]) for block in blocks for line in block["examples"].splitlines()]


def _from_lines(content: str) -> list[Sentence]:
    rows = (line.split("\t", 1) for line in content.splitlines() if "\t" in line)
    return [(text.strip(), intent.strip()) for intent, text in rows]


def few(sentences: Sequence[Sentence], examples: int) -> list[Sentence]:
    """That many sentences of each intent, chosen by a fixed seed; all of them for 0."""
    if not examples:
        return list(sentences)
    chosen: dict[str, list[Sentence]] = {}
    for sentence in random.Random(SEED).sample(list(sentences), len(sentences)):
        if len(chosen.setdefault(sentence[1], [])) < examples:
            chosen[sentence[1]].append(sentence)
    return [sentence for group in chosen.values() for sentence in group]


def write_training_data(sentences: Sequence[Sentence], folder: Path) -> Path:
    """The training sentences as one file that `rasa train nlu` reads."""
    grouped: dict[str, list[str]] = {}
    for text, intent in sentences:
        grouped.setdefault(intent, []).append(text.replace("\n", " "))
    blocks = [{"intent": intent, "examples": _listed(texts)} for intent, texts in grouped.items()]
    path = folder / "nlu.yml"
    path.write_text(yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True), encoding="utf-8")
    return path


def _listed(texts: Sequence[str]) -> str:
    return "".join(f"- {text}\n" for text in texts)


# -- measuring ------------------------------------------------------------------------------


def measure(key: str, training: Path, held_out: Sequence[Sentence], folder: Path) -> Result:
    """Train a pipeline on the file, then ask it about each held-out sentence."""
    name, config = PIPELINES[key]
    started = time.process_time()
    model = train_nlu(config, str(training), str(folder / key))
    train_s = time.process_time() - started
    agent = Agent.load(model)
    judged, message_s = _judge(lambda text: asyncio.run(agent.parse_message(text)), held_out)
    return Result(name, train_s, message_s * 1000, judged)


def _judge(parse: Callable[[str], dict[str, Any]], held_out: Sequence[Sentence]) -> tuple[Judged, float]:
    """Verdicts, and CPU seconds a message; the first message warms up and is not counted."""
    parse(held_out[0][0])
    started = time.process_time()
    judged = [(text, intent, _same_name(parse(text)["intent"]["name"])) for text, intent in held_out]
    return judged, (time.process_time() - started) / len(held_out)


def _same_name(intent: str) -> str:
    """The stock fallback's name for what we call out_of_scope: both count as refused."""
    return "out_of_scope" if intent in REFUSALS else intent


# -- reporting ------------------------------------------------------------------------------


def table(results: Sequence[Result]) -> str:
    """A Markdown table of all pipelines."""
    head = (
        "| pipeline | accuracy | macro F1 | out of scope recognised | own refused | wrongly a person or a complaint "
        "| training CPU s | CPU ms a message |\n|---|---|---|---|---|---|---|---|\n"
    )
    return head + "".join(map(_row, results))


def _row(result: Result) -> str:
    foreign = "" if result.foreign_recognised is None else f"{result.foreign_recognised:.3f}"
    return (
        f"| {result.name} | {result.accuracy:.3f} | {result.macro_f1:.3f} | {foreign} | {result.ours_refused:.3f} "
        f"| {result.costly_mistakes} | {result.train_s:.0f} | {result.message_ms:.1f} |\n"
    )


def mistakes(result: Result) -> str:
    """The sentences a pipeline misunderstood, one a line."""
    wrong = [f"- {text}: {meant} -> {found}\n" for text, meant, found in result.judged if meant != found]
    return "".join(wrong)


def draw_confusion(result: Result, path: Path) -> None:
    """The confusion matrix as a picture; rows are what was meant."""
    import matplotlib

    matplotlib.use("Agg")
    import numpy as np
    from matplotlib import pyplot

    intents = sorted({intent for _, meant, found in result.judged for intent in (meant, found)})
    counts = np.zeros((len(intents), len(intents)))
    for _, meant, found in result.judged:
        counts[intents.index(meant), intents.index(found)] += 1
    figure, axes = pyplot.subplots(figsize=(11, 10))
    axes.imshow(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1), cmap="Blues", vmin=0, vmax=1)
    for row, column in np.argwhere(counts):
        shade = "white" if row == column else "black"
        axes.text(column, row, int(counts[row, column]), ha="center", va="center", fontsize=7, color=shade)
    axes.set_xticks(range(len(intents)), intents, rotation=90, fontsize=7)
    axes.set_yticks(range(len(intents)), intents, fontsize=7)
    axes.set_xlabel("understood")
    axes.set_ylabel("meant")
    figure.tight_layout()
    figure.savefig(path, dpi=110)


def run(keys: Sequence[str], train: Sequence[Sentence], held_out: Sequence[Sentence]) -> list[Result]:
    """Each pipeline trained on the same sentences and asked the same ones; the table is printed."""
    print(f"{len(train)} training sentences, {len(held_out)} held-out sentences", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        training = write_training_data(train, Path(scratch))
        results = [measure(key, training, held_out, Path(scratch)) for key in keys]
    print(table(results), flush=True)
    return results


def questions_table() -> str:
    """recall@1 and @3 of the FAQ (bench/faq.py)."""
    python = ROOT / ".envs" / "helpdesk" / "bin" / "python"
    return subprocess.run([str(python), "bench/faq.py"], cwd=ROOT, capture_output=True, check=True, text=True).stdout


def main() -> None:
    """Measure, print, and leave the tables and the picture in the output folder."""
    options = _options()
    every, held_out = read_sentences(options.train), read_sentences(options.test)
    keys = options.pipelines.split(",")
    if options.examples or options.train != OURS:
        results = run(keys, few(every, options.examples), held_out)
        tables = [f"{options.examples or 'All'} sentences an intent:\n\n{table(results)}"]
    else:
        quick = [key for key in keys if key != SLOW or options.diet_all]
        results = run(quick, every, held_out)
        same = run(keys, few(every, FEW), held_out)
        tables = [
            f"All {len(every)} training sentences:\n\n{table(results)}",
            f"{FEW} sentences an intent:\n\n{table(same)}",
            f"The ranking of questions, without an intent before it:\n\n{questions_table()}",
        ]
    print(f"What {results[0].name} misunderstood:\n{mistakes(results[0])}")
    if options.out:
        (options.out / "images").mkdir(parents=True, exist_ok=True)
        (options.out / "understanding-measured.md").write_text(_report(held_out, tables), encoding="utf-8")
        draw_confusion(results[0], options.out / "images" / "understanding-confusion.png")


def _report(held_out: Sequence[Sentence], tables: Sequence[str]) -> str:
    return (
        "# Understanding, measured\n\n"
        f"Written by `make bench-nlu`: {len(held_out)} held-out sentences (`tests/nlu/heldout/`, worked on: the blind\n"
        "sets are in [understanding.md](understanding.md)), the same for all pipelines, one thread each. A stock\n"
        "fallback counts as out of scope.\n\n"
        + "\n".join(tables)
        + "\n![Confusion matrix: rows meant, columns understood](images/understanding-confusion.png)\n"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", type=Path, default=OURS)
    parser.add_argument("--test", type=Path, default=Path("tests/nlu/heldout"))
    parser.add_argument("--pipelines", default=",".join(PIPELINES))
    parser.add_argument("--examples", type=int, default=0, help="training sentences an intent; 0 takes all")
    parser.add_argument("--diet-all", action="store_true", help="train DIET on all of our sentences too")
    parser.add_argument("--out", type=Path, default=None, help="folder for the tables and the picture")
    options = parser.parse_args()
    if options.out is None and options.train == OURS:
        options.out = Path("docs")
    return options


if __name__ == "__main__":
    main()
