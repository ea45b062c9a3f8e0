"""What text looks like that addresses a language model rather than a reader: named patterns in English, nothing else.

Read over folded text (`rag.disguises.fold`): small letters, no accents. Each pattern asks for the form of an order
(an imperative, a marker of the chat format, a model named as the one who reads), not for its topic, so that a
report about such orders, a recipe or a manual is left alone. `rag.tongues` says the same in other languages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.disguises import fold

IGNORE = "tells a model to ignore its instructions or the question"
FORMAT = "poses as part of the prompt's format"
ROLE = "gives a model a role"
ADDRESS = "speaks to a model as its reader"
DICTATE = "dictates a model's answer"
SECRET = "hides something from the user"
REVEAL = "asks for the prompt"
TOOL = "calls a tool"
IMAGE = "sends data out by the address of an image"
SOURCE = "poses as a numbered source"


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern, and where it counts."""

    why: str
    needs: frozenset[str]
    """One of these stands in every match: looking for them costs next to nothing, the pattern is tried only then."""
    pattern: re.Pattern[str]
    opens: bool = False
    """It is an order only where a clause begins: `ignore the above`, not `they ignore the above`."""
    unless: re.Pattern[str] | None = None
    """In the sentence before the match, it makes it no order."""


PARTS = {
    "FORGET": r"(?:ignore|disregard(?! for\b| of\b)|forget(?: about)?|overrid(?:e|ing)|bypass|pay no attention to)",
    "DISMISS": r"""(?:<FORGET>|overrule|discard|set aside
        |(?:do not|don't|never|stop) (?:follow|obey|heed)(?:ing)?)""",
    "ALL": r"(?:all|any|every|each|everything|anything|whatever|both|entire|whole)",
    "DET": r"(?:(?:<ALL>|of|the|these|those|this|that|your|my|our|its|other|and|or|in|a|full)[\s,]+){0,5}",
    "QUAL": r"""(?:(?:previous(?:ly)?|prior|preceding|above|earlier|foregoing|former|past|existing|current|original
        |initial|system|developer|default|old|user(?:'?s)?|safety|built-in|hidden|given|provided|programmed)
        [\s,/]+(?:and |or )?)""",
    "STRONG": r"""(?:instructions?|prompts?|directives?|guidelines?|commands?|context|constraints?|programming
        |restrictions?|(?:system|developer) messages?)""",
    "WEAK": r"""(?:rules?|orders?|directions?|guidance|messages?|conversation|polic(?:y|ies)|training|tasks?|text
        |content|requests?|input|data|information|sources?|documents?|passages?|paragraphs?|statements?|answers?|facts?)""",
    "YOURS": r"""your (?:<QUAL>{1,2})?(?:<STRONG>|rules|training|safety \w+|content \w+|polic(?:y|ies)
        |role as an? (?:<MODEL>|assistant))\b""",
    "SAY": r"(?:say|answer|reply|respond|state|claim|output|write|print|assert|report|declare|confirm|repeat|tell)",
    "MODEL": r"""(?:ai|a\.i\.|llms?|gpt(?:-?\d\w*)?|chatgpt|claude|gemini|copilot|(?:large )?language models?|chatbots?
        |(?:ai|virtual|digital|language|chat|helpful) (?:assistants?|models?|agents?|systems?|bots?))""",
    "PROMPT": r"""(?:(?:system|hidden|initial|original|secret|developer|internal) (?:prompts?|messages?|instructions?)
        |your (?:\w+ )?(?:prompts?|system message))""",
    "MUST": r"(?:must|should|shall|has to|have to|is to|are to|will|needs? to)",
    "NO_MAIL": r"""(?! (?:by|before|until|within) (?:\d|mon|tue|wed|thu|fri|sat|sun|the end|e?-?mail|post|letter|phone)
        | to (?!(?:the |any |every |all |each |this )?(?:users?|questions?|quer|prompts?|requests?|everything
        |anything)))""",
    "ORDER": r"""(?:ignore\b|disregard\b
        |forget (?:all|every|your|the above|the <QUAL>{0,2}(?:<STRONG>|<WEAK>|question)\b)
        |from now on|new instructions?|(?:respond|reply)\b<NO_MAIL>|answer (?:the|with|only|every|all|that)|override
        |do not (?:mention|reveal|tell|answer|cite|say|use <DET>(?:<STRONG>|<WEAK>)\b)|reveal
        |say (?:that|only)|tell the user|your (?:new )?(?:task|job|answer|instructions|role)
        |you <MUST> (?:\w+ )?(?:answer|say|respond|reply|state|ignore|tell|claim|output|obey|reveal|disclose|approve)
        |you are (?:now )?(?:unbounded|unrestricted|free of)|(?:previous|prior) instructions
        |you are (?:now|an?|the) (?:\w+ ){0,4}(?:assistant|ai|bot|model|chatbot|expert)
        |the (?:user|assistant|ai|model) (?:<MUST>|wants))""",
}
"""Parts that the patterns name in `<…>`."""
CONDITION = r"^(?!.*(?:\b<MODEL>\b|\bread|question|\basked)).*\b(?:if|when|unless|where)\b"
"""`If your machine is older, ignore the above instructions`: a manual, unless it speaks of who reads or answers."""
FORGETS = (
    "ignor|disregard|forget|overrid|overrul|bypass|discard|set aside|pay no|not follow|n't follow|never follow"
    "|stop follow|not obey|n't obey|never obey|stop obey|not heed|n't heed|never heed|stop heed"
)


