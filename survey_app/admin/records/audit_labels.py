"""What the audit's actions and results are called on pages; an action without a name is shown as it is stored."""

from survey_app.accounts.audit import DONE, FAILED, NOT_FOUND, SHOWN
from survey_app.definition.messages import message
from survey_app.foundation.translation import _, render

ACTIONS = {
    "audit.export": message("下载记录"),
    "case.create": message("整改立案"), "case.edit": message("改整改内容"), "case.step": message("整改：走一步"),
    "case.look_back": message("建回头看批次"), "public.propose": message("提出公开“你说我改”"),
    "public.confirm": message("确认公开“你说我改”"), "public.withdraw": message("撤下“你说我改”"),
    "public.link": message("致谢页的“你说我改”链接"),
    "case.export": message("下载整改台账"), "case.letter": message("下载整改通知书"),
    "case.file": message("下载整改附件"),
    "case.reply": message("整改回复"), "case.remove": message("删整改附件"), "case.verify": message("核验整改"),
    "codes.issue": message("印发邀请码"), "codes.void": message("作废邀请码"),
    "comments.export": message("下载意见"), "comments.names": message("改要遮盖的姓名"),
    "comments.review": message("审意见"), "comments.topics": message("改意见的话题"),
    "evaluation.save": message("存督学评价的草稿"), "evaluation.sign": message("签督学评价"),
    "evaluation.withdraw": message("撤回督学评价"), "evaluation.carry": message("把草稿带到这一期"),
    "evaluation.conflict": message("声明回避"),
    "evaluation.lift": message("解除回避"), "evaluation.export": message("下载督学评价"),
    "evaluation.meeting": message("下载每月例会表"),
    "links.posters": message("打印海报"), "links.zip": message("生成全区材料"),
    "questionnaires.import": message("导入问卷"), "questionnaires.accept": message("写明保留审阅提醒的理由"),
    "questionnaires.upload": message("上传问卷"), "responses.confirm": message("同意导出逐份答卷"),
    "responses.export": message("导出逐份答卷"), "responses.import": message("导入答卷"),
    "responses.paper": message("录入纸质问卷"),
    "responses.request": message("申请导出逐份答卷"), "results.report": message("下载工作簿"),
    "results.document": message("下载报告"), "results.documents": message("各校报告的 ZIP"),
    "results.table": message("下载结果表"), "roster.export": message("下载名册"), "roster.import": message("导入名册"),
    "roster.preview": message("重看名册预览"), "roster.successor": message("改学校的去向"),
    "roster.upload": message("上传名册"), "settings.set": message("改设置"),
    "retention.purge": message("按期限清除"), "retention.set": message("改保留期限"),
    "responses.upload": message("上传答卷试读"),
    "staff.create": message("建立账号"), "staff.disable": message("停用账号"), "staff.login": message("登录"),
    "staff.enable": message("恢复账号"), "staff.grant": message("改账号的范围"),
    "staff.principals": message("建校长账号"), "staff.reset": message("给一次性链接"),
    "staff.welcome": message("用链接设密码"),
    "staff.logout": message("退出"), "staff.password": message("改密码"), "staff.sessions": message("结束其他登录"),
    "staff.step-on": message("开两步登录"), "staff.step-off": message("关两步登录"),
    "staff.step-reset": message("取消别人的两步登录"),
    "wave.close": message("截止批次"), "wave.confirm": message("同意更改"), "wave.counts": message("下载回收表"),
    "wave.create": message("新建批次"), "wave.delete": message("删除草稿"), "wave.draft": message("改草稿"),
    "wave.extend": message("延长批次"), "wave.open": message("开放批次"), "wave.reopen": message("重新开放批次"),
    "wave.exclude": message("提出排除答卷"), "wave.release": message("提出让学校看结果"),
    "wave.seal": message("封存批次"), "wave.verify": message("核验"),
    "wave.withdraw": message("不再让学校看结果"),
    "year.adopt": message("采用考核方案"), "year.compute": message("计分"), "year.count": message("按方案重新计数"),
    "year.book": message("下载年度考核台账"),
    "year.create": message("新建考核年度"), "year.import": message("导入得分"), "year.scheme": message("存考核方案"),
    "year.table": message("下载考核表"),
}  # fmt: skip
RESULTS = {
    DONE: message("已做"), SHOWN: message("只看了会怎样"), NOT_FOUND: message("没有找到"), FAILED: message("程序出错"),
}  # fmt: skip


def action_label(action: str) -> str:
    return render(ACTIONS[action]) if action in ACTIONS else action


def result_label(result: str) -> str:
    """In words; a refusal keeps its reason as it was given."""
    reason = result.removeprefix("refused: ")
    if reason != result:
        return _("没有做：{reason}", reason=reason)
    return render(RESULTS[result]) if result in RESULTS else result
