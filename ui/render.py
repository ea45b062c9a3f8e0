"""Draws a conversation: questions, answers, footnote chips, what backs each sentence, what could be done next.

Pure functions of their arguments; does not know Gradio, the pipeline or how the page reacts.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag import Answer, Citation, Disagreement, Scope, Sentence, Statement, Status
from rag.answer import covering, reading_of, scope_of
from rag.dates import say
from rag.scope import in_words
from ui.exchange import Exchange
from ui.markup import button, count, escape, origin, title

PEEKED = 320
"""Characters of a quote that are shown while the pointer rests on its chip."""
WAITING = "Looking through the documents"
IN_LINE = "Waiting in line: {ahead} to be answered first"
WRITING = "Writing"
STOPPED = "Stopped here."
STOPPED_EMPTY = "Stopped before there was an answer."
CLOSEST = "Closest I found"
SOURCES = "Sources"
INSTEAD = "You could ask instead"
NEXT = "You could ask next"
DIFFER = "What each source gives"
DATED = "By date"
_QUOTE_MARKS = '"“”„«»'
_CHECKED = (
    "\N{WORD JOINER}"  # no line break before the mark
    '<span class="checked" role="img" aria-label="checked" title="Checked against its source">✓</span>'
)
_LEGEND = (
    ("quoted", "<b>“ ”</b>word for word from its source"),
    ("supported", "<b>✓</b>reworded, and checked against its source"),
)


_FORMATS = (("Markdown", "md"), ("HTML", "html"), ("JSON", "json"))
_EXPORT = (
    '<details class="export"><summary class="icon save" aria-label="Save the conversation" '
    'title="Save the conversation"></summary><div>'
    + "".join(button(label, event="save", format=name) for label, name in _FORMATS)
    + "</div></details>"
)


def conversation(drawn: Sequence[str], *, identity: str = "", busy: bool = False) -> str:
    """The exchanges, already drawn, oldest first.

    Args:
        identity: of the conversation, for the page's address.
        busy: the newest is still being written.
    """
    return (
        f'<div class="conversation" data-id="{escape(identity)}" aria-busy="{str(busy).lower()}">{"".join(drawn)}</div>'
    )


def exchange(shown: Exchange) -> str:
    """One question with its answer, how it stands and what it rests on."""
    answer, number = shown.answer, shown.number
    chips = {citation.number: _chip(citation, number) for citation in answer.citations}
    sentences = "".join(_sentence(sentence, chips) for sentence in answer.sentences)
    return (
        f'<section class="exchange {shown.state}" data-number="{number:d}">'
        f"{_question(shown)}"
        f'<div class="answer">{_heading(answer)}{sentences}{_progress(shown)}</div>'
        f"{_differing(answer.disagreements, chips)}{_timeline(answer, chips)}{_remarks(answer)}"
        f"{_footnotes(SOURCES, answer.citations, number, 'citation')}"
        f"{_footnotes(CLOSEST, answer.closest, number, 'closest', preview=True)}"
        f"{_actions(shown)}{_offered(shown)}</section>"
    )


def message(text: str) -> str:
    """A sentence beside the question box, for what cannot be asked; empty text clears it."""
    return f'<p class="message" role="alert">{escape(text)}</p>' if text else ""


def welcome(status: Status, suggested: Sequence[str]) -> str:
    """What stands in an empty conversation: what is asked here, and questions that the documents answer."""
    offered = "".join(f"<li>{button(escape(text), event='ask', classes='example', q=text)}</li>" for text in suggested)
    listed = f'<ul class="examples" aria-label="Suggestions">{offered}</ul>' if offered else ""
    return (
        '<div class="welcome"><h2>Ask your documents</h2>'
        f"<p>Answers come from <strong>{escape(status.name)}</strong> and nowhere else. "
        "Every sentence is a quote, or was checked against one, and its footnote opens the passage.</p>"
        f"{listed}</div>"
    )


def scoped(scope: Scope) -> str:
    """Which documents are asked, where it is not all of them, and a way back to all."""
    if scope.is_whole:
        return ""
    everything = button("Ask all documents", event="everything", classes="quiet")
    return (
        f'<p class="scoped"><span dir="auto">Asking only documents {escape(in_words(scope))}.</span> {everything}</p>'
    )


def _question(shown: Exchange) -> str:
    edit = "" if shown.is_open else button("", event="edit", classes="icon edit", name="Edit and ask again")
    return f'<header><h2 class="question" dir="auto">{escape(shown.question)}</h2>{edit}</header>'


def _heading(answer: Answer) -> str:
    return f'<p class="heading">{escape(answer.heading)}</p>' if answer.heading else ""


def _sentence(sentence: Sentence, chips: dict[int, str]) -> str:
    text = escape(_quoted(sentence))
    marks = "".join(chips.get(number) or _missing(number) for number in sentence.citations)
    checked = _CHECKED if sentence.support == "supported" else ""
    lead = f'<span class="lead">{escape(sentence.lead)}</span> ' if sentence.lead else ""
    return f'<p class="sentence {sentence.support}" dir="auto">{lead}{text}{marks}{checked}{_dates(sentence)}</p>'


def _quoted(sentence: Sentence) -> str:
    """The sentence, in quotation marks if it is a quote."""
    text = sentence.text
    if sentence.support != "quoted" or _in_quote_marks(text):
        return text
    return f"“{_apart(text[:1])}{text}{_apart(text[-1:])}”"


def _dates(sentence: Sentence) -> str:
    """What the sentence's relative dates come to: a quote from last year says "next month" still."""
    said = "; ".join(f"{phrase}: {say(value)}" for phrase, value in sentence.dates)
    return f' <span class="dates">({escape(said)})</span>' if said else ""


