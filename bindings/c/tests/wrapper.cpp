/*
 * Every class of pwseal.hpp: what it passes through, what it throws, and that it wipes.
 *
 *     wrapper PASSWORD_INFO_FILE OUT_DIR
 */
#include "check.h"

#include <string>

/* Where the wrapper wiped last, and all that it wiped. */
static const void *wiped = nullptr;
static std::string wiped_text;

static void wipe(void *buffer, size_t len)
{
    wiped_text.append(static_cast<const char *>(buffer), len);
    pwseal_wipe(buffer, len);
    wiped = len > 0 ? buffer : wiped;
}

#define pwseal_wipe wipe
#include "pwseal.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

using namespace std::string_literals;
using namespace std::string_view_literals;
using namespace std::chrono_literals;

#define PASSWORD "correct horse 7"sv

#define THROWS(expression, wanted, words)                                           \
    do {                                                                            \
        bool thrown_ = false;                                                       \
        try {                                                                       \
            (void)(expression);                                                     \
        } catch (const pwseal::Error &error) {                                      \
            thrown_ = true;                                                         \
            CHECK(error.status() == (wanted));                                      \
            CHECK(std::string_view(error.what()).substr(0, sizeof(words) - 1) == words); \
        }                                                                           \
        CHECK(thrown_);                                                             \
    } while (0)

/* The length of a secret is told, and not searched for. */
static_assert(!std::is_convertible_v<const char *, pwseal::Bytes>);
static_assert(!std::is_convertible_v<std::vector<int>, pwseal::Bytes>);
static_assert(std::is_nothrow_move_constructible_v<pwseal::Key>);
static_assert(!std::is_copy_constructible_v<pwseal::Key>);
static_assert(!std::is_copy_constructible_v<pwseal::Secret>);
/* Handles are made by functions that say of what. */
template <typename Class>
constexpr bool made_of_anything = std::is_constructible_v<Class, int> || std::is_constructible_v<Class, std::string>;
static_assert(!made_of_anything<pwseal::Key>);
static_assert(!made_of_anything<pwseal::Dictionary>);
static_assert(!made_of_anything<pwseal::Context>);
static_assert(!made_of_anything<pwseal::Report>);
static_assert(!made_of_anything<pwseal::Policy>);
static_assert(!made_of_anything<pwseal::PasswordInfo>);
static_assert(!made_of_anything<pwseal::ChangeRequest>);
static_assert(!made_of_anything<pwseal::Request>);
static_assert(!made_of_anything<pwseal::Api>);
static_assert(!made_of_anything<pwseal::Answer>);

/* The numbers of a failure go with it, whatever comes after. */
static void test_error(const pwseal::Key &key)
{
    try {
        (void)key.encrypt_many(std::array{"a"s, std::string(246, 'x')});
        CHECK(false);
    } catch (const pwseal::Error &error) {
        CHECK(pwseal_key_parse(nullptr, 0, nullptr) == PWSEAL_STATUS_NULL_POINTER);
        const pwseal::Error copy = error;
        CHECK(copy.detail(PWSEAL_DETAIL_INDEX) == 1);
        CHECK(copy.detail(PWSEAL_DETAIL_GIVEN) == 246);
        CHECK(copy.detail(PWSEAL_DETAIL_WANTED) == 245);
        CHECK(!copy.detail(PWSEAL_DETAIL_POSITION));
        CHECK(!copy.detail(static_cast<pwseal_detail>(99)));
    }
}

static void test_utf16(const pwseal::Key &key)
{
    const auto password = pwseal::Password::from_utf16(u"p\u00e4 \U0001f40e"sv);
    CHECK(password.view() == "p\xc3\xa4 \xf0\x9f\x90\x8e"sv);
    CHECK(password.data()[password.size()] == '\0');
    CHECK(key.encrypt(password).size() == 256);
    THROWS(pwseal::Password::from_utf16(std::u16string_view(u"a\U0001f40e").substr(0, 2)), PWSEAL_STATUS_PASSWORD_NOT_TEXT,
           "the password has half a surrogate pair at code unit 1");
}

