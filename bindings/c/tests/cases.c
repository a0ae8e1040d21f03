/*
 * Answers the cases of tests/cases, which the Rust test gives and compares: what an interface can be held to is the same
 * for all of them.
 *
 * Each line of standard input has cells separated by tabs: a word, and byte strings in hexadecimal. Each line of standard
 * output is "ok" with cells, or "error" with a message.
 *
 *     key FILE                                  fingerprint
 *     info FILE PASSWORD                        body, outcomes
 *     password INFO PASSWORD                    body, warnings
 *     raw INFO PASSWORD                         body, warnings
 *     policy PASSWORD ID NAME DICTIONARY N STRINGS... (NAME VALUE)... (NAME VALUE)...
 *                                               outcomes; N are how many strings and account attributes there are, as "2 1"
 */
#include "check.h"

#define MAX_CELLS 64

static char line[1 << 20];
static pwseal_bytes cells[MAX_CELLS];
static size_t count;

static const char *const warnings[] = {
    "other", "leading-white-space", "trailing-white-space", "no-break-space", "invisible-character",
    "smart-punctuation", "replacement-character", "mojibake", "not-nfc", "spreadsheet-value", "placeholder",
    "in-quotes", "escaped-line-break", "colon", "non-ascii", "control-character", "not-utf8",
};

static const char *const reasons[] = {
    "none", "other", "notUnderstood", "unreadableValue", "oldPasswords", "notGiven", "shortWords",
    "doubtfulCharacters", "characterTypes", "wordLengthAlone", "notUtf8", "repeatedCharacters", "partsOfWords",
    "unmetMinimum", "lengthUnits", "noPolicies", "notText",
};

static unsigned digit(char hex)
{
    return (unsigned)(hex <= '9' ? hex - '0' : hex - 'a' + 10);
}

/* Takes a line apart, in its own place: the first cell is a word, and the others are decoded. */
static void split(void)
{
    char *next = line;
    count = 0;
    while (next != NULL && count < MAX_CELLS) {
        char *cell = next;
        char *end = strpbrk(cell, "\t\n");
        size_t len = end == NULL ? strlen(cell) : (size_t)(end - cell);
        next = end != NULL && *end == '\t' ? end + 1 : NULL;
        if (count > 0) {
            size_t index;
            for (index = 0; index < len / 2; index++) {
                cell[index] = (char)(digit(cell[2 * index]) * 16 + digit(cell[2 * index + 1]));
            }
            len /= 2;
        }
        cells[count].data = cell;
        cells[count].len = len;
        count++;
    }
}

static const char *text(size_t cell)
{
    return (const char *)cells[cell].data;
}

static void error(void)
{
    printf("error\t%s\n", pwseal_last_error());
}

static void key(void)
{
    pwseal_key *parsed = NULL;
    char fingerprint[65];
    size_t len = sizeof fingerprint;
    if (pwseal_key_parse(cells[1].data, cells[1].len, &parsed) != PWSEAL_STATUS_OK) {
        error();
        return;
    }
    OK(pwseal_key_fingerprint(parsed, fingerprint, &len));
    printf("ok\t%s\n", fingerprint);
    pwseal_key_free(parsed);
}

static void print_outcomes(const pwseal_report *report)
{
    size_t index;
    for (index = 0; index < pwseal_report_finding_count(report); index++) {
        pwseal_finding finding;
        const char *outcome = "passed";
        OK(pwseal_report_finding(report, index, &finding));
        if (finding.outcome == PWSEAL_OUTCOME_VIOLATED) {
            outcome = "violated";
        } else if (finding.outcome == PWSEAL_OUTCOME_NOT_CHECKED) {
            outcome = reasons[finding.reason];
        }
        printf(index == 0 ? "%s" : ",%s", outcome);
    }
    printf("\n");
}

