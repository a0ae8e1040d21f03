/*
 * From a password-info to a body, the API's requests and answers, and the wait for the end.
 *
 *     exchange PASSWORD_INFO_FILE OUT_DIR
 */
#include "check.h"

#define PASSWORD "correct horse 7"

/* As in the published example. */
#define IDENTITY_ID "2c918085744fec4301746f9a5bce4605"
#define SOURCE_ID "2c918083746f642c01746f990884012a"
#define KEY_ID "N2M1OTJiMGEtMDJlZS00ZWU3LTkyYTEtNjA5YmI5NWE3ZWVh"
#define ACCOUNT_ID "CN=Abby Smith,OU=Austin,OU=Americas,OU=Demo,DC=seri,DC=acme,DC=com"
#define ACCOUNT_NAME "Abby.Smith"

static uint8_t json[8192];
static size_t json_len;

static pwseal_password_info *parse(const char *text)
{
    pwseal_password_info *info = NULL;
    OK(pwseal_password_info_parse(TEXT(text), &info));
    return info;
}

static pwseal_password_info *example(void)
{
    pwseal_password_info *info = NULL;
    OK(pwseal_password_info_parse(json, json_len, &info));
    return info;
}

static void test_password_info(void)
{
    pwseal_password_info *const untouched = (pwseal_password_info *)&failures;
    pwseal_password_info *info = untouched;
    pwseal_key *key = NULL;
    pwseal_policy *policy = NULL;

    FAILS(pwseal_password_info_parse(NULL, 1, &info), PWSEAL_STATUS_NULL_POINTER, "json is NULL");
    FAILS(pwseal_password_info_parse(json, json_len, NULL), PWSEAL_STATUS_NULL_POINTER, "out is NULL");
    FAILS(pwseal_password_info_parse(json, TOO_LONG, &info), PWSEAL_STATUS_LENGTH_TOO_LARGE, "json has a length of ");
    FAILS(pwseal_password_info_parse(NULL, 0, &info), PWSEAL_STATUS_OTHER_MESSAGE, "the password-info is empty");
    FAILS(pwseal_password_info_parse(TEXT("[1]"), &info), PWSEAL_STATUS_OTHER_MESSAGE, "the password-info is a JSON array");
    FAILS(pwseal_password_info_parse(TEXT("{\"error\": \"JWT is expired\"}"), &info), PWSEAL_STATUS_OTHER_MESSAGE,
          "the password-info is an error of the API, 401 Unauthorized: JWT is expired; ");
    FAILS(pwseal_password_info_parse(TEXT("{\"accounts\": [{\"accountId\": 7}]}"), &info),
          PWSEAL_STATUS_INVALID_PASSWORD_INFO, "the password-info is JSON in which accounts[0].accountId is a number");
    DETAIL(PWSEAL_DETAIL_LINE, 1);
    DETAIL(PWSEAL_DETAIL_COLUMN, 29);
    CHECK(info == NULL);

    info = example();
    LENDS(IDENTITY_ID, pwseal_password_info_identity_id, info);
    LENDS(SOURCE_ID, pwseal_password_info_source_id, info);
    LENDS(KEY_ID, pwseal_password_info_public_key_id, info);
    CHECK(pwseal_password_info_account_count(info) == 1);
    LENDS(ACCOUNT_ID, pwseal_password_info_account_id, info, 0);
    LENDS(ACCOUNT_NAME, pwseal_password_info_account_name, info, 0);
    LENDS_NOT(PWSEAL_STATUS_OUT_OF_RANGE, "index 1", pwseal_password_info_account_id, info, 1);
    LENDS_NOT(PWSEAL_STATUS_OUT_OF_RANGE, "index 1", pwseal_password_info_account_name, info, 1);
    FAILS(pwseal_password_info_key(info, NULL), PWSEAL_STATUS_NULL_POINTER, "out is NULL");
    FAILS(pwseal_password_info_policy(info, NULL), PWSEAL_STATUS_NULL_POINTER, "out is NULL");
    OK(pwseal_password_info_key(info, &key));
    OK(pwseal_password_info_policy(info, &policy));
    pwseal_password_info_free(info); /* the others stay */
    CHECK(pwseal_key_bits(key) == 2048);
    WRITES("passwordRepeatedChar is 3", pwseal_policy_rule, policy, 0);
    CHECK(pwseal_policy_rule_count(policy) == 4);
    pwseal_policy_free(policy);
    pwseal_key_free(key);

    info = parse("{\"accounts\": [{}]}");
    key = NULL;
    LENDS_NOT(PWSEAL_STATUS_MISSING_FIELD, "there is no identityId", pwseal_password_info_identity_id, info);
    LENDS_NOT(PWSEAL_STATUS_MISSING_FIELD, "there is no sourceId", pwseal_password_info_source_id, info);
    LENDS_NOT(PWSEAL_STATUS_MISSING_FIELD, "there is no publicKeyId", pwseal_password_info_public_key_id, info);
    LENDS_NOT(PWSEAL_STATUS_MISSING_FIELD, "there is no accountId", pwseal_password_info_account_id, info, 0);
    LENDS_NOT(PWSEAL_STATUS_MISSING_FIELD, "there is no accountName", pwseal_password_info_account_name, info, 0);
    FAILS(pwseal_password_info_key(info, &key), PWSEAL_STATUS_MISSING_FIELD, "the password-info has no publicKey");
    CHECK(key == NULL);
    OK(pwseal_password_info_policy(info, &policy));
    /* Without policies it is not known what they ask, which is a rule that is never checked. */
    CHECK(pwseal_policy_rule_count(policy) == 1);
    pwseal_policy_free(policy);
    pwseal_password_info_free(info);

    info = parse("{\"publicKey\": \"AIIBIjAN\"}");
    FAILS(pwseal_password_info_key(info, &key), PWSEAL_STATUS_INVALID_KEY, "the key is not DER");
    pwseal_password_info_free(info);

    pwseal_password_info_free(NULL);
    CHECK(pwseal_password_info_account_count(NULL) == 0);
    LENDS_NOT(PWSEAL_STATUS_NULL_POINTER, "info is NULL", pwseal_password_info_identity_id, NULL);
    LENDS_NOT(PWSEAL_STATUS_NULL_POINTER, "info is NULL", pwseal_password_info_source_id, NULL);
    LENDS_NOT(PWSEAL_STATUS_NULL_POINTER, "info is NULL", pwseal_password_info_public_key_id, NULL);
    LENDS_NOT(PWSEAL_STATUS_NULL_POINTER, "info is NULL", pwseal_password_info_account_id, NULL, 0);
    LENDS_NOT(PWSEAL_STATUS_NULL_POINTER, "info is NULL", pwseal_password_info_account_name, NULL, 0);
    FAILS(pwseal_password_info_key(NULL, &key), PWSEAL_STATUS_NULL_POINTER, "info is NULL");
    FAILS(pwseal_password_info_policy(NULL, &policy), PWSEAL_STATUS_NULL_POINTER, "info is NULL");
}

static void test_an_answer_without_policies(void)
{
    pwseal_password_info *info = NULL;
    pwseal_policy *policy = NULL;
    pwseal_report *report = NULL;
    pwseal_finding finding;

    OK(pwseal_password_info_parse(TEXT("{\"identityId\": \"a\"}"), &info));
    OK(pwseal_password_info_policy(info, &policy));
    OK(pwseal_policy_check(policy, NULL, TEXT("x"), &report));
    CHECK(!pwseal_report_all_passed(report) && pwseal_report_finding_count(report) == 1);
    OK(pwseal_report_finding(report, 0, &finding));
    CHECK(finding.outcome == PWSEAL_OUTCOME_NOT_CHECKED && finding.reason == PWSEAL_REASON_NO_POLICIES);
    pwseal_report_free(report);
    pwseal_policy_free(policy);
    pwseal_password_info_free(info);
}

