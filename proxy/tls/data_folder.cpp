// SPDX-License-Identifier: Apache-2.0
#include "proxy/tls/data_folder.hpp"

#include "proxy/tls/openssl.hpp"

#include <openssl/rand.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

namespace cosdiag::tls {

namespace {

constexpr std::size_t most = 256 * 1024; ///< of a file that is read

std::string reason(int error)
{
    return std::generic_category().message(error);
}

[[noreturn]] void fail(const std::string& what, const std::string& path, int error)
{
    throw CaError(
        "cannot " + what + " " + path + ": " + reason(error) +
        ". Mend that, or choose another folder with --data-dir (for ca export, --dir)"
    );
}

struct stat look_at(const Descriptor& opened, const std::string& path)
{
    struct stat about {};

    if (::fstat(opened.number(), &about) != 0)
        fail("look at", path, errno);
    return about;
}

void expect_own(const struct stat& about, const std::string& path)
{
    const uid_t user = ::geteuid();
    if (about.st_uid == user)
        return;
    const std::string wanted = std::to_string(user);
    throw CaError(
        path + " belongs to user " + std::to_string(about.st_uid) + ", and cosdiag runs as user " + wanted +
        ". Run chown " + wanted + " " + shell_word(path) + ", or choose another folder with --data-dir"
    );
}

/// `why` and `then` stand around the command that mends it.
void expect_closed(
    const struct stat& about,
    const std::string& path,
    const std::string& why,
    const std::string& command,
    const std::string& then
)
{
    if ((about.st_mode & (S_IRWXG | S_IRWXO)) == 0)
        return;
    std::array<char, 8> mode{};
    std::snprintf(mode.data(), mode.size(), "%03o", about.st_mode & 07777U);
    throw CaError(
        path + " is open to others than its owner (" + mode.data() + "), and " + why + ". Run " + command +
        " " + shell_word(path) + then
    );
}

/// Empty if it could not be read to its end, with errno.
std::optional<std::string> read_all(const Descriptor& file)
{
    std::string text(most, '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        const ssize_t got = ::read(file.number(), text.data() + size, text.size() - size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return std::nullopt;
        if (got == 0)
            break;
        size += static_cast<std::size_t>(got);
    }
    text.resize(size);
    return text;
}

bool write_all(const Descriptor& file, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t put = ::write(file.number(), text.data(), text.size());
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        text.remove_prefix(static_cast<std::size_t>(put));
    }
    return true;
}

std::string random_suffix()
{
    std::array<unsigned char, 8> bytes{};
    must(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())), "make a random number");
    std::string text;
    for (const unsigned char byte : bytes)
        text += std::string{"0123456789abcdef"[byte >> 4U], "0123456789abcdef"[byte & 15U]};
    return text;
}

void make_all(const std::filesystem::path& path)
{
    std::filesystem::path prefix;
    for (const auto& part : path) {
        prefix /= part;
        if (part.empty() || ::mkdir(prefix.c_str(), 0700) == 0 || errno == EEXIST)
            continue;
        const int error = errno; // not EEXIST where it is there and its parent may not be written
        std::error_code ignored;
        if (!std::filesystem::is_directory(prefix, ignored))
            fail("make the folder", prefix.string(), error);
    }
}

} // namespace

Descriptor::~Descriptor()
{
    if (is_open())
        ::close(x_number_);
}

