"""The checker: what is wrong with a question, a scale or a whole questionnaire, and what to do about it."""
