/*
 * Statuses, keys, encryption and wiping.
 *
 *     key FINGERPRINT OUT_DIR KEY_FILE...
 *
 * Each file holds the same key of 2048 bits in another form. What is encrypted here is left
 * in OUT_DIR, for the caller to decrypt with OpenSSL.
 */
#include "check.h"

#include <pthread.h>

#define PASSWORD "p\xc3\xa4ssw\xc3\xb6rd \xe2\x82\xac"
#define SIZE 256
#define BASE64_SIZE 345
#define FINGERPRINT_SIZE 64

static pwseal_key *parse_file(const char *path)
{
    static uint8_t content[4096];
    size_t len = read_file(path, content, sizeof content);
    pwseal_key *key = NULL;
    OK(pwseal_key_parse(content, len, &key));
    return key;
}

static void *last_error_is_empty(void *unused)
{
    (void)unused;
    CHECK_TEXT(pwseal_last_error(), "");
    return NULL;
}

/* In C++ a number is no status. */
static const char *message(int32_t number)
{
    return pwseal_status_message((pwseal_status)number);
}

static void test_statuses(void)
{
    static const pwseal_status statuses[] = {
        PWSEAL_STATUS_OK,
        PWSEAL_STATUS_NULL_POINTER,
        PWSEAL_STATUS_LENGTH_TOO_LARGE,
        PWSEAL_STATUS_BUFFER_TOO_SMALL,
        PWSEAL_STATUS_PANIC,
        PWSEAL_STATUS_INVALID_KEY,
        PWSEAL_STATUS_EMPTY_PASSWORD,
        PWSEAL_STATUS_PASSWORD_TOO_LONG,
        PWSEAL_STATUS_RANDOM_SOURCE,
        PWSEAL_STATUS_INVALID_UTF8,
        PWSEAL_STATUS_OUT_OF_RANGE,
        PWSEAL_STATUS_WRONG_OPERATION,
        PWSEAL_STATUS_INVALID_PASSWORD_INFO,
        PWSEAL_STATUS_MISSING_FIELD,
        PWSEAL_STATUS_NO_ACCOUNTS,
        PWSEAL_STATUS_ACCOUNT_NOT_CHOSEN,
        PWSEAL_STATUS_ACCOUNT_NOT_FOUND,
        PWSEAL_STATUS_ACCOUNT_NAME_NOT_UNIQUE,
        PWSEAL_STATUS_POLICY_VIOLATION,
        PWSEAL_STATUS_POLICY_CONFLICT,
        PWSEAL_STATUS_POLICY_TOO_NARROW,
        PWSEAL_STATUS_INVALID_DICTIONARY,
        PWSEAL_STATUS_NOT_IN_VERSION,
        PWSEAL_STATUS_INVALID_TENANT,
        PWSEAL_STATUS_INVALID_BASE_URL,
        PWSEAL_STATUS_INVALID_REQUEST_ID,
        PWSEAL_STATUS_ANSWER_REFUSED,
        PWSEAL_STATUS_ANSWER_NOT_FROM_THE_API,
        PWSEAL_STATUS_ANSWER_UNREADABLE,
        PWSEAL_STATUS_ANSWER_TOO_LONG,
        PWSEAL_STATUS_INVALID_BACKEND,
        PWSEAL_STATUS_INVALID_CHANGE_REQUEST,
        PWSEAL_STATUS_UNSUPPORTED_KEY,
        PWSEAL_STATUS_PASSWORD_NOT_TEXT,
        PWSEAL_STATUS_OUT_OF_MEMORY,
        PWSEAL_STATUS_INVALID_POLICY,
        PWSEAL_STATUS_OTHER_MESSAGE,
        PWSEAL_STATUS_INVALID_BEARER_TOKEN,
        PWSEAL_STATUS_OTHER,
    };
    const int count = sizeof statuses / sizeof statuses[0];
    int number;
    CHECK_TEXT(pwseal_status_message(PWSEAL_STATUS_OK), "success");
    for (number = 0; number < count; number++) {
        CHECK(statuses[number] == number);
        CHECK(number == 0 || strcmp(message(number), message(number - 1)) != 0);
        CHECK(strcmp(message(number), "unknown status") != 0);
    }
    CHECK_TEXT(message(count), "unknown status");
    CHECK_TEXT(message(-1), "unknown status");
    CHECK_TEXT(message(INT32_MIN), "unknown status");
}

