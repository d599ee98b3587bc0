"""How each figure was made: one sentence a figure, linked from the page and printed on the cover of the workbook."""

from survey_app.definition.messages import Message, message

METHOD_NOTES: dict[str, tuple[Message, Message]] = {
    "index": (message("满意度指数"), message(
        "每人每个维度取已答题目的平均分（0–100，反向题先翻转），再对学校求平均；有年级名册且人数达到方案规定时按年级人数加权。")),
    "interval": (message("95% 区间"), message(
        "指数 ± t × 标准误，不做有限总体修正，截在 0–100 之内；综合得分和总体数字用正态分位数 1.96。")),
    "rate": (message("满意率"), message(
        "选择满意选项的答案数 ÷ 计分答案数；“不了解”不计入，区间按人计算，题目用 Wilson 区间。")),
    "composite": (message("综合得分"), message(
        "各对象总指数按方案权重加权平均；某对象不能公布时按其余对象的权重折算并注明。")),
    "rank": (message("名次"), message("按打印出的综合得分从高到低排，得分相同名次相同，下一名顺延（1、2、2、4）。")),
    "rank_set": (message("名次区间"), message(
        "把本校与同类每所学校逐一检验：1 + 显著高于本校的学校数，到学校总数 − 显著低于本校的学校数；"
        "300 所以内用精确步降法，更多时用 Holm 检验。")),
    "rank_set_all": (message("同时区间"), message(
        "整张名单同时成立的名次区间：对全部两两比较做 Holm 检验，比单校区间更宽。")),
    "band": (message("等第"), message("综合得分的区间整个高于同类平均为 A，整个低于为 C，其余为 B。")),
    "award": (message("奖励名额"), message(
        "若奖励前若干名：同时区间的下端也在名额内的学校“一定在内”，上端在名额内的“可能在内”，其余不在。")),
    "response": (message("回收率"), message("至少答了一道计分题的答卷数 ÷ 名册人数；超过 100% 说明答卷多于名册人数。")),
    "district": (message("全区和同类平均"), message(
        "各校指数按名册人数加权：Σ(人数×指数) ÷ Σ人数；综合得分按主要对象的人数加权；只用可以公布的学校。")),
    "inequality": (message("校间差异系数"), message(
        "√(校间方差 − 平均抽样方差) ÷ 平均指数，负数按 0 计：扣除抽样噪声后学校之间还差多少。")),
    "reliability": (message("校均值信度"), message(
        "λ = τ² ÷ (τ² + s²/n)，τ² 由单因素方差分析得出；取各校中位数，低于 0.7 说明这些学校很难分出高下。")),
    "funnel": (message("漏斗图"), message(
        "z = (得分 − 平均) ÷ √(标准误² + τ²)，τ² 是截尾 10% 后的额外离散；|z| 超过 1.96 为注意，超过 3.09 为异常。")),
    "shrinkage": (message("收缩估计"), message(
        "λ×得分 + (1−λ)×平均，τ² 用 DerSimonian–Laird 法；仅供诊断，排名和得分都不用它。")),
    "line": (message("85% 线"), message(
        "满意率的整个区间不低于 85% 为达到，整个低于 85% 为未达到，其余为不能判定；从不只看一个点。")),
    "likert": (message("题目分布图"), message(
        "同类可公布学校的答案合计：中间选项跨在零线上，左边是不满意，右边是满意；“不了解”另列；"
        "百分比保留一位并凑足 100.0。")),
    "alpha": (message("内部一致性 α"), message(
        "由题目两两协方差计算的 Cronbach α；括号内是 Feldt 95% 区间，按全部题目都答了的人数计算。")),
    "omega": (message("ω"), message("单因子模型中公共因子占总分方差的比例（McDonald ω），至少三道题。")),
    "item_rest": (message("题余相关"), message("每道题与本维度其余题目之和的相关；很低或为负的题目需要检查。")),
    "importance": (message("重要性"), message(
        "各维度对总体满意题的解释份额（R² 的 LMG 分解，12 个维度以上用 Johnson 相对权重），人先在校内取中心；"
        "份额合计 100%。")),
    "change": (message("与上次相比"), message(
        "只比较题目、选项和赋分都相同的指数；差 ÷ 两次标准误的合成，"
        "对全部学校做 Holm 校正，显著且不少于 3 分才算变化。")),
    "not_lower": (message("满意度不降低"), message("单侧检验：有 95% 的把握降幅小于 2 分，才算没有降低。")),
    "value_added": (message("增值"), message(
        "用上次的收缩得分和类别预测本次得分，高于预测的部分即增值，再除以本类标准差；一类不足 20 所学校时不计算。")),
    "signals": (message("供人核查的信号"), message(
        "封存时逐校计数一次，只留份数，不留是哪一份；份数后面是占本校计入答卷的比例，"
        "同类合计是可公布学校合在一起的通常比例。人数太少的学校不显示；"
        "几乎所有人都有的只写“不低于 95%”（不足 20 人时 90%）。")),
    "signal_pace": (message("答题快慢"), message(
        "从打开表单到提交的时间 ÷ 题数，分为不到 1 秒、1–2 秒和更慢三档，比例按有时间的答卷算；导入的答卷没有时间。")),
    "signal_run": (message("连选同一项"), message(
        "跳过未答和“不了解”，同一位置的选项连续出现在问卷一半或更多的题目上（longstring）。")),
    "signal_alike": (message("全卷同一项、全选最满意"), message(
        "全卷同一项：答了的题（至少两道）都选同一位置；全选最满意：反向题翻转后都是最满意的选项，多数是真实的。")),
    "signal_far": (message("答法少见"), message(
        "与本校平均的马氏距离：按全部学校校内的题目协方差，只用答了的题，χ² 检验 p 小于 0.001；"
        "人数不到题数的 5 倍时不计算。认真的答卷也常有百分之几，很满意的学校可达两成多。")),
    "signal_twins": (message("雷同答卷"), message(
        "至少五分之一的答案不同于本卷最常选项的答卷中，与本校另一份完全相同的份数；"
        "“偶然会有”和 p 由满意程度相近的人之间逐题打乱最多 199 次得到，p 不超过 0.02 时建议核查。")),
    "suppression": (message("不公布的数字"), message(
        "人数少于方案规定的不公布；若能由其他数字减出来，再隐藏一个；总体数字只用可公布的学校。")),
}  # fmt: skip
