/*
 * pwseal: encrypt a password for the SailPoint Password Management API.
 *
 * Conventions, the same for every function:
 *
 * Memory    Bytes, texts and arrays come in as a pointer and a length, and only have to stay
 *           as they are until the function returns: nothing keeps a pointer of the caller's.
 *           NULL is allowed where the length is 0. Lengths are in bytes, those of arrays in
 *           elements. An output overlaps no input: a password that lies in one is
 *           refused.
 * Texts     Are UTF-8. One that comes in needs no NUL at its end; every one that comes out has
 *           one. No length counts it, but the room in `out` must hold it.
 * Handles   A handle belongs to the caller, who gives it back to its `_free` function,
 *           once. Its contents never change: many threads may use one handle at once. Only a
 *           pwseal_context is filled after it is made, by one thread while no other uses it.
 *           A handle lives by itself: what it was made of may be freed before it.
 * Lending   Where a function takes a pwseal_text `*out`, it lends a text of the handle's: it is
 *           valid until the handle is freed, and nothing is copied.
 * Outputs   Where a function takes `out` and `out_len`, `*out_len` is the room in `out`, in bytes.
 *           With enough room the output is written and `*out_len` becomes its length.
 *           With too little, or with `out` NULL, `*out_len` becomes the room needed and
 *           the function returns PWSEAL_STATUS_BUFFER_TOO_SMALL: this is how to ask for
 *           it.
 * Failures  On every failure a handle in `*out` is NULL, a text there has `data` NULL and `len` 0, a
 *           text in `out` is empty, and lengths are 0 (but for the room needed). Nothing else is
 *           written, unless a comment says so: what an earlier call left there stays.
 * Errors    A `pwseal_status`: PWSEAL_STATUS_OK or what went wrong, with details in
 *           `pwseal_last_error` and in numbers in `pwseal_last_error_detail`. No message holds a byte of a password. Each function names
 *           its own, without PWSEAL_STATUS_; any can also return PANIC or OUT_OF_MEMORY. An element of an array
 *           can be at fault as an argument is.
 * No memory is PWSEAL_STATUS_OUT_OF_MEMORY: nothing is left behind, and handles work again.
 *           A call that allocates has a reserve first, of 64 KiB and 128 bytes for each byte of
 *           input; it ends the process only if all memory is gone and that is not enough.
 * Stack     16 KiB are enough for every function.
 * Secrets   What the library allocates for a password, a ciphertext in a body or a digit token
 *           is wiped when it is freed. What it writes to a buffer of the caller's is the
 *           caller's to wipe.
 * Panics    None leaves a function: a defect of the library is PWSEAL_STATUS_PANIC.
 * Terminals What the server sent is written word for word, and may hold what steers a terminal:
 *           show a rule as its `_printable` function writes it. Messages are printable.
 * C++       The numbers that functions take are types of their own there, so that a compiler refuses an
 *           operation in the place of a version. In C all of them are int32_t.
 * Versions  Within one soname, functions and numbers are only added, and no struct changes.
 *
 * This file is generated from the Rust source; see bindings/c/README.md.
 */

#ifndef PWSEAL_H
#define PWSEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The version of this header, that is of the library it came with. */
#define PWSEAL_VERSION "0.1.0"
#define PWSEAL_VERSION_MAJOR 0
#define PWSEAL_VERSION_MINOR 1
#define PWSEAL_VERSION_PATCH 0

/*
 * What every function is declared with. PWSEAL_MUST_USE makes a compiler warn where a status is not looked at. Define
 * one of them yourself, before the header, to have another.
 */
#ifndef PWSEAL_API
#if defined(__GNUC__)
#define PWSEAL_API __attribute__((visibility("default")))
#else
#define PWSEAL_API
#endif
#endif
#ifndef PWSEAL_MUST_USE
#if defined(__GNUC__)
#define PWSEAL_MUST_USE __attribute__((warn_unused_result))
#elif defined(__cplusplus) && __cplusplus >= 201703L
#define PWSEAL_MUST_USE [[nodiscard]]
#elif defined(_MSC_VER) && defined(_Check_return_)
#define PWSEAL_MUST_USE _Check_return_
#else
#define PWSEAL_MUST_USE
#endif
#endif

/* Before C23, a type that is a number has the name of the enum that lists its values. */
#if defined(__GNUC__) && !defined(__cplusplus)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wc++-compat"
#endif

/**
 * A body is made whatever the policies say.
 */
#define PWSEAL_DESPITE_POLICY 1

/**
 * The bytes of the password are meant as they are: none is refused or left out.
 */
#define PWSEAL_RAW 2

/**
 * The outcome of a function. A number keeps its meaning for ever; new ones are added at the
 * end.
 */