static void test_version(void)
{
    char version[32];
    snprintf(version, sizeof version, "%d.%d.%d", PWSEAL_VERSION_MAJOR, PWSEAL_VERSION_MINOR, PWSEAL_VERSION_PATCH);
    CHECK_TEXT(version, PWSEAL_VERSION);
    CHECK_TEXT(pwseal_version(), PWSEAL_VERSION);

    /* The structs of libpwseal.so.0, where a pointer has 8 bytes: another layout wants another soname. */
    if (sizeof(void *) == 8) {
        CHECK(sizeof(pwseal_bytes) == 16 && offsetof(pwseal_bytes, len) == 8);
        CHECK(sizeof(pwseal_text) == 16 && offsetof(pwseal_text, len) == 8);
        CHECK(sizeof(pwseal_header) == 32 && offsetof(pwseal_header, value) == 16);
        CHECK(sizeof(pwseal_finding) == 24 && offsetof(pwseal_finding, reason) == 4);
        CHECK(offsetof(pwseal_finding, found) == 8 && offsetof(pwseal_finding, wanted) == 16);
        CHECK(sizeof(pwseal_http_request) == 64 && offsetof(pwseal_http_request, url) == 16);
        CHECK(offsetof(pwseal_http_request, headers) == 32 && offsetof(pwseal_http_request, body) == 48);
        CHECK(sizeof(pwseal_poll) == 16 && offsetof(pwseal_poll, patience_ms) == 8);
    }
}

static void test_parse(void)
{
    /* What a failure must not leave. */
    pwseal_key *const untouched = (pwseal_key *)&failures;
    pwseal_key *key = untouched;
    const char *message;
    pthread_t thread;

    CHECK(pwseal_key_parse(NULL, 0, &key) == PWSEAL_STATUS_INVALID_KEY);
    message = pwseal_last_error();
    CHECK_TEXT(message, "the key is empty");
    CHECK(pwseal_key_parse("AIIBIjAN", 8, &key) == PWSEAL_STATUS_INVALID_KEY);
    CHECK(strstr(pwseal_last_error(), "it does not start with 0x30") != NULL);
    CHECK(pwseal_key_parse("ssh-rsa AAAA", 12, &key) == PWSEAL_STATUS_UNSUPPORTED_KEY);
    CHECK(key == NULL);
    key = untouched;
    CHECK(pwseal_key_parse(NULL, 1, &key) == PWSEAL_STATUS_NULL_POINTER);
    CHECK_TEXT(pwseal_last_error(), "bytes is NULL");
    DETAIL(PWSEAL_DETAIL_INDEX, -1);
    CHECK(pwseal_key_parse("MIIB", (size_t)PTRDIFF_MAX + 1, &key) == PWSEAL_STATUS_LENGTH_TOO_LARGE);
    CHECK(strncmp(pwseal_last_error(), "bytes has a length of ", 22) == 0);
    CHECK(pwseal_key_parse("MIIB", 4, NULL) == PWSEAL_STATUS_NULL_POINTER);
    CHECK_TEXT(pwseal_last_error(), "out is NULL");
    CHECK_TEXT(message, "out is NULL"); /* another text, and never freed memory */
    CHECK(key == NULL);

    pthread_create(&thread, NULL, last_error_is_empty, NULL);
    pthread_join(thread, NULL);
    CHECK_TEXT(pwseal_last_error(), "out is NULL");
}

static void test_description(const pwseal_key *key, const char *fingerprint)
{

    CHECK(pwseal_key_bits(key) == 2048);
    CHECK(pwseal_key_size(key) == SIZE);
    CHECK(pwseal_key_max_password_len(key) == SIZE - 11);

    CHECK(strlen(fingerprint) == FINGERPRINT_SIZE);
    WRITES(fingerprint, pwseal_key_fingerprint, key);
}

