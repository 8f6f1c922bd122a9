"""The wordings of scraping residue, by kind; each is matched against a whole line, never against a part of one.

A line is compared in one form: white space single, straight apostrophes, marks that frame it gone. One wording stands
on each line below, as a regular expression without regard to case. Repeated groups are possessive, so that no line of
any making takes long.
"""

# ruff: noqa: E501 - a wording is read as one line

from __future__ import annotations

from enum import Enum
from functools import cache, lru_cache
from typing import Final

import regex


class Kind(Enum):
    """What a wording stands for, which decides where it is believed."""

    FORM = "a comment form"
    SHARE = "a bar of sharing buttons"
    POINTER = "a pointer to another article"
    PROMPT = "a call to subscribe, follow or click"
    FURNITURE = "a part of the page around the article"
    HEADING = "a heading of further articles"
    PERHAPS_HEADING = "a heading that other texts have as well"
    SCRAP = "a word of such parts, believed only beside others of them"
    FILLER = "what stands between such words and says nothing itself"


_FORM: Final = """
    leave (a|your) (reply|comment|response)( cancel reply)?
    leave a reply to .{1,40} cancel reply
    (cancel|submit|post|add|leave|write)( (a|your))? (reply|comment)
    your e-?mail( address)? will not be (published|shown|shared)\\b.{0,120}
    (your )?e-?mail address( is)? (required|will never be .{1,40})
    required fields are marked.{0,20}|(all )?fields marked .{0,40}\\brequired.{0,20}
    (enter )?your (e-?mail( address)?|name|comment)( here)?|(first|last|full) name
    (what do you think|let us know|tell us|have your say|share your (thoughts|views|opinion))[^,;:]{0,80}\\bcomments?( section)?( below)?.{0,20}
    save my name,? e-?mail.{0,100}
    notify me of (follow-?up comments|new posts|new comments).{0,40}
    (name|e-?mail|website|url|comment) ?\\* ?((name|e-?mail|website|url|comment) ?\\*? ?)*+
    name,? e-?mail( address)?( and|,)? website
    you (must|need to) (be )?(logg|sign|log)(ed|ged)? in (to|before you) (post|leave|submit|add|write|comment|reply|save)\\b.{0,40}
    (please )?(log|sign) ?in to (comment|post|reply|leave|join)\\b.{0,60}
    this site uses akismet( to\\b.{0,100})?(\\. .{0,120})?
    learn (more about )?how your comment data is processed
    (no|\\d+|one|view|show|read|join|load|see|hide|post|add)( all| the| more| \\d+)* (comments?|conversation|discussion|replies)( yet| \\(\\d+\\))?( on (?-i:[\\p{Lu}\\d"“‘']).{2,160})?
    (no )?comments (are )?(closed|off|disabled)( on this (article|story|post)| for this (article|story|post))?
    be the first to (comment|reply|leave a comment|share what you think)\\b.{0,40}
    (please )?enable javascript to (view|see|load) .{0,60}
    (start|join) the (conversation|discussion)
    (facebook|disqus) comments
    comments? \\(\\d+\\)|\\d+ comments?
    laisse(r|z) un commentaire( annuler la réponse)?|annuler la réponse
    votre adresse (e-?mail|de messagerie|électronique) ne sera pas publiée.{0,100}
    les champs obligatoires sont indiqués.{0,30}
    (enregistrer|enregistre) mon nom.{0,120}
    deja (una respuesta|un comentario)( cancelar( la)? respuesta)?|cancelar( la)? respuesta
    (tu|su) dirección de correo( electrónico)? no será publicada.{0,100}
    los campos (obligatorios|requeridos|necesarios) están marcados.{0,30}
    guarda(r)? mi nombre.{0,120}
    (schreibe?|hinterlassen? sie|hinterlasse|verfassen? sie) einen? (kommentar|antwort)( antwort abbrechen| abbrechen)?|antworten abbrechen
    (deine|ihre) e-?mail-?adresse wird nicht veröffentlicht.{0,100}
    erforderliche felder sind.{0,40}
    (meinen|meine) namen?, (meine )?e-?mail.{0,120}
    bir (cevap|yanıt|yorum) (yazın|yaz|bırak|bırakın)( cevabı iptal et| yanıtı iptal et)?|(cevabı|yanıtı) iptal et
    e-?posta (hesabınız|adresiniz) (yayımlanmayacak|yayınlanmayacak|gizli).{0,100}
    gerekli alanlar.{0,60}işaretlen.{0,20}
    lascia un commento( annulla risposta)?|annulla risposta
    il tuo indirizzo e-?mail non sarà pubblicato.{0,100}
    i campi obbligatori sono contrassegnati.{0,30}
    deixe (um comentário|uma resposta)( cancelar resposta)?|cancelar resposta
    o seu endereço de e-?mail não será publicado.{0,100}
    (geef|laat) een (reactie|antwoord)( achter)?( reactie annuleren)?|het e-?mailadres wordt niet gepubliceerd.{0,100}
    (dodaj komentarz|twój adres e-?mail nie zostanie opublikowany).{0,100}
    (добавить комментарий|оставить (комментарий|ответ)|отменить ответ)( отменить ответ)?
    ваш (адрес )?(e-?mail|электронной почты) не будет опубликован.{0,100}
    обязательные поля помечены.{0,20}
    (залишити|додати) (відповідь|коментар).{0,30}|ваша? (e-?mail|адреса) .{0,20}не (буде|оприлюднюватиметься).{0,60}
    (اترك|أضف|اكتب) (تعليق|رد)[اًأ]{0,2}.{0,30}|إلغاء الرد
    لن يتم نشر عنوان بريدك.{0,100}
    الحقول (الإلزامية|المطلوبة).{0,60}
"""

