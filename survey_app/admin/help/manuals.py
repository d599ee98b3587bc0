"""One page for each who works with the system: what to do in which order, and what never to do. Printed on A4."""

from dataclasses import dataclass

from survey_app.definition.messages import Message, message
from survey_app.foundation.roles import Role


@dataclass(frozen=True, slots=True)
class Section:
    title: Message
    lines: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Manual:
    id: str
    title: Message
    lead: Message
    sections: tuple[Section, ...]


OFFICE_MANUAL = Manual(
    "office",
    message("督导室：从名册到结果"),
    message("一年办一次，大约两周。每一步页面上都有下一步；这一页是给第一次办的人看全貌的。"),
    (
        Section(
            message("准备"),
            (
                message("设置：填单位、电话和手机能打开的网址，用手机扫一下页面上的码。"),
                message("名册：用模板，一校一行，或按年级、班级；上传后先看预览，有错的表会带着“问题”一列退回来。"),
                message("问卷：用现成的，或上传、粘贴自己的；检查说“不能用”的必须改，说“请看看”的由您决定。"),
            ),
        ),
        Section(
            message("开放"),
            (
                message("新建批次：日期、问卷、参与方式。要排名，家长用一次性纸条；开放链接谁都能多填，默认不排名。"),
                message("开放以前试填一遍；核对页上的每一条疑问都要看懂再打勾。"),
                message(
                    "材料：一个 ZIP，一校一个文件夹：海报、纸条、班级口令、发群的文字。"
                    "纸条当现金管，打乱了发，不登记谁拿了哪张。"
                ),
            ),
        ),
        Section(
            message("收集"),
            (
                message("每天看一次“回收”，落后的学校有一段现成的文字可以发。不要问谁没有填：系统不知道，也不该知道。"),
                message("写错了都能改：延长、补学校、改人数、改错字，要写理由，留记录；改文字和排除答卷要两个人。"),
                message(
                    "没有手机的人填纸卷，收回来在“录入纸卷”里一份一份录入，"
                    "或把录好的 Excel 整张导入；先试算，有一处错就一份也不存。"
                ),
                message("截止后一天自动封存。封存以后不能再收，也没有人能再把答卷与纸条联系起来。"),
            ),
        ),
        Section(
            message("结果"),
            (
                message("先看“总览”里的几句话，再看学校。区间重叠的学校分不出高下，不要按小数点后两位排名。"),
                message("人数太少的数字不显示，这不是故障。不要向学校解释“大概是多少”。"),
                message("让学校看自己的结果，要另一个账号或领导同意。"),
                message("对结果有疑问时先“核验”：清单、更正和答卷的计数重新算一遍，一致与否写在页上。"),
                message(
                    "考核：一年一份方案，先在旧批次上试算，写上依据文号采用，封存后计分；采用以后不再改，计过的分一直留着。"
                ),
                message(
                    "整改：先看“提请”，立案或者写明不立案；送达以后学校在手机上回复，督学核验，您来销号。逾期的排在最前。"
                ),
                message("总览最下面是可以签字的文件：领导页、全区报告、各校报告的 ZIP。发给学校的只有它自己的文件夹。"),
            ),
        ),
    ),
)
SCHOOL_MANUAL = Manual(
    "school",
    message("学校：怎样发、怎样不碰"),
    message("学校只做三件事：贴海报、发纸条、提醒截止。其余都不要做。"),
    (
        Section(
            message("要做的"),
            (
                message("用督导室给的一次性链接设密码，登录后就是自己学校的一页。"),
                message("海报贴在校门口和班级群里；纸条打乱顺序、任取一张，装信封带回家，不登记。"),
                message("学生在机房填：用“机房用的海报”，一个填完点“下一位”。老师离开屏幕。"),
                message("没有手机的家长：督导室有纸质空白问卷，填好装信封直接交督导室。"),
                message("收到整改通知：在期限以前写明做了什么，附上照片或文件，点“报送”；没写完先“存草稿”。"),
            ),
        ),
        Section(
            message("不要做的"),
            (
                message(
                    "不要发标准答案，不要在群里说选哪个，不要收截图、看手机、代填。问卷里有一题专门问这件事，交上来的一字不差的答卷也看得出来。"
                ),
                message("不要统计谁没有填。谁也查不到谁填了什么，督导室也查不到。"),
                message("不要把别班的口令、别人的纸条转给自己班的人：每个口令有人数上限，每张纸条只能用一次。"),
            ),
        ),
        Section(
            message("出了问题"),
            (
                message("“已经用过”：多半是已经交上去了。确实没交的，换一张纸条。"),
                message("打不开、扫不了：让家长在浏览器里输入海报上的网址。"),
                message("纸条丢了一批：告诉督导室作废重印。"),
            ),
        ),
    ),
)
INSPECTOR_MANUAL = Manual(
    "inspections",
    message("责任督学：看什么、问什么"),
    message("登录后是责任区的学校；手机上就能看。"),
    (
        Section(
            message("评价学校"),
            (
                message("点“评价学校”，选一所，一项一项选；没有看到的选“没有看到”，不要猜。"),
                message("随时可以“存草稿”，换一部手机也在。全部选了去签名，先看得分，再签；签了就计入考核。"),
                message("签错了：打开那一所，写明原因撤回，改好再签。"),
                message("原来工作过的学校、亲属在的学校：点“这所学校我应当回避”。"),
            ),
        ),
        Section(
            message("核验整改"),
            (message("学校报送以后，首页列出等您核验的；到校看过再选通过或不通过，不通过要写明看到了什么。"),),
        ),
        Section(
            message("收集期间"),
            (
                message("看哪所学校落后，到校时问纸条发了没有、怎么发的；数字每小时更新一次。"),
                message("见到统一指导填写、收截图、代填，记下时间地点，告诉督导室。"),
            ),
        ),
        Section(
            message("结果公布以后"),
            (
                message("先看“概要”：哪一类人、哪一个维度低于同类。区间跨过同类平均的，还说不上高低。"),
                message("再看“题目”：不满意的人集中在哪几题，到校核实的就是这几题。"),
                message("不要追问是谁答的。意见可能是有理由的，也可能是误会；核实事情，不核实人。"),
            ),
        ),
    ),
)
MANUALS = {manual.id: manual for manual in (OFFICE_MANUAL, SCHOOL_MANUAL, INSPECTOR_MANUAL)}
MANUAL_OF_ROLE = {Role.PRINCIPAL: "school", Role.INSPECTOR: "inspections"}
