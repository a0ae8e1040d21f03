/*
 * Policies, contexts, dictionaries, reports and generated passwords.
 *
 *     policy
 */
#include "check.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static pwseal_policy *policy_of(const char *const *strings, size_t count)
{
    pwseal_text texts[16];
    pwseal_policy *policy = NULL;
    size_t index;
    for (index = 0; index < count; index++) {
        texts[index].data = strings[index];
        texts[index].len = strlen(strings[index]);
    }
    OK(pwseal_policy_from_strings(texts, count, &policy));
    CHECK(pwseal_policy_rule_count(policy) == count);
    return policy;
}

static pwseal_policy *rule(const char *string)
{
    return policy_of(&string, 1);
}

/* What one rule says of a password. */
static pwseal_finding judge(const char *string, const pwseal_context *context, const char *password)
{
    pwseal_policy *policy = rule(string);
    pwseal_report *report = NULL;
    pwseal_finding finding;
    memset(&finding, 0x55, sizeof finding);
    OK(pwseal_policy_check(policy, context, TEXT(password), &report));
    pwseal_policy_free(policy);
    CHECK(pwseal_report_finding_count(report) == 1);
    OK(pwseal_report_finding(report, 0, &finding));
    CHECK(pwseal_report_has_violation(report) == (finding.outcome == PWSEAL_OUTCOME_VIOLATED));
    CHECK(pwseal_report_all_passed(report) == (finding.outcome == PWSEAL_OUTCOME_PASSED));
    pwseal_report_free(report);
    return finding;
}

#define JUDGES(string, context, password, wanted_outcome, wanted_reason)            \
    do {                                                                            \
        pwseal_finding finding_ = judge(string, context, password);                 \
        CHECK(finding_.outcome == (wanted_outcome));                                \
        CHECK(finding_.reason == (wanted_reason));                                  \
    } while (0)

#define PASSES(string, context, password) \
    JUDGES(string, context, password, PWSEAL_OUTCOME_PASSED, PWSEAL_REASON_NONE)
#define VIOLATES(string, context, password) \
    JUDGES(string, context, password, PWSEAL_OUTCOME_VIOLATED, PWSEAL_REASON_NONE)
#define IS_NOT_CHECKED(string, context, password, reason) \
    JUDGES(string, context, password, PWSEAL_OUTCOME_NOT_CHECKED, reason)

static void test_parse(void)
{
    const pwseal_text misspelt = {"passwordMinLenght is 8", 22};
    const pwseal_text right = {"passwordMinLength is 8", 22};
    pwseal_policy *policy = NULL;

    FAILS(pwseal_policy_parse(NULL, 1, &policy), PWSEAL_STATUS_NULL_POINTER, "strings is NULL");
    FAILS(pwseal_policy_parse(&right, 1, NULL), PWSEAL_STATUS_NULL_POINTER, "out is NULL");
    FAILS(pwseal_policy_parse(&misspelt, 1, &policy), PWSEAL_STATUS_INVALID_POLICY,
          "policy string 1 starts with no name that is known: perhaps passwordMinLength is meant");
    DETAIL(PWSEAL_DETAIL_INDEX, 0);
    CHECK(policy == NULL);
    OK(pwseal_policy_parse(&right, 1, &policy));
    CHECK(pwseal_policy_rule_count(policy) == 1);
    pwseal_policy_free(policy);
}

