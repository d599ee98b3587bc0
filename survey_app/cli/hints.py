"""Which command a refusal leads to. Services name none: their sentences are shown in the browser too."""

from survey_app.definition.messages import Message

HINTS = {
    "名册是空的。请先导入名册": "flask roster import 名册.xlsx",
    "名册里没有学校“{code}”。请先导入名册": "flask roster import 名册.xlsx",
    "批次“{name}”还没有封存，封存前看不到结果。截止一天后自动封存": "flask wave seal {name}",
    "批次“{name}”没有编号为 {id} 的印发": "flask codes list --wave {name}",
    "表头要在前 {n} 行内，至少有：学校代码、学校名称、类别，以及“对象、人数”或“{counts}”。可以先下载模板":
        "flask roster template --out 名册模板.xlsx",
    "批次“{name}”已经截止。要继续收卷，请重新开放": "flask wave reopen {name}",
    "批次“{name}”没有截止，不用重新开放。要推迟截止，请延长": "flask wave extend {name}",
    "批次“{name}”已经截止，不能再改。封存之前可以先重新开放": "flask wave reopen {name}",
    "批次“{name}”的对象“{audience}”使用开放链接，不需要码；参与方式在新建批次时决定，开放后不能改":
        "flask wave create … --access {audience}=code",
    "名册里没有学校 {code} 这类对象的人数，请写明数量": "--count",
    "请先在设置里填写别人能打开的网址": "flask settings set address=https://…    (--allow-local)",
    "批次“{name}”还没有开放，没有链接。请先开放": "flask wave open {name}",
    "有几个工作表都像名册（{names}），请只留一个，其余的删掉或隐藏": "--sheet {names}",
    "{label}按孩子计数时，{count}可以取{other}（每个学生一位）：读这个文件时选上这一项": "--parents-by-children",
    "{when} 还有人打开过批次“{name}”的表单，立即封存会丢失正在填写的答卷。请等 10 分钟再封存": "--lose-open-forms",
    "没有写明问谁，请写明对象，如 parent": "--audience parent",
}  # fmt: skip


def command_hint(line: Message) -> str:
    """Return the command that helps, or nothing."""
    hint = HINTS.get(line.template, "")
    return hint.format_map(line.values) if hint else ""