static void test_components(void)
{
    static const uint8_t e[] = {0, 1, 0, 1};
    uint8_t n[128];
    uint8_t out[128];
    size_t len = sizeof out;
    pwseal_key *const untouched = (pwseal_key *)&failures;
    pwseal_key *key = untouched;
    memset(n, 0xff, sizeof n);

    FAILS(pwseal_key_from_components(NULL, 1, e, sizeof e, &key), PWSEAL_STATUS_NULL_POINTER, "n is NULL");
    FAILS(pwseal_key_from_components(n, sizeof n, NULL, 1, &key), PWSEAL_STATUS_NULL_POINTER, "e is NULL");
    FAILS(pwseal_key_from_components(n, TOO_LONG, e, 1, &key), PWSEAL_STATUS_LENGTH_TOO_LARGE, "n has a length");
    FAILS(pwseal_key_from_components(n, 1, e, TOO_LONG, &key), PWSEAL_STATUS_LENGTH_TOO_LARGE, "e has a length");
    FAILS(pwseal_key_from_components(n, sizeof n, e, sizeof e, NULL), PWSEAL_STATUS_NULL_POINTER, "out is NULL");
    CHECK(pwseal_key_from_components(NULL, 0, e, sizeof e, &key) == PWSEAL_STATUS_UNSUPPORTED_KEY);
    CHECK(pwseal_key_from_components(n, sizeof n, e, 2, &key) == PWSEAL_STATUS_INVALID_KEY);
    CHECK(key == NULL);

    OK(pwseal_key_from_components(n, sizeof n, e, sizeof e, &key));
    CHECK(pwseal_key_bits(key) == 1024);
    OK(pwseal_key_encrypt(key, "x", 1, out, &len));
    CHECK(len == 128);
    pwseal_key_free(key);
}

static void test_backend(const char *key_file)
{
    const char *wanted = getenv("PWSEAL_BACKEND");
    char *const before = wanted == NULL ? NULL : strdup(wanted);
    pwseal_key *key;

    setenv("PWSEAL_BACKEND", "abacus", 1);
    FAILS(pwseal_prefer_backend_from_env(), PWSEAL_STATUS_INVALID_BACKEND,
          "the environment variable PWSEAL_BACKEND: no backend has this name");
    setenv("PWSEAL_BACKEND", "portable", 1);
    OK(pwseal_prefer_backend_from_env());
    key = parse_file(key_file);
    WRITES("portable", pwseal_key_backend, key);
    WRITES_NOT(PWSEAL_STATUS_NULL_POINTER, "key is NULL", pwseal_key_backend, NULL);
    pwseal_key_free(key);

    /* Without it, nothing changes. */
    unsetenv("PWSEAL_BACKEND");
    OK(pwseal_prefer_backend_from_env());
    if (before != NULL) {
        setenv("PWSEAL_BACKEND", before, 1);
        OK(pwseal_prefer_backend_from_env());
        key = parse_file(key_file);
        WRITES(before, pwseal_key_backend, key);
        pwseal_key_free(key);
        free(before);
    }
}

static void test_null_handles(void)
{
    uint8_t out[SIZE];
    size_t len = sizeof out;

    pwseal_key_free(NULL);
    CHECK(pwseal_key_bits(NULL) == 0);
    CHECK(pwseal_key_size(NULL) == 0);
    CHECK(pwseal_key_max_password_len(NULL) == 0);
    WRITES_NOT(PWSEAL_STATUS_NULL_POINTER, "key is NULL", pwseal_key_fingerprint, NULL);
    CHECK(pwseal_key_encrypt(NULL, "x", 1, out, &len) == PWSEAL_STATUS_NULL_POINTER);
    CHECK_TEXT(pwseal_last_error(), "key is NULL");
    CHECK(pwseal_key_encrypt_base64(NULL, "x", 1, (char *)out, &len) == PWSEAL_STATUS_NULL_POINTER);
    CHECK_TEXT(pwseal_last_error(), "key is NULL");
    CHECK(len == 0);
}

/* Both ways to encrypt fail alike, so that one function tests them both. */
typedef pwseal_status encrypt_function(const pwseal_key *, const void *, size_t, void *, size_t *);