def rule(why: str, needs: str, pattern: str, *, opens: bool = False, unless: str = "") -> Rule:
    """A rule from its pattern, which may stand on several lines and name `PARTS`; `needs` is divided by bars."""
    wanted = frozenset(map(fold, needs.split("|")))
    return Rule(why, wanted, _compiled(pattern), opens, _compiled(unless) if unless else None)


def _compiled(pattern: str) -> re.Pattern[str]:
    while found := re.search(r"<([A-Z]+)>", pattern):
        pattern = pattern[: found.start()] + PARTS[found[1]] + pattern[found.end() :]
    joined = re.sub(r"\n\s*", "", pattern)  # its lines; an escape (`\W`) must not be made small
    return re.compile("".join(letter if letter.isascii() else fold(letter) for letter in joined), re.M)


_DISMISSALS = (
    r"<DISMISS>\s+<DET><QUAL>{1,3}(?:\w+\s+)?<STRONG>\b",
    r"<DISMISS>\s+<ALL>\s+<DET>(?:<QUAL>{1,3}(?:\w+\s+)?<WEAK>|instructions|prompts|commands)\b",
    r"<DISMISS>\s+<DET><QUAL>{1,3}(?:rules|guidance|tasks?|orders)\s*(?:[.,;!]|$)",
    r"""<DISMISS>\s+<DET>(?:<STRONG>|<WEAK>)\s+
    (?:above|before this|so far|(?:that )?you (?:were|have been|'ve been) (?:given|told))\b""",
    r"""<FORGET>\s+<DET><QUAL>{0,3}(?:\w+\s+)?(?:<STRONG>|<WEAK>)\b[^.!?\n]{0,30}?[,;.]?\s+
    (?:and|but|then|instead)[,:]?\s+(?:instead |just |simply |only |always )?<SAY>\b(?!\s+(?:to|of|your)\b)""",
    r"<DISMISS>\s+(?:all )?(?:of )?<YOURS>",
    r"""<DISMISS>\s+(?:<ALL>\s+)?(?:of\s+)?(?:that (?:is|was|comes|stands|came)\s+|written\s+)?(?:the\s+)?
    (?:above|foregoing|preceding)\s*(?:[.,;:!\-]|$|(?:and|instead|but|text)\b)""",
    r"""<DISMISS>\s+(?:everything|anything|all|what(?:ever)?)\s+(?:(?:that )?(?:is |was |comes |came |written )?
    (?:above|before this|prior to this)|(?:that )?you (?:were|have been|'ve been|are) (?:told|instructed|given|asked)
    |(?:that )?(?:i|we|the user|the system|they) (?:said|told you|asked|says))\b(?! about)""",
    r"""<DISMISS>\s+(?:the |this |that |any |my )(?:user'?s? |original |actual )*(?:question|query|user)s?\s*
    (?:[.,;:!]|$|(?:and|instead|below|above|that)\b)""",
)
_REPLIES = (
    r"""(?:respond|reply|answer)(?: (?:to )?(?:the|this|that|any|every|all|each|such) [^.!?\n]{0,60}?| always| to \w+)?
    \s(?:only|just|exactly|solely|exclusively|strictly|simply)(?: and only)? (?:with|in|by saying)\b
    (?! (?:yes|no|an? |your|one|black|blue|block|capital|english|complete|numbers|those))""",
    r"""(?:respond|reply|answer)(?: (?:to )?(?!(?:the |this |that |any )?(?:text |e-?mail )?
    (?:message|e-?mail|text|sms|letter|card))(?:the|this|that|any|every|all|each|such) [^.!?\n]{0,60}?)?
    \s(?:with|by) (?:only |exactly |just |saying |stating |nothing (?:but|except) |the (?:single |exact |following )?
    (?:(?:words?|phrase|sentence|text|string)\b|(?:number|year|date|name|figure):? ["'\d])|(?:"|'))""",
    r"""(?:respond|reply|answer|comply)(?: with| to)? (?:all|every|any) (?:\w+ )?
    (?:requests?|quer(?:y|ies)|questions?|prompts?) without (?:refus|restrict|filter|limit|content)""",
)
_OUTPUTS = (
    r"""(?:output|print|say|write|reply)[:,]? (?:only|nothing but|nothing except|exactly)\s*
    (?:the (?:word|phrase|text|sentence|following|number)|:|"|')""",
)
_CITATIONS = (
    r"""(?:do not|don't|never) (?:cite|quote|use|trust|rely on|consult|mention|believe) (?:any |all |the )*
    (?:other|above|previous|preceding|remaining) (?:sources?|documents?|passages?|context|texts?|files?)\b(?! of)""",
    r"(?:cite|trust|quote|use|rely on|believe) only this (?:source|document|passage|text|file|report|paragraph)\b",
)
_REVELATIONS = (
    r"""(?:reveal|print|show|repeat|output|display|leak|disclose|recite|quote|write out|dump|expose|send|give|tell|state
    |append|include|copy|translate|summari[sz]e|encode|provide|share)(?: (?:me|us|the user|them))?(?: \w+){0,6}?
    \s<PROMPT>""",
    r"""(?:repeat|print|output|recite|copy|quote|write out)(?: back)? (?:everything|all(?: of)?(?: the)?
    (?: words?| text| lines)?|the (?:words?|text|instructions|sentences?|prompt|lines?))
    \s(?:above|before this|you were given|that (?:came|come|stand))""",
)
_ROLES = r"""(?:act|behave|respond|pretend|role-?play|simulate)(?: as)?(?: if| though| that)?
    (?: you (?:are|were)| to be)? (?:an? |the |my )?(?:\w+ ){0,2}?
    (?:ai|assistant|chatbot|llm|dan|language model|jailbroken|unrestricted|uncensored|unfiltered)\b"""