enum pwseal_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Success.
   */
  PWSEAL_STATUS_OK = 0,
  /**
   * A pointer is NULL that must not be.
   */
  PWSEAL_STATUS_NULL_POINTER = 1,
  /**
   * A length is over PTRDIFF_MAX, which no object in memory has.
   */
  PWSEAL_STATUS_LENGTH_TOO_LARGE = 2,
  /**
   * The output needs more room, or was only asked for it. `*out_len` says how much.
   */
  PWSEAL_STATUS_BUFFER_TOO_SMALL = 3,
  /**
   * A defect of the library. Please report it.
   */
  PWSEAL_STATUS_PANIC = 4,
  /**
   * The key cannot be read or used: it is empty, damaged, or no key.
   */
  PWSEAL_STATUS_INVALID_KEY = 5,
  /**
   * The password has no bytes, which is nearly always a mistake.
   */
  PWSEAL_STATUS_EMPTY_PASSWORD = 6,
  /**
   * The password is longer than `pwseal_key_max_password_len`, or than any key can encrypt.
   */
  PWSEAL_STATUS_PASSWORD_TOO_LONG = 7,
  /**
   * The operating system gave no random bytes, so nothing was encrypted.
   */
  PWSEAL_STATUS_RANDOM_SOURCE = 8,
  /**
   * A text is not UTF-8.
   */
  PWSEAL_STATUS_INVALID_UTF8 = 9,
  /**
   * A number or an index is out of its range.
   */
  PWSEAL_STATUS_OUT_OF_RANGE = 10,
  /**
   * The answer is to another operation than the function is for.
   */
  PWSEAL_STATUS_WRONG_OPERATION = 11,
  /**
   * The password-info is no JSON, or not of the shape of the API's message.
   */
  PWSEAL_STATUS_INVALID_PASSWORD_INFO = 12,
  /**
   * A field is absent, null or blank.
   */
  PWSEAL_STATUS_MISSING_FIELD = 13,
  /**
   * The identity has no account on the source.
   */
  PWSEAL_STATUS_NO_ACCOUNTS = 14,
  /**
   * There are several accounts, and none was chosen.
   */
  PWSEAL_STATUS_ACCOUNT_NOT_CHOSEN = 15,
  /**
   * No account has the id or name that was asked for.
   */
  PWSEAL_STATUS_ACCOUNT_NOT_FOUND = 16,
  /**
   * Several accounts have the name that was asked for.
   */
  PWSEAL_STATUS_ACCOUNT_NAME_NOT_UNIQUE = 17,
  /**
   * The password violates a rule of the policies.
   */
  PWSEAL_STATUS_POLICY_VIOLATION = 18,
  /**
   * No password, or none of the length asked for, can satisfy the policy.
   */
  PWSEAL_STATUS_POLICY_CONFLICT = 19,
  /**
   * Next to no password of the length asked for satisfies the policy.
   */
  PWSEAL_STATUS_POLICY_TOO_NARROW = 20,
  /**
   * The dictionary cannot be read.
   */
  PWSEAL_STATUS_INVALID_DICTIONARY = 21,
  /**
   * The version of the API lacks the operation.
   */
  PWSEAL_STATUS_NOT_IN_VERSION = 22,
  /**
   * The tenant is no label of a host name.
   */
  PWSEAL_STATUS_INVALID_TENANT = 23,
  /**
   * The base URL cannot be used.
   */
  PWSEAL_STATUS_INVALID_BASE_URL = 24,
  /**
   * The request id is empty, or nothing that can stand in a URL.
   */
  PWSEAL_STATUS_INVALID_REQUEST_ID = 25,
  /**
   * The API refused, and says why.
   */
  PWSEAL_STATUS_ANSWER_REFUSED = 26,
  /**
   * The answer is no success, and not the API's: a proxy's or gateway's page, or nothing.
   */
  PWSEAL_STATUS_ANSWER_NOT_FROM_THE_API = 27,
  /**
   * The answer is a success, and not the message that belongs to it.
   */
  PWSEAL_STATUS_ANSWER_UNREADABLE = 28,
  /**
   * The answer has a body of more than 1 MiB.
   */
  PWSEAL_STATUS_ANSWER_TOO_LONG = 29,
  /**
   * `PWSEAL_BACKEND` names no backend, or one that this machine does not have.
   */
  PWSEAL_STATUS_INVALID_BACKEND = 30,
  /**
   * The body of `set-password` is no JSON, not of the shape of the API's message, or not
   * encrypted.
   */
  PWSEAL_STATUS_INVALID_CHANGE_REQUEST = 31,
  /**
   * The key is none that is taken here: a private key, another form or algorithm, or a modulus
   * that is too short or too long.
   */
  PWSEAL_STATUS_UNSUPPORTED_KEY = 32,
  /**
   * The password is not acceptable as text, and nobody said that it is meant as it is.
   */
  PWSEAL_STATUS_PASSWORD_NOT_TEXT = 33,
  /**
   * There is not enough memory.
   */
  PWSEAL_STATUS_OUT_OF_MEMORY = 34,
  /**
   * The policy cannot be read, or says nothing.
   */
  PWSEAL_STATUS_INVALID_POLICY = 35,
  /**
   * The input is something else than the message that is wanted: an error of the API, HTML, a
   * key.
   */
  PWSEAL_STATUS_OTHER_MESSAGE = 36,
  /**
   * The bearer token is empty, or cannot stand in a header.
   */
  PWSEAL_STATUS_INVALID_BEARER_TOKEN = 37,
  /**
   * Something that has no status of its own. `pwseal_last_error` says what.
   */
  PWSEAL_STATUS_OTHER = 38,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pwseal_status pwseal_status;
#else
typedef int32_t pwseal_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How far a password change is. The numbers keep their meaning for ever.
 */
enum pwseal_state
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * A state that no version of the API documents: `pwseal_answer_state_name` has its name.
   */
  PWSEAL_STATE_OTHER = 0,
  /**
   * `IN_PROGRESS`, for hours in the worst case.
   */
  PWSEAL_STATE_IN_PROGRESS = 1,
  /**
   * `FINISHED`.
   */
  PWSEAL_STATE_FINISHED = 2,
  /**
   * `FAILED`: `pwseal_answer_error` says why.
   */
  PWSEAL_STATE_FAILED = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pwseal_state pwseal_state;
#else
typedef int32_t pwseal_state;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Something about a password that is no error, and that its owner may not have meant. The numbers keep their meaning
 * for ever.
 */
enum pwseal_password_warning
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * A warning that came later than this list; the sentence says it.
   */
  PWSEAL_PASSWORD_WARNING_OTHER = 0,
  /**
   * White space at its beginning.
   */
  PWSEAL_PASSWORD_WARNING_LEADING_WHITE_SPACE = 1,
  /**
   * White space at its end.
   */
  PWSEAL_PASSWORD_WARNING_TRAILING_WHITE_SPACE = 2,
  /**
   * A no-break space, or another one that is not U+0020.
   */
  PWSEAL_PASSWORD_WARNING_NO_BREAK_SPACE = 3,
  /**
   * A character that is not seen: a zero-width space or joiner, a soft hyphen, a mark of direction.
   */
  PWSEAL_PASSWORD_WARNING_INVISIBLE_CHARACTER = 4,
  /**
   * A quote, dash or ellipsis that word processors write.
   */
  PWSEAL_PASSWORD_WARNING_SMART_PUNCTUATION = 5,
  /**
   * U+FFFD or U+FFFC, which stand for something else.
   */
  PWSEAL_PASSWORD_WARNING_REPLACEMENT_CHARACTER = 6,
  /**
   * UTF-8 that was read as Latin-1 or Windows-1252, and written as UTF-8 again.
   */
  PWSEAL_PASSWORD_WARNING_MOJIBAKE = 7,
  /**
   * Not in Unicode's Normalization Form C.
   */
  PWSEAL_PASSWORD_WARNING_NOT_NFC = 8,
  /**
   * What a spreadsheet makes of a number, a date or a formula.
   */
  PWSEAL_PASSWORD_WARNING_SPREADSHEET_VALUE = 9,
  /**
   * What a program writes where it has no value, or hides it.
   */
  PWSEAL_PASSWORD_WARNING_PLACEHOLDER = 10,
  /**
   * Within straight quotes.
   */
  PWSEAL_PASSWORD_WARNING_IN_QUOTES = 11,
  /**
   * A backslash and an n, or an r, at its end.
   */
  PWSEAL_PASSWORD_WARNING_ESCAPED_LINE_BREAK = 12,
  /**
   * A colon, which the platform is documented not to take.
   */
  PWSEAL_PASSWORD_WARNING_COLON = 13,
  /**
   * A character outside ASCII, which the platform is documented not to take.
   */
  PWSEAL_PASSWORD_WARNING_NON_ASCII = 14,
  /**
   * A control character, in a password that is meant as it is or only checked.
   */
  PWSEAL_PASSWORD_WARNING_CONTROL_CHARACTER = 15,
  /**
   * Bytes that are not UTF-8, in a password that is meant as it is or only checked.
   */
  PWSEAL_PASSWORD_WARNING_NOT_UTF8 = 16,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pwseal_password_warning pwseal_password_warning;
#else
typedef int32_t pwseal_password_warning;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What to do after an answer to `password-change-status`. The numbers keep their meaning for ever.
 */
enum pwseal_next
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Wait, then ask again. If the answer did not count, `pwseal_answer_outcome` says why.
   */
  PWSEAL_NEXT_ASK_AGAIN = 0,
  /**
   * The password is changed. Errors that are reported all the same, in general none:
   * `pwseal_answer_error`.
   */
  PWSEAL_NEXT_FINISHED = 1,
  /**
   * The password is not changed: `pwseal_answer_error` says why.
   */
  PWSEAL_NEXT_FAILED = 2,
  /**
   * The question was refused, and asking again unchanged is of no use: `pwseal_answer_outcome`
   * says why. The change itself goes on.
   */
  PWSEAL_NEXT_REFUSED = 3,
  /**
   * The patience is used up, or would be before the server wants to be asked again. If the last
   * answer did not count, `pwseal_answer_outcome` says why. The change itself may go on.
   */
  PWSEAL_NEXT_TIMED_OUT = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pwseal_next pwseal_next;
