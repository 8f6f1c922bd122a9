"""What the templates of blogging systems print of dates around an article."""

# ruff: noqa: E501 (a line of a template is more easily compared whole)

from __future__ import annotations

from typing import Final

from tests.archive.readers.pages.systems import System

BLOGS: Final = (
    System(
        "WordPress 6.4, Twenty Seventeen 3.4, template-tags.php",
        head='<meta name="generator" content="WordPress 6.4">',
        byline='<div class="entry-meta"><span class="screen-reader-text">Posted on</span> <a href="#" rel="bookmark">'
        "$own$other</a></div>",
        own='<time class="entry-date published" datetime="$p_iso">$p_us</time>',
        other='<time class="updated" datetime="$m_iso">$m_us</time>',
        after='<ol class="comment-list"><li class="comment"><div class="comment-metadata"><time datetime="$c_iso">$c_us at '
        "9:01 am</time></div><p>Good.</p></li></ol>",
    ),
    System(
        "WordPress 6.4, Twenty Twenty-Four 1.0, patterns/post-meta.php",
        byline='<div class="wp-block-group">$own</div>',
        own='<div class="wp-block-post-date"><time datetime="$p_iso"><a href="/a">$p_short</a></time></div>',
        other='<div class="wp-block-post-date__modified-date wp-block-post-date"><time datetime="$m_iso">$m_us</time></div>',
        after='<div class="wp-block-post-navigation-link"><a href="/o">$o_us The older one</a></div>',
    ),
    System(
        "WordPress 6.4, Genesis 3.4 (lib/shortcodes/post.php)",
        byline='<header class="entry-header"><p class="entry-meta">$own $other By <span class="entry-author" '
        'itemprop="author">Karin Oduya</span></p></header>',
        own='<time class="entry-time" itemprop="datePublished" datetime="$p_iso">$p_us</time>',
        other='<time class="entry-modified-time" itemprop="dateModified" datetime="$m_iso">$m_us</time>',
        after='<section class="widget featured-content"><article class="entry"><time class="entry-time" datetime="$o_iso">'
        "$o_us</time><h2>An older story</h2></article></section>",
    ),
    System(
        "WordPress 6.4, Yoast SEO 22.0 (src/generators/schema)",
        head='<script type="application/ld+json" class="yoast-schema-graph">{"@context":"https://schema.org","@graph":['
        '{"@type":"Article","@id":"$url#article","isPartOf":{"@id":"$url"},"headline":"$title"$own_head$other_head},'
        '{"@type":"WebPage","@id":"$url","url":"$url","name":"$title"$own_head$other_head},'
        '{"@type":"Person","name":"Karin Oduya"}]}</script>',
        own_head=',"datePublished":"$p_iso"',
        other_head=',"dateModified":"$m_iso"',
        byline='<span class="byline"> by Karin Oduya</span>',
    ),
    System(
        "WordPress 6.4, Rank Math 1.0.212 (modules/schema)",
        head='$own_head<meta property="og:updated_time" content="$m_iso"><script type="application/ld+json" '
        'class="rank-math-schema">{"@context":"https://schema.org","@graph":[{"@type":"NewsPaper","@id":"/#organization"},'
        '{"@type":"VideoObject","name":"An older film","uploadDate":"$o_iso","datePublished":"$o_iso"}]}</script>',
        own_head='<meta property="article:published_time" content="$p_iso">',
        byline="",
    ),
    System(
        "WordPress 6.4, Newspaper 12.6 by tagDiv (td_module_single_base)",
        byline='<div class="td-module-meta-info"><div class="td-post-author-name">By Karin Oduya</div>$own</div>',
        own='<span class="td-post-date"><time class="entry-date updated td-module-date" datetime="$p_iso">$p_us</time></span>',
        after='<div class="td_block_related_posts"><div class="td_module_related_posts"><time class="entry-date updated '
        'td-module-date" datetime="$o_iso">$o_us</time></div></div>',
    ),
    System(
        "WordPress 6.4, AMP plugin 2.5, reader template meta-time.php",
        head='<script type="application/ld+json">{"@type":"BlogPosting","mainEntityOfPage":"$url"$own_head$other_head,'
        '"headline":"$title"}</script>',
        own_head=',"datePublished":"$p_iso"',
        other_head=',"dateModified":"$m_iso"',
        byline='<div class="amp-wp-meta amp-wp-byline"><span>Karin Oduya</span></div>$own',
        own='<div class="amp-wp-meta amp-wp-posted-on"><time datetime="$p_iso">$p_us</time></div>',
    ),
    System(
        "Ghost 5.70, Casper 5.7, post.hbs",
        head='$own_head$other_head<script type="application/ld+json">{"@type":"Article","headline":"$title","url":"$url"'
        "$own_ld$other_ld}</script>",
        own_head='<meta property="article:published_time" content="$p_iso">',
        other_head='<meta property="article:modified_time" content="$m_iso">',
        own_ld=',"datePublished":"$p_iso"',
        other_ld=',"dateModified":"$m_iso"',
        byline='<div class="article-byline-content"><h4 class="author-name">Karin Oduya</h4><div class='
        '"byline-meta-content">$own<span class="byline-reading-time">3 min read</span></div></div>',
        own='<time class="byline-meta-date" datetime="$p_day">$p_short</time>',
        after='<aside class="read-more-wrap"><article class="post-card"><time class="post-card-meta-date" datetime="$o_day">'
        "$o_short</time></article></aside>",
    ),
    System(
        "Hugo 0.121, PaperMod 7.0, partials/post_meta.html",
        head='$own_head$other_head<script type="application/ld+json">{"@type":"BlogPosting","headline":"$title",'
        '"wordCount":"311"$own_ld$other_ld}</script>',
        own_head='<meta property="article:published_time" content="$p_iso">',
        other_head='<meta property="article:modified_time" content="$m_iso">',
        own_ld=',"datePublished":"$p_iso"',
        other_ld=',"dateModified":"$m_iso"',
        byline='<div class="post-meta">$own 3 min | Karin Oduya</div>',
        own="<span title='$p_day 09:41:00 +0000 UTC'>$p_us</span>&nbsp;·&nbsp;",
    ),
    System(
        "Hugo 0.121, Ananke 2.9, layouts/_default/single.html",
        byline='<header class="mt4 w-100"><aside class="instapaper_ignoref b helvetica tracked">NEWS</aside>$own$other</header>',
        own='<time class="f6 mv4 dib tracked" datetime="$p_iso">$p_us</time>',
        other='<span class="f6 mv4 dib tracked updated">Updated $m_us</span>',
    ),
    System(
        "Jekyll 4.3, Minima 2.5 and jekyll-seo-tag 2.8",
        head='$own_head<script type="application/ld+json">{"@context":"https://schema.org","@type":"BlogPosting"$other_ld'
        '$own_ld,"headline":"$title","url":"$url"}</script>',
        own_head='<meta property="article:published_time" content="$p_iso" />',
        own_ld=',"datePublished":"$p_iso"',
        other_ld=',"dateModified":"$m_iso"',
        byline='<p class="post-meta">$own • <span itemprop="author">Karin Oduya</span></p>',
        own='<time class="dt-published" datetime="$p_iso" itemprop="datePublished">$p_short</time>',
    ),
    System(
        "Blogger, Simple theme (b:includable id='post')",
        byline='$own<div class="post-footer"><span class="post-author vcard">Posted by Karin Oduya</span></div>',
        own="<h2 class='date-header'><span>$p_full</span></h2>",
        after='<div id="comments"><div class="comment"><span class="datetime"><a href="#c1">$c_us at 9:01 AM</a></span></div>'
        '</div><div class="widget BlogArchive"><ul class="posts"><li><a href="/o">$o_us</a></li></ul></div>',
    ),
    System(
        "Blogger, Contempo theme",
        byline='<div class="post-header-line-1"><span class="byline post-timestamp"><a class="timestamp-link">$own</a></span></div>',
        own="<time class='published' datetime='$p_iso' title='$p_iso'>$p_us</time>",
        after='<div class="PopularPosts"><article class="post"><time class="published" datetime="$o_iso">$o_us</time>'
        "</article></div>",
    ),
    System(
        "Squarespace 7.1, blog-item",
        head='$own_head$other_head<script type="application/ld+json">{"@type":"WebSite","name":"The Pier"}</script>',
        own_head='<meta itemprop="datePublished" content="$p_iso"/>',
        other_head='<meta itemprop="dateModified" content="$m_iso"/>',
        byline='<div class="blog-item-meta-wrapper"><time class="dt-published blog-meta-item blog-meta-item--date" '
        "pubdate><span>$own</span></time></div>",
        own="$p_noyear",
        visible=False,
    ),
    System(
        "Wix Blog, post page of 2023",
        head='$own_head<script type="application/ld+json">{"@type":"BlogPosting","headline":"$title"$own_ld$other_ld}</script>',
        own_head='<meta property="article:published_time" content="$p_iso">',
        own_ld=',"datePublished":"$p_iso"',
        other_ld=',"dateModified":"$m_iso"',
        byline='<ul class="post-header"><li>$own</li><li>3 min read</li></ul><p>$other</p>',
        own='<span title="$p_short" class="post-metadata__date time-ago" data-hook="time-ago">$p_short</span>',
        other='<span data-hook="post-metadata__updated">Updated: <span class="time-ago">$m_short</span></span>',
    ),
    System(
        "Substack, post page of 2023",
        head='<script type="application/ld+json">{"@type":"NewsArticle","url":"$url","headline":"$title"$own_ld'
        '$other_ld,"isAccessibleForFree":true,"comment":[{"@type":"Comment","datePublished":"$c_iso"}]}</script>',
        own_ld=',"datePublished":"$p_iso"',
        other_ld=',"dateModified":"$m_iso"',
        byline='<div class="pencraft byline-wrapper"><a href="/@k">Karin Oduya</a>$own</div>',
        own='<div class="pencraft pc-reset meta">$p_short</div>',
    ),
    System(
        "Telegraph (telegra.ph), page of 2023",
        head="$own_head$other_head",
        own_head='<meta property="article:published_time" content="$p_iso">',
        other_head='<meta property="article:modified_time" content="$m_iso">',
        byline='<address><a rel="author">Karin Oduya</a>$own</address>',
        own='<time datetime="$p_iso">$p_us</time>',
    ),
)
