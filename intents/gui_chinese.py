"""Chinese instructions for a graphical editor and their actions; the text is folded, so Simplified."""

from __future__ import annotations

import re

from intents.gui_words import MONEY_ZH, TIME_ZH, target
from intents.intent import Action

_LEAD_ZH = (
    r"(?:(?:确认|检查|预览|满意|没问题|无误|准备好|完成|改好|调好|做好|看完|听完|选好|填好|觉得|如果觉得)"
    r"[^,，。点按打拖上]{0,6}(?:之后|以后|后|的话|时|了)(?:再|就|即可)?|请先|请您|请你|请|您可以|你可以|您也可以|你也可以|您现在可以|现在可以|也可以"
    r"|可以|可|您只需|你只需|只需要|只需|只要|就可以|就|然后|接着|随后|再|最后|现在|先"
    r"|并且|并|且|之后|接下来|直接|记得|麻烦您|麻烦|不妨|建议您|建议|欢迎|或者|或|如果满意"
    r"|满意的话|满意后"
    r"|需要时|随时|您|你|还可以|便可|便|即可|同时|另外|其次|完成后|方便时|好了就|试试|尝试)*+"
)
_PRESS_ZH = (
    r"(?:(?:鼠标)?(?:左键|右键|双)?(?:点击|单击|双击|点选|点按|轻点|轻触|按下|按住|长按"
    r"|点一下|点下|按一下|点开|敲击|触碰|勾选|选中|选取|点|按)|选择|使用|用|click|tap"
    r"|press|选用|通过|悬停)"
)
_GO_ZH = (
    r"(?:打开|开启|展开|进入|前往|切换到|切换至|切到|转到|跳转到|去到|到|去|查看|来到"
    r"|访问|在|浏览|查阅|参阅|调出|返回|回到|查询|检查|翻到|看看|看一下|看(?!起来|上去"
    r"|着|到|好|似)|见|参见|open"
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
_ZH_PLACE = (
    r"(?:(?:从|在|到)[^,，。]{1,14}?(?:菜单|选单|面板|工具栏|角|左侧|右侧|顶部|底部|上方"
    r"|下方|弹窗|页面|界面|编辑器|设置)(?:里面|里|中|上|内|的)?)?"
)
ZH_PRESS = re.compile(rf"^{_LEAD_ZH}{_ZH_PLACE}{_LEAD_ZH}{_PRESS_ZH}(?P<object>.*{_LABEL_ZH}.*)$")
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
    rf"^{_LEAD_ZH}(?:用鼠标|按住鼠标|鼠标)?(?:把|将)(?P<object>.+?)(?:拖动|拖曳|拖拽|拖放|拖|drag|拉)(?:到|至|进"
    rf"|入|去|在|往|上|下)?.*$"
)
_ZH_PREVIEW = re.compile(
    rf"^{_LEAD_ZH}(?:在|到|从|于|去|通过|回到)?[^,，。]{{0,8}}{TIME_ZH}[^,，。]{{0,6}}(?:预览"
    rf"|查看|播放|观看|看看|看一下|浏览|回放|检查|看效果|preview)[^,，。]*$"
    rf"|^{_LEAD_ZH}(?:预览|播放|回放|preview)[^,，。]{{0,10}}{TIME_ZH}.*$"
)
_ZH_UPLOAD = re.compile(
    rf"^(?=请|您|你|麻烦|可|再|先|建议|现在|上传|导入){_LEAD_ZH}(?:(?:在|到|从|通过)[^,，。]{{1,12}}?(?:区域?|处|页面?|框|面板|里|中|栏|侧|方|库|角)(?:点击|直接)?)?(?:上传|导入|汇入|upload"
    rf"|添加附件|补充上传|重新上传)(?!的|了|成功|完成|中|失败|过|后的|按钮|图标|进度|页面"
    rf"|速度|图)(?P<object>.*)$"
)
_ZH_SAVE = re.compile(
    rf"^(?=请|您|你|可|现在|就|直接|马上|立即|导出|下载|汇出|然后|再|最后|接着){_LEAD_ZH}(?:导出"
    rf"|下载|汇出|export|download)(?!的|了|成功|完成|中|失败|过|按钮|图标|进度|页面|速度"
    rf"|量|次数|吗|用了|花了|用时|耗时|需要|共|已|很|一共|大约|格式(?:为|是)|后|时|出来的|结果|质量)"
    rf"(?!.*(?:用了|花了|耗时|秒钟?$|分钟$|失败|成功))(?P<object>.*)$"
)
_ZH_MONEY = re.compile(
    rf"^(?:(?:余额|积分|点数|明细|详情|额度|剩余[^,，。]{{0,4}})(?=请|可))?{_LEAD_ZH}"
    rf"(?:查看|前往|到|去|进入|打开|检查|查询|访问|在|登录|看看|核对|确认|见)[^,，。]{{0,10}}{MONEY_ZH}.*$"
)
ZH_CONDITION = re.compile(
    r"^(?:如果|如需|若要|若需|如要|要是|假如|倘若|如想|若想|若|如您|想要|需要(?=导出|下载|保存|上传|修改|调整|预览|查看|更改|添加|.*(?:的话|时候?)$))(?!.*(?:已|了$))"
)
ZH_TAIL = re.compile(
    r"^(?:即可|就能|就可以|便可|便能|可以|即能|来|以便|以|就行|就好|就会|并|再|然后|之后"
    r"|系统会|然后在|并在|再在|在弹|选择|选|确认|等待|就)(?=.*(?:保存|下载|拿到|获取"
    r"|得到|查看|看到|选择|选|确认|完成|存|添加|修改|调整|导出|获得|开始|弹|格式|行|好"
    r"|可))"
)
VAGUE_ZH = re.compile(r"^(?:它|其|分享|更多|菜单|三个点|加号|齿轮|文件|“?文件)")
# Where a control is, or what it is for: the same as telling to press it.
_ZH_WHERE = re.compile(
    r"^(?:(?:在)?(?:右上|左上|右下|左下|顶部|底部|上方|下方|左侧|右侧|左边|右边|页面|屏幕|界面)[^,，。]{0,6}(?:的|有))"
    r"[“「]?(?:导出|下载|汇出|保存|上传|导入)[”」]?(?:按钮|图标|键|选项|菜单|图示).*(?:可以|能|用来|即可|可|就能).*$"
    r"|^(?:导出|下载|汇出|保存|上传|导入)(?:按钮|图标|键|选项|菜单)(?:就?在|位于)[^,，。]*(?:角|侧|边|部|方|栏|菜单|面板).*$"
)
_ZH_SHOWS = re.compile(
    r"^(?!.*右键).*(?:(?:面板|标签页?|侧边?栏|列表|素材库|媒体库)(?:即可|就|可以|就可以|就能|来|按钮)*(?:查看|看到|浏览|看看|$)"
    r"|(?:图层|轨道|时间轴|时间线)(?:即可|就|可以|就可以|就能|来)*(?:查看|看到|浏览|看看))"
)
_ZH_THEN = re.compile(r"(?:并|再|然后)(?:拖|选择|点|按|删除|调整)")


