// SPDX-License-Identifier: Apache-2.0
#include "proxy/log/notices.hpp"

#include "diagnose/text.hpp"
#include "diagnose/wrap.hpp"
#include "proxy/log/outlet.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <mutex>

namespace cosdiag::log {

namespace {

/// spdlog's own sinks wait for their reader.
class ErrorStream final : public spdlog::sinks::base_sink<std::mutex> {
    void sink_it_(const spdlog::details::log_msg& message) override
    {
        spdlog::memory_buf_t formatted;
        formatter_->format(message, formatted);
        std::string line(formatted.data(), formatted.size());
        if (wants_colour(STDERR_FILENO)) {
            line.insert(message.color_range_end, "\x1b[0m");
            line.insert(message.color_range_start, colour(message.level));
        }
        (void)Outlet::of_stream(STDERR_FILENO).put(line);
    }

    void flush_() override {}

    static const char* colour(spdlog::level::level_enum level)
    {
        switch (level) {
        case spdlog::level::err:
            return "\x1b[31m";
        case spdlog::level::warn:
            return "\x1b[33m";
        default:
            return "\x1b[32m";
        }
    }
};

spdlog::logger& logger()
{
    static const auto instance = [] {
        auto made = std::make_shared<spdlog::logger>("cosdiag", std::make_shared<ErrorStream>());
        made->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %^%l%$ %v");
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
    return shortened(for_terminal(shortened(text, limit)), limit);
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
