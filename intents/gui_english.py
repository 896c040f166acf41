"""English instructions for a graphical editor, and the action each stands for."""

from __future__ import annotations

import re

from intents.gui_words import MONEY_EN, target
from intents.intent import Action

# What may stand before the verb of an instruction.
_LEAD_EN = (
    r"(?:(?:please|just|simply|now|then|next|finally|also|and|so|or|but|first|afterwards"
    r"|after that|when(?:ever)? (?:you(?:'re| are)|it(?:'s| is)) (?:ready|happy|done)(?: with it)?"
    r"|you(?:'ll| will)?(?: just| only| simply| also)?(?: can| may| could| should| need to"
    r"| have to| want to| might want to)(?: now| then| also| always| simply| just)?|you're (?:free"
    r"|welcome) to|feel free to|be sure to|make sure to"
    r"|go ahead and|all you (?:need|have) to do is(?: to)?|let's|try to|try|remember to"
    r"|don't forget to|from there|once (?:you're|you are) (?:ready|happy|done)|for (?:details"
    r"|more|that)|here|in the editor|in the app)[,:]?\s+)*+"
)
_GO_EN = (
    r"(?:go|head(?: over)?|navigate|switch|jump|move over|turn|scroll(?: down| up)?)(?: back"
    r"| over)? (?:to|into)|visit|open(?: up)?|expand|show|see|view|check(?: out| in| on)?"
    r"|look (?:at|in|into)|take a look at|have a look at|enter|launch|reveal|unfold|bring up"
    r"|pull up|refer to|review|find"
)
_PRESS_EN = (
    r"(?:left-|right-|double-|double |right |ctrl-|shift-|long-)?(?:click|tap|press|hit"
    r"|push|clicking|tapping|pressing|hitting)(?: on| the on)?|select|choose|pick|use"
    r"|toggle|enable|activate|hover over|long press|press and hold|check|uncheck|tick"
)
_DETERMINED = r"(?:the|your|this|that|its|any|a|an|it|on|one of the|each|all|my|their|our)\b"
_LABEL = (
    r"(?:export|download|save|upload|import|share|render|undo|redo|trim|split|cut|mute"
    r"|delete|play|preview|apply|done|ok|next|add|crop|file|settings|publish|generate"
    r"|add media|text|audio|music|effects|filters|edit|billing|account|timeline|project"
    r"|media|scenes|layers)\b"
)
_PANEL_EN = (
    r"\b(?:panel|tab|pane|sidebar|side bar|menu|list|timeline|library|project|layers?"
    r"|page|view|settings|inspector|editor|window|dialog|section|folder|storyboard|track list"
    r"|history|bin|properties|drawer|toolbar|dashboard|workspace|track|media pool|assets"
    r"|gallery|scene list|outline|browser|console|header|dropdown|drop-down|preferences)\b"
)
RULES_EN_PRESS = re.compile(rf"{_LEAD_EN}(?:{_PRESS_EN})\s+(?P<object>.+)$")
_RULES_EN_GO = re.compile(rf"{_LEAD_EN}(?:{_GO_EN})\s+(?P<object>.+)$")
_EN_DRAG = re.compile(
    rf"{_LEAD_EN}(?:drag(?: and drop)?|dragging|slide|resize|rotate|scale|nudge|reposition"
    rf"|adjust|pull|stretch|type|enter|paste|set)\s+(?={_DETERMINED}|\ue000|(?:in|into"
    rf"|to|up|down|left|right)\b|[a-z-]+ (?:to|onto|into|in|on|before|after|from|over"
    rf"|up|down|left|right)\b)(?P<object>.+)$"
)
_EN_TOOL = re.compile(
    r"\b(?:handle|slider|box|field|playhead|corner|edge|knob|panel|timeline|canvas|input"
    r"|dropdown|properties|inspector|font size|control|handles)\b"
)
_EN_DROP = re.compile(
    rf"{_LEAD_EN}(?:drop|place|put|move)\s+(?:(?:{_DETERMINED})\s+)?.*?\b(?:onto|into"
    rf"|on to|on|in|to|before|after)\s+(?:the\s+)?(?P<object>.*(?:timeline|canvas|scene"
    rf"|frame|track|start|end|beginning|panel|editor|upload area|window|slot|position"
    rf"|title|clip|layer|preview).*)$"
)
_EN_PREVIEW = re.compile(
    rf"{_LEAD_EN}(?:preview|scrub|play|watch|have a look|take a look|look|see|view|check"
    rf"|review|replay|find|hear|listen|previewing|playing)\b.*\b(?:timeline|playhead)\b.*$"
    rf"|{_LEAD_EN}(?:preview|play back|replay)\s+(?:it|them|the (?:result|changes|clip"
    rf"|video|edit|cut|avatar|draft|new version)|your \w+)\b.*$"
)
_EN_SAVE = re.compile(
    rf"{_LEAD_EN}(?:export|download|exporting|downloading)\s+(?:it|them|this|(?:the|your"
    rf"|this|that|my)\s+(?:\w+[\s-]){{0,3}}(?:video|file|avatar|clip|result|movie|mp4"
    rf"|image|png|gif|picture|icon|project|version|slideshow|cut|film|edit|animation|reel))\b.*$"
)
_EN_UPLOAD = re.compile(
    rf"{_LEAD_EN}(?:upload|import|attach)\s+(?:{_DETERMINED}|another|some|more|at least"
    rf"|one|two|\d|new|photos?|files?|images?|footage|clips?|media|\ue000).*$"
)
_EN_BY = re.compile(
    r"^(?:.*\b)?(?:by|via|with) (?:clicking|tapping|pressing|hitting|selecting|choosing"
    r"|dragging|opening|using)\s+(?P<object>.+)$"
)
_EN_GERUND = re.compile(
    r"^(?:clicking|tapping|pressing|hitting|selecting|dragging|opening)\s+(?P<object>.+?)\s+(?:will"
    r"|lets|should|to|would|starts?|downloads?|exports?|saves?)\b.*$"
)
EN_PURPOSE = re.compile(r"^(?:to|in order to) [^,]+$")
EN_CONDITION = re.compile(
    r"^(?:(?:and|but|or|then|so)\s+)?(?:if|when(?:ever)?|in case|should)"
    r" (?:you|it|this|that|everything|you're|you'd)\b"
)
EN_STEP = re.compile(rf"{_LEAD_EN}(?:select|choose|pick|check|tick|hover over)\s+{_DETERMINED}")
EN_TAIL = re.compile(
    r"^(?:to|and(?: then)?|then|so(?: that)?(?: you can)?|so you can|which will|this will"
    r"|that will|it will|and you(?:'ll| will| can)|in order to|or|and)\s+(?:save|get"
    r"|download|receive|see|view|choose|select|pick|confirm|check|add|start|set|name"
    r"|keep|find|finish|export|store|grab|apply|adjust|edit|change|trim|release|enter"
    r"|type|hit|press|let go|share|make)\b"
    r"|^(?:choose|select|pick|confirm|enter|type|release|wait)\b.*$"
)
_CHOSEN_EN = re.compile(
    rf"button|icon|menu|tab\b|option|\ue000|panel|slider|tool|^{_LABEL}|file >|dropdown"
    rf"|toggle|switch|checkbox"
)
# Pressed only to see what it holds.
_SHOWS_EN = re.compile(
    r"(?:on )?(?:the|your) (?:[\w-]+ ){0,3}?(?:tabs?|panels?|panes?|sidebar|library|list|layers"
    r"|timeline"
    r"|storyboard)\b(?!.*\b(?:to (?:change|edit|trim|adjust|set|cut|move|add|delete|remove|crop|resize|mute)"
    r"|and (?:drag|delete|choose|select|set|change|pick)))"
)
_TOOL_EN = (
    r"(?:button|icon|menu|toolbar|panel|tab|slider|settings|sidebar|upload area|drop ?zone"
    r"|handles?|controls?|tool|menu bar)"
)
_EN_WITH = re.compile(
    rf"{_LEAD_EN}(?:add|save|get|change|pick|export|download|remove|trim|edit|resize"
    rf"|replace|move|drag|lower|raise|fix|shift|scale|turn|crop"
    rf"|grab|choose|do (?:it|this|that)|set)\s"
    rf".*\b(?:with|using|via|through|from) (?:the|your) [^,;]*\b{_TOOL_EN}\b.*$"
)
_EN_FOUND = re.compile(
    rf"{_LEAD_EN}(?:you'll |you will |you can )?(?:find|see|view|check|review|look for) (?:it"
    rf"|them|\w+ \w+|the \w+|your \w+|everything|all of them)"
    r" (?:all )?(?:in|on|under) (?:the|your) [^,;]*\b(?:panel|tab|pane|sidebar|menu|library"
    r"|track list|layer list|media bin|inspector)\b.*$"
)
_CONTROL_EN = (
    r"(?:export|download|save|share|upload|import|undo|redo|render|publish)"
    r"(?: \w+)? (?:button|icon|option|menu|tab|arrow|link)"
)
# Where a control is, or what it is for: the same as telling to press it.
_EN_WHERE = re.compile(
    rf"{_LEAD_EN}(?:you'll |you will |you can )?(?:find|see|notice|spot|look for|there is|there's) "
    rf"(?:the|an?|your) (?:[\w-]+ )?{_CONTROL_EN}\b.*$"
    rf"|(?:the|your) (?:[\w-]+ )?{_CONTROL_EN}\b[^,;]*\b(?:lets you|allows you"
    r"|will (?:let|save|give|download|start)"
    r"|(?:is|are) (?:located )?(?:in|at|on|under|above|below|next to) the (?:[\w-]+ ){0,3}"
    r"(?:corner|toolbar|menu|sidebar|header|panel|page|screen|preview|editor))\b.*$"
    r"|(?:it|this|that|they|everything|the \w+|your \w+) can (?:now )?be"
    r" (?P<done>exported|downloaded|saved|uploaded|found|seen|viewed|previewed|changed|adjusted|moved|edited)"
    r" (?:\w+ )?(?:from|in|via|using|with|through|by|under|at) (?:the|your)"
    r" [^,;]*\b(?:button|toolbar|menu|panel|tab|sidebar|icon|slider|library|settings|timeline)\b.*$"
)
_EN_MONEY = re.compile(
    rf"{_LEAD_EN}(?:top up|recharge|manage|see|check|buy|upgrade|view|find|add|get)\b.*\b(?:on"
    rf"|in|at|from|under|via) (?:the|your) "
    r"[^,;]*\b(?:billing|account|subscription|plans?|pricing)\b.*$"
)
# A press that names no deed of its own: beside a telling one in the same sentence it is only the way there.
VAGUE_EN = re.compile(
    r"^(?:(?:on )?(?:it|them|that|this)\b|.*\b(?:share|gear|more|three[- ]dots?|plus|hamburger|file|menu)\b)"
)
_THIRD = re.compile(
    r"^(?:sounds?|rates?|through|speeds?|quality|figures?|marks?|coverage|tracks?|bars?"
    r"|shots?|wipes?|transitions?|effects?|noises?|events?|counts?|wounds?|dancing|racing"
    r"|water|releases?|box(?:es)?|lists?|point|points)\b"
)