static void test_generated_for_an_account(void)
{
    pwseal_password_info *info = example();
    pwseal_report *report = NULL;
    pwseal_password *const untouched = (pwseal_password *)&failures;
    pwseal_password *password = untouched;
    pwseal_text text;

    FAILS(pwseal_password_info_generate(NULL, NULL, 0, NULL, 0, NULL, 0, false, &password), PWSEAL_STATUS_NULL_POINTER, "info is NULL");
    FAILS(pwseal_password_info_generate(info, NULL, 1, NULL, 0, NULL, 0, false, &password), PWSEAL_STATUS_NULL_POINTER, "account is NULL");
    FAILS(pwseal_password_info_generate(info, NULL, 0, NULL, 0, NULL, 0, false, NULL), PWSEAL_STATUS_NULL_POINTER, "out is NULL");
    FAILS(pwseal_password_info_generate(info, TEXT("x"), NULL, 0, NULL, 0, false, &password), PWSEAL_STATUS_ACCOUNT_NOT_FOUND, "no account has");
    FAILS(pwseal_password_info_generate(info, NULL, 0, NULL, 1025, NULL, 0, false, &password), PWSEAL_STATUS_OUT_OF_RANGE, "a password of 1025");
    FAILS(pwseal_password_info_generate(info, NULL, 0, NULL, 4, NULL, 0, false, &password), PWSEAL_STATUS_POLICY_CONFLICT, "no password of 4");
    CHECK(password == NULL);
    OK(pwseal_password_info_generate(info, NULL, 0, NULL, 0, NULL, 0, false, &password));
    OK(pwseal_password_text(password, &text));
    CHECK(text.len == 16);
    pwseal_password_free(password);
    OK(pwseal_password_info_generate(info, TEXT(ACCOUNT_NAME), NULL, 20, NULL, 0, false, &password));
    OK(pwseal_password_text(password, &text));
    CHECK(text.len == 20 && strlen(text.data) == 20);
    OK(pwseal_password_info_check(info, NULL, 0, NULL, text.data, text.len, &report));
    CHECK(pwseal_report_all_passed(report));
    pwseal_report_free(report);
    pwseal_password_free(password);
    pwseal_password_info_free(info);
}

/* A dictionary and attributes go into a check, a generated password and a body. */
static void test_with_a_context(void)
{
    static const char ids[] = "{\"identityId\":\"i\",\"sourceId\":\"s\",\"publicKeyId\":\"k\",\"accounts\":[{\"accountId\":\"CN=Abby\"}],"
                              "\"policies\":[\"checkPasswordsAgainstDictionary is true\",\"checkPasswordAgainstAccountID is true\"],";
    static char text[8192];
    pwseal_password_info *info;
    pwseal_context *context = NULL;
    pwseal_dictionary *dictionary = NULL;
    pwseal_report *report = NULL;
    pwseal_change_request *change = NULL;
    pwseal_password *password = NULL;
    pwseal_text generated;
    const char *key;
    memcpy(text, json, json_len);
    text[json_len] = '\0';
    key = strstr(text, "\"publicKey\":");
    CHECK(key != NULL);
    if (key == NULL)
        return;
    {
        const char *const start = strchr(strchr(key, ':'), '"');
        char rest[4096];
        snprintf(rest, sizeof rest, "\"publicKey\":%.*s}", (int)(strchr(start + 1, '"') + 1 - start), start);
        snprintf(text, sizeof text, "%s%s", ids, rest);
    }
    info = parse(text);
    OK(pwseal_dictionary_parse(TEXT("horse\n"), &dictionary));
    OK(pwseal_context_new(&context));
    OK(pwseal_context_set_dictionary(context, dictionary));
    pwseal_dictionary_free(dictionary);

    OK(pwseal_password_info_check(info, NULL, 0, NULL, TEXT(PASSWORD), &report));
    CHECK(!pwseal_report_has_violation(report) && !pwseal_report_all_passed(report));
    pwseal_report_free(report);
    OK(pwseal_password_info_check(info, NULL, 0, context, TEXT(PASSWORD), &report));
    CHECK(pwseal_report_has_violation(report));
    pwseal_report_free(report);

    FAILS(pwseal_change_request_new(info, NULL, 0, context, TEXT(PASSWORD), 0, &change), PWSEAL_STATUS_POLICY_VIOLATION,
          "the password violates the policy: checkPasswordsAgainstDictionary is true");
    /* The account's id is compared beside it. */
    FAILS(pwseal_change_request_new(info, NULL, 0, context, TEXT("xabby7"), 0, &change), PWSEAL_STATUS_POLICY_VIOLATION,
          "the password violates the policy: checkPasswordAgainstAccountID is true");
    OK(pwseal_change_request_new(info, NULL, 0, NULL, TEXT(PASSWORD), 0, &change));
    pwseal_change_request_free(change);

    OK(pwseal_password_info_generate(info, NULL, 0, context, 16, NULL, 0, false, &password));
    OK(pwseal_password_text(password, &generated));
    OK(pwseal_change_request_new(info, NULL, 0, context, generated.data, generated.len, 0, &change));
    pwseal_change_request_free(change);
    pwseal_password_free(password);
    pwseal_context_free(context);
    pwseal_password_info_free(info);
}

static void test_password_info_check(void)
{
    pwseal_password_info *info = example();
    pwseal_report *const untouched = (pwseal_report *)&failures;
    pwseal_report *report = untouched;

    FAILS(pwseal_password_info_check(NULL, NULL, 0, NULL, TEXT("x"), &report), PWSEAL_STATUS_NULL_POINTER, "info is NULL");
    FAILS(pwseal_password_info_check(info, NULL, 0, NULL, TEXT("x"), NULL), PWSEAL_STATUS_NULL_POINTER, "out is NULL");
    FAILS(pwseal_password_info_check(info, NULL, 1, NULL, TEXT("x"), &report), PWSEAL_STATUS_NULL_POINTER, "account is NULL");
    FAILS(pwseal_password_info_check(info, NULL, 0, NULL, NULL, 1, &report), PWSEAL_STATUS_NULL_POINTER, "password is NULL");
    FAILS(pwseal_password_info_check(info, "x", TOO_LONG, NULL, TEXT("x"), &report), PWSEAL_STATUS_LENGTH_TOO_LARGE, "account has");
    FAILS(pwseal_password_info_check(info, TEXT("\xff"), NULL, TEXT("x"), &report), PWSEAL_STATUS_INVALID_UTF8, "account is not UTF-8");
    FAILS(pwseal_password_info_check(info, TEXT("x"), NULL, TEXT("x"), &report), PWSEAL_STATUS_ACCOUNT_NOT_FOUND,
          "no account has this id or name; the accounts are: \"CN=Abby");
    FAILS(pwseal_password_info_check(info, NULL, 0, NULL, NULL, 0, &report), PWSEAL_STATUS_EMPTY_PASSWORD, "the password is empty");
    CHECK(pwseal_password_info_check(info, NULL, 0, NULL, json, 2038, &report) == PWSEAL_STATUS_PASSWORD_TOO_LONG);
    CHECK(report == NULL);

    OK(pwseal_password_info_check(info, NULL, 0, NULL, TEXT("no"), &report));
    CHECK(pwseal_report_has_violation(report));
    pwseal_report_free(report);
    OK(pwseal_password_info_check(info, TEXT(ACCOUNT_NAME), NULL, TEXT(PASSWORD), &report));
    CHECK(pwseal_report_all_passed(report));
    pwseal_report_free(report);
    pwseal_password_info_free(info);

    info = NULL;
    {
        /* The account's own id is compared. */
        static char text[8192];
        char *policies;
        memcpy(text, json, json_len);
        text[json_len] = '\0';
        policies = strstr(text, "passwordMinAlpha is 1\"");
        CHECK(policies != NULL);
        if (policies != NULL) {
            strcpy(policies, "checkPasswordAgainstAccountID is true\"]}");
            info = parse(text);
            OK(pwseal_password_info_check(info, NULL, 0, NULL, TEXT("aUsTiN 7"), &report));
            CHECK(pwseal_report_has_violation(report));
            WRITES("has a word of the account ID", pwseal_report_message, report, 1);
            pwseal_report_free(report);
            pwseal_password_info_free(info);
        }
    }
}