static void test_key(const pwseal::PasswordInfo &info, const std::string &directory)
{
    const std::vector<std::uint8_t> n(128, 0xff);
    const std::array<std::uint8_t, 3> e{1, 0, 1};
    CHECK(pwseal::Key::from_components(n, e).bits() == 1024);
    THROWS(pwseal::Key::parse("AIIBIjAN"sv), PWSEAL_STATUS_INVALID_KEY, "the key is not DER");

    pwseal::Key first = info.key();
    const pwseal::Key key = std::move(first);
    THROWS(first.encrypt(PASSWORD), PWSEAL_STATUS_NULL_POINTER, "key is NULL");
    CHECK(first.bits() == 0);
    CHECK(key.bits() == 2048);
    CHECK(key.size() == 256);
    CHECK(key.max_password_len() == 245);
    CHECK(key.fingerprint().size() == 64);
    CHECK(!key.backend().empty());
    THROWS(key.encrypt(""sv), PWSEAL_STATUS_EMPTY_PASSWORD, "the password is empty");
    test_error(key);
    THROWS(key.encrypt_base64(std::string(246, 'x')), PWSEAL_STATUS_PASSWORD_TOO_LONG, "the password has 246 bytes");

    test_utf16(key);

    const auto bytes = key.encrypt(PASSWORD);
    CHECK(bytes.size() == 256);
    write_file(directory.c_str(), "wrapper", bytes.data(), bytes.size());
    const auto text = key.encrypt_base64(PASSWORD);
    CHECK(text.size() == 344);
    write_file(directory.c_str(), "wrapper.b64", text.data(), text.size());

    const auto many = key.encrypt_many(std::vector<std::string>{"a", "correct horse 7"});
    CHECK(many.size() == 512);
    write_file(directory.c_str(), "wrapper.many", many.data() + 256, 256);
    const auto texts = key.encrypt_many_base64(std::array<std::string_view, 2>{"a"sv, PASSWORD});
    CHECK(texts.size() == 2 && texts[0].size() == 344);
    write_file(directory.c_str(), "wrapper.many.b64", texts[1].data(), texts[1].size());
    CHECK(key.encrypt_many(std::vector<std::string>()).empty());
    CHECK(key.encrypt_many_base64(std::vector<std::string>()).empty());

    /* The copies, also those in memory that was too small for the next. */
    wiped_text.clear();
    CHECK(key.encrypt_many(std::vector{"a"s, "bc"s, "def"s}).size() == 3 * 256);
    CHECK(wiped_text == "a" "abc" "abcdef");
    wiped_text.clear();
    THROWS(key.encrypt_many(std::vector{pwseal::Bytes("a"sv), pwseal::Bytes(nullptr, 1)}), PWSEAL_STATUS_NULL_POINTER, "passwords[1].data is NULL");
    CHECK(wiped_text == "a");
    THROWS(key.encrypt_many(std::vector{pwseal::Bytes("a"sv), pwseal::Bytes("", TOO_LONG)}), PWSEAL_STATUS_LENGTH_TOO_LARGE, "passwords[1].data has a length of ");
    CHECK(key.encrypt_many(std::array<pwseal::Bytes, 0>()).empty());
    THROWS(key.encrypt_many(std::array{pwseal::Bytes(nullptr, 0)}), PWSEAL_STATUS_EMPTY_PASSWORD, "the password at index 0");
}

