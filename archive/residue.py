"""What scraping leaves in an article's text and is not reporting: which spans of it to hide.

Rules look at whole lines, by their shape and place, never inside prose. A line is hidden when all of it is a known kind
of residue; after a heading of further stories everything to the end is, as long as the rest looks like headlines.
Nothing is deleted: hidden spans stay in the text and can be shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import regex

from archive.article import Span

_FLAGS: Final = regex.IGNORECASE | regex.VERBOSE
_LINE: Final = regex.compile(r"[^\n]+")

_FORM: Final = regex.compile(
    r"""
    leave\ a\ (?:reply|comment)(?:\ cancel\ reply)? | cancel\ reply | post\ (?:a\ )?comment | add\ (?:a|your)\ comment
    | your\ (?:e-?mail\ )?address\ will\ not\ be\ (?:published|shown).* | required\ fields\ are\ marked.*
    | save\ my\ name,?\ e-?mail.* | (?:name|e-?mail|website|comment)\ ?\*? (?:\ ?(?:name|e-?mail|website)\ ?\*?)*
    | you\ must\ be\ logged\ in\ to\ (?:post|leave)\ a\ comment.* | (?:log|sign)\ in\ to\ (?:comment|leave\ a\ comment).*
    | this\ site\ uses\ akismet.* | learn\ how\ your\ comment\ data\ is\ processed.*
    | (?:\d+\ )?comments? (?:\ \(\d+\))? | (?:no|view|show|read|join|load)\ (?:all\ |the\ |more\ )?(?:comments?|conversation|discussion)
    | comments\ are\ closed.* | be\ the\ first\ to\ comment.*
    | laisser\ un\ commentaire.* | votre\ adresse\ (?:e-?mail|de\ messagerie)\ ne\ sera\ pas\ publiée.*
    | les\ champs\ obligatoires\ sont\ indiqués.* | annuler\ la\ réponse | deja\ una\ respuesta.* | deja\ un\ comentario.*
    | tu\ dirección\ de\ correo\ electrónico\ no\ será\ publicada.* | los\ campos\ obligatorios\ están\ marcados.*
    | schreibe?\ einen\ kommentar.* | deine\ e-?mail-?adresse\ wird\ nicht\ veröffentlicht.* | erforderliche\ felder\ sind.*
    | bir\ (?:cevap|yanıt|yorum)\ (?:yazın|yaz) .* | e-posta\ (?:hesabınız|adresiniz)\ yayı[mn]lanmayacak.*
    | lascia\ un\ commento.* | il\ tuo\ indirizzo\ email\ non\ sarà\ pubblicato.* | deixe\ um\ comentário.*
    | добавить\ комментарий.* | ваш\ (?:адрес\ )?e-?mail\ не\ будет\ опубликован.* | обязательные\ поля\ помечены.*
    | اترك\ (?:تعليقا|تعليقاً|ردا|رداً).* | لن\ يتم\ نشر\ عنوان\ بريدك.*
    """,
    _FLAGS,
)
_POINTER: Final = regex.compile(
    r"""
    (?:see|read|watch|listen)\ (?:also|more|next|too)(?:\ ?[:|–—-]|\ \ |\ (?=\p{Lu})|$).* | also\ (?:read|see)\ ?[:|–—-].*
    | related(?:\ (?:articles?|stor(?:y|ies)|news|posts?|topics?|content|coverage|links?))?\ ?[:|–—-].*
    | (?:read|see)\ the\ (?:full|original)\ (?:story|article).* | click\ here\ (?:to|for)\ .* | continue\ reading.*
    | source\ links? | (?:original\ )?source\ ?:?\ ?https?://\S+ | view\ original\ (?:article|post).*
    | lire\ aussi(?:\ ?[:|–—-]|$).* | à\ lire\ aussi.* | voir\ aussi\ ?[:|–—-].* | lea\ también.* | (?:lee|leer|ver)\ también\ ?[:|–—-].*
    | (?:lesen\ sie|mehr\ dazu|lies)\ auch.* | ayrıca\ (?:oku|okuyun|bakınız).* | ilgili\ haber(?:ler)?\ ?[:|–—-].*
    | leggi\ anche.* | leia\ (?:também|mais).* | читайте\ также.* | اقرأ\ أيض[اً]+.*
    """,
    _FLAGS,
)
_HEADING: Final = regex.compile(
    r"""
    more\ (?:stories|news|articles|headlines|top\ stories) | more\ (?:stories\ |news\ )?(?:from|on|in|about)\ [^.]{2,50}
    | related(?:\ (?:articles?|stories|news|posts?|topics?|content|coverage|links?|reading))? | see\ also | read\ (?:also|more|next)
    | (?:you|we)\ (?:may|might)\ (?:also\ )?(?:like|be\ interested\ in).* | recommended(?:\ (?:for\ you|stories|articles|reading))?
    | (?:most\ (?:read|popular|viewed|shared)|trending|top\ stories|latest\ (?:news|stories|headlines|posts))(?:\ (?:now|today|stories|news))?
    | (?:other|further|popular|similar|recent|featured)\ (?:stories|articles|news|posts|reading) | don['’]t\ miss
    | around\ the\ web | from\ (?:around\ )?the\ web | sponsored(?:\ (?:content|links|stories))? | what\ to\ read\ next
    | (?:à\ lire|lire)\ (?:aussi|également) | (?:plus\ d['’]|autres\ )(?:articles|actualités|infos) | articles\ (?:similaires|liés|récents)
    | sur\ le\ même\ (?:sujet|thème) | más\ (?:noticias|historias) | (?:noticias|artículos)\ relacionad[ao]s | te\ puede\ interesar.*
    | (?:mehr|weitere)\ (?:zum\ thema|nachrichten|artikel|meldungen) | das\ könnte\ (?:sie|dich)\ auch\ interessieren.*
    | (?:ilgili|diğer|benzer)\ haberler | (?:altre\ notizie|articoli\ correlati) | (?:notícias\ relacionadas|veja\ também)
    | (?:другие\ новости|по\ теме|читайте\ также) | (?:اقرأ\ أيضا|مواضيع\ ذات\ صلة|أخبار\ ذات\ صلة)
    """,
    _FLAGS,
)
_FURNITURE: Final = regex.compile(
    r"""
    advertisements?(?:\ (?:continue\ reading.*|-\ scroll.*))? | story\ continues\ below.* | article\ continues\ (?:below|after).*
    | (?:share|tweet|pin|email|print|copy\ link|save|facebook|twitter|x|whatsapp|linkedin|reddit|telegram|pinterest|messenger|flipboard|tumblr|mail|viber|vkontakte|pocket|instagram|youtube)
      (?:(?:\ ?[|/·,•+&]\ ?|\s+|\ (?:on|via|to|this|with|by|und|sur|en)\ (?:article|page|story|post|this|friends)?\ ?)
        (?:share|tweet|pin|email|e-mail|print|copy\ link|link|save|facebook|twitter|x|whatsapp|linkedin|reddit|telegram|pinterest|messenger|flipboard|tumblr|mail|viber|vkontakte|pocket|instagram|youtube|article|story|post|page|this))*
    | share\ this(?:\ (?:article|story|post|page))?\ ?:?
    | click\ to\ (?:share|print|email|tweet)\ .* | (?:follow|like|find)\ us\ on\ [^.]{2,60}\.?
    | (?:sign\ up|subscribe|register)\ (?:now\ |here\ |today\ )?(?:for|to)\ (?:our|the|free)\ [^.]{0,60}(?:newsletters?|alerts?|updates?|briefing|mailing\ list|channel)[^.]{0,60}[.!]?
    | (?:get|receive)\ (?:the\ latest|our|breaking)\ [^.]{0,60}(?:inbox|newsletter|email)[^.]{0,40}[.!]? | subscribe(?:\ now)? | newsletter
    | (?:we\ use|this\ (?:site|website)\ uses)\ cookies.* | accept\ (?:all\ )?cookies | cookie\ (?:policy|settings|preferences)
    | (?:©|\(c\)|copyright)\ (?:©\ ?)?(?:\d{4}|[^.]{2,60}\d{4}).{0,120} | all\ rights\ reserved\.? | terms\ (?:of\ (?:use|service)|and\ conditions).{0,60}
    | loading(?:\.\.\.|…)? | skip\ to\ (?:main\ )?content | back\ to\ top | (?:previous|next)\ (?:article|post|story)
    | tags?\ ?:\ .{2,200} | filed\ under\ ?:\ .{2,200} | print\ this\ (?:article|page)
    | (?:partager|compartir|teilen|paylaş|condividi)(?:\ (?:sur|en|auf|su)\ .{2,60})? | publicité | publicidad | anzeige | reklam
    """,
    _FLAGS,
)
_SENTENCE_END: Final = regex.compile(r"[.!?…。؟][\"'”’»)]*$")
_FRONT_MATTER: Final = regex.compile(r"---[^\S\n]*\n(?:[^\n]*\n){1,60}?---[^\S\n]*(?:\n|$)")
_LONGEST_RESIDUE: Final = 220
_LONGEST_HEADLINE: Final = 160


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with its text trimmed of white space and of the marks that frame it; the span is the trimmed one's."""

    span: Span
    text: str

    @property
    def is_prose(self) -> bool:
        return len(self.text) > _LONGEST_HEADLINE or _SENTENCE_END.search(self.text) is not None


def hidden_spans(text: str, title: str = "") -> tuple[Span, ...]:
    """Return the spans of scraping residue in a text, sorted and disjoint, offsets into ``text``.

    A text that is residue from end to end is left as it is: somebody added it for a reason. Front matter of Markdown is
    hidden as well: its values are the article's metadata.

    Args:
        text: of a version.
        title: of the article; a line equal to it is reporting, whatever it looks like.
    """
    front = _FRONT_MATTER.match(text)
    lines = _lines(text, front.end() if front else 0)
    kept_title = " ".join(title.split()).casefold()
    flags = [_is_residue(line) and " ".join(line.text.split()).casefold() != kept_title for line in lines]
    _hide_tail(lines, flags)
    if lines and all(flags):
        return ()
    residue = [line.span for line, flag in zip(lines, flags, strict=True) if flag]
    return (*((Span(front.start(), front.end()),) if front else ()), *residue)


def _lines(text: str, start: int) -> list[_Line]:
    made = []
    for match in _LINE.finditer(text, start):
        raw = match.group()
        inner = raw.strip()
        if inner:
            at = match.start() + len(raw) - len(raw.lstrip())
            shown = " ".join(inner.strip("*_#>|•·-–—=[]« »→›▶►").replace("\u00a0", " ").split(" ")).strip()
            made.append(_Line(Span(at, at + len(inner)), shown.rstrip(":").rstrip()))
    return made


def _is_residue(line: _Line) -> bool:
    text = line.text
    if not text or len(text) > _LONGEST_RESIDUE:
        return False
    return any(rule.fullmatch(text) for rule in (_FORM, _POINTER, _FURNITURE))


def _hide_tail(lines: Sequence[_Line], flags: list[bool]) -> None:
    """Hide a heading of further stories, and what follows it when that is headlines to the end."""
    for at, line in enumerate(lines):
        if not _HEADING.fullmatch(line.text):
            continue
        rest = [one for one, flag in zip(lines[at + 1 :], flags[at + 1 :], strict=True) if not flag]
        if at and sum(one.is_prose for one in rest) <= 0.25 * len(rest):
            flags[at:] = [True] * (len(lines) - at)
            return
        flags[at] = True
