"""Messages as mail, over SMTP."""

from kith.adapters.notifier.smtp.sender import MailServer, Security, SmtpNotifier

__all__ = ["MailServer", "Security", "SmtpNotifier"]