_NETWORK: Final = (
    "facebook|twitter|x(?=\\W|$)|whatsapp|linkedin|reddit|telegram|pinterest|messenger|flipboard|tumblr|viber|vk|vkontakte|pocket|"
    "instagram|youtube|tiktok|threads|bluesky|mastodon|snapchat|skype|weibo|wechat|xing|google\\+?|odnoklassniki"
)
_BUTTON: Final = (
    f"(?>{_NETWORK}|shares?|tweet|pin it|pin|e-?mail|mail|sms|print|copy link|copy|link|save|like|more|embed|comments?|"
    "bookmark|partager|imprimer|compartir|imprimir|teilen|drucken|merken|paylaş|yazdır|condividi|stampa|delen|"
    "поделиться|partilhar|compartilhar|مشاركة|طباعة)"
)
_SHARE: Final = f"""
    {_BUTTON}( ?\\d[\\d.,]*[km]?)?((?>(?: ?[|/·•+&] ?| (?:on|via|by|auf|sur|en|su|no|på) | ){_BUTTON}(?: ?\\d[\\d.,]*[km]?)?))++
    (share|like|tweet|e-?mail|print|save|send|bookmark|forward|copy)( this| the)( (article|story|post|page|news|link))?( (on|via|by|with|to) .{{2,60}})?
    (share|like|tweet|pin)( this)? (on|via|by|to) ({_NETWORK}|e-?mail|social media|friends).{{0,40}}
    (click|tap) to (share|print|e-?mail|tweet|copy)\\b.{{0,60}}
    \\d[\\d.,]*[km]? (shares?|likes?|views?|retweets?)|(shares?|post views|views|likes): ?\\d[\\d.,]*[km]?
    (like )?loading( ?\\.\\.\\.|…)?
    partage[rz] (cet article|sur|cette page)\\b.{{0,60}}|cliquez pour partager.{{0,60}}
    comp[aá]rt[ea](lo)?( (esto|este artículo|esta noticia))?( (en|por) .{{2,40}})?|haz clic para compartir.{{0,60}}
    (diesen )?(artikel|beitrag) (teilen|drucken|merken|versenden)|(auf|per|über) ({_NETWORK}|e-?mail) teilen
    (bunu|haberi|sayfayı) (paylaş|kaydet|yazdır)|({_NETWORK})('?d?[ae]|['’][td][ae]) paylaş
    condividi( (su|questo articolo|via))( .{{2,40}})?|compartilh[ea](r)? (no|isso|este|via)\\b.{{0,40}}
    поделиться (в|ссылкой|новостью|статьей)\\b.{{0,40}}
    شارك (هذا|هذه|الخبر|المقال|على)\\b.{{0,40}}
"""