static void test_from_strings(void)
{
    static const char *const strings[] = {"passwordMinLength is 8", "f\xc3\xb6\xc3\xb6 is 1"};
    pwseal_text texts[2] = {{"a", 1}, {NULL, 0}};
    pwseal_policy *const untouched = (pwseal_policy *)&failures;
    pwseal_policy *policy = untouched;
    pwseal_report *report = NULL;

    FAILS(pwseal_policy_from_strings(NULL, 1, &policy), PWSEAL_STATUS_NULL_POINTER, "strings is NULL");
    FAILS(pwseal_policy_from_strings(texts, 2, NULL), PWSEAL_STATUS_NULL_POINTER, "out is NULL");
    FAILS(pwseal_policy_from_strings(texts, PTRDIFF_MAX / sizeof *texts + 1, &policy), PWSEAL_STATUS_LENGTH_TOO_LARGE,
          "strings has a length of ");
    texts[1].len = 1;
    FAILS(pwseal_policy_from_strings(texts, 2, &policy), PWSEAL_STATUS_NULL_POINTER, "strings[1].data is NULL");
    texts[1].data = "\xc3\xa4\xc3";
    texts[1].len = TOO_LONG;
    FAILS(pwseal_policy_from_strings(texts, 2, &policy), PWSEAL_STATUS_LENGTH_TOO_LARGE, "strings[1].data has a length of ");
    texts[1].len = 3;
    FAILS(pwseal_policy_from_strings(texts, 2, &policy), PWSEAL_STATUS_INVALID_UTF8, "strings[1].data is not UTF-8: byte 2");
    DETAIL(PWSEAL_DETAIL_INDEX, 1);
    DETAIL(PWSEAL_DETAIL_POSITION, 2);
    CHECK(policy == NULL);

    policy = policy_of(strings, 2);
    WRITES(strings[0], pwseal_policy_rule, policy, 0);
    WRITES(strings[1], pwseal_policy_rule, policy, 1);
    WRITES_NOT(PWSEAL_STATUS_OUT_OF_RANGE, "index 2 is out of range: there are 2", pwseal_policy_rule, policy, 2);
    WRITES_NOT(PWSEAL_STATUS_NULL_POINTER, "policy is NULL", pwseal_policy_rule, NULL, 0);
    pwseal_policy_free(policy);

    /* Without rules, all of them pass. */
    OK(pwseal_policy_from_strings(NULL, 0, &policy));
    CHECK(pwseal_policy_rule_count(policy) == 0);
    OK(pwseal_policy_check(policy, NULL, TEXT("x"), &report));
    CHECK(pwseal_report_all_passed(report));
    CHECK(pwseal_report_finding_count(report) == 0);
    pwseal_report_free(report);
    pwseal_policy_free(policy);
    pwseal_policy_free(NULL);
    CHECK(pwseal_policy_rule_count(NULL) == 0);
}

static void test_check(void)
{
    static uint8_t longest[2038];
    pwseal_policy *policy = rule("passwordMinLength is 8");
    pwseal_report *const untouched = (pwseal_report *)&failures;
    pwseal_report *report = untouched;
    memset(longest, 'x', sizeof longest);

    FAILS(pwseal_policy_check(NULL, NULL, TEXT("x"), &report), PWSEAL_STATUS_NULL_POINTER, "policy is NULL");
    FAILS(pwseal_policy_check(policy, NULL, NULL, 1, &report), PWSEAL_STATUS_NULL_POINTER, "password is NULL");
    FAILS(pwseal_policy_check(policy, NULL, TEXT("x"), NULL), PWSEAL_STATUS_NULL_POINTER, "out is NULL");
    FAILS(pwseal_policy_check(policy, NULL, longest, TOO_LONG, &report), PWSEAL_STATUS_LENGTH_TOO_LARGE, "password has a length");
    FAILS(pwseal_policy_check(policy, NULL, NULL, 0, &report), PWSEAL_STATUS_EMPTY_PASSWORD, "the password is empty");
    FAILS(pwseal_policy_check(policy, NULL, longest, 2038, &report), PWSEAL_STATUS_PASSWORD_TOO_LONG,
          "the password has 2038 bytes; the longest that any key can encrypt has 2037");
    CHECK(report == NULL);
    OK(pwseal_policy_check(policy, NULL, longest, 2037, &report));
    CHECK(pwseal_report_all_passed(report));
    pwseal_report_free(report);
    pwseal_policy_free(policy);
}

