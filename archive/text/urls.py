"""One spelling for each web address, so that the same page is recognised again."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from archive.text.captures import capture

# Only names that never choose the page. courlan's clean_url was tried: it drops value-less queries (``story?12345``)
# and parameters such as ``cid``, ``uid`` and ``source``, which name the article on some sites: two would merge.
_TRACKING = re.compile(
    r"(?:utm_|at_|mtm_|pk_|guce_|_hs)\w*|(?:fb|g|d|tt|y)cl(?:sr)?id|msclkid|[gw]braid|igsh(?:id)?|mc_[ce]id|mkt_tok|vero_id"
    r"|oly_(?:anon|enc)_id|_gac?|_gl|xtor|wt_mc|cmpid|smid|smtyp|guccounter|ns_(?:campaign|mchannel|source|linkname|fee)"
    r"|__twitter_impression|__source|ref_src|ref_url",
    re.IGNORECASE,
)
_SAFE = "/%:@!$&'()*+,;=~-._"
_HOST = re.compile(r"[\w.-]+|\[[0-9a-f:.]+\]", re.ASCII)
_LONGEST: Final = 4096  # characters; browsers and servers refuse addresses of twice that. Chosen, not measured.
_DEFAULT_PORT = {"http": 80, "https": 443}


def canonical(url: str) -> str | None:
    """Give the address without what does not choose the page; None unless it is an http or https address with a host.

    Scheme and host are lower-cased (international names in ASCII), user names, default ports, fragments and tracking
    parameters go, other parameters keep their order and spelling; characters outside ASCII are percent-encoded. The
    address of a web capture is that of the page that was captured.
    """
    captured = capture(url) if len(url) <= _LONGEST else None
    parts = _split(captured.original if captured else url.strip())
    if parts is None:
        return None
    host = _host(parts)
    if host is None:
        return None
    kept = [part for part in parts.query.split("&") if part and not _TRACKING.fullmatch(part.split("=", 1)[0])]
    path, query = (_quoted(piece, more) for piece, more in ((parts.path, ""), ("&".join(kept), "?")))
    return None if path is None or query is None else urlunsplit((parts.scheme, host, path or "/", query, ""))


def host(url: str | None) -> str | None:
    """Return the host of a canonical address, without ``www.`` and its port: what names a site to a reader.

    None without one, as in what is no address.
    """
    name = (url or "").partition("://")[2].partition("/")[0]
    name = name.partition("]")[0] + "]" if name.startswith("[") else name.partition(":")[0]
    return name.removeprefix("www.") or None


def _split(url: str) -> SplitResult | None:
    if len(url) > _LONGEST:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts if parts.scheme in _DEFAULT_PORT else None


def _host(parts: SplitResult) -> str | None:
    try:
        port = parts.port
        name = parts.hostname or ""
        host = f"[{name}]" if ":" in name else name.encode("idna").decode("ascii")
    except ValueError:  # a port that is no number; UnicodeError of a host that is no host
        return None
    if not _HOST.fullmatch(host):
        return None
    return host if port in (None, _DEFAULT_PORT[parts.scheme]) else f"{host}:{port}"


def _quoted(piece: str, more: str) -> str | None:
    try:
        return quote(piece, safe=_SAFE + more)
    except UnicodeEncodeError:  # a lone surrogate
        return None
