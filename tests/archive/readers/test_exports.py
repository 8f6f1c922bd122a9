# ruff: noqa: E501 - an export stands as its database writes it

from __future__ import annotations

from pathlib import Path

import pytest

from archive.core.article import Draft, Refusal
from archive.core.spans import without
from archive.readers import Limits, read
from archive.readers.exports.recognise import exported

FERRY = (
    "The ferry to Gant stayed in the harbour on Tuesday, because the crew had found a crack in the hull, the owner said.\n\n"
    "Some two hundred travellers spent the night in the sports hall of the town. A second ferry is expected on Friday."
)
DAM = (
    "Engineers lowered the water behind the dam of Orley by two metres after a night of rain, the district wrote.\n\n"
    "Nobody was hurt. The road below the dam stays closed until the concrete has been looked at."
)


def read_all(tmp_path: Path, text: str, name: str = "export.txt") -> list[Draft]:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    items = list(read(path, Limits()))
    assert all(isinstance(item, Draft) for item in items), items
    return [item for item in items if isinstance(item, Draft)]


def visible(draft: Draft) -> list[str]:
    return [line.strip() for line in without(draft.text, draft.hidden).split("\n") if line.strip()]


def facts(draft: Draft) -> tuple[str, str | None, str | None, str | None]:
    return draft.title, draft.published, draft.outlet, draft.author


def factiva(title: str, day: str, text: str, number: str, section: str = "", gap: str = "\n\n") -> str:
    head = [
        f"{section}\n{title}" if section else title,
        "By Mia Holt",
        "231 words",
        day,
        "06:12",
        "Gant Herald",
        "GANTH",
        "4",
    ]
    rest = ["English", "(c) 2019 Gant Media. All rights reserved."]
    return gap.join([*head, *rest]) + f"\n\n{text}\n\nGant Media Ltd\n\nDocument {number}\n"


FERRY_FACTS = ("Ferry stays in harbour", "2019-11-05", "Gant Herald", "Mia Holt")
DAM_FACTS = ("Dam of Orley lowered", "2019-11-06", "Gant Herald", "Mia Holt")


@pytest.mark.parametrize("gap", ["\n\n", "\n"])
@pytest.mark.parametrize("section", ["", "Domestic; Travel"])
def test_an_article_of_factiva_is_read_by_its_head(tmp_path: Path, gap: str, section: str) -> None:
    title = FERRY_FACTS[0]
    (draft,) = read_all(tmp_path, factiva(title, "5 November 2019", FERRY, "GANTH00020191105efb500007", section, gap))
    assert facts(draft) == FERRY_FACTS
    assert (draft.title_from, draft.published_from, draft.record) == ("metadata", "metadata", None)
    assert visible(draft) == [title, *FERRY.split("\n\n")]


def test_several_articles_of_factiva_are_several_articles(tmp_path: Path) -> None:
    first = factiva(FERRY_FACTS[0], "5 November 2019", FERRY, "GANTH00020191105efb500007")
    second = factiva(DAM_FACTS[0], "6 November 2019", DAM, "GANTH00020191106efb600009", "Environment")
    end = "\nSearch Summary\n\nText\n\n© 2019 Factiva, Inc. All rights reserved.\n"
    drafts = read_all(tmp_path, f"{first}\n{second}{end}")
    assert [facts(draft) for draft in drafts] == [FERRY_FACTS, DAM_FACTS]
    assert [draft.record for draft in drafts] == ["GANTH00020191105efb500007", "GANTH00020191106efb600009"]
    assert visible(drafts[1]) == [DAM_FACTS[0], *DAM.split("\n\n")]
    assert len({draft.raw_digest for draft in drafts}) == 2
    assert not any(draft.unnamed for draft in drafts)


def test_an_article_of_factiva_that_lacks_its_end_does_not_swallow_the_next(tmp_path: Path) -> None:
    first = factiva(FERRY_FACTS[0], "5 November 2019", FERRY, "GANTH00020191105efb500007").partition("Gant Media Ltd")[
        0
    ]
    drafts = read_all(tmp_path, first + factiva(DAM_FACTS[0], "6 November 2019", DAM, "GANTH00020191106efb600009"))
    assert [facts(draft) for draft in drafts] == [FERRY_FACTS, DAM_FACTS]
    assert visible(drafts[0]) == [FERRY_FACTS[0], *FERRY.split("\n\n")]


