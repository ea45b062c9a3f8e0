"""Answers and records with hostile texts in them, for what exports and reads them."""

from __future__ import annotations

from hypothesis import strategies as st

from rag.record import Record, Source
from rag.types import Answer, Citation, Coverage, Disagreement, Sentence, Statement

HOSTILE = (
    "</script><script>alert(1)</script>", "<!--", "-->", "--!>", "<img src=x onerror=alert(1)>",
    "![x](http://a.example/?q=1)",
    "[a](javascript:alert(1))", "http://a.example/", "www.a.example", "mira@a.example", "<http://a.example>", "# head",
    "- item", "1. item", "1) item", "+ plus", "===", "---", "***", "> quote", "    code", "```", "`", "``x",
    "| a | b |",
    "&lt;", "&#60;", "\\", "\\[", "_a_", "**b**", "~~c~~", "[^1]", "$x$", "\u202etxt.exe", "\u2066", "\x00",
    "\x1b[2J", "\r",
    "\r\n", "\n\n", "\u2028", "\u0085", "\t", "“", "”", "é", "عربي", "😀", "\ufeff", "<details>", "</body>", "${x}",
    "{{x}}", ":smile:",
    '<script type="application/json" id="footnote-record">', "<!-- footnote-record\n{}\n-->", "--", "---->",
)  # fmt: skip
texts = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=12)), max_size=5).map(" ".join)
spaced = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=12)), max_size=5).map("".join)
words = st.one_of(texts, spaced).filter(lambda text: text == text.encode("utf-8", "replace").decode())
maybe = st.one_of(st.none(), words)
offsets = st.integers(0, 2**53)
numbers = st.integers(0, 99)
citations = st.builds(
    Citation, numbers, words, words, maybe, maybe, maybe, words, offsets, offsets, st.lists(words,
    max_size=2).map(tuple), words
)  # fmt: skip
sentences = st.builds(
    Sentence,
    words,
    st.sampled_from(["quoted", "supported", "refused"]),
    st.lists(numbers, max_size=3).map(tuple),
    st.lists(st.tuples(words, words), max_size=2).map(tuple),
    words,
)
statements = st.lists(st.builds(Statement, words, maybe, maybe, words, numbers, words), max_size=3).map(tuple)
answers = st.builds(
    Answer,
    question=words,
    text=words,
    sentences=st.lists(sentences, max_size=3).map(tuple),
    citations=st.lists(citations, max_size=3).map(tuple),
    refused=st.booleans(),
    confidence=st.floats(0, 1),
    closest=st.lists(citations, max_size=2).map(tuple),
    notes=st.lists(words, max_size=2).map(tuple),
    heading=words,
    timeline=statements,
    disagreements=st.lists(st.builds(Disagreement, statements, st.booleans()), max_size=2).map(tuple),
    coverage=st.one_of(st.none(), st.builds(Coverage, offsets, offsets)),
    searched=st.lists(words, max_size=2).map(tuple),
    timings=st.dictionaries(words, st.floats(0, 1000), max_size=2),
    model=words,
    embedder=words,
)
sources = st.builds(Source, words, words, maybe, maybe, maybe, words)
records = st.builds(
    Record, words, words, words, words, st.lists(answers, min_size=1, max_size=2).map(tuple), st.lists(sources,
    max_size=2).map(tuple)
)  # fmt: skip