static pwseal_status encrypt_base64(const pwseal_key *key, const void *password, size_t password_len,
                                    void *out, size_t *out_len)
{
    return pwseal_key_encrypt_base64(key, password, password_len, (char *)out, out_len);
}

/* A failure, after which the length is 0, and a text empty. */
#define REFUSES(call, status, words)                                                \
    do {                                                                            \
        len = sizeof out;                                                           \
        out[0] = 0x55;                                                              \
        FAILS(call, status, words);                                                 \
        CHECK(len == 0);                                                            \
        CHECK(out[0] == (is_text ? 0 : 0x55));                                      \
        CHECK(all_are(out + 1, 0x55, sizeof out - 1));                              \
    } while (0)

static void test_encrypt(const pwseal_key *key, encrypt_function *encrypt, size_t needed, int is_text)
{
    static const uint8_t password[SIZE - 10] = {'h', 'u', 'n', 't', 'e', 'r', '2'};
    const size_t written = is_text ? needed - 1 : needed;
    uint8_t out[BASE64_SIZE + 1];
    uint8_t again[BASE64_SIZE + 1];
    char before[256];
    size_t len;
    memset(out, 0x55, sizeof out);

    /* How much room: the password is not looked at, and nothing is wrong. */
    strcpy(before, pwseal_last_error());
    len = sizeof out;
    CHECK(encrypt(key, NULL, 1, NULL, &len) == PWSEAL_STATUS_BUFFER_TOO_SMALL);
    CHECK(len == needed);
    CHECK_TEXT(pwseal_last_error(), before);
    len = needed - 1;
    CHECK(encrypt(key, password, 7, out, &len) == PWSEAL_STATUS_BUFFER_TOO_SMALL);
    CHECK(len == needed);
    CHECK(strncmp(pwseal_last_error(), "out has room for ", 17) == 0);
    DETAIL(PWSEAL_DETAIL_GIVEN, (int64_t)needed - 1);
    DETAIL(PWSEAL_DETAIL_WANTED, (int64_t)needed);

    len = sizeof out;
    CHECK(encrypt(key, password, 7, out, NULL) == PWSEAL_STATUS_NULL_POINTER);
    CHECK_TEXT(pwseal_last_error(), "out_len is NULL");
    REFUSES(encrypt(key, NULL, 7, out, &len), PWSEAL_STATUS_NULL_POINTER, "password is NULL");
    REFUSES(encrypt(key, password, SIZE_MAX, out, &len), PWSEAL_STATUS_LENGTH_TOO_LARGE, "password has");
    DETAIL(PWSEAL_DETAIL_GIVEN, INT64_MAX);
    REFUSES(encrypt(key, password, PTRDIFF_MAX, out, &len), PWSEAL_STATUS_PASSWORD_TOO_LONG, "the password has");
    REFUSES(encrypt(key, password, SIZE - 10, out, &len), PWSEAL_STATUS_PASSWORD_TOO_LONG,
            "the password has 246 bytes; the longest that this key can encrypt has 245");
    DETAIL(PWSEAL_DETAIL_GIVEN, 246);
    DETAIL(PWSEAL_DETAIL_WANTED, 245);
    REFUSES(encrypt(key, password, 0, out, &len), PWSEAL_STATUS_EMPTY_PASSWORD, "the password is empty");
    DETAIL(PWSEAL_DETAIL_GIVEN, -1);
    REFUSES(encrypt(key, NULL, 0, out, &len), PWSEAL_STATUS_EMPTY_PASSWORD, "the password is empty");
    /* In place it would encrypt what it had overwritten. Behind what is written there is room for the password. */
    {
        uint8_t both[BASE64_SIZE + 16];
        size_t at;
        for (at = 0; at <= needed; at += at == 0 ? needed - 1 : 1) {
            memcpy(both + at, "hunter2", 7);
            len = sizeof both;
            if (at == needed) {
                CHECK(encrypt(key, both + at, 7, both, &len) == PWSEAL_STATUS_OK);
                continue;
            }
            FAILS(encrypt(key, both + at, 7, both, &len), PWSEAL_STATUS_OUT_OF_RANGE, "password lies within out");
            CHECK(len == 0);
        }
    }

    random_source_fails = 1;
    len = sizeof out;
    CHECK(encrypt(key, password, 7, out, &len) == PWSEAL_STATUS_RANDOM_SOURCE);
    random_source_fails = 0;
    CHECK(len == 0);
    CHECK(out[0] == 0);

    /* The longest password, into more room than needed and into just enough. */
    memset(out, 0x55, sizeof out);
    len = sizeof out;
    CHECK(encrypt(key, password, SIZE - 11, out, &len) == PWSEAL_STATUS_OK);
    CHECK(len == written);
    CHECK(all_are(out + needed, 0x55, sizeof out - needed));
    len = needed;
    CHECK(encrypt(key, password, SIZE - 11, again, &len) == PWSEAL_STATUS_OK);
    CHECK(len == written);
    CHECK(memcmp(out, again, needed) != 0);

    /* A success does not take the last error away. */
    CHECK(strstr(pwseal_last_error(), "random") != NULL);
}

