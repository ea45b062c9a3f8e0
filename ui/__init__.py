"""The web page: `python -m ui [DIR]`. `ui.app` wires it, `ui.render` draws it, `ui.chat` holds a conversation.

Imports nothing here, so that drawing an answer never loads Gradio.
"""

__all__: list[str] = []
