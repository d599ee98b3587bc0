"""Definition: a questionnaire file becomes an :class:`~survey_app.definition.model.Instrument`.

Pure: no web, no database. The way through the room is

``values`` (YAML to nodes with places) → ``read_session`` (nodes to an instrument, every fault reported)
→ ``checking`` (what a single field cannot know) → ``freezing`` (one canonical text and two hashes)
→ ``form`` (what one audience is asked, in order) → ``answering`` (what came back, checked and encoded).
"""