# What follows a pointer is a headline: no full stop ends it, unless a colon or a bar sets the pointer off.
_POINTER: Final = """
    (see|read|find|learn) more (at|on|about|here|from|in)\\b.{0,120}
    (see|read|watch|view|listen) (also|more|next|too)( ?[:|–—-].*| (?-i:[\\p{Lu}\\d"“‘']).*)?
    (also|must|further)[ -](read|see|watch|reading)( ?[:|–—-].*| (?-i:[\\p{Lu}\\d"“‘']).*)?|don't miss ?[:|–—-].*
    (?-i:READ|WATCH|MORE|SEE|LISTEN|RELATED|ALSO READ|READ ALSO|READ NOW|WATCH NOW|READ MORE|Watch|Listen|Related) ?[:|] ?.*
    (related|recommended|similar|suggested)( (articles?|stor(y|ies)|news|posts?|topics?|content|coverage|links?|reading|videos?))? ?[:|–—-].*
    related (articles?|stor(y|ies)|posts?|content|coverage|video) (?-i:[\\p{Lu}\\d"“‘']).*
    you (might|may|could) (also )?(like|be interested in|enjoy|want to read) ?: ?.*
    (read|see|view) (the )?(full|original|whole|complete|rest of the) (story|article|post|report|interview|text)( (here|at|on)\\b.{0,80})?
    continue reading\\b.{0,120}
    (original )?source( article| link| url)?( ?:)? ?https?://\\S+|(original )?source links?|original (source|article)|article source.{0,80}
    this (article|story|post) (was )?(first|originally) (appeared|published) (on|at|in) .{2,80}
    (previous|next|older|newer) (article|post|story|news|entry)( ?[:|»«] ?.*| ?[–—-]? ?(?-i:[\\p{Lu}\\d"“‘']).*)?
    (à )?(lire|voir|écouter)( (aussi|également|encore|plus))( ?[:|–—-].*|.{0,3}(?-i:[\\p{Lu}\\d"“‘«]).*)?|(en savoir plus|lire la suite)( ?[:|–—-].*| sur .{2,80})?
    (lea|lee|leer|ver|vea|mira|mire) (también|más)( aquí)?( ?[:|–—-].*| (?-i:[\\p{Lu}\\d"“‘¿¡]).*)?
    te puede interesar( (también|leer))?( ?[:|–—-].*| (?-i:[\\p{Lu}\\d"“‘¿¡]).*)?|(nota|noticia)s? relacionadas? ?:.*|relacionad[oa]s? ?:.*|te recomendamos( leer)? ?:.*|sigue leyendo.{0,60}
    (lesen|sehen|hören) sie (auch|mehr|dazu)( ?[:|–—-].*| (?-i:[\\p{Lu}„"“]).*)?|(lies|siehe) auch ?[:|–—-].*|weiterlesen( ?[:|–—-].*)?|mehr (dazu|zum thema) ?[:|–—-].*
    (ayrıca|bunu da|bunlar da) (oku|okuyun|bakınız|bkz|izle)( ?[:|–—-].*)?|(ilgili|benzer|diğer) haber(ler)? ?[:|–—-].*|okumak için tıklayın.{0,40}|haberin devamı.{0,20}|devamını oku.{0,20}
    (leggi|guarda|vedi) anche( ?[:|–—-].*| (?-i:[\\p{Lu}"“«]).*)?|(leia|veja) (também|mais)( ?[:|–—-].*| (?-i:[\\p{Lu}"“]).*)?
    lees ook( ?[:|–—-].*| (?-i:[\\p{Lu}"“]).*)?|(czytaj|przeczytaj|zobacz) (także|też|również|więcej)( ?[:|–—-].*| (?-i:[\\p{Lu}„"]).*)?
    (читайте|смотрите|читай|см\\.?)( также| ещё| еще| подробнее)( ?[:|–—-].*| (?-i:[\\p{Lu}"«]).*)?|(читайте|дивіться) (також|ще)( ?[:|–—-].*| (?-i:[\\p{Lu}"«]).*)?
    (اقرأ|إقرأ|أقرأ|اقرؤوا|شاهد|طالع) (أيض[اًا]*|ايض[اًا]*|المزيد|كذلك)( ?[:|–—-].*| .{3,160})?
"""

