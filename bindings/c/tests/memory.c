/*
 * Memory that runs out: every function is called while each of its allocations fails, alone or with all after it. It
 * returns the status, leaves nothing behind, and works again.
 *
 *     memory PASSWORD_INFO_FILE
 */
#define _GNU_SOURCE

#include "pwseal.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/types.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);

/* How many allocations succeed before one fails, and whether all after it fail too. */
static long left = -1;
static int all_fail = 0;
static int has_failed = 0;
/* How many blocks there are. */
static long blocks = 0;
/* How often the status was returned. */
static long ran_out = 0;

static int fails(void)
{
    if (left < 0) {
        return 0;
    }
    if (left > 0) {
        left--;
        return 0;
    }
    has_failed = 1;
    if (!all_fail) {
        left = -1;
    }
    return 1;
}

static void *counted(void *block)
{
    blocks += block != NULL;
    return block;
}

/* The library finds these functions before the C library's. */
void *malloc(size_t size)
{
    return fails() ? NULL : counted(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : counted(__libc_calloc(count, size));
}

void *realloc(void *block, size_t size)
{
    if (block == NULL) {
        return malloc(size);
    }
    return fails() ? NULL : __libc_realloc(block, size);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
    *block = fails() ? NULL : counted(__libc_memalign(alignment, size));
    return *block == NULL ? ENOMEM : 0;
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : counted(__libc_memalign(alignment, size));
}

void free(void *block)
{
    blocks -= block != NULL;
    __libc_free(block);
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
/* Of a literal. */
#define TEXT(text) (text), sizeof(text) - 1
#define PASSWORD "correct horse 7"

static uint8_t json[8192];
static size_t json_len;

/* What the functions are called with. */
static pwseal_password_info *info;
static pwseal_key *key;
static pwseal_policy *policy;
static pwseal_context *context;
static pwseal_dictionary *dictionary;
static pwseal_report *report;
static pwseal_api *api;
static pwseal_change_request *change;
static pwseal_answer *query, *status_answer, *refused;
static char *body;
static size_t body_len;

/* A function that makes a handle, and one that frees it. */
#define MAKES(name, type, free_it, call)                                            \
    static pwseal_status name(void)                                                 \
    {                                                                               \
        type *out = (type *)&failures;                                              \
        const pwseal_status status = call;                                          \
        CHECK((status == PWSEAL_STATUS_OK) == (out != NULL));                       \
        free_it(out);                                                               \
        return status;                                                              \
    }

/* A function that writes to a buffer. */
#define WRITES(name, call)                                                          \
    static pwseal_status name(void)                                                 \
    {                                                                               \
        static char out[8192];                                                      \
        size_t out_len = sizeof out;                                                \
        const pwseal_status status = call;                                          \
        CHECK((status == PWSEAL_STATUS_OK) == (out_len > 0));                       \
        return status;                                                              \
    }

static const pwseal_text rules[] = {{TEXT("passwordMinLength is 5")}, {TEXT("checkPasswordsAgainstDictionary is true")}};
static const pwseal_bytes many[] = {{TEXT("a")}, {TEXT(PASSWORD)}, {TEXT("c")}};
static const pwseal_header headers[] = {{{TEXT("Retry-After")}, {TEXT("7")}}, {{TEXT("x")}, {TEXT("y")}}};
static const uint8_t e[] = {1, 0, 1};
static uint8_t n[256];
static const uint16_t units[] = {'p', 0xe4, 0xd83d, 0xdc0e};

MAKES(key_from_components, pwseal_key, pwseal_key_free, pwseal_key_from_components(n, sizeof n, e, sizeof e, &out))
MAKES(info_key, pwseal_key, pwseal_key_free, pwseal_password_info_key(info, &out))
WRITES(key_encrypt, pwseal_key_encrypt(key, TEXT(PASSWORD), out, &out_len))
WRITES(key_encrypt_base64, pwseal_key_encrypt_base64(key, TEXT(PASSWORD), out, &out_len))
WRITES(key_encrypt_many, pwseal_key_encrypt_many(key, many, 3, out, &out_len))
WRITES(key_encrypt_many_base64, pwseal_key_encrypt_many_base64(key, many, 3, out, &out_len))
WRITES(key_backend, pwseal_key_backend(key, out, &out_len))
WRITES(key_fingerprint, pwseal_key_fingerprint(key, out, &out_len))
MAKES(password_from_utf16, pwseal_password, pwseal_password_free, pwseal_password_from_utf16(units, 4, &out))
MAKES(policy_parse, pwseal_policy, pwseal_policy_free, pwseal_policy_parse(rules, 2, &out))
MAKES(policy_from_strings, pwseal_policy, pwseal_policy_free, pwseal_policy_from_strings(rules, 2, &out))
MAKES(info_policy, pwseal_policy, pwseal_policy_free, pwseal_password_info_policy(info, &out))
MAKES(policy_check, pwseal_report, pwseal_report_free, pwseal_policy_check(policy, context, TEXT(PASSWORD), &out))
MAKES(info_check, pwseal_report, pwseal_report_free, pwseal_password_info_check(info, NULL, 0, context, TEXT(PASSWORD), &out))
MAKES(policy_generate, pwseal_password, pwseal_password_free, pwseal_policy_generate(policy, context, 16, TEXT("x"), true, &out))
MAKES(info_generate, pwseal_password, pwseal_password_free, pwseal_password_info_generate(info, NULL, 0, NULL, 0, NULL, 0, false, &out))
WRITES(policy_rule, pwseal_policy_rule(policy, 0, out, &out_len))
WRITES(policy_rule_printable, pwseal_policy_rule_printable(policy, 0, out, &out_len))
WRITES(report_rule, pwseal_report_rule(report, 0, out, &out_len))
WRITES(report_rule_printable, pwseal_report_rule_printable(report, 0, out, &out_len))
WRITES(report_message, pwseal_report_message(report, 0, out, &out_len))
WRITES(report_warning, pwseal_report_warning(report, 0, out, &out_len))
MAKES(dictionary_parse, pwseal_dictionary, pwseal_dictionary_free, pwseal_dictionary_parse(TEXT("horse\nhouse\n"), &out))
MAKES(context_new, pwseal_context, pwseal_context_free, pwseal_context_new(&out))
MAKES(info_parse, pwseal_password_info, pwseal_password_info_free, pwseal_password_info_parse(json, json_len, &out))
MAKES(change_new, pwseal_change_request, pwseal_change_request_free,
      pwseal_change_request_new(info, NULL, 0, context, TEXT(PASSWORD), 0, &out))
MAKES(change_parse, pwseal_change_request, pwseal_change_request_free, pwseal_change_request_parse(body, body_len, &out))
MAKES(api_new, pwseal_api, pwseal_api_free, pwseal_api_new(PWSEAL_API_VERSION_V2026, TEXT("acme"), &out))
MAKES(api_at, pwseal_api, pwseal_api_free, pwseal_api_at(PWSEAL_API_VERSION_V1, TEXT("https://h.example/p"), &out))
MAKES(api_query, pwseal_request, pwseal_request_free, pwseal_api_query_password_info(api, TEXT("u"), TEXT("s"), &out))
MAKES(api_set, pwseal_request, pwseal_request_free, pwseal_api_set_password(api, change, &out))
MAKES(api_status, pwseal_request, pwseal_request_free, pwseal_api_password_change_status(api, TEXT("r"), &out))
MAKES(api_token, pwseal_request, pwseal_request_free, pwseal_api_generate_digit_token(api, TEXT("u"), 6, 5, &out))
MAKES(answer_query, pwseal_answer, pwseal_answer_free,
      pwseal_answer_read(PWSEAL_OPERATION_QUERY_PASSWORD_INFO, 200, headers, 2, json, json_len, &out))
MAKES(answer_status, pwseal_answer, pwseal_answer_free,
      pwseal_answer_read(PWSEAL_OPERATION_PASSWORD_CHANGE_STATUS, 200, headers, 2,
                         TEXT("{\"requestId\": \"r\", \"state\": \"ODD\", \"errors\": [\"e\"], \"sourceIds\": [\"s\"]}"), &out))
MAKES(answer_token, pwseal_answer, pwseal_answer_free,
      pwseal_answer_read(PWSEAL_OPERATION_GENERATE_DIGIT_TOKEN, 200, NULL, 0, TEXT("{\"digitToken\": \"123456\"}"), &out))
MAKES(answer_refused, pwseal_answer, pwseal_answer_free,
      pwseal_answer_read(PWSEAL_OPERATION_SET_PASSWORD, 400, headers, 2,
                         TEXT("{\"detailCode\": \"400.1\", \"messages\": [{\"locale\": \"en-US\", \"text\": \"no\"}]}"), &out))
MAKES(answer_page, pwseal_answer, pwseal_answer_free,
      pwseal_answer_read(PWSEAL_OPERATION_SET_PASSWORD, 502, headers, 2, TEXT("<html>bad gateway</html>"), &out))
MAKES(answer_info, pwseal_password_info, pwseal_password_info_free, pwseal_answer_password_info(query, &out))

static pwseal_status poll_next(void)
{
    pwseal_next next;
    uint64_t after;
    return pwseal_poll_next(NULL, status_answer, 1000, &next, &after);
}

static pwseal_status length_range(void)
{
    size_t shortest, longest;
    return pwseal_policy_length_range(policy, &shortest, &longest);
}

/* A context that grows, and is what it was where it cannot. */
static pwseal_status fill_context(void)
{
    pwseal_status status = pwseal_context_set_account_id(context, TEXT("CN=Abby Smith"));
    if (status == PWSEAL_STATUS_OK) {
        status = pwseal_context_add_account_name(context, TEXT("Abby.Smith"));
    }
    if (status == PWSEAL_STATUS_OK) {
        status = pwseal_context_add_account_attribute(context, TEXT("phone"), TEXT("555-1234"));
    }
    if (status == PWSEAL_STATUS_OK) {
        status = pwseal_context_add_identity_attribute(context, TEXT("city"), TEXT("Austin"));
    }
    if (status == PWSEAL_STATUS_OK) {
        status = pwseal_context_set_dictionary(context, dictionary);
    }
    return status;
}

/* Those that fail for another reason, with a message that is put together. */
#define REFUSED_WITH(name, wanted, call)                                            \
    static pwseal_status name(void)                                                 \
    {                                                                               \
        const pwseal_status status = call;                                          \
        return status == (wanted) ? PWSEAL_STATUS_OK : status;                      \
    }

static pwseal_change_request *no_change;
static pwseal_key *no_key;
static pwseal_policy *no_policy;
static char out_of_test[256];
static char small[8];
static pwseal_text nothing;

REFUSED_WITH(violation, PWSEAL_STATUS_POLICY_VIOLATION,
             pwseal_change_request_new(info, NULL, 0, NULL, TEXT("no"), 0, &no_change))
REFUSED_WITH(no_account, PWSEAL_STATUS_ACCOUNT_NOT_FOUND,
             pwseal_change_request_new(info, TEXT("nobody"), NULL, TEXT(PASSWORD), 0, &no_change))
REFUSED_WITH(bad_key, PWSEAL_STATUS_INVALID_KEY, pwseal_key_parse(TEXT("no key"), &no_key))
REFUSED_WITH(bad_policy, PWSEAL_STATUS_INVALID_POLICY, pwseal_policy_parse(&(pwseal_text){TEXT("x is 1")}, 1, &no_policy))
REFUSED_WITH(outcome, PWSEAL_STATUS_ANSWER_REFUSED, pwseal_answer_outcome(refused))
REFUSED_WITH(state_of_refused, PWSEAL_STATUS_ANSWER_REFUSED, pwseal_answer_request_id(refused, &nothing))
REFUSED_WITH(too_long, PWSEAL_STATUS_PASSWORD_TOO_LONG, pwseal_key_encrypt(key, json, 300, out_of_test, &(size_t){sizeof out_of_test}))
REFUSED_WITH(no_room, PWSEAL_STATUS_BUFFER_TOO_SMALL, pwseal_key_fingerprint(key, small, &(size_t){sizeof small}))

static const struct {
    const char *name;
    pwseal_status (*call)(void);
    /* Whether what the thread has is enough, so that it cannot fail but as the first call. */
    int never_fails;
} functions[] = {
#define F(name) {#name, name, 0}
#define NEVER(name) {#name, name, 1}
    NEVER(key_encrypt), NEVER(key_encrypt_base64), NEVER(key_encrypt_many), NEVER(key_encrypt_many_base64), F(too_long),
    F(key_from_components), F(info_key), F(key_backend), F(key_fingerprint), F(password_from_utf16), F(policy_parse),
    F(policy_from_strings), F(info_policy), F(policy_check), F(info_check), F(policy_generate), F(info_generate),
    F(policy_rule), F(policy_rule_printable), F(report_rule), F(report_rule_printable), F(report_message),
    F(report_warning), F(dictionary_parse), F(context_new), F(info_parse), F(change_new), F(change_parse), F(api_new),
    F(api_at), F(api_query), F(api_set), F(api_status), F(api_token), F(answer_query), F(answer_status), F(answer_token),
    F(answer_refused), F(answer_page), F(answer_info), F(poll_next), F(length_range), F(fill_context), F(violation),
    F(no_account), F(bad_key), F(bad_policy), F(outcome), F(state_of_refused), F(no_room), F(pwseal_prefer_backend_from_env),
};

/* One function, with each of its allocations. The number of those. */
static long sweep(size_t index)
{
    long allocation = 0;
    /* What the thread has is there. */
    OK(functions[index].call());
    for (;; allocation++) {
        pwseal_status status;
        int failed;
        left = allocation;
        has_failed = 0;
        status = functions[index].call();
        left = -1;
        failed = has_failed;
        /* What is done already is not undone: a message that is written, a ciphertext. */
        if (status != PWSEAL_STATUS_OK
            && (status != PWSEAL_STATUS_OUT_OF_MEMORY || !failed || functions[index].never_fails)) {
            fprintf(stderr, "%s, allocation %ld: status %d, %s\n", functions[index].name, allocation, (int)status,
                    pwseal_last_error());
            failures++;
        }
        ran_out += status == PWSEAL_STATUS_OUT_OF_MEMORY;
        if (status == PWSEAL_STATUS_OUT_OF_MEMORY) {
            CHECK(strcmp(pwseal_last_error(), "there is not enough memory") == 0 || *pwseal_last_error() == '\0');
        }
        if (!failed) {
            return allocation;
        }
        OK(functions[index].call());
    }
}

static void *on_a_thread(void *total)
{
    size_t index;
    for (index = 0; index < sizeof functions / sizeof functions[0]; index++) {
        *(long *)total += sweep(index);
    }
    return NULL;
}

/* Each thread has what is its own made anew, while memory runs out. */
static void *first_call(void *index)
{
    const size_t number = *(const size_t *)index;
    pwseal_status status;
    has_failed = 0;
    left = 0;
    status = functions[number].call();
    left = -1;
    CHECK(status == PWSEAL_STATUS_OUT_OF_MEMORY || status == PWSEAL_STATUS_OK);
    /* What it has of its own is allocated at least. */
    CHECK(has_failed);
    return NULL;
}

/* As a batch in a process that may have little memory. */
static void little_memory(void)
{
    static char out[256];
    const struct rlimit little = {300 << 20, 300 << 20};
    const size_t count = 400000;
    pwseal_bytes *passwords = malloc(count * sizeof *passwords);
    size_t len = sizeof out;
    size_t index;
    char *ciphertexts;
    CHECK(setrlimit(RLIMIT_AS, &little) == 0);
    for (index = 0; index < count; index++) {
        passwords[index].data = PASSWORD;
        passwords[index].len = strlen(PASSWORD);
    }
    ciphertexts = malloc(count / 2 * 256);
    len = count / 2 * 256;
    CHECK(ciphertexts != NULL);
    OK(pwseal_key_encrypt_many(key, passwords, count / 2, ciphertexts, &len));
    free(ciphertexts);
    free(passwords);
}

/* The first batch of a key in a new process: its tables, and the self-test where no backend is preferred. */
static void first_batch(const char *path)
{
    static char text[8192];
    static char out[9 * 2048];
    const pwseal_bytes passwords[9] = {{TEXT(PASSWORD)}, {TEXT(PASSWORD)}, {TEXT(PASSWORD)}, {TEXT(PASSWORD)}, {TEXT(PASSWORD)},
                                       {TEXT(PASSWORD)}, {TEXT(PASSWORD)}, {TEXT(PASSWORD)}, {TEXT(PASSWORD)}};
    FILE *file = fopen(path, "rb");
    size_t len;
    long allocation;
    CHECK(file != NULL);
    len = fread(text, 1, sizeof text, file);
    fclose(file);
    OK(pwseal_prefer_backend_from_env());
    OK(pwseal_key_parse(text, len, &key));
    for (allocation = 0, has_failed = 1; has_failed; allocation++) {
        pwseal_status status;
        size_t out_len = sizeof out;
        has_failed = 0;
        all_fail = 1;
        left = allocation;
        status = pwseal_key_encrypt_many(key, passwords, 9, out, &out_len);
        left = -1;
        CHECK(status == PWSEAL_STATUS_OK || (status == PWSEAL_STATUS_OUT_OF_MEMORY && has_failed));
    }
    CHECK(allocation > 2);
    pwseal_key_free(key);
}

int main(int argc, char **argv)
{
    const pwseal_text all_rules[] = {{TEXT("passwordMinLength is 5")}, {TEXT("checkPasswordsAgainstDictionary is true")},
                                     {TEXT("passwordHistory is 5")}};
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (argc == 3) {
        first_batch(argv[2]);
        return failures == 0 ? 0 : 1;
    }
    pwseal_text lent;
    long before, total = 0;
    size_t index;
    if (file == NULL) {
        return 2;
    }
    json_len = fread(json, 1, sizeof json, file);
    fclose(file);
    memset(n, 0xff, sizeof n);
    OK(pwseal_password_info_parse(json, json_len, &info));
    OK(pwseal_password_info_key(info, &key));
    OK(pwseal_policy_from_strings(all_rules, 3, &policy));
    OK(pwseal_dictionary_parse(TEXT("house\n"), &dictionary));
    OK(pwseal_context_new(&context));
    OK(pwseal_context_set_dictionary(context, dictionary));
    OK(pwseal_policy_check(policy, context, TEXT("hunter:2"), &report));
    OK(pwseal_api_new(PWSEAL_API_VERSION_V2026, TEXT("acme"), &api));
    OK(pwseal_change_request_new(info, NULL, 0, NULL, TEXT(PASSWORD), 0, &change));
    OK(pwseal_change_request_body(change, &lent));
    body_len = lent.len;
    body = malloc(body_len);
    memcpy(body, lent.data, body_len);
    OK(pwseal_answer_read(PWSEAL_OPERATION_QUERY_PASSWORD_INFO, 200, NULL, 0, json, json_len, &query));
    OK(pwseal_answer_read(PWSEAL_OPERATION_PASSWORD_CHANGE_STATUS, 502, NULL, 0, NULL, 0, &status_answer));
    OK(pwseal_answer_read(PWSEAL_OPERATION_SET_PASSWORD, 429, headers, 2, TEXT("{\"message\": \"slower\"}"), &refused));

    for (all_fail = 0; all_fail <= 1; all_fail++) {
        for (index = 0; index < sizeof functions / sizeof functions[0]; index++) {
            pthread_t thread;
            CHECK(pthread_create(&thread, NULL, first_call, &index) == 0);
            CHECK(pthread_join(thread, NULL) == 0);
        }
        {
            pthread_t thread;
            before = blocks;
            CHECK(pthread_create(&thread, NULL, on_a_thread, &total) == 0);
            CHECK(pthread_join(thread, NULL) == 0);
            /* The context has grown, and the C library keeps what a thread was started with. */
            CHECK(blocks - before < 2000);
        }
    }
    before = blocks;
    for (index = 0; index < sizeof functions / sizeof functions[0]; index++) {
        if (functions[index].call != fill_context) {
            total += sweep(index);
        }
    }
    for (index = 0; index < sizeof functions / sizeof functions[0]; index++) {
        long start;
        /* A reserve that is too long to be kept takes the place of the one that was, which this makes anew. */
        OK(functions[0].call());
        start = blocks;
        if (functions[index].call != fill_context) {
            total += sweep(index);
            OK(functions[0].call());
            if (blocks != start) {
                fprintf(stderr, "%s leaves %ld blocks\n", functions[index].name, blocks - start);
                failures++;
            }
        }
    }
    CHECK(ran_out > 5000 && 2 * ran_out > total);
    printf("%ld allocations failed, %ld calls said so\n", total, ran_out);
    little_memory();
    return failures == 0 ? 0 : 1;
}