typedef pwseal_status encrypt_many_function(const pwseal_key *, const pwseal_bytes *, size_t, void *, size_t *);

static pwseal_status encrypt_many_base64(const pwseal_key *key, const pwseal_bytes *passwords, size_t passwords_len,
                                         void *out, size_t *out_len)
{
    return pwseal_key_encrypt_many_base64(key, passwords, passwords_len, (char *)out, out_len);
}

static void test_encrypt_many(const pwseal_key *key, encrypt_many_function *encrypt, size_t each, int is_text)
{
    static const uint8_t password[SIZE - 10] = {'h', 'u', 'n', 't', 'e', 'r', '2'};
    const pwseal_bytes good[3] = {{password, 7}, {password, 1}, {password, SIZE - 11}};
    pwseal_bytes bad[3] = {{password, 7}, {password, 7}, {password, 7}};
    uint8_t out[3 * BASE64_SIZE + 1];
    size_t len;
    memset(out, 0x55, sizeof out);

    /* How much room: the passwords are not looked at. */
    len = sizeof out;
    CHECK(encrypt(key, NULL, 3, NULL, &len) == PWSEAL_STATUS_BUFFER_TOO_SMALL);
    CHECK(len == 3 * each);
    len = 3 * each - 1;
    CHECK(encrypt(key, good, 3, out, &len) == PWSEAL_STATUS_BUFFER_TOO_SMALL);
    CHECK(len == 3 * each);

    REFUSES(encrypt(NULL, good, 3, out, &len), PWSEAL_STATUS_NULL_POINTER, "key is NULL");
    FAILS(encrypt(key, good, 3, out, NULL), PWSEAL_STATUS_NULL_POINTER, "out_len is NULL");
    REFUSES(encrypt(key, NULL, 3, out, &len), PWSEAL_STATUS_NULL_POINTER, "passwords is NULL");
    REFUSES(encrypt(key, good, SIZE_MAX, out, &len), PWSEAL_STATUS_LENGTH_TOO_LARGE, "the ciphertexts of ");
    bad[1].data = NULL;
    REFUSES(encrypt(key, bad, 3, out, &len), PWSEAL_STATUS_NULL_POINTER, "passwords[1].data is NULL");
    DETAIL(PWSEAL_DETAIL_INDEX, 1);
    {
        uint8_t both[3 * BASE64_SIZE + 1];
        memcpy(both + each, "hunter2", 7);
        bad[1].data = both + each;
        len = sizeof both;
        FAILS(encrypt(key, bad, 3, both, &len), PWSEAL_STATUS_OUT_OF_RANGE, "passwords[1].data lies within out");
        DETAIL(PWSEAL_DETAIL_INDEX, 1);
        CHECK(len == 0);
    }
    bad[1].data = NULL;
    bad[1].len = 0;
    REFUSES(encrypt(key, bad, 3, out, &len), PWSEAL_STATUS_EMPTY_PASSWORD,
            "the password at index 1 of the batch: the password is empty");
    DETAIL(PWSEAL_DETAIL_INDEX, 1);
    bad[1].data = password;
    bad[1].len = TOO_LONG;
    REFUSES(encrypt(key, bad, 3, out, &len), PWSEAL_STATUS_LENGTH_TOO_LARGE, "passwords[1].data has a length of ");
    DETAIL(PWSEAL_DETAIL_INDEX, 1);
    bad[1].len = 7;
    bad[2].len = SIZE - 10;
    REFUSES(encrypt(key, bad, 3, out, &len), PWSEAL_STATUS_PASSWORD_TOO_LONG,
            "the password at index 2 of the batch: the password has 246 bytes");
    DETAIL(PWSEAL_DETAIL_INDEX, 2);
    DETAIL(PWSEAL_DETAIL_GIVEN, 246);
    DETAIL(PWSEAL_DETAIL_WANTED, 245);
    len = sizeof out;
    random_source_fails = 1;
    CHECK(encrypt(key, good, 3, out, &len) == PWSEAL_STATUS_RANDOM_SOURCE);
    random_source_fails = 0;
    CHECK(len == 0);
    CHECK(out[0] == 0);
    CHECK(all_are(out + 3 * each, 0x55, sizeof out - 3 * each));

    len = sizeof out;
    OK(encrypt(key, good, 3, out, &len));
    CHECK(len == 3 * each);
    CHECK(all_are(out + len, 0x55, sizeof out - len));
    CHECK(memcmp(out, out + each, each) != 0);

    /* Nothing to encrypt is no mistake, and needs no room. */
    len = 0;
    OK(encrypt(key, NULL, 0, NULL, &len));
    CHECK(len == 0);
}

