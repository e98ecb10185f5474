// SPDX-License-Identifier: Apache-2.0
#include "config/load.hpp"

#include "config/loader.hpp"

#include <cerrno>
#include <fstream>
#include <system_error>

namespace cosdiag::config {

namespace {

constexpr std::size_t mib = 1024 * kib;

Faults whole_file(std::string what)
{
    return {Fault{{}, {}, {std::move(what), {}}}};
}

} // namespace

std::variant<Loaded, Faults> load(std::string_view text)
{
    try {
        const auto documents = YAML::LoadAll(std::string(text));
        if (documents.size() > 1)
            return whole_file(
                "holds " + std::to_string(documents.size()) + " YAML documents, where one is wanted"
            );
        return Loader().load(documents.empty() ? YAML::Node() : documents.front());
    } catch (const YAML::Exception& error) {
        const Position at{error.mark.line + 1, error.mark.column + 1};
        return Faults{{{}, at, {"is no YAML: " + error.msg, ""}}};
    }
}

std::variant<Loaded, Faults> load_file(const std::string& name)
{
    errno = 0;
    std::ifstream file(name, std::ios::binary);
    std::string text(mib + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file.eof() && !file)
        return whole_file("cannot be read: " + std::generic_category().message(errno));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > mib)
        return whole_file("is larger than 1 MiB, too large for a settings file");
    return load(text);
}

} // namespace cosdiag::config
