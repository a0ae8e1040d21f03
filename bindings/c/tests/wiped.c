/*
 * No memory that the library frees still holds a secret: every block is searched before it is freed.
 * The random source repeats itself, so that what is made once can be searched for when it is made again.
 *
 *     wiped PASSWORD_INFO_FILE
 */
#define _GNU_SOURCE /* memmem */

#include "pwseal.h"

#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>

#define PASSWORD "Wiped-Marker-Passw0rd"

extern void *__libc_malloc(size_t size);
extern void __libc_free(void *block);

static const char *marker = "";
static int found = 0;
static unsigned long freed = 0;

/* The library finds these functions before the C library's. */
void free(void *block)
{
    if (block != NULL && marker[0] != '\0'
        && memmem(block, malloc_usable_size(block), marker, strlen(marker)) != NULL) {
        found++;
    }
    freed++;
    __libc_free(block);
}

/* Always moves, so that what is left behind is seen. */
void *realloc(void *block, size_t size)
{
    void *moved = __libc_malloc(size);
    if (block != NULL && moved != NULL) {
        const size_t old = malloc_usable_size(block);
        memcpy(moved, block, old < size ? old : size);
        free(block);
    }
    return moved;
}

static uint32_t random_state;

ssize_t getrandom(void *buffer, size_t len, unsigned flags);

ssize_t getrandom(void *buffer, size_t len, unsigned flags)
{
    size_t index;
    (void)flags;
    for (index = 0; index < len; index++) {
        random_state = random_state * 1664525 + 1013904223;
        ((uint8_t *)buffer)[index] = (uint8_t)(random_state >> 24);
    }
    return (ssize_t)len;
}

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

static const char *const password = PASSWORD;
static const size_t password_len = sizeof PASSWORD - 1;

static pwseal_password_info *info = NULL;

static void encrypt_and_check(void)
{
#define BODY(encrypted, end)                                                            \
    "{\"identityId\": \"i\", \"encryptedPassword\": \"" encrypted                     \
    "\", \"publicKeyId\": \"k\", \"accountId\": \"a\", \"sourceId\": \"s\"" end
    static const char *const not_encrypted[] = {BODY(PASSWORD, "}"), BODY("\\/" PASSWORD, "}"), BODY("\\\"" PASSWORD, "}"),
                                                BODY(PASSWORD "\\u002b", "")};
    static uint8_t too_long[246];
    const pwseal_text rules[2] = {{"passwordMinLength is 100", 24}, {"checkPasswordAgainstAccountID is true", 37}};
    const pwseal_bytes many[3] = {{PASSWORD, sizeof PASSWORD - 1},
                                  {PASSWORD, sizeof PASSWORD - 1},
                                  {too_long, sizeof too_long}};
    uint8_t out[1024];
    size_t len = sizeof out;
    pwseal_key *key = NULL;
    pwseal_policy *policy = NULL;
    pwseal_context *context = NULL;
    pwseal_report *report = NULL;
    pwseal_change_request *change = NULL;
    memcpy(too_long, PASSWORD, sizeof PASSWORD);

    OK(pwseal_password_info_key(info, &key));
    OK(pwseal_key_encrypt(key, password, password_len, out, &len));
    len = sizeof out;
    OK(pwseal_key_encrypt_base64(key, password, password_len, (char *)out, &len));
    len = sizeof out;
    OK(pwseal_key_encrypt_many(key, many, 2, out, &len));
    len = sizeof out;
    OK(pwseal_key_encrypt_many_base64(key, many, 2, (char *)out, &len));
    len = sizeof out;
    /* Refused, after others were copied. */
    CHECK(pwseal_key_encrypt_many(key, many, 3, out, &len) == PWSEAL_STATUS_PASSWORD_TOO_LONG);
    pwseal_key_free(key);

    OK(pwseal_policy_from_strings(rules, 2, &policy));
    OK(pwseal_context_new(&context));
    OK(pwseal_context_set_account_id(context, "marker", 6));
    OK(pwseal_policy_check(policy, context, password, password_len, &report));
    CHECK(pwseal_report_has_violation(report));
    pwseal_report_free(report);
    pwseal_context_free(context);
    pwseal_policy_free(policy);
    OK(pwseal_password_info_check(info, NULL, 0, NULL, password, password_len, &report));
    pwseal_report_free(report);
    OK(pwseal_change_request_new(info, NULL, 0, NULL, password, password_len, 0, &change));
    pwseal_change_request_free(change);
    CHECK(pwseal_change_request_new(info, "x", 1, NULL, password, password_len, 0, &change) == PWSEAL_STATUS_ACCOUNT_NOT_FOUND);
    for (size_t index = 0; index < sizeof not_encrypted / sizeof *not_encrypted; index++) {
        CHECK(pwseal_change_request_parse(not_encrypted[index], strlen(not_encrypted[index]), &change)
              == PWSEAL_STATUS_INVALID_CHANGE_REQUEST);
    }
}

