"""Model cards: what a model is, what it was made of and how, and the figures that training measured. Pure text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.models.figures import CheckerFigures, RankerFigures, ReaderFigures
from rag.rank import CONTEXT_WORDS, MAX_TOKENS, TITLE_WORDS
from rag.reader import MAX_TOKENS as READER_TOKENS

FILE = "README.md"
DATA = """SQuAD 1.1 train pieces (CC BY-SA 4.0), Natural Questions (QED, CC BY-SA 3.0; lost-in-the-middle, MIT, text \
CC BY-SA 4.0), AfriQA (CC BY 4.0), TimeQA train (BSD-3-Clause), FairytaleQA (Apache-2.0), QAMR (MIT), COVID-QA \
(Apache-2.0), Quoref (CC BY 4.0), PolicyQA (MIT)"""
OWN = ", and documents with questions written for this project, near misses among them (MIT)"
BESIDE = "reader.jsonl and of written folders"
"""What a run read that also read written folders."""
CLAIMS = """FEVER dev with gold evidence (CC BY-SA 3.0), Fool Me Twice (Apache-2.0), SummEdits (Apache-2.0), BoolQ \
(CC BY-SA 3.0), and statements made from SQuAD, Natural Questions, AfriQA, TimeQA, FairytaleQA, QAMR, COVID-QA and \
Quoref (licences as for the ranker)"""
LIMITS = """Limits: English; two thirds of its training text is Wikipedia and hardly any of it news; most of what \
speaks against an answer was made by rule."""
WRITTEN = """ What was written for this project (news, rules, manuals, minutes, letters, reports, …) is all invented, \
the work of a large language model, and tidier than people's texts are."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of training: what was read of, how long, and from which seed."""

    data: str
    read: int
    minutes: float
    seed: int


def ranker_card(
    *,
    before: RankerFigures,
    full: RankerFigures,
    int8: RankerFigures,
    bins: Sequence[tuple[int, float, float]],
    runs: Sequence[Run],
    temperature: float,
) -> str:
    """The card of the sentence ranker; of the runs the last made these weights out of those before."""
    rows = _measured(
        (before, full, int8),
        (
            ("the answering sentence first", "first"),
            ("AUC, answered against not, by the best logit", "area"),
            ("right sentence, or rightly none", "decided"),
            ("expected calibration error", "error"),
        ),
    )
    return f"""# sentence-ranker

Does this sentence answer this question? A cross-encoder with one logit, compared with 0: it ranks sentences, and says
when none answers.

| | |
|---|---|
| base | all-MiniLM-L6-v2 (Apache-2.0), 6 layers of 384, embeddings fixed in training |
| input | the question; the sentence, ` \\| `, the last {CONTEXT_WORDS} words of the sentence before it, ` \\| `, the \
first {TITLE_WORDS} words of the title; {MAX_TOKENS} tokens |
| training | listwise softmax over a question's sentences and a null fixed at 0; {_told(runs, "questions")} |
| negatives | the passage's other sentences, sentences that the program's own retriever found in other passages, near \
misses made by rule (another name, year, number, time, word, thing asked for, a denial, an opposite)\
{" and written ones" if _has_written(runs) else ""} |
| data | {DATA}{OWN if _has_written(runs) else ""} |
| file | `model.onnx`: weights and embeddings int8, activations quantised as they come; logits divided by \
{temperature:.2f} |
| made by | `python -m rag.models.train ranker --data FOLDER{" --written FOLDER" if _has_written(runs) else ""}` |
| licence | Apache-2.0, as its base |

Measured on {int8.questions:,} questions over passages that it was not trained on:

| | before, full weights | after, full weights | after, int8 |
|---|---|---|---|
{_table(rows)}

How far its likelihoods (softmax over the sentences and the null, int8) can be believed:

| told | questions | mean told | right |
|---|---|---|---|
{_table(_bins(bins))}

{LIMITS}{WRITTEN if _has_written(runs) else ""}
"""


