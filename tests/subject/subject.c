/*
 * What main.rs does, in C and through the C interface: `subject MODE SCENARIO BACKEND KEY-FILE
 * LENGTH...`.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <pwseal.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEXT(text) (text), strlen(text)
#define FIRST passwords[0].data, passwords[0].len

static uint8_t secrets[8192];
static pwseal_bytes passwords[16];
static size_t count;
static pwseal_key *key;
static uint8_t json[4096];
static size_t json_len;
static char out[32768];
static size_t len;
static pwseal_text lent;
static int prints;

static void require(int is_so, const char *what)
{
    if (!is_so) {
        fprintf(stderr, "%s: %s\n", what, pwseal_last_error());
        exit(2);
    }
}

#define STATUS(wanted, call) require((call) == PWSEAL_STATUS_##wanted, #call)
#define OK(call) STATUS(OK, call)
/* A call that writes to `out`. */
#define INTO_OUT(wanted, function, type, ...)                                          \
    do {                                                                               \
        len = sizeof out;                                                              \
        STATUS(wanted, function(__VA_ARGS__, (type *)out, &len));                      \
    } while (0)

/* A call that lends a text. */
#define LENT(function, ...)                                                            \
    do {                                                                               \
        OK(function(__VA_ARGS__, &lent));                                              \
        require(lent.data != NULL, #function);                                         \
    } while (0)

/* In hexadecimal digits, as main.rs does. */
static void print(const char *bytes, size_t n)
{
    if (!prints)
        return;
    for (size_t i = 0; i < n; i++)
        printf("%02x", (unsigned char)bytes[i]);
    printf("\n");
    fflush(stdout);
}

/* --- one password or many --- */

static void encrypt(void)
{
    INTO_OUT(OK, pwseal_key_encrypt, void, key, FIRST);
    print(out, len);
}

static void encrypt_base64(void)
{
    INTO_OUT(OK, pwseal_key_encrypt_base64, char, key, FIRST);
    print(out, len);
}

static void encrypt_many(void)
{
    INTO_OUT(OK, pwseal_key_encrypt_many, void, key, passwords, count);
    for (size_t i = 0; i < count; i++)
        print(out + i * (len / count), len / count);
}

static void encrypt_many_base64(void)
{
    INTO_OUT(OK, pwseal_key_encrypt_many_base64, char, key, passwords, count);
    for (size_t i = 0; i < count; i++)
        print(out + i * (len / count), len / count - 1);
}

static void too_long(void)
{
    INTO_OUT(PASSWORD_TOO_LONG, pwseal_key_encrypt, void, key, FIRST);
    INTO_OUT(PASSWORD_TOO_LONG, pwseal_key_encrypt_base64, char, key, FIRST);
}

static void too_long_in_batch(void)
{
    INTO_OUT(PASSWORD_TOO_LONG, pwseal_key_encrypt_many, void, key, passwords, count);
    INTO_OUT(PASSWORD_TOO_LONG, pwseal_key_encrypt_many_base64, char, key, passwords, count);
}

static void empty_in_batch(void)
{
    passwords[count].len = 0;
    INTO_OUT(EMPTY_PASSWORD, pwseal_key_encrypt_many, void, key, passwords, count + 1);
    INTO_OUT(EMPTY_PASSWORD, pwseal_key_encrypt_many_base64, char, key, passwords, count + 1);
}

static void no_room(void)
{
    len = 255;
    STATUS(BUFFER_TOO_SMALL, pwseal_key_encrypt(key, FIRST, out, &len));
    len = 255;
    STATUS(BUFFER_TOO_SMALL, pwseal_key_encrypt_base64(key, FIRST, out, &len));
}

static pwseal_password_info *info(void)
{
    pwseal_password_info *info;
    OK(pwseal_password_info_parse(json, json_len, &info));
    return info;
}

static void os_random_fails(void)
{
    pwseal_password_info *const from = info();
    pwseal_change_request *change;
    INTO_OUT(RANDOM_SOURCE, pwseal_key_encrypt, void, key, FIRST);
    INTO_OUT(RANDOM_SOURCE, pwseal_key_encrypt_base64, char, key, FIRST);
    INTO_OUT(RANDOM_SOURCE, pwseal_key_encrypt_many, void, key, passwords, count);
    INTO_OUT(RANDOM_SOURCE, pwseal_key_encrypt_many_base64, char, key, passwords, count);
    STATUS(RANDOM_SOURCE, pwseal_change_request_new(from, NULL, 0, NULL, FIRST, 0, &change));
    pwseal_password_info_free(from);
}

/* --- policies --- */

static pwseal_context *context(void)
{
    pwseal_context *context;
    pwseal_dictionary *dictionary;
    OK(pwseal_context_new(&context));
    OK(pwseal_context_set_account_id(context, TEXT("CN=Abby Smith,OU=Austin")));
    OK(pwseal_context_add_account_name(context, TEXT("Abby.Smith")));
    OK(pwseal_context_add_account_attribute(context, TEXT("mail"), TEXT("abby@acme.example")));
    OK(pwseal_context_add_identity_attribute(context, TEXT("phone"), TEXT("555-555-1234")));
    OK(pwseal_dictionary_parse(TEXT("qwerty\nabcd\n"), &dictionary));
    OK(pwseal_context_set_dictionary(context, dictionary));
    pwseal_dictionary_free(dictionary);
    return context;
}

static pwseal_policy *policy(void)
{
    const pwseal_text rules[] = {
        {TEXT("passwordMinLength is 5")},
        {TEXT("passwordMaxLength is 12")},
        {TEXT("passwordMinCharType is 3")},
        {TEXT("checkPasswordAgainstAccountID is true")},
        {TEXT("checkPasswordAgainstDisplayName is true")},
        {TEXT("checkPasswordsAgainstDictionary is true")},
        {TEXT("checkPasswordsAgainstAccountAttributes is true")},
        {TEXT("checkPasswordsAgainstIdentityAttributes is true")},
        {TEXT("passwordHistory is 5")},
    };
    pwseal_policy *policy;
    OK(pwseal_policy_from_strings(rules, sizeof rules / sizeof rules[0], &policy));
    return policy;
}

/* All that a report says. */
static void read_report(pwseal_report *report)
{
    pwseal_finding finding;
    require(pwseal_report_has_violation(report), "violated");
    require(!pwseal_report_all_passed(report), "not passed");
    for (size_t i = 0; i < pwseal_report_finding_count(report); i++) {
        OK(pwseal_report_finding(report, i, &finding));
        INTO_OUT(OK, pwseal_report_rule, char, report, i);
        INTO_OUT(OK, pwseal_report_rule_printable, char, report, i);
        INTO_OUT(OK, pwseal_report_message, char, report, i);
    }
    pwseal_password_warning kind;
    for (size_t i = 0; i < pwseal_report_warning_count(report); i++) {
        INTO_OUT(OK, pwseal_report_warning, char, report, i);
        OK(pwseal_report_warning_kind(report, i, &kind));
    }
    STATUS(OUT_OF_RANGE, pwseal_report_warning_kind(report, SIZE_MAX, &kind));
    STATUS(OUT_OF_RANGE, pwseal_report_finding(report, SIZE_MAX, &finding));
    INTO_OUT(OUT_OF_RANGE, pwseal_report_warning, char, report, SIZE_MAX);
    pwseal_report_free(report);
}

/* The passwords are longer than the policy allows. */
static void check(void)
{
    pwseal_context *const with = context();
    pwseal_policy *const rules = policy();
    pwseal_report *report;
    OK(pwseal_policy_check(rules, with, FIRST, &report));
    read_report(report);
    OK(pwseal_policy_check(rules, NULL, FIRST, &report));
    read_report(report);
    pwseal_policy_free(rules);
    pwseal_context_free(with);
}

static void use_generated(pwseal_password *generated)
{
    LENT(pwseal_password_text, generated);
    print(lent.data, lent.len);
    pwseal_password_free(generated);
}

static void generate(void)
{
    const pwseal_text rules[] = {{TEXT("passwordMinNumeric is 12")}, {TEXT("passwordMinUpper is 4")}};
    pwseal_policy *strict;
    pwseal_password *generated;
    OK(pwseal_policy_parse(rules, 2, &strict));
    OK(pwseal_policy_generate(strict, NULL, 24, NULL, 0, false, &generated));
    use_generated(generated);
    pwseal_policy_free(strict);
}

static void generate_for_an_account(void)
{
    pwseal_password_info *const from = info();
    pwseal_password *generated;
    OK(pwseal_password_info_generate(from, NULL, 0, NULL, 24, NULL, 0, false, &generated));
    use_generated(generated);
    pwseal_password_info_free(from);
}

/* --- requests --- */

/* The example with a rule that no password of 40 bytes keeps. */
static pwseal_password_info *strict_info(void)
{
    static uint8_t text[sizeof json + 64];
    pwseal_password_info *strict;
    memcpy(text, json, json_len);
    char *const rule = strstr((char *)text, "passwordMinAlpha is 1\"");
    require(rule != NULL, "the example");
    strcpy(rule, "passwordMinLength is 1000\", \"checkPasswordAgainstAccountID is true\"]}");
    OK(pwseal_password_info_parse(text, strlen((char *)text), &strict));
    return strict;
}

static pwseal_api *api(void)
{
    pwseal_api *api;
    OK(pwseal_api_new(PWSEAL_API_VERSION_V2026, TEXT("acme"), &api));
    return api;
}

/* Its body, as it is and as a request. */
static void send_change(pwseal_change_request *change)
{
    pwseal_api *const to = api();
    pwseal_request *request;
    pwseal_password_warning kind;
    require(pwseal_change_request_warning_count(change) == 0, "no warnings");
    STATUS(OUT_OF_RANGE, pwseal_change_request_warning_kind(change, 0, &kind));
    INTO_OUT(OUT_OF_RANGE, pwseal_change_request_warning, char, change, 0);
    pwseal_change_request *parsed;
    LENT(pwseal_change_request_body, change);
    const char *const ciphertext = strstr(lent.data, "\"encryptedPassword\":\"");
    require(ciphertext != NULL, "a ciphertext");
    print(ciphertext + 21, 344);
    OK(pwseal_change_request_parse(lent.data, lent.len, &parsed));
    pwseal_change_request_free(change);
    OK(pwseal_api_set_password(to, parsed, &request));
    require(pwseal_request_http(request)->body.len > 344, "a body");
    pwseal_request_free(request);
    pwseal_api_free(to);
    pwseal_change_request_free(parsed);
}

static void change_request(void)
{
    pwseal_password_info *const from = info();
    pwseal_change_request *change;
    OK(pwseal_change_request_new(from, NULL, 0, NULL, FIRST, 0, &change));
    send_change(change);
    pwseal_password_info_free(from);
}

static void change_request_despite_policy(void)
{
    pwseal_password_info *const from = strict_info();
    pwseal_change_request *change;
    OK(pwseal_change_request_new(from, NULL, 0, NULL, FIRST, PWSEAL_DESPITE_POLICY, &change));
    send_change(change);
    pwseal_password_info_free(from);
}

static void change_request_violated(void)
{
    pwseal_password_info *const from = strict_info();
    pwseal_change_request *change;
    pwseal_report *report;
    STATUS(POLICY_VIOLATION, pwseal_change_request_new(from, NULL, 0, NULL, FIRST, 0, &change));
    STATUS(ACCOUNT_NOT_FOUND, pwseal_change_request_new(from, TEXT("x"), NULL, FIRST, 0, &change));
    OK(pwseal_password_info_check(from, NULL, 0, NULL, FIRST, &report));
    read_report(report);
    pwseal_password_info_free(from);
}

/* --- answers --- */

static pwseal_answer *answer(pwseal_operation operation, int32_t status, const char *body, size_t body_len)
{
    const pwseal_header header = {{TEXT("Retry-After")}, {TEXT("7")}};
    pwseal_answer *answer;
    OK(pwseal_answer_read(operation, status, &header, 1, body, body_len, &answer));
    return answer;
}

/* A token is a text to the API: here it is a password. No copy of it here goes through vector registers. */
static void digit_token(void)
{
    static const char start[] = "{\"digitToken\": \"", end[] = "\"}";
    static char body[8192];
    char *at = body;
    for (const char *c = start; *c; c++)
        *at++ = *c;
    for (size_t i = 0; i < passwords[0].len; i++)
        *at++ = ((const char *)passwords[0].data)[i];
    for (const char *c = end; *c; c++)
        *at++ = *c;
    pwseal_answer *const token = answer(PWSEAL_OPERATION_GENERATE_DIGIT_TOKEN, 200, body, (size_t)(at - body));
    LENT(pwseal_answer_digit_token, token);
    print(lent.data, lent.len);
    pwseal_answer_free(token);
    pwseal_wipe(body, sizeof body);
}

/* --- what the operating system does --- */

static void fork_between(void)
{
    encrypt();
    pid_t child = fork();
    for (int i = 0; i < 3; i++)
        encrypt();
    if (child == 0)
        _exit(0);
    int status;
    require(waitpid(child, &status, 0) == child && status == 0, "the child");
}

static volatile sig_atomic_t interruptions;

/* Leaves other values in the registers that most code uses: the system must bring back the old ones. */
static void interrupt(int number)
{
    (void)number;
#ifdef __x86_64__
    __asm__ volatile("pcmpeqd %%xmm0, %%xmm0; pcmpeqd %%xmm1, %%xmm1; pcmpeqd %%xmm15, %%xmm15"
                     ::: "xmm0", "xmm1", "xmm15");
    if (__builtin_cpu_supports("avx512f"))
        __asm__ volatile("vpternlogd $255, %%zmm0, %%zmm0, %%zmm0; vpternlogd $255, %%zmm8, %%zmm8, %%zmm8;"
                         "vpternlogd $255, %%zmm16, %%zmm16, %%zmm16; vpternlogd $255, %%zmm31, %%zmm31, %%zmm31;"
                         "kxnorw %%k1, %%k1, %%k1" ::: "xmm0", "xmm8");
#endif
    interruptions++;
}

/* With known random bytes every call has the same result. */
static void interrupted(void)
{
    static char one[sizeof out], many[sizeof out];
    const struct itimerval often = {{0, 20}, {0, 20}}, never = {{0, 0}, {0, 0}};
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = interrupt;
    encrypt();
    memcpy(one, out, len);
    encrypt_many();
    memcpy(many, out, len);

    require(sigaction(SIGALRM, &action, NULL) == 0, "a handler");
    require(setitimer(ITIMER_REAL, &often, NULL) == 0, "a timer");
    while (interruptions < 5000) {
        INTO_OUT(OK, pwseal_key_encrypt, void, key, FIRST);
        require(memcmp(out, one, len) == 0, "one password");
        INTO_OUT(OK, pwseal_key_encrypt_many, void, key, passwords, count);
        require(memcmp(out, many, len) == 0, "many passwords");
    }
    require(setitimer(ITIMER_REAL, &never, NULL) == 0, "a timer");
}

/* --- every function of the header --- */

static void read_keys(void)
{
    static const uint8_t n[128] = {[0] = 0x80, [127] = 1}, e[] = {1, 0, 1};
    pwseal_password_info *const from = info();
    pwseal_key *other;
    OK(pwseal_prefer_backend_from_env());
    STATUS(INVALID_KEY, pwseal_key_parse(TEXT("no key"), &other));
    OK(pwseal_key_from_components(n, sizeof n, e, sizeof e, &other));
    pwseal_key_free(other);
    OK(pwseal_password_info_key(from, &other));
    INTO_OUT(OK, pwseal_key_backend, char, other);
    INTO_OUT(OK, pwseal_key_fingerprint, char, other);
    require(pwseal_key_bits(other) == 8 * pwseal_key_size(other), "bits");
    require(pwseal_key_max_password_len(other) == 245, "longest");
    pwseal_key_free(other);
    pwseal_password_info_free(from);
}

static void from_utf16(void)
{
    static const uint16_t units[] = {'p', 0xe4, 0xd83d, 0xdc0e};
    pwseal_password *password;
    OK(pwseal_password_from_utf16(units, 4, &password));
    use_generated(password);
    STATUS(PASSWORD_NOT_TEXT, pwseal_password_from_utf16(units, 3, &password));
    require(pwseal_last_error_detail(PWSEAL_DETAIL_POSITION) == 2, "a position");
}

static void read_info(void)
{
    pwseal_password_info *const from = info();
    pwseal_policy *rules;
    size_t shortest, longest;
    LENT(pwseal_password_info_identity_id, from);
    LENT(pwseal_password_info_source_id, from);
    LENT(pwseal_password_info_public_key_id, from);
    require(pwseal_password_info_account_count(from) == 1, "an account");
    LENT(pwseal_password_info_account_id, from, 0);
    LENT(pwseal_password_info_account_name, from, 0);
    OK(pwseal_password_info_policy(from, &rules));
    require(pwseal_policy_rule_count(rules) == 4, "rules");
    INTO_OUT(OK, pwseal_policy_rule, char, rules, 0);
    INTO_OUT(OK, pwseal_policy_rule_printable, char, rules, 0);
    OK(pwseal_policy_length_range(rules, &shortest, &longest));
    pwseal_policy_free(rules);
    pwseal_password_info_free(from);
}

static void read_request(pwseal_request *request)
{
    const pwseal_http_request *const http = pwseal_request_http(request);
    require(http->method.len > 0 && http->url.len > 0 && http->headers_len > 0, "a request");
    require(http->headers[0].name.len > 0 && http->body.data != NULL, "all of it");
    pwseal_request_free(request);
}

static void make_requests(void)
{
    pwseal_api *to = api(), *other;
    pwseal_request *request;
    OK(pwseal_api_at(PWSEAL_API_VERSION_V1, TEXT("https://acme.example/api"), &other));
    OK(pwseal_api_query_password_info(other, TEXT("abby"), TEXT("Directory"), &request));
    pwseal_api_free(other);
    read_request(request);
    OK(pwseal_api_password_change_status(to, TEXT("089899f1"), &request));
    read_request(request);
    OK(pwseal_api_generate_digit_token(to, TEXT("abby"), 8, 5, &request));
    read_request(request);
    pwseal_api_free(to);
}

static void read_answers(void)
{
    static const char change[] = "{\"requestId\": \"r\", \"state\": \"FAILED\", \"errors\": [\"e\"], \"sourceIds\": [\"s\"]}";
    static const char refused[] = "{\"detailCode\": \"400.1\", \"trackingId\": \"t\", \"messages\": [{\"locale\": \"en-US\", \"text\": \"no\"}]}";
    const pwseal_poll poll = {1, 0};
    pwseal_password_info *from;
    pwseal_state state;
    pwseal_next next;
    uint64_t after;
    pwseal_answer *read = answer(PWSEAL_OPERATION_PASSWORD_CHANGE_STATUS, 200, TEXT(change));
    OK(pwseal_answer_outcome(read));
    OK(pwseal_answer_state(read, &state));
    LENT(pwseal_answer_state_name, read);
    LENT(pwseal_answer_request_id, read);
    require(pwseal_answer_error_count(read) == 1 && pwseal_answer_source_id_count(read) == 1, "lists");
    LENT(pwseal_answer_error, read, 0);
    LENT(pwseal_answer_source_id, read, 0);
    OK(pwseal_poll_next(&poll, read, 0, &next, &after));
    require(pwseal_poll_delay(&poll, 60000) > 0, "a delay");
    pwseal_answer_free(read);

    read = answer(PWSEAL_OPERATION_SET_PASSWORD, 429, TEXT(refused));
    STATUS(ANSWER_REFUSED, pwseal_answer_outcome(read));
    require(pwseal_answer_retryable(read) && pwseal_answer_retry_after(read) == 7, "later");
    LENT(pwseal_answer_detail_code, read);
    LENT(pwseal_answer_tracking_id, read);
    LENT(pwseal_answer_refusal, read, TEXT("en-US"));
    pwseal_answer_free(read);

    read = answer(PWSEAL_OPERATION_QUERY_PASSWORD_INFO, 200, (const char *)json, json_len);
    OK(pwseal_answer_password_info(read, &from));
    pwseal_password_info_free(from);
    pwseal_answer_free(read);
    require(pwseal_status_message(PWSEAL_STATUS_OK) != NULL, "a message");
    require(*pwseal_version() != '\0', "a version");
    require(*pwseal_last_error() != '\0', "the message of the last error");
}

static void everything(void)
{
    read_keys();
    from_utf16();
    encrypt();
    encrypt_base64();
    encrypt_many();
    encrypt_many_base64();
    empty_in_batch();
    no_room();
    check();
    generate();
    generate_for_an_account();
    read_info();
    change_request();
    change_request_despite_policy();
    change_request_violated();
    make_requests();
    read_answers();
    digit_token();
}

/* --- what the tests must find --- */

/* In a register that little code uses. */
static void plant_register(void)
{
#ifdef __x86_64__
    __asm__ volatile("movdqu (%0), %%xmm15" :: "r"(passwords[0].data) : "memory", "xmm15");
#endif
}

static void *hold(void *is_held)
{
    volatile uint8_t local[64];
    for (size_t i = 0; i < sizeof local; i++)
        local[i] = ((const uint8_t *)passwords[0].data)[i];
    plant_register();
    sem_post(is_held);
    pause();
    return NULL;
}

/* On the stack and in a register of another thread, which lives on. */
static void plant_thread(void)
{
    static sem_t is_held;
    pthread_t thread;
    require(sem_init(&is_held, 0, 0) == 0, "a semaphore");
    require(pthread_create(&thread, NULL, hold, &is_held) == 0, "a thread");
    require(sem_wait(&is_held) == 0, "it is held");
}

static void nothing(void)
{
}

static const struct {
    const char *name;
    void (*run)(void);
} scenarios[] = {
    {"nothing", nothing},
    {"encrypt", encrypt},
    {"encrypt-base64", encrypt_base64},
    {"encrypt-many", encrypt_many},
    {"encrypt-many-base64", encrypt_many_base64},
    {"too-long", too_long},
    {"too-long-in-batch", too_long_in_batch},
    {"empty-in-batch", empty_in_batch},
    {"no-room", no_room},
    {"os-random-fails", os_random_fails},
    {"check", check},
    {"generate", generate},
    {"generate-for-an-account", generate_for_an_account},
    {"change-request", change_request},
    {"change-request-despite-policy", change_request_despite_policy},
    {"change-request-violated", change_request_violated},
    {"digit-token", digit_token},
    {"fork", fork_between},
    {"interrupted", interrupted},
    {"everything", everything},
    {"plant-register", plant_register},
    {"plant-thread", plant_thread},
};

static __attribute__((noinline)) void run(const char *name)
{
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
        if (strcmp(scenarios[i].name, name) == 0) {
            scenarios[i].run();
            return;
        }
    }
    require(0, name);
}