def test_the_months_of_other_languages_are_read(tmp_path: Path) -> None:
    text = factiva("Fähre bleibt im Hafen", "5 März 2019", FERRY, "GANTH00020190305efb500007").replace(
        "231 words", "231 Wörter"
    )
    assert read_all(tmp_path, text)[0].published == "2019-03-05"


def coded(title: str, day: str, text: str, number: str) -> str:
    lead, rest = text.split("\n\n")
    return (
        f"SE  Domestic\nHD  {title}\nBY  By Mia Holt\nWC  231 words\nPD  {day}\nET  06:12\nSN  Gant Herald\nSC  GANTH\n"
        f"LA  English\nCY  (c) 2019 Gant Media.\n\nLP\n{lead}\n\nTD\n{rest}\n\nCO  gantfe : Gant Ferries\n"
        f"IN  i74 : Shipping\nPUB Gant Media Ltd\nAN  Document {number}\n\n"
    )


def test_factiva_with_field_codes_is_read_by_them(tmp_path: Path) -> None:
    first = coded(FERRY_FACTS[0], "5 November 2019", FERRY, "GANTH00020191105efb500007")
    second = coded(DAM_FACTS[0], "6 November 2019", DAM, "GANTH00020191106efb600009")
    drafts = read_all(tmp_path, first + second)
    assert [facts(draft) for draft in drafts] == [FERRY_FACTS, DAM_FACTS]
    assert visible(drafts[1]) == [DAM_FACTS[0], *DAM.split("\n\n")]


def lexis(count: str, title: str, day: str, text: str) -> str:
    return (
        f"{count:^70}\n\n\n{'Gant Herald (Gant)':^60}\n\n{day:^60}\n{'Late Edition':^60}\n\n{title}\n\nBYLINE: By Mia Holt\n\n"
        f"SECTION: NATIONAL; Pg. 4\n\nLENGTH: 231 words\n\nDATELINE: GANT \n\n\n{text}\n\nLOAD-DATE: November 7, 2019\n\n"
        f"LANGUAGE: ENGLISH\n\nPUBLICATION-TYPE: Newspaper\n\nSUBJECT: FERRIES (90%); HARBORS & PORTS\n (81%)\n\n\n"
        f"{'Copyright 2019 Gant Media':^60}\n{'All Rights Reserved':^60}\n\n"
    )


@pytest.mark.parametrize(
    "counts", [("1 of 2 DOCUMENTS", "2 of 2 DOCUMENTS"), ("Document 1 of 2", "Document 2 of 2"), ("", "")]
)
def test_documents_of_lexisnexis_are_articles(tmp_path: Path, counts: tuple[str, str]) -> None:
    first = lexis(counts[0], FERRY_FACTS[0], "November 5, 2019 Tuesday", FERRY)
    drafts = read_all(tmp_path, first + lexis(counts[1], DAM_FACTS[0], "November 6, 2019 Wednesday", DAM))
    assert [facts(draft) for draft in drafts] == [
        (FERRY_FACTS[0], "2019-11-05", "Gant Herald (Gant)", "Mia Holt"),
        (DAM_FACTS[0], "2019-11-06", "Gant Herald (Gant)", "Mia Holt"),
    ]
    assert [visible(draft) for draft in drafts] == [
        [FERRY_FACTS[0], *FERRY.split("\n\n")],
        [DAM_FACTS[0], *DAM.split("\n\n")],
    ]
    assert all(draft.unnamed for draft in drafts)


def test_a_single_document_of_lexisnexis_keeps_the_file_as_its_text(tmp_path: Path) -> None:
    text = lexis("7 of 90 DOCUMENTS", FERRY_FACTS[0], "November 5, 2019 Tuesday", FERRY)
    (draft,) = read_all(tmp_path, text)
    assert (draft.text, draft.record, draft.title) == (text, None, FERRY_FACTS[0])


