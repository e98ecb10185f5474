// SPDX-License-Identifier: Apache-2.0
#include "proxy/log/diagnosis_log.hpp"

#include "diagnose/render.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

namespace cosdiag::log {

namespace {

/// Long enough to write many entries at once, short enough for who watches.
constexpr auto gather = std::chrono::milliseconds(10);

/// Memory for batches is kept for so long after the last one.
constexpr auto calm = std::chrono::seconds(1);

constexpr auto last_patience = std::chrono::seconds(2);
constexpr std::size_t usual_entry = 4096;

std::string entries(std::uint64_t count)
{
    return std::to_string(count) + (count == 1 ? " entry" : " entries");
}

} // namespace

DiagnosisLog::DiagnosisLog(Options options)
    : x_options_(std::move(options)),
      x_sink_(x_options_.file, x_options_.stream),
      x_blocks_(x_sink_.is_terminal() || (x_options_.blocks && x_options_.file.empty()))
{
    x_options_.queue = std::max<std::size_t>(x_options_.queue, 1);
    x_thread_ = std::thread([this] {
        sigset_t all;
        ::sigfillset(&all); // signals are the main thread's business
        ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
        run();
    });
}

DiagnosisLog::~DiagnosisLog()
{
    close();
}

void DiagnosisLog::close()
{
    if (!x_thread_.joinable())
        return;
    x_sink_.finish_by(LineSink::Clock::now() + last_patience);
    {
        const std::lock_guard lock(x_mutex_);
        x_stopping_ = true;
    }
    x_news_.notify_one();
    x_thread_.join();
}

void DiagnosisLog::add(const Diagnosis& diagnosis) noexcept
{
    try {
        thread_local std::string entry;
        entry.clear();
        if (!x_blocks_ || x_options_.journal != nullptr)
            append_json_line(entry, diagnosis);
        if (x_options_.journal != nullptr)
            x_options_.journal->add(entry);
        if (x_blocks_)
            entry = block(diagnosis, style());
        entry += '\n';
        bool wake = false;
        {
            const std::lock_guard lock(x_mutex_);
            if (x_queue_.size() >= x_options_.queue ||
                (!x_queue_.empty() && x_queue_.text.size() + entry.size() > x_options_.queue * usual_entry)) {
                ++x_refused_;
                return;
            }
            x_queue_.add(entry);
            wake = std::exchange(x_asleep_, false);
        }
        if (wake)
            x_news_.notify_one();
    } catch (const std::exception&) {
        ++x_refused_;
    }
}

BlockStyle DiagnosisLog::style() const
{
    auto style = x_sink_.style();
    style.language = x_options_.language;
    return style;
}

void DiagnosisLog::reopen() noexcept
{
    {
        const std::lock_guard lock(x_mutex_);
        x_reopen_ = true;
        x_asleep_ = false;
    }
    x_news_.notify_one();
}

void DiagnosisLog::run()
{
    Entries batch;
    std::unique_lock lock(x_mutex_);
    for (;;) {
        x_asleep_ = x_queue_.empty();
        const auto news = [this] { return !x_queue_.empty() || x_stopping_ || x_reopen_; };
        if (!x_news_.wait_for(lock, calm, news)) {
            batch.give_back();
            x_queue_.give_back();
            x_news_.wait(lock, news);
        }
        x_asleep_ = false;
        x_news_.wait_for(lock, gather, [this] { return x_stopping_ || x_reopen_; });
        std::swap(batch, x_queue_);
        const bool stopping = x_stopping_;
        const bool reopening = std::exchange(x_reopen_, false);
        lock.unlock();
        write(batch, reopening);
        lock.lock();
        if (stopping && x_queue_.empty())
            break;
    }
    if (x_losing_)
        tell("ends; " + entries(dropped()) + " lost");
}

void DiagnosisLog::write(Entries& batch, bool reopening) noexcept
{
    try {
        if (!batch.empty())
            x_sink_.write(batch);
        if (reopening && !x_sink_.reopen())
            tell(x_sink_.failure() + "; the file opened before is written on");
        tell_losses();
    } catch (const std::exception&) { // out of memory: traffic goes on without these entries
    }
    batch.clear();
}

void DiagnosisLog::tell_losses()
{
    const auto now = LineSink::Clock::now();
    const std::uint64_t lost = dropped();
    if (lost != x_lost_before_) {
        x_lost_before_ = lost;
        x_last_loss_ = now;
        if (!std::exchange(x_losing_, true))
            tell(
                (x_sink_.failure().empty() ? "entries come faster than they can be written"
                                           : x_sink_.failure()) +
                "; " + entries(lost) + " lost so far. Traffic is not affected"
            );
    } else if (x_losing_ && now - x_last_loss_ >= x_options_.episode) {
        x_losing_ = false;
        tell(x_sink_.name() + " takes entries again; " + entries(lost) + " lost so far");
    }
}

void DiagnosisLog::tell(const std::string& what) const noexcept
{
    try {
        x_options_.tell("diagnosis log: " + what);
    } catch (const std::exception&) { // the entries matter more than what is said of them
    }
}

} // namespace cosdiag::log
