"""What roles are called, and what each sees and does."""

from survey_app.definition.messages import Message, message
from survey_app.foundation.roles import Role

ROLE_LABELS: dict[Role, Message] = {
    Role.OFFICE: message("督导室"),
    Role.LEADER: message("领导"),
    Role.PRINCIPAL: message("校长"),
    Role.INSPECTOR: message("责任督学"),
    Role.AUDITOR: message("审计、第三方"),
    Role.SYSADMIN: message("系统管理员"),
}
ROLE_NOTES: dict[Role, Message] = {
    Role.OFFICE: message("办理批次、名册、问卷、结果和账号"),
    Role.LEADER: message("看已公布、或请他批准公布的结果，已送达的整改通知"),
    Role.PRINCIPAL: message("只看自己的学校：海报、回收情况，公布后的本校结果"),
    Role.INSPECTOR: message("只看责任区的学校：评价和签名，回收情况，公布后的学校结果"),
    Role.AUDITOR: message("什么都能看，什么都不能改"),
    Role.SYSADMIN: message("只管账号，看不到批次和结果"),
}
