"""How good the answers are, measured: `python -m eval`.

Read in this order; a module imports only from those above it, and from `rag`:

    known_answers.jsonl   the questions over `seeds/`, their required facts, sources and gold quotes
    facts.py              does a text hold a fact
    metrics.py            numbers from numbers: shares, ranks, percentiles, words
    known.py              one known answer, and an `Answer` scored against it
    seams.py              what the evaluation needs of the program, as Protocols
    run.py                the program asked every known question; the figures of a run
    results.py            results on disk: whole or not at all, named by commit
    baseline.py           the figures of a run against the committed ones (`--check`)
    stock.py              the pipeline of LlamaIndex's docs, beside ours (`--against stock`)
    suite.py              any folder in BEIR's layout (`--suite DIR`)
    report.py             tables in the terminal
"""
