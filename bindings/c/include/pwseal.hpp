/*
 * pwseal for C++17: pwseal.h with destructors, views and exceptions.
 *
 * Every object owns one handle of pwseal.h, whose comments say what the functions do; it can be
 * moved and not copied. Inputs are views, which nothing keeps, or ranges, which are gone through once.
 * Failures throw pwseal::Error. Secrets that come back are pwseal::Secret, which wipes itself. What holds
 * of threads there holds here: use one const object from many.
 */
#ifndef PWSEAL_HPP
#define PWSEAL_HPP

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "pwseal.h"

namespace pwseal {

/* A failure: the status, and the detailed message as what(). */
class Error : public std::runtime_error {
public:
    Error(pwseal_status status, const char *message) : std::runtime_error(message), status_(status) {}

    pwseal_status status() const noexcept { return status_; }

private:
    pwseal_status status_;
};

/*
 * Bytes of the caller's: from anything with data() and size() whose elements are bytes, such as
 * std::string_view or std::vector<std::uint8_t>. Not from `const char *`: the length of a secret is
 * told, and not searched for.
 */
class Bytes {
public:
    Bytes(const void *data, std::size_t size) noexcept
        : bytes_{static_cast<const std::uint8_t *>(data), size} {}

    template <typename Container,
              typename = std::enable_if_t<sizeof(*std::declval<const Container &>().data()) == 1>>
    Bytes(const Container &container) noexcept : Bytes(container.data(), container.size()) {}

    const std::uint8_t *data() const noexcept { return bytes_.data; }
    std::size_t size() const noexcept { return bytes_.len; }
    const pwseal_bytes &raw() const noexcept { return bytes_; }

private:
    pwseal_bytes bytes_;
};

/* A secret in memory that is wiped when it is freed. */
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

    char *data() noexcept { return bytes_.get(); }
    const char *data() const noexcept { return bytes_.get(); }
    std::size_t size() const noexcept { return size_; }
    std::string_view view() const noexcept { return {bytes_.get(), size_}; }

    /* Shows fewer bytes than before; all are wiped. */
    void truncate(std::size_t size) noexcept { size_ = size < size_ ? size : size_; }

private:
    std::unique_ptr<char[]> bytes_;
    std::size_t allocated_;
    std::size_t size_;
};

namespace detail {

inline void check(pwseal_status status)
{
    if (status != PWSEAL_STATUS_OK) {
        throw Error(status, pwseal_last_error());
    }
}

/* What a function of pwseal.h with `out` and `out_len` writes, which asks for the room first. */
template <typename Buffer, typename Write>
Buffer output(Write write)
{
    using Pointer = decltype(std::declval<Buffer &>().data());
    std::size_t len = 0;
    pwseal_status status = write(Pointer(nullptr), &len);
    while (status == PWSEAL_STATUS_BUFFER_TOO_SMALL) {
        Buffer buffer(len);
        status = write(buffer.data(), &len);
        if (status == PWSEAL_STATUS_OK) {
            return buffer;
        }
    }
    check(status);
    return Buffer(0);
}

template <typename Write>
std::string text(Write write)
{
    const auto text = output<std::vector<char>>(write);
    return std::string(text.data(), text.size() - 1); /* without the NUL */
}

template <typename Write>
Secret secret_text(Write write)
{
    auto text = output<Secret>(write);
    text.truncate(text.size() - 1); /* without the NUL */
    return text;
}

template <typename Raw, void (*Free)(Raw *)>
class Handle {
public:
    Raw *raw() const noexcept { return raw_.get(); }

protected:
    template <typename Make>
    explicit Handle(Make make)
    {
        Raw *raw = nullptr;
        check(make(&raw));
        raw_.reset(raw);
    }

private:
    struct Deleter {
        void operator()(Raw *raw) const noexcept { Free(raw); }
    };
    std::unique_ptr<Raw, Deleter> raw_;
};

inline const char *data(const std::optional<std::string_view> &text)
{
    /* An empty text is one, and NULL is none. */
    return !text ? nullptr : text->data() != nullptr ? text->data() : "";
}

inline std::size_t size(const std::optional<std::string_view> &text)
{
    return text ? text->size() : 0;
}

/*
 * Copies of what a range gives, one after the other in memory that is wiped. A range may
 * make each element on the way, where the next one overwrites it.
 */
class Copies {
public:
    void add(Bytes bytes)
    {
        if (bytes.size() > PTRDIFF_MAX) {
            refuse(PWSEAL_STATUS_LENGTH_TOO_LARGE);
        }
        if (bytes.data() == nullptr && bytes.size() > 0) {
            refuse(PWSEAL_STATUS_NULL_POINTER);
        }
        if (bytes.size() > memory_.size() - used_) {
            Secret larger(std::max(2 * memory_.size(), used_ + bytes.size()));
            std::copy_n(memory_.data(), used_, larger.data());
            memory_ = std::move(larger); /* what was here is wiped */
        }
        std::copy_n(reinterpret_cast<const char *>(bytes.data()), bytes.size(), memory_.data() + used_);
        used_ += bytes.size();
        sizes_.push_back(bytes.size());
    }

