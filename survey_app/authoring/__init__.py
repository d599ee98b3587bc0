"""Authoring: a questionnaire that an office already has becomes a draft, and the draft an instrument with gaps.

Pure: no web, no database, no files; readers are given lines or cells. The way through the room is

``account`` (each line or row that says something is in one of four lists) and a reader of one format
→ ``draft`` (what was read, with places) → ``draft_instrument`` (an instrument as its file states it, gaps are null)
→ ``draft_yaml`` (its file) and ``draft_json`` (what ``flask questionnaires import --json`` prints).
"""
