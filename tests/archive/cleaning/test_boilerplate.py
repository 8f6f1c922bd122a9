from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.cleaning.boilerplate import hidden_spans
from archive.cleaning.boilerplate_rules import Kind, openings, patterns
from archive.core.article import Span

PROSE = "The minister told reporters on Tuesday that the bridge would open in spring."
MORE = "Engineers had warned for years that its pillars were too weak for heavy lorries."


def hidden(text: str, title: str = "") -> list[str]:
    return [text[span.start : span.end] for span in hidden_spans(text, title)]


def between(*lines: str) -> str:
    return "\n\n".join([PROSE, *lines, MORE])


@pytest.mark.parametrize(
    "line",
    [
        "Leave a Reply",
        "Leave a Comment Cancel reply",
        "Leave a reply to Jane Cancel reply",
        "Your email address will not be published. Fields with * are required",
        "Your email address will not be published.",
        "Name * Email * Website",
        "Save my name, email, and website in this browser for the next time I comment.",
        "Notify me of new posts by email.",
        "You must be logged in to post a comment.",
        "12 Comments",
        "Comments are closed",
        "Laisser un commentaire",
        "Votre adresse e-mail ne sera pas publiée. Les champs obligatoires sont indiqués avec *",
        "Deja una respuesta Cancelar la respuesta",
        "Schreibe einen Kommentar",
        "Bir yanıt yazın",
        "Добавить комментарий Отменить ответ",
        "اترك تعليقاً إلغاء الرد",
        "See also  Harbour reopens after the storm",
        "Read also: Harbour reopens after the storm",
        "See also Mayor says the harbour will reopen",
        "Read more about these topics",
        "READ MORE: Harbour reopens after the storm",
        "Related: Harbour reopens after the storm.",
        "Also read - Harbour reopens after the storm",
        "👉 Read more: harbour reopens",
        "Lire aussi : Le port rouvre après la tempête",
        "À lire aussi",
        "LEA TAMBIÉN: El puerto reabre",
        "Lesen Sie auch: Der Hafen öffnet wieder",
        "Читайте также: Порт открылся",
        "اقرأ أيضا: الميناء يفتح",
        "İLGİLİ HABER: Liman açıldı",
        "Source link",
        "Continue Reading",
        "The post Harbour reopens appeared first on Daily Example.",
        "Previous article Harbour reopens after the storm",
        "Share on Facebook Tweet WhatsApp",
        "Facebook Twitter LinkedIn Email",
        "Facebook 0 Twitter 12 WhatsApp 3",
        "Share this article on Facebook",
        "Click to share on Twitter (Opens in new window)",
        "1.2K Shares",
        "Sign up for our daily newsletter",
        "Subscribe to our newsletter and get the best stories in your inbox.",
        "Follow us on Twitter and Facebook",
        "Suivez-nous sur Google News",
        "Síguenos en Instagram",
        "This website uses cookies to improve your experience.",
        "Already a subscriber? Log in",
        "CLICK HERE TO GET THE APP",
        "Advertisement",
        "ADVERTISEMENT - CONTINUE READING BELOW",
        "Publicité",
        "© 2021 Example Media Ltd. All rights reserved.",
        "Copyright 2021 Example Media",
        "Photo: Jane Doe/AFP via Getty Images",
        "Tags: bridges, Example City, traffic",
        "3 min read",
        "Home » World » Europe",
        "Skip to content",
        "Image source, Getty Images",
        "Join our Telegram channel",
        "Let us know what you think in the comments below",
        "Terms of Use | Privacy Policy",
    ],
)
def test_a_line_of_its_own_is_hidden_in_the_middle_of_an_article(line: str) -> None:
    assert hidden(between(line)) == [line]


@pytest.mark.parametrize(
    "line",
    [
        "Leave a reply to the Kremlin, he said, and it will be read by nobody.",
        "See also how the treaty of 1997 was read in both capitals, the historian said.",
        "Read more books, the minister told pupils at the opening of the library.",
        "Related charges against the mayor were dropped last year.",
        "Advertisement spending fell by a fifth.",
        "Subscribe to the bonds, the governor told the banks in an email on Friday.",
        "Share prices fell across Asia",
        "Twitter",
        "Email",
        "Copyright protests in 2012 drew thousands to the streets",
        "Terms of the ceasefire",
        "Photo of the soldiers at the border was taken in April, experts say",
        "More troops from the south arrived overnight",
        "No comment came from the palace.",
        "Comments by the chancellor angered the opposition",
        "Follow the money: how the fund lost a billion",
        "Source: Ministry of Finance",
        "The Associated Press contributed to this report.",
        "Click fraud costs millions",
        "– No concessions –",
        "What happens next",
        "BRUSSELS, Jan 21 (Agency)",
        "Home prices > incomes in half of the cities.",
        "Trending upwards since May",
        "He said: “All rights reserved, even ours.”",
    ],
)
def test_reporting_stays(line: str) -> None:
    assert hidden(between(line)) == []


def test_residue_words_inside_prose_stay() -> None:
    text = "He read: “Leave a Reply”. Below it stood “Advertisement”, and a source link. See also the map, she added."
    assert hidden(between(text)) == []


def test_a_wrapped_line_of_prose_stays() -> None:
    text = (
        "The company's lawyers met on Monday and had\nno comment on the suit\nthat was filed the week before by its own"
    )
    assert hidden(text) == []


def test_headlines_after_a_heading_are_hidden_to_the_end() -> None:
    tail = "More Stories\nUn port rouvre\nDie Brücke bleibt zu\n¿Quién paga el puente?\nLeave a Reply"
    assert hidden(f"{PROSE}\n{tail}") == tail.split("\n")


