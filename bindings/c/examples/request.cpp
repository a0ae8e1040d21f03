// Makes the body of set-password from a password-info file and a password on standard input:
//
//     request PASSWORD_INFO_FILE [ACCOUNT] < password
#include <pwseal.hpp>

#include <fstream>
#include <iostream>
#include <iterator>

#include <unistd.h>

// Reads the password past the buffers of iostream, which would keep a copy; without a line break.
static pwseal::Secret read_password()
{
    pwseal::Secret password(2048);
    std::size_t len = 0;
    for (ssize_t count; len < password.size(); len += static_cast<std::size_t>(count)) {
        count = read(STDIN_FILENO, password.data() + len, password.size() - len);
        if (count <= 0)
            break;
    }
    if (len > 0 && password.data()[len - 1] == '\n')
        len--;
    password.truncate(len);
    return password;
}

int main(int argc, char **argv)
try {
    if (argc < 2 || argc > 3) {
        std::cerr << "usage: " << argv[0] << " PASSWORD_INFO_FILE [ACCOUNT] < password\n";
        return 2;
    }
    std::ifstream file(argv[1], std::ios::binary);
    const std::string json{std::istreambuf_iterator<char>(file), {}};
    const auto info = pwseal::PasswordInfo::parse(json);
    const auto account = argc == 3 ? std::optional<std::string_view>(argv[2]) : std::nullopt;

    const auto password = read_password();
    for (const auto &finding : info.check(account, password).findings())
        if (finding.outcome != PWSEAL_OUTCOME_PASSED)
            std::cerr << finding.rule << ": " << finding.message << '\n';

    const pwseal::ChangeRequest change(info, account, password);
    std::cout << change.body().view() << '\n';
} catch (const pwseal::Error &error) {
    std::cerr << "no body was made: " << error.what() << '\n';
    return 1;
}
