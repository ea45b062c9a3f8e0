"""The web page: `python -m ui [DIR]`. `app` wires it, `chat` holds a conversation, `render` draws it.

Imports nothing here, so that drawing an answer never loads Gradio.
"""

__all__: list[str] = []
