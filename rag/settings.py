"""Settings: `RAG_*` environment variables over `rag.toml` over the embedded defaults.

Says what may be set and what a value must look like; does not know how the values are used.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from rag.errors import SettingsError

PREFIX = "RAG_"
FILE = "rag.toml"
PASSWORD_LENGTH = 12
"""Letters at least: guesses at the page are slowed down, but may go on for months."""


class Settings(BaseSettings):
    """Everything that can be set. Without any of it, the embedded models run and nothing is downloaded."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, toml_file=FILE, extra="forbid", frozen=True)

    home: Path | None = Field(None, description="where indexes live; default: `.rag` beside the folder")
    embedder: str = Field("", description="sentence-transformers model, name or path; empty: embedded MiniLM")
    reranker: str = Field("", description="cross-encoder, name or path; empty: embedded sentence ranker")
    reader: str = Field("", description="question-answering model, name or path; empty: embedded passage reader")
    nli: str = Field("", description="entailment model that joins the check, name or path; empty: embedded checker")
    llm_url: str = Field("", description="base URL of an OpenAI-compatible server; empty: embedded SmolLM2")
    llm_model: str = Field("", description="model name at that server")
    llm_api_key: str = Field("", description="key for that server", repr=False)
    llm_context: int = Field(4096, ge=512, description="context window of the language model, tokens")
    llm_timeout: float = Field(60.0, gt=0, description="seconds to wait for the language model")
    phrase: Literal["auto", "never"] = Field("auto", description="`never`: quote only, no language model")
    password: str = Field("", description="asked for by the page; needed where others can reach it", repr=False)
    history: Literal["home", "browser"] = Field(
        "home", description="where the page keeps conversations: beside the index, or in each reader's browser"
    )
    refuse_below: float = Field(
        0.2, ge=0, le=1, description="refuse when the confidence is below this; 0 never refuses, 1 always"
    )
    doubt_below: float = Field(
        0.3, ge=0, le=1, description="say above the answer that it may not be one when the confidence is below this"
    )

    @field_validator("password")
    @classmethod
    def _is_long_enough(cls, password: str) -> str:
        if 0 < len(password) < PASSWORD_LENGTH:
            raise ValueError(f"it needs at least {PASSWORD_LENGTH} characters")
        return password

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**overrides: Any) -> Settings:
    """Read the settings; `overrides` win over the environment, which wins over `rag.toml`.

    Raises:
        SettingsError: an unknown `RAG_*` variable or key, or a value that cannot be used.
    """
    import os

    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    unknown = sorted(name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known)
    if unknown:
        raise SettingsError(f"Unknown setting {unknown[0]}; the known ones are {', '.join(sorted(known))}.")
    try:
        return Settings(**overrides)
    except ValidationError as exc:
        raise SettingsError(_sentence(exc)) from exc
    except ValueError as exc:  # malformed TOML
        raise SettingsError(f"{FILE} cannot be read: {exc}.") from exc


def _sentence(exc: ValidationError) -> str:
    first = exc.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"Unknown setting {name!r} in {FILE}; the known ones are {', '.join(Settings.model_fields)}."
    field = Settings.model_fields.get(name)
    shown = field is None or field.repr  # keys and passwords are not
    refused = f"cannot be {first['input']!r}" if shown else "cannot be used as it is"
    return f"Setting {name} {refused}: {first['msg'].removeprefix('Value error, ')}."