def uni(title: str, day: str, text: str) -> str:
    return (
        f"{title}\n\nGant Herald\n\n{day}\n\nLate Edition\n\nCopyright 2019 Gant Media All Rights Reserved\n\n"
        f"Section: NATIONAL; Pg. 4\n\nLength: 231 words\n\nByline: Mia Holt\n\nHighlight: A crack was found.\n\nBody\n\n{text}\n\n"
        "Graphic\n\n \n\nA ferry in the harbour of Gant\n\nClassification\n\nLanguage: ENGLISH\n\n"
        "Publication-Type: Newspaper\n\nSubject: FERRIES (90%)\n\nLoad-Date: November 7, 2019\n\nEnd of Document\n\n"
    )


def test_documents_of_nexis_uni_are_articles(tmp_path: Path) -> None:
    cover = "User Name: R. Reader\nDate and Time: Thursday, November 7, 2019 8:13:00 AM CET\nJob Number: 1234567\n\nDocuments (2)\n\n"
    text = (
        cover
        + uni(FERRY_FACTS[0], "November 5, 2019 Tuesday", FERRY)
        + uni(DAM_FACTS[0], "November 6, 2019 Wednesday", DAM)
    )
    drafts = read_all(tmp_path, text)
    assert [facts(draft) for draft in drafts] == [FERRY_FACTS, DAM_FACTS]
    assert visible(drafts[1]) == [DAM_FACTS[0], "A crack was found.", *DAM.split("\n\n")]


def proquest(title: str, day: str, text: str, number: str) -> str:
    return (
        f"{'_' * 60}\n\n{title}\n\nAuthor: Holt, Mia; van Dam, Jo\n\nPublication info: Gant Herald ; Gant [Gant]. {day}: A.4.\n\n"
        f"ProQuest document link\n\nAbstract: A short word.\n\nFull text: {text}\n\nSubject: Ferries; Ports\n\n"
        f"Publication title: Gant Herald; Gant\n\nFirst page: A.4\n\nPublication year: 2019\n\nPublisher: Gant Media\n\n"
        f"Source type: Newspapers\n\nLanguage of publication: English\n\nProQuest document ID: {number}\n\n"
        f"Document URL: https://www.proquest.com/docview/{number}\n\nCopyright: Copyright Gant Media 2019\n\n"
        "Database: US Newsstream\n\n"
    )


def test_documents_of_proquest_are_articles(tmp_path: Path) -> None:
    cover = "Report Information from ProQuest\n\n7 November 2019 08:13\n\nTable of contents\n\n1. Ferry stays in harbour.... 1\n\n"
    end = f"{'_' * 60}\n\nContact ProQuest\n\nCopyright © 2019 ProQuest LLC. All rights reserved.\n"
    first = proquest(FERRY_FACTS[0], "05 Nov 2019", FERRY, "2311223344")
    drafts = read_all(tmp_path, cover + first + proquest(DAM_FACTS[0], "06 Nov 2019", DAM, "2311223355") + end)
    assert [facts(draft) for draft in drafts] == [
        (FERRY_FACTS[0], "2019-11-05", "Gant Herald", "Mia Holt, Jo van Dam"),
        (DAM_FACTS[0], "2019-11-06", "Gant Herald", "Mia Holt, Jo van Dam"),
    ]
    assert [draft.record for draft in drafts] == ["2311223344", "2311223355"]
    assert [visible(draft) for draft in drafts] == [
        [FERRY_FACTS[0], *FERRY.split("\n\n")],
        [DAM_FACTS[0], *DAM.split("\n\n")],
    ]


@pytest.mark.parametrize(
    "head",
    ["Le Héraut\nMonde, mardi 5 novembre 2019 231 mots, p. 4", "Mardi 5 novembre 2019\nLe Héraut • p. 4 • 231 mots"],
)
@pytest.mark.parametrize("before_author", ["\n", "\n\n"])
def test_documents_of_europresse_are_articles(tmp_path: Path, head: str, before_author: str) -> None:
    first = (
        f"{head}\n\nLe bac reste au port{before_author}Mia Holt\n\n{FERRY}\n\n"
        "© 2019 Le Héraut. Tous droits réservés. Le présent document est protégé par les lois.\n\n"
        "news·20191105·HE·0123456\n\n"
    )
    second = (
        first.replace("5 novembre", "6 novembre").replace("20191105", "20191106").replace("bac reste", "barrage reste")
    )
    drafts = read_all(tmp_path, first + second + "Certificat émis le 7 novembre 2019 à la bibliothèque de Gant\n")
    assert [facts(draft) for draft in drafts] == [
        ("Le bac reste au port", "2019-11-05", "Le Héraut", "Mia Holt"),
        ("Le barrage reste au port", "2019-11-06", "Le Héraut", "Mia Holt"),
    ]
    assert drafts[0].record == "news·20191105·HE·0123456"
    assert visible(drafts[1]) == ["Le barrage reste au port", *FERRY.split("\n\n")]