static void test_policy()
{
    const auto policy = pwseal::Policy::from_strings(std::vector<std::string>{
        "passwordMinLength is 12", "passwordMinNumeric is 2", "checkPasswordAgainstAccountID is true",
        "checkPasswordAgainstDisplayName is true", "checkPasswordsAgainstDictionary is true",
        "checkPasswordsAgainstAccountAttributes is true", "checkPasswordsAgainstIdentityAttributes is true"});
    CHECK(policy.size() == 7);
    CHECK(policy.rule(1) == "passwordMinNumeric is 2");
    THROWS(policy.rule(7), PWSEAL_STATUS_OUT_OF_RANGE, "index 7");
    CHECK(policy.length_range().first == 12);
    CHECK(policy.length_range().second == 1024);

    const pwseal::Password password = policy.generate(16);
    CHECK(password.size() == 16);
    THROWS(policy.generate(11), PWSEAL_STATUS_POLICY_CONFLICT, "no password of 11");
    THROWS(policy.generate(16, "0123456789"), PWSEAL_STATUS_POLICY_CONFLICT, "no password without the characters");
    CHECK(policy.generate(16, "01234567", true).size() == 16);
    CHECK(pwseal::Policy::parse(std::array{"passwordMinLength is 8"sv}).size() == 1);
    THROWS(pwseal::Policy::parse(std::array{"passwordMinLenght is 8"sv}), PWSEAL_STATUS_INVALID_POLICY,
           "policy string 1 starts with no name that is known: perhaps passwordMinLength");

    auto context = pwseal::Context::create();
    context.set_account_id("CN=Abby Smith");
    context.add_account_name("Tabitha");
    context.add_account_attribute("phone", "555-555-1234");
    context.add_identity_attribute("city", "Austin");
    context.set_dictionary(pwseal::Dictionary::parse("qwerty\n"sv));
    THROWS((context.set_account_id("\xff"), 0), PWSEAL_STATUS_INVALID_UTF8, "id is not UTF-8");
    THROWS(pwseal::Dictionary::parse("a b"sv), PWSEAL_STATUS_INVALID_DICTIONARY, "the dictionary's line 1");

    const auto nothing_known = policy.check(PASSWORD);
    CHECK(nothing_known.finding(2).reason == PWSEAL_REASON_NOT_GIVEN);
    CHECK(!nothing_known.all_passed());
    CHECK(!policy.check(password).has_violation());
    // Not the generated one: by chance it has a part of one of the words, of which nobody can say that it passes.
    CHECK(policy.check("Purple-hood-4096"sv, &context).all_passed());

    const auto report = policy.check("smith tabitha 5555551234 austin qwerty \xc3\xa4"sv, &context);
    CHECK(report.has_violation());
    CHECK(!report.all_passed());
    CHECK(report.size() == 7);
    const auto findings = report.findings();
    CHECK(findings.size() == 7);
    CHECK(findings[0].outcome == PWSEAL_OUTCOME_PASSED);
    CHECK(findings[0].wanted == 12 && findings[0].found > 12);
    CHECK(findings[0].rule == "passwordMinLength is 12");
    CHECK(findings[0].message.find("at least 12 are wanted") != std::string::npos);
    for (std::size_t index = 2; index < 7; index++) {
        CHECK(findings[index].outcome == PWSEAL_OUTCOME_VIOLATED);
        CHECK(!findings[index].found && !findings[index].wanted);
    }
    CHECK(report.warnings().size() == 1);
    CHECK(report.warnings()[0].kind == PWSEAL_PASSWORD_WARNING_NON_ASCII);
    CHECK(report.warnings()[0].message
          == "the password has a character outside ASCII, which the platform is documented not to take");
}

static void test_printable()
{
    const auto policy = pwseal::Policy::from_strings(std::array{"a\x1b[2J is 1"});
    CHECK(policy.rule(0) == "a\x1b[2J is 1");
    CHECK(policy.rule_printable(0) == "a\\u{1b}[2J is 1");
    const auto finding = policy.check(PASSWORD).finding(0);
    CHECK(finding.rule == "a\x1b[2J is 1");
    CHECK(finding.rule_printable == "a\\u{1b}[2J is 1");
}

static void test_info(const pwseal::PasswordInfo &info)
{
    CHECK(info.identity_id() == "2c918085744fec4301746f9a5bce4605");
    CHECK(info.source_id() == "2c918083746f642c01746f990884012a");
    CHECK(info.public_key_id() == "N2M1OTJiMGEtMDJlZS00ZWU3LTkyYTEtNjA5YmI5NWE3ZWVh");
    CHECK(info.accounts().size() == 1);
    CHECK(info.accounts()[0].name == "Abby.Smith");
    CHECK(info.policy().size() == 4);
    CHECK(info.check(std::nullopt, PASSWORD).all_passed());
    CHECK(info.check("Abby.Smith", "no"sv).has_violation());
    THROWS(info.check("", PASSWORD), PWSEAL_STATUS_ACCOUNT_NOT_FOUND, "no account has this id or name");
    THROWS(info.check(std::string_view(), PASSWORD), PWSEAL_STATUS_ACCOUNT_NOT_FOUND, "no account has this id or name");

    auto context = pwseal::Context::create();
    context.set_dictionary(pwseal::Dictionary::parse("horse\n"sv));
    CHECK(!info.check(std::nullopt, PASSWORD, &context).has_violation()); /* no rule wants it */
    CHECK(info.generate(std::nullopt, 0, {}, false, &context).size() == 16);
    CHECK(info.generate(std::nullopt).size() == 16);
    CHECK(info.check(std::nullopt, info.generate("Abby.Smith", 20)).all_passed());

    const auto empty = pwseal::PasswordInfo::parse("{\"accounts\": [{\"accountId\": \"\"}]}"sv);
    CHECK(!empty.identity_id());
    CHECK(empty.accounts()[0].id == "");
    CHECK(!empty.accounts()[0].name);
    THROWS(pwseal::PasswordInfo::parse("["sv), PWSEAL_STATUS_INVALID_PASSWORD_INFO, "the password-info is");
}

