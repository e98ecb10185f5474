// SPDX-License-Identifier: Apache-2.0
// A folder that is its owner's alone, and files that appear in it whole or not at all.
#pragma once

#include "proxy/tls/ca_error.hpp"
#include "proxy/tls/secret_text.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace cosdiag::tls {

class Descriptor {
public:
    explicit Descriptor(int opened = -1) noexcept : x_number_(opened) {}

    ~Descriptor();
    Descriptor(Descriptor&& other) noexcept;
    Descriptor& operator=(Descriptor&& other) noexcept;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int number() const noexcept { return x_number_; }

    bool is_open() const noexcept { return x_number_ >= 0; }

private:
    int x_number_;
};

/// An open folder; its files are reached through the descriptor, so that what was looked at is what is used.
/// Everything throws CaError with the path and, where rights are wrong, with the command that mends them.
class DataFolder {
public:
    /// No value: there is none.
    static std::optional<DataFolder> open(const std::filesystem::path& path);

    /// Makes it with its parents, 0700, where it is missing, and expects it to be private.
    static DataFolder make(const std::filesystem::path& path);

    /// It must belong to this user and give no right to anybody else.
    void expect_private() const;

    bool has(const char* file) const;

    /// A file that must be regular, this user's own and closed to others. No value: there is none.
    std::optional<SecretText> read_private(const char* file) const;

    /// Empty: there is none, or it is no regular file that can be read.
    std::string read(const char* file) const;

    /// Puts a file in the place of whatever has this name.
    void replace(const char* file, std::string_view text, mode_t mode) const;

    /// Puts a file where nothing has this name. False, and nothing is changed, if something has.
    bool add(const char* file, std::string_view text, mode_t mode) const;

    std::string path_of(const char* file) const { return (x_path_ / file).string(); }

private:
    DataFolder(std::filesystem::path path, Descriptor folder) noexcept;

    std::string write_aside(const char* file, std::string_view text, mode_t mode) const;
    void sync() const;

    std::filesystem::path x_path_;
    Descriptor x_folder_;
};

/// As a shell takes it for one word.
std::string shell_word(std::string_view text);

} // namespace cosdiag::tls