    /* All, as pwseal_bytes or pwseal_text. They look at this object. */
    template <typename Raw>
    std::vector<Raw> as() const
    {
        std::vector<Raw> raw;
        const char *start = memory_.data();
        for (const auto size : sizes_) {
            raw.push_back({reinterpret_cast<decltype(Raw::data)>(start), size});
            start += size;
        }
        return raw;
    }

private:
    [[noreturn]] static void refuse(pwseal_status status) { throw Error(status, pwseal_status_message(status)); }

    Secret memory_{0};
    std::size_t used_ = 0;
    std::vector<std::size_t> sizes_;
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

inline void prefer_backend_from_env() { detail::check(pwseal_prefer_backend_from_env()); }

/* pwseal_key */
class Key : public detail::Handle<pwseal_key, pwseal_key_free> {
public:
    static Key parse(Bytes bytes)
    {
        return Key([&](auto out) { return pwseal_key_parse(bytes.data(), bytes.size(), out); });
    }

    static Key from_components(Bytes n, Bytes e)
    {
        return Key([&](auto out) {
            return pwseal_key_from_components(n.data(), n.size(), e.data(), e.size(), out);
        });
    }

    std::size_t bits() const noexcept { return pwseal_key_bits(raw()); }
    std::size_t size() const noexcept { return pwseal_key_size(raw()); }
    std::size_t max_password_len() const noexcept { return pwseal_key_max_password_len(raw()); }

    std::string backend() const
    {
        return detail::text([&](auto... out) { return pwseal_key_backend(raw(), out...); });
    }

    std::string fingerprint() const
    {
        return detail::text([&](auto... out) { return pwseal_key_fingerprint(raw(), out...); });
    }

    std::vector<std::uint8_t> encrypt(Bytes password) const
    {
        return detail::output<std::vector<std::uint8_t>>([&](auto... out) {
            return pwseal_key_encrypt(raw(), password.data(), password.size(), out...);
        });
    }

    std::string encrypt_base64(Bytes password) const
    {
        return detail::text([&](auto... out) {
            return pwseal_key_encrypt_base64(raw(), password.data(), password.size(), out...);
        });
    }

    /*
     * Of a range of what Bytes can be made of: size() bytes for each, one after the other. The range is
     * gone through once, and each password copied before the next is asked for. The copies are wiped.
     */
    template <typename Range>
    std::vector<std::uint8_t> encrypt_many(Range &&passwords) const
    {
        const detail::Copies copies = detail::copies<Bytes>(passwords);
        const auto bytes = copies.as<pwseal_bytes>();
        return detail::output<std::vector<std::uint8_t>>([&](auto... out) {
            return pwseal_key_encrypt_many(raw(), bytes.data(), bytes.size(), out...);
        });
    }

    template <typename Range>
    std::vector<std::string> encrypt_many_base64(Range &&passwords) const
    {
        const detail::Copies copies = detail::copies<Bytes>(passwords);
        const auto bytes = copies.as<pwseal_bytes>();
        const auto all = detail::output<std::vector<char>>([&](auto... out) {
            return pwseal_key_encrypt_many_base64(raw(), bytes.data(), bytes.size(), out...);
        });
        std::vector<std::string> texts;
        for (std::size_t start = 0; start < all.size(); start += texts.back().size() + 1) {
            texts.emplace_back(all.data() + start);
        }
        return texts;
    }

private:
    friend class PasswordInfo;

