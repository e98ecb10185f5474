// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/arguments.hpp"

#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string_view>

namespace cosdiag::bench {

Arguments::Arguments(int argc, char** argv)
{
    for (int i = 1; i < argc; ++i) {
        const std::string_view name = argv[i];
        if (!name.starts_with("--"))
            throw std::invalid_argument("expected an option, got '" + std::string(name) + "'");
        const bool has_value = i + 1 < argc && !std::string_view(argv[i + 1]).starts_with("--");
        x_values[std::string(name)] = has_value ? argv[++i] : "";
    }
}

std::string Arguments::text(const std::string& name, const std::string& otherwise)
{
    const auto node = x_values.extract(name);
    return node.empty() ? otherwise : node.mapped();
}

std::uint64_t Arguments::number(const std::string& name, std::uint64_t otherwise)
{
    const auto value = text(name, std::to_string(otherwise));
    std::size_t used = 0;
    const auto number = std::stoull(value, &used);
    if (used != value.size())
        throw std::invalid_argument(name + " takes a number, got '" + value + "'");
    return number;
}

bool Arguments::flag(const std::string& name)
{
    return !x_values.extract(name).empty();
}

void Arguments::finish() const
{
    if (!x_values.empty())
        throw std::invalid_argument("unknown option " + x_values.begin()->first);
}

int run_guarded(const char* program, int (*body)(Arguments&), int argc, char** argv)
{
    try {
        Arguments arguments(argc, argv);
        return body(arguments);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s: %s\n", program, error.what());
        return 1;
    }
}

} // namespace cosdiag::bench
