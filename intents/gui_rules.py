"""Which clauses are instructions for a graphical editor, and the action each stands for."""

from __future__ import annotations

import re

from intents.intent import Action
from intents.normalize import fold

_QUOTED = re.compile(
    '"[^"\n]*"|\u201c[^\u201d\n]*\u201d|\u300c[^\u300d\n]*\u300d|\u300e[^\u300f\n]*\u300f'
    "|\u300a[^\u300b\n]*\u300b|(?<!\\w)'[^'\n]*'(?!\\w)"
)
_MARKUP = re.compile(r"\[([^\]\n]*)\]\([^)\n]*\)|[*_`#]+|^\s*>+|^\s*(?:[-+•]|\d{1,2}[.)、])\s+")
_PUNCTUATION = re.compile(r"^[^\w\ue000]+|[^\w\ue000%]+$")

_LONGEST = 300  # characters of a clause that can still be an instruction

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
_LEAD_ZH = (
    r"(?:请先|请您|请你|请|您可以|你可以|您也可以|你也可以|您现在可以|现在可以|也可以"
    r"|可以|可|您只需|你只需|只需要|只需|只要|就可以|就|然后|接着|随后|再|最后|现在|先"
    r"|并且|并|且|之后|接下来|直接|记得|麻烦您|麻烦|不妨|建议您|建议|欢迎|或者|或|如果满意"
    r"|满意的话|满意后"
    r"|需要时|随时|您|你|还可以|便可|便|即可|同时|另外|其次|完成后|方便时|好了就|试试|尝试)*+"
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
_MONEY_EN = r"\b(?:billing|account|credits?|subscription|balance|plan|wallet|usage|payment|top[- ]?up)\b"
_TIME_EN = r"\btimeline\b"

_RULES_EN_PRESS = re.compile(rf"{_LEAD_EN}(?:{_PRESS_EN})\s+(?P<object>.+)$")
_RULES_EN_GO = re.compile(rf"{_LEAD_EN}(?:{_GO_EN})\s+(?P<object>.+)$")
_EN_DRAG = re.compile(
    rf"{_LEAD_EN}(?:drag(?: and drop)?|dragging|slide|resize|rotate|scale|nudge|reposition"
    rf"|adjust|pull|stretch|type|enter|paste|set)\s+(?={_DETERMINED}|\ue000|(?:in|into"
    rf"|to|up|down|left|right)\b|[a-z-]+ (?:to|onto|into|in|on|before|after|from|over"
    rf"|up|down|left|right)\b)(?P<object>.+)$"
)
_EN_TOOL = re.compile(
    r"\b(?:handle|slider|box|field|playhead|corner|edge|knob|panel|timeline|canvas|input"
    r"|dropdown|properties|inspector|font size)\b"
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
_EN_PURPOSE = re.compile(r"^(?:to|in order to) [^,]+$")
_EN_CONDITION = re.compile(
    r"^(?:if|when(?:ever)?|in case|should) (?:you|it|this|that|everything|you're|you'd)\b"
)
_EN_TAIL = re.compile(
    r"^(?:to|and(?: then)?|then|so(?: that)?(?: you can)?|so you can|which will|this will"
    r"|that will|it will|and you(?:'ll| will| can)|in order to|or|and)\s+(?:save|get"
    r"|download|receive|see|view|choose|select|pick|confirm|check|add|start|set|name"
    r"|keep|find|finish|export|store|grab|apply|adjust|edit|change|trim|release|enter"
    r"|type|hit|press|let go|share|make)\b"
    r"|^(?:choose|select|pick|confirm|enter|type|release|wait)\b.*$"
)

_PRESS_ZH = (
    r"(?:(?:鼠标)?(?:左键|右键|双)?(?:点击|单击|双击|点选|点按|轻点|轻触|按下|按住|长按"
    r"|点一下|点下|按一下|点开|敲击|触碰|勾选|选中|选取|点|按)|选择|使用|用|click|tap"
    r"|press|选用|通过|悬停)"
)
_GO_ZH = (
    r"(?:打开|开启|展开|进入|前往|切换到|切换至|切到|转到|跳转到|去到|到|去|查看|来到"
    r"|访问|在|浏览|查阅|参阅|调出|返回|回到|查询|检查|翻到|看看|看一下|看(?!起来|上去|着|到|好|似)|见|参见|open"
    r"|go to|check)"
)
_LABEL_ZH = (
    r"(?:按钮|图标|图示|键|菜单|选单|选项|标签|标签页|面板|开关|工具|滑块|右上|左上|右下"
    r"|左下|右侧|左侧|顶部|底部|上方|下方|工具栏|界面|页面|\ue000|导出|下载|汇出|保存"
    r"|上传|导入|汇入|撤销|裁剪|裁切|分割|静音|播放|预览|完成|标题|字幕|片段|轨道|文字"
    r"|logo|图层|边框|照片|画面|时间|export|download|upload|save|import|这里|此处|它"
    r"|旁白|画布|头像|文本)"
)
_PANEL_ZH = (
    r"(?:面板|标签页|标签|侧边栏|侧栏|菜单|选单|列表|清单|时间轴|时间线|素材库|媒体库"
    r"|图层|项目|专案|工程|页面|设置|检查器|编辑器|窗口|视窗|对话框|故事板|历史|轨道"
    r"|文件夹|资料夹|属性|工具栏|工作区|资源库|panel|tab|timeline|layers?|project|库"
    r"|library)"
)
_MONEY_ZH = (
    r"(?:账户|帐户|账单|帐单|账号|帐号|会员中心|订阅|充值|余额页|积分页|积分中心|钱包"
    r"|个人中心|用量|billing|account)"
)
_TIME_ZH = r"(?:时间轴|时间线|timeline|时间轨)"

_ZH_PLACE = r"(?:(?:从|在|到)[^,，。]{1,14}?(?:菜单|选单|面板|工具栏|角|左侧|右侧|顶部|底部|上方|下方|弹窗|页面|界面|编辑器|设置)(?:里面|里|中|上|内|的)?)?"
_ZH_PRESS = re.compile(rf"^{_LEAD_ZH}{_ZH_PLACE}{_LEAD_ZH}{_PRESS_ZH}(?P<object>.*{_LABEL_ZH}.*)$")
_ZH_NOT = re.compile(
    r"^(?:点击(?:率|量|数|次数|人数|画面|音效|动画)|点(?:了|缀|亮|数|评|心|滴|赞数|头)"
    r"|按(?:照|钮|时|摩|比例|顺序|日期|地点|键音|键盘|您|你的|要求|原)|使用了|选择了"
    r"|用了|用户|点击了|用(?:蓝|红|暖|更|了|的)|到(?:了|底|处|时(?!间)|达|来)|在(?:第"
    r"|画面|结尾|开头|片|背景)|去(?:掉|除|年)|见(?:到|面)|选择题)"
)
_ZH_GO = re.compile(rf"^{_LEAD_ZH}{_GO_ZH}(?P<object>.*)$")
_ZH_DRAG = re.compile(
    rf"^{_LEAD_ZH}(?:用鼠标|按住鼠标|鼠标)?(?:拖动|拖曳|拖拽|拖放|拖(?!拉机|鞋|把|车|延"
    rf"|沓|慢|尾|地)|drag|滑动|拉动|拉伸|调节|调整|微调|缩放|旋转)(?P<object>.+)$"
)
_ZH_BA_DRAG = re.compile(
    rf"^{_LEAD_ZH}(?:把|将)(?P<object>.+?)(?:拖动|拖曳|拖拽|拖放|拖|drag|拉)(?:到|至|进"
    rf"|入|去|在|往|上|下)?.*$"
)
_ZH_PREVIEW = re.compile(
    rf"^{_LEAD_ZH}(?:在|到|从|于|去|通过|回到)?[^,，。]{{0,8}}{_TIME_ZH}[^,，。]{{0,6}}(?:预览"
    rf"|查看|播放|观看|看看|看一下|浏览|回放|检查|看效果|preview)[^,，。]*$"
    rf"|^{_LEAD_ZH}(?:预览|播放|回放|preview)[^,，。]{{0,10}}{_TIME_ZH}.*$"
)
_ZH_UPLOAD = re.compile(
    rf"^(?=请|您|你|麻烦|可|再|先|建议|现在|上传|导入){_LEAD_ZH}(?:上传|导入|汇入|upload"
    rf"|添加附件|补充上传|重新上传)(?!的|了|成功|完成|中|失败|过|后的|按钮|图标|进度|页面"
    rf"|速度|图)(?P<object>.+)$"
)
_ZH_SAVE = re.compile(
    rf"^(?=请|您|你|可|现在|就|直接|马上|立即|导出|下载|汇出|然后|再|最后|接着){_LEAD_ZH}(?:导出"
    rf"|下载|汇出|export|download)(?!的|了|成功|完成|中|失败|过|按钮|图标|进度|页面|速度"
    rf"|量|次数|吗)(?P<object>.*)$"
)
_ZH_MONEY = re.compile(
    rf"^(?:(?:余额|积分|点数|明细|详情|额度|剩余[^,，。]{{0,4}})(?=请|可))?{_LEAD_ZH}"
    rf"(?:查看|前往|到|去|进入|打开|检查|查询|访问|在|登录|看看|核对|确认|见)[^,，。]{{0,10}}{_MONEY_ZH}.*$"
)
_ZH_CONDITION = re.compile(
    r"^(?:如果|如需|若要|若需|如要|要是|假如|倘若|如想|若想|若|如您|想要|需要)(?!.*(?:已|了$))"
)
_ZH_TAIL = re.compile(
    r"^(?:即可|就能|就可以|便可|便能|可以|即能|来|以便|以|就行|就好|就会|并|再|然后|之后"
    r"|系统会|然后在|并在|再在|在弹|选择|选|确认|等待|就)(?=.*(?:保存|下载|拿到|获取"
    r"|得到|查看|看到|选择|选|确认|完成|存|添加|修改|调整|导出|获得|开始|弹|格式|行|好"
    r"|可))"
)

_CHOSEN_EN = re.compile(
    rf"button|icon|menu|tab\b|option|\ue000|panel|slider|tool|^{_LABEL}|file >|dropdown|toggle|switch|checkbox"
)
_TOOL_EN = r"(?:button|icon|menu|toolbar|panel|tab|slider|settings|sidebar|upload area|drop ?zone)"
_EN_WITH = re.compile(
    rf"{_LEAD_EN}(?:add|save|get|change|pick|export|download|remove|trim|edit|resize|replace|grab|choose|do (?:it|this|that)|set)\s"
    rf".*\b(?:with|using|via|through|from) (?:the|your) [^,;]*\b{_TOOL_EN}\b.*$"
)
_EN_FOUND = re.compile(
    rf"{_LEAD_EN}(?:you'll |you will |you can )?(?:find|see|view|check|review|look for) (?:it|them|\w+ \w+|the \w+|your \w+|everything|all of them)"
    r" (?:all )?(?:in|on|under) (?:the|your) [^,;]*\b(?:panel|tab|pane|sidebar|menu|library|track list|layer list|media bin|inspector)\b.*$"
)
_EN_MONEY = re.compile(
    rf"{_LEAD_EN}(?:top up|recharge|manage|see|check|buy|upgrade|view|find|add|get)\b.*\b(?:on|in|at|from|under|via) (?:the|your) "
    r"[^,;]*\b(?:billing|account|subscription|plans?|pricing)\b.*$"
)
# A press that names no deed of its own: beside a telling one in the same sentence it is only the way there.
_VAGUE_EN = re.compile(
    r"^(?:(?:on )?(?:it|them|that|this)\b|.*\b(?:share|gear|more|three[- ]dots?|plus|hamburger|file|menu)\b)"
)
_VAGUE_ZH = re.compile(r"^(?:它|其|分享|更多|菜单|三个点|加号|齿轮|文件|“?文件)")
_ZH_THEN = re.compile(r"(?:并|再|然后)(?:拖|选择|点|按|删除|调整)")
_EXPORT = re.compile(
    r"(?<![a-z])(?:export|download|save|render|publish)(?![a-z])|导出|下载|汇出|另存"
    r"|保存|储存|渲染|(?<![a-z])mp4(?![a-z])"
)
_EXPORT_FIRST = re.compile(r"export|download|导出|汇出|下载")
_UPLOAD = re.compile(
    r"(?<![a-z])(?:upload|import|add media|add files?|attach|choose file)(?![a-z])|上传"
    r"|导入|汇入|添加素材|添加文件|选择文件"
)
_THIRD = re.compile(
    r"^(?:sounds?|rates?|through|speeds?|quality|figures?|marks?|coverage|tracks?|bars?"
    r"|shots?|wipes?|transitions?|effects?|noises?|events?|counts?|wounds?|dancing|racing"
    r"|water|releases?|box(?:es)?|lists?|point|points)\b"
)


def _flat(clause: str) -> tuple[str, str]:
    """The clause without Markdown and outer marks, folded; and the same with quotations blanked."""
    plain = _MARKUP.sub(lambda m: m.group(1) or "", clause)
    blank = _QUOTED.sub(lambda m: "\ue000" * len(m.group()), plain)
    return _PUNCTUATION.sub("", fold(plain).replace("\u2019", "'")), _PUNCTUATION.sub(
        "", fold(blank).replace("\u2019", "'")
    )


def _target(plain: str, default: Action) -> Action:
    """The action behind the thing that is pressed."""
    if _UPLOAD.search(plain) and not _EXPORT_FIRST.search(plain.split("upload")[0].split("上传")[0]):
        return "upload"
    if _EXPORT.search(plain):
        return "export"
    if re.search(_MONEY_EN, plain) or re.search(_MONEY_ZH, plain):
        return "credits"
    if (re.search(_TIME_EN, plain) or re.search(_TIME_ZH, plain)) and re.search(
        r"preview|play|watch|预览|播放|观看", plain
    ):
        return "summary"
    return default


def vague(clause: str) -> bool:
    """Whether a press names nothing that tells what it does ("click it", "tap the share icon")."""
    _, blank = _flat(clause[:_LONGEST])
    for rule, mark in ((_RULES_EN_PRESS, _VAGUE_EN), (_ZH_PRESS, _VAGUE_ZH)):
        match = rule.match(blank)
        if match and mark.match(match["object"]):
            return True
    return False


def condition(clause: str) -> bool:
    """Whether the clause only supposes something ("if you want to export")."""
    _, blank = _flat(clause[:_LONGEST])
    return bool(_EN_CONDITION.match(blank) or _ZH_CONDITION.match(blank))


def purpose(clause: str) -> bool:
    """Whether the clause only says what an instruction is for ("to use your own voice")."""
    _, blank = _flat(clause[:_LONGEST])
    return bool(_EN_PURPOSE.match(blank))


def tail(clause: str) -> bool:
    """Whether the clause only goes on with an instruction before it ("to save the file", 即可下载)."""
    _, blank = _flat(clause[:_LONGEST])
    return bool(_EN_TAIL.match(blank) or _ZH_TAIL.match(blank))


def instruction(clause: str) -> Action | None:
    """The action that a clause instructs, or None when it is content."""
    if len(clause) > _LONGEST:
        return None
    plain, blank = _flat(clause)
    if not blank:
        return None
    return _english(plain, blank) or _chinese(plain, blank)


def _english(plain: str, blank: str) -> Action | None:
    if _EN_PREVIEW.match(blank):
        return "summary"
    match = _EN_GERUND.match(blank) or _EN_BY.match(blank)
    if match and (re.match(rf"{_DETERMINED}|\ue000|{_LABEL}", match["object"])):
        return _target(plain, "edit")
    match = _RULES_EN_PRESS.match(blank)
    if match and not _THIRD.match(match["object"]):
        thing = match["object"]
        if re.match(rf"{_DETERMINED}|\ue000|{_LABEL}|right-|here\b", thing):
            verb = blank[: match.start("object")]
            soft = re.search(r"\b(?:select|choose|pick|use|check|enable|toggle|tick)\s*(?:on )?$", verb)
            if not soft or _CHOSEN_EN.search(thing):
                return _target(plain, "edit")
    if _EN_SAVE.match(blank):
        return "export"
    if _EN_UPLOAD.match(blank):
        return "upload"
    match = _RULES_EN_GO.match(blank)
    if match and re.match(
        rf"{_DETERMINED}|\ue000|{_LABEL}|[\w-]+ (?:panel|tab|page|menu|>|list)", match["object"]
    ):
        thing = match["object"]
        if re.search(_MONEY_EN, thing) and not re.search(r"name|manager|holder", thing):
            return "credits"
        if re.search(r"\b(?:export|download)\b", plain) and re.search(
            r"tab|menu|panel|page|button|>|dialog|section|window|screen", thing
        ):
            return "export"
        if re.search(_PANEL_EN, thing):
            return _target(plain, "state")
    if _EN_MONEY.match(blank):
        return "credits"
    if _EN_WITH.match(blank):
        return _target(plain, "edit")
    if _EN_FOUND.match(blank):
        return "state"
    match = _EN_DRAG.match(blank)
    if match:
        verb = blank[: match.start("object")]
        if re.search(r"drag", verb) or _EN_TOOL.search(match["object"]):
            return "edit"
    if _EN_DROP.match(blank) and re.match(rf"{_LEAD_EN}drop\b", blank):
        return "upload" if "upload" in blank else "edit"
    return None


def _chinese(plain: str, blank: str) -> Action | None:
    bare = re.sub(rf"^{_LEAD_ZH}", "", blank)
    if _ZH_NOT.match(bare) or _ZH_NOT.match(blank):
        return None
    if _ZH_PREVIEW.match(blank) and not re.match(rf"{_LEAD_ZH}(?:打开|开启|展开)", blank):
        return "summary"
    if _ZH_DRAG.match(blank) or _ZH_BA_DRAG.match(blank):
        drag = _ZH_DRAG.match(blank)
        if (
            drag
            and re.match(rf"{_LEAD_ZH}(?:调节|调整|微调|缩放|旋转|拉动|拉伸|滑动)", blank)
            and not re.search(r"滑块|控制点|手柄|面板|数值|拉杆", blank)
        ):
            return None
        return "edit"
    if _ZH_MONEY.match(blank) and not re.search(r"样机|画面|名字|经理", blank):
        return "credits"
    match = _ZH_PRESS.match(blank)
    if match:
        soft = re.match(rf"{_LEAD_ZH}(?:选择|使用|用|通过|选用|选中)", blank)
        if (
            not soft
            or re.search(r"按钮|图标|菜单|选单|\ue000|面板|工具|选项|标签|键", match["object"])
            or _ZH_THEN.search(match["object"])
        ):
            return _target(plain, "edit")
    if _ZH_UPLOAD.match(blank):
        return "upload"
    if _ZH_SAVE.match(blank):
        return "export"
    match = _ZH_GO.match(blank)
    if (
        match
        and re.search(_PANEL_ZH, match["object"])
        and not re.match(r"[^面标时]{0,6}(?:里的|中的)", match["object"])
    ):
        if re.search(r"导出|汇出|下载|export|download", plain) and re.search(
            r"面板|菜单|选单|页面|标签|窗口", plain
        ):
            return "export"
        verb = re.match(
            rf"{_LEAD_ZH}(打开|开启|展开|进入|前往|切换|切到|转到|跳转|点开|访问|调出|返回|回到|翻到|看(?!起来|上去|着|到|好|似)|open)",
            blank,
        )
        looks = re.search(r"查看|看到|看看|浏览|检查|确认|了解|找到|看一下|review|view", blank)
        if verb or looks:
            return "state"
    return None
