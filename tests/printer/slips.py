"""Slips as the server words them."""

from __future__ import annotations

from typing import Any

LINK = "http://warten.musterstadt.example/t/Zx8kQ1mW0s7Yp3uV9bTnEg"


def slip(number: str = "A017", concern: str = "Unterlagen abgeben") -> dict[str, Any]:
    """A German slip with everything a slip can have."""
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
