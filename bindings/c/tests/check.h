/* What the tests share: a check that counts failures, and a random source that can fail. */
#ifndef CHECK_H
#define CHECK_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* syscall */
#endif

#include "pwseal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static int failures = 0;

#define CHECK(condition)                                                            \
    do {                                                                            \
        if (!(condition)) {                                                         \
            fprintf(stderr, "%s:%d: %s (last error: %s)\n", __FILE__, __LINE__,     \
                    #condition, pwseal_last_error());                               \
            failures++;                                                             \
        }                                                                           \
    } while (0)

#define OK(call) CHECK((call) == PWSEAL_STATUS_OK)

#define CHECK_TEXT(text, wanted) CHECK(strcmp((text), (wanted)) == 0)

/* A call that fails with a status, and a last error that starts with some words. */
#define FAILS(call, status, words)                                                  \
    do {                                                                            \
        CHECK((call) == (status));                                                  \
        CHECK(strncmp(pwseal_last_error(), (words), strlen(words)) == 0);           \
    } while (0)

/*
 * A function that writes a text: how much room it asks for, what it does with one byte less, that
 * it writes what is wanted and not a byte more.
 */
#define WRITES(wanted, function, ...)                                               \
    do {                                                                            \
        char out_[4096];                                                            \
        char before_[4096];                                                         \
        const size_t needed_ = strlen(wanted) + 1;                                  \
        size_t len_ = 0;                                                            \
        memset(out_, 0x55, sizeof out_);                                            \
        strcpy(before_, pwseal_last_error());                                       \
        CHECK(function(__VA_ARGS__, NULL, &len_) == PWSEAL_STATUS_BUFFER_TOO_SMALL); \
        CHECK(len_ == needed_);                                                     \
        CHECK_TEXT(pwseal_last_error(), before_); /* it was only asked for */       \
        len_ = needed_ - 1;                                                         \
        FAILS(function(__VA_ARGS__, out_, &len_), PWSEAL_STATUS_BUFFER_TOO_SMALL,   \
              "out has room for ");                                                 \
        CHECK(len_ == needed_);                                                     \
        CHECK(pwseal_last_error_detail(PWSEAL_DETAIL_GIVEN) == (int64_t)needed_ - 1); \
        CHECK(pwseal_last_error_detail(PWSEAL_DETAIL_WANTED) == (int64_t)needed_);  \
        CHECK(out_[0] == (needed_ > 1 ? '\0' : 0x55));                              \
        CHECK(all_are(out_ + 1, 0x55, sizeof out_ - 1));                            \
        FAILS(function(__VA_ARGS__, out_, NULL), PWSEAL_STATUS_NULL_POINTER,        \
              "out_len is NULL");                                                   \
        OK(function(__VA_ARGS__, out_, &len_));                                     \
        CHECK(len_ == needed_ - 1);                                                 \
        CHECK(out_[needed_ - 1] == '\0');                                           \
        CHECK_TEXT(out_, wanted);                                                   \
        CHECK(all_are(out_ + needed_, 0x55, sizeof out_ - needed_));                \
    } while (0)

/* A function that would write a text, and leaves an empty one when it fails. */
#define WRITES_NOT(status, words, function, ...)                                    \
    do {                                                                            \
        char out_[64];                                                              \
        size_t len_ = sizeof out_;                                                  \
        memset(out_, 0x55, sizeof out_);                                            \
        FAILS(function(__VA_ARGS__, out_, &len_), status, words);                   \
        CHECK(len_ == 0 && out_[0] == '\0' && all_are(out_ + 1, 0x55, sizeof out_ - 1)); \
    } while (0)

/* A function that lends a text. */
#define LENDS(wanted, function, ...)                                                \
    do {                                                                            \
        pwseal_text text_ = {NULL, 7};                                              \
        FAILS(function(__VA_ARGS__, NULL), PWSEAL_STATUS_NULL_POINTER, "out is NULL"); \
        OK(function(__VA_ARGS__, &text_));                                          \
        CHECK(text_.len == strlen(wanted));                                         \
        CHECK_TEXT(text_.data, wanted); /* with a NUL */                            \
    } while (0)

/* A function that would lend a text, and lends none when it fails. */
#define LENDS_NOT(status, words, function, ...)                                     \
    do {                                                                            \
        pwseal_text text_ = {"x", 7};                                               \
        FAILS(function(__VA_ARGS__, &text_), status, words);                        \
        CHECK(text_.data == NULL && text_.len == 0);                                \
    } while (0)

/* What a request has, and that each text ends with a NUL. */
#define REQUEST_HAS(request, field, wanted)                                         \
    do {                                                                            \
        const pwseal_text text_ = pwseal_request_http(request)->field;              \
        CHECK(text_.len == strlen(wanted));                                         \
        CHECK_TEXT(text_.data, wanted);                                             \
    } while (0)

/* A number of the last failure. */
#define DETAIL(detail, wanted) CHECK(pwseal_last_error_detail(detail) == (wanted))

/* A text's two arguments. */
#define TEXT(text) (text), strlen(text)

/* A length that no object has. */
#define TOO_LONG ((size_t)PTRDIFF_MAX + 1)

static inline int all_are(const void *buffer, uint8_t value, size_t len)
{
    const uint8_t *byte = (const uint8_t *)buffer;
    while (len > 0 && byte[len - 1] == value) {
        len--;
    }
    return len == 0;
}

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

static inline size_t read_file(const char *path, uint8_t *content, size_t room)
{
    FILE *file = fopen(path, "rb");
    size_t len;
    if (file == NULL) {
        perror(path);
        exit(2);
    }
    len = fread(content, 1, room, file);
    fclose(file);
    return len;
}

static inline void write_file(const char *directory, const char *name, const void *content, size_t len)
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

#endif
