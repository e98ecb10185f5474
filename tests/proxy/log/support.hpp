// SPDX-License-Identifier: Apache-2.0
// Files, pipes and terminals for the tests of what writes to them.
#pragma once

#include "tests/folder.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cosdiag::test {

inline std::vector<std::string> lines_in(std::string_view text)
{
    std::vector<std::string> lines;
    for (std::size_t end = 0; (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1))
        lines.emplace_back(text.substr(0, end));
    if (!text.empty())
        lines.emplace_back(text);
    return lines;
}

inline std::vector<std::string> lines_of(const std::string& file)
{
    std::ifstream in(file);
    return lines_in(std::string(std::istreambuf_iterator<char>(in), {}));
}

inline mode_t mode_of(const std::string& file)
{
    struct stat about {};

    return ::stat(file.c_str(), &about) == 0 ? about.st_mode & 07777 : 0;
}

class Descriptor {
public:
    explicit Descriptor(int opened = -1) : number(opened) {}

    ~Descriptor() { close(); }

    Descriptor(Descriptor&& other) noexcept : number(std::exchange(other.number, -1)) {}

    Descriptor& operator=(Descriptor&& other) noexcept
    {
        std::swap(number, other.number);
        return *this;
    }

    void close()
    {
        if (number >= 0)
            ::close(std::exchange(number, -1));
    }

    /// What is there now.
    std::string take() const
    {
        std::string all;
        char some[4096];
        for (pollfd ready{number, POLLIN, 0}; ::poll(&ready, 1, 0) == 1;) {
            const ssize_t got = ::read(number, some, sizeof some);
            if (got <= 0)
                break;
            all.append(some, static_cast<std::size_t>(got));
        }
        return all;
    }

    int number;
};

/// A named pipe, open for reading.
class Fifo {
public:
    explicit Fifo(std::string file) : name(std::move(file))
    {
        if (::mkfifo(name.c_str(), 0600) != 0)
            throw std::runtime_error("no pipe at " + name);
        listen();
    }

    void listen() { reader = Descriptor(::open(name.c_str(), O_RDONLY | O_NONBLOCK)); }

    std::string name;
    Descriptor reader;
};

/// Puts a descriptor in the place of standard output or error for as long as it lives.
class InPlaceOf {
public:
    InPlaceOf(int stream, int other) : x_stream_(stream), x_kept_(::dup(stream)) { ::dup2(other, stream); }

    ~InPlaceOf()
    {
        ::dup2(x_kept_, x_stream_);
        ::close(x_kept_);
    }

    InPlaceOf(const InPlaceOf&) = delete;
    InPlaceOf& operator=(const InPlaceOf&) = delete;

private:
    int x_stream_;
    int x_kept_;
};

/// Sets a variable of the environment, or unsets it, for as long as it lives.
class Variable {
public:
    Variable(const char* name, const char* value) : x_name_(name)
    {
        if (const char* const before = std::getenv(name)) {
            x_was_set_ = true;
            x_before_ = before;
        }
        put(value);
    }

    ~Variable() { put(x_was_set_ ? x_before_.c_str() : nullptr); }

    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

private:
    void put(const char* value) const
    {
        if (value == nullptr)
            ::unsetenv(x_name_);
        else
            ::setenv(x_name_, value, 1);
    }

    const char* x_name_;
    bool x_was_set_ = false;
    std::string x_before_;
};

} // namespace cosdiag::test
