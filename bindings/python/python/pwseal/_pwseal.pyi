from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal, Never, NoReturn, Self, TypeAlias, final, overload

from typing_extensions import Buffer, deprecated

from ._errors import ApiError, PasswordWarning
from ._types import (
    ApiVersion,
    HasPublicKey,
    HasPublicNumbers,
    HasStatus,
    HasStatusCode,
    HasToDict,
    HasToJson,
    Headers,
    Secret,
    SecretStr,
)

__all__ = [
    "Api",
    "ChangeRequests",
    "Context",
    "Dictionary",
    "DigitToken",
    "Finding",
    "Next",
    "PasswordChangeResponse",
    "PasswordInfo",
    "PasswordInfoAccount",
    "PasswordStatus",
    "Policy",
    "PublicKey",
    "Report",
    "Request",
    "StatusPoll",
    "__version__",
    "change_requests",
    "run_command_line",
]

__version__: Final[str]

_Response: TypeAlias = HasStatusCode | HasStatus
_Account: TypeAlias = str | PasswordInfoAccount | None
_Password: TypeAlias = str | Buffer | Secret
_Token: TypeAlias = str | SecretStr
_Json: TypeAlias = str | Buffer | Mapping[str, Any] | HasToJson | HasToDict

@final
class PublicKey:
    """An RSA public key, checked and ready to encrypt. It never changes, and many threads may use
    one key at once. Two are equal if modulus and exponent are.

    >>> key = pwseal.PublicKey.parse(Path("examples/public-key.pem").read_bytes())
    >>> key.bits, key.exponent, key.max_password_len
    (2048, 65537, 245)
    >>> len(key.encrypt("correct horse 7"))
    256
    """
    def __new__(cls, key: Never, /) -> Self: ...
    @staticmethod
    def parse(key: str | Buffer) -> PublicKey:
        """Read a key: DER, base64 or PEM, of a SubjectPublicKeyInfo, a PKCS#1 RSAPublicKey or an
        X.509 certificate; a JWK; an RSAKeyValue in XML. Which one it is, is found out.

        Raises InvalidKeyError if the key cannot be used, TypeError for anything but text and
        bytes.

        >>> pwseal.PublicKey.parse(Path("examples/public-key.pem").read_text()).bits
        2048
        >>> pwseal.PublicKey.parse("AIIBIjANBgkqhkiG9w0BAQEF")
        Traceback (most recent call last):
            ...
        pwseal.InvalidKeyError: the key is not DER: it does not start with 0x30 and a length that fits (in base64, with MI)
        """
    @staticmethod
    def from_base64(text: str | Buffer) -> PublicKey:
        """Read base64 of the DER of a SubjectPublicKeyInfo, as the API's publicKey holds it. White
        space is skipped, the = at the end may be missing, and the alphabet may be that of URLs.

        Raises InvalidKeyError, also for a key in another form; TypeError for anything but text
        and bytes.

        >>> import json
        >>> info = json.loads(Path("examples/password-info.json").read_text())
        >>> pwseal.PublicKey.from_base64(info["publicKey"]).bits
        2048
        """
    @staticmethod
    def from_pem(text: str | Buffer) -> PublicKey:
        """Read the one PEM block in a text, of a public key or a certificate. In bytes, the text around the block need not be UTF-8.

        Raises InvalidKeyError, also for a key in another form; TypeError for anything but text
        and bytes.

        >>> pwseal.PublicKey.from_pem(Path("examples/public-key.pem").read_text()).bits
        2048
        """
    @staticmethod
    def from_der(der: Buffer) -> PublicKey:
        """Read the DER of a SubjectPublicKeyInfo (RFC 5280, section 4.1), which OpenSSL writes for
        -pubout -outform DER and Java calls X.509 encoding.

        Raises InvalidKeyError, also for a key in another form; TypeError for anything but bytes.

        >>> import base64, json
        >>> info = json.loads(Path("examples/password-info.json").read_text())
        >>> pwseal.PublicKey.from_der(base64.b64decode(info["publicKey"])).bits
        2048
        """
    @staticmethod
    def from_certificate(certificate: str | Buffer) -> PublicKey:
        """Read an X.509 certificate: DER, base64 or PEM. Its signature, names and dates are not
        looked at.

        Raises InvalidKeyError, also for a key without a certificate; TypeError for anything but
        text and bytes.

        >>> pwseal.PublicKey.from_certificate(Path("examples/public-key.pem").read_bytes())
        Traceback (most recent call last):
            ...
        pwseal.InvalidKeyError: the key's structure is SubjectPublicKeyInfo, and X.509 certificate is wanted
        """
    @staticmethod
    def from_jwk(jwk: _Json) -> PublicKey:
        """Read a JSON Web Key (RFC 7517), or a set with one: its JSON as text or bytes, or a mapping. use, alg and
        kid are not looked at.

        Raises InvalidKeyError, also for a key in another form; TypeError for anything else.

        >>> pwseal.PublicKey.from_jwk({"kty": "RSA", "n": "AQAB", "e": "AQAB"})
        Traceback (most recent call last):
            ...
        pwseal.InvalidKeyError: the RSA modulus has 17 bits; the shortest accepted has 1024
        """
    @staticmethod
    def from_cryptography(key: HasPublicNumbers | HasPublicKey) -> PublicKey:
        """Take a key of pyca/cryptography, an RSAPublicKey, or the public half of its RSAPrivateKey.

        Raises InvalidKeyError, TypeError for anything else.

        >>> from cryptography.hazmat.primitives.serialization import load_pem_public_key
        >>> theirs = load_pem_public_key(Path("examples/public-key.pem").read_bytes())
        >>> pwseal.PublicKey.from_cryptography(theirs) == key
        True
        """
    def to_der(self) -> bytes:
        """The DER of the key's SubjectPublicKeyInfo, in whatever form the key came.

        >>> pwseal.PublicKey.from_der(key.to_der()) == key
        True
        """
    def to_pem(self) -> str:
        """The same as PEM: a block PUBLIC KEY.

        >>> key.to_pem() == Path("examples/public-key.pem").read_text()
        True
        """
    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: object, /) -> Any: ...
    @property
    def bits(self) -> int:
        """The length of the modulus in bits."""
    @property
    def exponent(self) -> int:
        """The public exponent."""
    @property
    def fingerprint(self) -> str:
        """The SHA-256 digest of the key's SubjectPublicKeyInfo, as 64 hexadecimal digits in lower
        case: the same in whatever form the key came.
        """
    @property
    def max_password_len(self) -> int:
        """The longest password in bytes of UTF-8: 245 for a key of 2048 bits."""
    def encrypt(self, password: _Password, *, wipe: bool = False) -> bytes:
        r"""Encrypt a password (RSAES-PKCS1-v1_5, RFC 8017, section 7.2.1): as many bytes as the
        modulus has, and never the same twice.

        A str is encrypted as UTF-8, which the API expects. bytes, bytearray and memoryview are
        read where they are. Every copy made here is wiped. Other threads run meanwhile. A strided
        memoryview is refused, because Python itself would copy it.

        With wipe=True the buffer that the password came in is filled with zeros, and so it is
        when an Error is raised. A str or bytes cannot be wiped.

        Raises PasswordTooLongError if the password is too long for the key, InputError if it is empty
        or is text with half a surrogate pair; TypeError for anything but text and bytes, and with
        wipe=True for what cannot be written.

        >>> password = bytearray(b"correct horse 7")
        >>> len(key.encrypt(password, wipe=True))
        256
        >>> password
        bytearray(b'\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00')
        """
    def encrypt_base64(self, password: _Password, *, wipe: bool = False) -> str:
        """As encrypt, in base64 without line breaks, as the API's encryptedPassword wants it: 344
        characters for a key of 2048 bits.

        >>> len(key.encrypt_base64("correct horse 7"))
        344
        """
    @overload
    @deprecated("text is one password, and raises TypeError: give a list")
    def encrypt_many(
        self, passwords: str, *, wipe: bool = ..., errors: str = ..., threads: int | None = ...
    ) -> Never: ...
    @overload
    def encrypt_many(
        self,
        passwords: Iterable[_Password],
        *,
        wipe: bool = False,
        errors: Literal["raise"] = "raise",
        threads: int | None = None,
    ) -> list[bytes]:
        """Encrypt many passwords: one ciphertext each, in order. This takes less time than one after
        the other, and a large batch is shared out among the cores. threads is how many may work on it,
        1 for none but the caller's.

        Each password is read before the next one is asked for, so that a generator may use one
        bytearray for all of them. Passwords and wipe are as in encrypt. With wipe=True all buffers
        are wiped when all passwords are read, also when an Error is raised for one of them; until
        then none can be resized. Ctrl-C ends the call.

        Raises what encrypt raises for the first password that is refused, and asks for no more, unless they are to be
        wiped. Then nothing is encrypted. The attribute index of the Error or TypeError says which password it is about, counted from 0.
        With errors="return" an Error or TypeError about one password takes the place of its ciphertext,
        and the others are encrypted. None is wiped when a TypeError is raised or when the iterable raises an exception.

        >>> [len(ciphertext) for ciphertext in key.encrypt_many(["hunter2", b"hunter3"])]
        [256, 256]
        >>> key.encrypt_many(["hunter2", float("nan")], errors="return")[1]
        TypeError('the password at index 1 of the batch: str or a buffer of bytes is wanted, not float')
        """
    @overload
    def encrypt_many(
        self,
        passwords: Iterable[object],
        *,
        wipe: bool = False,
        errors: Literal["return"],
        threads: int | None = None,
    ) -> list[bytes | Exception]:
        """Encrypt many passwords: one ciphertext each, in order. This takes less time than one after
        the other, and a large batch is shared out among the cores. threads is how many may work on it,
        1 for none but the caller's.

        Each password is read before the next one is asked for, so that a generator may use one
        bytearray for all of them. Passwords and wipe are as in encrypt. With wipe=True all buffers
        are wiped when all passwords are read, also when an Error is raised for one of them; until
        then none can be resized. Ctrl-C ends the call.

        Raises what encrypt raises for the first password that is refused, and asks for no more, unless they are to be
        wiped. Then nothing is encrypted. The attribute index of the Error or TypeError says which password it is about, counted from 0.
        With errors="return" an Error or TypeError about one password takes the place of its ciphertext,
        and the others are encrypted. None is wiped when a TypeError is raised or when the iterable raises an exception.

        >>> [len(ciphertext) for ciphertext in key.encrypt_many(["hunter2", b"hunter3"])]
        [256, 256]
        >>> key.encrypt_many(["hunter2", float("nan")], errors="return")[1]
        TypeError('the password at index 1 of the batch: str or a buffer of bytes is wanted, not float')
        """
    @overload
    @deprecated("text is one password, and raises TypeError: give a list")
    def encrypt_many_base64(
        self, passwords: str, *, wipe: bool = ..., errors: str = ..., threads: int | None = ...
    ) -> Never: ...
    @overload
    def encrypt_many_base64(
        self,
        passwords: Iterable[_Password],
        *,
        wipe: bool = False,
        errors: Literal["raise"] = "raise",
        threads: int | None = None,
    ) -> list[str]:
        """As encrypt_many, in base64 without line breaks.

        >>> [len(text) for text in key.encrypt_many_base64(["hunter2", "hunter3"])]
        [344, 344]
        """
    @overload
    def encrypt_many_base64(
        self,
        passwords: Iterable[object],
        *,
        wipe: bool = False,
        errors: Literal["return"],
        threads: int | None = None,
    ) -> list[str | Exception]:
        """As encrypt_many, in base64 without line breaks.

        >>> [len(text) for text in key.encrypt_many_base64(["hunter2", "hunter3"])]
        [344, 344]
        """
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: object, /) -> Self: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Policy:
    """The rules for a password, from policy strings such as "passwordMinLength is 8" that somebody
    wrote. For those of an answer there is from_strings.

    Raises InputError if a string is not understood, with the name that may be meant.

    >>> policy = pwseal.Policy(["passwordMinLength is 8", "passwordMinNumeric is 1"])
    >>> policy.check("correct horse 7").all_passed
    True
    """
    def __new__(cls, strings: Iterable[str]) -> Policy: ...
    @staticmethod
    def from_strings(strings: Iterable[str]) -> Policy:
        """The rules of the policies of an answer. No string is refused: one that is not understood is
        a rule that is never checked.

        >>> policy = pwseal.Policy.from_strings(["passwordMinLength is 8", "passwordMood is good"])
        >>> policy.check("correct horse 7").all_passed
        False
        """
    @staticmethod
    def from_dto(dto: _Json) -> Policy:
        """Read a structured policy, the API's PasswordPolicyV3Dto: its JSON, a mapping or the SDK's
        model. The fields that say how a password must be are read, others of the API are skipped.
        0 and -1 in a number, and false, are no rule. A field with a value that the API is not known
        to have is a rule that is never checked.

        Raises InputError with line and column, also if no field says how a password must be, if all that
        do are null or if a name has a letter wrong; TypeError for anything else.

        >>> policy = pwseal.Policy.from_dto({"minLength": 8, "minNumeric": 1, "maxLength": 0})
        >>> policy.rules
        ['minLength is 8', 'minNumeric is 1']
        """
    @property
    def rules(self) -> list[str]:
        """The rules as they came, in order."""
    def merge(self, other: Policy) -> Policy:
        """The policy that demands what both demand.

        >>> longer = pwseal.Policy(["passwordMinLength is 12"])
        >>> longer.merge(pwseal.Policy(["passwordMinLength is 8", "passwordMinUpper is 1"])).rules
        ['passwordMinLength is 12', 'passwordMinUpper is 1']
        """
    def check(
        self, password: _Password, context: Context | None = None, *, raw: bool = False
    ) -> Report:
        """Compare a password with every rule. It is as in PublicKey.encrypt.

        A rule that needs what the context has not is not checked. Of a password that change_request refuses,
        such as one with a line break, no rule is checked. With raw=True its bytes are meant as they are.

        Raises InputError if the password is empty or has half a surrogate pair, TypeError for a wrong type.

        >>> policy = pwseal.Policy(["checkPasswordAgainstAccountID is true"])
        >>> policy.check("abbysmith7").all_passed
        False
        >>> report = policy.check("abbysmith7", pwseal.Context(account_id="CN=Abby Smith,DC=acme"))
        >>> report.violations[0].message
        'has a word of the account ID'
        """
    def generate(
        self,
        length: int | None = None,
        *,
        exclude: str | None = None,
        no_look_alikes: bool = False,
        context: Context | None = None,
    ) -> str:
        """A random password that violates nothing of this policy, each of them with the same
        probability. Without a length it has 16 characters, or what the policy allows next to
        that; there are 93, the printable ones of ASCII without space and colon.

        It is not like what the context has. A rule that needs what is not there is not looked at. The str that is
        returned cannot be wiped.

        exclude has characters to leave out; no_look_alikes leaves out those that look like others,
        such as 0O and 1lI|.

        Raises PolicyConflictError if no password can satisfy the policy, InputError if the length is
        not from 1 to 1024.

        >>> policy = pwseal.Policy(["passwordMinLength is 12", "passwordMinNumeric is 2"])
        >>> len(policy.generate()), len(policy.generate(length=20))
        (16, 20)
        >>> policy.generate(length=8)
        Traceback (most recent call last):
            ...
        pwseal.PolicyConflictError: no password of 8 characters can satisfy: passwordMinLength is 12
        """
    @staticmethod
    def from_json(json: _Json) -> Policy:
        """Read what to_json writes.

        >>> policy = pwseal.Policy(["passwordMinLength is 8"])
        >>> policy.to_json()
        '{"policies":["passwordMinLength is 8"]}'
        >>> pwseal.Policy.from_json(policy.to_json()) == policy
        True
        """
    def to_dict(self) -> dict[str, Any]:
        """What it is made of: policies has policy strings, or None for an answer without them; merged has the policies
        that were merged; everything else is a structured policy. from_json reads it.
        """
    def to_json(self) -> str:
        """As to_dict, as JSON on one line. from_json reads it."""
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: object, /) -> Self: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Dictionary:
    r"""The organization's dictionary of words that no password may contain, read once for many
    checks.

    >>> dictionary = pwseal.Dictionary.parse("# forbidden\nlocale=en_US\nqwerty\n")
    >>> len(dictionary), dictionary.locale
    (1, 'en_US')
    >>> policy = pwseal.Policy(["checkPasswordsAgainstDictionary is true"])
    >>> policy.check("Qwerty123", pwseal.Context(dictionary=dictionary)).has_violation
    True
    """
    @staticmethod
    def parse(file: str | Buffer) -> Dictionary:
        """Read a dictionary file of the API: UTF-8, one word a line, at most 2,500 words of 128
        characters; lines that start with # are comments.

        Raises InputError with the line, TypeError for anything but text and bytes.
        """
    @property
    def locale(self) -> str | None:
        """What its locale line says."""
    def __len__(self) -> int: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: object, /) -> Self: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Context:
    """What is known of the account and its identity, and the organization's dictionary: what rules compare a
    password with. Make it once for many passwords.

    All of it is optional, and a rule that needs what is not here is not checked. account_id is the account's id,
    account_name and display_name are its names, account_attributes and identity_attributes are values by
    name, dictionary is a Dictionary or its file as text or bytes. The methods of PasswordInfo know id and name of the account
    themselves.

    The repr has the names of attributes and no values.

    Raises InputError if a text has half a surrogate pair or the dictionary cannot be used, TypeError for a wrong type.

    >>> context = pwseal.Context(identity_attributes={"phone": "555-1234"}, dictionary="qwerty")
    >>> context
    <pwseal.Context of identity_attributes phone and dictionary>
    >>> policy = pwseal.Policy(["checkPasswordsAgainstIdentityAttributes is true"])
    >>> policy.check("correct5551234", context).violations[0].attributes
    ['phone']
    """
    def __new__(
        cls,
        account_id: str | None = None,
        account_name: str | None = None,
        display_name: str | None = None,
        account_attributes: Mapping[str, str] | None = None,
        identity_attributes: Mapping[str, str] | None = None,
        dictionary: Dictionary | str | Buffer | None = None,
    ) -> Context: ...
    @property
    def account_id(self) -> str | None:
        """The account's id."""
    @property
    def account_name(self) -> str | None:
        """The account's name."""
    @property
    def display_name(self) -> str | None:
        """Another name of the account."""
    @property
    def account_attributes(self) -> dict[str, str]:
        """The attributes of the account on its source."""
    @property
    def identity_attributes(self) -> dict[str, str]:
        """The attributes of the identity."""
    @property
    def dictionary(self) -> Dictionary | None:
        """The organization's dictionary."""
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: object, /) -> Self: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Report:
    """What a check of a password against a policy found, rule by rule. It holds counts, lengths
    and names of attributes, and never a part of the password.

    It is neither true nor false: has_violation says whether some rule is violated, all_passed
    whether every rule was checked and passed. It can be pickled.

    >>> policy = pwseal.Policy(["passwordMinLength is 8", "passwordHistory is 5"])
    >>> report = policy.check("letmein")
    >>> report.has_violation, report.all_passed
    (True, False)
    >>> [finding.message for finding in report.violations]
    ['has 7 characters, but at least 8 are wanted']
    >>> [finding.rule for finding in report.not_checked]
    ['passwordHistory is 5']
    """
    def __new__(
        cls, findings: Sequence[Finding] = (), warnings: Sequence[PasswordWarning] = ()
    ) -> Report: ...
    @property
    def has_violation(self) -> bool:
        """Whether some rule is violated. False does not mean that every rule was checked."""
    @property
    def all_passed(self) -> bool:
        """Whether every rule was checked and passed."""
    @property
    def findings(self) -> list[Finding]:
        """One finding for each rule, in the policy's order."""
    @property
    def violations(self) -> list[Finding]:
        """The findings of the rules that are violated."""
    @property
    def not_checked(self) -> list[Finding]:
        """The findings of the rules that could not be checked."""
    @property
    def warnings(self) -> list[PasswordWarning]:
        """What to tell beside the rules: what may not be as it was meant in the password."""
    def __bool__(self) -> NoReturn: ...
    @staticmethod
    def from_json(json: _Json) -> Report:
        """Read a report: its JSON as text or bytes, or a mapping.

        Raises InputError for what is no report.

        >>> pwseal.Report.from_json('{"findings": []}').all_passed
        True
        """
    def to_dict(self) -> dict[str, Any]:
        """The report as pwseal check --json prints it: hasViolation, allPassed, findings and warnings. from_json reads it.

        >>> report = pwseal.Policy(["passwordMinLength is 8"]).check("letmein")
        >>> report.to_dict()["hasViolation"], report.to_dict()["findings"][0]["wanted"]
        (True, 8)
        >>> pwseal.Report.from_json(report.to_json()) == report
        True
        """
    def to_json(self) -> str:
        """As to_dict, as JSON on one line. from_json reads it."""
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: object, /) -> Self: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Finding:
    """What a check found about one rule.

    Raises InputError if the outcome is none of passed, violated and notChecked.

    >>> policy = pwseal.Policy(["passwordMinNumeric is 2"])
    >>> finding = policy.check("hunter2").findings[0]
    >>> finding.rule, finding.outcome, finding.found, finding.wanted
    ('passwordMinNumeric is 2', 'violated', 1, 2)
    """
    def __new__(
        cls,
        rule: str,
        outcome: Literal["passed", "violated", "notChecked"],
        message: str = "",
        found: int | None = None,
        wanted: int | None = None,
        attributes: Iterable[str] = (),
        reason: str | None = None,
    ) -> Finding: ...
    @property
    def rule(self) -> str:
        """The rule as the server wrote it."""
    @property
    def outcome(self) -> Literal["passed", "violated", "notChecked"]:
        """passed, violated or notChecked."""
    @property
    def message(self) -> str:
        """A sentence for people, which does not repeat the rule."""
    @property
    def found(self) -> int | None:
        """What was counted in the password, to be compared with wanted. None for a rule that does
        not count, or was not checked.
        """
    @property
    def wanted(self) -> int | None:
        """The number that the rule asks for. None for a rule that asks for none."""
    @property
    def attributes(self) -> list[str]:
        """The names of the attributes that have a word in the password, or may be said to have."""
    @property
    def reason(self) -> str | None:
        """Why the rule was not checked, such as notGiven or repeatedCharacters; None if it was."""
    @staticmethod
    def from_json(json: _Json) -> Finding:
        """Read a finding: its JSON as text or bytes, or a mapping.

        Raises InputError for what is no finding.

        >>> finding = pwseal.Policy(["passwordMinLength is 8"]).check("letmein").findings[0]
        >>> pwseal.Finding.from_json(finding.to_json()) == finding
        True
        """
    def to_dict(self) -> dict[str, Any]:
        """The finding as pwseal check --json prints it. from_json reads it."""
    def to_json(self) -> str:
        """As to_dict, as JSON on one line. from_json reads it."""
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: object, /) -> Self: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class PasswordInfo:
    """The answer to query-password-info: who, where, the key to encrypt with, the accounts to
    choose from and the policies to keep.

    >>> info = pwseal.PasswordInfo.from_json(Path("examples/password-info.json").read_bytes())
    >>> info.accounts
    [<pwseal.PasswordInfoAccount id='CN=Abby Smith,OU=Austin,OU=Americas,OU=Demo,DC=seri,DC=acme,DC=com' name='Abby.Smith'>]
    >>> info.key.bits
    2048
    """
    def __new__(
        cls,
        *,
        identity_id: str | None = None,
        source_id: str | None = None,
        public_key_id: str | None = None,
        public_key: PublicKey | str | None = None,
        accounts: Iterable[PasswordInfoAccount] = (),
        policies: Iterable[str] | None = None,
    ) -> PasswordInfo: ...
    @staticmethod
    def from_json(json: _Json) -> PasswordInfo:
        """Read a response: its JSON as text or bytes, a mapping, or a model of an SDK that has
        a method to_json or to_dict.

        The names of the fields are the API's, or the same in snake case, as pydantic's model_dump() has them.

        Raises InputError, which says what is wrong and where, or what it is instead; TypeError for
        anything else.

        >>> pwseal.PasswordInfo.from_json({"accounts": [{"accountName": "Abby.Smith"}]}).accounts
        [<pwseal.PasswordInfoAccount id=None name='Abby.Smith'>]
        >>> pwseal.PasswordInfo.from_json('{"accounts": 7}')
        Traceback (most recent call last):
            ...
        pwseal.InputError: the password-info is JSON in which accounts is a number, and a list of accounts is wanted, at line 1 column 14
        >>> pwseal.PasswordInfo.from_json({"error": "JWT is expired"})
        Traceback (most recent call last):
            ...
        pwseal.InputError: the password-info is an error of the API, 401 Unauthorized: JWT is expired; the token is missing, wrong or expired
        """
    @overload
    @staticmethod
    def from_response(
        response: _Response, body: None = None, headers: None = None
    ) -> PasswordInfo:
        """Read the answer to query-password-info: the response of requests, httpx, urllib, http.client or the SDK, also
        its ApiException, or the HTTP status, the body, and the headers, of
        which Retry-After and Date are looked at, and the others are passed over.

        Raises ApiError for everything but a 200 with this message.

        >>> body = Path("examples/password-info.json").read_bytes()
        >>> len(pwseal.PasswordInfo.from_response(200, body).accounts)
        1
        >>> pwseal.PasswordInfo.from_response(429, b"", {"Retry-After": "3"})
        Traceback (most recent call last):
            ...
        pwseal.ApiError: the answer to query-password-info is 429 Too Many Requests, with nothing that is the API's; ask again in 3 s
        """
    @overload
    @staticmethod
    def from_response(
        response: int, body: str | Buffer, headers: Headers | None = None
    ) -> PasswordInfo:
        """Read the answer to query-password-info: the response of requests, httpx, urllib, http.client or the SDK, also
        its ApiException, or the HTTP status, the body, and the headers, of
        which Retry-After and Date are looked at, and the others are passed over.

        Raises ApiError for everything but a 200 with this message.

        >>> body = Path("examples/password-info.json").read_bytes()
        >>> len(pwseal.PasswordInfo.from_response(200, body).accounts)
        1
        >>> pwseal.PasswordInfo.from_response(429, b"", {"Retry-After": "3"})
        Traceback (most recent call last):
            ...
        pwseal.ApiError: the answer to query-password-info is 429 Too Many Requests, with nothing that is the API's; ask again in 3 s
        """
    @property
    def identity_id(self) -> str | None:
        """The identity whose password is to be set."""
    @property
    def source_id(self) -> str | None:
        """The source that the accounts belong to."""
    @property
    def public_key_id(self) -> str | None:
        """The name of the public key."""
    @property
    def accounts(self) -> list[PasswordInfoAccount]:
        """The identity's accounts on the source, in the order of the response."""
    @property
    def key(self) -> PublicKey:
        """The public key.

        Raises InvalidKeyError, and InputError if the response has none.
        """
    @property
    def policy(self) -> Policy:
        """The policies as one."""
    def check(
        self,
        password: _Password,
        account: _Account = None,
        *,
        context: Context | None = None,
        raw: bool = False,
    ) -> Report:
        """Compare a password with the policies, and with the id and the name of an account where a
        rule wants that: as change_request does. The arguments are as there.

        Raises InputError for what change_request cannot use either, but no PolicyError.

        >>> report = info.check("zzzz7")
        >>> [finding.message for finding in report.violations]
        ['its longest run of one character is 4, but at most 3 are allowed']
        """
    def generate(
        self,
        account: _Account = None,
        length: int | None = None,
        *,
        exclude: str | None = None,
        no_look_alikes: bool = False,
        context: Context | None = None,
    ) -> str:
        """A random password for an account that violates nothing of the policies, also where they
        compare it with the account's id or name. account and context are as in change_request, the others are as
        in Policy.generate. The str that is returned cannot be wiped.

        Raises InputError for what change_request cannot use either, and what Policy.generate raises.

        >>> len(info.generate()), len(info.generate(length=20))
        (16, 20)
        """
    def change_request(
        self,
        password: _Password,
        account: _Account = None,
        check_policy: bool = True,
        *,
        context: Context | None = None,
        raw: bool = False,
        wipe: bool = False,
    ) -> dict[str, str]:
        """Encrypt a password for an account and make the body of set-password: identityId,
        encryptedPassword, publicKeyId, accountId and sourceId. PasswordChangeRequest.from_dict
        of the SDK takes it as it is.

        account is an id, else a name, to the letter, or one of accounts. It may be left out if there is one account
        only: which one is meant is never guessed. The password and wipe are as in
        PublicKey.encrypt. With check_policy=False it is encrypted even if it violates the
        policies. context is what rules compare it with beside the account's id and name.

        The password must be text: UTF-8, without line breaks and other control characters. A byte
        order mark in front is left out. With raw=True its bytes are meant as they are. What else
        may not be as it was meant, such as white space at its end, is a PasswordWarning, by way of
        the module warnings.

        Raises AccountError if the account is not clear, InvalidKeyError if the key cannot be
        used, PasswordTooLongError if the password is too long for it, PasswordNotTextError if it is no
        text, PolicyError if the password
        violates the policies, InputError if a field is missing or the password is empty.

        >>> sorted(info.change_request("correct horse 7"))
        ['accountId', 'encryptedPassword', 'identityId', 'publicKeyId', 'sourceId']
        >>> info.change_request("zzzz")
        Traceback (most recent call last):
            ...
        pwseal.PolicyError: the password violates the policy: passwordRepeatedChar is 3 (its longest run of one character is 4, but at most 3 are allowed); passwordMinLength is 5 (has 4 characters, but at least 5 are wanted); passwordMinNumeric is 1 (has 0 digits, but at least 1 is wanted)
        """
    def change_request_json(
        self,
        password: _Password,
        account: _Account = None,
        check_policy: bool = True,
        *,
        context: Context | None = None,
        raw: bool = False,
        wipe: bool = False,
    ) -> str:
        """As change_request, as the JSON to send, on one line.

        >>> info.change_request_json("correct horse 7")[:15]
        '{"identityId":"'
        """
    def change_request_many(
        self,
        items: Iterable[
            tuple[_Account, _Password] | tuple[_Account, _Password, Context | None]
        ],
        *,
        check_policy: bool = True,
        context: Context | None = None,
        raw: bool = False,
        wipe: bool = False,
        threads: int | None = None,
    ) -> ChangeRequests:
        """Make the bodies of set-password for accounts of this identity: as change_requests, of tuples of
        account and password, or account, password and context.

        >>> [type(result).__name__ for result in info.change_request_many([("Abby.Smith", "correct horse 7"), (None, "")])]
        ['dict', 'InputError']
        """
    def to_dict(self) -> dict[str, Any]:
        """The fields that are there, by the API's names. from_json reads them.

        >>> list(info.to_dict())
        ['identityId', 'sourceId', 'publicKeyId', 'publicKey', 'accounts', 'policies']
        >>> pwseal.PasswordInfo.from_json(info.to_json()) == info
        True
        """
    def to_json(self) -> str:
        """As to_dict, as JSON on one line. from_json reads it."""
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: object, /) -> Self: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