/* Both ways to make one fail alike. */
static void test_change_request(uint32_t options)
{
    static const char several[] = "{\"identityId\": \"i\", \"sourceId\": \"s\", \"publicKeyId\": \"k\", \"accounts\": ["
                                  "{\"accountId\": \"1\", \"accountName\": \"twin\"}, {\"accountId\": \"2\", \"accountName\": \"twin\"}]}";
    pwseal_password_info *info = example();
    pwseal_change_request *const untouched = (pwseal_change_request *)&failures;
    pwseal_change_request *change = untouched;

    FAILS(pwseal_change_request_new(NULL, NULL, 0, NULL, TEXT(PASSWORD), options, &change), PWSEAL_STATUS_NULL_POINTER,
          "info is NULL");
    FAILS(pwseal_change_request_new(info, NULL, 0, NULL, TEXT(PASSWORD), options, NULL), PWSEAL_STATUS_NULL_POINTER,
          "out is NULL");
    FAILS(pwseal_change_request_new(info, NULL, 1, NULL, TEXT(PASSWORD), options, &change), PWSEAL_STATUS_NULL_POINTER,
          "account is NULL");
    FAILS(pwseal_change_request_new(info, NULL, 0, NULL, NULL, 1, options, &change), PWSEAL_STATUS_NULL_POINTER,
          "password is NULL");
    FAILS(pwseal_change_request_new(info, "x", TOO_LONG, NULL, TEXT(PASSWORD), options, &change), PWSEAL_STATUS_LENGTH_TOO_LARGE,
          "account has");
    FAILS(pwseal_change_request_new(info, NULL, 0, NULL, json, TOO_LONG, options, &change), PWSEAL_STATUS_LENGTH_TOO_LARGE,
          "password has");
    FAILS(pwseal_change_request_new(info, TEXT("\xff"), NULL, TEXT(PASSWORD), options, &change), PWSEAL_STATUS_INVALID_UTF8,
          "account is not UTF-8: byte 0");
    FAILS(pwseal_change_request_new(info, NULL, 0, NULL, NULL, 0, options, &change), PWSEAL_STATUS_EMPTY_PASSWORD,
          "the password is empty");
    FAILS(pwseal_change_request_new(info, NULL, 0, NULL, json, 246, options, &change), PWSEAL_STATUS_PASSWORD_NOT_TEXT,
          "the password has a line break");
    FAILS(pwseal_change_request_new(info, TEXT("abby.smith"), NULL, TEXT(PASSWORD), options, &change), PWSEAL_STATUS_ACCOUNT_NOT_FOUND,
          "no account has this id or name");
    FAILS(pwseal_change_request_new(info, TEXT(""), NULL, TEXT(PASSWORD), options, &change), PWSEAL_STATUS_ACCOUNT_NOT_FOUND,
          "no account has this id or name");
    random_source_fails = 1;
    CHECK(pwseal_change_request_new(info, NULL, 0, NULL, TEXT(PASSWORD), options, &change) == PWSEAL_STATUS_RANDOM_SOURCE);
    random_source_fails = 0;
    pwseal_password_info_free(info);

    info = parse("{\"sourceId\": \"s\"}");
    FAILS(pwseal_change_request_new(info, NULL, 0, NULL, TEXT(PASSWORD), options, &change), PWSEAL_STATUS_MISSING_FIELD,
          "the password-info has no identityId");
    pwseal_password_info_free(info);
    info = parse("{\"identityId\": \"i\", \"sourceId\": \"s\"}");
    FAILS(pwseal_change_request_new(info, NULL, 0, NULL, TEXT(PASSWORD), options, &change), PWSEAL_STATUS_NO_ACCOUNTS,
          "the password-info has no account");
    pwseal_password_info_free(info);
    info = parse(several);
    FAILS(pwseal_change_request_new(info, NULL, 0, NULL, TEXT(PASSWORD), options, &change), PWSEAL_STATUS_ACCOUNT_NOT_CHOSEN,
          "there are 2 accounts, choose one: \"1\"");
    FAILS(pwseal_change_request_new(info, TEXT("twin"), NULL, TEXT(PASSWORD), options, &change), PWSEAL_STATUS_ACCOUNT_NAME_NOT_UNIQUE,
          "several accounts have this name");
    FAILS(pwseal_change_request_new(info, TEXT("2"), NULL, TEXT(PASSWORD), options, &change), PWSEAL_STATUS_MISSING_FIELD,
          "the password-info has no publicKey");
    pwseal_password_info_free(info);
    CHECK(change == NULL);
}

static void test_policy_of_change_request(void)
{
    pwseal_password_info *info = example();
    pwseal_change_request *change = NULL;
    FAILS(pwseal_change_request_new(info, NULL, 0, NULL, TEXT("h22"), 0, &change), PWSEAL_STATUS_POLICY_VIOLATION,
          "the password violates the policy: passwordMinLength is 5 (has 3 characters");
    CHECK(strstr(pwseal_last_error(), "h22") == NULL);
    CHECK(change == NULL);
    OK(pwseal_change_request_new(info, NULL, 0, NULL, TEXT("h22"), PWSEAL_DESPITE_POLICY, &change));
    pwseal_change_request_free(change);
    pwseal_change_request_free(NULL);
    pwseal_password_info_free(info);
}

/* Each warning by its number. The first of a password is looked at, or the only one. */
static void test_warnings(void)
{
    static const struct {
        const char *password;
        pwseal_password_warning kind;
    } cases[] = {
        {" hunter2", PWSEAL_PASSWORD_WARNING_LEADING_WHITE_SPACE},
        {"hunter2 ", PWSEAL_PASSWORD_WARNING_TRAILING_WHITE_SPACE},
        {"hunter\xc2\xa0""2", PWSEAL_PASSWORD_WARNING_NO_BREAK_SPACE},
        {"hunter\xe2\x80\x8b""2", PWSEAL_PASSWORD_WARNING_INVISIBLE_CHARACTER},
        {"hunter\xe2\x80\x99""2", PWSEAL_PASSWORD_WARNING_SMART_PUNCTUATION},
        {"hunter\xef\xbf\xbd""2", PWSEAL_PASSWORD_WARNING_REPLACEMENT_CHARACTER},
        {"hunter\xc3\x83\xc2\xa7""2", PWSEAL_PASSWORD_WARNING_MOJIBAKE},
        {"hu\xcc\x88nter2", PWSEAL_PASSWORD_WARNING_NOT_NFC},
        {"1.23457E+11", PWSEAL_PASSWORD_WARNING_SPREADSHEET_VALUE},
        {"${PASSWORD2}", PWSEAL_PASSWORD_WARNING_PLACEHOLDER},
        {"\"hunter2\"", PWSEAL_PASSWORD_WARNING_IN_QUOTES},
        {"hunter2\\n", PWSEAL_PASSWORD_WARNING_ESCAPED_LINE_BREAK},
        {"hunter:2", PWSEAL_PASSWORD_WARNING_COLON},
        {"h\xc3\xbcnter2", PWSEAL_PASSWORD_WARNING_NON_ASCII},
        {"hunter2\n", PWSEAL_PASSWORD_WARNING_CONTROL_CHARACTER},
        {"hunter2\xff", PWSEAL_PASSWORD_WARNING_NOT_UTF8},
    };
    pwseal_password_info *info = example();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pwseal_change_request *change = NULL;
        pwseal_password_warning kind = PWSEAL_PASSWORD_WARNING_OTHER;
        const uint32_t options = cases[i].kind > PWSEAL_PASSWORD_WARNING_NON_ASCII ? PWSEAL_RAW : 0;
        OK(pwseal_change_request_new(info, NULL, 0, NULL, TEXT(cases[i].password), options | PWSEAL_DESPITE_POLICY, &change));
        OK(pwseal_change_request_warning_kind(change, 0, &kind));
        CHECK(kind == cases[i].kind);
        pwseal_change_request_free(change);
    }
    pwseal_password_info_free(info);
}

