/*
 * Makes the body of set-password from a password-info file and a password on standard input:
 *
 *     request PASSWORD_INFO_FILE [ACCOUNT] < password
 */
#include <pwseal.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
/* What is read as text ends at a Ctrl-Z. */
#define open_stdin() _setmode(0, _O_BINARY)
#define read_stdin(out, room) _read(0, out, (unsigned)(room))
#else
#include <unistd.h>
#define open_stdin() 0
#define read_stdin(out, room) read(STDIN_FILENO, out, room)
#endif

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
    if (file != NULL && content != NULL)
        *len = fread(content, 1, limit, file);
    if (file == NULL || content == NULL || ferror(file)) {
        perror(path);
        exit(2);
    }
    fclose(file);
    return content;
}

/*
 * Reads the password past the buffers of stdio, which would keep a copy, without the line break that
 * echo and editors add. Half of one is worse than none: false if there is more, or an error.
 */
static bool read_password(uint8_t *password, size_t room, size_t *len)
{
    *len = 0;
    if (open_stdin() < 0)
        return false;
    for (;;) {
        const long count = (long)read_stdin(password + *len, room - *len);
        if (count == 0)
            break;
        if (count > 0)
            *len += (size_t)count;
        else if (errno != EINTR)
            return false;
        if (*len == room) {
            errno = EMSGSIZE;
            return false;
        }
    }
    if (*len > 0 && password[*len - 1] == '\n') {
        --*len;
        if (*len > 0 && password[*len - 1] == '\r')
            --*len;
    }
    return true;
}

/* A function of pwseal.h that writes one of a report's texts. */
typedef pwseal_status text_of(const pwseal_report *report, size_t index, char *out, size_t *out_len);

/* The text in new memory, however long it is, or NULL. */
static char *text(text_of *write, const pwseal_report *report, size_t index)
{
    size_t len = 0;
    char *out;
    if (write(report, index, NULL, &len) != PWSEAL_STATUS_BUFFER_TOO_SMALL)
        return NULL;
    out = malloc(len);
    if (out != NULL && write(report, index, out, &len) != PWSEAL_STATUS_OK) {
        free(out);
        out = NULL;
    }
    return out;
}

/* Says what the rules say, before anything is sent. */
static void explain(const pwseal_report *report)
{
    size_t index;
    for (index = 0; index < pwseal_report_finding_count(report); index++) {
        pwseal_finding finding;
        if (pwseal_report_finding(report, index, &finding) != PWSEAL_STATUS_OK
            || finding.outcome != PWSEAL_OUTCOME_PASSED) {
            char *rule = text(pwseal_report_rule_printable, report, index);
            char *message = text(pwseal_report_message, report, index);
            fprintf(stderr, "%s: %s\n", rule != NULL ? rule : "a rule", message != NULL ? message : "not known");
            free(rule);
            free(message);
        }
    }
    for (index = 0; index < pwseal_report_warning_count(report); index++) {
        char *warning = text(pwseal_report_warning, report, index);
        fprintf(stderr, "warning: %s\n", warning != NULL ? warning : "not known");
        free(warning);
    }
}

static int print_body(const pwseal_password_info *info, const char *account)
{
    const size_t account_len = account == NULL ? 0 : strlen(account);
    uint8_t password[2560]; /* more than any key takes */
    size_t password_len;
    pwseal_report *report = NULL;
    pwseal_change_request *change = NULL;
    pwseal_status status;
    pwseal_text body;
    bool ok = false;
    if (!read_password(password, sizeof password, &password_len)) {
        perror("the password cannot be read");
        pwseal_wipe(password, sizeof password);
        return 1;
    }
    status = pwseal_password_info_check(info, account, account_len, NULL, password, password_len, &report);
    if (status == PWSEAL_STATUS_OK) {
        explain(report);
        pwseal_report_free(report);
        status = pwseal_change_request_new(info, account, account_len, NULL, password, password_len, 0, &change);
    }
    pwseal_wipe(password, sizeof password);
    if (status != PWSEAL_STATUS_OK)
        return fail("no body was made");

    if (pwseal_change_request_body(change, &body) != PWSEAL_STATUS_OK)
        fail("no body was made");
    else if (puts(body.data) < 0 || fflush(stdout) != 0)
        perror("the body cannot be written");
    else
        ok = true;
    pwseal_change_request_free(change);
    return ok ? 0 : 1;
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
