// Makes the body of set-password from a password-info file and a password on standard input:
//
//     request PASSWORD_INFO_FILE [ACCOUNT] < password
#include <pwseal.hpp>

#include <cerrno>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <system_error>

#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
// What is read as text ends at a Ctrl-Z.
static int open_stdin() { return _setmode(0, _O_BINARY); }
static long read_stdin(void *out, std::size_t room) { return _read(0, out, static_cast<unsigned>(room)); }
#else
#include <unistd.h>
static int open_stdin() { return 0; }
static long read_stdin(void *out, std::size_t room) { return static_cast<long>(read(STDIN_FILENO, out, room)); }
#endif

// Reads the password past the buffers of iostream, which would keep a copy, without the line break that
// echo and editors add. Half of one is worse than none: throws if there is more, and after an error.
static pwseal::Secret read_password()
{
    pwseal::Secret password(2560); // more than any key takes
    std::size_t len = 0;
    if (open_stdin() < 0)
        throw std::system_error(errno, std::generic_category(), "the password cannot be read");
    for (;;) {
        const auto count = read_stdin(password.data() + len, password.size() - len);
        if (count == 0)
            break;
        if (count > 0)
            len += static_cast<std::size_t>(count);
        else if (errno != EINTR)
            throw std::system_error(errno, std::generic_category(), "the password cannot be read");
        if (len == password.size())
            throw std::length_error("the password is too long for any key");
    }
    password.truncate(len);
    const auto ends_with = [&](char last) { return !password.view().empty() && password.view().back() == last; };
    if (ends_with('\n')) {
        password.truncate(password.size() - 1);
        if (ends_with('\r'))
            password.truncate(password.size() - 1);
    }
    return password;
}

static std::string read_file(const char *path)
{
    std::ifstream file(path, std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(file), {}};
    if (!file)
        throw std::system_error(errno, std::generic_category(), path);
    return content;
}

int main(int argc, char **argv)
try {
    if (argc < 2 || argc > 3) {
        std::cerr << "usage: " << argv[0] << " PASSWORD_INFO_FILE [ACCOUNT] < password\n";
        return 2;
    }
    const auto info = pwseal::PasswordInfo::parse(read_file(argv[1]));
    const auto account = argc == 3 ? std::optional<std::string_view>(argv[2]) : std::nullopt;

    const auto password = read_password();
    const auto report = info.check(account, password);
    for (const auto &finding : report.findings())
        if (finding.outcome != PWSEAL_OUTCOME_PASSED)
            std::cerr << finding.rule_printable << ": " << finding.message << '\n';
    for (const auto &warning : report.warnings())
        std::cerr << "warning: " << warning.message << '\n';

    const auto change = pwseal::ChangeRequest::create(info, account, password);
    std::cout << change.body() << '\n' << std::flush;
    if (!std::cout) {
        std::cerr << "the body cannot be written\n";
        return 1;
    }
} catch (const std::exception &error) {
    std::cerr << "no body was made: " << error.what() << '\n';
    return 1;
}