def change_requests(
    items: Iterable[
        tuple[_Account, PasswordInfo, _Password]
        | tuple[_Account, PasswordInfo, _Password, Context | None]
    ],
    *,
    check_policy: bool = True,
    context: Context | None = None,
    raw: bool = False,
    wipe: bool = False,
    threads: int | None = None,
) -> ChangeRequests:
    """Make the bodies of set-password for many accounts: an iterator that gives for each item, in order, what
    PasswordInfo.change_request returns, or the exception that it raises.

    An item is a tuple of account, info and password, as change_request takes them; account is None where there is one
    only. It may have a Context as a fourth part, which is joined with the context of all items. The exception is an Error, a
    TypeError for a wrong type, or a PasswordWarning where a filter of the module warnings makes errors of warnings. Its
    attribute index says which item it is about, counted from 0.

    Items are read as bodies are asked for, some thousands ahead at most, and no more of them than come within 20
    milliseconds. Each password is read, and wiped with wipe=True, before the next item is asked for. The same keys and policies
    are parsed once. Other threads run meanwhile, and a large number of items is shared out among the cores; threads is as
    in PublicKey.encrypt_many. What the iterable raises comes after the bodies of the items before it.

    >>> orders = [(None, info, "correct horse 7"), ("Abby.Smith", info, "zzzz7"), (None, info, float("nan"))]
    >>> for result in pwseal.change_requests(orders):
    ...     if isinstance(result, Exception):
    ...         print(result.index, type(result).__name__)
    ...     else:
    ...         print(result["accountId"][:13])
    CN=Abby Smith
    1 PolicyError
    2 TypeError
    """

