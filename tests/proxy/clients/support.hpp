// SPDX-License-Identifier: Apache-2.0
// An environment made of pairs, and a program's output, for the tests of what clients are told.
#pragma once

#include "config/environment.hpp"

#include <cstdio>
#include <map>
#include <stdexcept>
#include <string>

namespace cosdiag::test {

inline config::Environment environment_of(std::map<std::string, std::string> pairs)
{
    return [pairs = std::move(pairs)](const std::string& name) -> std::optional<std::string> {
        const auto found = pairs.find(name);
        if (found == pairs.end())
            return std::nullopt;
        return found->second;
    };
}

/// What a command of /bin/sh writes to standard output.
inline std::string output_of(const std::string& command)
{
    std::FILE* const pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr)
        throw std::runtime_error("cannot run " + command);
    std::string all;
    char some[4096];
    while (const std::size_t got = std::fread(some, 1, sizeof some, pipe))
        all.append(some, got);
    ::pclose(pipe);
    return all;
}

} // namespace cosdiag::test
