/*
 * Twelve threads on one key, policy, context, password-info, API and answer, each with outputs and
 * a last error of its own. Made for ThreadSanitizer.
 *
 *     threads PASSWORD_INFO_FILE
 */
#include "check.h"

#include <pthread.h>

#define THREADS 12
#define ROUNDS 10

static struct {
    pwseal_password_info *info;
    pwseal_key *key;
    pwseal_policy *policy;
    pwseal_context *context;
    pwseal_api *api;
    pwseal_answer *answer;
    pthread_barrier_t start;
} shared;

static void *use(void *number)
{
    const size_t thread = *(const size_t *)number;
    size_t wrong = 0;
    int round;
    pthread_barrier_wait(&shared.start);
    for (round = 0; round < ROUNDS; round++) {
        uint8_t ciphertexts[3 * 256];
        pwseal_password *password = NULL;
        pwseal_text chars = {NULL, 0}, state = {NULL, 0};
        char text[1024];
        size_t len = sizeof ciphertexts;
        pwseal_bytes many[3] = {{"a", 1}, {"bb", 2}, {"ccc", 3}};
        pwseal_report *report = NULL;
        pwseal_change_request *change = NULL;
        pwseal_request *request = NULL;

        wrong += pwseal_key_encrypt_many(shared.key, many, 3, ciphertexts, &len) != PWSEAL_STATUS_OK;
        len = sizeof ciphertexts;
        wrong += pwseal_key_encrypt(shared.key, many[0].data, 1, ciphertexts, &len) != PWSEAL_STATUS_OK;

        wrong += pwseal_policy_generate(shared.policy, NULL, 16, NULL, 0, false, &password) != PWSEAL_STATUS_OK;
        wrong += pwseal_password_text(password, &chars) != PWSEAL_STATUS_OK;
        wrong += pwseal_policy_check(shared.policy, shared.context, chars.data, chars.len, &report) != PWSEAL_STATUS_OK;
        wrong += !pwseal_report_all_passed(report);
        pwseal_report_free(report);

        wrong += pwseal_change_request_new(shared.info, NULL, 0, NULL, chars.data, chars.len, 0, &change) != PWSEAL_STATUS_OK;
        wrong += pwseal_api_set_password(shared.api, change, &request) != PWSEAL_STATUS_OK;
        wrong += strcmp(pwseal_request_http(request)->method.data, "POST") != 0;
        pwseal_request_free(request);
        pwseal_change_request_free(change);
        pwseal_password_free(password);
        wrong += pwseal_answer_state_name(shared.answer, &state) != PWSEAL_STATUS_OK;
        wrong += strcmp(state.data, "IN_PROGRESS") != 0;

        /* Each thread has the last error of its own call. */
        snprintf(text, sizeof text, "index %lu is out of range", (unsigned long)(1000 + thread));
        len = sizeof ciphertexts;
        wrong += pwseal_policy_rule(shared.policy, 1000 + thread, (char *)ciphertexts, &len) != PWSEAL_STATUS_OUT_OF_RANGE;
        wrong += strncmp(pwseal_last_error(), text, strlen(text)) != 0;
        wrong += pwseal_last_error_detail(PWSEAL_DETAIL_GIVEN) != (int64_t)(1000 + thread);
    }
    return wrong == 0 ? NULL : &shared;
}

int main(int argc, char **argv)
{
    static uint8_t json[8192];
    static size_t numbers[THREADS];
    pthread_t threads[THREADS];
    size_t thread;
    if (argc != 2) {
        return 2;
    }
    OK(pwseal_prefer_backend_from_env());
    OK(pwseal_password_info_parse(json, read_file(argv[1], json, sizeof json), &shared.info));
    OK(pwseal_password_info_key(shared.info, &shared.key));
    OK(pwseal_password_info_policy(shared.info, &shared.policy));
    OK(pwseal_context_new(&shared.context));
    OK(pwseal_context_set_account_id(shared.context, TEXT("CN=Abby Smith")));
    OK(pwseal_api_new(PWSEAL_API_VERSION_V2026, TEXT("acme"), &shared.api));
    OK(pwseal_answer_read(PWSEAL_OPERATION_SET_PASSWORD, 202, NULL, 0, TEXT("{\"state\": \"IN_PROGRESS\"}"), &shared.answer));
    CHECK(pthread_barrier_init(&shared.start, NULL, THREADS) == 0);
    for (thread = 0; thread < THREADS; thread++) {
        numbers[thread] = thread;
        CHECK(pthread_create(&threads[thread], NULL, use, &numbers[thread]) == 0);
    }
    for (thread = 0; thread < THREADS; thread++) {
        void *wrong = &shared;
        CHECK(pthread_join(threads[thread], &wrong) == 0);
        CHECK(wrong == NULL);
    }
    pthread_barrier_destroy(&shared.start);
    pwseal_answer_free(shared.answer);
    pwseal_api_free(shared.api);
    pwseal_context_free(shared.context);
    pwseal_policy_free(shared.policy);
    pwseal_key_free(shared.key);
    pwseal_password_info_free(shared.info);
    return failures == 0 ? 0 : 1;
}