static void info_and_password(uint32_t options, int with_report)
{
    pwseal_password_info *info = NULL;
    pwseal_change_request *change = NULL;
    pwseal_text body;
    size_t index;
    if (pwseal_password_info_parse(cells[1].data, cells[1].len, &info) != PWSEAL_STATUS_OK) {
        error();
        return;
    }
    if (pwseal_change_request_new(info, NULL, 0, NULL, cells[2].data, cells[2].len, options, &change) != PWSEAL_STATUS_OK) {
        error();
        pwseal_password_info_free(info);
        return;
    }
    OK(pwseal_change_request_body(change, &body));
    printf("ok\t%s\t", body.data);
    if (with_report) {
        pwseal_report *report = NULL;
        OK(pwseal_password_info_check(info, NULL, 0, NULL, cells[2].data, cells[2].len, &report));
        print_outcomes(report);
        pwseal_report_free(report);
    } else {
        for (index = 0; index < pwseal_change_request_warning_count(change); index++) {
            pwseal_password_warning warning = PWSEAL_PASSWORD_WARNING_OTHER;
            OK(pwseal_change_request_warning_kind(change, index, &warning));
            printf(index == 0 ? "%s" : ",%s", warnings[warning]);
        }
        printf("\n");
    }
    pwseal_change_request_free(change);
    pwseal_password_info_free(info);
}

static void policy(void)
{
    pwseal_policy *parsed = NULL;
    pwseal_context *context = NULL;
    pwseal_dictionary *dictionary = NULL;
    pwseal_report *report = NULL;
    pwseal_text strings[MAX_CELLS];
    char counts[16];
    size_t cell, strings_len, account_len;
    char *end;

    memcpy(counts, cells[5].data, cells[5].len);
    counts[cells[5].len] = '\0';
    strings_len = strtoul(counts, &end, 10);
    account_len = strtoul(end, NULL, 10);
    for (cell = 0; cell < strings_len; cell++) {
        strings[cell].data = text(6 + cell);
        strings[cell].len = cells[6 + cell].len;
    }
    OK(pwseal_policy_from_strings(strings, strings_len, &parsed));
    OK(pwseal_context_new(&context));
    if (cells[2].len > 0) {
        OK(pwseal_context_set_account_id(context, text(2), cells[2].len));
    }
    if (cells[3].len > 0) {
        OK(pwseal_context_add_account_name(context, text(3), cells[3].len));
    }
    if (cells[4].len > 0) {
        OK(pwseal_dictionary_parse(cells[4].data, cells[4].len, &dictionary));
        OK(pwseal_context_set_dictionary(context, dictionary));
        pwseal_dictionary_free(dictionary);
    }
    for (cell = 6 + strings_len; cell + 1 < count; cell += 2) {
        if (account_len > 0) {
            OK(pwseal_context_add_account_attribute(context, text(cell), cells[cell].len, text(cell + 1),
                                                    cells[cell + 1].len));
            account_len--;
        } else {
            OK(pwseal_context_add_identity_attribute(context, text(cell), cells[cell].len, text(cell + 1),
                                                     cells[cell + 1].len));
        }
    }
    if (pwseal_policy_check(parsed, context, cells[1].data, cells[1].len, &report) == PWSEAL_STATUS_OK) {
        printf("ok\t");
        print_outcomes(report);
    } else {
        error();
    }
    pwseal_report_free(report);
    pwseal_context_free(context);
    pwseal_policy_free(parsed);
}

static int is(const char *word)
{
    return cells[0].len == strlen(word) && memcmp(cells[0].data, word, cells[0].len) == 0;
}

int main(void)
{
    while (fgets(line, sizeof line, stdin) != NULL) {
        split();
        if (is("key")) {
            key();
        } else if (is("info")) {
            info_and_password(0, 1);
        } else if (is("password")) {
            info_and_password(PWSEAL_DESPITE_POLICY, 0);
        } else if (is("raw")) {
            info_and_password(PWSEAL_DESPITE_POLICY | PWSEAL_RAW, 0);
        } else if (is("policy")) {
            policy();
        } else {
            return 2;
        }
    }
    return failures == 0 ? 0 : 1;
}
