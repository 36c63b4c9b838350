"""The exceptions that a caller would catch: each names the file (or unit), the fault and the remedy."""


class CorpusAlignError(Exception):
    """Base of every error that input can cause; the command line shows it as one line and exits with 1."""

    def __init__(self, where: str, fault: str, remedy: str) -> None:
        """Keep the three parts apart so that a batch can record them as columns.

        `where` is a file, an address or a unit; `fault` says what is wrong with it; `remedy` what to do.
        """
        super().__init__(where, fault, remedy)
        self.where = where
        self.fault = fault
        self.remedy = remedy

    def __str__(self) -> str:
        """One line: where: fault; remedy."""
        return " ".join(f"{self.where}: {self.fault}; {self.remedy}".split())


class FetchError(CorpusAlignError):
    """The page could not be had: no such file, no answer, too large."""


class DecodeError(CorpusAlignError):
    """The bytes are no text: a binary file, or an encoding that nobody knows."""


class ExtractError(CorpusAlignError):
    """The page is text but holds no document: empty, cut short, or without any main text."""


class LanguageError(CorpusAlignError):
    """A language is unknown, cannot be detected, or stands twice where it may stand once."""


class AlignError(CorpusAlignError):
    """The sentences cannot be aligned as asked, or the encoder is missing or broken."""


class FormatError(CorpusAlignError):
    """A file to read or write is not in the format that its name or the caller says."""
