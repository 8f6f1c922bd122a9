"""Every number that shapes an index or a confidence scale, in one value whose hash a generation records.

What depends on a group is made anew when the group's hash changes, and nothing else is. Speed and memory have their
numbers where they are used. A number measured in docs/retrieval.md says so; change it here and nowhere else.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Final

from archive.text.passage_shape import PASSAGES, PassageShape
from index.contracts.options import Mode


@dataclass(frozen=True, slots=True)
class WordIndex:
    """What the columns and the word index are made by, besides the text analysis (``analyzer.fingerprint``).

    Attributes:
        title_weight: how often an article's document holds the words of its title.
        longest_word: characters of a folded word that are kept; of a question's words likewise.
        block: documents of tantivy that share the number of a block; an index is read by the number it was written by.
    """

    title_weight: int = 2  # measured: once and thrice within .003 of it, not at all .010 worse (docs/retrieval.md)
    longest_word: int = 64  # chosen, not measured: longer than any word, shorter than an encoded picture
    block: int = 8  # chosen, not measured: passages of one article mostly share a block


@dataclass(frozen=True, slots=True)
class VectorInputs:
    """What the encoder is given for a passage, besides the model and its prompts.

    Attributes:
        title_tokens: tokens of the title that are put before the passage.
        separator: between title and passage.
        spare_tokens: room for the tokens that joining two texts may make.
        fewest_tokens: of a passage, however little room prompt and title leave.
    """

    title_tokens: int = 32  # chosen, not measured: nearly every headline fits
    separator: str = "\n"
    spare_tokens: int = 2  # one for each of the two joints: prompt and title, title and passage
    fewest_tokens: int = 16  # chosen, not measured: the models in use leave ten times as much


@dataclass(frozen=True, slots=True)
class Tuning:
    """What ranks when a question is asked. No stored index depends on it; the confidence scale does.

    Attributes:
        k1: BM25's saturation of repeated words. Only rank-bm25 takes it: tantivy has 1.2 built in.
        b: BM25's weight of a document's length. Only rank-bm25 takes it: tantivy has 0.75 built in.
        article_weight: of the article's BM25 in a passage's lexical score; the passage's own has the rest.
        full_from: a passage whose BM25 is at least this share of the best passage's has its article's score in full.
        semantic_share: of the cosine in the score of both legs.
        candidates: that each leg proposes, at least.
        confidence_candidates: the first so many of each order are looked at for the confidence score.
        cosine_share: of the best cosine in the confidence score; the coverage of the question's words has the rest.
    """

    k1: float = 1.2  # Robertson and Zaragoza (2009); sixteen pairs lie within .0063 (docs/retrieval.md)
    b: float = 0.75  # likewise
    article_weight: float = 0.65  # measured (docs/retrieval.md)
    full_from: float = 0.5  # measured with ``article_weight`` (docs/retrieval.md)
    semantic_share: float = 0.8  # measured: flat from .7 to .85 (docs/retrieval.md)
    candidates: int = 100  # chosen, not measured: what recall is measured at
    confidence_candidates: int = 10  # chosen, not measured: what a screen shows
    cosine_share: float = 0.7  # measured (docs/retrieval.md)


@dataclass(frozen=True, slots=True)
class ConfidenceScale:
    """How the confidence scale of a generation is set from its scores of the background questions.

    Attributes:
        hybrid_quantile: of those scores, below which an answer counts as nothing; likewise the other modes'.
        floor: the least such limit.
        margin: from the limit to a strong answer.
        near_floor: the least cosine of a passage that is near without a matching word.
        depth: candidates of each leg while the scale is set.
        questions: first 16 digits of the sha256 of ``index/ranking/background.txt``.
    """

    hybrid_quantile: float = 0.95  # this and what follows: measured over five archives (docs/retrieval.md)
    semantic_quantile: float = 0.95
    lexical_quantile: float = 0.7  # lower: by words alone both kinds of question overlap
    floor: float = 0.18
    margin: float = 0.1
    near_floor: float = 0.15
    depth: int = 50  # chosen, not measured: five times the candidates that a score looks at
    questions: str = "2284061764ccbb12"

    def quantile(self, mode: Mode) -> float:
        """Return the quantile of one mode."""
        quantiles = {
            Mode.HYBRID: self.hybrid_quantile,
            Mode.SEMANTIC: self.semantic_quantile,
            Mode.LEXICAL: self.lexical_quantile,
        }
        return quantiles[mode]


@dataclass(frozen=True, slots=True)
class RecipeHashes:
    """The hash of each group of a recipe (16 hexadecimal digits).

    Attributes:
        passages: where texts are cut; of a change, all else depends on it by way of the catalog.
        words: columns and word index.
        vectors: which vector a passage has.
        scale: the confidence scale, on which ``Tuning`` bears as well.
    """

    passages: str
    words: str
    vectors: str
    scale: str

    @property
    def whole(self) -> str:
        """Return one hash of everything."""
        return _hash(self)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Every number that shapes an index or a scale, by what depends on it."""

    passages: PassageShape = PASSAGES
    words: WordIndex = WordIndex()
    vectors: VectorInputs = VectorInputs()
    tuning: Tuning = Tuning()
    scale: ConfidenceScale = ConfidenceScale()

    @property
    def hashes(self) -> RecipeHashes:
        """Return the hash of each group."""
        return RecipeHashes(
            passages=_hash(self.passages),
            words=_hash(self.words),
            vectors=_hash(self.vectors),
            scale=_hash(self.tuning, self.scale),
        )


def _hash(*groups: PassageShape | WordIndex | VectorInputs | Tuning | ConfidenceScale | RecipeHashes) -> str:
    values = json.dumps([asdict(group) for group in groups], sort_keys=True)
    return sha256(values.encode("utf-8")).hexdigest()[:16]


RECIPE: Final = Recipe()
"""What this program makes and reads indexes by."""

FORMAT_5: Final = Recipe(
    PassageShape(
        algorithm="cut 2", fewest_words=100, most_words=150, remainder=3, most_characters=2_000, widest_gap=16
    ),
    WordIndex(title_weight=2, longest_word=64, block=8),
    VectorInputs(title_tokens=32, separator="\n", spare_tokens=2, fewest_tokens=16),
    Tuning(
        k1=1.2,
        b=0.75,
        article_weight=0.65,
        full_from=0.5,
        semantic_share=0.8,
        candidates=100,
        confidence_candidates=10,
        cosine_share=0.7,
    ),
    ConfidenceScale(
        hybrid_quantile=0.95,
        semantic_quantile=0.95,
        lexical_quantile=0.7,
        floor=0.18,
        margin=0.1,
        near_floor=0.15,
        depth=50,
        questions="2284061764ccbb12",
    ),
)
"""What generations of manifest format 5 were made by, which recorded no recipe. It never changes."""


def shape_name(shape: PassageShape) -> str:
    """Return the name of a shape of passages, by which the catalog knows how its texts were cut.

    The shape of format 5 has its algorithm's name alone, which the archives of that time hold.
    """
    if shape == FORMAT_5.passages:
        return shape.algorithm
    return f"{shape.algorithm} {_hash(shape)}"
