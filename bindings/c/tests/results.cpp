/*
 * The wrapper without exceptions and run-time types, in surroundings that others make: their macros, and a pragma that hides
 * all that is declared after it.
 *
 *     results PASSWORD_INFO_FILE
 */
#include "check.h"

/* Those of C++ itself stand no such macros. */
#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#define max(a, b) ((a) > (b) ? (a) : (b))
#define min(a, b) ((a) < (b) ? (a) : (b))
#define Status int
#define Success 0
#define None 0L
#define Bool int
#define ERROR 0
#define IN
#define OUT
#define interface struct
#define small char
#if defined(__GNUC__)
#pragma GCC visibility push(hidden)
#endif
#include "pwseal.hpp"
#if defined(__GNUC__)
#pragma GCC visibility pop
#endif

using namespace std::string_view_literals;

static_assert(std::is_same_v<pwseal::Outcome<pwseal::Key>, pwseal::Result<pwseal::Key>>);

int main(int argc, char **argv)
{
    static std::uint8_t json[8192];
    if (argc != 2) {
        return 2;
    }
    const std::size_t json_len = read_file(argv[1], json, sizeof json);
    CHECK(pwseal::prefer_backend_from_env().has_value());

    const auto info = pwseal::PasswordInfo::parse({json, json_len});
    CHECK(info.has_value() && info);
    CHECK(info->identity_id().value() == "2c918085744fec4301746f9a5bce4605");
    CHECK(info->accounts().value().size() == 1);

    const auto damaged = pwseal::PasswordInfo::parse("["sv);
    CHECK(!damaged);
    CHECK(damaged.error().status() == PWSEAL_STATUS_INVALID_PASSWORD_INFO);
    CHECK(damaged.error().detail(PWSEAL_DETAIL_LINE) == 1);
    CHECK(std::string_view(damaged.error().what()).substr(0, 20) == "the password-info is");

    const auto key = info->key();
    CHECK(key->encrypt("correct horse 7"sv)->size() == 256);
    const auto refused = key->encrypt_many(std::array{"a"sv, ""sv});
    CHECK(!refused && refused.error().detail(PWSEAL_DETAIL_INDEX) == 1);
    CHECK(pwseal::Password::from_utf16(u"\xd83d").error().status() == PWSEAL_STATUS_PASSWORD_NOT_TEXT);

    auto context = pwseal::Context::create();
    CHECK(context->set_account_id("CN=Abby").has_value());
    CHECK(!context->set_account_id("\xff"));
    const auto report = info->check(std::nullopt, "no"sv, &*context);
    CHECK(report->has_violation());
    CHECK(report->findings()->size() == report->size());
    CHECK(!report->finding(99));

    const auto change = pwseal::ChangeRequest::create(*info, std::nullopt, "correct horse 7"sv);
    const auto api = pwseal::Api::create(PWSEAL_API_VERSION_V2026, "acme");
    const auto request = api->set_password(*change);
    CHECK(request->body() == change->body().value());
    CHECK(request->headers().size() == 2);
    pwseal::Result<pwseal::Key> moved = info->key();
    const pwseal::Key taken = std::move(moved).value();
    CHECK(taken.bits() == 2048);
    return failures == 0 ? 0 : 1;
}