static void generate(char *generated)
{
    pwseal_policy *policy = NULL;
    pwseal_password *password = NULL;
    pwseal_text text;
    random_state = 7;
    OK(pwseal_policy_from_strings(NULL, 0, &policy));
    OK(pwseal_policy_generate(policy, NULL, 24, NULL, 0, false, &password));
    OK(pwseal_password_text(password, &text));
    memcpy(generated, text.data, text.len + 1);
    pwseal_password_free(password);
    pwseal_policy_free(policy);
}

static void make_body(char *body)
{
    pwseal_text text;
    pwseal_change_request *change = NULL;
    pwseal_change_request *parsed = NULL;
    pwseal_api *api = NULL;
    pwseal_request *request = NULL;
    random_state = 7;
    OK(pwseal_change_request_new(info, NULL, 0, NULL, password, password_len, 0, &change));
    OK(pwseal_change_request_body(change, &text));
    OK(pwseal_change_request_parse(text.data, text.len, &parsed));
    pwseal_change_request_free(change);
    OK(pwseal_api_new(PWSEAL_API_VERSION_V2026, "acme", 4, &api));
    OK(pwseal_api_set_password(api, parsed, &request));
    strcpy(body, pwseal_request_http(request)->body.data);
    pwseal_request_free(request);
    pwseal_api_free(api);
    pwseal_change_request_free(parsed);
}

static void read_digit_token(void)
{
    static const char body[] = "{\"digitToken\": \"090877130042\", \"requestId\": \"r\"}";
    pwseal_text text;
    pwseal_answer *answer = NULL;
    OK(pwseal_answer_read(PWSEAL_OPERATION_GENERATE_DIGIT_TOKEN, 200, NULL, 0, body, sizeof body - 1, &answer));
    OK(pwseal_answer_digit_token(answer, &text));
    CHECK(strcmp(text.data, "090877130042") == 0);
    pwseal_answer_free(answer);
}

static void from_utf16(void)
{
    static uint16_t units[sizeof PASSWORD];
    pwseal_password *password = NULL;
    size_t index;
    for (index = 0; index < sizeof PASSWORD; index++) {
        units[index] = (uint8_t)PASSWORD[index];
    }
    OK(pwseal_password_from_utf16(units, sizeof PASSWORD - 1, &password));
    pwseal_password_free(password);
    units[sizeof PASSWORD - 1] = 0xd800;
    CHECK(pwseal_password_from_utf16(units, sizeof PASSWORD, &password) == PWSEAL_STATUS_PASSWORD_NOT_TEXT);
}

/* Not about secrets, but seen here: a context is not copied for each addition. */
static void fill_context(void)
{
    unsigned long before;
    pwseal_context *context = NULL;
    int index;
    OK(pwseal_context_new(&context));
    before = freed;
    for (index = 0; index < 2000; index++) {
        OK(pwseal_context_add_account_name(context, "Abby", 4));
        OK(pwseal_context_add_account_attribute(context, "a", 1, "b", 1));
        OK(pwseal_context_add_identity_attribute(context, "a", 1, "b", 1));
    }
    CHECK(freed - before < 100000);
    pwseal_context_free(context);
}

int main(int argc, char **argv)
{
    static uint8_t json[8192];
    static char generated[25], again[25];
    static char body[1024], ciphertext[41];
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    size_t len;
    char *block;
    if (file == NULL) {
        return 2;
    }
    len = fread(json, 1, sizeof json, file);
    fclose(file);
    OK(pwseal_password_info_parse(json, len, &info));

    /* What is not wiped is found. */
    marker = PASSWORD;
    block = (char *)__libc_malloc(64);
    memcpy(block, PASSWORD, sizeof PASSWORD);
    free(block);
    CHECK(found == 1);
    block = (char *)__libc_malloc(64); /* the same one: it must not be found again */
    memset(block, 0, 64);
    free(block);
    found = 0;

    encrypt_and_check();
    from_utf16();
    CHECK(found == 0);
    marker = "wiped-marker-passw0rd"; /* the copy of a check that ignores case */
    encrypt_and_check();
    CHECK(found == 0);

    marker = "";
    generate(generated);
    marker = generated;
    generate(again);
    CHECK(memcmp(generated, again, sizeof again) == 0);
    CHECK(found == 0);

    marker = "";
    make_body(body);
    block = strstr(body, "\"encryptedPassword\":\"");
    CHECK(block != NULL);
    if (block != NULL) {
        memcpy(ciphertext, block + strlen("\"encryptedPassword\":\"") + 100, 40);
        marker = ciphertext;
        make_body(body);
        CHECK(strstr(body, ciphertext) != NULL);
        CHECK(found == 0);
    }

    marker = "090877130042";
    read_digit_token();
    CHECK(found == 0);
    marker = "";
    fill_context();
    pwseal_password_info_free(info);
    return failures == 0 ? 0 : 1;
}