#else
typedef int32_t pwseal_next;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What became of a rule. The numbers keep their meaning for ever.
 */
enum pwseal_outcome
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * The password keeps the rule, or the rule asks for nothing.
   */
  PWSEAL_OUTCOME_PASSED = 0,
  /**
   * The password breaks the rule.
   */
  PWSEAL_OUTCOME_VIOLATED = 1,
  /**
   * It is not known whether the password keeps the rule.
   */
  PWSEAL_OUTCOME_NOT_CHECKED = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pwseal_outcome pwseal_outcome;
#else
typedef int32_t pwseal_outcome;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Why a rule was not checked. The numbers keep their meaning for ever.
 */
enum pwseal_reason
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * It was checked.
   */
  PWSEAL_REASON_NONE = 0,
  /**
   * A reason that came later than this list; the message says it.
   */
  PWSEAL_REASON_OTHER = 1,
  /**
   * The rule is none of those that are known here.
   */
  PWSEAL_REASON_NOT_UNDERSTOOD = 2,
  /**
   * The value is no number, or neither on nor off.
   */
  PWSEAL_REASON_UNREADABLE_VALUE = 3,
  /**
   * The rule compares with earlier passwords, which only the server knows.
   */
  PWSEAL_REASON_OLD_PASSWORDS = 4,
  /**
   * What the rule compares with is not in the context.
   */
  PWSEAL_REASON_NOT_GIVEN = 5,
  /**
   * Readings of the documentation differ: a word of fewer than three characters occurs.
   */
  PWSEAL_REASON_SHORT_WORDS = 6,
  /**
   * Readings differ: the password has characters that the platform is documented not to take.
   */
  PWSEAL_REASON_DOUBTFUL_CHARACTERS = 7,
  /**
   * Readings differ: more character types are asked for than have a minimum.
   */
  PWSEAL_REASON_CHARACTER_TYPES = 8,
  /**
   * A word length without the rule it belongs to.
   */
  PWSEAL_REASON_WORD_LENGTH_ALONE = 9,
  /**
   * The password is not UTF-8, so that it has no characters to look at.
   */
  PWSEAL_REASON_NOT_UTF8 = 10,
  /**
   * Readings differ: as many characters are repeated in all as the rule says.
   */
  PWSEAL_REASON_REPEATED_CHARACTERS = 11,
  /**
   * Readings differ: a part of the account's ID or name occurs, and no word of it.
   */
  PWSEAL_REASON_PARTS_OF_WORDS = 12,
  /**
   * Readings differ: a character type has too few, and enough others have enough.
   */
  PWSEAL_REASON_UNMET_MINIMUM = 13,
  /**
   * Readings differ: the password has characters beyond U+FFFF, and the unit of a length is not
   * documented.
   */
  PWSEAL_REASON_LENGTH_UNITS = 14,
  /**
   * The answer has no `policies`.
   */
  PWSEAL_REASON_NO_POLICIES = 15,
  /**
   * No body is made of the password: it has a line break or something else that nobody types, or
   * is UTF-16.
   */
  PWSEAL_REASON_NOT_TEXT = 16,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pwseal_reason pwseal_reason;
#else
typedef int32_t pwseal_reason;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A published version of the API. The numbers keep their meaning for ever.
 */
enum pwseal_api_version
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * `beta`.
   */
  PWSEAL_API_VERSION_BETA = 0,
  /**
   * `v3`, which has no digit tokens.
   */
  PWSEAL_API_VERSION_V3 = 1,
  /**
   * `v2024`.
   */
  PWSEAL_API_VERSION_V2024 = 2,
  /**
   * `v2025`.
   */
  PWSEAL_API_VERSION_V2025 = 3,
  /**
   * `v2026`.
   */
  PWSEAL_API_VERSION_V2026 = 4,
  /**
   * `v1` of the layout in which each API has a version of its own: the newest one.
   */
  PWSEAL_API_VERSION_V1 = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pwseal_api_version pwseal_api_version;
#else
typedef int32_t pwseal_api_version;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * One of the API's four operations. The numbers keep their meaning for ever.
 */
enum pwseal_operation
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * `query-password-info`: the key, the accounts and the policies of an identity on a source.
   */
  PWSEAL_OPERATION_QUERY_PASSWORD_INFO = 0,
  /**
   * `set-password`: orders a password change.
   */
  PWSEAL_OPERATION_SET_PASSWORD = 1,
  /**
   * `password-change-status`: how far an ordered change is.
   */
  PWSEAL_OPERATION_PASSWORD_CHANGE_STATUS = 2,
  /**
   * `generate-password-reset-token`: a token of digits with which a person may reset a password.
   */
  PWSEAL_OPERATION_GENERATE_DIGIT_TOKEN = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pwseal_operation pwseal_operation;
#else
typedef int32_t pwseal_operation;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A number that tells more of a failure: see `pwseal_last_error_detail`. The numbers keep their
 * meaning for ever; new ones are added at the end.
 */
enum pwseal_detail
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Which element of an array is at fault, counted from 0: a password of many, a policy string, a
   * header.
   */
  PWSEAL_DETAIL_INDEX = 0,
  /**
   * Where in the input something is wrong, as an offset in bytes; of UTF-16 in code units.
   */
  PWSEAL_DETAIL_POSITION = 1,
  /**
   * The line of a text, counted from 1.
   */
  PWSEAL_DETAIL_LINE = 2,
  /**
   * The column in bytes, counted from 1.
   */
  PWSEAL_DETAIL_COLUMN = 3,
  /**
   * The number that was given or found: a length in bytes, or what the message says. Lengths of
   * generated passwords and lines are in characters, those of a modulus or exponent in bits.
   */
  PWSEAL_DETAIL_GIVEN = 4,
  /**
   * The number that it must have, or may have at most or at least.
   */
  PWSEAL_DETAIL_WANTED = 5,
  /**
   * 1 if the same request may succeed later, and 0 if not: of an answer that is no success.
   */
  PWSEAL_DETAIL_RETRYABLE = 6,
  /**
   * How many seconds the server wants to be left alone.
   */
  PWSEAL_DETAIL_RETRY_AFTER = 7,
  /**
   * The HTTP status of an answer that is no success.
   */
  PWSEAL_DETAIL_HTTP_STATUS = 8,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pwseal_detail pwseal_detail;
#else
typedef int32_t pwseal_detail;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * An answer of the API: its message, or why there is none. Made by `pwseal_answer_read`, freed by
 * `pwseal_answer_free`, which wipes a digit token. It never changes: many threads may use one at
 * once.
 *
 * The functions that read a message return the outcome (`pwseal_answer_outcome`) of an answer
 * that is not a success, so that a refusal cannot be taken for one.
 */
typedef struct pwseal_answer pwseal_answer;

/**
 * A tenant's API in one version: makes requests, and sends none. Made by `pwseal_api_new` or
 * `pwseal_api_at`, freed by `pwseal_api_free`. It never changes: many threads may use one at once.
 */
typedef struct pwseal_api pwseal_api;

/**
 * What orders a password change: the body of `set-password`. Made by `pwseal_change_request_new` or
 * `pwseal_change_request_parse`, freed by `pwseal_change_request_free`, which wipes it. It never
 * changes: many threads may use one at once.
 */
typedef struct pwseal_change_request pwseal_change_request;