@pytest.mark.parametrize(
    "text",
    [
        f"Ferry stays in harbour\n\n231 words\n\n{FERRY}",
        f"The word limit\n\nThe essay had 400 words\n\n5 November 2019\n\n{FERRY}",
        f"Ferry stays\n\n{FERRY}\n\nDocument everything, the lawyer said.",
        f"LENGTH: 40 metres\n\n{FERRY}",
        f"Ferry stays\n\n{'_' * 40}\n\n{FERRY}\n\n{'_' * 40}\n\n{DAM}",
        f"3 of 40\n\n{FERRY}",
    ],
)
def test_texts_that_share_a_mark_with_an_export_are_none(tmp_path: Path, text: str) -> None:
    (draft,) = read_all(tmp_path, text)
    assert (draft.text, draft.hidden, draft.record, draft.outlet) == (text, (), None, None)


def test_the_limit_holds_for_each_article_and_one_that_is_too_large_costs_only_itself(tmp_path: Path) -> None:
    first = factiva(FERRY_FACTS[0], "5 November 2019", f"{FERRY} " * 60, "GANTH00020191105efb500007")
    second = factiva(DAM_FACTS[0], "6 November 2019", DAM, "GANTH00020191106efb600009")
    path = tmp_path / "export.txt"
    path.write_text(first + second + second.replace("efb600009", "efb600010"), "utf-8")
    large, *others = list(read(path, Limits(max_text=5_000)))
    assert isinstance(large, Refusal)
    assert (large.code, large.record) == ("too-large", "GANTH00020191105efb500007")
    assert [item.record for item in others] == ["GANTH00020191106efb600009", "GANTH00020191106efb600010"]


def test_an_article_of_which_only_fields_are_left_shows_them(tmp_path: Path) -> None:
    (draft,) = read_all(tmp_path, "BYLINE: Mia Holt\nLENGTH: 231 words\nLOAD-DATE: November 7, 2019\n")
    assert draft.hidden == ()


@pytest.mark.parametrize("month", ["März", "mars", "marzo", "de março de", "maart", "March"])
def test_days_of_all_languages_of_the_databases_are_read(tmp_path: Path, month: str) -> None:
    text = factiva("Ferry", f"5 {month} 2019", FERRY, "GANTH00020190305efb500007")
    assert read_all(tmp_path, text)[0].published == "2019-03-05"


def test_an_article_that_stands_twice_in_a_file_has_two_names(tmp_path: Path) -> None:
    one = factiva(FERRY_FACTS[0], "5 November 2019", FERRY, "GANTH00020191105efb500007")
    first, second = read_all(tmp_path, one + one)
    assert (first.record, second.record) == ("GANTH00020191105efb500007", "GANTH00020191105efb500007#28")