@final
class ChangeRequests:
    """The iterator of change_requests and PasswordInfo.change_request_many. It belongs to one thread at a time.

    >>> requests = info.change_request_many([(None, "correct horse 7")])
    >>> sorted(next(requests))
    ['accountId', 'encryptedPassword', 'identityId', 'publicKeyId', 'sourceId']
    >>> next(requests, "no more")
    'no more'
    """
    def __iter__(self) -> Self: ...
    def __next__(self) -> dict[str, str] | Exception: ...

@final
class PasswordInfoAccount:
    """One account of an identity on a source. Two are equal if id and name are.

    >>> info.accounts[0].account_name
    'Abby.Smith'
    """
    def __new__(
        cls, account_id: str | None = None, account_name: str | None = None
    ) -> PasswordInfoAccount: ...
    @property
    def account_id(self) -> str | None:
        """What the source knows the account by, such as a distinguished name."""
    @property
    def account_name(self) -> str | None:
        """The account's display name."""
    @staticmethod
    def from_json(json: _Json) -> PasswordInfoAccount:
        """Read an account: its JSON as text or bytes, or a mapping.

        >>> pwseal.PasswordInfoAccount.from_json({"accountName": "Abby.Smith"})
        <pwseal.PasswordInfoAccount id=None name='Abby.Smith'>
        """
    def to_dict(self) -> dict[str, Any]:
        """The fields that are there, by the API's names. from_json reads them."""
    def to_json(self) -> str:
        """As to_dict, as JSON on one line. from_json reads it."""
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: object, /) -> Self: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Api:
    """The API of a tenant, https://{tenant}.api.identitynow.com, in one version: beta, v3, v2024,
    v2025, v2026 or v1, which is that of the newest layout. It makes requests and sends none.

    Every method takes the bearer token to send, and leaves the header Authorization out without
    one.

    Raises InputError if the tenant is no label of a host name, or the version is none of these.

    >>> api = pwseal.Api("v2026", "acme")
    >>> request = api.query_password_info("Abby.Smith", "My-AD", token="eyJhbGciOi.J9.c2ln")
    >>> request.method, request.url
    ('POST', 'https://acme.api.identitynow.com/v2026/query-password-info')
    >>> request.headers["content-type"]
    'application/json'
    >>> request.body
    b'{"userName":"Abby.Smith","sourceName":"My-AD"}'
    """
    def __new__(cls, version: ApiVersion, tenant: str) -> Api: ...
    @staticmethod
    def at(version: ApiVersion, base_url: str, allow_http: bool = False) -> Api:
        """The API at another address: a vanity domain, another cloud, a proxy.

        http: is taken for this machine only: token and ciphertext would be read on the way. allow_http=True says that
        the address is a server for tests.

        Raises InputError if the URL or the version cannot be used.

        >>> api = pwseal.Api.at("v1", "https://identity.acme.com")
        >>> api.query_password_info("Abby.Smith", "My-AD").url
        'https://identity.acme.com/query-password-info/v1'
        """
    @property
    def version(self) -> ApiVersion:
        """The version, such as v2026."""
    @property
    def base_url(self) -> str:
        """What all URLs begin with."""
    def query_password_info(
        self, user_name: str, source_name: str, *, token: _Token | None = None
    ) -> Request:
        """Ask for the key, the accounts and the policies of a person, by login name, on a source,
        by display name. PasswordInfo.from_response reads the answer.
        """
    def set_password(
        self,
        info: PasswordInfo,
        password: _Password,
        account: _Account = None,
        check_policy: bool = True,
        *,
        context: Context | None = None,
        raw: bool = False,
        wipe: bool = False,
        token: _Token | None = None,
    ) -> Request:
        """Encrypt a password and order its change: as PasswordInfo.change_request, and raises what
        that raises. PasswordChangeResponse.from_response reads the answer.

        >>> pwseal.Api("v2026", "acme").set_password(info, "correct horse 7")
        <pwseal.Request POST https://acme.api.identitynow.com/v2026/set-password>
        """
    def set_password_body(self, body: _Json, *, token: _Token | None = None) -> Request:
        """Order the change of a body that was made before: what change_request made, or pwseal
        request or pwseal bulk, in whose lines it is the field request. It is JSON as text or
        bytes, a mapping or the SDK's model.

        Raises InputError if a field is missing, or if encryptedPassword cannot be an encrypted one.

        >>> body = info.change_request("correct horse 7")
        >>> pwseal.Api("v2026", "acme").set_password_body(body)
        <pwseal.Request POST https://acme.api.identitynow.com/v2026/set-password>
        """
    def password_change_status(self, request_id: str, *, token: _Token | None = None) -> Request:
        """Ask how far the change with this id is. PasswordStatus.from_response reads the answer,
        and StatusPoll says when to ask again.

        Raises InputError if the id is empty or cannot stand in a URL.

        >>> pwseal.Api("v2026", "acme").password_change_status("089899f13a8f").url
        'https://acme.api.identitynow.com/v2026/password-change-status/089899f13a8f'
        """
    def generate_digit_token(
        self,
        user_id: str,
        *,
        length: int | None = None,
        duration_minutes: int | None = None,
        token: _Token | None = None,
    ) -> Request:
        """Ask for a token of 6 to 18 digits, valid for 1 to 60 minutes, with which the person with
        this uid may reset a password. DigitToken.from_response reads the answer.

        Raises InputError for numbers out of range, and in version v3, which has no such tokens.

        >>> pwseal.Api("v2026", "acme").generate_digit_token("Abby.Smith", length=8).body
        b'{"userId":"Abby.Smith","length":8}'
        """
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: object, /) -> Self: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Request:
    """A request for the HTTP client of your choice. Its headers are a dict, to which more may be
    added. The repr leaves headers and body out.

    Let the client follow no redirects with it: after a 307 or 308 it would send the body, and
    with it the ciphertext, to wherever the answer points. An answer with such a status is an
    ApiError.

    >>> request = pwseal.Api("v2026", "acme").password_change_status("089899f13a8f")
    >>> request.method, request.headers, request.body
    ('GET', {'accept': 'application/json'}, None)
    """
    def __new__(
        cls,
        method: str,
        url: str,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
    ) -> Request: ...
    @property
    def method(self) -> str:
        """POST or GET."""
    @property
    def url(self) -> str:
        """The whole URL."""
    @property
    def headers(self) -> dict[str, str]:
        """The headers by name, in lower case: all but those that every client adds itself."""
    @property
    def body(self) -> bytes | None:
        """The body, and None for GET."""
    @property
    def warnings(self) -> list[PasswordWarning]:
        """What may not be as it was meant in the password of set_password."""