/* The password of a body is text, unless it is said to be meant as it is. */
static void test_judged(void)
{
    pwseal_password_info *info = example();
    pwseal_change_request *change = NULL;
    pwseal_report *report = NULL;
    pwseal_password_warning kind = PWSEAL_PASSWORD_WARNING_OTHER;
    FAILS(pwseal_change_request_new(info, NULL, 0, NULL, TEXT("hunter2\n"), 0, &change), PWSEAL_STATUS_PASSWORD_NOT_TEXT,
          "the password has a line break at byte 7");
    DETAIL(PWSEAL_DETAIL_POSITION, 7);
    FAILS(pwseal_change_request_new(info, NULL, 0, NULL, TEXT("hunter2\xe7"), PWSEAL_DESPITE_POLICY, &change),
          PWSEAL_STATUS_PASSWORD_NOT_TEXT, "the password is not UTF-8: byte 7");
    FAILS(pwseal_change_request_new(info, NULL, 0, NULL, "hunter2", 8, 0, &change),
          PWSEAL_STATUS_PASSWORD_NOT_TEXT, "the password has a NUL at byte 7");
    FAILS(pwseal_change_request_new(info, NULL, 0, NULL, TEXT("hunter2"), 4, &change), PWSEAL_STATUS_OUT_OF_RANGE,
          "4 is no sum of PWSEAL_DESPITE_POLICY and PWSEAL_RAW");
    CHECK(change == NULL);

    OK(pwseal_change_request_new(info, NULL, 0, NULL, TEXT("hunter2\n"), PWSEAL_RAW, &change));
    CHECK(pwseal_change_request_warning_count(change) == 1);
    OK(pwseal_change_request_warning_kind(change, 0, &kind));
    CHECK(kind == PWSEAL_PASSWORD_WARNING_CONTROL_CHARACTER);
    pwseal_change_request_free(change);

    OK(pwseal_change_request_new(info, NULL, 0, NULL, TEXT("hunter:2 "), 0, &change));
    CHECK(pwseal_change_request_warning_count(change) == 2);
    OK(pwseal_change_request_warning_kind(change, 0, &kind));
    CHECK(kind == PWSEAL_PASSWORD_WARNING_TRAILING_WHITE_SPACE);
    OK(pwseal_change_request_warning_kind(change, 1, &kind));
    CHECK(kind == PWSEAL_PASSWORD_WARNING_COLON);
    WRITES("the password ends with white space", pwseal_change_request_warning, change, 0);
    WRITES_NOT(PWSEAL_STATUS_OUT_OF_RANGE, "index 2", pwseal_change_request_warning, change, 2);
    FAILS(pwseal_change_request_warning_kind(change, 2, &kind), PWSEAL_STATUS_OUT_OF_RANGE, "index 2");
    FAILS(pwseal_change_request_warning_kind(NULL, 0, &kind), PWSEAL_STATUS_NULL_POINTER, "change is NULL");
    FAILS(pwseal_change_request_warning_kind(change, 0, NULL), PWSEAL_STATUS_NULL_POINTER, "out is NULL");
    CHECK(kind == PWSEAL_PASSWORD_WARNING_COLON);
    CHECK(pwseal_change_request_warning_count(NULL) == 0);
    pwseal_change_request_free(change);

    OK(pwseal_password_info_check(info, NULL, 0, NULL, TEXT("1.23457E+11"), &report));
    CHECK(pwseal_report_warning_count(report) == 1);
    OK(pwseal_report_warning_kind(report, 0, &kind));
    CHECK(kind == PWSEAL_PASSWORD_WARNING_SPREADSHEET_VALUE);
    pwseal_report_free(report);
    pwseal_password_info_free(info);
}

/* The length is that of the text: the core judges before it counts. */
static void test_length_is_judged(void)
{
    static uint8_t bytes[9000];
    pwseal_password_info *info = example();
    pwseal_change_request *change = NULL;

    memset(bytes, 'x', sizeof bytes);
    memcpy(bytes, "\xef\xbb\xbf", 3);
    OK(pwseal_change_request_new(info, NULL, 0, NULL, bytes, 3 + 245, PWSEAL_DESPITE_POLICY, &change));
    pwseal_change_request_free(change);
    FAILS(pwseal_change_request_new(info, NULL, 0, NULL, bytes, 3 + 246, PWSEAL_DESPITE_POLICY, &change), PWSEAL_STATUS_PASSWORD_TOO_LONG,
          "the password has 246 bytes");
    FAILS(pwseal_change_request_new(info, NULL, 0, NULL, bytes, 3 + 245, PWSEAL_DESPITE_POLICY | PWSEAL_RAW, &change), PWSEAL_STATUS_PASSWORD_TOO_LONG, "the password has 248 bytes");
    FAILS(pwseal_change_request_new(info, NULL, 0, NULL, bytes, sizeof bytes, 0, &change), PWSEAL_STATUS_PASSWORD_TOO_LONG,
          "the password has 9000 bytes");
    memset(bytes, 'x', sizeof bytes);
    for (size_t at = 1; at < sizeof bytes; at += 2) {
        bytes[at] = 0;
    }
    CHECK(pwseal_change_request_new(info, NULL, 0, NULL, bytes, 248, 0, &change) == PWSEAL_STATUS_PASSWORD_NOT_TEXT);
    CHECK(strstr(pwseal_last_error(), "UTF-16") != NULL);
    pwseal_password_info_free(info);
}

static void test_change_request_parse(void)
{
    /* A ciphertext of 128 bytes, all zero. */
    static const char fields[] = "\"publicKeyId\":\"k\",\"accountId\":\"a\",\"sourceId\":\"s\"}";
    char encrypted[173], body[512], more[600];
    pwseal_change_request *const untouched = (pwseal_change_request *)&failures;
    pwseal_change_request *change = untouched;
    memset(encrypted, 'A', 171);
    strcpy(encrypted + 171, "=");
    sprintf(body, "{\"identityId\":\"i\",\"encryptedPassword\":\"%s\",%s", encrypted, fields);

    FAILS(pwseal_change_request_parse(NULL, 1, &change), PWSEAL_STATUS_NULL_POINTER, "json is NULL");
    FAILS(pwseal_change_request_parse(TEXT(body), NULL), PWSEAL_STATUS_NULL_POINTER, "out is NULL");
    FAILS(pwseal_change_request_parse(body, TOO_LONG, &change), PWSEAL_STATUS_LENGTH_TOO_LARGE, "json has");
    FAILS(pwseal_change_request_parse(NULL, 0, &change), PWSEAL_STATUS_INVALID_CHANGE_REQUEST,
          "the set-password body is empty");
    FAILS(pwseal_change_request_parse(TEXT("{\"request\": {}}"), &change), PWSEAL_STATUS_MISSING_FIELD,
          "the set-password body has no identityId");
    sprintf(more, "{\"identityId\":\"i\",\"encryptedPassword\":\"%s\",%s", PASSWORD, fields);
    FAILS(pwseal_change_request_parse(TEXT(more), &change), PWSEAL_STATUS_INVALID_CHANGE_REQUEST,
          "the encryptedPassword of the set-password body is not encrypted");
    CHECK(strstr(pwseal_last_error(), "horse") == NULL);
    CHECK(change == NULL);

    sprintf(more, "{\"more\": 7, %s", body + 1);
    OK(pwseal_change_request_parse(TEXT(more), &change));
    LENDS(body, pwseal_change_request_body, change);
    pwseal_change_request_free(change);
}