static size_t read_file(const char *name, uint8_t *content, size_t room)
{
    FILE *stream = fopen(name, "rb");
    require(stream != NULL, name);
    size_t read = fread(content, 1, room, stream);
    fclose(stream);
    return read;
}

int main(int argc, char **argv)
{
    static uint8_t file[4096];
    size_t at = 0;
    require(argc >= 5 && argc < 5 + 15, "arguments");
    if (strcmp(argv[3], "detected") != 0)
        setenv("PWSEAL_BACKEND", argv[3], 1);
    OK(pwseal_prefer_backend_from_env());
    json_len = read_file(INFO, json, sizeof json);
    OK(pwseal_key_parse(file, read_file(argv[4], file, sizeof file), &key));
    prints = strcmp(argv[1], "print") == 0;
    if (prints) {
        INTO_OUT(OK, pwseal_key_backend, char, key);
        printf("%s\n", out);
        fflush(stdout);
    }
    for (; count < (size_t)argc - 5; count++) {
        size_t wanted = strtoul(argv[5 + count], NULL, 10);
        require(at + wanted <= sizeof secrets, "room");
        require(read(STDIN_FILENO, secrets + at, wanted) == (ssize_t)wanted, "a password");
        passwords[count] = (pwseal_bytes){secrets + at, wanted};
        at += wanted;
    }

    run(argv[2]);
    pwseal_wipe(secrets, sizeof secrets);
    if (strcmp(argv[1], "still") == 0)
        raise(SIGSTOP);
    pwseal_key_free(key);
    return 0;
}