_ZH_LEAD = re.compile(rf"^{_LEAD_ZH}")
_ZH_OPENS = re.compile(rf"{_LEAD_ZH}(?:打开|开启|展开)")
_ZH_TUNES = re.compile(rf"{_LEAD_ZH}(?:调节|调整|微调|缩放|旋转|拉动|拉伸|滑动)")
_ZH_SOFT = re.compile(rf"{_LEAD_ZH}(?:选择|使用|用|通过|选用|选中)")
_ZH_TURNS = re.compile(
    rf"{_LEAD_ZH}(?:打开|开启|展开|进入|前往|切换|切到|转到|跳转|点开|访问|调出|返回|回到|翻到"
    rf"|看(?!起来|上去|着|到|好|似)|open)"
)


def chinese(plain: str, blank: str) -> Action | None:
    bare = _ZH_LEAD.sub("", blank, count=1)
    if _ZH_NOT.match(bare) or _ZH_NOT.match(blank):
        return None
    if _ZH_PREVIEW.match(blank) and not _ZH_OPENS.match(blank):
        return "summary"
    if _ZH_DRAG.match(blank) or _ZH_BA_DRAG.match(blank):
        drag = _ZH_DRAG.match(blank)
        if drag and _ZH_TUNES.match(blank) and not re.search(r"滑块|控制点|手柄|面板|数值|拉杆", blank):
            return None
        return "edit"
    if _ZH_MONEY.match(blank) and not re.search(r"样机|画面|名字|经理", blank):
        return "credits"
    match = ZH_PRESS.match(blank)
    if match:
        soft = _ZH_SOFT.match(blank)
        if (
            not soft
            or re.search(r"按钮|图标|菜单|选单|\ue000|面板|工具|选项|标签|键|滑块|开关|拉杆", match["object"])
            or _ZH_THEN.search(match["object"])
        ):
            return target(plain, "state" if _ZH_SHOWS.search(blank) else "edit")
    if _ZH_WHERE.match(blank):
        return target(plain, "edit")
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
        verb = _ZH_TURNS.match(blank)
        looks = re.search(r"查看|看到|看看|浏览|检查|确认|了解|找到|看一下|review|view", blank)
        if verb or looks:
            return "state"
    return None
