"""Orders to a language model in other languages than English: rules as in `rag.orders`, made from tables of words.

Nineteen languages; of most the order to ignore what came before and the one to answer only this or that. Does not
know which language a text is in: all rules are tried on all texts.
"""

from __future__ import annotations

from rag.orders import ADDRESS, DICTATE, IGNORE, REVEAL, SECRET, Rule, rule

_NEAR, _WIDE = r"[^.!?。！？।؟]{0,15}?", r"[^.!?。！？।؟]{0,40}?"
_NOT_ENGLISH = r"(?!\W+(?:the|all|any|my|your|this|these|those|that|it|its|previous|prior|earlier|above|initial)\b)"
"""`Ignore` is a French and a Spanish word too."""


def _dismissing(verbs: str, earlier: str, objects: str, *, verb_last: bool = False, spaced: bool = True) -> Rule:
    """`Verb … earlier … instructions`.

    Args:
        verbs: imperatives in full.
        objects: beginnings of words.
        verb_last: the language puts the verb at the end.
        spaced: it puts spaces between words.
    """
    verb = rf"(?<!\w)(?:{verbs})(?!\w){_NOT_ENGLISH}" if spaced else rf"(?:{verbs})"
    both = rf"(?:(?:{earlier}){_WIDE}(?:{objects})|(?:{objects}){_NEAR}(?:{earlier}))\w*"
    pattern = rf"{both}{_WIDE}{verb}" if verb_last else rf"{verb}{_WIDE}{both}"
    return rule(IGNORE, objects, pattern, opens=spaced and not verb_last)


