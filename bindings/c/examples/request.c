/*
 * Makes the body of set-password from a password-info file and a password on standard input:
 *
 *     request PASSWORD_INFO_FILE [ACCOUNT] < password
 */
#include <pwseal.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fail(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, pwseal_last_error());
    return 1;
}

/* Reads all of a file into new memory. */
static uint8_t *read_file(const char *path, size_t *len)
{
    static const size_t limit = 1 << 20;
    FILE *file = fopen(path, "rb");
    uint8_t *content = malloc(limit);
    if (file == NULL || content == NULL) {
        perror(path);
        exit(2);
    }
    *len = fread(content, 1, limit, file);
    fclose(file);
    return content;
}

/* Reads the password past the buffers of stdio, which would keep a copy; without a line break. */
static size_t read_password(uint8_t *password, size_t room)
{
    size_t len = 0;
    ssize_t count;
    while (len < room && (count = read(STDIN_FILENO, password + len, room - len)) > 0)
        len += (size_t)count;
    if (len > 0 && password[len - 1] == '\n')
        len--;
    return len;
}

/* Says what the rules say, before anything is sent. */
static void explain(const pwseal_report *report)
{
    size_t index;
    for (index = 0; index < pwseal_report_finding_count(report); index++) {
        char rule[512], message[512];
        size_t rule_len = sizeof rule, message_len = sizeof message;
        pwseal_finding finding;
        if (pwseal_report_finding(report, index, &finding) == PWSEAL_STATUS_OK
            && finding.outcome != PWSEAL_OUTCOME_PASSED
            && pwseal_report_rule(report, index, rule, &rule_len) == PWSEAL_STATUS_OK
            && pwseal_report_message(report, index, message, &message_len) == PWSEAL_STATUS_OK)
            fprintf(stderr, "%s: %s\n", rule, message);
    }
}

static int print_body(const pwseal_password_info *info, const char *account)
{
    const size_t account_len = account == NULL ? 0 : strlen(account);
    uint8_t password[2048];
    const size_t password_len = read_password(password, sizeof password);
    pwseal_report *report = NULL;
    pwseal_change_request *change = NULL;
    pwseal_status status = pwseal_password_info_check(info, account, account_len, password, password_len, &report);
    if (status == PWSEAL_STATUS_OK) {
        explain(report);
        pwseal_report_free(report);
        status = pwseal_change_request_new(info, account, account_len, password, password_len, &change);
    }
    pwseal_wipe(password, sizeof password);
    if (status != PWSEAL_STATUS_OK)
        return fail("no body was made");

    char *body;
    size_t len = 0;
    pwseal_change_request_body(change, NULL, &len);
    body = malloc(len);
    if (body != NULL && pwseal_change_request_body(change, body, &len) == PWSEAL_STATUS_OK) {
        puts(body);
        pwseal_wipe(body, len);
    }
    free(body);
    pwseal_change_request_free(change);
    return body == NULL;
}

int main(int argc, char **argv)
{
    size_t len;
    uint8_t *json;
    pwseal_password_info *info = NULL;
    pwseal_status status;
    int exit_code;
    if (argc < 2 || argc > 3) {
        fprintf(stderr, "usage: %s PASSWORD_INFO_FILE [ACCOUNT] < password\n", argv[0]);
        return 2;
    }
    json = read_file(argv[1], &len);
    status = pwseal_password_info_parse(json, len, &info);
    free(json);
    if (status != PWSEAL_STATUS_OK)
        return fail(argv[1]);
    exit_code = print_body(info, argc == 3 ? argv[2] : NULL);
    pwseal_password_info_free(info);
    return exit_code;
}
