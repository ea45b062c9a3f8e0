"""How good the answers are, measured: `python -m eval`.

Read in this order; a module imports only from those above it, and from `rag`:

    known_answers.jsonl   the questions over `seeds/`, their required facts, sources and gold quotes
    folders/              six other folders, each with documents and known answers of its own
    paraphrases.jsonl     to the answerable ones a right and a wrong answer, in free words
    facts.py              does a text hold a fact
    metrics.py            numbers from numbers: shares, ranks, percentiles, words
    curve.py              is the confidence worth anything: the refusal curve, calibration
    support.py            does all that is shown stand where it says
    seams.py              what the evaluation needs of the program, as Protocols
    known.py              one known answer, and an `Answer` scored against it
    run.py                the program asked every known question; the figures of a run
    results.py            results on disk: whole or not at all, named by commit, found again by kind of run
    baseline.py           the figures of a run against the committed ones (`--check`)
    stock.py              the pipeline of LlamaIndex's docs, beside ours (`--against stock`)
    layout.py             test sets on disk: BEIR's layout, and questions with their own documents
    suite.py              any folder in BEIR's layout (`--suite DIR`)
    disagree.py           questions whose own documents need not agree (`--suite DIR`)
    checker.py            how many changed statements are caught, how many true ones rejected (`--checker DIR`)
    scripted.py           what becomes of a model's words that are right, wrong or neither (`--scripted`)
    ablate.py             the program with one part after another left out (`--ablate`)
    program.py            the program opened; the only module that opens a `Rag`
    tables.py             figures as tables, for the terminal and the page alike
    elsewhere.py          other folders than the seeds, each with questions: figures and table (`folders`)
    sufficiency.py        fits the program's confidence on suites: a command of its own
    choosing.py           is the answer in the sentences chosen, with ranker and reader and without (`--sentences`)
    synthetic.py          news-like reports made by rule, as many as are asked for
    ingest.py             indexing beside stock, and by size (`ingest`)
    ingested.py           one folder indexed twice, in a process of its own
    stock_chroma.py       LlamaIndex's pipeline over Chroma, as far as indexing goes
    feedback.py           rated answers as candidates for known ones (`feedback`)
    suite_tables.py       the same for suites and ablations
    ingest_tables.py      the same for indexing
    markdown.py           tables as Markdown
    targets.py            what must be reached, against what was measured
    loaded.py             results files as data again
    last.py               the newest runs over known answers, question by question
    plots.py              the refusal curve, the reliability diagram, figures by size, as SVG
    ingest_page.py        `docs/INGEST.md`
    page_timing.py        how long the page lets people wait: figures and tables (`page`)
    page.py               `docs/EVAL.md`, and the page before (`--report`)
    report.py             tables in the terminal
    orders.py             runs from start to end
    page_server.py        the real page, in a process of its own
    page_browser.py       the page in a real browser, with a clock in it
    page_orders.py        the run of `page`
    suite_orders.py       the same over suites
    elsewhere_orders.py   the same over other folders
    ingest_orders.py      the same for indexing
    commands.py           the command line
"""