static void test_report(void)
{
    static const char *const strings[] = {"passwordMinLength is 8", "passwordMinNumeric is 1", "passwordHistory is 5"};
    pwseal_policy *policy = policy_of(strings, COUNT(strings));
    pwseal_report *report = NULL;
    pwseal_finding finding;

    OK(pwseal_policy_check(policy, NULL, TEXT("hunter2:"), &report));
    pwseal_policy_free(policy);
    CHECK(!pwseal_report_has_violation(report));
    CHECK(!pwseal_report_all_passed(report));
    pwseal_report_free(report);

    policy = policy_of(strings, COUNT(strings));
    OK(pwseal_policy_check(policy, NULL, TEXT("h\xc3\xbcnter:"), &report));
    pwseal_policy_free(policy); /* the report stays */
    CHECK(pwseal_report_has_violation(report));
    CHECK(!pwseal_report_all_passed(report));
    CHECK(pwseal_report_finding_count(report) == 3);

    OK(pwseal_report_finding(report, 0, &finding));
    CHECK(finding.outcome == PWSEAL_OUTCOME_VIOLATED && finding.reason == PWSEAL_REASON_NONE);
    CHECK(finding.found == 7 && finding.wanted == 8);
    WRITES("passwordMinLength is 8", pwseal_report_rule, report, 0);
    WRITES("has 7 characters, but at least 8 are wanted", pwseal_report_message, report, 0);
    OK(pwseal_report_finding(report, 2, &finding));
    CHECK(finding.outcome == PWSEAL_OUTCOME_NOT_CHECKED && finding.reason == PWSEAL_REASON_OLD_PASSWORDS);
    CHECK(finding.found == -1 && finding.wanted == 5);
    WRITES("passwordHistory is 5", pwseal_report_rule, report, 2);
    WRITES("not checked: only the server knows the earlier passwords", pwseal_report_message, report, 2);

    FAILS(pwseal_report_finding(report, 3, &finding), PWSEAL_STATUS_OUT_OF_RANGE, "index 3 is out of range: there are 3");
    FAILS(pwseal_report_finding(report, 0, NULL), PWSEAL_STATUS_NULL_POINTER, "out is NULL");
    FAILS(pwseal_report_finding(NULL, 0, &finding), PWSEAL_STATUS_NULL_POINTER, "report is NULL");
    WRITES_NOT(PWSEAL_STATUS_OUT_OF_RANGE, "index 3", pwseal_report_rule, report, 3);
    WRITES_NOT(PWSEAL_STATUS_OUT_OF_RANGE, "index ", pwseal_report_message, report, SIZE_MAX);
    WRITES_NOT(PWSEAL_STATUS_NULL_POINTER, "report is NULL", pwseal_report_rule, NULL, 0);
    WRITES_NOT(PWSEAL_STATUS_NULL_POINTER, "report is NULL", pwseal_report_message, NULL, 0);

    CHECK(pwseal_report_warning_count(report) == 2);
    WRITES("the password has a colon, which the platform is documented not to take", pwseal_report_warning, report, 0);
    WRITES("the password has a character outside ASCII, which the platform is documented not to take",
           pwseal_report_warning, report, 1);
    WRITES_NOT(PWSEAL_STATUS_OUT_OF_RANGE, "index 2", pwseal_report_warning, report, 2);
    WRITES_NOT(PWSEAL_STATUS_NULL_POINTER, "report is NULL", pwseal_report_warning, NULL, 0);
    pwseal_report_free(report);

    /* What is not there is never taken for a pass. */
    pwseal_report_free(NULL);
    CHECK(pwseal_report_has_violation(NULL));
    CHECK(!pwseal_report_all_passed(NULL));
    CHECK(pwseal_report_finding_count(NULL) == 0);
    CHECK(pwseal_report_warning_count(NULL) == 0);
}