static void test_exchange(const pwseal::PasswordInfo &info, const std::string &json)
{
    const auto api = pwseal::Api::create(PWSEAL_API_VERSION_V2026, "acme");
    THROWS(pwseal::Api::create(PWSEAL_API_VERSION_V3, "a.b"), PWSEAL_STATUS_INVALID_TENANT, "the tenant");
    THROWS(pwseal::Api::at(PWSEAL_API_VERSION_V3, "ftp://x"), PWSEAL_STATUS_INVALID_BASE_URL, "the base URL");
    CHECK(pwseal::Api::at(PWSEAL_API_VERSION_V1, "https://h.example").password_change_status("r").url()
          == "https://h.example/password-change-status/v1/r");

    const auto query = api.query_password_info("Abby.Smith", "My-AD");
    CHECK(query.method() == "POST");
    CHECK(query.url() == "https://acme.api.identitynow.com/v2026/query-password-info");
    CHECK(query.body() == "{\"userName\":\"Abby.Smith\",\"sourceName\":\"My-AD\"}");
    CHECK(query.headers().size() == 2);
    std::size_t count = 0;
    for (const auto &[name, value] : query.headers()) {
        CHECK(value == "application/json" && (name == "accept" || name == "content-type"));
        count++;
    }
    CHECK(count == 2);
    CHECK(query.headers()[0] == std::pair("accept"sv, "application/json"sv));
    CHECK(api.generate_digit_token("u", 6, 5).body() == "{\"userId\":\"u\",\"length\":6,\"durationMinutes\":5}");
    THROWS(api.generate_digit_token("u", 262), PWSEAL_STATUS_OUT_OF_RANGE, "a digit token has 6 to 18 digits, not 262");
    CHECK(api.password_change_status("r").body().size() == 0);

    const auto change = pwseal::ChangeRequest::create(info, std::nullopt, PASSWORD);
    CHECK(api.set_password(change).body() == change.body());
    CHECK(change.body().find("\"encryptedPassword\":\"") != std::string_view::npos);
    THROWS(pwseal::ChangeRequest::create(info, "Abby.Smith", "h22"sv), PWSEAL_STATUS_POLICY_VIOLATION, "the password violates");
    CHECK(change.warnings().empty());
    const auto despite = pwseal::ChangeRequest::create(info, std::nullopt, "h22"sv, PWSEAL_DESPITE_POLICY);
    CHECK(despite.body().size() == change.body().size());
    CHECK(pwseal::ChangeRequest::create(info, std::nullopt, "h22 "sv, PWSEAL_DESPITE_POLICY).warnings()[0].kind
          == PWSEAL_PASSWORD_WARNING_TRAILING_WHITE_SPACE);
    THROWS(pwseal::ChangeRequest::create(info, std::nullopt, "hunter2\n"sv), PWSEAL_STATUS_PASSWORD_NOT_TEXT,
           "the password has a line break at byte 7");
    CHECK(pwseal::ChangeRequest::create(info, std::nullopt, "hunter2\n"sv, PWSEAL_RAW).body().size() == change.body().size());

    CHECK(pwseal::ChangeRequest::parse(change.body()).body() == change.body());
    THROWS(pwseal::ChangeRequest::parse("{}"sv), PWSEAL_STATUS_MISSING_FIELD, "the set-password body has no identityId");

    const std::vector<std::pair<std::string, std::string>> headers{{"Retry-After", "17"}};
    const auto read = pwseal::Answer::read(PWSEAL_OPERATION_QUERY_PASSWORD_INFO, 200, headers, json);
    CHECK(read.outcome() == PWSEAL_STATUS_OK);
    CHECK(read.password_info().identity_id() == info.identity_id());

    const auto busy = pwseal::Answer::read(PWSEAL_OPERATION_PASSWORD_CHANGE_STATUS, 429, headers, "{\"message\": \"slower\"}"sv);
    CHECK(busy.outcome() == PWSEAL_STATUS_ANSWER_REFUSED);
    CHECK(busy.retryable());
    CHECK(busy.retry_after() == 17s);
    CHECK(busy.refusal("en") == "slower");
    THROWS(busy.state(), PWSEAL_STATUS_ANSWER_REFUSED, "the answer to password-change-status is 429");
    CHECK(pwseal::Poll().next(busy, 1s).after == 17s);

    const auto refused = pwseal::Answer::read(PWSEAL_OPERATION_SET_PASSWORD, 400, headers, "{\"detailCode\": \"400.1\", \"trackingId\": \"t\"}"sv);
    CHECK(refused.detail_code() == "400.1");
    CHECK(refused.tracking_id() == "t");
    CHECK(!refused.retryable());

    const auto failed = pwseal::Answer::read(PWSEAL_OPERATION_PASSWORD_CHANGE_STATUS, 200, {},
                                "{\"requestId\": \"r\", \"state\": \"FAILED\", \"errors\": [\"no\"], \"sourceIds\": [\"s\"]}"sv);
    CHECK(failed.request_id() == "r");
    CHECK(failed.state() == PWSEAL_STATE_FAILED);
    CHECK(failed.state_name() == "FAILED");
    CHECK(failed.errors() == std::vector{"no"sv});
    CHECK(failed.source_ids() == std::vector{"s"sv});
    CHECK(!failed.retry_after());
    CHECK(pwseal::Poll().next(failed, 1s).what == PWSEAL_NEXT_FAILED);
    CHECK(pwseal::Poll().delay(60s) == 6s);
    CHECK(pwseal::Poll(100).delay(0s) == 20s);
    const auto going_on = pwseal::Answer::read(PWSEAL_OPERATION_PASSWORD_CHANGE_STATUS, 200, {}, "{\"state\": \"IN_PROGRESS\"}"sv);
    CHECK(pwseal::Poll(0, 1min).next(going_on, 1min).what == PWSEAL_NEXT_TIMED_OUT);

    /* Times below 0 are none, and not the longest ones. */
    CHECK(pwseal::Poll().delay(-1ms) == pwseal::Poll().delay(0ms));
    CHECK(pwseal::Poll(0, 1min).next(going_on, -1ms).what == PWSEAL_NEXT_ASK_AGAIN);
    CHECK(pwseal::Poll(0, 1min).next(going_on, -1ms).after == pwseal::Poll().delay(0ms));
    CHECK(pwseal::Poll(0, -1ms).next(going_on, 1ms).what == PWSEAL_NEXT_TIMED_OUT);

    const auto token = pwseal::Answer::read(PWSEAL_OPERATION_GENERATE_DIGIT_TOKEN, 200, {}, "{\"digitToken\": \"090877\"}"sv);
    CHECK(token.digit_token() == "090877");
    THROWS(pwseal::Answer::read(PWSEAL_OPERATION_SET_PASSWORD, 99, {}, ""sv), PWSEAL_STATUS_OUT_OF_RANGE, "99 is no HTTP status");
}