static void leave_body(const char *directory)
{
    static const char before[] = "{\"identityId\":\"" IDENTITY_ID "\",\"encryptedPassword\":\"";
    static const char after[] = "\",\"publicKeyId\":\"" KEY_ID "\",\"accountId\":\"" ACCOUNT_ID "\",\"sourceId\":\"" SOURCE_ID "\"}";
    pwseal_password_info *info = example();
    pwseal_change_request *change = NULL;
    pwseal_api *api = NULL;
    pwseal_request *request = NULL;
    char out[1024];
    pwseal_text body;

    OK(pwseal_change_request_new(info, TEXT(ACCOUNT_ID), NULL, TEXT(PASSWORD), 0, &change));
    pwseal_password_info_free(info); /* the request stays */
    OK(pwseal_change_request_body(change, &body));
    CHECK(body.len == sizeof before - 1 + 344 + sizeof after - 1);
    strcpy(out, body.data);
    CHECK(memcmp(out, before, sizeof before - 1) == 0);
    CHECK_TEXT(out + sizeof before - 1 + 344, after);
    write_file(directory, "body.b64", out + sizeof before - 1, 344);
    LENDS(out, pwseal_change_request_body, change);
    LENDS_NOT(PWSEAL_STATUS_NULL_POINTER, "change is NULL", pwseal_change_request_body, NULL);

    OK(pwseal_api_new(PWSEAL_API_VERSION_V2026, TEXT("acme"), &api));
    FAILS(pwseal_api_set_password(NULL, change, &request), PWSEAL_STATUS_NULL_POINTER, "api is NULL");
    FAILS(pwseal_api_set_password(api, NULL, &request), PWSEAL_STATUS_NULL_POINTER, "change is NULL");
    FAILS(pwseal_api_set_password(api, change, NULL), PWSEAL_STATUS_NULL_POINTER, "out is NULL");
    CHECK(request == NULL);
    OK(pwseal_api_set_password(api, change, &request));
    pwseal_api_free(api);
    pwseal_change_request_free(change);
    REQUEST_HAS(request, method, "POST");
    REQUEST_HAS(request, url, "https://acme.api.identitynow.com/v2026/set-password");
    REQUEST_HAS(request, body, out); /* the same ciphertext */
    pwseal_request_free(request);
}

static void test_api(void)
{
    static const struct {
        pwseal_api_version version;
        const char *url;
    } versions[] = {
        {PWSEAL_API_VERSION_BETA, "https://h.example/p/beta/password-change-status/a%2Fb"},
        {PWSEAL_API_VERSION_V3, "https://h.example/p/v3/password-change-status/a%2Fb"},
        {PWSEAL_API_VERSION_V2024, "https://h.example/p/v2024/password-change-status/a%2Fb"},
        {PWSEAL_API_VERSION_V2025, "https://h.example/p/v2025/password-change-status/a%2Fb"},
        {PWSEAL_API_VERSION_V2026, "https://h.example/p/v2026/password-change-status/a%2Fb"},
        {PWSEAL_API_VERSION_V1, "https://h.example/p/password-change-status/v1/a%2Fb"},
    };
    pwseal_api *const untouched = (pwseal_api *)&failures;
    pwseal_api *api = untouched;
    pwseal_request *request = NULL;
    size_t index;

    FAILS(pwseal_api_new(PWSEAL_API_VERSION_V3, NULL, 1, &api), PWSEAL_STATUS_NULL_POINTER, "tenant is NULL");
    FAILS(pwseal_api_new(PWSEAL_API_VERSION_V3, TEXT("acme"), NULL), PWSEAL_STATUS_NULL_POINTER, "out is NULL");
    FAILS(pwseal_api_new(PWSEAL_API_VERSION_V3, "acme", TOO_LONG, &api), PWSEAL_STATUS_LENGTH_TOO_LARGE, "tenant has");
    FAILS(pwseal_api_new(PWSEAL_API_VERSION_V3, TEXT("\xff"), &api), PWSEAL_STATUS_INVALID_UTF8, "tenant is not UTF-8");
    FAILS(pwseal_api_new(PWSEAL_API_VERSION_V3, TEXT("a.b"), &api), PWSEAL_STATUS_INVALID_TENANT, "the tenant is no label");
    FAILS(pwseal_api_new((pwseal_api_version)-1, TEXT("acme"), &api), PWSEAL_STATUS_OUT_OF_RANGE, "-1 is no pwseal_api_version");
    FAILS(pwseal_api_new((pwseal_api_version)6, TEXT("acme"), &api), PWSEAL_STATUS_OUT_OF_RANGE, "6 is no pwseal_api_version");
    FAILS(pwseal_api_at(PWSEAL_API_VERSION_V3, NULL, 1, &api), PWSEAL_STATUS_NULL_POINTER, "base_url is NULL");
    FAILS(pwseal_api_at(PWSEAL_API_VERSION_V3, TEXT("https://x"), NULL), PWSEAL_STATUS_NULL_POINTER, "out is NULL");
    FAILS(pwseal_api_at(PWSEAL_API_VERSION_V3, TEXT("http://x"), &api), PWSEAL_STATUS_INVALID_BASE_URL,
          "the base URL is not usable: it is without encryption");
    FAILS(pwseal_api_at((pwseal_api_version)99, TEXT("https://x"), &api), PWSEAL_STATUS_OUT_OF_RANGE, "99 is no pwseal_api_version");
    CHECK(api == NULL);

    for (index = 0; index < sizeof versions / sizeof *versions; index++) {
        CHECK((int32_t)versions[index].version == (int32_t)index);
        OK(pwseal_api_at(versions[index].version, TEXT("https://h.example/p/"), &api));
        OK(pwseal_api_password_change_status(api, TEXT("a/b"), &request));
        REQUEST_HAS(request, url, versions[index].url);
        REQUEST_HAS(request, method, "GET");
        REQUEST_HAS(request, body, "");
        pwseal_request_free(request);
        pwseal_api_free(api);
    }
    pwseal_api_free(NULL);
}