@final
class PasswordChangeResponse:
    """The answer to set-password: the change is ordered, and in general not done yet.

    >>> body = '{"requestId": "089899f13a8f4da7824996191587bab9", "state": "IN_PROGRESS"}'
    >>> answer = pwseal.PasswordChangeResponse.from_response(202, body)
    >>> answer.request_id, answer.state
    ('089899f13a8f4da7824996191587bab9', 'IN_PROGRESS')
    """
    def __new__(
        cls, request_id: str | None = None, state: str | None = None
    ) -> PasswordChangeResponse: ...
    @overload
    @staticmethod
    def from_response(
        response: _Response, body: None = None, headers: None = None
    ) -> PasswordChangeResponse:
        """Read the answer to set-password, as PasswordInfo.from_response does.

        Raises ApiError for everything but a 202 with this message.
        """
    @overload
    @staticmethod
    def from_response(
        response: int, body: str | Buffer, headers: Headers | None = None
    ) -> PasswordChangeResponse:
        """Read the answer to set-password, as PasswordInfo.from_response does.

        Raises ApiError for everything but a 202 with this message.
        """
    @property
    def request_id(self) -> str | None:
        """What to ask password-change-status for. The API may leave it out."""
    @property
    def state(self) -> str | None:
        """How far the change is: IN_PROGRESS, FINISHED, FAILED, or what else the API says."""
    @staticmethod
    def from_json(json: _Json) -> PasswordChangeResponse:
        """Read the message alone: its JSON as text or bytes, a mapping, or the SDK's model.

        Raises ApiError for what is no such message.

        >>> pwseal.PasswordChangeResponse.from_json({"requestId": "0898", "state": "IN_PROGRESS"})
        <pwseal.PasswordChangeResponse IN_PROGRESS>
        """
    def to_dict(self) -> dict[str, Any]:
        """The fields that are there, by the API's names. from_json reads them."""
    def to_json(self) -> str:
        """As to_dict, as JSON on one line. from_json reads it."""
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: object, /) -> Self: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class PasswordStatus:
    """The answer to password-change-status.

    >>> body = '{"state": "FAILED", "errors": ["the source is not reachable"]}'
    >>> answer = pwseal.PasswordStatus.from_response(200, body)
    >>> answer.state, answer.errors
    ('FAILED', ['the source is not reachable'])
    """
    def __new__(
        cls,
        request_id: str | None = None,
        state: str | None = None,
        errors: Iterable[str] = (),
        source_ids: Iterable[str] = (),
    ) -> PasswordStatus: ...
    @overload
    @staticmethod
    def from_response(
        response: _Response, body: None = None, headers: None = None
    ) -> PasswordStatus:
        """Read the answer to password-change-status, as PasswordInfo.from_response does.

        Raises ApiError for everything but a 200 with this message.
        """
    @overload
    @staticmethod
    def from_response(
        response: int, body: str | Buffer, headers: Headers | None = None
    ) -> PasswordStatus:
        """Read the answer to password-change-status, as PasswordInfo.from_response does.

        Raises ApiError for everything but a 200 with this message.
        """
    @property
    def request_id(self) -> str | None:
        """The id of the change."""
    @property
    def state(self) -> str | None:
        """How far it is: IN_PROGRESS, FINISHED, FAILED, or what else the API says."""
    @property
    def errors(self) -> list[str]:
        """Why it failed."""
    @property
    def source_ids(self) -> list[str]:
        """The sources on which the password is changed."""
    @staticmethod
    def from_json(json: _Json) -> PasswordStatus:
        """Read the message alone: its JSON as text or bytes, a mapping, or the SDK's model.

        Raises ApiError for what is no such message.

        >>> pwseal.PasswordStatus.from_json({"state": "FINISHED"})
        <pwseal.PasswordStatus FINISHED>
        """
    def to_dict(self) -> dict[str, Any]:
        """The fields that are there, by the API's names. from_json reads them."""
    def to_json(self) -> str:
        """As to_dict, as JSON on one line. from_json reads it."""
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: object, /) -> Self: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class DigitToken:
    """The answer to generate-password-reset-token: digits with which a person may reset a
    password. The repr leaves them out.

    >>> answer = pwseal.DigitToken.from_response(200, '{"digitToken": "09087713"}')
    >>> answer.digit_token
    '09087713'
    >>> answer
    <pwseal.DigitToken>
    """
    def __new__(
        cls, digit_token: str | None = None, request_id: str | None = None
    ) -> DigitToken: ...
    @overload
    @staticmethod
    def from_response(
        response: _Response, body: None = None, headers: None = None
    ) -> DigitToken:
        """Read the answer to generate-password-reset-token, as PasswordInfo.from_response does.

        Raises ApiError for everything but a 200 with this message.
        """
    @overload
    @staticmethod
    def from_response(
        response: int, body: str | Buffer, headers: Headers | None = None
    ) -> DigitToken:
        """Read the answer to generate-password-reset-token, as PasswordInfo.from_response does.

        Raises ApiError for everything but a 200 with this message.
        """
    @property
    def digit_token(self) -> str | None:
        """The token as it was sent. If it has fewer digits than were asked for, the server sent a
        number, and zeros are missing in front.
        """
    @property
    def request_id(self) -> str | None:
        """The id of the request that generated it."""