/**
 * What rules compare a password with beside the password itself: what is known of the account and
 * the identity, and the dictionary. Made by `pwseal_context_new`, freed by `pwseal_context_free`.
 * One thread fills it, while no other uses it; then many threads may use it at once.
 */
typedef struct pwseal_context pwseal_context;

/**
 * The organization's dictionary of words that no password may contain. Made by
 * `pwseal_dictionary_parse`, freed by `pwseal_dictionary_free`. It never changes: many threads may
 * use one at once.
 */
typedef struct pwseal_dictionary pwseal_dictionary;

/**
 * An RSA public key, checked and ready to encrypt. Made by `pwseal_key_parse`, freed by
 * `pwseal_key_free`. It never changes: many threads may use one key at once.
 */
typedef struct pwseal_key pwseal_key;

/**
 * A password in UTF-8, in memory that is wiped: one that was brought there from UTF-16, or was generated. Made by
 * `pwseal_password_from_utf16`, `pwseal_policy_generate` or `pwseal_password_info_generate`, freed by
 * `pwseal_password_free`. It never changes: many threads may use one at once.
 */
typedef struct pwseal_password pwseal_password;

/**
 * The answer to `query-password-info`: the identity, the key, the accounts and the policies. Made
 * by `pwseal_password_info_parse` or `pwseal_answer_password_info`, freed by
 * `pwseal_password_info_free`. It never changes: many threads may use one at once.
 */
typedef struct pwseal_password_info pwseal_password_info;

/**
 * The rules for a password. Made by `pwseal_policy_from_strings` or
 * `pwseal_password_info_policy`, freed by `pwseal_policy_free`. It never changes: many threads may
 * use one policy at once.
 */
typedef struct pwseal_policy pwseal_policy;

/**
 * What a check found, one finding for each rule, without the password or a part of it. Made by
 * `pwseal_policy_check` or `pwseal_password_info_check`, freed by `pwseal_report_free`. It never
 * changes: many threads may use one report at once.
 */
typedef struct pwseal_report pwseal_report;

/**
 * An HTTP request, for a client of the caller's to send. Made by
 * the functions of `pwseal_api`, freed by `pwseal_request_free`, which wipes its body. It never
 * changes: many threads may use one at once.
 */
typedef struct pwseal_request pwseal_request;

/**
 * A text in UTF-8. One that is given needs no NUL at its end, and its `data` may be NULL where `len` is 0. One that is
 * lent ends with a NUL, and belongs to its handle.
 */
typedef struct {
  /**
   * The first byte.
   */
  const char *data;
  /**
   * The length in bytes, without a NUL at its end.
   */
  size_t len;
} pwseal_text;

/**
 * A header of an HTTP response.
 */
typedef struct {
  /**
   * Its name, in any case.
   */
  pwseal_text name;
  /**
   * Its value.
   */
  pwseal_text value;
} pwseal_header;

/**
 * What a `pwseal_request` is made of. It carries everything but the bearer token, which is not given to this library
 * (the header `Authorization: Bearer TOKEN`), and what any client adds itself (`Host`, `Content-Length`).
 */
typedef struct {
  /**
   * `GET` or `POST`.
   */
  pwseal_text method;
  /**
   * The URL.
   */
  pwseal_text url;
  /**
   * The headers, with names in lower case.
   */
  const pwseal_header *headers;
  /**
   * How many there are.
   */
  size_t headers_len;
  /**
   * The body: JSON, or empty for a `GET`. A copy of that of `set-password` is to be wiped after use
   * (`pwseal_wipe`).
   */
  pwseal_text body;
} pwseal_http_request;

/**
 * Bytes in an array, such as one password of many. `data` may be NULL where `len` is 0.
 */
typedef struct {
  /**
   * The first byte.
   */
  const void *data;
  /**
   * How many there are.
   */
  size_t len;
} pwseal_bytes;

/**
 * How to wait for the end of a change. NULL in its place, and 0 in a field, stand for what is
 * usual.
 */
typedef struct {
  /**
   * How many changes one client waits for at the same time: usually 1. Together they take half
   * of what the API's rate limit allows.
   */
  uint32_t changes;
  /**
   * How long to wait in all, in milliseconds: usually 3 hours.
   */
  uint64_t patience_ms;
} pwseal_poll;

/**
 * What a check found about one rule.
 */
typedef struct {
  /**
   * What became of the rule.
   */
  pwseal_outcome outcome;
  /**
   * Why it was not checked.
   */
  pwseal_reason reason;
  /**
   * What was counted in the password; -1 where nothing was.
   */
  int64_t found;
  /**
   * The number that the rule asks for; -1 where it asks for none.
   */
  int64_t wanted;
} pwseal_finding;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The version of the library that was loaded, such as "0.1.0": text that is never freed, and never
 * NULL. `PWSEAL_VERSION` is the one of the header that a program was compiled with.
 */
PWSEAL_API
const char *pwseal_version(void);

/**
 * What a status means, in English: text that is never freed, and never NULL. A number that is
 * no status of this version gives "unknown status". Safe from any thread.
 */
PWSEAL_API
const char *pwseal_status_message(pwseal_status status);

/**
 * What went wrong in the last call that failed on this thread, in English, with positions and
 * lengths: empty if none failed yet, never NULL. A call that succeeds leaves it as it is, and so does
 * one with `out` NULL that asks for the room.
 *
 * The text belongs to the library. It stays until the next call fails on this thread, which
 * writes its own to the same place: a pointer to an older text then shows the new one. It must not
 * be used when the thread has ended. Where there was no memory for the first text of a thread, it is empty. A text of more than 4095 bytes is cut and ends with "...".
 */
PWSEAL_API
const char *pwseal_last_error(void);

/**
 * A number that tells more of what `pwseal_last_error` says; -1 where that failure has none, and
 * for a number that is no `pwseal_detail` of this version.
 */
PWSEAL_API
int64_t pwseal_last_error_detail(pwseal_detail detail);

/**
 * Reads the response to a request and puts a new handle into `*out`. `operation` is
 * what was asked for. `http_status` is the number, such as 202. Headers that
 * HTTP does not allow are skipped.
 *
 * PWSEAL_STATUS_OK says that the response was read, and not that it is a success:
 * `pwseal_answer_outcome` tells that.
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE, and OUT_OF_RANGE for an operation or an HTTP status that
 * does not exist.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_answer_read(pwseal_operation operation,
                                 int32_t http_status,
                                 const pwseal_header *headers,
                                 size_t headers_len,
                                 const void *body,
                                 size_t body_len,
                                 pwseal_answer **out);

/**
 * Frees an answer. No call may be using it, and none may use it afterwards. NULL is allowed.
 */
PWSEAL_API
void pwseal_answer_free(pwseal_answer *answer);

/**
 * OK for a success with the message that belongs to it. Else why there is none, with
 * `pwseal_last_error` in words that are fit for a log: what the API says, and what to do.
 *
 * Errors: NULL_POINTER, ANSWER_REFUSED, ANSWER_NOT_FROM_THE_API, ANSWER_UNREADABLE,
 * ANSWER_TOO_LONG.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_answer_outcome(const pwseal_answer *answer);

/**
 * Whether the same request may succeed later: after 408, 425, 429, and every 5xx but 501 and 505.
 * False for a success and for NULL.
 */
PWSEAL_API
bool pwseal_answer_retryable(const pwseal_answer *answer);