static void test_requests(void)
{
    pwseal_api *api = NULL;
    pwseal_api *v3 = NULL;
    pwseal_request *request = NULL;
    OK(pwseal_api_new(PWSEAL_API_VERSION_V2026, TEXT("acme"), &api));
    OK(pwseal_api_new(PWSEAL_API_VERSION_V3, TEXT("acme"), &v3));

    FAILS(pwseal_api_query_password_info(NULL, TEXT("u"), TEXT("s"), &request), PWSEAL_STATUS_NULL_POINTER, "api is NULL");
    FAILS(pwseal_api_query_password_info(api, NULL, 1, TEXT("s"), &request), PWSEAL_STATUS_NULL_POINTER, "user_name is NULL");
    FAILS(pwseal_api_query_password_info(api, TEXT("u"), NULL, 1, &request), PWSEAL_STATUS_NULL_POINTER, "source_name is NULL");
    FAILS(pwseal_api_query_password_info(api, TEXT("u"), TEXT("s"), NULL), PWSEAL_STATUS_NULL_POINTER, "out is NULL");
    FAILS(pwseal_api_query_password_info(api, TEXT("\xff"), TEXT("s"), &request), PWSEAL_STATUS_INVALID_UTF8, "user_name is");
    FAILS(pwseal_api_query_password_info(api, "u", TOO_LONG, TEXT("s"), &request), PWSEAL_STATUS_LENGTH_TOO_LARGE, "user_name has");
    FAILS(pwseal_api_password_change_status(NULL, TEXT("r"), &request), PWSEAL_STATUS_NULL_POINTER, "api is NULL");
    FAILS(pwseal_api_password_change_status(api, NULL, 1, &request), PWSEAL_STATUS_NULL_POINTER, "request_id is NULL");
    FAILS(pwseal_api_password_change_status(api, TEXT("r"), NULL), PWSEAL_STATUS_NULL_POINTER, "out is NULL");
    FAILS(pwseal_api_password_change_status(api, TEXT(".."), &request), PWSEAL_STATUS_INVALID_REQUEST_ID, "the request id is empty");
    FAILS(pwseal_api_password_change_status(api, NULL, 0, &request), PWSEAL_STATUS_INVALID_REQUEST_ID, "the request id is empty");
    FAILS(pwseal_api_generate_digit_token(NULL, TEXT("u"), 6, 5, &request), PWSEAL_STATUS_NULL_POINTER, "api is NULL");
    FAILS(pwseal_api_generate_digit_token(api, NULL, 1, 6, 5, &request), PWSEAL_STATUS_NULL_POINTER, "user_id is NULL");
    FAILS(pwseal_api_generate_digit_token(api, TEXT("u"), 6, 5, NULL), PWSEAL_STATUS_NULL_POINTER, "out is NULL");
    FAILS(pwseal_api_generate_digit_token(api, TEXT("u"), 5, 5, &request), PWSEAL_STATUS_OUT_OF_RANGE, "a digit token has 6 to 18 digits, not 5");
    FAILS(pwseal_api_generate_digit_token(api, TEXT("u"), 6, 61, &request), PWSEAL_STATUS_OUT_OF_RANGE, "a digit token is valid for 1 to 60");
    FAILS(pwseal_api_generate_digit_token(api, TEXT("u"), 262, 5, &request), PWSEAL_STATUS_OUT_OF_RANGE, "a digit token has 6 to 18 digits, not 262");
    FAILS(pwseal_api_generate_digit_token(api, TEXT("u"), 6, UINT32_MAX, &request), PWSEAL_STATUS_OUT_OF_RANGE,
          "a digit token is valid for 1 to 60 minutes, not 4294967295");
    FAILS(pwseal_api_generate_digit_token(v3, TEXT("u"), 6, 5, &request), PWSEAL_STATUS_NOT_IN_VERSION,
          "v3 of the API has no generate-password-reset-token");
    CHECK(request == NULL);

    OK(pwseal_api_query_password_info(api, TEXT("Abby \"A\" Smith"), TEXT("My-AD"), &request));
    REQUEST_HAS(request, method, "POST");
    REQUEST_HAS(request, url, "https://acme.api.identitynow.com/v2026/query-password-info");
    REQUEST_HAS(request, body, "{\"userName\":\"Abby \\\"A\\\" Smith\",\"sourceName\":\"My-AD\"}");
    CHECK(pwseal_request_http(request)->headers_len == 2);
    REQUEST_HAS(request, headers[0].name, "accept");
    REQUEST_HAS(request, headers[0].value, "application/json");
    REQUEST_HAS(request, headers[1].name, "content-type");
    REQUEST_HAS(request, headers[1].value, "application/json");
    pwseal_request_free(request);

    OK(pwseal_api_generate_digit_token(api, TEXT("u"), 0, 60, &request));
    REQUEST_HAS(request, url, "https://acme.api.identitynow.com/v2026/generate-password-reset-token/digit");
    REQUEST_HAS(request, body, "{\"userId\":\"u\",\"durationMinutes\":60}");
    CHECK(pwseal_request_http(request)->headers_len == 3);
    REQUEST_HAS(request, headers[2].name, "x-sailpoint-experimental");
    REQUEST_HAS(request, headers[2].value, "true");
    pwseal_request_free(request);
    OK(pwseal_api_generate_digit_token(api, TEXT("u"), 18, 0, &request));
    REQUEST_HAS(request, body, "{\"userId\":\"u\",\"length\":18}");
    pwseal_request_free(request);

    pwseal_request_free(NULL);
    CHECK(pwseal_request_http(NULL) == NULL);
    pwseal_api_free(api);
    pwseal_api_free(v3);
}

static pwseal_answer *answer(pwseal_operation operation, int32_t http_status, const char *body)
{
    pwseal_answer *read = NULL;
    OK(pwseal_answer_read(operation, http_status, NULL, 0, TEXT(body), &read));
    return read;
}

static void test_answer_arguments(void)
{
    pwseal_header headers[1] = {{{"retry-after", 11}, {"7", 1}}};
    pwseal_answer *const untouched = (pwseal_answer *)&failures;
    pwseal_answer *read = untouched;
    pwseal_state state;
    pwseal_password_info *info = NULL;
    const pwseal_operation status = PWSEAL_OPERATION_PASSWORD_CHANGE_STATUS;

    FAILS(pwseal_answer_read(status, 200, NULL, 1, TEXT("{}"), &read), PWSEAL_STATUS_NULL_POINTER, "headers is NULL");
    FAILS(pwseal_answer_read(status, 200, NULL, 0, NULL, 1, &read), PWSEAL_STATUS_NULL_POINTER, "body is NULL");
    FAILS(pwseal_answer_read(status, 200, NULL, 0, TEXT("{}"), NULL), PWSEAL_STATUS_NULL_POINTER, "out is NULL");
    FAILS(pwseal_answer_read(status, 200, NULL, 0, json, TOO_LONG, &read), PWSEAL_STATUS_LENGTH_TOO_LARGE, "body has");
    FAILS(pwseal_answer_read(status, 200, headers, PTRDIFF_MAX, TEXT("{}"), &read), PWSEAL_STATUS_LENGTH_TOO_LARGE, "headers has");
    FAILS(pwseal_answer_read((pwseal_operation)-1, 200, NULL, 0, TEXT("{}"), &read), PWSEAL_STATUS_OUT_OF_RANGE, "-1 is no pwseal_operation");
    FAILS(pwseal_answer_read((pwseal_operation)4, 200, NULL, 0, TEXT("{}"), &read), PWSEAL_STATUS_OUT_OF_RANGE, "4 is no pwseal_operation");
    FAILS(pwseal_answer_read(status, 0, NULL, 0, TEXT("{}"), &read), PWSEAL_STATUS_OUT_OF_RANGE, "0 is no HTTP status");
    FAILS(pwseal_answer_read(status, 65736, NULL, 0, TEXT("{}"), &read), PWSEAL_STATUS_OUT_OF_RANGE, "65736 is no HTTP status");
    headers[0].name.data = NULL;
    FAILS(pwseal_answer_read(status, 200, headers, 1, TEXT("{}"), &read), PWSEAL_STATUS_NULL_POINTER, "headers[0].name is NULL");
    headers[0].name.data = "retry-after";
    headers[0].value.data = NULL;
    FAILS(pwseal_answer_read(status, 200, headers, 1, TEXT("{}"), &read), PWSEAL_STATUS_NULL_POINTER, "headers[0].value is NULL");
    CHECK(read == NULL);

    pwseal_answer_free(NULL);
    FAILS(pwseal_answer_outcome(NULL), PWSEAL_STATUS_NULL_POINTER, "answer is NULL");
    CHECK(!pwseal_answer_retryable(NULL));
    CHECK(pwseal_answer_retry_after(NULL) == -1);
    CHECK(pwseal_answer_error_count(NULL) == 0);
    CHECK(pwseal_answer_source_id_count(NULL) == 0);
    FAILS(pwseal_answer_password_info(NULL, &info), PWSEAL_STATUS_NULL_POINTER, "answer is NULL");
    FAILS(pwseal_answer_state(NULL, &state), PWSEAL_STATUS_NULL_POINTER, "answer is NULL");
    LENDS_NOT(PWSEAL_STATUS_NULL_POINTER, "answer is NULL", pwseal_answer_detail_code, NULL);
    LENDS_NOT(PWSEAL_STATUS_NULL_POINTER, "answer is NULL", pwseal_answer_tracking_id, NULL);
    LENDS_NOT(PWSEAL_STATUS_NULL_POINTER, "answer is NULL", pwseal_answer_refusal, NULL, TEXT("en"));
    LENDS_NOT(PWSEAL_STATUS_NULL_POINTER, "answer is NULL", pwseal_answer_request_id, NULL);
    LENDS_NOT(PWSEAL_STATUS_NULL_POINTER, "answer is NULL", pwseal_answer_state_name, NULL);
    LENDS_NOT(PWSEAL_STATUS_NULL_POINTER, "answer is NULL", pwseal_answer_error, NULL, 0);
    LENDS_NOT(PWSEAL_STATUS_NULL_POINTER, "answer is NULL", pwseal_answer_source_id, NULL, 0);
    LENDS_NOT(PWSEAL_STATUS_NULL_POINTER, "answer is NULL", pwseal_answer_digit_token, NULL);
}