static void test_printable(void)
{
    /* Clears the screen, and turns the direction of writing. */
    pwseal_policy *policy = rule("a\x1b[2J\r\n\xe2\x80\xae'\"\\\xc3\xa4 is 1");
    pwseal_report *report = NULL;
    OK(pwseal_policy_check(policy, NULL, TEXT("x"), &report));
    WRITES("a\x1b[2J\r\n\xe2\x80\xae'\"\\\xc3\xa4 is 1", pwseal_policy_rule, policy, 0);
    WRITES("a\\u{1b}[2J\\r\\n\\u{202e}'\"\\\xc3\xa4 is 1", pwseal_policy_rule_printable, policy, 0);
    WRITES("a\\u{1b}[2J\\r\\n\\u{202e}'\"\\\xc3\xa4 is 1", pwseal_report_rule_printable, report, 0);
    WRITES_NOT(PWSEAL_STATUS_OUT_OF_RANGE, "index 1", pwseal_policy_rule_printable, policy, 1);
    WRITES_NOT(PWSEAL_STATUS_OUT_OF_RANGE, "index 1", pwseal_report_rule_printable, report, 1);
    WRITES_NOT(PWSEAL_STATUS_NULL_POINTER, "policy is NULL", pwseal_policy_rule_printable, NULL, 0);
    WRITES_NOT(PWSEAL_STATUS_NULL_POINTER, "report is NULL", pwseal_report_rule_printable, NULL, 0);
    pwseal_report_free(report);
    pwseal_policy_free(policy);
}

static void test_reasons(void)
{
    pwseal_context *context = NULL;
    PASSES("passwordMinLength is 3", NULL, "abc");
    PASSES("passwordMinLength is 0", NULL, "abc");
    VIOLATES("passwordRepeatedChar is 2", NULL, "aaa");
    IS_NOT_CHECKED("passwordMood is 3", NULL, "abc", PWSEAL_REASON_NOT_UNDERSTOOD);
    IS_NOT_CHECKED("passwordMinLength is x", NULL, "abc", PWSEAL_REASON_UNREADABLE_VALUE);
    IS_NOT_CHECKED("passwordHistory is 3", NULL, "abc", PWSEAL_REASON_OLD_PASSWORDS);
    IS_NOT_CHECKED("checkPasswordAgainstAccountID is true", NULL, "abc", PWSEAL_REASON_NOT_GIVEN);
    IS_NOT_CHECKED("passwordMinUpper is 1", NULL, "\xc3\x84" "bc", PWSEAL_REASON_DOUBTFUL_CHARACTERS);
    IS_NOT_CHECKED("passwordMinCharType is 2", NULL, "abC1", PWSEAL_REASON_CHARACTER_TYPES);
    IS_NOT_CHECKED("minAccountIDUniqueChars is 3", NULL, "abc", PWSEAL_REASON_WORD_LENGTH_ALONE);
    IS_NOT_CHECKED("passwordMinLength is 3", NULL, "\xff\xff\xff", PWSEAL_REASON_NOT_UTF8);
    IS_NOT_CHECKED("passwordMinLength is 3", NULL, "ab\n", PWSEAL_REASON_NOT_TEXT);
    IS_NOT_CHECKED("passwordRepeatedChar is 2", NULL, "happy22", PWSEAL_REASON_REPEATED_CHARACTERS);
    IS_NOT_CHECKED("passwordMinLength is 2", NULL, "\xf0\x9f\x98\x80", PWSEAL_REASON_LENGTH_UNITS);

    OK(pwseal_context_new(&context));
    OK(pwseal_context_set_account_id(context, TEXT("ab smithson")));
    IS_NOT_CHECKED("checkPasswordAgainstAccountID is true", context, "abc", PWSEAL_REASON_SHORT_WORDS);
    IS_NOT_CHECKED("checkPasswordAgainstAccountID is true", context, "xmithx", PWSEAL_REASON_PARTS_OF_WORDS);
    pwseal_context_free(context);
}