_GERMAN = (
    _dismissing(
        "ignorier(?:e|en sie)|vergiss|vergesst|vergessen sie|missachte(?:n sie)?|übergeh(?:e|en sie)|verwirf"
        r"|(?:beachte|befolge)(?:n sie)?(?=[^.!?]{0,60}\bnicht\b)",
        "vorherig|bisherig|vorig|vorangegangen|vorangehend|vorangestellt|obig|oben|früher|alle|deine|ihre|ursprünglich"
        "|gestellt|die frage|nutzers|benutzers",
        "anweisung|instruktion|vorgabe|befehl|prompt|richtlinie|kontext|eingabeaufforderung|systemnachricht|frage",
    ),
    rule(
        DICTATE,
        "antworte|erwider",
        r"""\b(?:antworte|erwidere)(?:n sie)?\b(?=[^.!?]{0,60}\b(?:nur|immer|stets|ausschliesslich|lediglich)\b)
        [^.!?\n]{0,60}?\b(?:mit|dass)\b""",
    ),
    rule(
        ADDRESS,
        " ki |ki,|ki:|ki!|ki-|sprachmodell|chatbot|sprachassistent|pirat|assistent",
        r"""\b(?:du bist|sie sind) (?:jetzt|nun|ab jetzt|ab sofort)\b[^.!?\n]{0,40}?
        \b(?:ki|\w*assistent|chatbot|sprachmodell|pirat)\b|\b(?:als|wenn du|falls du|wenn sie|an alle|an das|an die
        |hinweis (?:an|für)|achtung)\b,? (?:(?:eine?|das|die|alle) )?(?:ki|sprachmodelle?|ki-\w+|chatbots?)\b
        [^.!?\n]{0,30}?(?:\b(?:musst|müssen|sollst|bist|sind|liest|lesen|antworte)\b|[:!])""",
    ),
    rule(
        SECRET,
        "nutzer|anwender",
        r"""\b(?:sage?|verrate|verraten sie|sagen sie|erzähle|teile|informiere|erwähne)\b[^.!?\n]{0,40}?
        \b(?:be)?(?:nutzer|anwender)\w*[^.!?\n]{0,40}?\b(?:nicht|nichts|kein\w*)\b""",
    ),
    rule(
        REVEAL,
        "system",
        r"""\b(?:zeige?|gib|geben sie|nenne|verrate|wiederhole|drucke|zeigen sie)\b[^.!?\n]{0,50}?
        (?:system-?prompt|systemnachricht|systemanweisung)""",
    ),
)
_FRENCH = (
    _dismissing(
        "ignore[zr]?|oublie[zr]?|ne (?:tiens|tenez|tenir) pas compte",
        "précédent|antérieur|ci-dessus|préalable|initiale|toutes|tous|vos|tes|reçu|qui précède|l'utilisateur"
        "|la question",
        "instruction|consigne|directive|ordre|prompt|invite|contexte|règle|question",
    ),
    rule(
        DICTATE,
        "repond",
        r"""\b(?:réponds|répondez|répondre)\b[^.!?\n]{0,60}?
        \b(?:uniquement|seulement|toujours|simplement|exclusivement)\b[^.!?\n]{0,40}?\b(?:par|que|avec)\b""",
    ),
    rule(
        ADDRESS,
        " ia |l'ia|ia,|ia:|ia!|modèle|chatbot|assistant|artificielle|pirate",
        r"""\b(?:tu es|vous êtes) (?:maintenant|désormais|à présent)\b[^.!?\n]{0,40}?
        \b(?:ia|assistant|chatbot|modèle|pirate)\b|\b(?:en tant qu[e']|si (?:tu es|vous êtes)|note (?:à|aux|pour)
        |message (?:à|aux|pour)|attention)\b,? ?(?:(?:les?|l'|une?|toute) ?)?(?:ia|modèles? de langage|chatbots?
        |intelligence artificielle)\b[^.!?\n]{0,30}?(?:\b(?:dois|devez|doit|es|êtes|répond\w*)\b|[:!,])""",
    ),
    rule(
        SECRET,
        "utilisateur",
        r"""\bne (?:dis|dites|révèle|révélez|mentionne|mentionnez|informe|informez|dévoile|dévoilez)\b[^.!?\n]{0,50}?
        \butilisateur""",
    ),
    rule(
        REVEAL,
        "systeme",
        r"""\b(?:affiche|montre|révèle|répète|donne|écris)(?:z|r)?\b[^.!?\n]{0,50}?
        \b(?:prompt|invite|message|instructions?) (?:du |de )?système""",
    ),
)
_IBERIAN_AND_ITALIAN = (
    _dismissing(
        "ignor[aei]d?|ignoren|ignorar|ignorem|ignorate|olvid[ae]|olviden|olvídate|olvidar|no hagas caso (?:a|de)"
        "|haz caso omiso|descart[ae]|esqueça|esquece|esqueçam|desconsider[ae]|desconsiderem|dimentica|dimenticate"
        "|dimentichi|trascura|trascurate",
        "anterior|previ[ao]|precedent[ei]|arriba|acima|sopra|antes|todas? |todos |tutt[ei] |tus |sus |suas |seu |tue "
        "|inicia[li]|originale?s|usuario|usuário|utilizador|utente|la pregunta|a pergunta|la domanda",
        "instruccion|instruçõ|instruçã|istruzion|indicacion|indicazion|orden|ordini|directri|diretri|direttiv|prompt"
        "|contexto|contesto|regla|regra|regol|comando|comandi|pregunta|pergunta|domanda",
    ),
    rule(
        DICTATE,
        "respond|rispond|contest",
        r"""\b(?:responde|responda|respondan|contesta|conteste|responder|rispondi|rispondete|risponda)\b[^.!?\n]{0,60}?
        \b(?:solo|sólo|solamente|únicamente|siempre|simplemente|apenas|somente|sempre|só|soltanto|unicamente
        |semplicemente)\b[^.!?\n]{0,40}?(?:\b(?:con|com|que|che)\b|[:"])""",
    ),
    rule(
        ADDRESS,
        " ia |ia,|ia:|ia!|modelo|modell|chatbot|asistente|assistente|artificial|pirata",
        r"""\b(?:ahora eres|eres ahora|agora você é|você agora é|agora és|ora sei|adesso sei|sei ora)\b[^.!?\n]{0,40}?
        \b(?:ia|asistente|assistente|chatbot|modelo|modello|pirata)\b|\b(?:como|come|si eres|se você é|se és|se sei
        |nota para|nota (?:a|per)|mensaje para|mensagem para|messaggio per|atención|atenção|attenzione)\b,?
        \s(?:(?:una?|uma?|la|las|os|as|le|gli|i|todas) )*(?:ia|modelos? de (?:lenguaje|linguagem)
        |modell[oi] linguistic[oi]|chatbots?|inteligencia artificial|inteligência artificial
        |intelligenza artificiale)\b[^.!?\n]{0,30}?
        (?:\b(?:debes?|deve|devi|tienes|eres|sei|responde|rispondi)\b|[:!,])""",
    ),
    rule(
        SECRET,
        "usuario|utilizador|utente",
        r"""\b(?:no|não|non) (?:le |se lo |lo |o |glielo )?(?:digas|diga|reveles|revele|menciones|mencione|informes
        |informe|conte|dire|dica|rivelare|menzionare|mencionar|decir|dizer|revelar)\b[^.!?\n]{0,50}?
        \b(?:usuario|usuário|utilizador|utente)""",
    ),
    rule(
        REVEAL,
        "sistema",
        r"""\b(?:muestra|muestre|revela|revele|repite|repita|imprime|escribe|mostre|mostra|repete|imprima|mostri|rivela
        |ripeti|stampa|scrivi|dime|dimmi|diga)\b[^.!?\n]{0,50}?\b(?:prompt|mensaje|mensagem|messaggio|instrucciones
        |instruções|istruzioni) (?:del |do |di |de )?sistema""",
    ),
)
_DUTCH_AND_SWEDISH = (
    _dismissing(
        "negeer|vergeet|negeert u|ignorera|bortse från|glöm(?: bort)?",
        "vorige|eerdere|voorgaande|bovenstaande|alle|je |jouw|uw |tidigare|föregående|ovanstående|alla|dina|de vraag"
        "|frågan",
        "instructie|aanwijzing|opdracht|prompt|richtlijn|regels|vraag|instruktion|anvisning|kommando|fråga|riktlinj",
    ),
    rule(
        DICTATE,
        "antwoord|svara",
        r"""\b(?:antwoord|svara)\b[^.!?\n]{0,60}?\b(?:alleen|uitsluitend|altijd|slechts|endast|bara|alltid)\b
        [^.!?\n]{0,40}?\b(?:met|dat|med|att)\b""",
    ),
)
_SLAVIC = (
    _dismissing(
        "(?:z)?ignoruj(?:cie)?|zapomnij(?:cie)? o|pomiń(?:cie)?",
        "poprzedni|wcześniejs|powyżs|wszystki|swoje|twoje|pytani",
        "instrukcj|poleceni|polecen|wskazów|wytyczn|prompt|rozkaz|zasad|pytani",
    ),
    rule(
        DICTATE,
        "odpowi",
        r"""\b(?:odpowiedz|odpowiadaj|odpowiedzcie)\b[^.!?\n]{0,60}?\b(?:tylko|wyłącznie|zawsze|jedynie)\b[^.!?\n]{0,40}?
        (?:że\b|[:"])""",
    ),
    _dismissing(
        "(?:про)?игнорируй(?:те)?|забудь(?:те)?(?: (?:о|про|обо))?|не обращай(?:те)? внимания на|(?:про)?ігноруй(?:те)?"
        "|пренебреги(?:те)?",
        "предыдущ|прежн|выше|преды|все |всех|свои|твои|ваши|ранее|изначальн|попередн|усі|вище|вопрос|запитання",
        "инструкц|указани|команд|правил|промпт|подсказ|распоряжен|контекст|вопрос|інструкц|вказівк|запитанн",
    ),
    rule(
        DICTATE,
        "отвеча|ответь|відповід",
        r"""\b(?:отвечай(?:те)?|ответь(?:те)?|відповідай(?:те)?)\b[^.!?\n]{0,60}?
        \b(?:только|лишь|всегда|исключительно|тільки|завжди)\b""",
    ),
    rule(
        ADDRESS,
        "ии|языков|чат-бот|ассистент|помощник|интеллект|пират",
        r"""\b(?:ты теперь|теперь ты|вы теперь)\b[^.!?\n]{0,40}?(?:\bии\b|ассистент|чат-бот|модель|пират|помощник)
        |\b(?:как|если ты|если вы|внимание|сообщение для|для)\b,? (?:всех )?(?:ии|языков\w+ модел\w+|чат-бот\w*
        |искусственн\w+ интеллект\w*)\b[^.!?\n]{0,30}?(?:\b(?:должен|должна|должны|обязан\w*|отвеч\w+)\b|[:!])""",
    ),
    rule(
        SECRET,
        "пользовател",
        r"\bне (?:говори|говорите|сообщай|сообщайте|рассказывай|раскрывай|упоминай)\b[^.!?\n]{0,50}?пользовател",
    ),
    rule(
        REVEAL,
        "систем",
        r"""\b(?:покажи|выведи|раскрой|повтори|напиши)(?:те)?\b[^.!?\n]{0,50}?
        системн\w+ (?:промпт|подсказ|сообщени|инструкц)""",
    ),
)
_VERB_LAST = (
    _dismissing(
        "yok say(?:in|ın)?|unut(?:un)?|görmezden gel(?:in)?|dikkate alma(?:yın)?|göz ardı et(?:in)?",
        "önceki|yukarıdaki|bütün|tüm|daha önce|soruyu|sorusunu",
        "talimat|komut|yönerge|kural|istem|emir|prompt|soru",
        verb_last=True,
    ),
    rule(
        DICTATE,
        "cevap|yanit",
        r"""\b(?:sadece|yalnızca|her zaman|daima)\b[^.!?\n]{0,80}?
        \b(?:cevap ver|yanıt ver|diye cevapla|diye yanıtla|cevabını ver|yanıtını ver)""",
    ),
    _dismissing(
        "अनदेखा|भूल जा|नज़रअंदाज़|नजरअंदाज|अनदेखी|उपेक्षा",
        "पिछले|पिछली|पहले|पूर्व|ऊपर|सभी|सारे|प्रश्न",
        "निर्देश|आदेश|नियम|प्रॉम्प्ट|हिदायत|प्रश्न",
        verb_last=True,
        spaced=False,
    ),
    rule(DICTATE, "उत्तर|जवाब", r"(?:केवल|सिर्फ|हमेशा)[^.!?।\n]{0,60}?(?:उत्तर|जवाब)[^.!?।\n]{0,12}?(?:दो|दें|दीजिए)"),
    _dismissing(
        "無視し(?:て|ろ|なさい)|無視せよ|無視する(?:こと|よう)|忘れ(?:て|ろ|なさい)|従わない(?:で|こと)",
        "これまで|以前|上記|上の|前の|すべて|全て|先の|先ほど|今まで|元の|質問",
        "指示|命令|プロンプト|ルール|指令|文脈|質問",
        verb_last=True,
        spaced=False,
    ),
    rule(
        DICTATE,
        "答え|回答|返答",
        r"""(?:だけ|のみ|とだけ|必ず|常に)[^。！？\n]{0,30}?
        (?:答え(?:て|なさい|ること)|回答し(?:て|なさい)|回答せよ|返答し(?:て|なさい))""",
    ),
    rule(REVEAL, "システムプロンプト", r"システムプロンプト[^。！？\n]{0,15}?(?:表示|出力|教え|見せ|繰り返)"),
    _dismissing(
        "무시(?:하|해)|잊(?:어|으)",
        "이전|위의|앞의|모든|지금까지|기존|질문",
        "지시|명령|지침|프롬프트|규칙|질문",
        verb_last=True,
        spaced=False,
    ),
    rule(
        DICTATE,
        "대답|답변|답하|답해",
        r"(?:만|항상|오직)[^.!?\n]{0,30}?(?:대답|답변|답)(?:하세요|하라|해라|해 주세요|하십시오)",
    ),
    rule(REVEAL, "시스템 프롬프트", r"시스템 프롬프트[^.!?\n]{0,15}?(?:보여|출력|알려|공개)"),
)
_CHINESE = (
    _dismissing(
        "忽略|无视|忘记|忘掉|不要理会|无需理会|忽视|無視|不要遵[守循]",
        "之前|以前|上述|以上|先前|前面|所有|一切|你的|此前|原来|原有|用户",
        "指令|指示|命令|提示|规则|說明|说明|要求|设定|问题|規則",
        spaced=False,
    ),
    rule(
        DICTATE,
        "回答|回复|答复|输出",
        r"""(?:只|仅|一律|必须|始终|总是)(?:能|要|需|可|须)?[^。！？\n]{0,12}?(?:回答|回复|答复|输出)[^。！？\n]{0,3}?
        [:"'是为]""",
    ),
    rule(
        ADDRESS,
        "现在是|ai|人工智能|语言模型",
        r"""你现在是[^。！？\n]{0,12}?(?:助手|模型|机器人|ai|海盗)
        |(?:作为|如果你是|致)(?:一个|一名)?(?:ai|人工智能|大?语言模型)[^。！？\n]{0,12}?(?:你|必须|[:,])""",
    ),
    rule(
        REVEAL,
        "系统|系統",
        r"(?:显示|输出|打印|重复|告诉|泄露|透露|说出|顯示|輸出)[^。！？\n]{0,15}?系[统統](?:提示|消息)",
    ),
)
_ARABIC = (
    _dismissing(
        "تجاهلوا|تجاهلي|تجاهل|انسوا|انس|لا تتبع|أهمل|تغاض عن",
        "السابق|أعلاه|جميع|كل|المذكور|الأصلي|السؤال|سؤال",
        "التعليمات|تعليمات|الأوامر|أوامر|الإرشادات|التوجيهات|القواعد|السؤال|المستخدم",
        spaced=False,
    ),
    rule(
        DICTATE,
        "أجب|قل ",
        r"(?:أجب|أجيبي|أجيبوا|قل)[^.!؟\n]{0,60}?(?:فقط|دائما|حصرا)|(?:فقط|دائما)[^.!؟\n]{0,15}?(?:أجب|قل)",
    ),
    rule(
        ADDRESS,
        "الآن|نموذج|نماذج|ذكاء",
        r"""أنت الآن[^.!؟\n]{0,30}?(?:مساعد|نموذج|روبوت|ذكاء)|(?:إلى|بصفتك|إذا كنت|عزيزي)[^.!؟\n]{0,12}?
        (?:نموذج|نماذج|الذكاء الاصطناعي|ذكاء اصطناعي)[^.!؟\n]{0,20}?(?:يجب|عليك|[:،!])""",
    ),
)
_FARTHER_EAST = (
    _dismissing(
        "abaikan|lupakan",
        "sebelum|di atas|semua|segala|pengguna",
        "instruksi|perintah|petunjuk|aturan|prompt|pertanyaan",
    ),
    _dismissing(
        "bỏ qua|phớt lờ|hãy quên", "mọi|tất cả|trước|ở trên", "quy tắc|hướng dẫn|chỉ thị|mệnh lệnh|câu hỏi|chỉ dẫn"
    ),
)

OTHERS = (
    *_GERMAN, *_FRENCH, *_IBERIAN_AND_ITALIAN, *_DUTCH_AND_SWEDISH, *_SLAVIC, *_VERB_LAST, *_CHINESE, *_ARABIC,
    *_FARTHER_EAST,
)  # fmt: skip
