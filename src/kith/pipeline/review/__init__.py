"""The queue of questions: which people may be one person, asked where an answer settles most."""

from kith.pipeline.review.question import Question, Side, question_json
from kith.pipeline.review.session import Answer, Review, answer_question

__all__ = ["Answer", "Question", "Review", "Side", "answer_question", "question_json"]