def _in_quote_marks(text: str) -> bool:
    """Whether the whole of it is one quotation already; two of them in a row are not."""
    marks = [place for place, character in enumerate(text) if character in _QUOTE_MARKS]
    return marks == [0, len(text) - 1]


def _apart(neighbour: str) -> str:
    """A thin space where our quotation mark would touch one of the quote's own."""
    return "\N{NARROW NO-BREAK SPACE}" if neighbour in _QUOTE_MARKS else ""


def _chip(citation: Citation, exchange_number: int) -> str:
    """A footnote's number in the text; the script shows its quote on hover and opens its source at a click."""
    said = f"{citation.publisher or citation.title or citation.source}, {say(citation.published)}"
    return (
        '<button type="button" class="chip" data-event="open" data-kind="citation" '
        f'data-exchange="{exchange_number:d}" '
        f'data-footnote="{citation.number:d}" data-origin="{escape(said)}" data-quote="{escape(_cut(citation.quote))}" '
        f'aria-label="{escape(f"Footnote {citation.number:d}: {said}")}">{citation.number:d}</button>'
    )


def _cut(quote: str) -> str:
    return quote if len(quote) <= PEEKED else quote[:PEEKED].rsplit(None, 1)[0] + " …"


def _missing(number: int) -> str:
    """Cannot happen; if it does, the reader sees that the source is missing."""
    return f'<span class="chip missing" title="This source is missing">{number:d}</span>'


def _progress(shown: Exchange) -> str:
    match shown.state:
        case "waiting" if shown.ahead:
            return f'<p class="progress">{IN_LINE.format(ahead=count(shown.ahead, "question"))}</p>'
        case "waiting":
            return f'<p class="progress">{WAITING}</p>'
        case "writing":
            return f'<p class="progress">{WRITING}</p>'
        case "stopped":
            return f'<p class="ended">{STOPPED if shown.answer.sentences else STOPPED_EMPTY}</p>'
        case "failed":
            return f'<p class="problem" role="alert">{escape(shown.problem)}</p>'
        case "done":
            return ""


def _differing(disagreements: Sequence[Disagreement], chips: dict[int, str]) -> str:
    """The values that sources give for one thing, side by side, newest first."""
    tables = "".join(
        f"<tr><td>{escape(said.value or said.text)}</td><td>{origin(said.publisher or said.source, said.published)}"
        f"{chips.get(said.citation, '')}</td></tr>"
        for one in disagreements
        if one.sure  # what only may differ stands below the answer in a few words
        for said in one.statements
    )
    if not tables:
        return ""
    return f'<div class="differing"><h3>{DIFFER}</h3><table><tbody>{tables}</tbody></table></div>'