_CHANNEL: Final = (
    "newsletters?|inbox|e-?mails?|alerts?|notifications?|briefings?|mailing list|channels?|podcasts?|digest|rss|"
    f"(?:on|our|via|sur|en|auf) (?:{_NETWORK})"
)
_PROMPT: Final = f"""
    (please )?(sign[- ]up|subscribe|register|enter your e-?mail)( ((for|to|here|now|today|below|free|and)\\b.{{0,240}}|(?!of\\b)[^,;:]{{0,160}}))?\\b({_CHANNEL})\\b.{{0,200}}
    (get|receive|have|join|want)\\b[^,;:]{{0,60}}\\b(our|your|daily|weekly|free|latest)\\b[^,;:]{{0,100}}\\b(inbox|newsletters?|e-?mail|alerts|briefing)\\b.{{0,160}}
    \\(?(you can )?(also )?get .{{2,80}} delivered to your inbox.{{0,80}}
    (sign|log)[- ](up|in)( now| here| today| for free)?|newsletter( sign[- ]?up)?|subscribe( now| today| here| for free)?|subscribe to .{{2,40}}
    already (an?|have an?) (\\w+ )?(subscriber|subscription|member|account)( ?[?!.,:–-].{{0,60}}| (log|sign|click)\\b.{{0,60}})?
    (this (article|content|story) is )?(for|available to|exclusive to) (premium )?(subscribers|members) only.{{0,60}}
    (to continue reading|to read (the full|this) (story|article)),? (please )?(subscribe|register|sign|log).{{0,80}}
    you have (reached|\\d+|used|one) .{{0,30}}(free )?(articles?|stories)\\b.{{0,80}}
    (please )?(follow|like|join|find|visit|connect with|add) (us|me|our [^,;:.]{{2,40}}|@\\w+|(the )?(?-i:\\p{{Lu}})[^,;:.]{{1,50}})( page| channel| group)? (on|via|at) (our |the |all )?(\\w+ )?({_NETWORK}|google news|apple news|social media)\\b[^.]{{0,100}}[.!]?
    (join|follow|subscribe to) (us|our) [^,;:]{{0,20}}\\b({_NETWORK})( (channel|group|page|feed))?[^,;:]{{0,80}}
    (please )?(click|tap) here( (to|for|if|and)\\b.{{0,120}})?
    (get|read|learn|find out|watch|see|stay).{{0,80}}\\b(by clicking|click) here[^,]{{0,30}}
    download (the|our) .{{2,40}} app\\b.{{0,80}}|(get|open|install) (the|our) [^,;:]{{0,40}}\\bapp\\b[^,;:]{{0,60}}
    (support|donate to|help fund) (our|independent|quality)( \\w+)? (journalism|work|reporting)( (today|now))?|make a donation|become a (member|patron|supporter)( (today|now))?
    (we use|this (web)?site uses|our (web)?site uses) cookies.{{0,300}}|by (continuing|using|clicking).{{0,80}}(cookies|privacy policy|terms of).{{0,160}}
    (accept|reject|allow|manage)( all)?( cookies| preferences)|cookie (policy|settings|preferences|notice)
    (please )?(enable|turn on|disable) (javascript|your ad ?blocker|cookies|subtitles|captions)( (to|in|on|for|and|or)\\b.{{0,120}}|[.!].{{0,120}})?
    (report|spotted|found|see) an? (typo|error|mistake|correction)( (in|on|with) (this|the|our) (article|story|page|text|post|report))?([?!.:].{{0,80}})?|something went wrong( while .{{0,60}}| ?[.,!…:–-].{{0,80}})?
    \\(?(except for the headline, )?this (story|article|report) has not been edited by .{{2,160}}|(disclaimer ?: ?)?(the )?(views|opinions)( and opinions)? expressed( (here|above|herein|within|in (this|the) (article|post|piece|column|story|blog|commentary|report)|on (this|our)|by (the |our )?(authors?|writers?|contributors?|columnists?)))?( \\w+)? (are|is|do|does|may|belong|represent|reflect)\\b.{{0,260}}
    article réservé aux abonnés.{{0,40}}
    (abonnez-vous|inscrivez-vous|suivez-nous|rejoignez-nous)\\b( (?!ou\\b)[^,;:]{{0,200}})?[.!]?|recevez\\b[^,;:]{{0,120}}\\b(newsletters?|e-?mails?|courriels?|alertes|infolettre|boîte)\\b.{{0,100}}
    (suscr[ií]b[ea]te|suscríbase|síguenos|síganos|únete|únase|regístrate|recib[ea])\\b.{{0,60}}\\b(boletín|newsletter|canal|correo|grupo|noticias|{_NETWORK})\\b.{{0,160}}
    (también )?estamos en ({_NETWORK})\\b.{{0,120}}|(sigue|seguir|puedes seguir) .{{2,60}} en ({_NETWORK}|google noticias)\\b.{{0,120}}
    (abonnieren sie|jetzt abonnieren|newsletter abonnieren)\\b.{{0,160}}|folgen sie uns( (auch )?(auf|bei|via|hier)\\b[^,;:]{{0,120}})?[.!]?|melden sie sich\\b.{{0,60}}\\b(an|newsletter)\\b.{{0,100}}
    (abone ol(un)?|bizi takip edin)\\b.{{0,80}}
    (iscriviti|seguici|abbonati|inscreva-se|assine|siga-nos)\\b.{{0,160}}
    (подпи(шитесь|сывайтесь|сывайся)|следите за нами|підпи(шіться|суйтесь|суйтеся))\\b.{{0,160}}
    تابع(وا|ونا|نا)?.{{1,60}}(عبر|على) (غوغل|جوجل|فيسبوك|تويتر|تلغرام|تيليجرام|واتساب|يوتيوب|انستغرام).{{0,60}}|اشترك (الآن|لتصلك|في (نشرتنا|النشرة|قناتنا)).{{0,60}}
"""

