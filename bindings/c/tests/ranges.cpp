/* Which ranges pwseal.hpp takes, and that it reads each element while it is there. */
#include "check.h"

#include <string>
#include <vector>

/* What was given to be encrypted last. */
static std::vector<std::string> given;

static void record(const pwseal_bytes *passwords, size_t len)
{
    given.clear();
    for (size_t index = 0; index < len; index++) {
        given.emplace_back(static_cast<const char *>(passwords[index].data), passwords[index].len);
    }
}

static pwseal_status recorded(const pwseal_key *key, const pwseal_bytes *passwords, size_t len, void *out, size_t *out_len)
{
    record(passwords, len);
    return pwseal_key_encrypt_many(key, passwords, len, out, out_len);
}

static pwseal_status recorded_base64(const pwseal_key *key, const pwseal_bytes *passwords, size_t len, char *out, size_t *out_len)
{
    record(passwords, len);
    return pwseal_key_encrypt_many_base64(key, passwords, len, out, out_len);
}

#define pwseal_key_encrypt_many recorded
#define pwseal_key_encrypt_many_base64 recorded_base64
#include "pwseal.hpp"

#include <array>
#include <deque>
#include <iterator>
#include <map>
#include <ranges>
#include <span>
#include <sstream>

using namespace std::string_literals;
using namespace std::string_view_literals;

/* A modulus of ones, which is as good as any to count ciphertexts. */
static pwseal::Key key()
{
    return pwseal::Key::from_components(std::vector<std::uint8_t>(128, 0xff), std::array<std::uint8_t, 3>{1, 0, 1});
}

template <typename Passwords>
static void encrypts(Passwords &&passwords, const std::vector<std::string> &wanted)
{
    CHECK(key().encrypt_many(passwords).size() == 128 * wanted.size());
    CHECK(given == wanted);
    given.clear();
    CHECK(key().encrypt_many_base64(passwords).size() == wanted.size());
    CHECK(given == wanted);
}

template <typename Strings>
static void reads(Strings &&strings)
{
    const auto policy = pwseal::Policy::from_strings(strings);
    CHECK(policy.size() == 2);
    CHECK(policy.rule(0) == "passwordMinLength is 8");
    CHECK(policy.rule(1) == "passwordMinNumeric is 1");
}

template <typename Headers>
static void answers(Headers &&headers)
{
    const auto busy = pwseal::Answer::read(PWSEAL_OPERATION_SET_PASSWORD, 429, headers, ""sv);
    CHECK(busy.retry_after() == std::chrono::seconds(17));
}

int main()
{
    const std::vector<std::string> strings{"passwordMinLength is 8", "passwordMinNumeric is 1"};
    const std::vector<std::string_view> views(strings.begin(), strings.end());
    const std::vector<std::vector<std::uint8_t>> bytes{{'a', 'b'}, {'c'}};
    const std::vector<int> numbers{0, 1};
    const auto view = [](const std::string &string) { return std::string_view(string); };
    const auto copy = [&](int number) { return strings[static_cast<std::size_t>(number)]; };

    encrypts(strings, strings);
    encrypts(views, strings);
    encrypts(bytes, {"ab", "c"});
    encrypts(std::vector<std::span<const std::uint8_t>>{bytes[0], bytes[1]}, {"ab", "c"});
    encrypts(std::array<pwseal::Bytes, 1>{pwseal::Bytes(strings[0])}, {strings[0]});
    encrypts(std::deque<std::string>{"a", "b", "c"}, {"a", "b", "c"});
    const std::string_view array[] = {"a"sv, "b"sv};
    encrypts(array, {"a", "b"});
    encrypts(strings | std::views::transform(view), strings);
    encrypts(strings | std::views::take(1), {strings[0]});
    encrypts(strings | std::views::filter([](const std::string &string) { return string.ends_with("1"); }), {strings[1]});

    reads(strings);
    reads(views);
    reads(std::vector<const char *>{"passwordMinLength is 8", "passwordMinNumeric is 1"});
    reads(strings | std::views::transform(view));

    answers(std::vector<std::pair<std::string, std::string>>{{"Retry-After", "17"}});
    answers(std::map<std::string, std::string, std::less<>>{{"retry-after", "17"}, {"x", "y"}});
    answers(std::vector<int>{17} | std::views::transform([](int) { return std::pair("Retry-After"sv, "17"sv); }));

    /* Elements that are made on the way. */
    encrypts(numbers | std::views::transform(copy), strings);
    encrypts(numbers | std::views::transform([](int number) { return std::array{static_cast<char>('a' + number)}; }), {"a", "b"});
    encrypts(numbers | std::views::transform([&](int number) { return std::span(bytes[static_cast<std::size_t>(number)]); }), {"ab", "c"});
    reads(numbers | std::views::transform(copy));
    answers(std::vector<int>{17} | std::views::transform([](int number) {
        return std::pair("Retry-After"s, std::to_string(number));
    }));

    /* The next one overwrites the one before. */
    std::string buffer;
    const auto overwrite = [&](int number) {
        buffer = copy(number);
        return std::string_view(buffer);
    };
    encrypts(numbers | std::views::transform(overwrite), strings);
    reads(numbers | std::views::transform(overwrite));
    answers(std::vector<int>{17, 0} | std::views::transform([&](int number) {
        buffer = number == 0 ? "longer than what was there" : std::to_string(number);
        return std::pair(number == 0 ? "x"sv : "Retry-After"sv, std::string_view(buffer));
    }));

    /* What can be gone through once only. */
    std::istringstream stream("a bc");
    CHECK(!key().encrypt_many(std::ranges::subrange(std::istream_iterator<std::string>(stream), std::istream_iterator<std::string>())).empty());
    CHECK((given == std::vector{"a"s, "bc"s}));
    std::istringstream more("d ef");
    CHECK(key().encrypt_many_base64(std::ranges::istream_view<std::string>(more)).size() == 2);
    CHECK((given == std::vector{"d"s, "ef"s}));
    return failures == 0 ? 0 : 1;
}