static void test_messages(void)
{
    pwseal_answer *read;
    pwseal_password_info *info = NULL;
    pwseal_state state = PWSEAL_STATE_OTHER;

    OK(pwseal_answer_read(PWSEAL_OPERATION_QUERY_PASSWORD_INFO, 200, NULL, 0, json, json_len, &read));
    OK(pwseal_answer_outcome(read));
    FAILS(pwseal_answer_password_info(read, NULL), PWSEAL_STATUS_NULL_POINTER, "out is NULL");
    OK(pwseal_answer_password_info(read, &info));
    LENDS_NOT(PWSEAL_STATUS_WRONG_OPERATION, "the answer is to an operation that gives no request id", pwseal_answer_request_id, read);
    FAILS(pwseal_answer_state(read, &state), PWSEAL_STATUS_WRONG_OPERATION, "the answer is to an operation that gives no state");
    LENDS_NOT(PWSEAL_STATUS_WRONG_OPERATION, "the answer", pwseal_answer_state_name, read);
    LENDS_NOT(PWSEAL_STATUS_WRONG_OPERATION, "the answer", pwseal_answer_digit_token, read);
    pwseal_answer_free(read);
    LENDS(IDENTITY_ID, pwseal_password_info_identity_id, info);
    pwseal_password_info_free(info);
    info = NULL;

    read = answer(PWSEAL_OPERATION_SET_PASSWORD, 202, "{\"requestId\": \"r1\", \"state\": \"IN_PROGRESS\"}");
    OK(pwseal_answer_outcome(read));
    CHECK(!pwseal_answer_retryable(read));
    CHECK(pwseal_answer_retry_after(read) == -1);
    LENDS("r1", pwseal_answer_request_id, read);
    OK(pwseal_answer_state(read, &state));
    CHECK(state == PWSEAL_STATE_IN_PROGRESS);
    LENDS("IN_PROGRESS", pwseal_answer_state_name, read);
    FAILS(pwseal_answer_state(read, NULL), PWSEAL_STATUS_NULL_POINTER, "out is NULL");
    FAILS(pwseal_answer_password_info(read, &info), PWSEAL_STATUS_WRONG_OPERATION, "the answer");
    CHECK(info == NULL);
    CHECK(pwseal_answer_error_count(read) == 0);
    LENDS_NOT(PWSEAL_STATUS_WRONG_OPERATION, "the answer", pwseal_answer_error, read, 0);
    LENDS_NOT(PWSEAL_STATUS_WRONG_OPERATION, "the answer", pwseal_answer_source_id, read, 0);
    pwseal_answer_free(read);

    read = answer(PWSEAL_OPERATION_PASSWORD_CHANGE_STATUS, 200,
                  "{\"requestId\": \"r2\", \"state\": \"FAILED\", \"errors\": [\"too \\u0000 old\", \"no\"], \"sourceIds\": [\"s\"]}");
    LENDS("r2", pwseal_answer_request_id, read);
    OK(pwseal_answer_state(read, &state));
    CHECK(state == PWSEAL_STATE_FAILED);
    CHECK(pwseal_answer_error_count(read) == 2);
    {
        /* A server's text may hold a NUL: the length tells it all. */
        pwseal_text text;
        OK(pwseal_answer_error(read, 0, &text));
        CHECK(text.len == 9 && memcmp(text.data, "too \0 old", 10) == 0);
    }
    LENDS("no", pwseal_answer_error, read, 1);
    LENDS_NOT(PWSEAL_STATUS_OUT_OF_RANGE, "index 2", pwseal_answer_error, read, 2);
    CHECK(pwseal_answer_source_id_count(read) == 1);
    LENDS("s", pwseal_answer_source_id, read, 0);
    LENDS_NOT(PWSEAL_STATUS_OUT_OF_RANGE, "index 1", pwseal_answer_source_id, read, 1);
    pwseal_answer_free(read);

    read = answer(PWSEAL_OPERATION_SET_PASSWORD, 202, "{\"state\": \"FINISHED\"}");
    OK(pwseal_answer_state(read, &state));
    CHECK(state == PWSEAL_STATE_FINISHED);
    pwseal_answer_free(read);

    read = answer(PWSEAL_OPERATION_PASSWORD_CHANGE_STATUS, 200,
                  "{\"state\": \"FINISHED\", \"errors\": \"s2 was left out\"}");
    OK(pwseal_answer_state(read, &state));
    CHECK(state == PWSEAL_STATE_FINISHED);
    CHECK(pwseal_answer_error_count(read) == 1);
    LENDS("s2 was left out", pwseal_answer_error, read, 0);
    pwseal_answer_free(read);

    read = answer(PWSEAL_OPERATION_PASSWORD_CHANGE_STATUS, 200, "{\"state\": \"SLEEPING\"}");
    LENDS_NOT(PWSEAL_STATUS_MISSING_FIELD, "there is no requestId", pwseal_answer_request_id, read);
    OK(pwseal_answer_state(read, &state));
    CHECK(state == PWSEAL_STATE_OTHER);
    LENDS("SLEEPING", pwseal_answer_state_name, read);
    pwseal_answer_free(read);
    read = answer(PWSEAL_OPERATION_PASSWORD_CHANGE_STATUS, 200, "{}");
    FAILS(pwseal_answer_state(read, &state), PWSEAL_STATUS_MISSING_FIELD, "there is no state");
    pwseal_answer_free(read);

    read = answer(PWSEAL_OPERATION_GENERATE_DIGIT_TOKEN, 200, "{\"digitToken\": \"09087713\", \"requestId\": \"r3\"}");
    LENDS("09087713", pwseal_answer_digit_token, read);
    LENDS("r3", pwseal_answer_request_id, read);
    pwseal_answer_free(read);
    read = answer(PWSEAL_OPERATION_GENERATE_DIGIT_TOKEN, 200, "{}");
    LENDS_NOT(PWSEAL_STATUS_MISSING_FIELD, "there is no digitToken", pwseal_answer_digit_token, read);
    pwseal_answer_free(read);
}