def test_only_the_heading_is_hidden_when_reporting_follows() -> None:
    assert hidden(f"{PROSE}\nMore Stories\nA bridge too weak\n{MORE}") == ["More Stories"]


def test_a_heading_without_an_article_above_it_does_not_hide_a_list_of_headlines() -> None:
    text = "Latest news\nHarbour reopens after the storm\nBridge stays closed until spring"
    assert hidden(text) == ["Latest news"]


def test_a_common_word_is_a_heading_only_above_headlines() -> None:
    headlines = "Harbour reopens after the storm\nBridge stays closed until spring"
    assert hidden(f"{PROSE}\nRecommended\n{headlines}") == ["Recommended", *headlines.split("\n")]
    assert hidden(f"{PROSE}\nRecommended\n{MORE}") == []


def test_the_headline_that_a_pointer_announces_is_hidden() -> None:
    text = between("See also:", "Harbour reopens after the storm", "A second heading")
    assert hidden(text) == ["See also:", "Harbour reopens after the storm"]


def test_bullets_that_a_pointer_announces_are_hidden() -> None:
    text = between("Read more:", "- Harbour reopens after the storm", "- Bridge stays closed until spring", "A heading")
    assert len(hidden(text)) == 3


def test_small_words_are_hidden_in_company_only() -> None:
    assert hidden(between("Tweet", "Email")) == ["Tweet", "Email"]
    assert hidden(between("Twitter")) == []
    assert hidden(between("Facebook", "Twitter", "Google")) == []
    assert hidden(f"{PROSE}\n\nComments") == ["Comments"]
    assert hidden(between("Website", "Leave a Reply", "Name")) == ["Website", "Leave a Reply", "Name"]


def test_the_clock_of_a_website_is_hidden_above_a_headline() -> None:
    article = f"Bridge to open in spring\n\n{PROSE}"
    assert hidden(f"Friday, January 21\n\n{article}") == ["Friday, January 21"]
    assert hidden(f"Friday, January 21, 2022\n\n{article}") == []
    assert hidden(f"Bridge to open in spring\n\nFriday, January 21\n\n{PROSE}") == []
    assert hidden(f"Saturday 20 November\n\nNorth v South\n\nEast v West\n\n{PROSE}") == []


def test_a_line_equal_to_the_title_stays() -> None:
    assert hidden(f"Source Link\n\n{PROSE}", title="Source link") == []
    assert hidden(f"Source Link\n\n{PROSE}", title="Another") == ["Source Link"]


def test_a_text_that_is_residue_from_end_to_end_stays_whole() -> None:
    assert hidden("Leave a Reply\nYour email address will not be published.") == []


def test_spans_of_the_reader_are_hidden_with_the_residue() -> None:
    text = f"Head 1\n\n{PROSE}\n\nShare this article\n\nHead 2\n\n{PROSE}"
    heads = tuple(Span(text.index(head), text.index(head) + 6) for head in ("Head 1", "Head 2"))
    spans = hidden_spans(text, "", heads)
    assert [text[span.start : span.end] for span in spans] == ["Head 1", "Share this article", "Head 2"]


def test_rules_do_not_look_into_spans_of_the_reader() -> None:
    text = f"Home\nShare this article\nHome\n\n{PROSE}"
    given = (Span(0, text.index(PROSE)),)
    assert hidden_spans(text, "", given) == given


def test_of_a_text_of_nothing_but_what_is_hidden_the_residue_is_shown() -> None:
    text = "Head 1\n\nShare this article\n"
    assert hidden_spans(text, "", (Span(0, 6),)) == (Span(0, 6),)


@pytest.mark.parametrize("rest", ["", "\n\n"])
def test_a_text_that_its_reader_hides_wholly_is_shown(rest: str) -> None:
    assert hidden_spans(f"Head 1{rest}", "", (Span(0, 6),)) == ()


@given(st.lists(st.sampled_from([PROSE, "More Stories", "Tweet", "Email:", "See also:", "A headline", " ", "", "12"])))
def test_spans_are_sorted_disjoint_whole_lines_and_never_everything(lines: list[str]) -> None:
    text = "\n".join(lines)
    spans = hidden_spans(text)
    assert all(text[span.start : span.end] in lines for span in spans)
    assert all(one.end < other.start for one, other in pairwise(spans))
    left = "".join(text[at] for at in range(len(text)) if not any(span.start <= at < span.end for span in spans))
    assert not text.strip() or left.strip()


@pytest.mark.parametrize("kind", list(Kind))
def test_first_words_lead_to_their_kind(kind: Kind) -> None:
    examples = {
        Kind.FORM: "Leave ",
        Kind.SHARE: "Share ",
        Kind.POINTER: "See ",
        Kind.PROMPT: "Subscribe ",
        Kind.FURNITURE: "Advertisement",
        Kind.HEADING: "More ",
        Kind.PERHAPS_HEADING: "Recommended",
        Kind.SCRAP: "Email",
        Kind.FILLER: "Twitter",
    }
    assert kind in openings(examples[kind])
    assert openings("Bridge ") == ()


HOSTILE = [
    "url ",
    "copy link ",
    "a b> ",
    "share ",
    "get our inbox ",
    "home » ",
    "© 1 ",
    "Photo: A/",
    "terms and ",
    "more ",
    ":",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_no_line_takes_long(unit: str) -> None:
    patterns()
    line = (unit * 420)[:239] + "!"
    started = time.process_time()
    hidden_spans("\n".join([line] * 200))
    assert time.process_time() - started < 2
