// SPDX-License-Identifier: Apache-2.0
#include "config/secret_key.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

namespace cosdiag::config {

namespace {

constexpr std::size_t most = 4 * kib;
constexpr std::string_view blanks = " \t\r\n";

Complaint not_readable(const std::string& file, int error)
{
    return {
        quoted(file) + " cannot be read: " + std::generic_category().message(error), "Give a file that can."};
}

Parsed<std::string> read_file(const std::string& file)
{
    struct stat about {};

    if (::stat(file.c_str(), &about) != 0)
        return not_readable(file, errno);
    if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return Complaint{quoted(file) + " may be read by others than its owner", "Run chmod 600 on it."};
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return not_readable(file, errno);
    std::string text(most + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > most)
        return Complaint{
            quoted(file) + " is longer than 4 KiB", "The file holds the SecretKey and nothing else."};
    return text;
}

} // namespace

Parsed<std::string> read_secret_key(const Identity& identity, const Environment& environment)
{
    const bool variable = !identity.secret_key_env.empty();
    const auto source = quoted(variable ? identity.secret_key_env : identity.secret_key_file);
    Parsed<std::string> read;
    if (variable) {
        const auto value = environment(identity.secret_key_env);
        if (!value)
            return Complaint{"the variable " + source + " is not set", "Set it where cosdiag is started."};
        read = *value;
    } else {
        read = read_file(identity.secret_key_file);
    }
    if (std::holds_alternative<Complaint>(read))
        return read;
    auto& text = std::get<std::string>(read);
    text.erase(0, std::min(text.find_first_not_of(blanks), text.size()));
    text.erase(text.find_last_not_of(blanks) + 1);
    if (text.empty())
        return Complaint{source + " is empty", "It holds the SecretKey and nothing else."};
    if (text.find_first_of(blanks) != std::string::npos)
        return Complaint{
            source + " has a blank or a second line in it", "It holds the SecretKey and nothing else."};
    return read;
}

} // namespace cosdiag::config