/**
 * How many seconds the server wants to be left alone (the header `Retry-After`); -1 where it does
 * not say, for a success and for NULL.
 */
PWSEAL_API
int64_t pwseal_answer_retry_after(const pwseal_answer *answer);

/**
 * Lends the `detailCode` of a refusal, such as `400.1 Bad Request Content`, as the server sent it.
 *
 * Errors: NULL_POINTER, MISSING_FIELD.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_answer_detail_code(const pwseal_answer *answer,
                                        pwseal_text *out);

/**
 * Lends the `trackingId` of a refusal, by which the vendor's support finds the request.
 *
 * Errors: NULL_POINTER, MISSING_FIELD.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_answer_tracking_id(const pwseal_answer *answer,
                                        pwseal_text *out);

/**
 * Lends the reason of a refusal in a language such as `en-US`, as far as there is a choice, as
 * the server sent it.
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8, MISSING_FIELD.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_answer_refusal(const pwseal_answer *answer,
                                    const char *locale,
                                    size_t locale_len,
                                    pwseal_text *out);

/**
 * Puts what `query-password-info` answered into `*out`, as a new handle.
 *
 * Errors: NULL_POINTER, WRONG_OPERATION, and as `pwseal_answer_outcome`.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_answer_password_info(const pwseal_answer *answer,
                                          pwseal_password_info **out);

/**
 * Lends the id of the request that was answered by `set-password`, `password-change-status` or
 * `generate-password-reset-token`.
 *
 * Errors: NULL_POINTER, MISSING_FIELD, WRONG_OPERATION, and as
 * `pwseal_answer_outcome`.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_answer_request_id(const pwseal_answer *answer,
                                       pwseal_text *out);

/**
 * Writes how far the change is to `*out`: what `set-password` or `password-change-status`
 * answered.
 *
 * Errors: NULL_POINTER, MISSING_FIELD, WRONG_OPERATION, and as `pwseal_answer_outcome`.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_answer_state(const pwseal_answer *answer,
                                  pwseal_state *out);

/**
 * Lends the name of the state, such as `IN_PROGRESS`.
 *
 * Errors: NULL_POINTER, MISSING_FIELD, WRONG_OPERATION, and as
 * `pwseal_answer_outcome`.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_answer_state_name(const pwseal_answer *answer,
                                       pwseal_text *out);

/**
 * How many errors `password-change-status` reports: in general those of a change that failed. 0
 * for any other answer and for NULL.
 */
PWSEAL_API
size_t pwseal_answer_error_count(const pwseal_answer *answer);

/**
 * Lends the error number `index`, counted from 0, as the server sent it: why the change failed.
 *
 * Errors: NULL_POINTER, OUT_OF_RANGE, WRONG_OPERATION, and as
 * `pwseal_answer_outcome`.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_answer_error(const pwseal_answer *answer,
                                  size_t index,
                                  pwseal_text *out);

/**
 * How many sources `password-change-status` names on which the password is changed, and 0 for any
 * other answer and for NULL.
 */
PWSEAL_API
size_t pwseal_answer_source_id_count(const pwseal_answer *answer);

/**
 * Lends the id of the source number `index`, counted from 0, on which the password is changed.
 *
 * Errors: NULL_POINTER, OUT_OF_RANGE, WRONG_OPERATION, and as
 * `pwseal_answer_outcome`.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_answer_source_id(const pwseal_answer *answer,
                                      size_t index,
                                      pwseal_text *out);

/**
 * Lends the digit token that `generate-password-reset-token` answered. It is a secret: wipe a copy
 * after use (`pwseal_wipe`).
 *
 * Some versions send it as a number, which cannot carry a leading zero: if it has fewer digits than
 * were asked for, zeros are missing in front.
 *
 * Errors: NULL_POINTER, MISSING_FIELD, WRONG_OPERATION, and as
 * `pwseal_answer_outcome`.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_answer_digit_token(const pwseal_answer *answer,
                                        pwseal_text *out);

/**
 * Puts a new handle into `*out`: the API of a tenant, at `https://TENANT.api.identitynow.com`.
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8, OUT_OF_RANGE, INVALID_TENANT.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_api_new(pwseal_api_version version,
                             const char *tenant,
                             size_t tenant_len,
                             pwseal_api **out);

/**
 * Puts a new handle into `*out`: the API at another address, such as a vanity domain or a proxy. A
 * path in it comes before the API's own. `http:` is taken for the machine itself only.
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8, OUT_OF_RANGE, INVALID_BASE_URL.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_api_at(pwseal_api_version version,
                            const char *base_url,
                            size_t base_url_len,
                            pwseal_api **out);

/**
 * Frees an API. No call may be using it, and none may use it afterwards. NULL is allowed.
 */
PWSEAL_API void pwseal_api_free(pwseal_api *api);

/**
 * Puts the request of `query-password-info` into `*out`: the person's login name, and the display
 * name of the source.
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_api_query_password_info(const pwseal_api *api,
                                             const char *user_name,
                                             size_t user_name_len,
                                             const char *source_name,
                                             size_t source_name_len,
                                             pwseal_request **out);

/**
 * Puts the request of `set-password` into `*out`.
 *
 * Errors: NULL_POINTER.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_api_set_password(const pwseal_api *api,
                                      const pwseal_change_request *change,
                                      pwseal_request **out);

/**
 * Puts the request of `password-change-status` into `*out`: the id is what `set-password`
 * answered.
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8, INVALID_REQUEST_ID.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_api_password_change_status(const pwseal_api *api,
                                                const char *request_id,
                                                size_t request_id_len,
                                                pwseal_request **out);

/**
 * Puts the request of `generate-password-reset-token` into `*out`: the uid of the person, how many
 * digits (6 to 18), and for how many minutes the token is valid (1 to 60). 0 leaves the number to
 * the server.
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8, OUT_OF_RANGE, NOT_IN_VERSION.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_api_generate_digit_token(const pwseal_api *api,
                                              const char *user_id,
                                              size_t user_id_len,
                                              uint32_t length,
                                              uint32_t duration_minutes,
                                              pwseal_request **out);

/**
 * Frees a request. No call may be using it, and none may use it afterwards. NULL is allowed.
 */
PWSEAL_API
void pwseal_request_free(pwseal_request *request);

/**
 * Lends all of a request: it is valid as long as the handle. NULL for NULL.
 */
PWSEAL_API const pwseal_http_request *pwseal_request_http(const pwseal_request *request);

