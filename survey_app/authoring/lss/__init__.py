"""A questionnaire from an export of LimeSurvey."""
