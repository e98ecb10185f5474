// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/context.hpp"

#include "proxy/net/work.hpp"

#include <ctime>

namespace cosdiag::net {

namespace {

constexpr std::size_t spare_work = 16;
constexpr std::size_t usual_fields = 256; ///< lines; what held more goes back to the system

} // namespace

Context::Context(
    asio::io_context& io_,
    const config::Config& config_,
    const http::Identity& identity_,
    const Access& access_,
    Dialer& dialer_,
    Examiner& examiner_
)
    : io(io_),
      config(config_),
      identity(identity_),
      access(access_),
      dialer(dialer_),
      examiner(examiner_),
      wheel(now()),
      pool(wheel, config_.timeouts.upstream_keep_alive.count()),
      users(config_.access.users)
{
}

Context::~Context() = default;

std::unique_ptr<Work> Context::take_work()
{
    std::unique_ptr<Work> work;
    if (x_spare_work_.empty()) {
        work = std::make_unique<Work>(*this);
    } else {
        work = std::move(x_spare_work_.back());
        x_spare_work_.pop_back();
    }
    work->input = stores.take_small();
    work->scanner.reset();
    return work;
}

void Context::give(std::unique_ptr<Work> work)
{
    if (!work)
        return;
    work->exchange.release();
    stores.give(std::move(work->input));
    work->input = Buffer();
    if (x_spare_work_.size() < spare_work && work->head.fields.lines().capacity() <= usual_fields)
        x_spare_work_.push_back(std::move(work));
}

std::string Context::date()
{
    const std::time_t seconds = std::time(nullptr);
    std::tm time{};
    ::gmtime_r(&seconds, &time);
    char text[40];
    const std::size_t size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &time);
    return {text, size};
}

} // namespace cosdiag::net
