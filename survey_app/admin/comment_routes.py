"""The addresses of comments: reading, reviewing and keeping them, and the words that cover and sort them."""

from survey_app.foundation.roles import OFFICE, READERS

from .route_rows import action_row, page_row

COMMENTS, WORDS = "/staff/waves/<int:wave_id>/comments", "/staff/comment-words"

COMMENT_ROUTES = (
    page_row(COMMENTS, "comments:comments", READERS),
    action_row(COMMENTS, "comments:save_review", OFFICE, "comments.review"),
    page_row(f"{COMMENTS}.csv", "comments:comment_file", READERS, "comments.export"),
    page_row(f"{COMMENTS}.xlsx", "comments:comment_book", READERS, "comments.export"),
    page_row(WORDS, "comment_words:comment_words", OFFICE),  # names that are covered are for the office only
    action_row(f"{WORDS}/topics", "comment_words:save_comment_topics", OFFICE, "comments.topics"),
    action_row(f"{WORDS}/names", "comment_words:save_comment_names", OFFICE, "comments.names"),
)