static void test_unmet_minimum(void)
{
    static const char *const strings[] = {"passwordMinUpper is 1", "passwordMinNumeric is 1",
                                          "passwordMinSpecial is 1", "passwordMinCharType is 2"};
    pwseal_policy *policy = policy_of(strings, 4);
    pwseal_report *report = NULL;
    pwseal_finding finding;

    OK(pwseal_policy_check(policy, NULL, TEXT("Password1"), &report));
    OK(pwseal_report_finding(report, 2, &finding));
    CHECK(finding.outcome == PWSEAL_OUTCOME_NOT_CHECKED && finding.reason == PWSEAL_REASON_UNMET_MINIMUM);
    pwseal_report_free(report);
    pwseal_policy_free(policy);
}

static void test_context(void)
{
    static const char words[] = "# forbidden\nlocale=en_US\n\nqwerty\r\nabcd\n";
    pwseal_context *context = NULL;
    pwseal_dictionary *dictionary = NULL;
    pwseal_policy *policy;
    pwseal_report *report = NULL;

    FAILS(pwseal_context_new(NULL), PWSEAL_STATUS_NULL_POINTER, "out is NULL");
    OK(pwseal_context_new(&context));
    OK(pwseal_dictionary_parse(TEXT(words), &dictionary));

    /* Each rule is not checked before what it needs is there. */
    IS_NOT_CHECKED("checkPasswordAgainstAccountID is true", context, "XSmith9", PWSEAL_REASON_NOT_GIVEN);
    OK(pwseal_context_set_account_id(context, TEXT("CN=Abby Smith,OU=Austin")));
    VIOLATES("checkPasswordAgainstAccountID is true", context, "XSmith9");
    PASSES("checkPasswordAgainstAccountID is true", context, "XSchmidt9");
    OK(pwseal_context_set_account_id(context, TEXT("CN=Jones"))); /* instead of the first */
    PASSES("checkPasswordAgainstAccountID is true", context, "XSmith9");

    IS_NOT_CHECKED("checkPasswordAgainstDisplayName is true", context, "Xabby9", PWSEAL_REASON_NOT_GIVEN);
    OK(pwseal_context_add_account_name(context, TEXT("Abby.Smith")));
    OK(pwseal_context_add_account_name(context, TEXT("Tabitha"))); /* beside the first */
    VIOLATES("checkPasswordAgainstDisplayName is true", context, "Xabby9");
    VIOLATES("checkPasswordAgainstDisplayName is true", context, "Xtabitha9");

    IS_NOT_CHECKED("checkPasswordsAgainstDictionary is true", context, "xQwerty9", PWSEAL_REASON_NOT_GIVEN);
    OK(pwseal_context_set_dictionary(context, dictionary));
    pwseal_dictionary_free(dictionary); /* the context keeps it */
    VIOLATES("checkPasswordsAgainstDictionary is true", context, "xQwerty9");
    PASSES("checkPasswordsAgainstDictionary is true", context, "xQwert9");

    IS_NOT_CHECKED("checkPasswordsAgainstAccountAttributes is true", context, "x5555551234", PWSEAL_REASON_NOT_GIVEN);
    OK(pwseal_context_add_account_attribute(context, TEXT("phone"), TEXT("555-555-1234")));
    VIOLATES("checkPasswordsAgainstAccountAttributes is true", context, "x5555551234");
    IS_NOT_CHECKED("checkPasswordsAgainstIdentityAttributes is true", context, "xAustin", PWSEAL_REASON_NOT_GIVEN);
    OK(pwseal_context_add_identity_attribute(context, TEXT("city"), TEXT("Austin")));
    VIOLATES("checkPasswordsAgainstIdentityAttributes is true", context, "xAustin");

    /* A report names the attribute, and not its value. */
    policy = rule("checkPasswordsAgainstIdentityAttributes is true");
    OK(pwseal_policy_check(policy, context, TEXT("xAustin"), &report));
    WRITES("has a word of the identity's attributes: city", pwseal_report_message, report, 0);
    pwseal_report_free(report);
    pwseal_policy_free(policy);
    pwseal_context_free(context);
    pwseal_context_free(NULL);
}