/**
 * Judges a password, checks it against the policies of a password-info, encrypts it for an account,
 * and puts a new handle into `*out`. A rule that could not be checked is no violation:
 * `pwseal_password_info_check` tells the two apart.
 *
 * The password must be UTF-8, without a NUL, a line break or another control character. A byte
 * order mark in front is left out. What else may not be as it was meant,
 * `pwseal_change_request_warning` tells.
 *
 * `account` is the id or else the name of an account, equal to the letter, and NULL for the only
 * one: with several, one must be chosen. `context` is what rules compare with beside the account's id and name, such
 * as a dictionary, and NULL for nothing. `pwseal_last_error` lists the accounts, or the rules that are
 * violated. `options` is 0, or PWSEAL_DESPITE_POLICY, PWSEAL_RAW or both (`|`).
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8, NO_ACCOUNTS, ACCOUNT_NOT_CHOSEN,
 * ACCOUNT_NOT_FOUND, ACCOUNT_NAME_NOT_UNIQUE, MISSING_FIELD, INVALID_KEY, UNSUPPORTED_KEY,
 * EMPTY_PASSWORD, PASSWORD_TOO_LONG, PASSWORD_NOT_TEXT, POLICY_VIOLATION, RANDOM_SOURCE, and
 * OUT_OF_RANGE for other options.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_change_request_new(const pwseal_password_info *info,
                                        const char *account,
                                        size_t account_len,
                                        const pwseal_context *context,
                                        const void *password,
                                        size_t password_len,
                                        uint32_t options,
                                        pwseal_change_request **out);

/**
 * Reads a body that was made before, and puts a new handle into `*out`: what
 * `pwseal_change_request_body` or `pwseal request` wrote, or `pwseal bulk` as the field `request`
 * of a line. Other fields are skipped. An `encryptedPassword` that is no base64 of at least 128
 * bytes is refused: a password that was put there as it is must not be sent. The JSON is the
 * caller's to wipe.
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_CHANGE_REQUEST, MISSING_FIELD.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_change_request_parse(const void *json,
                                          size_t json_len,
                                          pwseal_change_request **out);

/**
 * Frees a change request. No call may be using it, and none may use it afterwards. NULL is
 * allowed.
 */
PWSEAL_API
void pwseal_change_request_free(pwseal_change_request *change);

/**
 * Lends the body: JSON on one line. Whoever has it and a token can set the password; wipe a copy
 * after use (`pwseal_wipe`).
 *
 * Errors: NULL_POINTER.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_change_request_body(const pwseal_change_request *change,
                                         pwseal_text *out);

/**
 * How many warnings there are: what may not be as it was meant in the password. There are none of a
 * body that was read, and 0 for NULL.
 */
PWSEAL_API
size_t pwseal_change_request_warning_count(const pwseal_change_request *change);

/**
 * Writes the warning number `index`, counted from 0, as a sentence.
 *
 * Errors: NULL_POINTER, BUFFER_TOO_SMALL, OUT_OF_RANGE.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_change_request_warning(const pwseal_change_request *change,
                                            size_t index,
                                            char *out,
                                            size_t *out_len);

/**
 * Writes which warning the number `index`, counted from 0, is.
 *
 * Errors: NULL_POINTER, OUT_OF_RANGE.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_change_request_warning_kind(const pwseal_change_request *change,
                                                 size_t index,
                                                 pwseal_password_warning *out);

/**
 * Reads a dictionary file, in the format of the API's Password Dictionary, and puts a new handle
 * into `*out`: UTF-8, one word a line, lines that start with `#` are comments, one line may be
 * `locale=...`. At most 128 characters a line, and 2,500 words.
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_DICTIONARY.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_dictionary_parse(const void *file,
                                      size_t file_len,
                                      pwseal_dictionary **out);

/**
 * Frees a dictionary. No call may be using it, and none may use it afterwards; a context that has
 * it keeps it. NULL is allowed.
 */
PWSEAL_API
void pwseal_dictionary_free(pwseal_dictionary *dictionary);

/**
 * Puts a new handle into `*out`, with nothing known.
 *
 * Errors: NULL_POINTER.
 */
PWSEAL_API PWSEAL_MUST_USE pwseal_status pwseal_context_new(pwseal_context **out);

/**
 * Frees a context. No call may be using it, and none may use it afterwards. NULL is allowed.
 */
PWSEAL_API
void pwseal_context_free(pwseal_context *context);

/**
 * Sets the account's id, the `accountId` of a password-info.
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_context_set_account_id(pwseal_context *context,
                                            const char *id,
                                            size_t id_len);

/**
 * Adds a name of the account: the `accountName` of a password-info, or the display name where
 * that is another.
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_context_add_account_name(pwseal_context *context,
                                              const char *name,
                                              size_t name_len);

/**
 * Adds an attribute of the account on its source. A report may say its name, never its value.
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_context_add_account_attribute(pwseal_context *context,
                                                   const char *name,
                                                   size_t name_len,
                                                   const char *value,
                                                   size_t value_len);

/**
 * Adds an attribute of the identity. A report may say its name, never its value.
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_context_add_identity_attribute(pwseal_context *context,
                                                    const char *name,
                                                    size_t name_len,
                                                    const char *value,
                                                    size_t value_len);

/**
 * Sets the dictionary, which the context shares and keeps.
 *
 * Errors: NULL_POINTER.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_context_set_dictionary(pwseal_context *context,
                                            const pwseal_dictionary *dictionary);

/**
 * Makes the backend that the environment variable `PWSEAL_BACKEND` names the one of every key that is
 * made from now on in this process: `portable` for a tool such as valgrind that does not know the
 * fastest. Without the variable nothing changes, and without this call it is not looked at. Call it
 * before there are other threads, as it reads the environment.
 *
 * Errors: INVALID_BACKEND.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_prefer_backend_from_env(void);

/**
 * Reads a key and puts a new handle into `*out`: DER, base64 or PEM, of a
 * SubjectPublicKeyInfo, a PKCS#1 RSAPublicKey or an X.509 certificate; a JWK; an RSAKeyValue in
 * XML. Which one it is, is found out.
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_KEY, UNSUPPORTED_KEY.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_key_parse(const void *bytes,
                               size_t bytes_len,
                               pwseal_key **out);

/**
 * Makes a key of a modulus and an exponent, both big-endian, and puts a new handle into `*out`.
 * Leading zeros are allowed.
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_KEY, UNSUPPORTED_KEY.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_key_from_components(const void *n,
                                         size_t n_len,
                                         const void *e,
                                         size_t e_len,
                                         pwseal_key **out);

/**
 * Frees a key. No call may be using it, and none may use it afterwards. NULL is allowed.
 */
PWSEAL_API void pwseal_key_free(pwseal_key *key);

/**
 * The length of the modulus in bits, and 0 for NULL.
 */
PWSEAL_API size_t pwseal_key_bits(const pwseal_key *key);

/**
 * The length of a ciphertext in bytes, and 0 for NULL.
 */
PWSEAL_API size_t pwseal_key_size(const pwseal_key *key);

/**
 * The longest password in bytes, 245 for a key of 2048 bits, and 0 for NULL.
 */
PWSEAL_API size_t pwseal_key_max_password_len(const pwseal_key *key);

