/*
 * pwseal for C++17: pwseal.h with destructors, views and exceptions.
 *
 * Every object owns one handle of pwseal.h, whose comments say what the functions do; it can be
 * moved and not copied. Inputs are views, which nothing keeps, or ranges, which are gone through once. Texts that come
 * back as std::string_view are lent by the object, as long as it lives. What holds of threads there holds here: use one
 * const object from many.
 *
 * Failures throw pwseal::Error. Where there are no exceptions (-fno-exceptions), or PWSEAL_NO_EXCEPTIONS is defined before
 * the include, the same functions return pwseal::Result of what they return here: Outcome<T> stands for both. What C++ itself
 * allocates, for a std::string or a std::vector, throws std::bad_alloc as always, and ends the program without exceptions.
 */
#ifndef PWSEAL_HPP
#define PWSEAL_HPP

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "pwseal.h"

#if !defined(PWSEAL_NO_EXCEPTIONS) && !defined(__cpp_exceptions)
#define PWSEAL_NO_EXCEPTIONS
#endif

/* Lets a compiler warn of a view that outlives what it looks at. */
#if defined(__has_cpp_attribute)
#if __has_cpp_attribute(clang::lifetimebound)
#define PWSEAL_LIFETIMEBOUND [[clang::lifetimebound]]
#elif __has_cpp_attribute(msvc::lifetimebound)
#define PWSEAL_LIFETIMEBOUND [[msvc::lifetimebound]]
#endif
#endif
#ifndef PWSEAL_LIFETIMEBOUND
#define PWSEAL_LIFETIMEBOUND
#endif