_EN_NAMED = re.compile(rf"{_DETERMINED}|\ue000|{_LABEL}")
_EN_PRESSED = re.compile(rf"{_DETERMINED}|\ue000|{_LABEL}|right-|here\b")
_EN_DROPS = re.compile(rf"{_LEAD_EN}drop\b")


def english(plain: str, blank: str) -> Action | None:
    if _EN_PREVIEW.match(blank):
        return "summary"
    match = _EN_GERUND.match(blank) or _EN_BY.match(blank)
    if match and (_EN_NAMED.match(match["object"])):
        return target(plain, "edit")
    match = RULES_EN_PRESS.match(blank)
    if match and not _THIRD.match(match["object"]):
        thing = match["object"]
        if _EN_PRESSED.match(thing):
            verb = blank[: match.start("object")]
            soft = re.search(r"\b(?:select|choose|pick|use|check|enable|toggle|tick)\s*(?:on )?$", verb)
            if not soft or _CHOSEN_EN.search(thing):
                return target(plain, "state" if _SHOWS_EN.match(thing) else "edit")
    if _EN_SAVE.match(blank):
        return "export"
    if _EN_UPLOAD.match(blank):
        return "upload"
    match = _RULES_EN_GO.match(blank)
    if match and re.match(
        rf"{_DETERMINED}|\ue000|{_LABEL}|[\w-]+ (?:panel|tab|page|menu|>|list)", match["object"]
    ):
        thing = match["object"]
        if re.search(MONEY_EN, thing) and not re.search(r"name|manager|holder", thing):
            return "credits"
        if re.search(r"\b(?:export|download)\b", plain) and re.search(
            r"tab|menu|panel|page|button|>|dialog|section|window|screen", thing
        ):
            return "export"
        if re.search(_PANEL_EN, thing):
            return target(plain, "state")
    where = _EN_WHERE.match(blank)
    if where:
        done = where["done"] or ""
        if done in ("exported", "downloaded", "saved"):
            return "export"
        return target(plain, "state" if done in ("found", "seen", "viewed") else "edit")
    if _EN_MONEY.match(blank):
        return "credits"
    if _EN_WITH.match(blank):
        return target(plain, "edit")
    if _EN_FOUND.match(blank):
        return "state"
    match = _EN_DRAG.match(blank)
    if match:
        verb = blank[: match.start("object")]
        if re.search(r"upload|\b(?:photo|file|image|picture|clip)s? here\b", blank):
            return "upload"
        if re.search(r"drag", verb) or _EN_TOOL.search(match["object"]):
            return "edit"
    if _EN_DROP.match(blank) and _EN_DROPS.match(blank):
        return "upload" if "upload" in blank else "edit"
    return None