_AGENCY: Final = (
    "afp|getty( images)?|reuters|ap|ap photo|associated press|epa(-efe)?|efe|dpa|tass|anadolu|bloomberg|shutterstock|istock|"
    "unsplash|pixabay|pexels|wikimedia( commons)?|flickr|alamy|zuma|sipa|xinhua|ria novosti|imago|picture alliance|nurphoto|iha|dha|aa"
)
_FURNITURE: Final = f"""
    the post .{{3,220}} (first )?appeared (first )?on .{{2,80}}|post .{{3,220}} (first appeared|appeared first) on .{{2,80}}
    advert(isement|isements|ising|s)?|sponsored|promoted|paid post
    advertisements? ?(-|–|—)? ?(continue reading|scroll|article continues|story continues).{{0,80}}
    (story|article|post) continues (below|after).{{0,60}}|scroll (down )?to continue.{{0,40}}
    (©|copyright ?(©|\\(c\\)))( ?\\d{{4}}|.{{2,60}}\\d{{4}}).{{0,200}}|\\(c\\) ?\\d{{4}}.{{0,200}}|© ?.{{2,60}}
    copyright,? \\d{{4}}(?![^\\p{{L}}]*(?-i:\\p{{Ll}}(?<!\\bb)))\\b.{{0,200}}
    (todos los derechos reservados|tous droits réservés|alle rechte vorbehalten|tüm hakları saklıdır|tutti i diritti riservati|todos os direitos reservados|все права защищены|جميع الحقوق محفوظة).{{0,120}}
    this material may not be (published|reproduced|copied).{{0,160}}
    (terms (of (use|service)|and conditions|& conditions)|privacy (policy|notice|statement)|about us|contact us|advertise with us|do not sell my .{{2,40}}|cookie policy)(( ?[|·•,/&-] ?| and | )(terms( (of (use|service)|and conditions|& conditions))?|privacy( (policy|notice|statement))?|about( us)?|contact( us)?|advertise( with us)?|careers|help|cookies?( policy)?|site ?map))*+
    skip to (main )?(content|navigation)|(back|return|jump|go) to (the )?top|toggle navigation|search for:?|primary menu|main menu|open (menu|navigation)|close (menu|navigation)|scroll to top
    tags?(s|ged)? ?: ?.{{2,240}}|(filed|posted) (under|in) ?: ?.{{2,160}}|(filed|posted) (under|in) (?-i:\\p{{Lu}}[\\p{{L}}&' ]{{1,30}}(, \\p{{Lu}}[\\p{{L}}&' ]{{1,30}}){{0,5}}+)|categor(y|ies) ?: ?([^ ]+ ?){{1,6}}|(etiketler|etiquetas|étiquettes|mots[- ]clés|schlagwörter|теги|теги|الوسوم) ?: ?.{{2,200}}
    \\d+ min(ute)?s?( of)? read|(estimated )?reading time ?:? ?\\d+.{{0,20}}|\\d+ (minutes? de lecture|min(uten)? lesezeit|dk okuma)
    view all posts( by .{{2,60}})?|see author's posts|about (the )?author ?:?
    (proudly )?powered by (?-i:\\p{{Lu}})[^.,\\s]{{1,20}}( [^.,\\s]{{1,20}}){{0,3}}+|theme ?: .{{2,60}} by .{{2,60}}|website built with wordpress.{{0,20}}
    want create site\\? find free wordpress themes and plugins
    our standards: the thomson reuters trust principles|image source,? .{{2,40}}|close share panel
    (hide|toggle|show|view) caption|enlarge( this)? image|view image in full ?screen|open image in gallery
    ((sponsored|promoted|recommended|ads|links) )++by .{{2,30}}
    \\[e-?mail ?protected\\]|\\[?javascript protected email address\\]?
    (home|start|inicio|accueil|startseite|главная)( ?[»›>] ?[^.»›>]{{2,60}}){{1,6}}+
    \\(?(photo|image|picture|foto|photograph|imagen|bild|fotoğraf|фото|crédits?( photo)?|credit)s?( credits?| by| courtesy( of)?|(?= ?[:/©|]))( ?[:/©|] ?| )((?-i:\\p{{Lu}})[\\p{{L}}.'-]*[ /,]{{1,3}}){{0,4}}?\\(?({_AGENCY})\\b(?!.*(?-i:\\b\\p{{Ll}}{{2,}}\\b).*[.]$).{{0,30}}
    (getty images|afp via getty images|istock|shutterstock)(/.{{2,40}})?|(reuters|afp|ap)/(?-i:\\p{{Lu}})[\\p{{L}} .'-]{{2,40}}
    publicité|publicidad|anzeige|werbung|reklam|reklâm|pubblicità|publicidade|reklama|реклама|إعلان|اعلان|広告
    haberi? kaydet|yukarı çık|görüşlerinizi paylaşın|no ad for you
"""

