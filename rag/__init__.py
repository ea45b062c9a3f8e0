"""Footnote: documents in, verified answers out."""

from rag.answering import AnswerStream
from rag.errors import (
    EmbedderError,
    FolderError,
    InputError,
    ModelError,
    NoDocumentsError,
    NoTextError,
    RagError,
    ReadError,
    SettingsError,
    StoppedError,
    StoreError,
    TooLargeError,
)
from rag.pipeline import Rag
from rag.recheck import Recheck
from rag.record import Record
from rag.settings import Settings, load_settings
from rag.types import (
    Answer,
    Article,
    Citation,
    Contents,
    Coverage,
    Disagreement,
    Document,
    Evidence,
    FileReport,
    Scope,
    Sentence,
    Statement,
    Status,
    Turn,
    Upkeeping,
)

__all__ = [
    "Answer",
    "AnswerStream",
    "Article",
    "Citation",
    "Contents",
    "Coverage",
    "Disagreement",
    "Document",
    "EmbedderError",
    "Evidence",
    "FileReport",
    "FolderError",
    "InputError",
    "ModelError",
    "NoDocumentsError",
    "NoTextError",
    "Rag",
    "RagError",
    "ReadError",
    "Recheck",
    "Record",
    "Scope",
    "Sentence",
    "Settings",
    "SettingsError",
    "Statement",
    "Status",
    "StoppedError",
    "StoreError",
    "TooLargeError",
    "Turn",
    "Upkeeping",
    "load_settings",
]
