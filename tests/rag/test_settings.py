"""Settings: where a value comes from, and what is said of one that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.settings import FILE, PREFIX, Settings, load_settings


def test_nothing_set_means_the_embedded_parts() -> None:
    found = load_settings()
    assert found == Settings()
    assert (found.embedder, found.reranker, found.llm_url, found.home) == ("", "", "", None)


def test_environment_wins_over_file_and_overrides_over_both(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(FILE).write_text('embedder = "file"\nllm_model = "file"\nllm_context = 1024\n', encoding="utf-8")
    monkeypatch.setenv("RAG_LLM_MODEL", "environment")
    monkeypatch.setenv("RAG_LLM_CONTEXT", "2048")
    found = load_settings(llm_context=8192)
    assert (found.embedder, found.llm_model, found.llm_context) == ("file", "environment", 8192)


def test_every_setting_has_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, field in Settings.model_fields.items():
        value = {"phrase": "never", "home": "index"}.get(name, field.default)
        monkeypatch.setenv(f"{PREFIX}{name.upper()}", str(value))
    found = load_settings()
    assert (found.phrase, found.home) == ("never", Path("index"))


def test_every_setting_says_what_it_is() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RAG_LLM_CONTEXT", "many"),
        ("RAG_LLM_CONTEXT", "100"),
        ("RAG_LLM_TIMEOUT", "0"),
        ("RAG_LLM_TIMEOUT", "-1"),
        ("RAG_PHRASE", "sometimes"),
        ("RAG_REFUSE_BELOW", "1.5"),
        ("RAG_REFUSE_BELOW", ""),
    ],
)
def test_impossible_value(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    said = str(caught.value)
    assert name.removeprefix(PREFIX).lower() in said
    assert repr(value) in said
    assert "\n" not in said and "pydantic" not in said


def test_unknown_variable_is_named_with_the_known_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_EMBEDER", "x")
    with pytest.raises(SettingsError, match=r"RAG_EMBEDER.*RAG_EMBEDDER"):
        load_settings()


def test_unknown_key_is_named_with_the_known_ones() -> None:
    Path(FILE).write_text("embeder = 'x'\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"'embeder' in rag\.toml.*embedder"):
        load_settings()


@pytest.mark.parametrize("data", [b"embedder = ", b"embedder = 'x\n", b"\xff\xfe\x00", b"embedder = '\xe9'"])
def test_malformed_file(data: bytes) -> None:
    Path(FILE).write_bytes(data)
    with pytest.raises(SettingsError, match=r"rag\.toml cannot be read"):
        load_settings()


@pytest.mark.parametrize("where", ["environment", "file"])
def test_password_is_long_and_kept_out_of_sight(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def give(password: str) -> Settings:
        if where == "file":
            Path(FILE).write_text(f"password = '{password}'\n", encoding="utf-8")
        else:
            monkeypatch.setenv("RAG_PASSWORD", password)
        return load_settings()

    assert (give("").password, give("a" * 12).password) == ("", "a" * 12)
    assert "aaa" not in repr(load_settings())
    with pytest.raises(SettingsError, match=r"password .* at least 12 characters") as caught:
        give("hunter2")
    assert "hunter2" not in str(caught.value)


def test_key_is_kept_out_of_sight() -> None:
    assert "sk-secret" not in repr(load_settings(llm_api_key="sk-secret"))


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().embedder = "other"