_HEADING: Final = """
    more (stories|news|articles|headlines|top stories|posts|videos|coverage)( (like this|for you|to explore|to read))?
    more (stories |news |articles |headlines |top stories |coverage )?(from|in|on|about) (?-i:[\\p{Lu}\\d'"“‘]|the |this )[^.\\s]{1,20}( [^.:\\s][^.\\s]{0,20}){0,3}+( ?[:|–—] ?.{1,60})?
    related(?! to\\b)( (articles?|stor(y|ies)|news|posts?|topics?|content|coverage|links?|reading|videos?))
    (see|read|watch) (also|more|next)|also (read|see)|further reading
    (you|we) (may|might|could) (also|have)( \\w+)? (like|missed|be interested in|enjoy|want to read).{0,40}|you may like|you missed|(stories|articles) you (may|might) (have missed|like).{0,20}|in case you missed it
    recommended (for you|stories|articles|reading|by .{2,30}|videos?|posts?)
    (most|more) (read|popular|viewed|shared|watched|commented)( (now|today|stories|news|articles|this week|in .{2,30}))?
    (trending|popular|latest|recent|top|other|similar|featured|editor's|must[- ]read|breaking)( (now|today|in .{2,30}))? (stories|articles|news|posts|headlines|picks|videos|topics|comments|reads|from .{2,30})
    around the web|from (around )?the web|sponsored (content|links|stories|by .{2,30})|promoted (content|stories|links)|paid content|what to read next|you might be interested in
    (à lire|lire|voir)( (aussi|également|encore))|sur le même (sujet|thème)|(plus d'|autres |derniers |derniers )(articles|actualités|infos)|(articles|contenus|sujets) (similaires|liés|récents|recommandés|associés)|vous aimerez aussi|les plus lus|dans la même rubrique|à la une
    más (noticias|historias|leídas|leídos)|más (sobre|en) ((?-i:\\p{Lu})|el |este )[^.…]{1,30}|(noticias|artículos|notas|contenidos?|temas) relacionad[ao]s?|(te|le) (puede|podría) interesar( también)?|lo más (leído|visto)|últimas noticias|también te puede interesar|otras noticias
    (mehr|weitere) (zum thema|nachrichten|artikel|meldungen|beiträge|themen|news)|das könnte (sie|dich) auch interessieren|(ähnliche|verwandte|passende|neueste|neuste) (artikel|beiträge|themen|nachrichten)|meistgelesen|auch interessant|lesen sie auch
    (ilgili|diğer|benzer|son) (haberler|içerikler|yazılar)|ilginizi çekebilir|bunlar da ilginizi çekebilir|(en )?çok okunanlar|son dakika haberleri|günün önemli haberleri
    altre notizie|articoli correlati|leggi anche|ti potrebbe interessare( anche)?|(ultime notizie|i più letti)
    (notícias|artigos|matérias) (relacionad[ao]s)|veja (também|mais)|leia (também|mais)|mais (lidas|notícias)
    (gerelateerde|meer|laatste) (artikelen|berichten|nieuws)|lees ook|(powiązane|podobne|inne|najnowsze) (artykuły|wiadomości|wpisy)|czytaj także|zobacz (także|też|również)
    (другие|похожие|последние|главные) (новости|статьи|материалы|записи)|(читайте|смотрите) также|(по|новости по) теме|популярное|вам может понравиться|самое читаемое|(схожі|інші|останні) (новини|статті)|читайте також
    (اقرأ|إقرأ|أقرأ) (أيض[اًا]*|ايض[اًا]*|المزيد)|(مواضيع|أخبار|مقالات|اخبار) (ذات صلة|متعلقة|مشابهة|أخرى)|قد يعجبك أيض[اًا]*|الأكثر (قراءة|مشاهدة)|المزيد من (الأخبار|المقالات)|آخر الأخبار
    関連記事|おすすめ記事|人気記事|相关(新闻|阅读|文章)|推荐阅读|延伸阅读|관련 ?기사|많이 본 뉴스
"""

