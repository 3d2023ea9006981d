"""Emoji as words: what a customer means by 👌 or [强].

Only emoji that carry an answer or a mood are mapped; all others are dropped, because to a
classifier trained on sentences they are noise.
"""

from __future__ import annotations

import re

_WORDS = {
    "好的": "👌🆗",
    "赞": "👍💯",
    "谢谢": "🙏",
    "再见": "👋",
    "生气": "😡😠🤬💢😤👎",
    "难过": "😭😢😞",
    "送花": "🌹💐",
}

# WeChat sends its own emoji as bracketed words.
_BRACKETED = {
    "好的": ("ok", "好的", "好"),
    "赞": ("强", "赞", "棒", "鼓掌", "666"),
    "谢谢": ("抱拳", "合十", "谢谢"),
    "再见": ("再见", "拜拜"),
    "生气": ("发怒", "怒", "咒骂", "抓狂", "弱", "生气", "怒骂"),
    "难过": ("流泪", "大哭", "难过", "快哭了"),
    "送花": ("玫瑰", "鲜花"),
}

_BY_EMOJI = {symbol: word for word, symbols in _WORDS.items() for symbol in symbols}
_BY_NAME = {name: word for word, names in _BRACKETED.items() for name in names}

_BRACKET = re.compile(r"[\[［]([a-zA-Z0-9\u4e00-\u9fff]{1,4})[\]］]")
_SYMBOL = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2190-\u21ff\u3030\u303d]|[\ufe0e\ufe0f\u200d\u20e3]"
)


_STARS = re.compile("^\\s*([\u2b50\U0001f31f]{1,5})\ufe0f?\\s*$")
"""A message of nothing but stars is a rating."""


def _bracket_word(match: re.Match[str]) -> str:
    return _BY_NAME.get(match.group(1).lower(), match.group(0))


def _symbol_word(match: re.Match[str]) -> str:
    return _BY_EMOJI.get(match.group(0), "")


def emoji_to_words(text: str) -> str:
    """The text with meaningful emoji as words and the others dropped; a repeated emoji counts once, but for stars."""
    rated = _STARS.sub(lambda match: f"{len(match.group(1))}星", text)
    single = re.sub(r"([\U0001f000-\U0001faff])\1+", r"\1", rated)
    return _SYMBOL.sub(_symbol_word, _BRACKET.sub(_bracket_word, single))