def _timeline(answer: Answer, chips: dict[int, str]) -> str:
    """The dates of what is cited, from the oldest to the newest, each with its chips."""
    points: dict[str, list[Statement]] = {}
    for said in reversed(answer.timeline):
        points.setdefault(say(said.published), []).append(said)
    if len(points) < 2:
        return ""
    drawn = "".join(
        f'<li><span class="when">{escape(when)}</span> '
        f'<span class="who">{escape(", ".join(dict.fromkeys(s.publisher or s.source for s in group)))}</span>'
        f"{''.join(dict.fromkeys(chips.get(said.citation, '') for said in group))}</li>"
        for when, group in points.items()
    )
    return f'<div class="timeline"><h3>{DATED}</h3><ol>{drawn}</ol></div>'


def _remarks(answer: Answer) -> str:
    """How the answer is backed, in words, and what its reader should know."""
    kinds = {sentence.support for sentence in answer.sentences}
    remarks = [f'<li class="legend">{line}</li>' for kind, line in _LEGEND if kind in kinds]
    said = (covering(answer.coverage) if answer.coverage else "", *answer.notes, reading_of(answer), scope_of(answer))
    remarks += [f'<li class="reader" dir="auto">{escape(note)}</li>' for note in said if note]
    return f'<ul class="remarks">{"".join(remarks)}</ul>' if remarks else ""


def _footnotes(
    heading: str, citations: Sequence[Citation], exchange_number: int, kind: str, *, preview: bool = False
) -> str:
    if not citations:
        return ""
    notes = "".join(_footnote(citation, exchange_number, kind, preview) for citation in citations)
    return f'<div class="footnotes"><h3>{heading}</h3><ol>{notes}</ol></div>'


def _footnote(citation: Citation, exchange_number: int, kind: str, preview: bool) -> str:
    """Number, title, publisher and date, and the quote where no sentence of the answer shows it."""
    quote = f'<span class="preview" dir="auto">{escape(_cut(citation.quote))}</span>' if preview else ""
    label = (
        f'<span class="number">{citation.number:d}</span><span class="title" dir="auto">{title(citation)}</span> '
        f'<span class="origin">{origin(citation.publisher, citation.published)}</span>{quote}'
    )
    opens = button(
        label, event="open", classes="footnote", kind=kind, exchange=exchange_number, footnote=citation.number
    )
    return f"<li>{opens}</li>"


def _actions(shown: Exchange) -> str:
    """What can be done with an answer that has ended: copy it, have it made again, say what one thinks of it."""
    if shown.is_open:
        return ""
    number = shown.number
    actions = [button("", event="again", classes="icon again", name="Ask again", exchange=number)]
    if shown.answer.sentences:
        actions.insert(0, button("", event="copy", classes="icon copy", name="Copy", text=_plain(shown.answer)))
    if shown.state == "done":
        actions.append(_EXPORT)
        actions += [_thumb(shown, "right", "This is right"), _thumb(shown, "wrong", "This is wrong")]
    return f'<div class="actions">{"".join(actions)}</div>'


def _thumb(shown: Exchange, verdict: str, name: str) -> str:
    chosen = " chosen" if shown.verdict == verdict else ""
    return button(
        "", event="rate", classes=f"icon {verdict}{chosen}", name=name, exchange=shown.number, verdict=verdict
    )


def _plain(answer: Answer) -> str:
    """The answer with its footnotes, for the clipboard."""
    sentences = [
        " ".join(filter(None, (sentence.lead and f"{sentence.lead}:", _quoted(sentence))))
        + "".join(f" [{number}]" for number in sentence.citations)
        for sentence in answer.sentences
    ]
    notes = [
        f"[{one.number}] {', '.join(filter(None, (one.title or one.source, one.publisher, say(one.published))))}: "
        f"“{one.quote}”"
        for one in answer.citations
    ]
    return "\n".join([*filter(None, (answer.heading, *sentences)), *([""] if notes else []), *notes])


def _offered(shown: Exchange) -> str:
    if not shown.offered:
        return ""
    asks = "".join(f"<li>{button(escape(text), event='ask', classes='example', q=text)}</li>" for text in shown.offered)
    heading = INSTEAD if shown.answer.refused else NEXT
    return f'<div class="offered"><h3>{heading}</h3><ul class="examples">{asks}</ul></div>'
