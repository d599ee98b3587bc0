"""The tables of a LimeSurvey file as groups, questions and answers, whichever of its two layouts holds the texts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from survey_app.definition.languages import Text, is_language_tag

from .tables import LssRow, LssTables, words_of


@dataclass(frozen=True, slots=True)
class LssAnswer:
    """One answer of a list. ``value`` is its assessment value."""

    code: str
    text: Text
    value: float = 0.0


@dataclass(slots=True)
class LssQuestion:
    """A question, or a row or box of one."""

    code: str
    type: str
    qid: str
    gid: str
    text: Text
    help: Text | None = None
    is_mandatory: bool = False
    has_other: bool = False
    relevance: str = ""
    order: float = 0.0
    attributes: dict[str, str] = field(default_factory=dict)
    parts: list["LssQuestion"] = field(default_factory=list)
    answers: list[LssAnswer] = field(default_factory=list)
    conditions: list[LssRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LssGroup:
    """A page of questions."""

    gid: str
    name: Text | None
    description: Text | None
    relevance: str
    questions: tuple[LssQuestion, ...]


@dataclass(frozen=True, slots=True)
class LssSurvey:
    """A whole survey. ``counts_values``: whether assessment values are points."""

    sid: str
    languages: tuple[str, ...]
    title: Text | None
    intro: Text | None
    groups: tuple[LssGroup, ...]
    counts_values: bool = False


class SurveyBuilder:
    """Puts the tables together."""

    def __init__(self, tables: LssTables) -> None:
        self.tables = tables
        self.survey_row = next(iter(tables.table("surveys")), {})
        named = [self.survey_row.get("language", ""), *self.survey_row.get("additional_languages", "").split()]
        tags = [_tag(name) for name in [*named, *tables.languages] if name]
        self.languages = tuple(dict.fromkeys(tags)) or ("en",)

    def survey(self) -> LssSurvey:
        settings = self.tables.table("surveys_languagesettings")
        title = self.text((row.get("surveyls_language", ""), row.get("surveyls_title", "")) for row in settings)
        intro = self.text(
            (row.get("surveyls_language", ""), row.get("surveyls_welcometext") or row.get("surveyls_description", ""))
            for row in settings
        )
        return LssSurvey(
            self.survey_row.get("sid", ""), self.languages, title, intro, tuple(self.groups()),
            self.survey_row.get("assessments") == "Y",
        )  # fmt: skip

    def text(self, pairs: Iterable[tuple[str, str]]) -> Text | None:
        words = {_tag(language): words_of(html) for language, html in pairs}
        kept = {tag: words[tag] for tag in self.languages if words.get(tag)}
        return Text.of(kept) if kept else None

    def by_id(self, table: str, texts: str, key: str) -> dict[str, list[LssRow]]:
        """Rows of a table by id, with those of the table of their texts (which older files do not have)."""
        rows: dict[str, list[LssRow]] = defaultdict(list)
        translations: dict[str, list[LssRow]] = defaultdict(list)
        for row in self.tables.table(texts):
            translations[row.get(key, "")].append(row)
        for row in self.tables.table(table):
            name = row.get(key, "")
            rows[name] += [{**row, **one} for one in translations.get(name, [])] or [row]
        return rows

    def groups(self) -> list[LssGroup]:
        questions = defaultdict(list)
        for question in self.questions():
            questions[question.gid].append(question)
        found = []
        for gid, rows in self.by_id("groups", "group_l10ns", "gid").items():
            first = rows[0]
            name = self.text((row.get("language", ""), row.get("group_name", "")) for row in rows)
            description = self.text((row.get("language", ""), row.get("description", "")) for row in rows)
            members = tuple(sorted(questions.pop(gid, []), key=lambda question: question.order))
            group = LssGroup(gid, name, description, first.get("grelevance", ""), members)
            found.append((_number(first.get("group_order")), group))
        lost = [LssGroup(gid, None, None, "", tuple(members)) for gid, members in questions.items()]
        return [group for _order, group in sorted(found, key=lambda entry: entry[0])] + lost

    def questions(self) -> list[LssQuestion]:
        answers = self.answers()
        attributes: dict[str, dict[str, str]] = defaultdict(dict)
        for row in self.tables.table("question_attributes"):
            if row.get("value"):
                attributes[row.get("qid", "")].setdefault(row.get("attribute", ""), row["value"])
        conditions: dict[str, dict[str, LssRow]] = defaultdict(dict)
        for row in self.tables.table("conditions"):
            conditions[row.get("qid", "")][row.get("cid", "")] = row
        parts = defaultdict(list)
        for rows in self.by_id("subquestions", "question_l10ns", "qid").values():
            parts[rows[0].get("parent_qid", "")].append(self.question(rows))
        out = []
        for qid, rows in self.by_id("questions", "question_l10ns", "qid").items():
            if rows[0].get("parent_qid", "0") not in ("", "0"):
                continue
            question = self.question(rows)
            question.parts = sorted(parts.get(qid, []), key=lambda part: part.order)
            question.answers = answers.get(qid, [])
            question.attributes = attributes.get(qid, {})
            question.conditions = list(conditions.get(qid, {}).values())
            out.append(question)
        return out

    def question(self, rows: list[LssRow]) -> LssQuestion:
        first = rows[0]
        code = first.get("title", "")
        text = self.text((row.get("language", ""), row.get("question", "")) for row in rows)
        return LssQuestion(
            code, first.get("type", ""), first.get("qid", ""), first.get("gid", ""),
            text or Text.of({self.languages[0]: code}),
            self.text((row.get("language", ""), row.get("help", "")) for row in rows),
            first.get("mandatory") == "Y", first.get("other") == "Y", first.get("relevance", ""),
            _number(first.get("question_order")),
        )  # fmt: skip

    def answers(self) -> dict[str, list[LssAnswer]]:
        """Answers by question, in their order; those of a second scale are not read."""
        rows = self.by_id("answers", "answer_l10ns", "aid") if self.tables.table("answer_l10ns") else self.old_answers()
        ordered: dict[str, list[tuple[float, LssAnswer]]] = defaultdict(list)
        for several in rows.values():
            first = several[0]
            text = self.text((row.get("language", ""), row.get("answer", "")) for row in several)
            if first.get("scale_id", "0") not in ("", "0"):
                continue
            code = first.get("code", "")
            answer = LssAnswer(code, text or Text.of({self.languages[0]: code}), _number(first.get("assessment_value")))
            ordered[first.get("qid", "")].append((_number(first.get("sortorder")), answer))
        return {
            qid: [answer for _, answer in sorted(found, key=lambda entry: entry[0])] for qid, found in ordered.items()
        }

    def old_answers(self) -> dict[str, list[LssRow]]:
        rows: dict[str, list[LssRow]] = defaultdict(list)
        for row in self.tables.table("answers"):
            rows[f"{row.get('qid')} {row.get('scale_id', '0')} {row.get('code')}"].append(row)
        return rows


def _number(words: str | None) -> float:
    try:
        return float(words or 0)
    except ValueError:
        return 0.0


def _tag(name: str) -> str:
    """LimeSurvey's name of a language: de-informal, zh-Hans."""
    base = name.strip()
    return base if is_language_tag(base) else base.split("-")[0].lower()[:3] or "en"