    template <typename Make>
    explicit Key(Make make) : Handle(make) {}
};

/* pwseal_dictionary */
class Dictionary : public detail::Handle<pwseal_dictionary, pwseal_dictionary_free> {
public:
    static Dictionary parse(Bytes file)
    {
        return Dictionary([&](auto out) { return pwseal_dictionary_parse(file.data(), file.size(), out); });
    }

private:
    using Handle::Handle;
};

/* pwseal_context, built as a chain. */
class Context : public detail::Handle<pwseal_context, pwseal_context_free> {
public:
    Context() : Handle([](auto out) { return pwseal_context_new(out); }) {}

    Context &account_id(std::string_view id)
    {
        detail::check(pwseal_context_set_account_id(raw(), id.data(), id.size()));
        return *this;
    }

    Context &account_name(std::string_view name)
    {
        detail::check(pwseal_context_add_account_name(raw(), name.data(), name.size()));
        return *this;
    }

    Context &account_attribute(std::string_view name, std::string_view value)
    {
        detail::check(pwseal_context_add_account_attribute(raw(), name.data(), name.size(), value.data(), value.size()));
        return *this;
    }

    Context &identity_attribute(std::string_view name, std::string_view value)
    {
        detail::check(pwseal_context_add_identity_attribute(raw(), name.data(), name.size(), value.data(), value.size()));
        return *this;
    }