_SALUTATION = r"""(?:(?:dear|hey|hello|hi|attention|attn)|(?:\w+ )?(?:note|message|memo|notice|reminder|warning
    |instructions?|commands?) (?:to|for)),?\s+(?:(?:all|any|the|every|each|my|other|whichever) )*<MODEL>
    (?: (?:models?|assistants?|agents?|systems?|readers?|reading this|users?))*\s*[:;,.!\-]"""
_URGENCY = r"(?:important|urgent|notice|note|warning|attention)\s*[:!\-]\s*(?!ai\s*,)<MODEL>\s*[:,\-]"


def _ordered(why: str, needs: str, patterns: tuple[str, ...], unless: str = "") -> tuple[Rule, ...]:
    """Rules for what is an order only where a clause begins."""
    return tuple(rule(why, needs, rf"(?<!\w)(?:{pattern})", opens=True, unless=unless) for pattern in patterns)


BEGINS = _compiled(
    r"""(?:^|[^\w\s]\s*|\b(?:please|now|and|then|but|so|or|kindly|simply|just|also|immediately|instead|first|assistant|ai
    |bot|chatbot|llm|hereby|you (?:must|should|shall|will|can|may|need to|have to|are to|ought to
    |are (?:required|instructed|ordered|allowed|asked|told|free) to)|(?:is|are|be) (?:\w+ )?to
    |bitte|und|dann|jetzt|veuillez|et|puis|maintenant|dois|devez|por favor|y|e|ahora|debes?|agora|deves?|poi|ora|devi
    |alstublieft|en|nu|och|proszę|i|теперь|пожалуйста|и|та|silakan|hãy|xin)[,:;!]?\s+)\Z"""
)
"""What stands before a clause that orders: a line's or a sentence's start, or one of these words."""