_PERHAPS_HEADING: Final = """
    related|recommended|trending( now)?|most read|don't miss( (it|this))?|top stories|latest|headlines|discover|read on|also on .{2,40}|elsewhere|popular
    more|more on this|more to read|explore more|see more|show more|load more|view more|keep reading
    suggestions|à découvrir|actualités|noticias|nachrichten|haberler|новости|أخبار|ニュース
"""

_SCRAP: Final = f"""
    (?!({_NETWORK})( ?[:*]| ?\\d|$)){_BUTTON}( ?[:*]| ?\\d[\\d.,]*[km]?)?
    name|website|url|reply|comment|submit|send|search|menu|home|tags?|previous|next|listen( to (this )?(article|story))?|print article
    e-?mail address|donate|(play|watch)( the)? video|(text|font) size.{{0,10}}|accept|close|cancel|subscribe|advertise|sign in|log in|register
    commentaires?|comentarios?|kommentare?|yorum(lar)?|comentários?|commenti|комментари[ий]|коментарі|التعليقات|تعليقات
"""

_FILLER: Final = f"""
    ({_NETWORK})( ?[:*]| ?\\d[\\d.,]*[km]?)?
    (previous|next|précédent|suivant|anterior|siguiente|önceki|sonraki) ?: ?.{{3,200}}
    δ|\\d{{1,6}}|((page|image|photo) )?\\d+ (of|/) \\d+|name \\w+|source|via|sections?|author|gallery
    (jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sep(t|tember)?|oct(ober)?|nov(ember)?|dec(ember)?) \\d{{1,2}}, \\d{{4}}( .{{2,30}})?
    \\d+ (minutes?|hours?|days?|weeks?|months?|years?) ago( .{{2,30}})?
"""

