// SPDX-License-Identifier: Apache-2.0
#include "proxy/log/diagnosis_log.hpp"

#include "diagnose/render.hpp"
#include "proxy/log/notices.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

namespace cosdiag::log {

namespace {

/// Long enough to write many entries at once, short enough for who watches.
constexpr auto gather = std::chrono::milliseconds(10);

/// Memory for batches is kept for so long after the last one.
constexpr auto calm = std::chrono::seconds(1);
constexpr std::chrono::milliseconds patience(200);
constexpr std::chrono::milliseconds last_patience(2000);

} // namespace

DiagnosisLog::DiagnosisLog(const Options& options)
    : x_most_(std::max<std::size_t>(options.queue, 1)), x_sink_(options.file)
{
    x_thread_ = std::thread([this] {
        sigset_t all;
        ::sigfillset(&all); // signals are the main thread's business
        ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
        run();
    });
}

DiagnosisLog::~DiagnosisLog()
{
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
        if (x_sink_.is_terminal())
            entry = block(diagnosis, x_sink_.style());
        else
            append_json_line(entry, diagnosis);
        entry += '\n';
        bool wake = false;
        {
            const std::lock_guard lock(x_mutex_);
            if (x_queue_.count == x_most_) {
                ++x_dropped_;
                return;
            }
            x_queue_.text += entry;
            ++x_queue_.count;
            wake = std::exchange(x_asleep_, false);
        }
        if (wake)
            x_news_.notify_one();
    } catch (const std::exception&) {
        ++x_dropped_;
    }
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
    Batch batch;
    std::unique_lock lock(x_mutex_);
    for (;;) {
        x_asleep_ = x_queue_.count == 0;
        const auto news = [this] { return x_queue_.count != 0 || x_stopping_ || x_reopen_; };
        if (!x_news_.wait_for(lock, calm, news)) {
            batch.text = std::string();
            x_queue_.text = std::string();
            x_news_.wait(lock, news);
        }
        x_asleep_ = false;
        x_news_.wait_for(lock, gather, [this] { return x_stopping_ || x_reopen_; });
        std::swap(batch, x_queue_);
        const bool stopping = x_stopping_;
        const bool reopening = std::exchange(x_reopen_, false);
        lock.unlock();
        write(batch);
        if (reopening && !x_sink_.reopen())
            warn(x_sink_.failure() + "; the old file is written on");
        tell_losses();
        lock.lock();
        if (stopping && x_queue_.count == 0)
            return;
    }
}

void DiagnosisLog::write(Batch& batch)
{
    if (batch.count != 0) {
        const std::size_t reached =
            x_sink_.write(batch.text, batch.count, x_stopping_ ? last_patience : patience);
        x_written_ += reached;
        x_dropped_ += batch.count - reached;
    }
    batch.count = 0;
    batch.text.clear();
}

/// Once for each run of losses, not for each entry.
void DiagnosisLog::tell_losses()
{
    const std::uint64_t lost = x_dropped_;
    if (lost < std::max<std::uint64_t>(x_told_ * 2, 1) || lost == x_told_)
        return;
    x_told_ = lost;
    const std::string why =
        x_sink_.failure().empty() ? "entries come faster than they can be written" : x_sink_.failure();
    warn(
        "diagnosis log: " + why + "; " + std::to_string(lost) +
        " entries lost so far. Traffic is not affected"
    );
}

} // namespace cosdiag::log