_BY_FORM = (
    rule(FORMAT, "<|", r"<\|[a-z_ ]{2,30}\|>(?:(?:(?!<\|)[\s\S]){0,1500}?<\|(?:im_end|eot_id|end|endoftext)\|>)?"),
    rule(FORMAT, "[inst]|[/inst]|sys>>", r"\[inst\](?:[\s\S]{0,1500}?\[/inst\])?|\[/inst\]|<</?sys>>"),
    rule(
        FORMAT,
        "##",
        r"^\W*#{2,}\s*(?:instruction|system(?: prompt| message)?|assistant|human|user|response|input)\s*:.*",
    ),
    rule(
        FORMAT,
        "<system|</system",
        r"<system(?:[_ -](?:prompt|message|note))?(?:\s[^>\n]{0,100})?>(?:[\s\S]{0,1500}?</system[^>]*>)?|</system>",
    ),
    rule(
        FORMAT,
        "system|assistant|user|human|ai|bot|gpt|developer|prompt|instruction|admin|override|rule|task|directive",
        r"""^\W*(?:(?:new|updated|revised|real|actual|true|important|special|secret|hidden|additional|critical|urgent|final
        |priority)\s+)?(?:system|assistant|user|human|ai|bot|(?:chat)?gpt|developer|prompt|instructions?|directive|rules?
        |admin(?:istrator)?|override|task)(?:\s+(?:message|prompt|note|instructions?|override|update|alert|notice))?
        \s*(?:\([^()\n]{0,40}\)\s*)?[^\w\s]{1,4}\s*<ORDER>.*""",
    ),
    rule(
        FORMAT,
        "new |updated|revised|system|secret|hidden|admin",
        r"""(?<!\w)(?:(?:new|updated|revised|real|actual|secret|hidden|system|admin) ){1,2}
        (?:instructions?|prompt|directives?|rules?|override|task)\s*[:\-.]\s*<ORDER>""",
        opens=True,
    ),
    rule(
        FORMAT,
        "context|source|prompt|system|user|retrieved|untrusted",
        r"""(?:[-=#*<\[{_]{2,}\s*|</?)(?:end|begin|start)(?: of)?(?: the)?[ _](?:system(?: prompt)?|prompt|context
        |sources|user(?: input| query| question)|retrieved \w+|untrusted \w+)\b.*""",
    ),
    rule(
        IGNORE,
        "instructions|guidelines|prompts|directives",
        r"""\b(?:your (?:<QUAL>)?|(?:all )?(?:previous|prior) (?:safety |system )?)(?:instructions|guidelines|prompts
        |directives)(?: (?:are|have been))(?: now| hereby)? (?:void|suspended|deprecated|obsolete|no longer)\b""",
    ),
    rule(SOURCE, "[", r"^\W*\[\d{1,2}\]\s*\((?=[^()\n]{3,70}\))[^()\n]+,[^()\n]*\d{4}\)\s+\S.*"),
    rule(
        ROLE,
        "you are|you're",
        r"""\byou(?: are|'re) (?:now|no longer|from now on|henceforth)(?: (?:a|an|the|my|called|named))?(?: \w+){0,3}?
        \s(?:assistant|ai|bot|chatbot|llm|language model|dan|jailbroken|unrestricted|unbounded|unfiltered|uncensored
        |pirate|persona|oracle|bound by|restricted|limited by)\b|\byou(?: are|'re) dan\b""",
    ),
    rule(
        ROLE,
        "developer mode|god mode|dan mode|jailbreak mode",
        r"""\b(?:developer|god|dan|jailbreak) mode (?:is )?(?:now )?
        (?:enabled|activated|unlocked|on\b|and (?:answer|respond|reply|ignore))""",
    ),
    rule(
        ROLE,
        "from now on|from this point",
        r"""\bfrom (?:now|this point) (?:on|forward)[, ]+(?:you (?:must|will|shall|should|are to) )?
        (?:only |always |just )?(?:<SAY>|refer to|call yourself|treat|pretend|speak|obey)\b(?! to (?:me|the))""",
    ),
    rule(
        ADDRESS,
        "ing this|s this|read this|parse this|process this|quote this|index this|of this|ze this|se this",
        r"""\b(?:<MODEL>|assistants?|models?)(?:,? \w+){0,3}? (?:(?:that|who|which) )?(?:reads?|reading
        |process(?:es|ing)?|pars(?:es?|ing)|summari[sz](?:es?|ing)|index(?:es|ing)?|quot(?:es?|ing)) (?:of )?this
        (?: (?:document|text|page|article|file|message|report|paragraph|note|passage|letter|context|site|content
        |<MUST>)\b|\s*[^\w\s]|\s*$)""",
    ),
    rule(
        ADDRESS,
        "if you|when you|since you|because you",
        r"\b(?:if|when|since|because) you(?: are|'re) (?:an? |the )?<MODEL>(?: \w+){0,4}?\s*[,;:]",
    ),
    rule(ADDRESS, "as a", r"\bas an? <MODEL>(?: <MODEL>| model| assistant| system| agent)*,? you(?:r|'re)?\b"),
    rule(
        ADDRESS,
        "ai |a.i.|llm|gpt|claude|gemini|copilot|model|chatbot|assistant|agent|bot",
        r"""\b(?:<MODEL>|the assistant|the model)(?: \w+){0,2} <MUST>(?: now| always| only| not)*
        \s(?:(?:ignore|disregard|forget|obey) (?:all|the|any|previous|every|this)|(?:answer|reply|respond|state|output
        |claim|say|repeat)(?: \w+){0,4}? (?:with (?:the|\W)|only|nothing)
        |(?:answer|say|state|claim|reply|respond) that)\b""",
    ),
    rule(
        DICTATE,
        "asked|ask",
        r"""\b(?:when|if|whenever|should)(?: you are| you're| anyone| anybody| someone| somebody| the user| a user
        | users| they)? (?:asked|asks?)\b[^.!?\n]{0,90}?, (?:then )?(?:you (?:must|will|should|shall|are to) )?
        (?:please |always |only |simply |just )*(?:say|answer|reply|respond|state|claim|output)
        \s(?:only\b|that|with|\W|the|it|in|no\b|yes\b|by)""",
    ),
    rule(
        DICTATE,
        "your",
        r"""\byour (?:\w+ )?(?:answer|reply|response|output) (?:must|has to|shall|should) (?:only |always )?
        (?:say|state|read\b|be (?:exactly|only|that|\W)|contain only|(?:begin|start|end) with the (?:words?|phrase)
        |consist (?:only|solely) of|be: )""",
    ),
    rule(
        DICTATE,
        "answer|reply|response",
        r"""\bthe (?:only )?(?:correct|right|true|valid|final|permitted|allowed) (?:answer|reply|response) to
        \s(?:the user'?s?|your|any|every|all) (?:\w+ )?(?:question|query|request)s?\b""",
    ),
    rule(
        DICTATE,
        "overrid|overrul|supersed|precedence|priority",
        r"""\bthis (?:source|document|passage|text|file|message|note|paragraph|instruction) (?:overrid\w+|overrul\w+
        |supersed\w+|(?:takes|has) (?:precedence|priority) over) (?:all|any|every|the) (?:\w+ )?
        (?:sources?|passages?|context|prompts?|system \w+)\b""",
    ),
    rule(
        REVEAL,
        "you",
        r"""\bwhat (?:is|are|was|were) your (?:system prompt|system message|(?:initial|original|hidden|system|exact)
        \sinstructions)|\b(?:first|initial|original|exact) instructions (?:that )?you (?:received|were given|have)""",
    ),
    rule(
        TOOL,
        '"arguments"|"parameters"|"args"|"action_input"|"tool_input"|"input"',
        r"""\{\s*"(?:tool|tool_calls?|tool_name|function|function_call|name|action|command|recipient_name)"\s*:\s*
        (?:\[?\{\s*"name"\s*:\s*)?"[^"\n]{1,80}"\s*,\s*
        "(?:arguments|parameters|args|input|action_input|tool_input)"\s*:[^\n]*""",
    ),
    rule(
        TOOL,
        "tool_call|function_call|<invoke|<function=|action input:",
        r"""</?(?:tool_calls?|function_calls?)>(?:[\s\S]{0,800}?</(?:tool_calls?|function_calls?)>)?|<invoke name=.*
        |<function=.*|^action: .*\n\s*action input:.*""",
    ),
    rule(
        IMAGE,
        "![|<img",
        r"""(?:!\[[^\]\n]{0,200}\]\(\s*<?|<img\b[^>\n]{0,200}?\bsrc\s*=\s*["']?)https?://[^)\s>"']{1,300}?[?&][\w-]{1,30}=
        (?:[)\s>"']|[^)\s>]{0,200}?(?:[\[{<$]|(?:prompt|question|answer|conversation|secret|history|context|password
        |data)\b))[^)\n>]*[)>]?""",
    ),
)  # fmt: skip

