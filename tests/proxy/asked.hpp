// SPDX-License-Identifier: Apache-2.0
// The command line as a shell hands it over, and what comes of it.
#pragma once

#include "proxy/cli.hpp"
#include "tests/folder.hpp"
#include "tests/proxy/clients/support.hpp"

#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace cosdiag::test {

using Variables = std::map<std::string, std::string>;

inline const Variables at_home = {{"HOME", "/home/a"}};

/// What the arguments ask for, and what was said on the way.
struct Asked {
    cli::Command command;
    std::string out, err;

    std::optional<int> exit_code() const
    {
        const auto* done = std::get_if<cli::Done>(&command);
        return done == nullptr ? std::nullopt : std::optional(done->exit_code);
    }

    const cli::Tail& tail() const { return std::get<cli::Tail>(command); }

    const config::Address& health() const { return std::get<cli::Healthcheck>(command).admin; }
};

inline Asked ask(const std::vector<std::string>& arguments, const Variables& variables = at_home)
{
    std::vector<const char*> pointers;
    for (const auto& argument : arguments)
        pointers.push_back(argument.c_str());
    std::ostringstream out;
    std::ostringstream err;
    auto command = cli::parse(pointers, environment_of(variables), out, err);
    return {std::move(command), out.str(), err.str()};
}

/// A settings file that is gone when the test is over.
struct SettingsFile {
    explicit SettingsFile(const std::string& text) { std::ofstream(name) << text; }

    Folder folder;
    std::string name = folder.file("cosdiag.yaml");
};

} // namespace cosdiag::test