static void test_context_arguments(void)
{
    pwseal_context *context = NULL;
    pwseal_dictionary *const untouched = (pwseal_dictionary *)&failures;
    pwseal_dictionary *dictionary = untouched;
    OK(pwseal_context_new(&context));

    FAILS(pwseal_context_set_account_id(NULL, TEXT("x")), PWSEAL_STATUS_NULL_POINTER, "context is NULL");
    FAILS(pwseal_context_add_account_name(NULL, TEXT("x")), PWSEAL_STATUS_NULL_POINTER, "context is NULL");
    FAILS(pwseal_context_add_account_attribute(NULL, TEXT("x"), TEXT("x")), PWSEAL_STATUS_NULL_POINTER, "context is NULL");
    FAILS(pwseal_context_add_identity_attribute(NULL, TEXT("x"), TEXT("x")), PWSEAL_STATUS_NULL_POINTER, "context is NULL");
    FAILS(pwseal_context_set_dictionary(NULL, untouched), PWSEAL_STATUS_NULL_POINTER, "context is NULL");
    FAILS(pwseal_context_set_account_id(context, NULL, 1), PWSEAL_STATUS_NULL_POINTER, "id is NULL");
    FAILS(pwseal_context_add_account_name(context, NULL, 1), PWSEAL_STATUS_NULL_POINTER, "name is NULL");
    FAILS(pwseal_context_add_account_attribute(context, NULL, 1, TEXT("x")), PWSEAL_STATUS_NULL_POINTER, "name is NULL");
    FAILS(pwseal_context_add_account_attribute(context, TEXT("x"), NULL, 1), PWSEAL_STATUS_NULL_POINTER, "value is NULL");
    FAILS(pwseal_context_add_identity_attribute(context, NULL, 1, TEXT("x")), PWSEAL_STATUS_NULL_POINTER, "name is NULL");
    FAILS(pwseal_context_add_identity_attribute(context, TEXT("x"), NULL, 1), PWSEAL_STATUS_NULL_POINTER, "value is NULL");
    FAILS(pwseal_context_set_dictionary(context, NULL), PWSEAL_STATUS_NULL_POINTER, "dictionary is NULL");
    FAILS(pwseal_context_set_account_id(context, TEXT("\xff")), PWSEAL_STATUS_INVALID_UTF8, "id is not UTF-8: byte 0");
    FAILS(pwseal_context_add_account_name(context, TEXT("x\xff")), PWSEAL_STATUS_INVALID_UTF8, "name is not UTF-8: byte 1");
    FAILS(pwseal_context_add_account_attribute(context, TEXT("x"), TEXT("\xff")), PWSEAL_STATUS_INVALID_UTF8, "value is");
    FAILS(pwseal_context_add_identity_attribute(context, TEXT("\xff"), TEXT("x")), PWSEAL_STATUS_INVALID_UTF8, "name is");
    FAILS(pwseal_context_set_account_id(context, "x", TOO_LONG), PWSEAL_STATUS_LENGTH_TOO_LARGE, "id has a length of ");

    FAILS(pwseal_dictionary_parse(NULL, 1, &dictionary), PWSEAL_STATUS_NULL_POINTER, "file is NULL");
    FAILS(pwseal_dictionary_parse(TEXT("x"), NULL), PWSEAL_STATUS_NULL_POINTER, "out is NULL");
    FAILS(pwseal_dictionary_parse("x", TOO_LONG, &dictionary), PWSEAL_STATUS_LENGTH_TOO_LARGE, "file has");
    FAILS(pwseal_dictionary_parse(TEXT("one\ntwo words\n"), &dictionary), PWSEAL_STATUS_INVALID_DICTIONARY,
          "the dictionary's line 2 has white space");
    DETAIL(PWSEAL_DETAIL_LINE, 2);
    FAILS(pwseal_dictionary_parse(TEXT("\xff\n"), &dictionary), PWSEAL_STATUS_INVALID_DICTIONARY,
          "the dictionary is not text in UTF-8");
    CHECK(dictionary == NULL);
    pwseal_dictionary_free(NULL);
    pwseal_context_free(context);
}