ENGLISH = (
    rule(
        IGNORE,
        "ignore|disregard|forget",
        r"""(?:ignore|disregard|forget)_?(?:(?:all|any|the|your|my|of)_?)*(?:previous|prior|above|preceding|earlier)_?
        (?:instructions|prompts|rules)""",
    ),
    *_ordered(IGNORE, FORGETS, _DISMISSALS, CONDITION),
    *_ordered(IGNORE, "disable|deactivate|turn off", (r"(?:disable|deactivate|turn off) (?:all )?(?:of )?<YOURS>",)),
    *_ordered(
        IGNORE,
        "decode|decrypt|unscramble|translate|decipher",
        (
            r"""(?:decode|decrypt|unscramble|translate|decipher)(?:\W+\w+){0,8}?\W+(?:and|then)\W+(?:\w+\W+)?
            (?:follow|obey|execute|do what|comply|carry out)\b""",
        ),
    ),
    *_ordered(ROLE, "act |behave|pretend|role|simulate|respond", (_ROLES,)),
    *_ordered(
        ADDRESS,
        "dear |hey|hello|hi |hi,|attention|attn|note|message|memo|notice|reminder|warning|command|instruction",
        (_SALUTATION,),
    ),
    *_ordered(ADDRESS, "important|urgent|notice|note|warning|attention", (_URGENCY,)),
    *_ordered(DICTATE, "respond|reply|answer|comply", _REPLIES),
    *_ordered(DICTATE, "only|nothing|exactly", _OUTPUTS),
    *_ordered(DICTATE, "only this|do not|don't|never", _CITATIONS),
    *_ordered(
        SECRET,
        "user|human|person asking|questioner",
        (
            r"""(?:do not|don't|never|must not|without) (?:ever )?(?:tell(?:ing)?|inform(?:ing)?|let(?:ting)?
            |alert(?:ing)?|reveal|mention|disclose|show|say)(?: \w+){0,5}?
            \s(?:the )?(?:user|human|person asking|questioner)s?\b""",
        ),
    ),
    *_ordered(REVEAL, "prompt|message|instruction|above|before|you were|that ", _REVELATIONS),
    *_BY_FORM,
)  # fmt: skip
