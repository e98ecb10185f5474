// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/context.hpp"

#include "proxy/net/work.hpp"

#include <malloc.h>

#include <ctime>

namespace cosdiag::net {

namespace {

constexpr Ticks tidy_every = 1000;

/// So many things let go of are worth a look through all of the allocator's memory.
constexpr std::size_t burst = 256;
constexpr std::size_t spares_worth = 8;

constexpr std::size_t usual_fields = 256; ///< lines; what held more goes back to the system

} // namespace

Context::Context(
    asio::io_context& io_,
    const config::Config& config_,
    const http::Identity& identity_,
    const Access& access_,
    const Parents& parents_,
    Dialer& dialer_,
    Examiner& examiner_,
    Meters& meters_,
    tls::ServerContext* interception_
)
    : io(io_),
      config(config_),
      identity(identity_),
      access(access_),
      parents(parents_),
      dialer(dialer_),
      examiner(examiner_),
      meters(meters_),
      interception(interception_),
      wheel(now()),
      pool(wheel, config_.timeouts.upstream_keep_alive.count(), meters_.pooled),
      users(config_.access.users),
      x_tidy_(*this)
{
}

Context::~Context() = default;

std::unique_ptr<Work> Context::take_work()
{
    std::unique_ptr<Work> work;
    if (x_spare_work_.all.empty())
        work = std::make_unique<Work>(*this);
    else
        work = x_spare_work_.take();
    work->input = stores.take_small();
    work->begin();
    return work;
}

void Context::give(std::unique_ptr<Work> work)
{
    if (!work)
        return;
    work->exchange.release();
    stores.give(std::move(work->input));
    work->input = Buffer();
    if (!x_spare_work_.full() && work->head.fields.lines().capacity() <= usual_fields)
        x_spare_work_.all.push_back(std::move(work));
    else
        ++x_freed_;
    plan_tidy();
}

void Context::memory_freed()
{
    ++x_freed_;
    plan_tidy();
}

void Context::plan_tidy()
{
    if (!std::exchange(x_tidy_.due, true))
        x_tidy_.set(now() + tidy_every);
}

/// Spares that nobody needed for a second are let go of; after a burst the allocator is asked to do the same.
void Context::tidy()
{
    x_tidy_.due = false;
    x_freed_ += x_spare_work_.shrink() + stores.shrink();
    const bool calm = x_spare_work_.all.empty() && stores.empty();
    if (x_freed_ >= burst || (calm && x_freed_ >= spares_worth)) {
        x_freed_ = 0;
        ::malloc_trim(0);
    }
    if (!calm)
        plan_tidy();
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
