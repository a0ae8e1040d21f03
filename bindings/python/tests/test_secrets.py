"""What becomes of the caller's copy of a password."""

import array
from collections.abc import Callable

import pwseal
import pytest

PASSWORD = b"correct horse 7"
GONE = bytes(len(PASSWORD))

Use = Callable[[bytearray], object]


@pytest.fixture
def uses(key: pwseal.PublicKey, info: pwseal.PasswordInfo) -> list[Use]:
    """Everything that takes a password and can wipe it."""
    api = pwseal.Api("v2026", "acme")
    return [
        lambda password: key.encrypt(password, wipe=True),
        lambda password: key.encrypt_base64(password, wipe=True),
        lambda password: key.encrypt_many([b"hunter2", password][1:], wipe=True),
        lambda password: key.encrypt_many_base64([password], wipe=True),
        lambda password: info.change_request(password, wipe=True),
        lambda password: info.change_request_json(password, wipe=True),
        lambda password: api.set_password(info, password, wipe=True),
    ]


def test_a_bytearray_is_wiped_where_it_is(uses: list[Use]) -> None:
    for use in uses:
        password = bytearray(PASSWORD)
        view = memoryview(password)  # The same memory: it is not replaced by another.
        use(password)
        assert bytes(view) == GONE


def test_it_is_left_alone_without_being_told(
    key: pwseal.PublicKey, info: pwseal.PasswordInfo
) -> None:
    password = bytearray(PASSWORD)
    key.encrypt(password)
    key.encrypt_many([password])
    info.change_request(password)
    info.policy.check(password)
    assert password == PASSWORD


def test_what_is_encrypted_was_read_before(
    key: pwseal.PublicKey, decrypt: Callable[[bytes], bytes]
) -> None:
    assert decrypt(key.encrypt(bytearray(PASSWORD), wipe=True)) == PASSWORD
    assert decrypt(key.encrypt_many([bytearray(PASSWORD)], wipe=True)[0]) == PASSWORD


def test_only_the_part_that_was_given_is_wiped(key: pwseal.PublicKey) -> None:
    password = bytearray(b"<hunter2>")
    key.encrypt(memoryview(password)[1:8], wipe=True)
    assert password == b"<\0\0\0\0\0\0\0>"
    numbers = array.array("B", PASSWORD)
    key.encrypt(numbers, wipe=True)
    assert numbers.tobytes() == GONE


def test_a_strided_view_is_refused_and_left_alone(uses: list[Use], key: pwseal.PublicKey) -> None:
    """Python copies it by way of memory that it does not wipe."""
    message = "a contiguous buffer is wanted, not a strided one"
    for step in [2, -1]:
        for use in uses:
            password = bytearray(PASSWORD)
            with pytest.raises(TypeError, match=message):
                use(memoryview(password)[::step])  # type: ignore[arg-type]
            assert password == PASSWORD
    strided = memoryview(PASSWORD)[::2]
    calls: list[Callable[[], object]] = [
        lambda: key.encrypt(strided),
        lambda: key.encrypt_many([PASSWORD, strided]),
        lambda: pwseal.Policy([]).check(strided),
        lambda: pwseal.PublicKey.parse(strided),
        lambda: pwseal.PublicKey.from_der(strided),
        lambda: pwseal.PasswordInfo.from_json(strided),
        lambda: pwseal.DigitToken.from_response(200, strided),
        lambda: pwseal.Dictionary.parse(strided),
    ]
    for call in calls:
        with pytest.raises(TypeError, match=message):
            call()


def test_it_is_wiped_when_an_error_is_raised(
    uses: list[Use], key: pwseal.PublicKey, info: pwseal.PasswordInfo
) -> None:
    for use in uses:
        password = bytearray(b"x" * 246)
        with pytest.raises(pwseal.Error):
            use(password)
        assert password == bytes(246)
    password = bytearray(PASSWORD)
    with pytest.raises(pwseal.AccountError):
        info.change_request(password, account="nobody", wipe=True)
    assert password == GONE


def test_it_is_wiped_when_another_text_cannot_be_read(info: pwseal.PasswordInfo) -> None:
    api = pwseal.Api("v2026", "acme")
    calls: list[Use] = [
        lambda password: info.change_request(password, "\ud800", wipe=True),
        lambda password: info.change_request_json(password, "\ud800", wipe=True),
        lambda password: api.set_password(info, password, "\ud800", wipe=True),
        lambda password: api.set_password(info, password, wipe=True, token="\ud800"),
        lambda password: api.set_password(info, password, wipe=True, token="a b"),
    ]
    for call in calls:
        password = bytearray(PASSWORD)
        with pytest.raises(pwseal.Error):
            call(password)
        assert password == GONE


def test_all_of_a_batch_are_wiped_when_one_is_refused(key: pwseal.PublicKey) -> None:
    for refused in [b"", b"x" * 246]:
        passwords = [bytearray(PASSWORD), bytearray(refused), bytearray(PASSWORD)]
        with pytest.raises(pwseal.Error):
            key.encrypt_many(passwords, wipe=True)
        assert passwords == [GONE, bytes(len(refused)), GONE]


@pytest.mark.parametrize("password", ["hunter2", b"hunter2", memoryview(b"hunter2")])
def test_what_cannot_be_wiped_is_a_type_error(
    key: pwseal.PublicKey, password: str | bytes | memoryview
) -> None:
    with pytest.raises(TypeError, match="^only a buffer that can be written can be wiped"):
        key.encrypt(password, wipe=True)
    first = bytearray(PASSWORD)
    with pytest.raises(TypeError, match="index 1 of the batch: only a buffer that can be written"):
        key.encrypt_many([first, password], wipe=True)
    with pytest.raises(TypeError):
        key.encrypt_many([first, 7], wipe=True)  # type: ignore[list-item]
    assert first == PASSWORD, "nothing is wiped when nothing was read"


def test_a_bytearray_can_grow_afterwards(key: pwseal.PublicKey, info: pwseal.PasswordInfo) -> None:
    password = bytearray(PASSWORD)
    key.encrypt(password)
    key.encrypt(password, wipe=True)
    key.encrypt_many([password], wipe=True)
    with pytest.raises(pwseal.PasswordNotTextError):
        info.change_request(password)
    password.append(0)  # A view that was kept would forbid this.