static void test_generate(void)
{
    static const char *const strings[] = {"passwordMinLength is 12", "passwordMaxLength is 20", "passwordMinNumeric is 2"};
    static const char *const conflicting[] = {"passwordMinLength is 12", "passwordMaxLength is 4"};
    static const char *const narrow[] = {"passwordMinNumeric is 1000", "passwordRepeatedChar is 1"};
    pwseal_policy *policy = policy_of(strings, COUNT(strings));
    pwseal_report *report = NULL;
    pwseal_password *const untouched = (pwseal_password *)&failures;
    pwseal_password *password = untouched;
    pwseal_password *again = NULL;
    pwseal_text text, text_again;
    size_t shortest = 7;
    size_t longest = 7;
    int round;

    OK(pwseal_policy_length_range(policy, &shortest, &longest));
    CHECK(shortest == 12 && longest == 20);
    FAILS(pwseal_policy_generate(NULL, NULL, 16, NULL, 0, false, &password), PWSEAL_STATUS_NULL_POINTER, "policy is NULL");
    FAILS(pwseal_policy_generate(policy, NULL, 16, NULL, 0, false, NULL), PWSEAL_STATUS_NULL_POINTER, "out is NULL");
    FAILS(pwseal_policy_generate(policy, NULL, 0, NULL, 0, false, &password), PWSEAL_STATUS_EMPTY_PASSWORD, "the password is empty");
    FAILS(pwseal_policy_generate(policy, NULL, 1025, NULL, 0, false, &password), PWSEAL_STATUS_OUT_OF_RANGE, "a password of 1025 characters");
    DETAIL(PWSEAL_DETAIL_GIVEN, 1025);
    DETAIL(PWSEAL_DETAIL_WANTED, 1024);
    FAILS(pwseal_policy_generate(policy, NULL, SIZE_MAX, NULL, 0, false, &password), PWSEAL_STATUS_OUT_OF_RANGE, "a password of ");
    FAILS(pwseal_policy_generate(policy, NULL, 11, NULL, 0, false, &password), PWSEAL_STATUS_POLICY_CONFLICT, "no password of 11 characters");
    DETAIL(PWSEAL_DETAIL_GIVEN, 11);
    random_source_fails = 1;
    CHECK(pwseal_policy_generate(policy, NULL, 16, NULL, 0, false, &password) == PWSEAL_STATUS_RANDOM_SOURCE);
    random_source_fails = 0;
    CHECK(password == NULL);

    OK(pwseal_policy_generate(policy, NULL, 16, NULL, 0, false, &password));
    OK(pwseal_password_text(password, &text));
    CHECK(text.len == 16 && strlen(text.data) == 16);
    OK(pwseal_policy_check(policy, NULL, text.data, text.len, &report));
    CHECK(pwseal_report_all_passed(report));
    CHECK(pwseal_report_warning_count(report) == 0);
    pwseal_report_free(report);
    OK(pwseal_policy_generate(policy, NULL, 16, NULL, 0, false, &again));
    OK(pwseal_password_text(again, &text_again));
    CHECK(strcmp(text.data, text_again.data) != 0);
    pwseal_password_free(again);
    pwseal_password_free(password);

    FAILS(pwseal_policy_generate(policy, NULL, 16, NULL, 1, false, &password), PWSEAL_STATUS_NULL_POINTER, "exclude is NULL");
    FAILS(pwseal_policy_generate(policy, NULL, 16, TEXT("\xff"), false, &password), PWSEAL_STATUS_INVALID_UTF8, "exclude is not UTF-8: byte 0");
    DETAIL(PWSEAL_DETAIL_POSITION, 0);
    FAILS(pwseal_policy_generate(policy, NULL, 16, TEXT("0123456789"), false, &password), PWSEAL_STATUS_POLICY_CONFLICT,
          "no password without the characters that are left out can satisfy: passwordMinNumeric is 2");
    for (round = 0; round < 20; round++) {
        OK(pwseal_policy_generate(policy, NULL, 16, TEXT("234$"), true, &password));
        OK(pwseal_password_text(password, &text));
        CHECK(text.len == 16 && strpbrk(text.data, "234$0O1lI|") == NULL);
        pwseal_password_free(password);
    }

    shortest = longest = 7;
    FAILS(pwseal_policy_length_range(NULL, &shortest, &longest), PWSEAL_STATUS_NULL_POINTER, "policy is NULL");
    CHECK(shortest == 0 && longest == 0);
    FAILS(pwseal_policy_length_range(policy, NULL, &longest), PWSEAL_STATUS_NULL_POINTER, "shortest is NULL");
    FAILS(pwseal_policy_length_range(policy, &shortest, NULL), PWSEAL_STATUS_NULL_POINTER, "longest is NULL");
    pwseal_policy_free(policy);

    policy = policy_of(conflicting, COUNT(conflicting));
    shortest = longest = 7;
    FAILS(pwseal_policy_length_range(policy, &shortest, &longest), PWSEAL_STATUS_POLICY_CONFLICT, "no password can satisfy");
    CHECK(shortest == 0 && longest == 0);
    FAILS(pwseal_policy_generate(policy, NULL, 12, NULL, 0, false, &password), PWSEAL_STATUS_POLICY_CONFLICT, "no password can satisfy");
    pwseal_policy_free(policy);
    policy = rule("passwordMinLength is 1025");
    CHECK(pwseal_policy_length_range(policy, &shortest, &longest) == PWSEAL_STATUS_OUT_OF_RANGE);
    pwseal_policy_free(policy);

    policy = policy_of(narrow, COUNT(narrow));
    CHECK(pwseal_policy_generate(policy, NULL, 1000, NULL, 0, false, &password) == PWSEAL_STATUS_POLICY_TOO_NARROW);
    pwseal_policy_free(policy);
}

