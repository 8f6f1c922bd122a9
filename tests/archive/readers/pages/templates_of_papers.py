"""What the templates of newspapers' and offices' content systems print of dates around an article."""

# ruff: noqa: E501 (a line of a template is more easily compared whole)

from __future__ import annotations

from datetime import date
from typing import Final

from tests.archive.readers.pages.systems import System

PAPERS: Final = (
    System(
        "Drupal 7.98, Bartik and the RDF module (node.tpl.php)",
        byline='<div class="meta submitted">$own</div>',
        own='<span property="dc:date dc:created" content="$p_iso" datatype="xsd:dateTime" rel="sioc:has_creator">Submitted by '
        '<span class="username">karin</span> on $p_full - 09:41</span>',
        after='<div class="comment"><span property="dc:date dc:created" content="$c_iso">$c_full</span></div>',
    ),
    System(
        "Drupal 10.2, Olivero (node.html.twig) and Metatag 2.0",
        head="$own_head$other_head",
        own_head='<meta property="article:published_time" content="$p_iso" /><meta name="dcterms.date" content="$p_iso" />',
        other_head='<meta property="og:updated_time" content="$m_iso" /><meta name="dcterms.modified" content="$m_iso" />',
        byline='<div class="node__meta"><span>By <span class="field field--name-uid">karin</span>$own</span></div>',
        own=', <span class="field field--name-created"><time datetime="$p_iso" title="$p_full - 09:41">$p_uk</time></span>',
    ),
    System(
        "Joomla 3.10, layouts/joomla/content/info_block",
        byline='<dl class="article-info muted"><dt>Details</dt>$own$other</dl>',
        own='<dd class="published"><span class="icon-calendar"></span><time datetime="$p_iso" itemprop="datePublished">'
        "Published: $p_uk</time></dd>",
        other='<dd class="modified"><time datetime="$m_iso" itemprop="dateModified">Last Updated: $m_uk</time></dd>',
    ),
    System(
        "Joomla 5.0, Cassiopeia",
        byline='<dl class="article-info text-muted">$other$own</dl>',
        own='<dd class="published"><span class="icon-calendar-alt icon-fw" aria-hidden="true"></span><time datetime="$p_iso">'
        "Published: $p_uk</time></dd>",
        other='<dd class="modified"><time datetime="$m_iso">Last Updated: $m_uk</time></dd><dd class="create"><time '
        'datetime="$o_iso">Created: $o_uk</time></dd>',
    ),
    System(
        "TYPO3 12.4, EXT:news 11.3, Detail.html",
        language="de",
        byline='<div class="footer"><p><span class="news-list-date">$own</span></p></div>',
        own='<time itemprop="datePublished" datetime="$p_day">$p_dmy</time>',
        after='<div class="news-related news-related-from"><ul><li><span class="news-related-date">$o_dmy</span></li></ul></div>',
    ),
    System(
        "Plone 5.2, plone.app.layout (document_byline.pt)",
        head="$own_head$other_head",
        own_head='<meta name="DC.date.issued" content="$p_iso" />',
        other_head='<meta name="DC.date.modified" content="$m_iso" />',
        byline='<div class="documentByLine" id="plone-document-byline">$own$other</div>',
        own='<span class="documentPublished"><span>published</span> $p_short</span>',
        other='<span class="documentModified"><span>last modified</span> $m_short</span>',
    ),
    System(
        "SPIP 4.2, squelettes-dist/article.html",
        language="fr",
        byline='<p class="info-publi">$own<span class="auteurs">par Karin Oduya</span></p><p>$other</p>',
        own='Publié le <time pubdate="pubdate" datetime="$p_iso">$p_local</time>',
        other="<small>Dernière modification : $m_local</small>",
        after='<div class="liste articles"><h2>Dans la même rubrique</h2><li><time datetime="$o_iso">$o_local</time></li></div>',
    ),
    System(
        "MediaWiki 1.41, Wikinews Template:Date",
        byline="$own",
        own='<p><strong class="published"><span id="publishDate" class="value-title" title="$p_day">$p_full</span></strong></p>',
        after='<div id="footer"><ul><li id="footer-info-lastmod">This page was last edited on $m_uk, at 10:00.</li></ul></div>',
    ),
    System(
        "Wagtail 5.2, bakerydemo blog_page.html",
        byline='<div class="introduction__meta">$own</div>',
        own='<p class="introduction__date">$p_uk</p>',
        after='<section class="related"><span class="date">$o_uk</span></section>',
    ),
    System(
        "Movable Type 7.9, Rainier theme (Entry)",
        byline='<div class="entry-meta"><ul class="meta-list">$own<li class="meta-list-item">Karin Oduya</li></ul></div>',
        own='<li class="meta-list-item"><time datetime="$p_iso">$p_day</time></li>',
        after='<section class="widget-recent-entries"><time datetime="$o_iso">$o_day</time></section>',
    ),
    System(
        "1C-Bitrix 23, news.detail default template",
        language="ru",
        byline='<div class="news-detail">$own</div>',
        own='<span class="news-date-time">$p_dmy 09:41:00</span>',
        after='<div class="news-list related"><p class="news-item"><span class="news-date-time">$o_dmy</span></p></div>',
    ),
    System(
        "DataLife Engine 16, fullstory.tpl of the Default skin",
        language="ru",
        byline='<div class="story_info">$own<span>Карин Одуя</span></div>',
        own='<time class="date" datetime="$p_iso">$p_local</time>',
        after='<div class="comments"><div class="com_info"><time class="date" datetime="$c_iso">$c_local</time></div></div>',
    ),
    System(
        "Open Journal Systems 3.3, article_details.tpl",
        head="$own_head",
        own_head='<meta name="citation_date" content="$p_slash"/><meta name="DC.Date.issued" content="$p_day"/>'
        '<meta name="DC.Date.created" content="$p_day"/>',
        other_head='<meta name="DC.Date.modified" content="$m_day"/>',
        byline='<div class="item published"><section class="sub_item"><h2 class="label">Published</h2>'
        '<div class="value"><span>$own</span></div></section></div>',
        own="$p_day",
        day=date(1988, 5, 17),
    ),
    System(
        "Arc XP, Fusion News Theme 3.0 blocks",
        head='<script type="application/ld+json">[{"@type":"ItemList","itemListElement":[{"@type":"ListItem","item":'
        '{"@type":"NewsArticle","headline":"An older story","datePublished":"$o_iso"}}]},{"@type":"NewsArticle",'
        '"headline":"$title"$own_ld$other_ld}]</script>',
        own_ld=',"datePublished":"$p_iso"',
        other_ld=',"dateModified":"$m_iso"',
        byline='<div class="b-byline"><span class="b-byline__names">By Karin Oduya</span></div>$own',
        own='<time as="time" class="c-date b-date" datetime="$p_iso">$p_us at 9:41 am UTC</time>',
    ),
    System(
        "Brightspot CMS 4.5, ArticlePage",
        head="$own_head$other_head",
        own_head='<meta property="article:published_time" content="$p_iso">',
        other_head='<meta property="article:modified_time" content="$m_iso">',
        byline='<div class="ArticlePage-byline"><div class="ArticlePage-authorName">By Karin Oduya</div>$own$other</div>',
        own='<div class="ArticlePage-datePublished">Published $p_us at 9:41 AM EST</div>',
        other='<div class="ArticlePage-dateModified">Updated $m_us at 10:00 AM EST</div>',
    ),
    System(
        "Chorus (Vox Media), entry of 2022",
        head="$own_head",
        own_head='<meta property="article:published_time" content="$p_day"><meta name="parsely-pub-date" content="$p_iso">',
        byline='<div class="c-byline"><span class="c-byline-wrapper">By Karin Oduya $own</span></div>',
        own='<span class="c-byline__item"><time class="c-byline__item" data-ui="timestamp" datetime="$p_iso">$p_short, 9:41am EDT'
        "</time></span>",
        after='<div class="c-related-list"><time class="c-byline__item" datetime="$o_iso">$o_short</time></div>',
    ),
    System(
        "Simorgh 3 (BBC World Service), ArticlePage",
        head='<script type="application/ld+json">{"@graph":[{"@type":"ReportageNewsArticle","headline":"$title",'
        '"mainEntityOfPage":{"@type":"WebPage","@id":"$url"}$own_ld$other_ld}]}</script>',
        own_ld=',"datePublished":"$p_iso"',
        other_ld=',"dateModified":"$m_iso"',
        byline='<div class="timestamp">$own$other</div>',
        own='<time class="e4zesg50" datetime="$p_day">$p_uk</time>',
        other='<time class="e4zesg50" datetime="$m_day">Updated $m_uk</time>',
    ),
    System(
        "dotcom-rendering of 2023 (The Guardian), Dateline",
        head="$own_head$other_head",
        own_head='<meta property="article:published_time" content="$p_iso">',
        other_head='<meta property="article:modified_time" content="$m_iso">',
        byline='<div class="dcr-dateline"><details>$own<div>$other</div></details></div>',
        own="<summary><span>$p_guardian</span></summary>",
        other="Last modified on $m_guardian",
    ),
    System(
        "XpressEngine 3 and Korean portals' og:regDate",
        language="ko",
        head="$own_head",
        own_head='<meta property="og:regDate" content="${p_digits}094100">',
        byline='<div class="article_info"><span class="byline">$own $other</span></div>',
        own='<em class="date">입력 $p_points 09:41</em>',
        other='<em class="date">수정 $m_points 10:00</em>',
    ),
    System(
        "DedeCMS 5.7, article_article.htm",
        language="zh",
        byline='<div class="info">$own <small>来源:</small>本报</div>',
        own='<span class="date">$p_chinese 09:41</span>',
        after='<div class="sidebar"><ul class="d1"><li><span class="date">$o_chinese</span></li></ul></div>',
    ),
)
