"""What follows for nobody: what each derivation says that it leaves out, and what the run says of itself."""

from __future__ import annotations

from ..setting import Setting


def scope(setting: Setting) -> list[str]:
    """Both, each sentence once; and whether anything but the evidence says what a whole run has."""
    document, speech = setting.document, setting.speech
    told = [speech.told(words) for derivation in document.derivations for words in derivation.not_covered]
    alone = [speech.say("report.scope.alone")] if setting.installed is None else []
    return list(dict.fromkeys([*told, *map(speech.sentence, document.not_covered), *alone]))
