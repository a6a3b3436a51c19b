"""The reader's language; the console chooses it in the same way."""

from crossclaim.domain.language import Language as Language
from crossclaim.domain.language import preferred_language as preferred_language
from crossclaim.domain.language import spoken as spoken