static void leave_ciphertexts(const pwseal_key *key, const char *directory)
{
    uint8_t out[SIZE];
    char text[BASE64_SIZE];
    size_t len = sizeof out;
    size_t text_len = sizeof text;
    uint8_t two[2 * BASE64_SIZE];
    size_t two_len = sizeof two;
    pwseal_bytes many[2] = {{"other", 5}, {PASSWORD, sizeof PASSWORD - 1}};

    CHECK(pwseal_key_encrypt(key, PASSWORD, strlen(PASSWORD), out, &len) == PWSEAL_STATUS_OK);
    write_file(directory, "ciphertext", out, len);
    CHECK(pwseal_key_encrypt_base64(key, PASSWORD, strlen(PASSWORD), text, &text_len) == PWSEAL_STATUS_OK);
    CHECK(strlen(text) == BASE64_SIZE - 1);
    write_file(directory, "ciphertext.b64", text, strlen(text));
    write_file(directory, "password", PASSWORD, strlen(PASSWORD));

    OK(pwseal_key_encrypt_many(key, many, 2, two, &two_len));
    write_file(directory, "ciphertext.many", two + SIZE, SIZE);
    two_len = sizeof two;
    OK(pwseal_key_encrypt_many_base64(key, many, 2, (char *)two, &two_len));
    CHECK(strlen((char *)two) == BASE64_SIZE - 1);
    CHECK(strlen((char *)two + BASE64_SIZE) == BASE64_SIZE - 1);
    write_file(directory, "ciphertext.many.b64", two + BASE64_SIZE, BASE64_SIZE - 1);
}

