"""Models that think aloud: what they say to their reader, without what they say to themselves."""

import re

_END_OF_THOUGHT = re.compile(
    r"</(?:think|thinking|thought|thoughts|reasoning)>|\[/think\]|"
    r"<\|channel\|>\s?final[^<]{0,20}(?:<\|constrain\|>[^<]{0,20})?<\|message\|>|assistantfinal(?=\s{0,9}[{`])",
    re.IGNORECASE,
)
"""Where thinking ends: DeepSeek's and Qwen's tags, Magistral's, and the final channel of OpenAI's harmony, also as it
looks when a server has dropped the special tokens."""
_THOUGHT = re.compile(
    r"<(?:think|thinking|thought|thoughts|reasoning)>|\[think\]|<\|channel\|>(?:analysis|commentary)", re.IGNORECASE
)


def spoken(content: str) -> str:
    """Return what a model says to its reader: what stands after its last thought, and before one that never ends."""
    start = max((match.end() for match in _END_OF_THOUGHT.finditer(content)), default=0)
    unfinished = _THOUGHT.search(content, start)
    return content[start : unfinished.start() if unfinished else None]
