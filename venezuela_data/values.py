"""The value types that records are made of: ids, terms, languages, countries, addresses, hashes, offsets, texts.

Each is a plain `str`, `int` or `float` whose annotation says what is accepted, to Pydantic and to JSON Schema alike. A value
is accepted as it stands or refused; none is trimmed, folded or converted. May import `dates` alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from .dates import EDTF_PATTERN, Edtf

# The patterns use only syntax that Python, Rust and ECMAScript engines read alike.

SLUG_PATTERN = "^[a-z0-9]+(-[a-z0-9]+)*$"
_OF_SOURCE = "^[a-z0-9]+(-[a-z0-9]+)*/{letter}[0-9]{{{least},4}}$"
ANY_ID_PATTERN = "^[a-z0-9]+(-[a-z0-9]+)*(/[a-z][0-9]{2,4})?$"
TERM_PATTERN = "^[a-z][a-z0-9]*(_[a-z0-9]+)*$"
GEONAMES_PATTERN = "^[1-9][0-9]{0,9}$"
WIKIDATA_PATTERN = "^Q[1-9][0-9]{0,11}$"
LANGUAGE_PATTERN = "^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"
URL_PATTERN = "^https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[!-~]*)?$"
SHA256_PATTERN = "^[0-9a-f]{64}$"
DAY_PATTERN = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"

COUNTRIES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY
    BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK
    FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR
    IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK
    ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
    PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF
    TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
    """.split()
)
"""The officially assigned alpha-2 codes of ISO 3166-1."""

MAX_ID = 100
MAX_QUOTATION = 600
MAX_TEXT = 2000
MAX_OFFSET = 100_000_000
MAX_NUMBER = 2**53 - 1
"""The largest integer that every JSON reader keeps exact (RFC 8259, section 6)."""

UNSAFE_CHARACTERS = (
    "[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u0600-\\u0605\\u061c\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u115f\\u1160"
    "\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u2800\\u3164\\ue000-\\uf8ff\\ufdd0-\\ufdef"
    "\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffc\\ufffe\\uffff\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3"
    "\U0001d159\U0001d173-\U0001d17a\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0003fffe\U0003ffff\U000e0000-\U0010ffff]"
)
"""Controls, separators that some readers take for line ends, and whatever is passed over or drawn as nothing or at will.

Those are bidirectional controls, characters without width, fillers and blanks, variation selectors and tags, marks that shape
what follows, characters for private use, and those that Unicode will never give a meaning: with any of them two texts look the
same and are not. The joiners U+200C and U+200D are among them, so that Persian and Indic names are written without.
What lies beyond U+FFFF stands here itself, as no escape for it is read alike by all engines.
"""
SPACES = "[ \\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000]"
"""The characters that Unicode calls spaces."""


def _check_nothing(value: str) -> str:
    return value


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a text value, as Pydantic and JSON Schema check it alike: a pattern, a length, and nothing else.

    A dollar sign matches before a closing line feed in some engines, so JSON Schema gets that refusal as a keyword of
    its own. `check` is for what no pattern can say, such as whether the calendar has a day.
    """

    pattern: str
    max_length: int
    check: Callable[[str], str] = _check_nothing

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(
            self.check, core_schema.str_schema(strict=True, pattern=self.pattern, max_length=self.max_length)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {
            "type": "string",
            "pattern": self.pattern,
            "maxLength": self.max_length,
            "not": {"pattern": "[\\n]"},
        }


@dataclass(frozen=True, slots=True)
class TermOf:
    """A term of a controlled vocabulary.

    The vocabularies are data (`seeds/vocabularies/`), so whoever validates hands them over as context: under
    `vocabularies`, a mapping from the name of each vocabulary to its terms. Without it any well-formed term passes.
    """

    scheme: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_after_validator_function(
            self._check, core_schema.str_schema(strict=True, pattern=TERM_PATTERN, max_length=60)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        # The build puts the terms in the place of this mark, as an `enum`.
        return {"type": "string", "x-vocabulary": self.scheme}

    def _check(self, value: str, info: core_schema.ValidationInfo) -> str:
        terms = (info.context or {}).get("vocabularies", {}).get(self.scheme)
        if terms is not None and value not in terms:
            raise UnknownTermError(self.scheme)
        return value


class UnknownTermError(ValueError):
    """A value is no term of the vocabulary that its field takes."""

    def __init__(self, scheme: str) -> None:
        self.scheme = scheme
        super().__init__(f"no term of the vocabulary {scheme}")


@dataclass(frozen=True, slots=True)
class CountryCode:
    """A country or territory, by its alpha-2 code of ISO 3166-1."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(_check_country, core_schema.str_schema(strict=True))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "enum": sorted(COUNTRIES)}