_NextOutcome: TypeAlias = Literal["ask_again", "finished", "failed", "refused", "timed_out"]

@final
class StatusPoll:
    """Says after each answer to password-change-status what to do next. It has no clock and does
    not sleep: times are in seconds, and elapsed is the time since the change was ordered.

    The next delay is a tenth of the time that has passed, at least 1 second and at most 5
    minutes. changes is how many changes are waited for at the same time, which together take
    half of what the API's rate limit allows. patience is how long to wait in all, inf for as long
    as it takes: 3 hours without it, as the platform retries a change for more than 2.

    Raises InputError for numbers out of range.

    >>> poll = pwseal.StatusPoll()
    >>> poll.delay(elapsed=0)
    1.0
    >>> poll.next(60, 200, '{"state": "IN_PROGRESS"}').after
    6.0
    >>> poll.next(66, 200, '{"state": "FINISHED"}').outcome
    'finished'
    """
    def __new__(cls, changes: int = 1, patience: float | None = None) -> StatusPoll: ...
    def delay(self, elapsed: float) -> float:
        """How long to wait before the next request: before the first one, and when one got no
        answer at all.

        Raises InputError for a time that is out of range.
        """
    @property
    def changes(self) -> int:
        """How many changes are waited for at the same time."""
    @property
    def patience(self) -> float:
        """How long to wait in all, in seconds."""
    @overload
    def next(
        self,
        elapsed: float,
        response: _Response | PasswordStatus | _Json,
        body: None = None,
        headers: None = None,
    ) -> Next:
        """What to do after an answer, which is as in PasswordStatus.from_response, or after a success the message alone:
        a PasswordStatus, a mapping or the SDK's model.

        Raises InputError for a time that is out of range, and for a status that is none.
        """
    @overload
    def next(
        self, elapsed: float, response: int, body: str | Buffer, headers: Headers | None = None
    ) -> Next:
        """What to do after an answer, which is as in PasswordStatus.from_response, or after a success the message alone:
        a PasswordStatus, a mapping or the SDK's model.

        Raises InputError for a time that is out of range, and for a status that is none.
        """
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: object, /) -> Self: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Next:
    """What to do next.

    >>> next = pwseal.StatusPoll().next(60, 200, '{"state": "FAILED", "errors": ["too short"]}')
    >>> next.outcome, next.after, next.reasons
    ('failed', None, ['too short'])
    """
    def __new__(
        cls,
        outcome: _NextOutcome,
        after: float | None = None,
        reasons: Iterable[str] = (),
        error: ApiError | None = None,
    ) -> Next: ...
    @property
    def outcome(self) -> _NextOutcome:
        """ask_again: wait, then ask again. finished: the password is changed. failed: it is not.
        refused: asking again unchanged is of no use, but the change itself goes on. timed_out:
        the patience is used up, or would be before the server wants to be asked again, but the
        change itself may go on.
        """
    @property
    def after(self) -> float | None:
        """How many seconds to wait before asking again, and else None."""
    @property
    def reasons(self) -> list[str]:
        """Why the change failed, in the platform's words. It may report errors of one that is
        finished, too.
        """
    @property
    def error(self) -> ApiError | None:
        """The ApiError of a refusal, or why the last answer did not count, such as a gateway's page
        in its place. Else None.
        """
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: object, /) -> Self: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

def run_command_line(args: list[str]) -> int:
    """Run a command line, the program's name first, and return the exit code."""