/* Three digits of 7 and 8, which the dictionary forbids to be other than 777. */
static void test_generate_with_a_context(void)
{
    static const char *const strings[] = {"passwordMinLength is 3", "passwordMaxLength is 3", "passwordMinNumeric is 3",
                                          "checkPasswordsAgainstDictionary is true"};
    pwseal_policy *policy = policy_of(strings, COUNT(strings));
    pwseal_dictionary *dictionary = NULL;
    pwseal_context *context = NULL;
    pwseal_password *password = NULL;
    pwseal_text text;
    int round;
    OK(pwseal_dictionary_parse(TEXT("778\n787\n788\n877\n878\n887\n888\n"), &dictionary));
    OK(pwseal_context_new(&context));
    OK(pwseal_context_set_dictionary(context, dictionary));
    pwseal_dictionary_free(dictionary);
    for (round = 0; round < 4; round++) {
        OK(pwseal_policy_generate(policy, context, 3, TEXT("01234569"), false, &password));
        OK(pwseal_password_text(password, &text));
        CHECK_TEXT(text.data, "777");
        pwseal_password_free(password);
    }
    pwseal_context_free(context);
    pwseal_policy_free(policy);
}

int main(void)
{
    OK(pwseal_prefer_backend_from_env());
    test_parse();
    test_from_strings();
    test_check();
    test_report();
    test_printable();
    test_reasons();
    test_unmet_minimum();
    test_context();
    test_context_arguments();
    test_generate();
    test_generate_with_a_context();
    return failures == 0 ? 0 : 1;
}
