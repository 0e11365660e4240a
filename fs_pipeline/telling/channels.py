"""The ways by which a message goes out: mail by SMTP, and a webhook. Where they lead is the operator's word alone.

Settings are read from the environment, and no password, address or token is in what is printed.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Protocol
from urllib.parse import unquote, urlsplit

import requests

from fs_pipeline.http.headers import retry_after
from fs_pipeline.settings import UnusableSettings
from fs_pipeline.telling.messages import Message

_SECONDS = 20.0  # that a server is waited for
_SUBMISSION, _TLS = 587, 465


class Unsent(Exception):
    """A message that did not go; the French reason holds neither address nor password.

    Parameters
    ----------
    wait
        Seconds for which the other side asked to be left alone.
    """

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


class Channel(Protocol):
    """Something that takes a message to people."""

    @property
    def name(self) -> str:
        """``mail`` or ``webhook``."""

    def send(self, message: Message) -> None:
        """Raises ``Unsent`` where it did not go."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A server that takes mail: `host`, `port`, whether TLS begins with the connection, and an account where there is one."""

    host: str
    port: int
    is_tls: bool
    sender: str
    to: tuple[str, ...]
    account: tuple[str, str] | None = field(default=None, repr=False)
    name: str = "mail"

    def send(self, message: Message) -> None:
        """Plain text to all; a password goes under TLS alone.

        Raises
        ------
        Unsent
            When the server does not take it, for anybody.
        """
        mail = EmailMessage()
        mail["Subject"], mail["From"], mail["To"] = message.subject, self.sender, ", ".join(self.to)
        mail["Date"] = format_datetime(datetime.now(UTC))
        mail["Message-ID"] = f"<{message.identifier}@fs-pipeline.invalid>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        context = ssl.create_default_context()
        try:
            if self.is_tls:
                server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=_SECONDS, context=context)
            else:
                server = smtplib.SMTP(self.host, self.port, timeout=_SECONDS)
            with server:
                server.ehlo()
                if not self.is_tls and server.has_extn("starttls"):
                    server.starttls(context=context)
                    server.ehlo()
                elif not self.is_tls and self.account:
                    raise Unsent(
                        "le serveur de courriel n’offre pas TLS, et un mot de passe n’y est pas envoyé en clair"
                    )
                if self.account:
                    server.login(*self.account)
                server.send_message(mail)
        except (smtplib.SMTPException, OSError) as error:
            raise Unsent(f"le serveur de courriel ne l’a pas pris ({type(error).__name__})") from error


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address to which a message is posted as JSON, with the ``text`` that Mattermost, Slack and others show."""

    url: str = field(repr=False)
    name: str = "webhook"

    def send(self, message: Message) -> None:
        """No redirect is followed, and no password of this machine's files is sent.

        Raises
        ------
        Unsent
            When it does not answer that it took it.
        """
        body = {
            "text": f"{message.subject}\n{message.text}",
            "kind": message.kind,
            "subject": message.subject,
            "lines": list(message.lines),
            "id": message.identifier,
        }
        try:
            answer = requests.post(
                self.url, json=body, timeout=_SECONDS, allow_redirects=False, auth=lambda request: request
            )
        except requests.RequestException as error:
            raise Unsent(f"le webhook n’a pas répondu ({type(error).__name__})") from error
        if not answer.ok or answer.is_redirect:
            wait = retry_after(answer.headers)
            raise Unsent(f"le webhook a répondu {answer.status_code}", wait)


def channels_from(environ: Mapping[str, str]) -> list[Channel]:
    """FS_SMTP_URL (``smtp://`` with STARTTLS where offered, ``smtps://``), FS_MAIL_FROM, FS_MAIL_TO; FS_WEBHOOK_URL.

    Raises
    ------
    UnusableSettings
        When one is not what it must be.
    """
    found: list[Channel] = []
    if environ.get("FS_SMTP_URL"):
        found.append(_mail(environ))
    if url := environ.get("FS_WEBHOOK_URL"):
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
            raise UnusableSettings(
                "FS_WEBHOOK_URL n’est pas une adresse web ; modèle : https://messagerie.exemple.fr/hooks/…"
            )
        found.append(Webhook(url))
    return found


def _mail(environ: Mapping[str, str]) -> Mail:
    try:
        parts = urlsplit(environ["FS_SMTP_URL"])
        host, port = parts.hostname, parts.port
    except ValueError:
        host = None
    if host is None or parts.scheme not in {"smtp", "smtps"}:
        raise UnusableSettings(
            "FS_SMTP_URL n’est pas celle d’un serveur ; modèle : smtps://compte:mot-de-passe@serveur:465"
        )
    to = tuple(one.strip() for one in environ.get("FS_MAIL_TO", "").split(",") if one.strip())
    sender = environ.get("FS_MAIL_FROM", "").strip() or (to[0] if to else "")
    if not to or any("@" not in one or any(letter in one for letter in "\r\n<>") for one in (*to, sender)):
        raise UnusableSettings(
            "FS_MAIL_TO doit donner une ou plusieurs adresses, séparées par des virgules ; FS_MAIL_FROM, une."
        )
    is_tls = parts.scheme == "smtps"
    account = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return Mail(host, port or (_TLS if is_tls else _SUBMISSION), is_tls, sender, to, account)