def _check_country(value: str) -> str:
    if value not in COUNTRIES:
        raise ValueError("no alpha-2 code of ISO 3166-1, such as VE")
    return value


@dataclass(frozen=True, slots=True)
class Wording:
    """A text of our own or a quotation: one line, no space at its ends, no control or invisible character."""

    max_length: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(
            _check_wording, core_schema.str_schema(strict=True, min_length=1, max_length=self.max_length)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {
            "type": "string",
            "minLength": 1,
            "maxLength": self.max_length,
            "not": {"pattern": f"{UNSAFE_CHARACTERS}|^{SPACES}|{SPACES}$"},
        }


_UNSAFE = re.compile(UNSAFE_CHARACTERS)
_OUTER_SPACE = re.compile(f"^{SPACES}|{SPACES}$")


def _check_wording(value: str) -> str:
    if "\n" in value or "\r" in value:
        raise ValueError("the text holds a line break: write it in one line, with a space where the line breaks")
    if found := _UNSAFE.search(value):
        raise ValueError(f"the text holds the control or invisible character U+{ord(found.group()):04X}")
    if _OUTER_SPACE.search(value):
        raise ValueError("the text starts or ends with a space")
    return value


def _check_day(value: str) -> str:
    return str(Edtf(value))


@dataclass(frozen=True, slots=True)
class Refers:
    """Marks a field whose value is the id of a record of this kind."""

    kind: str

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "x-refers": self.kind}


@dataclass(frozen=True, slots=True)
class Listing:
    """Marks a list: whether the order of its items means something, or they are kept sorted for form's sake."""

    ordered: bool


T = TypeVar("T")
Ordered = Annotated[tuple[T, ...], Field(strict=False), Listing(ordered=True)]
Unordered = Annotated[tuple[T, ...], Field(strict=False), Listing(ordered=False)]

Slug = Annotated[str, Form(SLUG_PATTERN, MAX_ID)]
AnyId = Annotated[str, Form(ANY_ID_PATTERN, MAX_ID)]
StatementId = Annotated[str, Form(_OF_SOURCE.format(letter="s", least=2), MAX_ID)]
ClaimId = Annotated[str, Form(_OF_SOURCE.format(letter="c", least=3), MAX_ID)]
ErratumId = Annotated[str, Form(_OF_SOURCE.format(letter="e", least=2), MAX_ID)]
AssessmentId = Annotated[str, Form(_OF_SOURCE.format(letter="a", least=2), MAX_ID)]
Name = Annotated[str, Form(TERM_PATTERN, 60)]
Language = Annotated[str, Form(LANGUAGE_PATTERN, 20)]
Country = Annotated[str, CountryCode()]
Url = Annotated[str, Form(URL_PATTERN, 2000)]
Sha256 = Annotated[str, Form(SHA256_PATTERN, 64)]
Day = Annotated[str, Form(DAY_PATTERN, 10, _check_day)]
Label = Annotated[str, Wording(200)]
Text = Annotated[str, Wording(MAX_TEXT)]
Quotation = Annotated[str, Wording(MAX_QUOTATION)]
Offset = Annotated[int, Field(ge=0, le=MAX_OFFSET)]
Number = Annotated[float, Field(ge=-MAX_NUMBER, le=MAX_NUMBER, allow_inf_nan=False)]

FORMS = {
    SLUG_PATTERN: "write lower-case letters and digits, with single hyphens between them",
    ANY_ID_PATTERN: "write an id, such as trump-maduro-call or some-document/c001",
    _OF_SOURCE.format(letter="s", least=2): "write the document's id, a slash, s and a number, such as some-document/s01",
    _OF_SOURCE.format(letter="c", least=3): "write the document's id, a slash, c and a number, such as some-document/c001",
    _OF_SOURCE.format(letter="e", least=2): "write the document's id, a slash, e and a number, such as some-document/e01",
    _OF_SOURCE.format(letter="a", least=2): "write the document's id, a slash, a and a number, such as some-document/a01",
    TERM_PATTERN: "write lower-case letters and digits, with single underscores between them",
    LANGUAGE_PATTERN: "write a language tag of BCP 47, such as en, zh-Hant or pt-BR",
    URL_PATTERN: "write an address that begins with https:// or http:// and has no space",
    SHA256_PATTERN: "write 64 hexadecimal digits in lower case",
    DAY_PATTERN: "write a day as YYYY-MM-DD",
    GEONAMES_PATTERN: "write the number alone, such as 3625428",
    WIKIDATA_PATTERN: "write Q and a number, such as Q717",
    EDTF_PATTERN: "write YYYY, YYYY-MM or YYYY-MM-DD with at most one of ? ~ %, an interval a/b, or a set such as [..b]",
}
"""What to write, for a reader who does not know patterns."""
