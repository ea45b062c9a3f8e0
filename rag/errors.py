"""Every error this program raises on purpose.

    RagError                 anything below; its message is one sentence a person can act on
    ├── InputError           what the caller gave cannot be used (exit code 2)
    │   ├── FolderError      the folder of documents is missing, or not a folder
    │   │   └── NoDocumentsError   it is there, and holds nothing that can be read
    │   └── SettingsError    an unknown key or an impossible value in `RAG_*` or `rag.toml`
    ├── ReadError            one file cannot be read; the rest of the folder goes in
    │   ├── NoTextError      it is whole and holds no text
    │   └── TooLargeError    it is larger, or unpacks to more, than is read
    ├── StoreError           the index cannot be opened or written
    │   └── HeldError        another process holds it
    ├── StoppedError         indexing was stopped; what was done is kept
    ├── EmbedderError        the embedding model cannot be loaded
    └── ModelError           the language model is unreachable, slow, or answers nonsense

Knows nothing else.
"""

from __future__ import annotations

from typing import Literal

MEND = "mend it from the documents: python -m rag doctor --repair --docs FOLDER"
"""What helps where a part of the index is damaged."""


class RagError(Exception):
    """Base of all errors raised on purpose; `str()` is one sentence: what, which value, how to mend it."""


class InputError(RagError):
    """What the caller gave cannot be used."""


class FolderError(InputError):
    """The folder of documents is missing, is not a folder, or holds nothing readable."""


class NoDocumentsError(FolderError):
    """The folder of documents is there, and holds nothing that can be read, or not yet."""


class SettingsError(InputError):
    """An unknown key, or a value that cannot be used, in `RAG_*` or `rag.toml`."""


class ReadError(RagError):
    """One file cannot be read. The index skips it, reports it by name, and goes on."""

    state: Literal["unreadable", "empty", "too large"] = "unreadable"


class NoTextError(ReadError):
    """A file that is whole and holds no text, like a scanned PDF."""

    state = "empty"


class TooLargeError(ReadError):
    """A file larger than is read, or that unpacks to more."""

    state = "too large"


class StoreError(RagError):
    """The index cannot be opened, or another process holds it."""


class HeldError(StoreError):
    """Another process holds the index."""


class StoppedError(RagError):
    """Indexing was stopped from another thread; what was done is kept."""


class EmbedderError(RagError):
    """The embedding model cannot be loaded."""


class ModelError(RagError):
    """The language model is unreachable, too slow, or answered something unusable."""