Descriptor::Descriptor(Descriptor&& other) noexcept : x_number_(std::exchange(other.x_number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept
{
    std::swap(x_number_, other.x_number_);
    return *this;
}

DataFolder::DataFolder(std::filesystem::path path, Descriptor folder) noexcept
    : x_path_(std::move(path)), x_folder_(std::move(folder))
{
}

std::optional<DataFolder> DataFolder::open(const std::filesystem::path& path)
{
    Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.is_open())
        return DataFolder(path, std::move(folder));
    if (errno != ENOENT)
        fail("open the folder", path.string(), errno);
    return std::nullopt;
}

DataFolder DataFolder::make(const std::filesystem::path& path)
{
    make_all(path);
    std::optional<DataFolder> folder = open(path);
    if (!folder)
        fail("open the folder", path.string(), ENOENT);
    folder->expect_private();
    return std::move(*folder);
}

void DataFolder::expect_private() const
{
    const struct stat about = look_at(x_folder_, x_path_.string());
    expect_own(about, x_path_.string());
    expect_closed(about, x_path_.string(), "the key of cosdiag's CA lives there", "chmod 700", "");
}

bool DataFolder::has(const char* file) const
{
    struct stat about {};

    if (::fstatat(x_folder_.number(), file, &about, AT_SYMLINK_NOFOLLOW) == 0)
        return true;
    if (errno != ENOENT)
        fail("look at", path_of(file), errno);
    return false;
}

std::optional<SecretText> DataFolder::read_private(const char* file) const
{
    const std::string path = path_of(file);
    const Descriptor opened(
        ::openat(x_folder_.number(), file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    );
    if (!opened.is_open() && errno == ENOENT)
        return std::nullopt;
    if (!opened.is_open() && errno == ELOOP)
        throw CaError(path + " is a symbolic link, which is not followed. Put the file itself there");
    if (!opened.is_open())
        fail("read", path, errno);
    const struct stat about = look_at(opened, path);
    if (!S_ISREG(about.st_mode))
        throw CaError(path + " is no regular file. Put a file there, or move away what is");
    expect_own(about, path);
    expect_closed(
        about,
        path,
        "who has that key can pretend to be COS",
        "chmod 600",
        "; if others may have read it, make a new CA with \"cosdiag ca init --force\""
    );
    std::optional<std::string> text = read_all(opened);
    if (!text)
        fail("read", path, errno);
    return SecretText(std::move(*text));
}

std::string DataFolder::read(const char* file) const
{
    const Descriptor opened(
        ::openat(x_folder_.number(), file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    );
    return opened.is_open() ? read_all(opened).value_or("") : "";
}

void DataFolder::replace(const char* file, std::string_view text, mode_t mode) const
{
    const std::string aside = write_aside(file, text, mode);
    if (::renameat(x_folder_.number(), aside.c_str(), x_folder_.number(), file) != 0) {
        const int error = errno;
        ::unlinkat(x_folder_.number(), aside.c_str(), 0);
        fail("write", path_of(file), error);
    }
    sync();
}

bool DataFolder::add(const char* file, std::string_view text, mode_t mode) const
{
    const std::string aside = write_aside(file, text, mode);
    const bool added = ::linkat(x_folder_.number(), aside.c_str(), x_folder_.number(), file, 0) == 0;
    const int error = errno;
    ::unlinkat(x_folder_.number(), aside.c_str(), 0);
    if (!added && error != EEXIST)
        fail("write", path_of(file), error);
    sync();
    return added;
}

/// A whole file of a name that nobody knows, on the disk; its name.
std::string DataFolder::write_aside(const char* file, std::string_view text, mode_t mode) const
{
    std::string name = std::string(".") + file + "." + random_suffix();
    const Descriptor made(
        ::openat(x_folder_.number(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)
    );
    if (!made.is_open())
        fail("write", path_of(file), errno);
    if (!write_all(made, text) || ::fchmod(made.number(), mode) != 0 || ::fsync(made.number()) != 0) {
        const int error = errno;
        ::unlinkat(x_folder_.number(), name.c_str(), 0);
        fail("write", path_of(file), error);
    }
    return name;
}

/// Names last as long as the folder is on the disk too. Some file systems cannot be asked for that.
void DataFolder::sync() const
{
    if (::fsync(x_folder_.number()) != 0 && errno != EINVAL)
        fail("write", x_path_.string(), errno);
}

std::string shell_word(std::string_view text)
{
    const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("/._-+,:@%").find(c) != std::string_view::npos;
    });
    if (plain)
        return std::string(text);
    std::string quoted = "'";
    for (const char c : text)
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

} // namespace cosdiag::tls