def reader_card(*, full: ReaderFigures, int8: ReaderFigures, runs: Sequence[Run]) -> str:
    """The card of the reader."""
    rows = _measured(
        (full, int8),
        (
            ("words shared by answer and span, F1", "overlap"),
            ("the span touches the answer", "touched"),
            ("AUC, answered against not, by the best span", "area"),
            ("touched, or rightly none", "decided"),
        ),
    )
    return f"""# passage-reader

Where in this text does the answer to this question stand, if it does? Two logits for each word piece, for the answer's
first and for its last; the piece that opens the pair stands for "not here".

| | |
|---|---|
| base | the sentence ranker, itself all-MiniLM-L6-v2 (Apache-2.0), embeddings fixed in training |
| input | the question; the first {TITLE_WORDS} words of the title, ` \\| `, the text; {READER_TOKENS} tokens |
| training | cross entropy over the places of the first and the last piece; {_told(runs, "questions")} |
| negatives | the hardest other passage by word overlap, and near misses made by rule (another name, year, number, \
time, word, thing asked for, a denial, an opposite){" and written ones" if _has_written(runs) else ""} |
| data | {DATA}{OWN if _has_written(runs) else ""} |
| file | `model.onnx`: weights and embeddings int8, activations quantised as they come |
| made by | `python -m rag.models.train reader --data FOLDER{" --written FOLDER" if _has_written(runs) else ""}` |
| licence | Apache-2.0, as its base |

Measured on {int8.questions:,} questions over passages that it was not trained on:

| | full weights | int8 |
|---|---|---|
{_table(rows)}

{LIMITS}{WRITTEN if _has_written(runs) else ""}
"""


def checker_card(*, full: CheckerFigures, int8: CheckerFigures, runs: Sequence[Run]) -> str:
    """The card of the checker."""
    rows = _measured(
        (full, int8),
        (
            ("claims put into their class", "right"),
            ("contradicted and untold claims not called supported", "caught"),
            ("supported claims not called so", "rejected"),
        ),
    )
    return f"""# claim-checker

Does this evidence support this claim, contradict it, or neither? A cross-encoder with three logits: supported,
contradicted, not enough.

| | |
|---|---|
| base | the sentence ranker, itself all-MiniLM-L6-v2 (Apache-2.0), embeddings fixed in training |
| input | the evidence; the claim |
| training | cross entropy; {_told(runs, "claims")} |
| data | {CLAIMS} |
| file | `model.onnx`: weights and embeddings int8, activations quantised as they come |
| made by | `python -m rag.models.train checker --data FOLDER` |
| licence | Apache-2.0, as its base |

Measured on {int8.claims:,} claims over passages that it was not trained on:

| | full weights | int8 |
|---|---|---|
{_table(rows)}

{LIMITS}
"""


def _has_written(runs: Sequence[Run]) -> bool:
    return any(run.data == BESIDE for run in runs)


def _told(runs: Sequence[Run], what: str) -> str:
    """What each run read, in their order."""
    said = (f"{run.read:,} {what} of {run.data} in {run.minutes:.0f} minutes (seed {run.seed})" for run in runs)
    return ", then ".join(said)


def _measured(figures: Sequence[object], named: Sequence[tuple[str, str]]) -> list[tuple[str, ...]]:
    """A row for each figure, by its name in words and in the data, with a column for each time it was measured."""
    return [(name, *(f"{getattr(one, field):.3f}" for one in figures)) for name, field in named]


def _table(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _bins(bins: Sequence[tuple[int, float, float]]) -> list[tuple[str, ...]]:
    width = 1 / len(bins)
    return [
        (f"{at * width:.1f}–{(at + 1) * width:.1f}", str(count), f"{told:.2f}", f"{right:.2f}")
        for at, (count, told, right) in enumerate(bins)
        if count
    ]