namespace pwseal {

/* A program may be linked of files with exceptions and files without: the functions of the two have different names. */
#if defined(PWSEAL_NO_EXCEPTIONS)
inline namespace results {
#else
inline namespace exceptions {
#endif

/* A failure: the status, the message as what(), and its numbers. It may pass from one shared library to another. */
class PWSEAL_API Error : public std::runtime_error {
public:
    /* The last failure on this thread. */
    explicit Error(pwseal_status status) : std::runtime_error(pwseal_last_error()), status_(status)
    {
        for (std::size_t number = 0; number < details_.size(); number++) {
            details_[number] = pwseal_last_error_detail(static_cast<pwseal_detail>(number));
        }
    }

    pwseal_status status() const noexcept { return status_; }

    /* A number that tells more, such as PWSEAL_DETAIL_INDEX, if this failure has it. */
    std::optional<std::int64_t> detail(pwseal_detail detail) const noexcept
    {
        const auto number = static_cast<std::size_t>(detail);
        return number < details_.size() && details_[number] >= 0 ? std::optional(details_[number]) : std::nullopt;
    }

private:
    pwseal_status status_;
    std::array<std::int64_t, PWSEAL_DETAIL_HTTP_STATUS + 1> details_{};
};

/* What a function returns, or why it does not. To read what is not there ends the program. */
template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : outcome_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : outcome_(std::in_place_index<1>, std::move(error)) {}

    bool has_value() const noexcept { return outcome_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    T &value() & noexcept PWSEAL_LIFETIMEBOUND { return *there(std::get_if<0>(&outcome_)); }
    const T &value() const & noexcept PWSEAL_LIFETIMEBOUND { return *there(std::get_if<0>(&outcome_)); }
    T &&value() && noexcept PWSEAL_LIFETIMEBOUND { return std::move(*there(std::get_if<0>(&outcome_))); }
    T &operator*() & noexcept PWSEAL_LIFETIMEBOUND { return value(); }
    const T &operator*() const & noexcept PWSEAL_LIFETIMEBOUND { return value(); }
    T &&operator*() && noexcept PWSEAL_LIFETIMEBOUND { return std::move(*this).value(); }
    T *operator->() noexcept PWSEAL_LIFETIMEBOUND { return &value(); }
    const T *operator->() const noexcept PWSEAL_LIFETIMEBOUND { return &value(); }
    const Error &error() const noexcept PWSEAL_LIFETIMEBOUND { return *there(std::get_if<1>(&outcome_)); }

private:
    template <typename Pointer>
    static Pointer there(Pointer pointer) noexcept
    {
        if (pointer == nullptr) {
            std::abort();
        }
        return pointer;
    }

    std::variant<T, Error> outcome_;
};

template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : error_(std::move(error)) {}

    bool has_value() const noexcept { return !error_; }
    explicit operator bool() const noexcept { return has_value(); }
    const Error &error() const noexcept PWSEAL_LIFETIMEBOUND
    {
        if (!error_) {
            std::abort();
        }
        return *error_;
    }

private:
    std::optional<Error> error_;
};

#if defined(PWSEAL_NO_EXCEPTIONS)
template <typename T>
using Outcome = Result<T>;
#else
template <typename T>
using Outcome = T;
#endif

/*
 * Bytes of the caller's: from anything with data() and size() whose elements are bytes, such as
 * std::string_view, std::vector<std::uint8_t> or pwseal::Password. Not from `const char *`: the length of a secret is
 * told, and not searched for.
 */
class Bytes {
public:
    Bytes(const void *data, std::size_t size) noexcept : bytes_{data, size} {}

    template <typename Container,
              typename = std::enable_if_t<sizeof(*std::declval<const Container &>().data()) == 1>>
    Bytes(const Container &container PWSEAL_LIFETIMEBOUND) noexcept : Bytes(container.data(), container.size())
    {}

    const void *data() const noexcept { return bytes_.data; }
    std::size_t size() const noexcept { return bytes_.len; }
    const pwseal_bytes &raw() const noexcept PWSEAL_LIFETIMEBOUND { return bytes_; }

private:
    pwseal_bytes bytes_;
};

/* Memory of the caller's for a secret: it is wiped when it is freed. */
class Secret {
public:
    explicit Secret(std::size_t size) : bytes_(new char[size]()), allocated_(size), size_(size) {}
    Secret(Secret &&other) noexcept
        : bytes_(std::move(other.bytes_)), allocated_(std::exchange(other.allocated_, 0)),
          size_(std::exchange(other.size_, 0)) {}
    Secret &operator=(Secret &&other) noexcept
    {
        Secret taken(std::move(other)); /* in the end what was here, to be wiped at once */
        std::swap(bytes_, taken.bytes_);
        std::swap(allocated_, taken.allocated_);
        std::swap(size_, taken.size_);
        return *this;
    }
    ~Secret() { pwseal_wipe(bytes_.get(), allocated_); }

    char *data() noexcept PWSEAL_LIFETIMEBOUND { return bytes_.get(); }
    const char *data() const noexcept PWSEAL_LIFETIMEBOUND { return bytes_.get(); }
    std::size_t size() const noexcept { return size_; }
    std::string_view view() const noexcept PWSEAL_LIFETIMEBOUND { return {bytes_.get(), size_}; }

    /* Shows fewer bytes than before; all are wiped. */
    void truncate(std::size_t size) noexcept { size_ = size < size_ ? size : size_; }

private:
    std::unique_ptr<char[]> bytes_;
    std::size_t allocated_;
    std::size_t size_;
};

namespace detail {

/* The last failure on this thread, as what a function returns, or as an exception. */
#if defined(PWSEAL_NO_EXCEPTIONS)
template <typename T>
Outcome<T> failure(pwseal_status status)
{
    return Error(status);
}
#else
template <typename T>
[[noreturn]] Outcome<T> failure(pwseal_status status)
{
    throw Error(status);
}
#endif

/* A value, if the status says that it is one. */
template <typename T>
Outcome<T> outcome(pwseal_status status, T value)
{
    if (status != PWSEAL_STATUS_OK) {
        return failure<T>(status);
    }
    return value;
}

inline Outcome<void> outcome(pwseal_status status)
{
    if (status != PWSEAL_STATUS_OK) {
        return failure<void>(status);
    }
    return Outcome<void>();
}

/* What a function of pwseal.h with `out` and `out_len` writes, which asks for the room first. */
template <typename Buffer, typename Write>
pwseal_status write(Buffer &buffer, Write write)
{
    using Pointer = decltype(buffer.data());
    std::size_t len = 0;
    pwseal_status status = write(Pointer(nullptr), &len);
    while (status == PWSEAL_STATUS_BUFFER_TOO_SMALL) {
        buffer = Buffer(len, 0);
        status = write(buffer.data(), &len);
    }
    if (status == PWSEAL_STATUS_OK) {
        buffer.resize(len); /* a text without the NUL */
    }
    return status;
}

template <typename Buffer, typename Write>
Outcome<Buffer> written(Write write)
{
    Buffer buffer;
    const pwseal_status status = detail::write(buffer, write);
    return outcome(status, std::move(buffer));
}

inline std::string_view view(const pwseal_text &text) noexcept { return {text.data, text.len}; }

/* A text that a function of pwseal.h lends. */
template <typename Lend>
Outcome<std::string_view> lent(Lend lend)
{
    pwseal_text text;
    const pwseal_status status = lend(&text);
    return outcome(status, view(text));
}

/* One that may be absent. */
template <typename Lend>
pwseal_status lend_optional(std::optional<std::string_view> &out, Lend lend)
{
    pwseal_text text;
    const pwseal_status status = lend(&text);
    if (status == PWSEAL_STATUS_OK) {
        out = view(text);
    }
    return status == PWSEAL_STATUS_MISSING_FIELD ? PWSEAL_STATUS_OK : status;
}

template <typename Lend>
Outcome<std::optional<std::string_view>> optional(Lend lend)
{
    std::optional<std::string_view> text;
    const pwseal_status status = lend_optional(text, lend);
    return outcome(status, text);
}

/* Several. */
template <typename Lend>
Outcome<std::vector<std::string_view>> all(std::size_t count, Lend lend)
{
    std::vector<std::string_view> texts;
    for (std::size_t index = 0; index < count; index++) {
        pwseal_text text;
        const pwseal_status status = lend(index, &text);
        if (status != PWSEAL_STATUS_OK) {
            return failure<std::vector<std::string_view>>(status);
        }
        texts.push_back(view(text));
    }
    return texts;
}

/* A handle of pwseal.h, which is freed with this. */
template <typename Type, void (*Free)(Type *)>
class Handle {
public:
    using Raw = Type;

    /* Takes a handle that was made by pwseal.h. */
    explicit Handle(Raw *raw) noexcept : raw_(raw) {}

    Raw *raw() const noexcept PWSEAL_LIFETIMEBOUND { return raw_.get(); }

private:
    struct Deleter {
        void operator()(Raw *raw) const noexcept { Free(raw); }
    };
    std::unique_ptr<Raw, Deleter> raw_;
};

/* An object of what a function of pwseal.h puts into `*out`. */
template <typename Object, typename Make>
Outcome<Object> made(Make make)
{
    typename Object::Raw *raw = nullptr;
    const pwseal_status status = make(&raw);
    return outcome(status, Object(raw));
}

inline const char *data(const std::optional<std::string_view> &text) noexcept
{
    /* An empty text is one, and NULL is none. */
    return !text ? nullptr : text->data() != nullptr ? text->data() : "";
}

inline std::size_t size(const std::optional<std::string_view> &text) noexcept
{
    return text ? text->size() : 0;
}

/*
 * Copies of what a range gives, one after the other in memory that is wiped. A range may
 * make each element on the way, where the next one overwrites it. What no memory holds is left to pwseal.h to refuse.
 */
class Copies {
public:
    void add(Bytes bytes)
    {
        const bool refused = bytes.size() > PTRDIFF_MAX || (bytes.data() == nullptr && bytes.size() > 0);
        elements_.push_back({refused ? bytes.data() : nullptr, bytes.size(), refused});
        if (refused) {
            return;
        }
        if (bytes.size() > memory_.size() - used_) {
            Secret larger((std::max)(2 * memory_.size(), used_ + bytes.size()));
            std::copy_n(memory_.data(), used_, larger.data());
            memory_ = std::move(larger); /* what was here is wiped */
        }
        std::copy_n(static_cast<const char *>(bytes.data()), bytes.size(), memory_.data() + used_);
        used_ += bytes.size();
    }

    /* All, as pwseal_bytes or pwseal_text. They look at this object. */
    template <typename Raw>
    std::vector<Raw> as() const PWSEAL_LIFETIMEBOUND
    {
        std::vector<Raw> raw;
        const char *start = memory_.data();
        for (const auto &element : elements_) {
            const void *const data = element.refused ? element.data : start;
            raw.push_back({static_cast<decltype(Raw::data)>(data), element.size});
            start += element.refused ? 0 : element.size;
        }
        return raw;
    }

private:
    struct Element {
        const void *data;
        std::size_t size;
        bool refused;
    };

    Secret memory_{0};
    std::size_t used_ = 0;
    std::vector<Element> elements_;
};

template <typename View, typename Range>
Copies copies(Range &range)
{
    Copies copies;
    for (const auto &element : range) {
        const View view = element;
        copies.add(view);
    }
    return copies;
}

} // namespace detail

/* The version of the library that was loaded; PWSEAL_VERSION is the header's. */
inline std::string_view version() noexcept { return pwseal_version(); }

/* What a status means, in English. */
inline std::string_view message(pwseal_status status) noexcept { return pwseal_status_message(status); }

inline Outcome<void> prefer_backend_from_env() { return detail::outcome(pwseal_prefer_backend_from_env()); }

/* pwseal_password: a password in memory that is wiped. Functions that take one as Bytes take this. */
class Password : public detail::Handle<pwseal_password, pwseal_password_free> {
public:
    using Handle::Handle;

    [[nodiscard]] static Outcome<Password> from_utf16(std::u16string_view units)
    {
        return of_units(units.data(), units.size());
    }

    /* As Windows has it: wchar_t is wider elsewhere, and no UTF-16. */
    template <typename Wide, typename = std::enable_if_t<std::is_same_v<Wide, std::wstring_view> && sizeof(wchar_t) == 2>>
    [[nodiscard]] static Outcome<Password> from_utf16(Wide units)
    {
        return of_units(units.data(), units.size());
    }

    /* In UTF-8, with a NUL after it; empty once it was moved from. */
    std::string_view view() const noexcept PWSEAL_LIFETIMEBOUND
    {
        pwseal_text text;
        const pwseal_status status = pwseal_password_text(raw(), &text);
        return status == PWSEAL_STATUS_OK ? detail::view(text) : std::string_view();
    }
    const char *data() const noexcept PWSEAL_LIFETIMEBOUND { return view().data(); }
    std::size_t size() const noexcept { return view().size(); }

private:
    static Outcome<Password> of_units(const void *units, std::size_t size)
    {
        return detail::made<Password>([&](auto out) {
            return pwseal_password_from_utf16(static_cast<const std::uint16_t *>(units), size, out);
        });
    }
};

/* pwseal_key */
class Key : public detail::Handle<pwseal_key, pwseal_key_free> {
public:
    using Handle::Handle;

    [[nodiscard]] static Outcome<Key> parse(Bytes bytes)
    {
        return detail::made<Key>([&](auto out) { return pwseal_key_parse(bytes.data(), bytes.size(), out); });
    }

    [[nodiscard]] static Outcome<Key> from_components(Bytes n, Bytes e)
    {
        return detail::made<Key>([&](auto out) {
            return pwseal_key_from_components(n.data(), n.size(), e.data(), e.size(), out);
        });
    }

    std::size_t bits() const noexcept { return pwseal_key_bits(raw()); }
    std::size_t size() const noexcept { return pwseal_key_size(raw()); }
    std::size_t max_password_len() const noexcept { return pwseal_key_max_password_len(raw()); }

    [[nodiscard]] Outcome<std::string> backend() const
    {
        return detail::written<std::string>([&](auto... out) { return pwseal_key_backend(raw(), out...); });
    }

    [[nodiscard]] Outcome<std::string> fingerprint() const
    {
        return detail::written<std::string>([&](auto... out) { return pwseal_key_fingerprint(raw(), out...); });
    }

    [[nodiscard]] Outcome<std::vector<std::uint8_t>> encrypt(Bytes password) const
    {
        return detail::written<std::vector<std::uint8_t>>([&](auto... out) {
            return pwseal_key_encrypt(raw(), password.data(), password.size(), out...);
        });
    }

    [[nodiscard]] Outcome<std::string> encrypt_base64(Bytes password) const
    {
        return detail::written<std::string>([&](auto... out) {
            return pwseal_key_encrypt_base64(raw(), password.data(), password.size(), out...);
        });
    }

    /*
     * Of a range of what Bytes can be made of: size() bytes for each, one after the other. The range is
     * gone through once, and each password copied before the next is asked for. The copies are wiped.
     */
    template <typename Range>
    [[nodiscard]] Outcome<std::vector<std::uint8_t>> encrypt_many(Range &&passwords) const
    {
        const detail::Copies copies = detail::copies<Bytes>(passwords);
        const auto bytes = copies.as<pwseal_bytes>();
        return detail::written<std::vector<std::uint8_t>>([&](auto... out) {
            return pwseal_key_encrypt_many(raw(), bytes.data(), bytes.size(), out...);
        });
    }

    template <typename Range>
    [[nodiscard]] Outcome<std::vector<std::string>> encrypt_many_base64(Range &&passwords) const
    {
        const detail::Copies copies = detail::copies<Bytes>(passwords);
        const auto bytes = copies.as<pwseal_bytes>();
        std::vector<char> all;
        const pwseal_status status = detail::write(all, [&](auto... out) {
            return pwseal_key_encrypt_many_base64(raw(), bytes.data(), bytes.size(), out...);
        });
        std::vector<std::string> texts;
        for (std::size_t start = 0; start < all.size(); start += texts.back().size() + 1) {
            texts.emplace_back(all.data() + start);
        }
        return detail::outcome(status, std::move(texts));
    }
};

/* pwseal_dictionary */
class Dictionary : public detail::Handle<pwseal_dictionary, pwseal_dictionary_free> {
public:
    using Handle::Handle;

    [[nodiscard]] static Outcome<Dictionary> parse(Bytes file)
    {
        return detail::made<Dictionary>([&](auto out) { return pwseal_dictionary_parse(file.data(), file.size(), out); });
    }
};

/* pwseal_context */
class Context : public detail::Handle<pwseal_context, pwseal_context_free> {
public:
    using Handle::Handle;

    [[nodiscard]] static Outcome<Context> create()
    {
        return detail::made<Context>([](auto out) { return pwseal_context_new(out); });
    }

    Outcome<void> set_account_id(std::string_view id)
    {
        return detail::outcome(pwseal_context_set_account_id(raw(), id.data(), id.size()));
    }

    Outcome<void> add_account_name(std::string_view name)
    {
        return detail::outcome(pwseal_context_add_account_name(raw(), name.data(), name.size()));
    }

    Outcome<void> add_account_attribute(std::string_view name, std::string_view value)
    {
        return detail::outcome(
            pwseal_context_add_account_attribute(raw(), name.data(), name.size(), value.data(), value.size()));
    }

    Outcome<void> add_identity_attribute(std::string_view name, std::string_view value)
    {
        return detail::outcome(
            pwseal_context_add_identity_attribute(raw(), name.data(), name.size(), value.data(), value.size()));
    }

    Outcome<void> set_dictionary(const Dictionary &dictionary)
    {
        return detail::outcome(pwseal_context_set_dictionary(raw(), dictionary.raw()));
    }
};

/* Something about a password that is no error, and that its owner may not have meant. */
struct Warning {
    pwseal_password_warning kind;
    std::string message;
};

namespace detail {

template <typename Count, typename Kind, typename Message, typename Raw>
Outcome<std::vector<Warning>> warnings(Count count, Kind kind, Message message, const Raw *raw)
{
    std::vector<Warning> warnings;
    for (std::size_t index = 0; index < count(raw); index++) {
        Warning warning{};
        pwseal_status status = kind(raw, index, &warning.kind);
        if (status == PWSEAL_STATUS_OK) {
            status = write(warning.message, [&](auto... out) { return message(raw, index, out...); });
        }
        if (status != PWSEAL_STATUS_OK) {
            return failure<std::vector<Warning>>(status);
        }
        warnings.push_back(std::move(warning));
    }
    return warnings;
}

} // namespace detail

/* What a check found about one rule. */
struct Finding {
    pwseal_outcome outcome;
    pwseal_reason reason;
    std::optional<std::int64_t> found;
    std::optional<std::int64_t> wanted;
    std::string rule;           /* word for word as it came */
    std::string rule_printable; /* for a terminal or a log */
    std::string message;
};

/* pwseal_report */
class Report : public detail::Handle<pwseal_report, pwseal_report_free> {
public:
    using Handle::Handle;

    bool has_violation() const noexcept { return pwseal_report_has_violation(raw()); }
    bool all_passed() const noexcept { return pwseal_report_all_passed(raw()); }
    std::size_t size() const noexcept { return pwseal_report_finding_count(raw()); }

    [[nodiscard]] Outcome<Finding> finding(std::size_t index) const
    {
        Finding finding{};
        const pwseal_status status = read(index, finding);
        return detail::outcome(status, std::move(finding));
    }

    [[nodiscard]] Outcome<std::vector<Finding>> findings() const
    {
        std::vector<Finding> findings;
        for (std::size_t index = 0; index < size(); index++) {
            Finding finding{};
            const pwseal_status status = read(index, finding);
            if (status != PWSEAL_STATUS_OK) {
                return detail::failure<std::vector<Finding>>(status);
            }
            findings.push_back(std::move(finding));
        }
        return findings;
    }

    [[nodiscard]] Outcome<std::vector<Warning>> warnings() const
    {
        return detail::warnings(pwseal_report_warning_count, pwseal_report_warning_kind, pwseal_report_warning, raw());
    }

private:
    pwseal_status read(std::size_t index, Finding &finding) const
    {
        const auto unless_negative = [](std::int64_t number) {
            return number < 0 ? std::nullopt : std::optional(number);
        };
        pwseal_finding found;
        pwseal_status status = pwseal_report_finding(raw(), index, &found);
        if (status != PWSEAL_STATUS_OK) {
            return status;
        }
        finding.outcome = found.outcome;
        finding.reason = found.reason;
        finding.found = unless_negative(found.found);
        finding.wanted = unless_negative(found.wanted);
        status = detail::write(finding.rule, [&](auto... out) { return pwseal_report_rule(raw(), index, out...); });
        if (status == PWSEAL_STATUS_OK) {
            status = detail::write(finding.rule_printable,
                                   [&](auto... out) { return pwseal_report_rule_printable(raw(), index, out...); });
        }
        if (status == PWSEAL_STATUS_OK) {
            status = detail::write(finding.message,
                                   [&](auto... out) { return pwseal_report_message(raw(), index, out...); });
        }
        return status;
    }
};

/* pwseal_policy */
class Policy : public detail::Handle<pwseal_policy, pwseal_policy_free> {
public:
    using Handle::Handle;

    /* Of a range of what std::string_view can be made of, gone through as Key::encrypt_many does. */
    template <typename Range>
    [[nodiscard]] static Outcome<Policy> from_strings(Range &&strings)
    {
        const detail::Copies copies = detail::copies<std::string_view>(strings);
        const auto texts = copies.as<pwseal_text>();
        return detail::made<Policy>(
            [&](auto out) { return pwseal_policy_from_strings(texts.data(), texts.size(), out); });
    }

    /* As from_strings, of what somebody wrote: what is not understood is a failure. */
    template <typename Range>
    [[nodiscard]] static Outcome<Policy> parse(Range &&strings)
    {
        const detail::Copies copies = detail::copies<std::string_view>(strings);
        const auto texts = copies.as<pwseal_text>();
        return detail::made<Policy>([&](auto out) { return pwseal_policy_parse(texts.data(), texts.size(), out); });
    }

    std::size_t size() const noexcept { return pwseal_policy_rule_count(raw()); }

    [[nodiscard]] Outcome<std::string> rule(std::size_t index) const
    {
        return detail::written<std::string>([&](auto... out) { return pwseal_policy_rule(raw(), index, out...); });
    }

    [[nodiscard]] Outcome<std::string> rule_printable(std::size_t index) const
    {
        return detail::written<std::string>(
            [&](auto... out) { return pwseal_policy_rule_printable(raw(), index, out...); });
    }

    /* `context` may be none. */
    [[nodiscard]] Outcome<Report> check(Bytes password, const Context *context = nullptr) const
    {
        return detail::made<Report>([&](auto out) {
            return pwseal_policy_check(raw(), context ? context->raw() : nullptr, password.data(), password.size(), out);
        });
    }

    /* The shortest and the longest length that generate() takes. */
    [[nodiscard]] Outcome<std::pair<std::size_t, std::size_t>> length_range() const
    {
        std::pair<std::size_t, std::size_t> range;
        const pwseal_status status = pwseal_policy_length_range(raw(), &range.first, &range.second);
        return detail::outcome(status, range);
    }

    /* Without the characters in `exclude`. `context` may be none. */
    [[nodiscard]] Outcome<Password> generate(std::size_t length, std::string_view exclude = {}, bool no_look_alikes = false,
                                             const Context *context = nullptr) const
    {
        return detail::made<Password>([&](auto out) {
            return pwseal_policy_generate(raw(), context ? context->raw() : nullptr, length, exclude.data(),
                                          exclude.size(), no_look_alikes, out);
        });
    }
};

/* An account of a password-info, which lends the texts. */
struct Account {
    std::optional<std::string_view> id;
    std::optional<std::string_view> name;
};

/* pwseal_password_info */
class PasswordInfo : public detail::Handle<pwseal_password_info, pwseal_password_info_free> {
public:
    using Handle::Handle;

    [[nodiscard]] static Outcome<PasswordInfo> parse(Bytes json)
    {
        return detail::made<PasswordInfo>(
            [&](auto out) { return pwseal_password_info_parse(json.data(), json.size(), out); });
    }

    [[nodiscard]] Outcome<Key> key() const
    {
        return detail::made<Key>([&](auto out) { return pwseal_password_info_key(raw(), out); });
    }

    [[nodiscard]] Outcome<Policy> policy() const
    {
        return detail::made<Policy>([&](auto out) { return pwseal_password_info_policy(raw(), out); });
    }

    [[nodiscard]] Outcome<std::optional<std::string_view>> identity_id() const PWSEAL_LIFETIMEBOUND
    {
        return detail::optional([&](auto out) { return pwseal_password_info_identity_id(raw(), out); });
    }

    [[nodiscard]] Outcome<std::optional<std::string_view>> source_id() const PWSEAL_LIFETIMEBOUND
    {
        return detail::optional([&](auto out) { return pwseal_password_info_source_id(raw(), out); });
    }

    [[nodiscard]] Outcome<std::optional<std::string_view>> public_key_id() const PWSEAL_LIFETIMEBOUND
    {
        return detail::optional([&](auto out) { return pwseal_password_info_public_key_id(raw(), out); });
    }

    [[nodiscard]] Outcome<std::vector<Account>> accounts() const PWSEAL_LIFETIMEBOUND
    {
        std::vector<Account> accounts;
        for (std::size_t index = 0; index < pwseal_password_info_account_count(raw()); index++) {
            Account account;
            pwseal_status status = detail::lend_optional(
                account.id, [&](auto out) { return pwseal_password_info_account_id(raw(), index, out); });
            if (status == PWSEAL_STATUS_OK) {
                status = detail::lend_optional(
                    account.name, [&](auto out) { return pwseal_password_info_account_name(raw(), index, out); });
            }
            if (status != PWSEAL_STATUS_OK) {
                return detail::failure<std::vector<Account>>(status);
            }
            accounts.push_back(account);
        }
        return accounts;
    }

    /* `account` is an id or a name; none is for the only one. `context` may be none. */
    [[nodiscard]] Outcome<Report> check(std::optional<std::string_view> account, Bytes password,
                                        const Context *context = nullptr) const
    {
        return detail::made<Report>([&](auto out) {
            return pwseal_password_info_check(raw(), detail::data(account), detail::size(account),
                                              context ? context->raw() : nullptr, password.data(), password.size(), out);
        });
    }

    /* Of 16 characters, or what the policies allow next to that, unless a length is given. */
    [[nodiscard]] Outcome<Password> generate(std::optional<std::string_view> account, std::size_t length = 0,
                                             std::string_view exclude = {}, bool no_look_alikes = false,
                                             const Context *context = nullptr) const
    {
        return detail::made<Password>([&](auto out) {
            return pwseal_password_info_generate(raw(), detail::data(account), detail::size(account),
                                                 context ? context->raw() : nullptr, length, exclude.data(),
                                                 exclude.size(), no_look_alikes, out);
        });
    }
};

/* pwseal_change_request */
class ChangeRequest : public detail::Handle<pwseal_change_request, pwseal_change_request_free> {
public:
    using Handle::Handle;

    /*
     * `account` is an id or a name; none is for the only one. `options` is 0, PWSEAL_DESPITE_POLICY, PWSEAL_RAW or
     * both. `context` may be none.
     */
    [[nodiscard]] static Outcome<ChangeRequest> create(const PasswordInfo &info, std::optional<std::string_view> account,
                                                       Bytes password, std::uint32_t options = 0,
                                                       const Context *context = nullptr)
    {
        return detail::made<ChangeRequest>([&](auto out) {
            return pwseal_change_request_new(info.raw(), detail::data(account), detail::size(account),
                                             context ? context->raw() : nullptr, password.data(), password.size(),
                                             options, out);
        });
    }

    /* A body that was made before. */
    [[nodiscard]] static Outcome<ChangeRequest> parse(Bytes json)
    {
        return detail::made<ChangeRequest>(
            [&](auto out) { return pwseal_change_request_parse(json.data(), json.size(), out); });
    }

    [[nodiscard]] Outcome<std::string_view> body() const PWSEAL_LIFETIMEBOUND
    {
        return detail::lent([&](auto out) { return pwseal_change_request_body(raw(), out); });
    }

    /* What may not be as it was meant in the password. */
    [[nodiscard]] Outcome<std::vector<Warning>> warnings() const
    {
        return detail::warnings(pwseal_change_request_warning_count, pwseal_change_request_warning_kind,
                                pwseal_change_request_warning, raw());
    }
};

/* The names and values of a request's headers, as a range of pairs. The request lends them. */
class Headers {
public:
    using value_type = std::pair<std::string_view, std::string_view>;

    class iterator {
    public:
        using iterator_category = std::input_iterator_tag;
        using value_type = Headers::value_type;
        using difference_type = std::ptrdiff_t;
        using pointer = const value_type *;
        using reference = value_type;

        iterator() = default;
        explicit iterator(const pwseal_header *header) noexcept : header_(header) {}

        value_type operator*() const noexcept { return {detail::view(header_->name), detail::view(header_->value)}; }
        iterator &operator++() noexcept
        {
            ++header_;
            return *this;
        }
        iterator operator++(int) noexcept { return iterator(header_++); }
        bool operator==(const iterator &other) const noexcept { return header_ == other.header_; }
        bool operator!=(const iterator &other) const noexcept { return header_ != other.header_; }

    private:
        const pwseal_header *header_ = nullptr;
    };

    Headers(const pwseal_header *headers, std::size_t size) noexcept : headers_(headers), size_(size) {}

    std::size_t size() const noexcept { return size_; }
    value_type operator[](std::size_t index) const noexcept { return *iterator(headers_ + index); }
    iterator begin() const noexcept { return iterator(headers_); }
    iterator end() const noexcept { return iterator(headers_ + size_); }

private:
    const pwseal_header *headers_;
    std::size_t size_;
};

/* pwseal_request, which lends all that it is made of; nothing once it was moved from. */
class Request : public detail::Handle<pwseal_request, pwseal_request_free> {
public:
    using Handle::Handle;

    std::string_view method() const noexcept PWSEAL_LIFETIMEBOUND { return detail::view(http().method); }
    std::string_view url() const noexcept PWSEAL_LIFETIMEBOUND { return detail::view(http().url); }
    Headers headers() const noexcept PWSEAL_LIFETIMEBOUND { return {http().headers, http().headers_len}; }
    std::string_view body() const noexcept PWSEAL_LIFETIMEBOUND { return detail::view(http().body); }

private:
    const pwseal_http_request &http() const noexcept
    {
        static constexpr pwseal_http_request nothing{};
        const pwseal_http_request *const http = pwseal_request_http(raw());
        return http ? *http : nothing;
    }
};

/* pwseal_api */
class Api : public detail::Handle<pwseal_api, pwseal_api_free> {
public:
    using Handle::Handle;

    [[nodiscard]] static Outcome<Api> create(pwseal_api_version version, std::string_view tenant)
    {
        return detail::made<Api>([&](auto out) { return pwseal_api_new(version, tenant.data(), tenant.size(), out); });
    }

    [[nodiscard]] static Outcome<Api> at(pwseal_api_version version, std::string_view base_url)
    {
        return detail::made<Api>(
            [&](auto out) { return pwseal_api_at(version, base_url.data(), base_url.size(), out); });
    }

    [[nodiscard]] Outcome<Request> query_password_info(std::string_view user_name, std::string_view source_name) const
    {
        return detail::made<Request>([&](auto out) {
            return pwseal_api_query_password_info(raw(), user_name.data(), user_name.size(), source_name.data(),
                                                  source_name.size(), out);
        });
    }

    [[nodiscard]] Outcome<Request> set_password(const ChangeRequest &change) const
    {
        return detail::made<Request>([&](auto out) { return pwseal_api_set_password(raw(), change.raw(), out); });
    }

    [[nodiscard]] Outcome<Request> password_change_status(std::string_view request_id) const
    {
        return detail::made<Request>([&](auto out) {
            return pwseal_api_password_change_status(raw(), request_id.data(), request_id.size(), out);
        });
    }

    /* 0 leaves a number to the server. */
    [[nodiscard]] Outcome<Request> generate_digit_token(std::string_view user_id, std::uint32_t length = 0,
                                                        std::uint32_t duration_minutes = 0) const
    {
        return detail::made<Request>([&](auto out) {
            return pwseal_api_generate_digit_token(raw(), user_id.data(), user_id.size(), length, duration_minutes, out);
        });
    }
};

/* pwseal_answer. What it was not asked for, and what is not there, is a failure. */
class Answer : public detail::Handle<pwseal_answer, pwseal_answer_free> {
public:
    using Handle::Handle;

    /*
     * `headers` is a range of pairs of what std::string_view can be made of, gone through as
     * Key::encrypt_many does.
     */
    template <typename Range = std::vector<std::pair<std::string, std::string>>>
    [[nodiscard]] static Outcome<Answer> read(pwseal_operation operation, int http_status, Range &&headers, Bytes body)
    {
        detail::Copies copies;
        for (const auto &[name, value] : headers) {
            const std::string_view name_view = name, value_view = value;
            copies.add(name_view);
            copies.add(value_view);
        }
        const auto texts = copies.as<pwseal_text>();
        std::vector<pwseal_header> raw;
        for (std::size_t index = 0; index < texts.size(); index += 2) {
            raw.push_back({texts[index], texts[index + 1]});
        }
        return detail::made<Answer>([&](auto out) {
            return pwseal_answer_read(operation, http_status, raw.data(), raw.size(), body.data(), body.size(), out);
        });
    }

    /* PWSEAL_STATUS_OK for a success. Else an error says why there is no message. */
    [[nodiscard]] pwseal_status outcome() const noexcept { return pwseal_answer_outcome(raw()); }
    bool retryable() const noexcept { return pwseal_answer_retryable(raw()); }

    std::optional<std::chrono::seconds> retry_after() const noexcept
    {
        const auto seconds = pwseal_answer_retry_after(raw());
        return seconds < 0 ? std::nullopt : std::optional(std::chrono::seconds(seconds));
    }

    [[nodiscard]] Outcome<std::string_view> detail_code() const PWSEAL_LIFETIMEBOUND
    {
        return detail::lent([&](auto out) { return pwseal_answer_detail_code(raw(), out); });
    }

    [[nodiscard]] Outcome<std::string_view> tracking_id() const PWSEAL_LIFETIMEBOUND
    {
        return detail::lent([&](auto out) { return pwseal_answer_tracking_id(raw(), out); });
    }

    [[nodiscard]] Outcome<std::string_view> refusal(std::string_view locale) const PWSEAL_LIFETIMEBOUND
    {
        return detail::lent(
            [&](auto out) { return pwseal_answer_refusal(raw(), locale.data(), locale.size(), out); });
    }

    [[nodiscard]] Outcome<PasswordInfo> password_info() const
    {
        return detail::made<PasswordInfo>([&](auto out) { return pwseal_answer_password_info(raw(), out); });
    }

    [[nodiscard]] Outcome<std::string_view> request_id() const PWSEAL_LIFETIMEBOUND
    {
        return detail::lent([&](auto out) { return pwseal_answer_request_id(raw(), out); });
    }

    [[nodiscard]] Outcome<pwseal_state> state() const
    {
        pwseal_state state = PWSEAL_STATE_OTHER;
        const pwseal_status status = pwseal_answer_state(raw(), &state);
        return detail::outcome(status, state);
    }

    [[nodiscard]] Outcome<std::string_view> state_name() const PWSEAL_LIFETIMEBOUND
    {
        return detail::lent([&](auto out) { return pwseal_answer_state_name(raw(), out); });
    }

    [[nodiscard]] Outcome<std::vector<std::string_view>> errors() const PWSEAL_LIFETIMEBOUND
    {
        return detail::all(pwseal_answer_error_count(raw()),
                           [&](auto... out) { return pwseal_answer_error(raw(), out...); });
    }

    [[nodiscard]] Outcome<std::vector<std::string_view>> source_ids() const PWSEAL_LIFETIMEBOUND
    {
        return detail::all(pwseal_answer_source_id_count(raw()),
                           [&](auto... out) { return pwseal_answer_source_id(raw(), out...); });
    }

    /* A copy of it is the caller's to wipe. */
    [[nodiscard]] Outcome<std::string_view> digit_token() const PWSEAL_LIFETIMEBOUND
    {
        return detail::lent([&](auto out) { return pwseal_answer_digit_token(raw(), out); });
    }
};

/* How often to ask for the status of a change. */
class Poll {
public:
    struct Next {
        pwseal_next what;
        std::chrono::milliseconds after;
    };

    /* 0 stands for what is usual. A patience below 0 is used up at once. */
    explicit Poll(std::uint32_t changes = 0, std::chrono::milliseconds patience = {})
        : poll_{changes, patience.count() < 0 ? 1 : number(patience)} {}

    std::chrono::milliseconds delay(std::chrono::milliseconds elapsed) const noexcept
    {
        return std::chrono::milliseconds(pwseal_poll_delay(&poll_, number(elapsed)));
    }

    [[nodiscard]] Outcome<Next> next(const Answer &answer, std::chrono::milliseconds elapsed) const
    {
        pwseal_next what = PWSEAL_NEXT_ASK_AGAIN;
        std::uint64_t after_ms = 0;
        const pwseal_status status = pwseal_poll_next(&poll_, answer.raw(), number(elapsed), &what, &after_ms);
        return detail::outcome(status, Next{what, std::chrono::milliseconds(after_ms)});
    }

private:
    /* A time below 0 would become a huge number. */
    static std::uint64_t number(std::chrono::milliseconds time) noexcept
    {
        return time.count() < 0 ? 0 : static_cast<std::uint64_t>(time.count());
    }

    pwseal_poll poll_;
};

} // inline namespace

} // namespace pwseal

#endif
