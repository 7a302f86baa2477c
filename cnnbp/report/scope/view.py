"""What follows for nobody: what each derivation says that it leaves out, and what the run says of itself."""

from __future__ import annotations

from ..setting import Setting


def scope(setting: Setting) -> list[str]:
    """Both, each sentence once."""
    document, speech = setting.document, setting.speech
    told = [speech.told(words) for derivation in document.derivations for words in derivation.not_covered]
    return list(dict.fromkeys([*told, *map(speech.sentence, document.not_covered)]))