SHORT = "The ferry stayed in the harbour."
ARTICLES_OF_OTHER_FORMS = [
    pytest.param(
        f"{'1 of 1 DOCUMENTS':^60}\n\n{'Copyright 1998 Gant Media':^60}\n{'Gant Herald':^60}\n\n"
        f"{'March 14, 1998, Saturday, Late Edition - Final':^60}\n\nSECTION: Section A; Page 1\n\nLENGTH: 812 words\n\n"
        f"HEADLINE: Ferry Stays in Harbour After Crack\n Is Found in Its Hull\n\nBYLINE:  By MIA HOLT\n\nBODY:\n   {SHORT}\n\n"
        "LOAD-DATE: March 14, 1998\n",
        [("Ferry Stays in Harbour After Crack Is Found in Its Hull", "1998-03-14", "Gant Herald", "MIA HOLT")],
        id="LexisNexis with a headline's label",
    ),
    pytest.param(
        "".join(
            f"Dokument {number} von 2\n\nGanter Post\n\n{day}. März 2019 Donnerstag\n\n{title}\n\nAUTOR: Mia Holt\n\n"
            f"LÄNGE: 231 Wörter\n\n{SHORT}\n\nSPRACHE: GERMAN\n\n"
            for number, day, title in ((1, 14, "Fähre bleibt im Hafen"), (2, 15, "Damm gesenkt"))
        ),
        [
            ("Fähre bleibt im Hafen", "2019-03-14", "Ganter Post", "Mia Holt"),
            ("Damm gesenkt", "2019-03-15", "Ganter Post", "Mia Holt"),
        ],
        id="Nexis in German",
    ),
    pytest.param(
        "HD Le bac reste au port\nBY Mia Holt\nWC 231 mots\nPD 5 mars 2019\nSN Le Héraut\nSC HERAUT\nLA Français\n"
        f"LP \n{SHORT}\nTD \nPersonne.\nAN Document HERAUT0020190305ef3500007\n",
        [("Le bac reste au port", "2019-03-05", "Le Héraut", "Mia Holt")],
        id="Factiva's codes with one space",
    ),
    pytest.param(
        "Monde\nLe bac reste au port\nMia Holt\n231 mots\n5 mars 2019\nLe Héraut\nHERAUT\n4\nFrançais\n"
        f"Copyright 2019 Le Héraut\n\n{SHORT}\n\nDocument HERAUT0020190305ef3500007\n",
        [("Le bac reste au port", "2019-03-05", "Le Héraut", "Mia Holt")],
        id="Factiva without blank lines",
    ),
    pytest.param(
        "Document 1 of 1\n\nFerry stays in harbour\n\nPublication info: Gant Herald [Gant] 05 Nov 2019: A4.\n\n"
        f"Full text: {SHORT}\n\nSubject: Ferries\n\nProQuest document ID: 2311\n",
        [("Ferry stays in harbour", "2019-11-05", "Gant Herald", None)],
        id="ProQuest with few fields",
    ),
]


@pytest.mark.parametrize(("text", "expected"), ARTICLES_OF_OTHER_FORMS)
def test_other_forms_of_exports_are_read(
    tmp_path: Path, text: str, expected: list[tuple[str, str | None, str | None, str | None]]
) -> None:
    drafts = read_all(tmp_path, text)
    assert [facts(draft) for draft in drafts] == expected
    assert all(SHORT in visible(draft) for draft in drafts)


@pytest.mark.parametrize("where", ["before", "behind"])
@pytest.mark.parametrize(
    "export",
    [
        factiva(FERRY_FACTS[0], "5 November 2019", FERRY, "GANTH00020191105efb500007"),
        lexis("1 of 1 DOCUMENTS", FERRY_FACTS[0], "November 5, 2019 Tuesday", FERRY),
        uni(FERRY_FACTS[0], "November 5, 2019 Tuesday", FERRY),
        proquest(FERRY_FACTS[0], "05 Nov 2019", FERRY, "2311223344"),
    ],
)
def test_what_somebody_wrote_beside_an_export_can_be_found(tmp_path: Path, export: str, where: str) -> None:
    note = DAM.replace("\n\n", " ")
    drafts = read_all(tmp_path, f"{note}\n\n{export}" if where == "before" else f"{export}\n\n{note}\n")
    assert any(note in visible(draft) for draft in drafts)
    assert any(FERRY.split("\n\n")[1] in visible(draft) for draft in drafts)


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "text",
    [
        "SE a\nPD 14 March 2022\nSN b\nBY c\nWC 1 words\n" + "HD\n" * 20_000,
        "a\n5 words\n14 March 2022\nb\nABC\nDocument ABCD000020220314ei3e00001\n" * 20_000,
    ],
    ids=["fields without a day", "heads with their ends"],
)
def test_very_many_articles_are_parted_in_time_that_grows_with_their_number(text: str) -> None:
    assert len(exported(text)) in (2, 20_000)