/**
 * Writes the name of the implementation of the arithmetic that the key uses, such as `portable`.
 *
 * Errors: NULL_POINTER, BUFFER_TOO_SMALL.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_key_backend(const pwseal_key *key,
                                 char *out,
                                 size_t *out_len);

/**
 * Writes the SHA-256 digest of the key's SubjectPublicKeyInfo as text: 64 hexadecimal digits in
 * lower case and a NUL. It is the same in whatever form the key came.
 *
 * Errors: NULL_POINTER, BUFFER_TOO_SMALL.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_key_fingerprint(const pwseal_key *key,
                                     char *out,
                                     size_t *out_len);

/**
 * Encrypts a password (RSAES-PKCS1-v1_5, RFC 8017, section 7.2.1) and writes
 * `pwseal_key_size` bytes. Two calls never give the same ones.
 *
 * The API expects the password in UTF-8, without a NUL or line break at its end. Its bytes
 * are encrypted as they are, and every copy is wiped. It is not looked at if there is too
 * little room. After RANDOM_SOURCE, `out` holds zeros.
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE, BUFFER_TOO_SMALL, EMPTY_PASSWORD,
 * PASSWORD_TOO_LONG, RANDOM_SOURCE, and OUT_OF_RANGE for a password that lies within `out`.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_key_encrypt(const pwseal_key *key,
                                 const void *password,
                                 size_t password_len,
                                 void *out,
                                 size_t *out_len);

/**
 * As `pwseal_key_encrypt`, and writes the ciphertext as the API's `encryptedPassword` wants it:
 * text in base64 without line breaks, and a NUL. That is 344 characters for a key of 2048 bits.
 *
 * Errors: as `pwseal_key_encrypt`.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_key_encrypt_base64(const pwseal_key *key,
                                        const void *password,
                                        size_t password_len,
                                        char *out,
                                        size_t *out_len);

/**
 * Encrypts many passwords at once, which takes less time for each than one by one, and writes
 * `pwseal_key_size` bytes for each, one ciphertext after the other. Of the passwords holds what
 * `pwseal_key_encrypt` says. If one of them is refused, nothing is encrypted, and
 * PWSEAL_DETAIL_INDEX says which.
 *
 * Errors: as `pwseal_key_encrypt`.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_key_encrypt_many(const pwseal_key *key,
                                      const pwseal_bytes *passwords,
                                      size_t passwords_len,
                                      void *out,
                                      size_t *out_len);

/**
 * As `pwseal_key_encrypt_many`, and writes each ciphertext as `pwseal_key_encrypt_base64` does:
 * texts of the same length, with a NUL after each. `*out_len` becomes the number of all bytes, with the NULs.
 *
 * Errors: as `pwseal_key_encrypt`.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_key_encrypt_many_base64(const pwseal_key *key,
                                             const pwseal_bytes *passwords,
                                             size_t passwords_len,
                                             char *out,
                                             size_t *out_len);

/**
 * Brings a password in UTF-16 to UTF-8, and puts a new handle into `*out`: what Windows hands to a password filter, or
 * a `char16_t` string. `units_len` is in code units, not bytes. `pwseal_password_text` lends it to the
 * functions that take a password.
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE, EMPTY_PASSWORD, PASSWORD_TOO_LONG for more than any key can encrypt, and
 * PASSWORD_NOT_TEXT for half of a surrogate pair.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_password_from_utf16(const uint16_t *units,
                                         size_t units_len,
                                         pwseal_password **out);

/**
 * Frees a password, which is wiped. No call may be using it, and none may use it afterwards. NULL is allowed.
 */
PWSEAL_API
void pwseal_password_free(pwseal_password *password);

/**
 * Lends the password: UTF-8, with a NUL after it. A copy made of it is the caller's to wipe.
 *
 * Errors: NULL_POINTER.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_password_text(const pwseal_password *password,
                                   pwseal_text *out);

/**
 * Reads the JSON of a password-info, also behind the heads that `curl -i` prints, and puts a new handle
 * into `*out`. Fields may be absent; the function that needs one says so. What is something else gives
 * OTHER_MESSAGE, and the message of the error names it.
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_PASSWORD_INFO, OTHER_MESSAGE.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_password_info_parse(const void *json,
                                         size_t json_len,
                                         pwseal_password_info **out);

/**
 * Frees a password-info. No call may be using it, and none may use it afterwards. NULL is
 * allowed. What was made of it stays.
 */
PWSEAL_API void pwseal_password_info_free(pwseal_password_info *info);

/**
 * Reads the public key in it and puts a new handle into `*out`.
 *
 * Errors: NULL_POINTER, MISSING_FIELD, INVALID_KEY, UNSUPPORTED_KEY.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_password_info_key(const pwseal_password_info *info,
                                       pwseal_key **out);

/**
 * Reads the policies in it and puts a new handle into `*out`. Without any, it is a policy
 * without rules.
 *
 * Errors: NULL_POINTER.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_password_info_policy(const pwseal_password_info *info,
                                          pwseal_policy **out);

/**
 * Lends the id of the identity.
 *
 * Errors: NULL_POINTER, MISSING_FIELD.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_password_info_identity_id(const pwseal_password_info *info,
                                               pwseal_text *out);

/**
 * Lends the id of the source.
 *
 * Errors: NULL_POINTER, MISSING_FIELD.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_password_info_source_id(const pwseal_password_info *info,
                                             pwseal_text *out);

/**
 * Lends the id of the key.
 *
 * Errors: NULL_POINTER, MISSING_FIELD.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_password_info_public_key_id(const pwseal_password_info *info,
                                                 pwseal_text *out);

/**
 * How many accounts there are to choose from, and 0 for NULL.
 */
PWSEAL_API size_t pwseal_password_info_account_count(const pwseal_password_info *info);

/**
 * Lends the id of the account number `index`, counted from 0: what the source knows it by, such
 * as a distinguished name.
 *
 * Errors: NULL_POINTER, OUT_OF_RANGE, MISSING_FIELD.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_password_info_account_id(const pwseal_password_info *info,
                                              size_t index,
                                              pwseal_text *out);

/**
 * Lends the display name of the account number `index`, counted from 0.
 *
 * Errors: NULL_POINTER, OUT_OF_RANGE, MISSING_FIELD.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_password_info_account_name(const pwseal_password_info *info,
                                                size_t index,
                                                pwseal_text *out);

/**
 * Checks a password for an account against the policies in it and puts a report into `*out`. The
 * account's id and name are compared with the password where a rule wants that, and more with a `context`, which may be
 * NULL.
 *
 * `account` is the id or else the name of an account, equal to the letter, and NULL for the only
 * one: with several, one must be chosen.
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8, NO_ACCOUNTS, ACCOUNT_NOT_CHOSEN,
 * ACCOUNT_NOT_FOUND, ACCOUNT_NAME_NOT_UNIQUE, MISSING_FIELD, INVALID_KEY, UNSUPPORTED_KEY,
 * EMPTY_PASSWORD, PASSWORD_TOO_LONG.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_password_info_check(const pwseal_password_info *info,
                                         const char *account,
                                         size_t account_len,
                                         const pwseal_context *context,
                                         const void *password,
                                         size_t password_len,
                                         pwseal_report **out);

/**
 * Makes a random password for an account that violates nothing of the policies in it, also where
 * they compare it with the account's id or name, or with a `context`, and puts a new handle into `*out`. It has `length`
 * characters, and for length 0 16 or what the policies allow next to that. It is ASCII as that of
 * `pwseal_policy_generate`. `account` and `context` are as for `pwseal_password_info_check`,
 * `exclude` and `no_look_alikes` are as for `pwseal_policy_generate`.
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8, NO_ACCOUNTS,
 * ACCOUNT_NOT_CHOSEN, ACCOUNT_NOT_FOUND, ACCOUNT_NAME_NOT_UNIQUE, MISSING_FIELD, INVALID_KEY,
 * UNSUPPORTED_KEY, POLICY_CONFLICT, POLICY_TOO_NARROW, RANDOM_SOURCE, and OUT_OF_RANGE for more
 * than 1024 characters.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_password_info_generate(const pwseal_password_info *info,
                                            const char *account,
                                            size_t account_len,
                                            const pwseal_context *context,
                                            size_t length,
                                            const char *exclude,
                                            size_t exclude_len,
                                            bool no_look_alikes,
                                            pwseal_password **out);

/**
 * Reads policy strings that somebody wrote, such as `passwordMinLength is 8`, and puts a new handle
 * into `*out`. For those of an answer there is `pwseal_policy_from_strings`.
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8, and INVALID_POLICY for a string that is not
 * understood: the message has the name that may be meant.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_policy_parse(const pwseal_text *strings,
                                  size_t strings_len,
                                  pwseal_policy **out);

/**
 * Reads the policy strings of an answer and puts a new handle into `*out`. No string is refused:
 * one that is not understood is a rule that a check reports as not checked.
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_policy_from_strings(const pwseal_text *strings,
                                         size_t strings_len,
                                         pwseal_policy **out);

/**
 * Frees a policy. No call may be using it, and none may use it afterwards. NULL is allowed.
 */
