"""Footnote: documents in, verified answers out."""

from rag.errors import (
    EmbedderError,
    FolderError,
    InputError,
    ModelError,
    NoTextError,
    RagError,
    ReadError,
    SettingsError,
    StoreError,
)
from rag.pipeline import AnswerStream, Rag
from rag.settings import Settings, load_settings
from rag.types import (
    Answer,
    Article,
    Citation,
    Coverage,
    Disagreement,
    Document,
    Evidence,
    FileReport,
    Sentence,
    Statement,
    Status,
    Turn,
)

__all__ = [
    "Answer",
    "AnswerStream",
    "Article",
    "Citation",
    "Coverage",
    "Disagreement",
    "Document",
    "EmbedderError",
    "Evidence",
    "FileReport",
    "FolderError",
    "InputError",
    "ModelError",
    "NoTextError",
    "Rag",
    "RagError",
    "ReadError",
    "Sentence",
    "Settings",
    "SettingsError",
    "Statement",
    "Status",
    "StoreError",
    "Turn",
    "load_settings",
]
