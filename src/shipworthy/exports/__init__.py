"""An assessment for other programs: Markdown for a repository of decisions, its answers as CSV, the schema of its JSON.

markdown(assessment, made_at=...)   a decision record in the MADR 4 form
answers(assessment)                 every answer with its evidence, a line a number
assessment_schema()                 the JSON Schema of what ``assess --json`` prints
"""

from shipworthy.exports.answers import answers
from shipworthy.exports.assessment_schema import assessment_schema
from shipworthy.exports.markdown import markdown

__all__ = ["answers", "assessment_schema", "markdown"]
