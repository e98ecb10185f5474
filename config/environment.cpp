// SPDX-License-Identifier: Apache-2.0
#include "config/environment.hpp"

#include <cstdlib>

namespace cosdiag::config {

namespace {

std::string lookup(const Environment& environment, const char* name)
{
    return environment(name).value_or("");
}

} // namespace

Environment process_environment()
{
    return [](const std::string& name) -> std::optional<std::string> {
        const char* value =
            std::getenv(name.c_str()); // NOLINT(concurrency-mt-unsafe): nothing here ever sets one
        if (value == nullptr)
            return std::nullopt;
        return value;
    };
}

std::string resolve_data_dir(const std::string& configured, const Environment& environment)
{
    if (auto own = lookup(environment, "COSDIAG_DATA_DIR"); !own.empty())
        return own;
    if (!configured.empty())
        return configured;
    if (const auto data = lookup(environment, "XDG_DATA_HOME"); data.starts_with('/'))
        return data + "/cosdiag";
    if (const auto home = lookup(environment, "HOME"); !home.empty())
        return home + "/.local/share/cosdiag";
    return {};
}

std::string resolve_language(const std::string& configured, const Environment& environment)
{
    if (!configured.empty())
        return configured;
    for (const auto* const name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        if (const auto locale = lookup(environment, name); !locale.empty())
            return locale == "zh" || locale.starts_with("zh_") ? "zh" : "en";
    }
    return "en";
}

} // namespace cosdiag::config