static void test_secret()
{
    pwseal::Secret secret(3);
    std::copy_n("abc", 3, secret.data());
    pwseal::Secret moved = std::move(secret);
    CHECK(moved.view() == "abc");
    CHECK(secret.size() == 0);
    moved.truncate(2);
    moved.truncate(3);
    CHECK(moved.view() == "ab");
    secret = std::move(moved);
    CHECK(secret.view() == "ab");

    /* What an assignment replaces is wiped then, and is not left in what was moved from. */
    pwseal::Secret next(3);
    const void *const replaced = secret.data();
    secret = std::move(next);
    CHECK(wiped == replaced);
    CHECK(next.size() == 0 && next.data() == nullptr);
    CHECK(secret.view() == "\0\0\0"sv);
    auto &same = secret;
    secret = std::move(same);
    CHECK(secret.size() == 3);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        return 2;
    }
    CHECK(pwseal::version() == PWSEAL_VERSION);
    CHECK(pwseal::message(PWSEAL_STATUS_OK) == "success");
    pwseal::prefer_backend_from_env();
    std::ifstream file(argv[1], std::ios::binary);
    const std::string json{std::istreambuf_iterator<char>(file), {}};
    const auto info = pwseal::PasswordInfo::parse(json);
    test_key(info, argv[2]);
    test_policy();
    test_printable();
    test_info(info);
    test_exchange(info, json);
    test_secret();
    return failures == 0 ? 0 : 1;
}
