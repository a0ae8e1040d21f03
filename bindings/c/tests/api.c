/*
 * Every function and every status of pwseal.h, as C99, as C11 and as C++17.
 *
 *     api FINGERPRINT OUT_DIR KEY_FILE...
 *
 * Each file holds the same key of 2048 bits in another form. What is encrypted here is left
 * in OUT_DIR, for the caller to decrypt with OpenSSL.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* syscall */
#endif

#include "pwseal.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#define PASSWORD "p\xc3\xa4ssw\xc3\xb6rd \xe2\x82\xac"
#define SIZE 256
#define BASE64_SIZE 345
#define FINGERPRINT_SIZE 65

static int failures = 0;

#define CHECK(condition)                                                            \
    do {                                                                            \
        if (!(condition)) {                                                         \
            fprintf(stderr, "%s:%d: %s (last error: %s)\n", __FILE__, __LINE__,     \
                    #condition, pwseal_last_error());                               \
            failures++;                                                             \
        }                                                                           \
    } while (0)

#define CHECK_TEXT(text, wanted) CHECK(strcmp((text), (wanted)) == 0)

/* The library finds this function before the C library's: a source that can fail. */
static int random_source_fails = 0;

#ifdef __cplusplus
extern "C"
#endif
ssize_t getrandom(void *buffer, size_t len, unsigned flags);

ssize_t getrandom(void *buffer, size_t len, unsigned flags)
{
    if (random_source_fails) {
        errno = EIO;
        return -1;
    }
    return (ssize_t)syscall(SYS_getrandom, buffer, len, flags);
}

static const uint8_t *bytes(const char *text)
{
    return (const uint8_t *)text;
}

static pwseal_key *parse_file(const char *path)
{
    static uint8_t content[4096];
    FILE *file = fopen(path, "rb");
    size_t len;
    pwseal_key *key = NULL;
    if (file == NULL) {
        perror(path);
        exit(2);
    }
    len = fread(content, 1, sizeof content, file);
    fclose(file);
    CHECK(pwseal_key_parse(content, len, &key) == PWSEAL_STATUS_OK);
    return key;
}

static void write_file(const char *directory, const char *name, const void *content, size_t len)
{
    char path[4096];
    FILE *file;
    snprintf(path, sizeof path, "%s/%s", directory, name);
    file = fopen(path, "wb");
    if (file == NULL || fwrite(content, 1, len, file) != len || fclose(file) != 0) {
        perror(path);
        exit(2);
    }
}

static int all_are(const void *buffer, uint8_t value, size_t len)
{
    const uint8_t *byte = (const uint8_t *)buffer;
    while (len > 0 && byte[len - 1] == value) {
        len--;
    }
    return len == 0;
}

static void *last_error_is_empty(void *unused)
{
    (void)unused;
    CHECK_TEXT(pwseal_last_error(), "");
    return NULL;
}

static void test_statuses(void)
{
    static const pwseal_status statuses[] = {
        PWSEAL_STATUS_OK,           PWSEAL_STATUS_NULL_POINTER,   PWSEAL_STATUS_LENGTH_TOO_LARGE,
        PWSEAL_STATUS_BUFFER_TOO_SMALL, PWSEAL_STATUS_PANIC,      PWSEAL_STATUS_INVALID_KEY,
        PWSEAL_STATUS_EMPTY_PASSWORD,   PWSEAL_STATUS_PASSWORD_TOO_LONG,
        PWSEAL_STATUS_RANDOM_SOURCE,
    };
    const int count = sizeof statuses / sizeof statuses[0];
    int number;
    CHECK_TEXT(pwseal_status_message(PWSEAL_STATUS_OK), "success");
    for (number = 0; number < count; number++) {
        CHECK(statuses[number] == number);
        CHECK(number == 0 || strcmp(pwseal_status_message(number), pwseal_status_message(number - 1)) != 0);
        CHECK(strcmp(pwseal_status_message(number), "unknown status") != 0);
    }
    CHECK_TEXT(pwseal_status_message(count), "unknown status");
    CHECK_TEXT(pwseal_status_message(-1), "unknown status");
    CHECK_TEXT(pwseal_status_message(INT32_MIN), "unknown status");
}

static void test_parse(void)
{
    /* What a failure must leave alone. */
    pwseal_key *const untouched = (pwseal_key *)&failures;
    pwseal_key *key = untouched;
    pthread_t thread;

    CHECK(pwseal_key_parse(NULL, 0, &key) == PWSEAL_STATUS_INVALID_KEY);
    CHECK_TEXT(pwseal_last_error(), "the key is empty");
    CHECK(pwseal_key_parse(bytes("AIIBIjAN"), 8, &key) == PWSEAL_STATUS_INVALID_KEY);
    CHECK(strstr(pwseal_last_error(), "it does not start with 0x30") != NULL);
    CHECK(pwseal_key_parse(NULL, 1, &key) == PWSEAL_STATUS_NULL_POINTER);
    CHECK_TEXT(pwseal_last_error(), "bytes is NULL");
    CHECK(pwseal_key_parse(bytes("MIIB"), (size_t)PTRDIFF_MAX + 1, &key) == PWSEAL_STATUS_LENGTH_TOO_LARGE);
    CHECK(strncmp(pwseal_last_error(), "bytes has a length of ", 22) == 0);
    CHECK(pwseal_key_parse(bytes("MIIB"), 4, NULL) == PWSEAL_STATUS_NULL_POINTER);
    CHECK_TEXT(pwseal_last_error(), "out is NULL");
    CHECK(key == untouched);

    pthread_create(&thread, NULL, last_error_is_empty, NULL);
    pthread_join(thread, NULL);
    CHECK_TEXT(pwseal_last_error(), "out is NULL");
}

static void test_description(const pwseal_key *key, const char *fingerprint)
{
    char text[FINGERPRINT_SIZE + 1];
    size_t len = 0;

    CHECK(pwseal_key_bits(key) == 2048);
    CHECK(pwseal_key_size(key) == SIZE);
    CHECK(pwseal_key_max_password_len(key) == SIZE - 11);

    CHECK(pwseal_key_fingerprint(key, NULL, &len) == PWSEAL_STATUS_BUFFER_TOO_SMALL);
    CHECK(len == FINGERPRINT_SIZE);
    memset(text, 0x55, sizeof text);
    CHECK(pwseal_key_fingerprint(key, text, &len) == PWSEAL_STATUS_OK);
    CHECK(len == FINGERPRINT_SIZE);
    CHECK(text[FINGERPRINT_SIZE] == 0x55);
    CHECK_TEXT(text, fingerprint);
}

static void test_null_handles(void)
{
    uint8_t out[SIZE];
    size_t len = sizeof out;

    pwseal_key_free(NULL);
    CHECK(pwseal_key_bits(NULL) == 0);
    CHECK(pwseal_key_size(NULL) == 0);
    CHECK(pwseal_key_max_password_len(NULL) == 0);
    CHECK(pwseal_key_fingerprint(NULL, (char *)out, &len) == PWSEAL_STATUS_NULL_POINTER);
    CHECK_TEXT(pwseal_last_error(), "key is NULL");
    CHECK(pwseal_key_encrypt(NULL, bytes("x"), 1, out, &len) == PWSEAL_STATUS_NULL_POINTER);
    CHECK_TEXT(pwseal_last_error(), "key is NULL");
    CHECK(pwseal_key_encrypt_base64(NULL, bytes("x"), 1, (char *)out, &len) == PWSEAL_STATUS_NULL_POINTER);
    CHECK_TEXT(pwseal_last_error(), "key is NULL");
    CHECK(len == sizeof out);
}

/* Both ways to encrypt fail alike, so that one function tests them both. */
typedef pwseal_status encrypt_function(const pwseal_key *, const uint8_t *, size_t, uint8_t *, size_t *);

static pwseal_status encrypt_base64(const pwseal_key *key, const uint8_t *password, size_t password_len,
                                    uint8_t *out, size_t *out_len)
{
    return pwseal_key_encrypt_base64(key, password, password_len, (char *)out, out_len);
}

static void test_encrypt(const pwseal_key *key, encrypt_function *encrypt, size_t needed)
{
    static const uint8_t password[SIZE - 10] = {'h', 'u', 'n', 't', 'e', 'r', '2'};
    uint8_t out[BASE64_SIZE + 1];
    uint8_t again[BASE64_SIZE + 1];
    size_t len;
    memset(out, 0x55, sizeof out);

    /* How much room: the password is not looked at. */
    len = sizeof out;
    CHECK(encrypt(key, NULL, 1, NULL, &len) == PWSEAL_STATUS_BUFFER_TOO_SMALL);
    CHECK(len == needed);
    len = needed - 1;
    CHECK(encrypt(key, password, 7, out, &len) == PWSEAL_STATUS_BUFFER_TOO_SMALL);
    CHECK(len == needed);
    CHECK(strncmp(pwseal_last_error(), "out has room for ", 17) == 0);

    /* What is refused leaves `out` and `len` alone. */
    len = sizeof out;
    CHECK(encrypt(key, password, 7, out, NULL) == PWSEAL_STATUS_NULL_POINTER);
    CHECK_TEXT(pwseal_last_error(), "out_len is NULL");
    CHECK(encrypt(key, NULL, 7, out, &len) == PWSEAL_STATUS_NULL_POINTER);
    CHECK_TEXT(pwseal_last_error(), "password is NULL");
    CHECK(encrypt(key, password, SIZE_MAX, out, &len) == PWSEAL_STATUS_LENGTH_TOO_LARGE);
    CHECK(encrypt(key, password, PTRDIFF_MAX, out, &len) == PWSEAL_STATUS_PASSWORD_TOO_LONG);
    CHECK(encrypt(key, password, SIZE - 10, out, &len) == PWSEAL_STATUS_PASSWORD_TOO_LONG);
    CHECK_TEXT(pwseal_last_error(), "the password has 246 bytes; the longest that this key can encrypt has 245");
    CHECK(encrypt(key, password, 0, out, &len) == PWSEAL_STATUS_EMPTY_PASSWORD);
    CHECK(encrypt(key, NULL, 0, out, &len) == PWSEAL_STATUS_EMPTY_PASSWORD);
    CHECK_TEXT(pwseal_last_error(), "the password is empty");
    random_source_fails = 1;
    CHECK(encrypt(key, password, 7, out, &len) == PWSEAL_STATUS_RANDOM_SOURCE);
    random_source_fails = 0;
    CHECK(len == sizeof out);
    CHECK(all_are(out, 0x55, sizeof out));

    /* The longest password, into more room than needed and into just enough. */
    CHECK(encrypt(key, password, SIZE - 11, out, &len) == PWSEAL_STATUS_OK);
    CHECK(len == needed);
    CHECK(all_are(out + needed, 0x55, sizeof out - needed));
    CHECK(encrypt(key, password, SIZE - 11, again, &len) == PWSEAL_STATUS_OK);
    CHECK(len == needed);
    CHECK(memcmp(out, again, needed) != 0);

    /* A success does not take the last error away. */
    CHECK(strstr(pwseal_last_error(), "random") != NULL);
}

static void leave_ciphertexts(const pwseal_key *key, const char *directory)
{
    uint8_t out[SIZE];
    char text[BASE64_SIZE];
    size_t len = sizeof out;
    size_t text_len = sizeof text;

    CHECK(pwseal_key_encrypt(key, bytes(PASSWORD), strlen(PASSWORD), out, &len) == PWSEAL_STATUS_OK);
    write_file(directory, "ciphertext", out, len);
    CHECK(pwseal_key_encrypt_base64(key, bytes(PASSWORD), strlen(PASSWORD), text, &text_len) == PWSEAL_STATUS_OK);
    CHECK(strlen(text) == BASE64_SIZE - 1);
    write_file(directory, "ciphertext.b64", text, strlen(text));
    write_file(directory, "password", PASSWORD, strlen(PASSWORD));
}

static void *encrypt_often(void *shared)
{
    const pwseal_key *key = (const pwseal_key *)shared;
    uint8_t out[SIZE];
    size_t len = sizeof out;
    int round;
    for (round = 0; round < 20; round++) {
        CHECK(pwseal_key_encrypt(key, bytes("hunter2"), 7, out, &len) == PWSEAL_STATUS_OK);
        CHECK(pwseal_key_encrypt(key, bytes(""), 0, out, &len) == PWSEAL_STATUS_EMPTY_PASSWORD);
        CHECK_TEXT(pwseal_last_error(), "the password is empty");
    }
    return NULL;
}

static void test_threads(pwseal_key *key)
{
    pthread_t threads[4];
    int index;
    for (index = 0; index < 4; index++) {
        CHECK(pthread_create(&threads[index], NULL, encrypt_often, key) == 0);
    }
    for (index = 0; index < 4; index++) {
        pthread_join(threads[index], NULL);
    }
}

static void test_wipe(void)
{
    char buffer[] = "<hunter2>";
    CHECK(pwseal_wipe(buffer + 1, 7) == PWSEAL_STATUS_OK);
    CHECK(memcmp(buffer, "<\0\0\0\0\0\0\0>", 9) == 0);
    CHECK(pwseal_wipe(NULL, 0) == PWSEAL_STATUS_OK);
    CHECK(pwseal_wipe(NULL, 1) == PWSEAL_STATUS_NULL_POINTER);
    CHECK_TEXT(pwseal_last_error(), "buffer is NULL");
    CHECK(pwseal_wipe(buffer, SIZE_MAX) == PWSEAL_STATUS_LENGTH_TOO_LARGE);
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
    test_statuses();
    test_parse();
    test_null_handles();
    for (index = 3; index < argc; index++) {
        key = parse_file(argv[index]);
        test_description(key, argv[1]);
        if (index + 1 < argc) {
            pwseal_key_free(key);
        }
    }
    test_encrypt(key, pwseal_key_encrypt, SIZE);
    test_encrypt(key, encrypt_base64, BASE64_SIZE);
    leave_ciphertexts(key, argv[2]);
    test_threads(key);
    pwseal_key_free(key);
    test_wipe();
    return failures == 0 ? 0 : 1;
}