# Wordings that mark the line they stand in; the first of each pair is what a line must hold for the second to be tried.
_INSIDE: Final = (
    ("commission", r"\bwe may (earn|receive) an? (affiliate )?commission"),
    ("browser does not", r"\byour browser does not support\b"),
    ("javascript is", r"^.{0,40}\bjavascript is (disabled|not enabled|required|turned off)\b"),
    ("rights reserved", r"^.{0,60}\ball rights reserved\b(?!,)"),
    (" in a new ", r"\bopens? in a new (window|tab)\b"),
    (" in new ", r"\bopens? in new (window|tab)\b"),
)


_WORDINGS: Final = {
    Kind.FORM: _FORM,
    Kind.SHARE: _SHARE,
    Kind.POINTER: _POINTER,
    Kind.PROMPT: _PROMPT,
    Kind.FURNITURE: _FURNITURE,
    Kind.HEADING: _HEADING,
    Kind.PERHAPS_HEADING: _PERHAPS_HEADING,
    Kind.SCRAP: _SCRAP,
    Kind.FILLER: _FILLER,
}


@cache
def patterns() -> dict[Kind, regex.Pattern[str]]:
    """Return one pattern for each kind; compiled at the first call, which takes a while."""
    return {kind: _compiled(wordings) for kind, wordings in _WORDINGS.items()}


@lru_cache(maxsize=16_384)
def openings(word: str) -> tuple[Kind, ...]:
    """Return the kinds that have a wording which begins with ``word``; most words begin none.

    Args:
        word: the first of a line, with the space that follows it.
    """
    return tuple(kind for kind, pattern in patterns().items() if pattern.fullmatch(word, partial=True))


def is_marked(line: str) -> bool:
    """Tell whether a line holds a wording that makes all of it residue."""
    lowered = line.lower()
    return any(mark in lowered and regex.search(wording, lowered) for mark, wording in _INSIDE)


def _compiled(wordings: str) -> regex.Pattern[str]:
    parts = (line.strip() for line in wordings.splitlines())
    return regex.compile("|".join(f"(?:{part})" for part in parts if part), regex.IGNORECASE)
