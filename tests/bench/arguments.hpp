// SPDX-License-Identifier: Apache-2.0
// "--name value" and "--name" on the command line; these programs are called by scripts only.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace cosdiag::bench {

class Arguments {
public:
    Arguments(int argc, char** argv);

    /// Each of these takes its argument out; the second parameter is the default.
    std::string text(const std::string& name, const std::string& otherwise = "");
    std::uint64_t number(const std::string& name, std::uint64_t otherwise);
    bool flag(const std::string& name);

    /// Throws std::invalid_argument if an argument is left that nobody took.
    void finish() const;

private:
    std::map<std::string, std::string> x_values;
};

/// Runs `body`; an exception becomes a message on standard error and status 1.
int run_guarded(const char* program, int (*body)(Arguments&), int argc, char** argv);

} // namespace cosdiag::bench