static void test_utf16(const pwseal_key *key)
{
    /* "p\xc3\xa4 \xf0\x9f\x90\x8e" */
    static const uint16_t units[] = {'p', 0xe4, ' ', 0xd83d, 0xdc0e};
    static const uint16_t halves[][3] = {{'a', 0xd83d, 'b'}, {'a', 0xdc0e, 'b'}, {'a', 0xd83d, 0xd83d}};
    static uint16_t wide[2038];
    pwseal_password *const untouched = (pwseal_password *)&failures;
    pwseal_password *password = NULL;
    pwseal_text text;
    uint8_t out[SIZE];
    size_t len = sizeof out;
    size_t index;

    OK(pwseal_password_from_utf16(units, 5, &password));
    LENDS("p\xc3\xa4 \xf0\x9f\x90\x8e", pwseal_password_text, password);
    OK(pwseal_password_text(password, &text));
    OK(pwseal_key_encrypt(key, text.data, text.len, out, &len));
    pwseal_password_free(password);

    password = untouched;
    for (index = 0; index < 3; index++) {
        FAILS(pwseal_password_from_utf16(halves[index], 3, &password), PWSEAL_STATUS_PASSWORD_NOT_TEXT,
              "the password has half a surrogate pair at code unit 1");
        DETAIL(PWSEAL_DETAIL_POSITION, 1);
        CHECK(password == NULL);
    }
    FAILS(pwseal_password_from_utf16(units, 4, &password), PWSEAL_STATUS_PASSWORD_NOT_TEXT, "the password has half");
    DETAIL(PWSEAL_DETAIL_POSITION, 3);
    password = untouched;
    FAILS(pwseal_password_from_utf16(NULL, 1, &password), PWSEAL_STATUS_NULL_POINTER, "units is NULL");
    FAILS(pwseal_password_from_utf16(units, 5, NULL), PWSEAL_STATUS_NULL_POINTER, "out is NULL");
    FAILS(pwseal_password_from_utf16(units, PTRDIFF_MAX, &password), PWSEAL_STATUS_LENGTH_TOO_LARGE, "units has");
    FAILS(pwseal_password_from_utf16(NULL, 0, &password), PWSEAL_STATUS_EMPTY_PASSWORD, "the password is empty");
    for (index = 0; index < 2038; index++) {
        wide[index] = 'x';
    }
    OK(pwseal_password_from_utf16(wide, 2037, &password));
    pwseal_password_free(password);
    FAILS(pwseal_password_from_utf16(wide, 2038, &password), PWSEAL_STATUS_PASSWORD_TOO_LONG, "the password has 2038 bytes");
    wide[0] = 0xe4;
    FAILS(pwseal_password_from_utf16(wide, 2037, &password), PWSEAL_STATUS_PASSWORD_TOO_LONG, "the password has 2038 bytes");
    CHECK(password == NULL);
    LENDS_NOT(PWSEAL_STATUS_NULL_POINTER, "password is NULL", pwseal_password_text, NULL);
    pwseal_password_free(NULL);
}

/* What no failure has, whatever is asked for. */
static void test_details(void)
{
    CHECK(pwseal_last_error_detail((pwseal_detail)-1) == -1);
    CHECK(pwseal_last_error_detail((pwseal_detail)9) == -1);
    CHECK(pwseal_last_error_detail((pwseal_detail)INT32_MAX) == -1);
    CHECK(pwseal_last_error_detail((pwseal_detail)INT32_MIN) == -1);
}

static void test_wipe(void)
{
    char buffer[] = "<hunter2>";
    pwseal_wipe(buffer + 1, 7);
    CHECK(memcmp(buffer, "<\0\0\0\0\0\0\0>", 9) == 0);
    pwseal_wipe(NULL, 0);
    pwseal_wipe(NULL, 1);
    pwseal_wipe(buffer, SIZE_MAX);
    CHECK(buffer[0] == '<');
}

int main(int argc, char **argv)
{
    int index;
    pwseal_key *key = NULL;
    if (argc < 4) {
        return 2;
    }
    CHECK_TEXT(pwseal_last_error(), "");
    DETAIL(PWSEAL_DETAIL_GIVEN, -1);
    OK(pwseal_prefer_backend_from_env());
    test_version();
    test_statuses();
    test_parse();
    test_components();
    test_null_handles();
    for (index = 3; index < argc; index++) {
        key = parse_file(argv[index]);
        test_description(key, argv[1]);
        if (index + 1 < argc) {
            pwseal_key_free(key);
        }
    }
    test_encrypt(key, pwseal_key_encrypt, SIZE, 0);
    test_encrypt(key, encrypt_base64, BASE64_SIZE, 1);
    test_encrypt_many(key, pwseal_key_encrypt_many, SIZE, 0);
    test_encrypt_many(key, encrypt_many_base64, BASE64_SIZE, 1);
    test_utf16(key);
    test_details();
    leave_ciphertexts(key, argv[2]);
    pwseal_key_free(key);
    test_wipe();
    test_backend(argv[argc - 1]);
    return failures == 0 ? 0 : 1;
}
