/*
 * Which ranges pwseal.hpp takes: what compiles is run, and what does not must not compile, each with
 * -DREFUSED=number.
 */
#include "pwseal.hpp"

#include "check.h"

#include <array>
#include <deque>
#include <iterator>
#include <map>
#include <ranges>
#include <span>
#include <sstream>

using namespace std::string_view_literals;

/* A modulus of ones, which is as good as any to count ciphertexts. */
static pwseal::Key key()
{
    return pwseal::Key::from_components(std::vector<std::uint8_t>(128, 0xff), std::array<std::uint8_t, 3>{1, 0, 1});
}

template <typename Passwords>
static void encrypts(const Passwords &passwords, std::size_t count)
{
    CHECK(key().encrypt_many(passwords).size() == 128 * count);
    CHECK(key().encrypt_many_base64(passwords).size() == count);
}

template <typename Strings>
static void reads(const Strings &strings)
{
    const auto policy = pwseal::Policy::from_strings(strings);
    CHECK(policy.size() == 2);
    CHECK(policy.rule(0) == "passwordMinLength is 8");
    CHECK(policy.rule(1) == "passwordMinNumeric is 1");
}

template <typename Headers>
static void answers(const Headers &headers)
{
    const pwseal::Answer busy(PWSEAL_OPERATION_SET_PASSWORD, 429, headers, ""sv);
    CHECK(busy.retry_after() == std::chrono::seconds(17));
}

#ifdef REFUSED
static std::string text(int number)
{
    return "correct horse battery staple " + std::to_string(number);
}
static std::pair<std::string, std::string> header(int number)
{
    return {"Retry-After", std::to_string(number)};
}
#endif

int main()
{
    const std::vector<std::string> strings{"passwordMinLength is 8", "passwordMinNumeric is 1"};
    const std::vector<std::string_view> views(strings.begin(), strings.end());
    const std::vector<std::vector<std::uint8_t>> bytes{{1, 2}, {3}, {}};
    const std::vector<int> numbers{1, 2};
    const auto view = [](const std::string &string) { return std::string_view(string); };

    encrypts(strings, 2);
    encrypts(views, 2);
    encrypts(std::vector<std::span<const std::uint8_t>>{bytes[0], bytes[1]}, 2);
    encrypts(std::vector<std::vector<std::uint8_t>>{bytes[0], bytes[1]}, 2);
    encrypts(std::array<pwseal::Bytes, 1>{pwseal::Bytes(strings[0])}, 1);
    encrypts(std::deque<std::string>{"a", "b", "c"}, 3);
    const std::string_view array[] = {"a"sv, "b"sv};
    encrypts(array, 2);
    encrypts(strings | std::views::transform(view), 2);
    encrypts(strings | std::views::take(1), 1);

    reads(strings);
    reads(views);
    reads(std::vector<const char *>{"passwordMinLength is 8", "passwordMinNumeric is 1"});
    reads(strings | std::views::transform(view));

    answers(std::vector<std::pair<std::string, std::string>>{{"Retry-After", "17"}});
    answers(std::map<std::string, std::string, std::less<>>{{"retry-after", "17"}, {"x", "y"}});
    answers(std::vector<int>{17} | std::views::transform([](int) { return std::pair("Retry-After"sv, "17"sv); }));

#if REFUSED == 1
    encrypts(numbers | std::views::transform(text), 2);
#elif REFUSED == 2
    reads(numbers | std::views::transform(text));
#elif REFUSED == 3
    answers(numbers | std::views::transform(header));
#elif REFUSED == 4 /* proxies */
    encrypts(std::vector<bool>{true, false}, 2);
#elif REFUSED == 5 /* one string, over and over */
    std::istringstream stream("a b");
    const std::ranges::subrange words{std::istream_iterator<std::string>(stream), std::istream_iterator<std::string>()};
    encrypts(words, 2);
#elif REFUSED == 6 /* arrays are no views */
    encrypts(numbers | std::views::transform([](int number) { return std::array{char(number)}; }), 2);
#endif
    return failures == 0 ? 0 : 1;
}
