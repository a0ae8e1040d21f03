/*
 * Any bytes through every function of the C interface: `boundary ROUNDS FILE...` gives every file to
 * it, and changed versions of each. All buffers are as long as they are said to be, and end where a
 * page begins that cannot be touched: AddressSanitizer alone sees what C does, and not what Rust does.
 *
 * BOUNDARY_STACK is the size in bytes of the stack of the thread that does it.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <pwseal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* A length that no object has. */
#define TOO_LONG ((size_t)PTRDIFF_MAX + 1)
#define ANY "anything at all"

static uint64_t state = 0x9e3779b97f4a7c15;

static size_t below(size_t bound)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (size_t)(state % bound);
}

static void require(int is_so, const char *what)
{
    if (!is_so) {
        fprintf(stderr, "%s: %s\n", what, pwseal_last_error());
        abort();
    }
}

#define REQUIRE(condition) require((condition), #condition)

#define PAGE ((size_t)4096)

/* Short buffers that were given back: a new mapping for each would take most of the time. */
static uint8_t *fences[256];
static size_t fence_count;

static size_t mapped(size_t len)
{
    return len <= PAGE ? PAGE : (len + PAGE - 1) / PAGE * PAGE;
}

/* A buffer that ends where nothing can be read or written. */
static void *fenced(size_t len)
{
    size_t room = mapped(len);
    if (room == PAGE && fence_count > 0)
        return fences[--fence_count] + room - len;
    uint8_t *start = mmap(NULL, room + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(start != MAP_FAILED && mprotect(start + room, PAGE, PROT_NONE) == 0);
    return start + room - len;
}

static void give_back(void *buffer, size_t len)
{
    size_t room = mapped(len);
    uint8_t *start = (uint8_t *)buffer + len - room;
    if (room == PAGE && fence_count < sizeof fences / sizeof fences[0])
        fences[fence_count++] = start;
    else
        REQUIRE(munmap(start, room + PAGE) == 0);
}

/* Whatever came in, this is what may come out; and whether it is OK. */
static int fine(pwseal_status status, const char *call)
{
    /* The last is for what has no status of its own: an error that was forgotten. */
    require(status >= PWSEAL_STATUS_OK && status < PWSEAL_STATUS_OTHER && status != PWSEAL_STATUS_PANIC, call);
    require(status == PWSEAL_STATUS_OK || *pwseal_last_error() != '\0', call);
    return status == PWSEAL_STATUS_OK;
}

#define FINE(call) fine((call), #call)

/* A handle, or none and no other change. */
#define MAKE(type, handle, function, ...)                                              \
    type *handle = NULL;                                                               \
    REQUIRE(FINE(function(__VA_ARGS__, &handle)) == (handle != NULL))

/* A function that writes a text: into the room that it asks for, and not into one byte less. */
#define WRITES(function, ...)                                                          \
    do {                                                                               \
        size_t needed_ = 0;                                                            \
        pwseal_status status_ = function(__VA_ARGS__, NULL, &needed_);                 \
        REQUIRE(!FINE(status_));                                                       \
        REQUIRE(!FINE(function(__VA_ARGS__, NULL, NULL)));                             \
        if (status_ == PWSEAL_STATUS_BUFFER_TOO_SMALL) {                               \
            size_t less_ = needed_ - 1;                                                \
            char *text_ = fenced(less_);                                               \
            REQUIRE(function(__VA_ARGS__, text_, &less_) == status_ && less_ == needed_); \
            give_back(text_, needed_ - 1);                                             \
            const size_t room_ = needed_;                                              \
            text_ = fenced(room_);                                                     \
            REQUIRE(FINE(function(__VA_ARGS__, text_, &needed_)));                     \
            REQUIRE(needed_ == room_ - 1 && text_[needed_] == '\0');                   \
            give_back(text_, room_);                                                   \
        }                                                                              \
    } while (0)

/* A function that lends a text, with a NUL after it, or none. */
#define LENDS(function, ...)                                                           \
    do {                                                                               \
        pwseal_text text_ = {"", 7};                                                   \
        const int lent_ = FINE(function(__VA_ARGS__, &text_));                         \
        REQUIRE(lent_ ? text_.data[text_.len] == '\0' : text_.data == NULL && text_.len == 0); \
        REQUIRE(!FINE(function(__VA_ARGS__, NULL)));                                   \
    } while (0)

/* How many inputs went how far: each kind must be among them. */
static struct {
    size_t keys, policies, infos, changes, requests, answers, refusals;
} seen;

/* What is left of the input. Each piece is a buffer of its own. */
static const uint8_t *rest;
static size_t rest_len;
static struct {
    void *start;
    size_t len;
} pieces[64];
static size_t piece_count;

static void *buffer(size_t len)
{
    REQUIRE(piece_count < sizeof pieces / sizeof pieces[0]);
    pieces[piece_count].start = fenced(len);
    pieces[piece_count].len = len;
    return pieces[piece_count++].start;
}

static const uint8_t *piece(size_t *len)
{
    *len = below(4) ? below(rest_len % 40 + 1) : below(rest_len + 1);
    uint8_t *bytes = buffer(*len);
    memcpy(bytes, rest, *len);
    rest += *len;
    rest_len -= *len;
    return bytes;
}

static pwseal_text text(void)
{
    pwseal_text text;
    text.data = (const char *)piece(&text.len);
    return text;
}

static void start(const uint8_t *bytes, size_t len)
{
    while (piece_count > 0) {
        piece_count--;
        give_back(pieces[piece_count].start, pieces[piece_count].len);
    }
    rest = bytes;
    rest_len = len;
}

static size_t any_index(void)
{
    return below(8) ? below(4) : SIZE_MAX - below(2);
}

static void use_key(const pwseal_key *key)
{
    size_t size = pwseal_key_size(key), len, count = below(4);
    seen.keys++;
    REQUIRE(size >= 128 && size == (pwseal_key_bits(key) + 7) / 8);
    REQUIRE(pwseal_key_max_password_len(key) + 11 == size);
    WRITES(pwseal_key_backend, key);
    WRITES(pwseal_key_fingerprint, key);

    const uint8_t *password = piece(&len);
    for (size_t room = size - 2; room <= size + 1; room++) {
        uint8_t *out = fenced(room);
        size_t out_len = room;
        pwseal_status status = pwseal_key_encrypt(key, password, len, out, &out_len);
        FINE(status);
        REQUIRE(out_len == (status == PWSEAL_STATUS_OK || room < size ? size : 0));
        REQUIRE((status == PWSEAL_STATUS_BUFFER_TOO_SMALL) == (room < size));
        give_back(out, room);
    }
    size_t needed = (size + 2) / 3 * 4 + 1, text_len = 0;
    REQUIRE(pwseal_key_encrypt_base64(key, password, len, NULL, &text_len) == PWSEAL_STATUS_BUFFER_TOO_SMALL);
    REQUIRE(text_len == needed);
    char *text = fenced(needed);
    pwseal_status status = pwseal_key_encrypt_base64(key, password, len, text, &text_len);
    REQUIRE(FINE(status) ? strlen(text) + 1 == needed && text_len + 1 == needed
                         : status == PWSEAL_STATUS_EMPTY_PASSWORD || status == PWSEAL_STATUS_PASSWORD_TOO_LONG);
    give_back(text, needed);

    pwseal_bytes *many = buffer(count * sizeof *many);
    for (size_t i = 0; i < count; i++)
        many[i].data = piece(&many[i].len);
    size_t blocks_len = count * size, texts_len = count * needed;
    uint8_t *blocks = fenced(blocks_len);
    int encrypted = FINE(pwseal_key_encrypt_many(key, many, count, blocks, &blocks_len));
    REQUIRE(blocks_len == (encrypted ? count * size : 0));
    give_back(blocks, count * size);
    char *texts = fenced(texts_len);
    encrypted = FINE(pwseal_key_encrypt_many_base64(key, many, count, texts, &texts_len));
    REQUIRE(texts_len == (encrypted ? count * needed : 0));
    give_back(texts, count * needed);
}

static void use_report(pwseal_report *report)
{
    pwseal_finding finding;
    pwseal_password_warning kind;
    if (report == NULL)
        return;
    size_t findings = pwseal_report_finding_count(report), warnings = pwseal_report_warning_count(report);
    REQUIRE(!(pwseal_report_has_violation(report) && pwseal_report_all_passed(report)));
    for (size_t i = 0; i <= findings; i++) {
        REQUIRE(FINE(pwseal_report_finding(report, i, &finding)) == (i < findings));
        WRITES(pwseal_report_rule, report, i);
        WRITES(pwseal_report_rule_printable, report, i);
        WRITES(pwseal_report_message, report, i);
    }
    for (size_t i = 0; i <= warnings; i++) {
        WRITES(pwseal_report_warning, report, i);
        REQUIRE(FINE(pwseal_report_warning_kind(report, i, &kind)) == (i < warnings));
    }
    pwseal_report_free(report);
}

static void use_password(pwseal_password *password)
{
    if (password == NULL)
        return;
    LENDS(pwseal_password_text, password);
    pwseal_password_free(password);
}

static void use_policy(const pwseal_policy *policy, const pwseal_context *context)
{
    seen.policies++;
    size_t len, shortest = 7, longest = 7, length = below(300);
    for (size_t i = 0; i <= pwseal_policy_rule_count(policy); i++) {
        WRITES(pwseal_policy_rule, policy, i);
        WRITES(pwseal_policy_rule_printable, policy, i);
    }
    const uint8_t *password = piece(&len);
    MAKE(pwseal_report, report, pwseal_policy_check, policy, context, password, len);
    use_report(report);
    int possible = FINE(pwseal_policy_length_range(policy, &shortest, &longest));
    REQUIRE(possible ? shortest <= longest : shortest == 0 && longest == 0);
    const pwseal_text exclude = text();
    /* It is exact arithmetic on long numbers. */
    if (possible && below(8) == 0) {
        MAKE(pwseal_password, generated, pwseal_policy_generate, policy, context, length, exclude.data, exclude.len,
             below(2));
        use_password(generated);
    }
}

static void use_policy_and_context(void)
{
    size_t len, count = below(6);
    MAKE(pwseal_policy, none, pwseal_policy_from_strings, NULL, 0);
    pwseal_policy_free(none);
    pwseal_text *rules = buffer(count * sizeof *rules);
    for (size_t i = 0; i < count; i++)
        rules[i] = text();
    MAKE(pwseal_policy, policy, pwseal_policy_from_strings, rules, count);
    MAKE(pwseal_policy, parsed, pwseal_policy_parse, rules, count);
    pwseal_policy_free(parsed);

    pwseal_context *context = NULL;
    REQUIRE(FINE(pwseal_context_new(&context)));
    const uint8_t *file = piece(&len);
    MAKE(pwseal_dictionary, dictionary, pwseal_dictionary_parse, file, len);
    pwseal_text a = text(), b = text();
    FINE(pwseal_context_set_account_id(context, a.data, a.len));
    FINE(pwseal_context_add_account_name(context, b.data, b.len));
    FINE(pwseal_context_add_account_attribute(context, a.data, a.len, b.data, b.len));
    FINE(pwseal_context_add_identity_attribute(context, b.data, b.len, a.data, a.len));
    if (dictionary)
        REQUIRE(FINE(pwseal_context_set_dictionary(context, dictionary)));
    pwseal_dictionary_free(dictionary);
    if (policy)
        use_policy(policy, below(4) ? context : NULL);
    pwseal_context_free(context);
    pwseal_policy_free(policy);
}

static void use_request(pwseal_request *request)
{
    if (request == NULL)
        return;
    seen.requests++;
    const pwseal_http_request *http = pwseal_request_http(request);
    REQUIRE(http->method.data[http->method.len] == '\0' && http->url.data[http->url.len] == '\0');
    for (size_t i = 0; i < http->headers_len; i++) {
        REQUIRE(strlen(http->headers[i].name.data) == http->headers[i].name.len);
        REQUIRE(strlen(http->headers[i].value.data) == http->headers[i].value.len);
    }
    REQUIRE(http->body.data[http->body.len] == '\0');
    pwseal_request_free(request);
}

static void use_change(pwseal_change_request *change, const pwseal_api *api)
{
    if (change == NULL)
        return;
    seen.changes++;
    LENDS(pwseal_change_request_body, change);
    pwseal_password_warning kind;
    size_t warnings = pwseal_change_request_warning_count(change);
    for (size_t i = 0; i <= warnings; i++) {
        WRITES(pwseal_change_request_warning, change, i);
        REQUIRE(FINE(pwseal_change_request_warning_kind(change, i, &kind)) == (i < warnings));
    }
    if (api) {
        MAKE(pwseal_request, request, pwseal_api_set_password, api, change);
        use_request(request);
    }
    pwseal_change_request_free(change);
}

static void use_api(pwseal_api *api)
{
    pwseal_text a = text(), b = text();
    MAKE(pwseal_request, query, pwseal_api_query_password_info, api, a.data, a.len, b.data, b.len);
    use_request(query);
    MAKE(pwseal_request, status, pwseal_api_password_change_status, api, a.data, a.len);
    use_request(status);
    MAKE(pwseal_request, token, pwseal_api_generate_digit_token, api, b.data, b.len, (uint32_t)below(512),
         (uint32_t)below(512));
    use_request(token);
}

static void use_info(pwseal_password_info *info)
{
    if (info == NULL)
        return;
    seen.infos++;
    size_t len, index = any_index();
    LENDS(pwseal_password_info_identity_id, info);
    LENDS(pwseal_password_info_source_id, info);
    LENDS(pwseal_password_info_public_key_id, info);
    REQUIRE(pwseal_password_info_account_count(info) < TOO_LONG);
    LENDS(pwseal_password_info_account_id, info, index);
    LENDS(pwseal_password_info_account_name, info, index);
    MAKE(pwseal_key, key, pwseal_password_info_key, info);
    pwseal_key_free(key);
    MAKE(pwseal_policy, policy, pwseal_password_info_policy, info);
    use_policy(policy, NULL);
    pwseal_policy_free(policy);

    pwseal_text account = below(2) ? text() : (pwseal_text){NULL, 0};
    const uint8_t *password = piece(&len);
    pwseal_api *api = NULL;
    FINE(pwseal_api_new((pwseal_api_version)below(6), "acme", 4, &api));
    MAKE(pwseal_report, report, pwseal_password_info_check, info, account.data, account.len, NULL, password, len);
    use_report(report);
    const pwseal_text exclude = text();
    /* It is exact arithmetic on long numbers. */
    if (below(8) == 0) {
        MAKE(pwseal_password, generated, pwseal_password_info_generate, info, account.data, account.len, NULL,
             below(64), exclude.data, exclude.len, below(2));
        use_password(generated);
    }
    /* Few bytes are a password if they are judged, or the name of an account. */
    MAKE(pwseal_change_request, change, pwseal_change_request_new, info, NULL, 0, NULL, password, len,
         PWSEAL_DESPITE_POLICY | PWSEAL_RAW);
    use_change(change, api);
    uint32_t options = (uint32_t)below(5);
    MAKE(pwseal_change_request, other, pwseal_change_request_new, info, account.data, account.len, NULL, password, len,
         options);
    REQUIRE(options < 4 || other == NULL);
    use_change(other, api);
    pwseal_api_free(api);
    pwseal_password_info_free(info);
}

static void use_answer(pwseal_answer *answer)
{
    if (answer == NULL)
        return;
    const pwseal_poll poll = {(uint32_t)below(1000), below(1u << 31)};
    size_t index = any_index();
    pwseal_state found;
    pwseal_next next;
    uint64_t after;
    pwseal_text locale = text();
    int read = FINE(pwseal_answer_outcome(answer));
    *(read ? &seen.answers : &seen.refusals) += 1;
    REQUIRE(!(read && pwseal_answer_retryable(answer)));
    REQUIRE(pwseal_answer_retry_after(answer) >= -1);
    LENDS(pwseal_answer_detail_code, answer);
    LENDS(pwseal_answer_tracking_id, answer);
    LENDS(pwseal_answer_refusal, answer, locale.data, locale.len);
    LENDS(pwseal_answer_request_id, answer);
    FINE(pwseal_answer_state(answer, &found));
    LENDS(pwseal_answer_state_name, answer);
    REQUIRE(pwseal_answer_error_count(answer) + pwseal_answer_source_id_count(answer) < TOO_LONG);
    LENDS(pwseal_answer_error, answer, index);
    LENDS(pwseal_answer_source_id, answer, index);
    LENDS(pwseal_answer_digit_token, answer);
    FINE(pwseal_poll_next(&poll, answer, below(1u << 31), &next, &after));
    REQUIRE(pwseal_poll_delay(&poll, below(1u << 31)) > 0);
    MAKE(pwseal_password_info, info, pwseal_answer_password_info, answer);
    pwseal_password_info_free(info);
    pwseal_answer_free(answer);
}

/* Any code units, of which few are pairs. */
static void use_utf16(const uint8_t *bytes, size_t len)
{
    uint16_t *units = fenced(len / 2 * 2);
    memcpy(units, bytes, len / 2 * 2);
    MAKE(pwseal_password, password, pwseal_password_from_utf16, units, len / 2);
    use_password(password);
    give_back(units, len / 2 * 2);
}

static void one(const uint8_t *bytes, size_t len)
{
    static const int32_t statuses[] = {200, 202, 400, 429, 503, 99, 1000, -1};
    size_t n_len, e_len;
    uint8_t *input = fenced(len);
    memcpy(input, bytes, len);

    start(input, len);
    MAKE(pwseal_key, key, pwseal_key_parse, input, len);
    /* A long exponent is allowed, and slow. */
    if (key && len < 1024)
        use_key(key);
    pwseal_key_free(key);
    start(input, len);
    const uint8_t *n = piece(&n_len), *e = piece(&e_len);
    MAKE(pwseal_key, made, pwseal_key_from_components, n, n_len, e, e_len);
    pwseal_key_free(made);

    use_utf16(input, len);
    start(input, len);
    use_policy_and_context();
    start(input, len);
    MAKE(pwseal_dictionary, dictionary, pwseal_dictionary_parse, input, len);
    pwseal_dictionary_free(dictionary);
    MAKE(pwseal_password_info, info, pwseal_password_info_parse, input, len);
    use_info(info);
    MAKE(pwseal_change_request, change, pwseal_change_request_parse, input, len);
    use_change(change, NULL);

    /* Two headers and a body, as the fuzz target of the answers has them: each up to a zero byte. */
    start(input, len);
    size_t before = 0;
    for (int zeros = 0; zeros < 2 && before < len; before++)
        zeros += input[before] == 0;
    size_t body_len = before < len ? len - before : len;
    const uint8_t *body = input + (len - body_len);
    pwseal_header headers[2] = {{text(), text()}, {{"Retry-After", 11}, text()}};
    for (int32_t operation = -1; operation <= 4; operation++) {
        int32_t status = statuses[below(2) ? below(8) : operation == PWSEAL_OPERATION_SET_PASSWORD];
        MAKE(pwseal_answer, answer, pwseal_answer_read, operation, status, headers, below(3), body, body_len);
        use_answer(answer);
    }

    start(input, len);
    pwseal_text name = text();
    MAKE(pwseal_api, api, pwseal_api_new, (pwseal_api_version)below(8) - 1, name.data, name.len);
    if (api)
        use_api(api);
    pwseal_api_free(api);
    MAKE(pwseal_api, at, pwseal_api_at, (pwseal_api_version)below(8) - 1, name.data, name.len);
    if (at)
        use_api(at);
    pwseal_api_free(at);
    REQUIRE(FINE(pwseal_api_at(PWSEAL_API_VERSION_V3, "https://x", 9, &at)));
    use_api(at);
    pwseal_api_free(at);

    REQUIRE(pwseal_status_message((int32_t)below(64) - 16) != NULL);
    REQUIRE(strcmp(pwseal_version(), PWSEAL_VERSION) == 0);
    FINE(pwseal_prefer_backend_from_env());
    start(NULL, 0);
    pwseal_wipe(input, len);
    for (size_t i = 0; i < len; i++)
        REQUIRE(input[i] == 0);
    give_back(input, len);
}

#define REFUSED(call)                                                                  \
    do {                                                                               \
        pwseal_status status_ = (call);                                                \
        require(status_ == PWSEAL_STATUS_NULL_POINTER || status_ == PWSEAL_STATUS_LENGTH_TOO_LARGE, #call); \
    } while (0)

/* A text for a handle that is not there, and for one without a length. */
#define NO_TEXT(function, handle, ...)                                                 \
    do {                                                                               \
        char text_[8];                                                                 \
        size_t len_ = sizeof text_;                                                    \
        REFUSED(function(NULL, ##__VA_ARGS__, text_, &len_));                          \
        REFUSED(function(NULL, ##__VA_ARGS__, NULL, NULL));                            \
        REQUIRE(len_ == 0 && text_[0] == '\0');                                        \
        REQUIRE(!FINE(function(handle, ##__VA_ARGS__, text_, NULL)));                  \
    } while (0)

/* The same of one that is lent. */
#define NO_LOAN(function, handle, ...)                                                 \
    do {                                                                               \
        pwseal_text text_ = {"", 7};                                                   \
        REFUSED(function(NULL, ##__VA_ARGS__, &text_));                                \
        REQUIRE(text_.data == NULL && text_.len == 0);                                 \
        REFUSED(function(handle, ##__VA_ARGS__, NULL));                                \
    } while (0)

/* No pointer where one belongs, and lengths that no object has. */
static void no_pointers_and_no_lengths(const uint8_t *json, size_t json_len)
{
    static const uint8_t bytes[] = ANY;
    static const uint16_t units[] = {'x'};
    const size_t len = sizeof bytes - 1;
    const char *const words = ANY;
    const pwseal_text no_text = {NULL, 1}, long_text = {words, TOO_LONG};
    const pwseal_bytes no_bytes = {NULL, 1}, long_bytes = {bytes, TOO_LONG}, some_bytes = {bytes, len};
    const pwseal_header no_header = {{NULL, 1}, {words, len}}, no_value = {{words, 8}, {NULL, 1}};
    const pwseal_poll poll = {1, 1};
    uint8_t out[512];
    size_t out_len = sizeof out, longest;
    pwseal_finding finding;
    pwseal_state found;
    pwseal_next next;
    uint64_t after;
    pwseal_key *key = NULL;
    pwseal_policy *policy = NULL;
    pwseal_context *context = NULL;
    pwseal_password_info *info = NULL;
    pwseal_change_request *change = NULL;
    pwseal_password_warning kind;
    pwseal_report *report = NULL;
    pwseal_api *api = NULL;
    pwseal_request *request = NULL;
    pwseal_answer *answer = NULL;
    /* What a failure leaves. */
    pwseal_key *no_key;
    pwseal_password *password = NULL, *no_password;
    pwseal_policy *no_policy;
    pwseal_dictionary *no_dictionary;
    pwseal_password_info *no_info;
    pwseal_change_request *no_change;
    pwseal_report *no_report;
    pwseal_api *no_api;
    pwseal_request *no_request;
    pwseal_answer *no_answer;
    REQUIRE(FINE(pwseal_password_info_parse(json, json_len, &info)));
    REQUIRE(FINE(pwseal_password_info_key(info, &key)));
    REQUIRE(FINE(pwseal_password_info_policy(info, &policy)));
    REQUIRE(FINE(pwseal_context_new(&context)));
    REQUIRE(FINE(pwseal_api_new(PWSEAL_API_VERSION_V1, "acme", 4, &api)));

    REFUSED(pwseal_key_parse(NULL, 1, &no_key));
    REFUSED(pwseal_key_parse(bytes, TOO_LONG, &no_key));
    REFUSED(pwseal_key_parse(bytes, len, NULL));
    REFUSED(pwseal_key_from_components(NULL, 1, bytes, len, &no_key));
    REFUSED(pwseal_key_from_components(bytes, len, bytes, SIZE_MAX, &no_key));
    REFUSED(pwseal_key_from_components(bytes, len, bytes, len, NULL));
    REQUIRE(pwseal_key_bits(NULL) == 0 && pwseal_key_size(NULL) == 0 && pwseal_key_max_password_len(NULL) == 0);
    NO_TEXT(pwseal_key_backend, key);
    NO_TEXT(pwseal_key_fingerprint, key);
    REFUSED((out_len = sizeof out, pwseal_key_encrypt(NULL, bytes, len, out, &out_len)));
    REFUSED((out_len = sizeof out, pwseal_key_encrypt(key, NULL, 1, out, &out_len)));
    REFUSED((out_len = sizeof out, pwseal_key_encrypt(key, bytes, TOO_LONG, out, &out_len)));
    REFUSED(pwseal_key_encrypt(key, bytes, len, out, NULL));
    REFUSED((out_len = sizeof out, pwseal_key_encrypt_base64(NULL, bytes, len, (char *)out, &out_len)));
    REFUSED((out_len = sizeof out, pwseal_key_encrypt_base64(key, bytes, SIZE_MAX, (char *)out, &out_len)));
    REFUSED(pwseal_key_encrypt_base64(key, bytes, len, (char *)out, NULL));
    REFUSED((out_len = sizeof out, pwseal_key_encrypt_many(NULL, &some_bytes, 1, out, &out_len)));
    REFUSED((out_len = sizeof out, pwseal_key_encrypt_many(key, NULL, 1, out, &out_len)));
    REFUSED((out_len = sizeof out, pwseal_key_encrypt_many(key, &no_bytes, 1, out, &out_len)));
    REFUSED((out_len = sizeof out, pwseal_key_encrypt_many(key, &long_bytes, 1, out, &out_len)));
    REFUSED((out_len = sizeof out, pwseal_key_encrypt_many(key, &some_bytes, SIZE_MAX, out, &out_len)));
    REFUSED(pwseal_key_encrypt_many(key, &some_bytes, 1, out, NULL));
    REFUSED((out_len = sizeof out, pwseal_key_encrypt_many_base64(NULL, &some_bytes, 1, (char *)out, &out_len)));
    REFUSED((out_len = sizeof out, pwseal_key_encrypt_many_base64(key, &no_bytes, 1, (char *)out, &out_len)));
    REFUSED((out_len = sizeof out, pwseal_key_encrypt_many_base64(key, &some_bytes, SIZE_MAX / 8, (char *)out, &out_len)));
    REFUSED(pwseal_key_encrypt_many_base64(key, &some_bytes, 1, (char *)out, NULL));

    REFUSED(pwseal_policy_from_strings(NULL, 1, &no_policy));
    REFUSED(pwseal_policy_from_strings(&no_text, 1, &no_policy));
    REFUSED(pwseal_policy_from_strings(&long_text, 1, &no_policy));
    REFUSED(pwseal_policy_from_strings(&long_text, SIZE_MAX / 4, &no_policy));
    REFUSED(pwseal_policy_from_strings(&long_text, 0, NULL));
    REFUSED(pwseal_policy_parse(NULL, 1, &no_policy));
    REFUSED(pwseal_policy_parse(&no_text, 1, &no_policy));
    REFUSED(pwseal_policy_parse(&long_text, 1, &no_policy));
    REFUSED(pwseal_policy_parse(&long_text, 0, NULL));
    REQUIRE(pwseal_policy_rule_count(NULL) == 0);
    NO_TEXT(pwseal_policy_rule, policy, 0);
    NO_TEXT(pwseal_policy_rule_printable, policy, 0);
    REFUSED(pwseal_policy_check(NULL, NULL, bytes, len, &no_report));
    REFUSED(pwseal_policy_check(policy, NULL, NULL, 1, &no_report));
    REFUSED(pwseal_policy_check(policy, context, bytes, TOO_LONG, &no_report));
    REFUSED(pwseal_policy_check(policy, context, bytes, len, NULL));
    REFUSED(pwseal_policy_length_range(NULL, &out_len, &longest));
    REFUSED(pwseal_policy_length_range(policy, NULL, &longest));
    REFUSED(pwseal_policy_length_range(policy, &out_len, NULL));
    REFUSED(pwseal_policy_generate(NULL, NULL, 8, NULL, 0, false, &no_password));
    REFUSED(pwseal_policy_generate(policy, NULL, 8, NULL, 0, false, NULL));
    REFUSED(pwseal_policy_generate(policy, NULL, 8, NULL, 1, false, &no_password));
    REQUIRE(!FINE(pwseal_policy_generate(policy, NULL, TOO_LONG, NULL, 0, false, &no_password)) && no_password == NULL);
    REQUIRE(FINE(pwseal_policy_generate(policy, context, 12, NULL, 0, false, &password)));
    NO_LOAN(pwseal_password_text, password);
    REFUSED(pwseal_password_from_utf16(NULL, 1, &no_password));
    REFUSED(pwseal_password_from_utf16(units, PTRDIFF_MAX, &no_password));
    REFUSED(pwseal_password_from_utf16(units, 1, NULL));
    REQUIRE(no_password == NULL);
    REFUSED(pwseal_dictionary_parse(NULL, 1, &no_dictionary));
    REFUSED(pwseal_dictionary_parse(bytes, TOO_LONG, &no_dictionary));
    REFUSED(pwseal_dictionary_parse(bytes, len, NULL));
    REFUSED(pwseal_context_new(NULL));
    REFUSED(pwseal_context_set_account_id(NULL, words, len));
    REFUSED(pwseal_context_set_account_id(context, words, TOO_LONG));
    REFUSED(pwseal_context_add_account_name(NULL, words, len));
    REFUSED(pwseal_context_add_account_name(context, NULL, 1));
    REFUSED(pwseal_context_add_account_attribute(NULL, words, len, words, len));
    REFUSED(pwseal_context_add_account_attribute(context, words, len, NULL, 1));
    REFUSED(pwseal_context_add_identity_attribute(NULL, words, len, words, len));
    REFUSED(pwseal_context_add_identity_attribute(context, NULL, 1, words, len));
    REFUSED(pwseal_context_set_dictionary(NULL, NULL));
    REFUSED(pwseal_context_set_dictionary(context, NULL));

    REQUIRE(pwseal_report_has_violation(NULL) && !pwseal_report_all_passed(NULL));
    REQUIRE(pwseal_report_finding_count(NULL) == 0 && pwseal_report_warning_count(NULL) == 0);
    REQUIRE(FINE(pwseal_policy_check(policy, context, bytes, len, &report)));
    REFUSED(pwseal_report_finding(NULL, 0, &finding));
    REFUSED(pwseal_report_finding(report, 0, NULL));
    NO_TEXT(pwseal_report_rule, report, 0);
    NO_TEXT(pwseal_report_rule_printable, report, 0);
    NO_TEXT(pwseal_report_message, report, 0);
    NO_TEXT(pwseal_report_warning, report, 0);
    REFUSED(pwseal_report_warning_kind(NULL, 0, &kind));
    REFUSED(pwseal_report_warning_kind(report, 0, NULL));

    REFUSED(pwseal_password_info_parse(NULL, 1, &no_info));
    REFUSED(pwseal_password_info_parse(json, TOO_LONG, &no_info));
    REFUSED(pwseal_password_info_parse(json, json_len, NULL));
    REFUSED(pwseal_password_info_key(NULL, &no_key));
    REFUSED(pwseal_password_info_key(info, NULL));
    REFUSED(pwseal_password_info_policy(NULL, &no_policy));
    REFUSED(pwseal_password_info_policy(info, NULL));
    REQUIRE(pwseal_password_info_account_count(NULL) == 0);
    NO_LOAN(pwseal_password_info_identity_id, info);
    NO_LOAN(pwseal_password_info_source_id, info);
    NO_LOAN(pwseal_password_info_public_key_id, info);
    NO_LOAN(pwseal_password_info_account_id, info, 0);
    NO_LOAN(pwseal_password_info_account_name, info, 0);
    REFUSED(pwseal_password_info_check(NULL, NULL, 0, NULL, bytes, len, &no_report));
    REFUSED(pwseal_password_info_check(info, NULL, 1, NULL, bytes, len, &no_report));
    REFUSED(pwseal_password_info_check(info, NULL, 0, NULL, bytes, TOO_LONG, &no_report));
    REFUSED(pwseal_password_info_check(info, NULL, 0, NULL, bytes, len, NULL));
    REFUSED(pwseal_password_info_generate(NULL, NULL, 0, NULL, 8, NULL, 0, false, &no_password));
    REFUSED(pwseal_password_info_generate(info, NULL, 1, NULL, 8, NULL, 0, false, &no_password));
    REFUSED(pwseal_password_info_generate(info, NULL, 0, NULL, 8, NULL, 1, false, &no_password));
    REFUSED(pwseal_password_info_generate(info, NULL, 0, NULL, 8, NULL, 0, false, NULL));
    REFUSED(pwseal_change_request_new(NULL, NULL, 0, NULL, bytes, len, 0, &no_change));
    REFUSED(pwseal_change_request_new(info, words, TOO_LONG, NULL, bytes, len, 0, &no_change));
    REFUSED(pwseal_change_request_new(info, NULL, 0, NULL, NULL, 1, 0, &no_change));
    REFUSED(pwseal_change_request_new(info, NULL, 0, NULL, bytes, len, 0, NULL));
    REFUSED(pwseal_change_request_parse(NULL, 1, &no_change));
    REFUSED(pwseal_change_request_parse(bytes, TOO_LONG, &no_change));
    REFUSED(pwseal_change_request_parse(bytes, len, NULL));
    REFUSED(pwseal_change_request_new(NULL, NULL, 0, NULL, bytes, len, PWSEAL_DESPITE_POLICY, &no_change));
    REFUSED(pwseal_change_request_new(info, NULL, 1, NULL, bytes, len, PWSEAL_DESPITE_POLICY, &no_change));
    REFUSED(pwseal_change_request_new(info, NULL, 0, NULL, bytes, SIZE_MAX, PWSEAL_DESPITE_POLICY, &no_change));
    REFUSED(pwseal_change_request_new(info, NULL, 0, NULL, bytes, len, PWSEAL_DESPITE_POLICY, NULL));
    REQUIRE(FINE(pwseal_change_request_new(info, NULL, 0, NULL, bytes, len, PWSEAL_DESPITE_POLICY, &change)));
    REQUIRE(pwseal_change_request_new(info, NULL, 0, NULL, bytes, len, 4, &no_change) == PWSEAL_STATUS_OUT_OF_RANGE);
    NO_LOAN(pwseal_change_request_body, change);
    NO_TEXT(pwseal_change_request_warning, change, 0);
    REQUIRE(pwseal_change_request_warning_count(NULL) == 0);
    REFUSED(pwseal_change_request_warning_kind(NULL, 0, &kind));
    REFUSED(pwseal_change_request_warning_kind(change, 0, NULL));

    REFUSED(pwseal_api_new(PWSEAL_API_VERSION_BETA, NULL, 1, &no_api));
    REFUSED(pwseal_api_new(PWSEAL_API_VERSION_BETA, words, TOO_LONG, &no_api));
    REFUSED(pwseal_api_new(PWSEAL_API_VERSION_BETA, words, len, NULL));
    REFUSED(pwseal_api_at(PWSEAL_API_VERSION_BETA, NULL, 1, &no_api));
    REFUSED(pwseal_api_at(PWSEAL_API_VERSION_BETA, words, SIZE_MAX, &no_api));
    REFUSED(pwseal_api_at(PWSEAL_API_VERSION_BETA, words, len, NULL));
    REFUSED(pwseal_api_query_password_info(NULL, words, len, words, len, &no_request));
    REFUSED(pwseal_api_query_password_info(api, NULL, 1, words, len, &no_request));
    REFUSED(pwseal_api_query_password_info(api, words, len, words, TOO_LONG, &no_request));
    REFUSED(pwseal_api_query_password_info(api, words, len, words, len, NULL));
    REFUSED(pwseal_api_set_password(NULL, change, &no_request));
    REFUSED(pwseal_api_set_password(api, NULL, &no_request));
    REFUSED(pwseal_api_set_password(api, change, NULL));
    REFUSED(pwseal_api_password_change_status(NULL, words, len, &no_request));
    REFUSED(pwseal_api_password_change_status(api, NULL, 1, &no_request));
    REFUSED(pwseal_api_password_change_status(api, words, len, NULL));
    REFUSED(pwseal_api_generate_digit_token(NULL, words, len, 6, 5, &no_request));
    REFUSED(pwseal_api_generate_digit_token(api, words, TOO_LONG, 6, 5, &no_request));
    REFUSED(pwseal_api_generate_digit_token(api, words, len, 6, 5, NULL));
    REQUIRE(FINE(pwseal_api_set_password(api, change, &request)));
    REQUIRE(pwseal_request_http(NULL) == NULL);

    REFUSED(pwseal_answer_read(PWSEAL_OPERATION_QUERY_PASSWORD_INFO, 200, NULL, 1, json, json_len, &no_answer));
    REFUSED(pwseal_answer_read(PWSEAL_OPERATION_QUERY_PASSWORD_INFO, 200, &no_header, 1, json, json_len, &no_answer));
    REFUSED(pwseal_answer_read(PWSEAL_OPERATION_QUERY_PASSWORD_INFO, 200, &no_value, 1, json, json_len, &no_answer));
    REFUSED(pwseal_answer_read(PWSEAL_OPERATION_QUERY_PASSWORD_INFO, 200, &no_value, SIZE_MAX / 8, json, json_len, &no_answer));
    REFUSED(pwseal_answer_read(PWSEAL_OPERATION_QUERY_PASSWORD_INFO, 200, NULL, 0, NULL, 1, &no_answer));
    REFUSED(pwseal_answer_read(PWSEAL_OPERATION_QUERY_PASSWORD_INFO, 200, NULL, 0, json, TOO_LONG, &no_answer));
    REFUSED(pwseal_answer_read(PWSEAL_OPERATION_QUERY_PASSWORD_INFO, 200, NULL, 0, json, json_len, NULL));
    REQUIRE(FINE(pwseal_answer_read(PWSEAL_OPERATION_QUERY_PASSWORD_INFO, 200, NULL, 0, json, json_len, &answer)));
    REFUSED(pwseal_answer_outcome(NULL));
    REQUIRE(!pwseal_answer_retryable(NULL) && pwseal_answer_retry_after(NULL) == -1);
    REQUIRE(pwseal_answer_error_count(NULL) == 0 && pwseal_answer_source_id_count(NULL) == 0);
    NO_LOAN(pwseal_answer_detail_code, answer);
    NO_LOAN(pwseal_answer_tracking_id, answer);
    NO_LOAN(pwseal_answer_refusal, answer, "en", 2);
    NO_LOAN(pwseal_answer_request_id, answer);
    NO_LOAN(pwseal_answer_state_name, answer);
    NO_LOAN(pwseal_answer_error, answer, 0);
    NO_LOAN(pwseal_answer_source_id, answer, 0);
    NO_LOAN(pwseal_answer_digit_token, answer);
    REFUSED(pwseal_answer_password_info(NULL, &no_info));
    REFUSED(pwseal_answer_password_info(answer, NULL));
    REFUSED(pwseal_answer_state(NULL, &found));
    REQUIRE(!FINE(pwseal_answer_state(answer, NULL)));
    FINE(pwseal_poll_next(NULL, answer, 1, &next, &after));
    REFUSED(pwseal_poll_next(&poll, NULL, 1, &next, &after));
    REQUIRE(!FINE(pwseal_poll_next(&poll, answer, 1, NULL, &after)));
    REQUIRE(!FINE(pwseal_poll_next(&poll, answer, 1, &next, NULL)));
    pwseal_poll_delay(NULL, UINT64_MAX);
    pwseal_wipe(NULL, 1);
    pwseal_wipe(out, TOO_LONG);
    REQUIRE(pwseal_last_error_detail((pwseal_detail)99) == -1);

    pwseal_password_free(password);
    pwseal_answer_free(answer);
    pwseal_request_free(request);
    pwseal_api_free(api);
    pwseal_change_request_free(change);
    pwseal_report_free(report);
    pwseal_context_free(context);
    pwseal_policy_free(policy);
    pwseal_key_free(key);
    pwseal_password_info_free(info);
    pwseal_password_free(NULL);
    pwseal_answer_free(NULL);
    pwseal_request_free(NULL);
    pwseal_api_free(NULL);
    pwseal_change_request_free(NULL);
    pwseal_report_free(NULL);
    pwseal_context_free(NULL);
    pwseal_dictionary_free(NULL);
    pwseal_policy_free(NULL);
    pwseal_key_free(NULL);
    pwseal_password_info_free(NULL);
}

static size_t read_file(const char *name, uint8_t *content, size_t room)
{
    FILE *stream = fopen(name, "rb");
    require(stream != NULL, name);
    size_t len = fread(content, 1, room, stream);
    fclose(stream);
    return len;
}

/* All files, named by arguments that end with NULL. */
static void *all(void *arguments)
{
    static uint8_t file[1 << 16], changed[1 << 16];
    char **argv = arguments;
    size_t rounds = strtoul(argv[1], NULL, 10);
    no_pointers_and_no_lengths(file, read_file(INFO, file, sizeof file));
    for (int i = 2; argv[i]; i++) {
        size_t len = read_file(argv[i], file, sizeof file);
        for (size_t round = 0; round <= rounds; round++) {
            memcpy(changed, file, len);
            size_t cut = round % 4 == 3 ? below(len + 1) : len;
            for (size_t edits = round; edits && len; edits /= 4)
                changed[below(len)] ^= (uint8_t)(1 << below(8));
            one(changed, cut);
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    const char *stack = getenv("BOUNDARY_STACK");
    REQUIRE(argc > 2);
    if (stack) {
        pthread_attr_t attributes;
        pthread_t thread;
        REQUIRE(pthread_attr_init(&attributes) == 0);
        REQUIRE(pthread_attr_setstacksize(&attributes, strtoul(stack, NULL, 10)) == 0);
        REQUIRE(pthread_create(&thread, &attributes, all, argv) == 0 && pthread_join(thread, NULL) == 0);
    } else {
        all(argv);
    }
    printf("%zu keys, %zu policies, %zu password-infos, %zu changes, %zu requests, %zu answers, %zu refusals\n",
           seen.keys, seen.policies, seen.infos, seen.changes, seen.requests, seen.answers, seen.refusals);
    REQUIRE(seen.keys && seen.policies && seen.infos && seen.changes && seen.requests && seen.answers && seen.refusals);
    return 0;
}