static void test_refusals(void)
{
    static const char refused[] = "{\"detailCode\": \"400.1 Bad Request Content\", \"trackingId\": \"e7eab60924f64aa284175b9fa3309599\","
                                  " \"messages\": [{\"locale\": \"en-US\", \"text\": \"no\"}, {\"locale\": \"de-DE\", \"text\": \"nein\"}]}";
    const pwseal_header headers[3] = {
        {{"Bad Name", 8}, {"skipped", 7}},
        {{"RETRY-after", 11}, {"17", 2}},
        {{NULL, 0}, {NULL, 0}},
    };
    static uint8_t page[(1 << 20) + 1];
    pwseal_answer *read = answer(PWSEAL_OPERATION_SET_PASSWORD, 400, refused);
    pwseal_password_info *info = NULL;
    FAILS(pwseal_answer_outcome(read), PWSEAL_STATUS_ANSWER_REFUSED, "the answer to set-password is 400 Bad Request: 400.1");
    CHECK(!pwseal_answer_retryable(read));
    DETAIL(PWSEAL_DETAIL_HTTP_STATUS, 400);
    DETAIL(PWSEAL_DETAIL_RETRYABLE, 0);
    DETAIL(PWSEAL_DETAIL_RETRY_AFTER, -1);
    LENDS("400.1 Bad Request Content", pwseal_answer_detail_code, read);
    LENDS("e7eab60924f64aa284175b9fa3309599", pwseal_answer_tracking_id, read);
    LENDS("nein", pwseal_answer_refusal, read, TEXT("de-DE"));
    LENDS("no", pwseal_answer_refusal, read, TEXT("fr"));
    LENDS("no", pwseal_answer_refusal, read, NULL, 0);
    LENDS_NOT(PWSEAL_STATUS_NULL_POINTER, "locale is NULL", pwseal_answer_refusal, read, NULL, 1);
    LENDS_NOT(PWSEAL_STATUS_INVALID_UTF8, "locale is not UTF-8", pwseal_answer_refusal, read, TEXT("\xff"));
    LENDS_NOT(PWSEAL_STATUS_LENGTH_TOO_LARGE, "locale has", pwseal_answer_refusal, read, "x", TOO_LONG);
    /* What a refusal does not have is not taken for something else. */
    LENDS_NOT(PWSEAL_STATUS_ANSWER_REFUSED, "the answer to set-password is 400", pwseal_answer_request_id, read);
    pwseal_answer_free(read);

    OK(pwseal_answer_read(PWSEAL_OPERATION_QUERY_PASSWORD_INFO, 429, headers, 3, NULL, 0, &read));
    FAILS(pwseal_answer_outcome(read), PWSEAL_STATUS_ANSWER_NOT_FROM_THE_API,
          "the answer to query-password-info is 429 Too Many Requests");
    CHECK(pwseal_answer_retryable(read));
    CHECK(pwseal_answer_retry_after(read) == 17);
    DETAIL(PWSEAL_DETAIL_HTTP_STATUS, 429);
    DETAIL(PWSEAL_DETAIL_RETRYABLE, 1);
    DETAIL(PWSEAL_DETAIL_RETRY_AFTER, 17);
    CHECK(pwseal_answer_password_info(read, &info) == PWSEAL_STATUS_ANSWER_NOT_FROM_THE_API);
    LENDS_NOT(PWSEAL_STATUS_MISSING_FIELD, "there is no detailCode", pwseal_answer_detail_code, read);
    LENDS_NOT(PWSEAL_STATUS_MISSING_FIELD, "there is no trackingId", pwseal_answer_tracking_id, read);
    LENDS_NOT(PWSEAL_STATUS_MISSING_FIELD, "there is no reason", pwseal_answer_refusal, read, TEXT("en"));
    pwseal_answer_free(read);

    read = answer(PWSEAL_OPERATION_QUERY_PASSWORD_INFO, 200, "<html>");
    FAILS(pwseal_answer_outcome(read), PWSEAL_STATUS_ANSWER_UNREADABLE, "the answer to query-password-info is 200 OK, but a page of HTML");
    CHECK(pwseal_answer_password_info(read, &info) == PWSEAL_STATUS_ANSWER_UNREADABLE);
    pwseal_answer_free(read);

    /* 200 is no success of set-password. */
    read = answer(PWSEAL_OPERATION_SET_PASSWORD, 200, "{}");
    CHECK(pwseal_answer_outcome(read) == PWSEAL_STATUS_ANSWER_NOT_FROM_THE_API);
    pwseal_answer_free(read);

    OK(pwseal_answer_read(PWSEAL_OPERATION_QUERY_PASSWORD_INFO, 200, NULL, 0, page, sizeof page, &read));
    FAILS(pwseal_answer_outcome(read), PWSEAL_STATUS_ANSWER_TOO_LONG, "the answer to query-password-info is 200 OK, and longer");
    pwseal_answer_free(read);
    CHECK(info == NULL);
}

static void test_poll_of(const pwseal_poll *poll, int32_t http_status, const char *body, uint64_t elapsed_ms,
                         pwseal_next wanted, uint64_t wanted_ms)
{
    pwseal_answer *read = answer(PWSEAL_OPERATION_PASSWORD_CHANGE_STATUS, http_status, body);
    pwseal_next next = PWSEAL_NEXT_TIMED_OUT;
    uint64_t after_ms = 7;
    OK(pwseal_poll_next(poll, read, elapsed_ms, &next, &after_ms));
    CHECK(next == wanted);
    CHECK(after_ms == wanted_ms);
    pwseal_answer_free(read);
}

static void test_poll(void)
{
    static const char going_on[] = "{\"state\": \"IN_PROGRESS\"}";
    const uint64_t minute = 60 * 1000;
    pwseal_poll many = {100, 0};
    pwseal_poll impatient = {0, 0};
    pwseal_answer *read = answer(PWSEAL_OPERATION_SET_PASSWORD, 202, "{}");
    pwseal_next next = PWSEAL_NEXT_REFUSED;
    uint64_t after_ms = 7;
    impatient.patience_ms = minute;

    CHECK(pwseal_poll_delay(NULL, 0) == 1000);
    CHECK(pwseal_poll_delay(NULL, minute) == 6000);
    CHECK(pwseal_poll_delay(&impatient, minute) == 6000);
    CHECK(pwseal_poll_delay(&many, 0) == 20000);
    CHECK(pwseal_poll_delay(NULL, UINT64_MAX) == 5 * minute);

    test_poll_of(NULL, 200, going_on, minute, PWSEAL_NEXT_ASK_AGAIN, 6000);
    test_poll_of(&many, 200, going_on, minute, PWSEAL_NEXT_ASK_AGAIN, 20000);
    test_poll_of(&impatient, 200, going_on, minute, PWSEAL_NEXT_TIMED_OUT, 0);
    test_poll_of(NULL, 200, going_on, 180 * minute, PWSEAL_NEXT_TIMED_OUT, 0);
    test_poll_of(NULL, 200, "{\"state\": \"FINISHED\"}", minute, PWSEAL_NEXT_FINISHED, 0);
    test_poll_of(NULL, 200, "{\"state\": \"FAILED\"}", minute, PWSEAL_NEXT_FAILED, 0);
    test_poll_of(NULL, 401, "", minute, PWSEAL_NEXT_REFUSED, 0);
    test_poll_of(NULL, 200, "<html>", minute, PWSEAL_NEXT_ASK_AGAIN, 6000);
    test_poll_of(&impatient, 200, "<html>", minute, PWSEAL_NEXT_TIMED_OUT, 0);
    test_poll_of(NULL, 520, "", minute, PWSEAL_NEXT_ASK_AGAIN, 6000);
    test_poll_of(NULL, 503, "", minute, PWSEAL_NEXT_ASK_AGAIN, 6000);

    FAILS(pwseal_poll_next(NULL, read, 0, &next, &after_ms), PWSEAL_STATUS_WRONG_OPERATION, "the answer");
    FAILS(pwseal_poll_next(NULL, NULL, 0, &next, &after_ms), PWSEAL_STATUS_NULL_POINTER, "answer is NULL");
    pwseal_answer_free(read);
    read = answer(PWSEAL_OPERATION_SET_PASSWORD, 503, "");
    CHECK(pwseal_poll_next(NULL, read, 0, &next, &after_ms) == PWSEAL_STATUS_WRONG_OPERATION);
    pwseal_answer_free(read);
    read = answer(PWSEAL_OPERATION_PASSWORD_CHANGE_STATUS, 200, going_on);
    FAILS(pwseal_poll_next(NULL, read, 0, NULL, &after_ms), PWSEAL_STATUS_NULL_POINTER, "next is NULL");
    FAILS(pwseal_poll_next(NULL, read, 0, &next, NULL), PWSEAL_STATUS_NULL_POINTER, "after_ms is NULL");
    CHECK(next == PWSEAL_NEXT_REFUSED && after_ms == 7);
    pwseal_answer_free(read);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        return 2;
    }
    OK(pwseal_prefer_backend_from_env());
    json_len = read_file(argv[1], json, sizeof json - 64);
    test_password_info();
    test_password_info_check();
    test_an_answer_without_policies();
    test_generated_for_an_account();
    test_with_a_context();
    test_change_request(0);
    test_change_request(PWSEAL_DESPITE_POLICY);
    test_policy_of_change_request();
    test_warnings();
    test_judged();
    test_length_is_judged();
    test_change_request_parse();
    leave_body(argv[2]);
    test_api();
    test_requests();
    test_answer_arguments();
    test_messages();
    test_refusals();
    test_poll();
    return failures == 0 ? 0 : 1;
}