    Context &dictionary(const Dictionary &dictionary)
    {
        detail::check(pwseal_context_set_dictionary(raw(), dictionary.raw()));
        return *this;
    }
};

/* Something about a password that is no error, and that its owner may not have meant. */
struct Warning {
    pwseal_password_warning kind;
    std::string message;
};

namespace detail {

template <typename Count, typename Kind, typename Text, typename Raw>
std::vector<Warning> warnings(Count count, Kind kind, Text message, const Raw *raw)
{
    std::vector<Warning> warnings;
    for (std::size_t index = 0; index < count(raw); index++) {
        Warning warning{};
        check(kind(raw, index, &warning.kind));
        warning.message = text([&](auto... out) { return message(raw, index, out...); });
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
    bool has_violation() const noexcept { return pwseal_report_has_violation(raw()); }
    bool all_passed() const noexcept { return pwseal_report_all_passed(raw()); }
    std::size_t size() const noexcept { return pwseal_report_finding_count(raw()); }

    Finding finding(std::size_t index) const
    {
        const auto unless_negative = [](std::int64_t number) {
            return number < 0 ? std::nullopt : std::optional(number);
        };
        pwseal_finding finding;
        detail::check(pwseal_report_finding(raw(), index, &finding));
        return {
            finding.outcome,
            finding.reason,
            unless_negative(finding.found),
            unless_negative(finding.wanted),
            detail::text([&](auto... out) { return pwseal_report_rule(raw(), index, out...); }),
            detail::text([&](auto... out) { return pwseal_report_rule_printable(raw(), index, out...); }),
            detail::text([&](auto... out) { return pwseal_report_message(raw(), index, out...); }),
        };
    }

    std::vector<Finding> findings() const
    {
        std::vector<Finding> findings;
        for (std::size_t index = 0; index < size(); index++) {
            findings.push_back(finding(index));
        }
        return findings;
    }

    std::vector<Warning> warnings() const
    {
        return detail::warnings(pwseal_report_warning_count, pwseal_report_warning_kind, pwseal_report_warning, raw());
    }

private:
    friend class PasswordInfo;
    friend class Policy;

    template <typename Make>
    explicit Report(Make make) : Handle(make) {}
};

/* pwseal_policy */
class Policy : public detail::Handle<pwseal_policy, pwseal_policy_free> {
public:
    /* Of a range of what std::string_view can be made of, gone through as Key::encrypt_many does. */
    template <typename Range>
    static Policy from_strings(Range &&strings)
    {
        const detail::Copies copies = detail::copies<std::string_view>(strings);
        const auto texts = copies.as<pwseal_text>();
        return Policy([&](auto out) { return pwseal_policy_from_strings(texts.data(), texts.size(), out); });
    }

    /* As from_strings, of what somebody wrote: what is not understood throws. */
    template <typename Range>
    static Policy parse(Range &&strings)
    {
        const detail::Copies copies = detail::copies<std::string_view>(strings);
        const auto texts = copies.as<pwseal_text>();
        return Policy([&](auto out) { return pwseal_policy_parse(texts.data(), texts.size(), out); });
    }

    std::size_t size() const noexcept { return pwseal_policy_rule_count(raw()); }

    std::string rule(std::size_t index) const
    {
        return detail::text([&](auto... out) { return pwseal_policy_rule(raw(), index, out...); });
    }

    std::string rule_printable(std::size_t index) const
    {
        return detail::text([&](auto... out) { return pwseal_policy_rule_printable(raw(), index, out...); });
    }

    Report check(Bytes password) const { return check(nullptr, password); }
    Report check(const Context &context, Bytes password) const { return check(context.raw(), password); }

    /* The shortest and the longest length that generate() takes. */
    std::pair<std::size_t, std::size_t> length_range() const
    {
        std::pair<std::size_t, std::size_t> range;
        detail::check(pwseal_policy_length_range(raw(), &range.first, &range.second));
        return range;
    }

    /* Without the characters in `exclude`. */
    Secret generate(std::size_t length, std::string_view exclude = {}, bool no_look_alikes = false) const
    {
        return detail::output<Secret>([&](auto out, auto out_len) {
            return pwseal_policy_generate(raw(), length, exclude.data(), exclude.size(), no_look_alikes,
                                          reinterpret_cast<std::uint8_t *>(out), out_len);
        });
    }

private:
    friend class PasswordInfo;

    template <typename Make>
    explicit Policy(Make make) : Handle(make) {}

    Report check(const pwseal_context *context, Bytes password) const
    {
        return Report([&](auto out) {
            return pwseal_policy_check(raw(), context, password.data(), password.size(), out);
        });
    }
};

/* An account of a password-info. */
struct Account {
    std::optional<std::string> id;
    std::optional<std::string> name;
};

/* pwseal_password_info */
class PasswordInfo : public detail::Handle<pwseal_password_info, pwseal_password_info_free> {
public:
    static PasswordInfo parse(Bytes json)
    {
        return PasswordInfo([&](auto out) { return pwseal_password_info_parse(json.data(), json.size(), out); });
    }

    Key key() const
    {
        return Key([&](auto out) { return pwseal_password_info_key(raw(), out); });
    }

    Policy policy() const
    {
        return Policy([&](auto out) { return pwseal_password_info_policy(raw(), out); });
    }

    std::optional<std::string> identity_id() const
    {
        return field([&](auto... out) { return pwseal_password_info_identity_id(raw(), out...); });
    }

    std::optional<std::string> source_id() const
    {
        return field([&](auto... out) { return pwseal_password_info_source_id(raw(), out...); });
    }

    std::optional<std::string> public_key_id() const
    {
        return field([&](auto... out) { return pwseal_password_info_public_key_id(raw(), out...); });
    }

    std::vector<Account> accounts() const
    {
        std::vector<Account> accounts;
        for (std::size_t index = 0; index < pwseal_password_info_account_count(raw()); index++) {
            accounts.push_back({
                field([&](auto... out) { return pwseal_password_info_account_id(raw(), index, out...); }),
                field([&](auto... out) { return pwseal_password_info_account_name(raw(), index, out...); }),
            });
        }
        return accounts;
    }

    /* `account` is an id or a name; none is for the only one. */
    Report check(std::optional<std::string_view> account, Bytes password) const
    {
        return Report([&](auto out) {
            return pwseal_password_info_check(raw(), detail::data(account), detail::size(account), password.data(),
                                              password.size(), out);
        });
    }

    /* Of 16 characters, or what the policies allow next to that, unless a length is given. */
    Secret generate(std::optional<std::string_view> account, std::size_t length = 0,
                    std::string_view exclude = {}, bool no_look_alikes = false) const
    {
        return detail::output<Secret>([&](auto out, auto out_len) {
            return pwseal_password_info_generate(raw(), detail::data(account), detail::size(account), length,
                                                 exclude.data(), exclude.size(), no_look_alikes,
                                                 reinterpret_cast<std::uint8_t *>(out), out_len);
        });
    }

private:
    friend class Answer;

    template <typename Make>
    explicit PasswordInfo(Make make) : Handle(make) {}

    template <typename Write>
    static std::optional<std::string> field(Write write)
    {
        try {
            return detail::text(write);
        } catch (const Error &error) {
            if (error.status() == PWSEAL_STATUS_MISSING_FIELD) {
                return std::nullopt;
            }
            throw;
        }
    }
};

/* pwseal_change_request */
class ChangeRequest : public detail::Handle<pwseal_change_request, pwseal_change_request_free> {
public:
    /* `account` is an id or a name; none is for the only one. `options` is 0, PWSEAL_DESPITE_POLICY, PWSEAL_RAW or both. */
    ChangeRequest(const PasswordInfo &info, std::optional<std::string_view> account, Bytes password,
                  std::uint32_t options = 0)
        : Handle([&](auto out) {
              return pwseal_change_request_new(info.raw(), detail::data(account), detail::size(account),
                                               password.data(), password.size(), options, out);
          }) {}

    /* A body that was made before. */
    static ChangeRequest parse(Bytes json)
    {
        return ChangeRequest([&](auto out) { return pwseal_change_request_parse(json.data(), json.size(), out); });
    }

    Secret body() const
    {
        return detail::secret_text([&](auto... out) { return pwseal_change_request_body(raw(), out...); });
    }

    /* What may not be as it was meant in the password. */
    std::vector<Warning> warnings() const
    {
        return detail::warnings(pwseal_change_request_warning_count, pwseal_change_request_warning_kind,
                                pwseal_change_request_warning, raw());
    }

private:
    template <typename Make>
    explicit ChangeRequest(Make make) : Handle(make) {}
};

/* pwseal_request */
class Request : public detail::Handle<pwseal_request, pwseal_request_free> {
public:
    std::string method() const
    {
        return detail::text([&](auto... out) { return pwseal_request_method(raw(), out...); });
    }

    std::string url() const
    {
        return detail::text([&](auto... out) { return pwseal_request_url(raw(), out...); });
    }

    /* Names and values. */
    std::vector<std::pair<std::string, std::string>> headers() const
    {
        std::vector<std::pair<std::string, std::string>> headers;
        for (std::size_t index = 0; index < pwseal_request_header_count(raw()); index++) {
            headers.emplace_back(
                detail::text([&](auto... out) { return pwseal_request_header_name(raw(), index, out...); }),
                detail::text([&](auto... out) { return pwseal_request_header_value(raw(), index, out...); }));
        }
        return headers;
    }

    Secret body() const
    {
        return detail::secret_text([&](auto... out) { return pwseal_request_body(raw(), out...); });
    }

private:
    friend class Api;

    template <typename Make>
    explicit Request(Make make) : Handle(make) {}
};

/* pwseal_api */
class Api : public detail::Handle<pwseal_api, pwseal_api_free> {
public:
    Api(pwseal_api_version version, std::string_view tenant)
        : Handle([&](auto out) { return pwseal_api_new(version, tenant.data(), tenant.size(), out); }) {}

    static Api at(pwseal_api_version version, std::string_view base_url)
    {
        return Api([&](auto out) { return pwseal_api_at(version, base_url.data(), base_url.size(), out); });
    }

    Request query_password_info(std::string_view user_name, std::string_view source_name) const
    {
        return Request([&](auto out) {
            return pwseal_api_query_password_info(raw(), user_name.data(), user_name.size(), source_name.data(),
                                                  source_name.size(), out);
        });
    }

    Request set_password(const ChangeRequest &change) const
    {
        return Request([&](auto out) { return pwseal_api_set_password(raw(), change.raw(), out); });
    }

    Request password_change_status(std::string_view request_id) const
    {
        return Request([&](auto out) {
            return pwseal_api_password_change_status(raw(), request_id.data(), request_id.size(), out);
        });
    }

    /* 0 leaves a number to the server. */
    Request generate_digit_token(std::string_view user_id, std::uint32_t length = 0, std::uint32_t duration_minutes = 0) const
    {
        return Request([&](auto out) {
            return pwseal_api_generate_digit_token(raw(), user_id.data(), user_id.size(), length, duration_minutes, out);
        });
    }

private:
    template <typename Make>
    explicit Api(Make make) : Handle(make) {}
};

/* pwseal_answer. What it was not asked for, and what is not there, throws. */
class Answer : public detail::Handle<pwseal_answer, pwseal_answer_free> {
public:
    /*
     * `headers` is a range of pairs of what std::string_view can be made of, gone through as
     * Key::encrypt_many does.
     */
    template <typename Range = std::vector<std::pair<std::string, std::string>>>
    Answer(pwseal_operation operation, int http_status, Range &&headers, Bytes body)
        : Handle([&](auto out) {
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
              return pwseal_answer_read(operation, http_status, raw.data(), raw.size(), body.data(), body.size(), out);
          }) {}

    pwseal_status outcome() const noexcept { return pwseal_answer_outcome(raw()); }
    bool retryable() const noexcept { return pwseal_answer_retryable(raw()); }

    std::optional<std::chrono::seconds> retry_after() const noexcept
    {
        const auto seconds = pwseal_answer_retry_after(raw());
        return seconds < 0 ? std::nullopt : std::optional(std::chrono::seconds(seconds));
    }

    std::string detail_code() const
    {
        return detail::text([&](auto... out) { return pwseal_answer_detail_code(raw(), out...); });
    }

    std::string tracking_id() const
    {
        return detail::text([&](auto... out) { return pwseal_answer_tracking_id(raw(), out...); });
    }

    std::string refusal(std::string_view locale) const
    {
        return detail::text([&](auto... out) { return pwseal_answer_refusal(raw(), locale.data(), locale.size(), out...); });
    }

    PasswordInfo password_info() const
    {
        return PasswordInfo([&](auto out) { return pwseal_answer_password_info(raw(), out); });
    }

    std::string request_id() const
    {
        return detail::text([&](auto... out) { return pwseal_answer_request_id(raw(), out...); });
    }

    pwseal_state state() const
    {
        pwseal_state state;
        detail::check(pwseal_answer_state(raw(), &state));
        return state;
    }

    std::string state_name() const
    {
        return detail::text([&](auto... out) { return pwseal_answer_state_name(raw(), out...); });
    }

    std::vector<std::string> errors() const
    {
        std::vector<std::string> errors;
        for (std::size_t index = 0; index < pwseal_answer_error_count(raw()); index++) {
            errors.push_back(detail::text([&](auto... out) { return pwseal_answer_error(raw(), index, out...); }));
        }
        return errors;
    }

    std::vector<std::string> source_ids() const
    {
        std::vector<std::string> ids;
        for (std::size_t index = 0; index < pwseal_answer_source_id_count(raw()); index++) {
            ids.push_back(detail::text([&](auto... out) { return pwseal_answer_source_id(raw(), index, out...); }));
        }
        return ids;
    }

    Secret digit_token() const
    {
        return detail::secret_text([&](auto... out) { return pwseal_answer_digit_token(raw(), out...); });
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

    Next next(const Answer &answer, std::chrono::milliseconds elapsed) const
    {
        pwseal_next what;
        std::uint64_t after_ms;
        detail::check(pwseal_poll_next(&poll_, answer.raw(), number(elapsed), &what, &after_ms));
        return {what, std::chrono::milliseconds(after_ms)};
    }

private:
    /* A time below 0 would become a huge number. */
    static std::uint64_t number(std::chrono::milliseconds time) noexcept
    {
        return time.count() < 0 ? 0 : static_cast<std::uint64_t>(time.count());
    }

    pwseal_poll poll_;
};

} // namespace pwseal

#endif
