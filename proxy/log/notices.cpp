// SPDX-License-Identifier: Apache-2.0
#include "proxy/log/notices.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdlib>

namespace cosdiag::log {

namespace {

spdlog::logger& logger()
{
    static const auto instance = [] {
        auto sink = std::make_shared<spdlog::sinks::ansicolor_stderr_sink_mt>(
            wants_colour(STDERR_FILENO) ? spdlog::color_mode::always : spdlog::color_mode::never
        );
        auto made = std::make_shared<spdlog::logger>("cosdiag", std::move(sink));
        made->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %^%l%$ %v");
        made->flush_on(spdlog::level::trace);
        return made;
    }();
    return *instance;
}

void tell(spdlog::level::level_enum level, std::string_view text)
{
    const std::string safe = harmless(text);
    logger().log(level, spdlog::string_view_t(safe.data(), safe.size()));
}

} // namespace

void note(std::string_view text)
{
    tell(spdlog::level::info, text);
}

void warn(std::string_view text)
{
    tell(spdlog::level::warn, text);
}

void error(std::string_view text)
{
    tell(spdlog::level::err, text);
}

std::string harmless(std::string_view text, std::size_t limit)
{
    constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (const char c : text.substr(0, limit)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte != 0x7f) {
            out += c;
            continue;
        }
        out += "\\x";
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    if (text.size() > limit)
        out += "…";
    return out;
}

bool wants_colour(int descriptor)
{
    const char* const no_color =
        std::getenv("NO_COLOR");                  // NOLINT(concurrency-mt-unsafe): nothing here sets one
    const char* const term = std::getenv("TERM"); // NOLINT(concurrency-mt-unsafe)
    return ::isatty(descriptor) == 1 && (no_color == nullptr || *no_color == '\0') &&
           (term == nullptr || std::string_view(term) != "dumb");
}

} // namespace cosdiag::log