PWSEAL_API
void pwseal_policy_free(pwseal_policy *policy);

/**
 * How many rules it has, and 0 for NULL.
 */
PWSEAL_API size_t pwseal_policy_rule_count(const pwseal_policy *policy);

/**
 * Writes the rule number `index`, counted from 0, word for word as it came: to compare it, not to
 * show it.
 *
 * Errors: NULL_POINTER, BUFFER_TOO_SMALL, OUT_OF_RANGE.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_policy_rule(const pwseal_policy *policy,
                                 size_t index,
                                 char *out,
                                 size_t *out_len);

/**
 * As `pwseal_policy_rule`, for a terminal or a log: what is not printable is escaped, such as
 * `\n` and `\u{1b}`, as a server sent it.
 *
 * Errors: as `pwseal_policy_rule`.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_policy_rule_printable(const pwseal_policy *policy,
                                           size_t index,
                                           char *out,
                                           size_t *out_len);

/**
 * Compares a password with every rule and puts a report into `*out`. `context` is what rules
 * compare with beside the password itself, and may be NULL: a rule that needs what is not there
 * is reported as not checked, and so is every rule for a password of which no body is made.
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE, EMPTY_PASSWORD, PASSWORD_TOO_LONG.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_policy_check(const pwseal_policy *policy,
                                  const pwseal_context *context,
                                  const void *password,
                                  size_t password_len,
                                  pwseal_report **out);

/**
 * Writes the shortest and the longest length in characters for which `pwseal_policy_generate`
 * makes a password.
 *
 * Errors: NULL_POINTER, POLICY_CONFLICT, and OUT_OF_RANGE where the policy wants more than 1024
 * characters.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_policy_length_range(const pwseal_policy *policy,
                                         size_t *shortest,
                                         size_t *longest);

/**
 * Makes a random password of `length` characters that violates nothing of the policy, each of
 * them with the same probability, and puts a new handle into `*out`. It is ASCII without space and colon, so that it has
 * `length` bytes.
 *
 * `exclude` are characters to leave out, one after the other in UTF-8, and NULL for none. With
 * `no_look_alikes` those are left out as well that look like others, such as 0O and 1lI|.
 *
 * Rules that compare with something else, such as a dictionary, are kept where `context` has it. With `context` NULL
 * they are not looked at.
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8, POLICY_CONFLICT, POLICY_TOO_NARROW, RANDOM_SOURCE,
 * EMPTY_PASSWORD for length 0, and OUT_OF_RANGE for more than 1024.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_policy_generate(const pwseal_policy *policy,
                                     const pwseal_context *context,
                                     size_t length,
                                     const char *exclude,
                                     size_t exclude_len,
                                     bool no_look_alikes,
                                     pwseal_password **out);

/**
 * How many milliseconds to wait before the next question: before the first one, and when one got
 * no answer at all. `elapsed_ms` is the time since the change was ordered.
 */
PWSEAL_API
uint64_t pwseal_poll_delay(const pwseal_poll *poll,
                           uint64_t elapsed_ms);

/**
 * Writes what to do after an answer to `*next`, and for PWSEAL_NEXT_ASK_AGAIN how many
 * milliseconds to wait to `*after_ms`, which is 0 else. `elapsed_ms` is the time since the change
 * was ordered. The pace is the platform's: seconds first, minutes after an hour, never more often
 * than the server wants.
 *
 * Errors: NULL_POINTER, WRONG_OPERATION.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_poll_next(const pwseal_poll *poll,
                               const pwseal_answer *answer,
                               uint64_t elapsed_ms,
                               pwseal_next *next,
                               uint64_t *after_ms);

/**
 * Frees a report. No call may be using it, and none may use it afterwards. NULL is allowed.
 */
PWSEAL_API
void pwseal_report_free(pwseal_report *report);

/**
 * Whether a rule is violated, and true for NULL. False does not mean that every rule was checked.
 */
PWSEAL_API
bool pwseal_report_has_violation(const pwseal_report *report);

/**
 * Whether every rule was checked and passed, and false for NULL. It is so of a policy without
 * rules. Warnings do not count.
 */
PWSEAL_API
bool pwseal_report_all_passed(const pwseal_report *report);

/**
 * How many findings there are, one for each rule in the order of the policy, and 0 for NULL.
 */
PWSEAL_API
size_t pwseal_report_finding_count(const pwseal_report *report);

/**
 * Writes the finding number `index`, counted from 0, to `*out`.
 *
 * Errors: NULL_POINTER, OUT_OF_RANGE.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_report_finding(const pwseal_report *report,
                                    size_t index,
                                    pwseal_finding *out);

/**
 * Writes the rule of the finding number `index`, word for word as it came: to compare it, not to
 * show it.
 *
 * Errors: NULL_POINTER, BUFFER_TOO_SMALL, OUT_OF_RANGE.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_report_rule(const pwseal_report *report,
                                 size_t index,
                                 char *out,
                                 size_t *out_len);

/**
 * As `pwseal_report_rule`, for a terminal or a log: what is not printable is escaped, such as
 * `\n` and `\u{1b}`, as a server sent it.
 *
 * Errors: as `pwseal_report_rule`.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_report_rule_printable(const pwseal_report *report,
                                           size_t index,
                                           char *out,
                                           size_t *out_len);

/**
 * Writes the finding number `index` as a sentence, such as "has 4 characters, but at least 8 are
 * wanted".
 *
 * Errors: NULL_POINTER, BUFFER_TOO_SMALL, OUT_OF_RANGE.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_report_message(const pwseal_report *report,
                                    size_t index,
                                    char *out,
                                    size_t *out_len);

/**
 * How many warnings there are: what to tell the user that is no violation. 0 for NULL.
 */
PWSEAL_API size_t pwseal_report_warning_count(const pwseal_report *report);

/**
 * Writes the warning number `index`, counted from 0, as a sentence.
 *
 * Errors: NULL_POINTER, BUFFER_TOO_SMALL, OUT_OF_RANGE.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_report_warning(const pwseal_report *report,
                                    size_t index,
                                    char *out,
                                    size_t *out_len);

/**
 * Writes which warning the number `index`, counted from 0, is.
 *
 * Errors: NULL_POINTER, OUT_OF_RANGE.
 */
PWSEAL_API
PWSEAL_MUST_USE
pwseal_status pwseal_report_warning_kind(const pwseal_report *report,
                                         size_t index,
                                         pwseal_password_warning *out);

/**
 * Overwrites a buffer of the caller's with zeros, which no compiler leaves out: for a password
 * once it is encrypted. NULL, and a length over PTRDIFF_MAX, which no buffer has, are left alone.
 */
PWSEAL_API
void pwseal_wipe(void *buffer,
                 size_t buffer_len);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#if defined(__GNUC__) && !defined(__cplusplus)
#pragma GCC diagnostic pop
#endif

#endif /* PWSEAL_H */
