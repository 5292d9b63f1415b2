"""Slips as the server words them."""

from __future__ import annotations

from typing import Any

LINK = "http://warten.musterstadt.example/t/Zx8kQ1mW0s7Yp3uV9bTnEg"

# What each language has to say on paper: concern, wait, people ahead, what happens, list.
WORDS: dict[str, tuple[str, ...]] = {
    "de": (
        "Unterlagen abgeben",
        "Voraussichtlich 20–35 Minuten",
        "7 Personen sind vor Ihnen",
        "Sie werden mit Ton und auf dem Bildschirm aufgerufen. Bitte bleiben Sie in Hörweite.",
        "Bitte bereithalten",
        "Personalausweis oder Pass",
        "Kontoauszüge der letzten drei Monate",
    ),
    "ar": (
        "تسليم المستندات",
        "مدة الانتظار المتوقعة: 20 إلى 35 دقيقة",
        "أمامك 7 أشخاص",
        "سيتم استدعاؤك بإشارة صوتية وعلى الشاشة. يرجى البقاء على مسمع.",
        "يرجى إحضار:",
        "بطاقة الهوية أو جواز السفر",
        "كشوف الحساب لآخر ثلاثة أشهر",
    ),
    "fa": (
        "تحویل مدارک",
        "زمان انتظار: حدود 20 تا 35 دقیقه",
        "7 نفر پیش از شما هستند",
        "شما را با صدا و روی صفحه فرا می‌خوانند. لطفاً در نزدیکی بمانید.",
        "لطفاً همراه داشته باشید:",
        "کارت شناسایی یا گذرنامه",
        "گردش حساب سه ماه گذشته",
    ),
    "uk": (
        "Подати документи",
        "Очікування приблизно 20–35 хвилин",
        "Перед вами 7 осіб",
        "Вас викличуть звуковим сигналом і на екрані. Будь ласка, залишайтеся поблизу.",
        "Що взяти з собою:",
        "посвідчення особи або паспорт",
        "виписки з рахунку за останні три місяці",
    ),
    "ru": (
        "Подача документов",
        "Ожидание примерно 20–35 минут",
        "Перед вами 7 человек",
        "Вас вызовут звуковым сигналом и на экране. Пожалуйста, оставайтесь поблизости.",
        "Подготовьте:",
        "удостоверение личности или паспорт",
        "выписки со счёта за последние три месяца",
    ),
    "bg": (
        "Подаване на документи",
        "Очаквано чакане: 20–35 минути",
        "Пред вас има 7 души",
        "Ще бъдете повикани със звук и на екрана. Моля, останете наблизо.",
        "Моля, пригответе:",
        "лична карта или паспорт",
        "банкови извлечения за последните три месеца",
    ),
    "tr": (
        "Belge teslimi",
        "Tahmini bekleme süresi: 20–35 dakika",
        "Önünüzde 7 kişi var",
        "Sesli olarak ve ekranda çağrılacaksınız. Lütfen duyabileceğiniz bir yerde kalın.",
        "Yanınızda getirin:",
        "kimlik veya pasaport",
        "son üç ayın hesap özetleri",
    ),
    "ro": (
        "Depunere documente",
        "Timp de așteptare: 20–35 de minute",
        "7 persoane sunt înaintea dumneavoastră",
        "Veți fi chemat prin sunet și pe ecran. Vă rugăm să rămâneți în apropiere.",
        "Vă rugăm să pregătiți:",
        "cartea de identitate sau pașaportul",
        "extrasele de cont din ultimele trei luni",
    ),
    "pl": (
        "Złożenie dokumentów",
        "Czas oczekiwania: około 20–35 minut",
        "Przed Panem/Panią jest 7 osób",
        "Wezwiemy Pana/Panią dźwiękiem i na ekranie. Prosimy pozostać w pobliżu.",
        "Prosimy przygotować:",
        "dowód osobisty lub paszport",
        "wyciągi z konta z ostatnich trzech miesięcy",
    ),
    "fr": (
        "Dépôt de documents",
        "Attente prévue : 20–35 minutes",
        "7 personnes sont avant vous",
        "Vous serez appelé par un son et à l’écran. Merci de rester à proximité.",
        "Merci de préparer :",
        "carte d’identité ou passeport",
        "relevés de compte des trois derniers mois",
    ),
}


def slip(number: str = "A017", concern: str = "Unterlagen abgeben") -> dict[str, Any]:
    """A German slip with everything that every slip has."""
    blocks = [
        {"kind": "office", "text": "Jobcenter Musterstadt"},
        {"kind": "caption", "text": "Ihre Nummer"},
        {"kind": "number", "text": number},
        {"kind": "concern", "text": concern, "language": "de"},
        {"kind": "rule"},
        {"kind": "line", "text": "7 Personen sind vor Ihnen"},
        {"kind": "line", "text": "Mo. 24.11.2025, 09:41"},
        {"kind": "rule"},
        {"kind": "small", "text": "Sie werden mit Ton und auf dem Bildschirm aufgerufen."},
        {"kind": "qr", "text": LINK, "caption": "Ihr Platz in der Warteschlange"},
    ]
    return {"language": "de", "blocks": blocks}


def full_slip(
    language: str = "de", number: str = "A017", concern: str = "", reprint: bool = False
) -> dict[str, Any]:
    """Everything a slip can have but a logo, in German and in the client's language."""
    languages = list(dict.fromkeys(["de", language]))
    blocks = [
        *([{"kind": "mark", "text": "Nachdruck", "language": "de"}] if reprint else []),
        {"kind": "office", "text": "Jobcenter Musterstadt", "language": "de"},
        {"kind": "caption", "text": "Ihre Nummer", "language": "de"},
        {"kind": "number", "text": number},
        *_both("concern", 0, languages, concern),
        {"kind": "rule"},
        *_both("wait", 1, languages),
        *_both("line", 2, languages),
        {"kind": "line", "text": "Mo. 24.11.2025, 09:41", "language": "de"},
        {"kind": "rule"},
        *(_list(language) for language in languages),
        {"kind": "notice", "text": "Aufruf verpasst? Melden Sie sich bitte am Empfang."},
        *_both("small", 3, languages),
        {"kind": "qr", "text": LINK, "caption": WORDS[language][0], "language": language},
    ]
    return {"language": language, "blocks": blocks}


def _both(kind: str, which: int, languages: list[str], instead: str = "") -> list[dict[str, Any]]:
    texts = [(language, WORDS[language][which]) for language in languages]
    if instead:
        texts[0] = ("de", instead)
    return [{"kind": kind, "text": text, "language": language} for language, text in texts]


def _list(language: str) -> dict[str, Any]:
    heading, *items = WORDS[language][4:]
    return {"kind": "bring", "text": heading, "items": items, "language": language}
