"""The FAQ: articles, ranking, outcomes."""

from helpdesk.knowledge.articles import Article, BrokenArticle, load_articles, parse_article
from helpdesk.knowledge.edition import Edition
from helpdesk.knowledge.outcomes import Answer, Nothing, Outcome, Suggest
from helpdesk.knowledge.service import Hit, Knowledge, load_knowledge

__all__ = [
    "Answer",
    "Article",
    "BrokenArticle",
    "Edition",
    "Hit",
    "Knowledge",
    "Nothing",
    "Outcome",
    "Suggest",
    "load_articles",
    "load_knowledge",
    "parse_article",
]
