"""Questionnaires as they were never seen before: short texts of our own, each with a habit that real ones have."""

import pytest

from survey_app.authoring.draft_json import draft_json
from survey_app.authoring.text.reader import read_text

TEXTS = {
    "pupils_with_smileys": (
        """小学生在校体验问卷（学生版）
亲爱的同学：
你好！请你根据自己的真实感受作答，答案没有对错之分。
一、选择题
1、你喜欢上学吗？
😀 非常喜欢   🙂 喜欢   😐 一般   🙁 不喜欢
2、你觉得作业多吗？
😀 很多   🙂 较多   😐 适中   🙁 较少   😡 很少
3、你在学校受到过同学欺负吗？
A、从来没有 B、偶尔 C、有时 D、经常
4、你每天睡眠时间：
①不足8小时②8-9小时③9-10小时④10小时以上
5、你的性别是： 男□ 女□
二、打分题（请在合适的数字上打勾）
6、我的老师关心我      1   2   3   4   5
7、我喜欢我的班级      1   2   3   4   5
8、学校的操场够大      1   2   3   4   5
三、你最想对校长说的话
____________________________
____________________________""",
        [
            (5, "你喜欢上学吗？", "scale", 4, True),
            (7, "你觉得作业多吗？", "scale", 5, True),
            (9, "你在学校受到过同学欺负吗？", "scale", 4, True),
            (11, "你每天睡眠时间", "choice", 4, True),
            (13, "你的性别是", "choice", 2, True),
            (15, "我的老师关心我", "scale", 5, True),
            (16, "我喜欢我的班级", "scale", 5, True),
            (17, "学校的操场够大", "scale", 5, True),
            (18, "你最想对校长说的话", "text", 0, True),
        ],
    ),
    "an_english_print": (
        """Parent Satisfaction Survey
Please answer all questions. Your answers are anonymous.

1. How satisfied are you with the teaching at our school? *
Mark only one oval.
( ) Very satisfied
( ) Satisfied
( ) Neutral
( ) Dissatisfied
( ) Very dissatisfied

2. What should we improve? (Select all that apply)
Check all that apply.
[ ] Food
[ ] Buildings
[ ] Communication
[ ] Other: ____

3. Any other comments?""",
        [
            (4, "How satisfied are you with the teaching at our school?", "scale", 5, True),
            (12, "What should we improve?", "choices", 4, True),
            (19, "Any other comments?", "text", 0, True),
        ],
    ),
    "a_table_of_digits": (
        """教师工作满意度调查
序号	题目	非常同意	同意	不确定	不同意	非常不同意
1	学校管理民主	5	4	3	2	1
2	领导关心教师	5	4	3	2	1
3	工作压力过大	5	4	3	2	1
4	考核制度公平	5	4	3	2	1
您对学校发展有何建议：""",
        [
            (3, "学校管理民主", "scale", 5, True),
            (4, "领导关心教师", "scale", 5, True),
            (5, "工作压力过大", "scale", 5, True),
            (6, "考核制度公平", "scale", 5, True),
            (7, "您对学校发展有何建议", "text", 0, True),
        ],
    ),
    "nothing_marked": (
        """家长您好，请回答下面几个问题：
孩子的班级
一班
二班
三班
您对班主任的满意度
很满意
满意
不满意
您对食堂的满意度
很满意
满意
不满意
您对门卫的满意度
很满意
满意
不满意
还有什么要说的吗""",
        [
            (2, "孩子的班级", "choice", 3, True),
            (6, "您对班主任的满意度", "scale", 3, True),
            (10, "您对食堂的满意度", "scale", 3, True),
            (14, "您对门卫的满意度", "scale", 3, True),
            (18, "还有什么要说的吗", "text", 0, True),
        ],
    ),
    "a_matrix_and_a_condition": (
        """Q1：您孩子就读的年级？【单选】
七年级
八年级
九年级
Q2：您对以下各项的满意程度？【矩阵单选】
	非常满意	满意	一般	不满意	非常不满意
师德师风	○	○	○	○	○
教学质量	○	○	○	○	○
Q3：您最不满意的方面是？【多选，最多3项】
□ 收费
□ 作业
□ 伙食
□ 没有不满意的
Q4：若选择“收费”，请说明具体情况：
Q5：您愿意把本校推荐给朋友吗？（0-10分）""",
        [
            (1, "您孩子就读的年级？", "grade", 3, True),
            (7, "师德师风", "scale", 5, True),
            (8, "教学质量", "scale", 5, True),
            (9, "您最不满意的方面是？", "choices", 4, True),
            (14, "若选择“收费”，请说明具体情况", "text", 0, True),
            (15, "您愿意把本校推荐给朋友吗？", "scale", 11, True),
        ],
    ),
    "jumps_and_a_telephone": (
        """1.您的身份：A家长 B教师 C学生
2.您对学校的整体评价：A很好 B较好 C一般 D较差 E很差（如选D、E请回答第3题）
3.您不满意的原因：
4.（多选题）您通过什么途径了解学校：A.公众号B.家长群C.亲友D.其他（请填写）
5.您的电话：""",
        [
            (1, "您的身份", "choice", 3, True),
            (2, "您对学校的整体评价", "scale", 5, True),
            (3, "您不满意的原因", "text", 0, True),
            (4, "您通过什么途径了解学校", "choices", 4, True),
            (5, "您的电话", "text", 0, False),
        ],
    ),
    "codes_with_equal_signs": (
        """第一部分  基本信息
A1. 您的性别          1=男   2=女
A2. 您的年龄          ______岁
第二部分  满意度
B1. 您对学校安全的满意度    1=非常满意  2=满意  3=一般  4=不满意  5=非常不满意
B2. 您对校车服务的满意度    1=非常满意  2=满意  3=一般  4=不满意  5=非常不满意  9=不适用
B3. 其他建议""",
        [
            (2, "您的性别", "choice", 2, True),
            (3, "您的年龄", "number", 0, True),
            (5, "您对学校安全的满意度", "scale", 5, True),
            (6, "您对校车服务的满意度", "scale", 5, True),
            (7, "其他建议", "text", 0, True),
        ],
    ),
    "one_without_a_number": (
        """ 满意度调查
1、您对教学工作是否满意? (      )
A、满意     B、基本满意     C、不满意
2、您对学校环境是否满意? (      )
A、满意     B、基本满意     C、不满意
3、您对教师师德是否满意? (      )
A、满意     B、基本满意     C、不满意
不满意的原因是：___________________
4、你孩子的任课教师有没有有偿家教现象?(  )
A、有    B、没有    C、不清楚
家长签名：            日期：    年   月   日""",
        [
            (2, "您对教学工作是否满意?", "scale", 3, True),
            (4, "您对学校环境是否满意?", "scale", 3, True),
            (6, "您对教师师德是否满意?", "scale", 3, True),
            (8, "不满意的原因是", "text", 0, True),
            (9, "你孩子的任课教师有没有有偿家教现象?", "choice", 3, True),
        ],
    ),
    "a_total_and_a_signature": (
        """学生满意度测评表
    同学们：请在你认为合适的选项下打“√”
测评项目	满意	较满意	一般	不满意
老师上课	√
作业批改
食堂饭菜
宿舍管理
合计
填表人：        日期：""",
        [
            (4, "老师上课", "scale", 4, True),
            (5, "作业批改", "scale", 4, True),
            (6, "食堂饭菜", "scale", 4, True),
            (7, "宿舍管理", "scale", 4, True),
        ],
    ),
    "keycaps_from_a_chat": (
        """【家长会反馈】
1️⃣您对本次家长会满意吗？
A 非常满意 B 满意 C 一般 D 不满意
2️⃣您最关心孩子哪方面？（多选）
A 学习 B 交友 C 心理 D 其他
3️⃣有什么建议？""",
        [
            (2, "您对本次家长会满意吗？", "scale", 4, True),
            (4, "您最关心孩子哪方面？", "choices", 4, True),
            (6, "有什么建议？", "text", 0, True),
        ],
    ),
    "marks_and_sub_questions": (
        """关于课后服务的调查
1. 您是否了解课后服务政策？
   ○ 非常了解  ○ 了解  ○ 不太了解  ○ 不了解
2. 您的孩子参加课后服务的主要原因是什么？（限选三项，按重要程度排序）
   ○ 无人接送  ○ 辅导作业  ○ 兴趣培养  ○ 其他（请注明：________）
3. 您对课后服务的收费标准：
   ○ 偏高  ○ 合适  ○ 偏低
4. 您每月可接受的费用为 （    ）元
5. 请您对课后服务质量进行评价（1分最低，5分最高）
   1分 2分 3分 4分 5分
6. 您对以下说法的认同程度
（1）课后服务减轻了家庭负担。
A. 非常同意 B. 同意 C. 不同意 D. 非常不同意
（2）课后服务内容丰富。
A. 非常同意 B. 同意 C. 不同意 D. 非常不同意
问卷到此结束，感谢您的参与！""",
        [
            (2, "您是否了解课后服务政策？", "scale", 4, True),
            (4, "您的孩子参加课后服务的主要原因是什么？（限选三项，按重要程度排序）", "ranking", 4, False),
            (6, "您对课后服务的收费标准", "choice", 3, True),
            (8, "您每月可接受的费用为", "number", 0, True),
            (9, "请您对课后服务质量进行评价", "scale", 5, True),
            (12, "课后服务减轻了家庭负担。", "scale", 4, True),
            (14, "课后服务内容丰富。", "scale", 4, True),
        ],
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_of_its_own_habits_is_read(name: str) -> None:
    """Line, text, kind, number of options, and whether it comes in at all."""
    text, expected = TEXTS[name]
    printed = draft_json(read_text(text), name)
    assert [
        (item["line"], item["text"], item["kind"], len(item["options"]), item["id"] is not None)
        for item in printed["items"]
    ] == expected


def test_conditions_that_a_text_words_in_its_own_way() -> None:
    items = draft_json(read_text(TEXTS["jumps_and_a_telephone"][0]), "a.txt")["items"]
    assert items[2]["show_if"] == {"question": "2", "options": ["较差", "很差"]}
    items = draft_json(read_text(TEXTS["a_matrix_and_a_condition"][0]), "a.txt")["items"]
    assert items[4]["show_if"] == {"question": "3", "options": ["收费"]}
    assert items[3]["exclusive"] == ["没有不满意的"]
    leaving = "1. 住校吗？\nA. 是\nB. 否，请跳到第9题\n2. 宿舍满意吗？\nA. 满意\nB. 不满意\n3. 原因是：____\n"
    printed = draft_json(read_text(leaving), "a.txt")
    assert "skip_leads_nowhere" in [fault["code"] for fault in printed["faults"]]


def test_what_is_taught_or_asked_of_a_person_is_said() -> None:
    text = "问卷\n请各位家长务必选择“非常满意”。\n1. 满意吗？\nA. 满意\nB. 不满意\n联系电话：________\n"
    printed = draft_json(read_text(text), "a.txt")
    codes = {fault["code"]: fault["line"] for fault in printed["faults"] if "line" in fault}
    assert (codes["coaching"], codes["personal_data"]) == (2, 6)


BARE_NUMBERS = "教师问卷\n{legend}\n1. 学校的管理  5  4  3  2  1\n2. 学校的食堂\n5 4 3 2 1\n"


@pytest.mark.parametrize("legend", [
    "说明：5=非常满意 4=满意 3=一般 2=不满意 1=非常不满意",
    "（5分表示非常满意，4分表示满意，3分表示一般，2分表示不满意，1分表示非常不满意）",
])  # fmt: skip
def test_a_legend_gives_bare_numbers_their_words(legend: str) -> None:
    printed = draft_json(read_text(BARE_NUMBERS.format(legend=legend)), "a.txt")
    for item in printed["items"]:
        assert item["options"] == ["非常满意", "满意", "一般", "不满意", "非常不满意"]
        assert item["scale"]["favourable"] == 2
    assert "favourable_missing" not in [fault["code"] for fault in printed["faults"]]


@pytest.mark.parametrize("legend", ["评分标准：5=非常满意 … 1=非常不满意", "5分表示非常满意，1分表示非常不满意，请打√"])
def test_a_legend_of_the_ends_only_is_what_the_ends_mean(legend: str) -> None:
    """The legend was read as a question with two answers, and the rows had no meaning."""
    printed = draft_json(read_text(BARE_NUMBERS.format(legend=legend)), "a.txt")
    assert [(item["text"], item["ends"], item["scale"]["favourable"]) for item in printed["items"]] == [
        ("学校的管理", ["非常满意", "非常不满意"], 2), ("学校的食堂", ["非常满意", "非常不满意"], 2),
    ]  # fmt: skip


def test_numbers_of_which_one_is_best_are_not_counted_upwards() -> None:
    text = BARE_NUMBERS.format(legend="1表示非常满意，5表示非常不满意")
    (written,) = draft_json(read_text(text), "a.txt")["instruments"]
    (scale,) = written["scales"].values()
    said = [(point["label"]["zh"], point["points"]) for point in scale["points"]]
    assert said == [("5（非常不满意）", 0), ("4", 25), ("3", 50), ("2", 75), ("1（非常满意）", 100)]


def test_a_legend_below_a_table_of_numbers_is_theirs() -> None:
    rows = "题目\t5\t4\t3\t2\t1\n学校的管理\t□\t□\t□\t□\t□\n学校的食堂\t□\t□\t□\t□\t□\n"
    printed = draft_json(
        read_text(f"教师问卷\n{rows}注：5=非常满意，4=满意，3=一般，2=不满意，1=非常不满意\n"), "a.txt"
    )
    assert [item["options"][0] for item in printed["items"]] == ["非常满意", "非常满意"]
    assert printed["left"] == []


def test_each_blank_of_a_question_is_a_number_of_its_own() -> None:
    """It became one number, 每天写作业分钟，睡眠 in hours."""
    lines = ["家长问卷", "1. 您孩子每天写作业____分钟，睡眠____小时。", "2. 每周参加社团（   ）次，每次（   ）分钟",
             "3. 入学时间：____年____月", "4. 每周上____节体育课", "5. 每月花费____元"]  # fmt: skip
    printed = draft_json(read_text("\n".join(lines)), "a.txt")
    assert [(item["id"], item["text"], item["kind"]) for item in printed["items"]] == [
        ("Q1_1", "您孩子每天写作业", "number"), ("Q1_2", "睡眠", "number"),
        ("Q2_1", "每周参加社团", "number"), ("Q2_2", "每次", "number"),
        ("Q3", "入学时间：____年____月", "text"), ("Q4", "每周上____节体育课", "text"), ("Q5", "每月花费", "number"),
    ]  # fmt: skip
    asked = {fault["line"]: fault["code"] for fault in printed["faults"] if "blank" in fault["code"]}
    assert asked == {2: "blanks_split", 3: "blanks_split", 4: "several_blanks"}
