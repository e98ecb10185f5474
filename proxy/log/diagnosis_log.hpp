// SPDX-License-Identifier: Apache-2.0
// Where diagnoses go: JSON lines to a file or to standard output, or blocks on a terminal.
#pragma once

#include "diagnose/diagnosis.hpp"
#include "proxy/log/line_sink.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace cosdiag::log {

/// Fed by the threads that carry traffic, which also put the entry into words; written by a thread of its
/// own: a full disk or a reader that has stopped costs entries, which are counted, and never traffic.
class DiagnosisLog {
public:
    struct Options {
        std::string file;         ///< empty: standard output
        std::size_t queue = 4096; ///< entries that may wait
    };

    /// Opens the file, created for its owner's eyes only. Throws std::runtime_error that says what failed and
    /// what to do.
    explicit DiagnosisLog(const Options& options);

    /// Writes what waits, for at most 2 s.
    ~DiagnosisLog();

    DiagnosisLog(const DiagnosisLog&) = delete;
    DiagnosisLog& operator=(const DiagnosisLog&) = delete;

    /// Any thread; never waits for the sink. A diagnosis for which there is no room is dropped and counted.
    void add(const Diagnosis& diagnosis) noexcept;

    /// Closes the file and opens it anew, after it has been rotated away. Any thread.
    void reopen() noexcept;

    /// Entries that reached the sink, and that did not.
    std::uint64_t written() const noexcept { return x_written_; }

    std::uint64_t dropped() const noexcept { return x_dropped_; }

private:
    /// Entries, one behind the other.
    struct Batch {
        std::string text;
        std::size_t count = 0;
    };

    void run();
    void write(Batch& batch);
    void tell_losses();

    std::size_t x_most_;
    LineSink x_sink_;
    std::mutex x_mutex_;
    std::condition_variable x_news_;
    Batch x_queue_;
    bool x_asleep_ = false;
    std::atomic<bool> x_stopping_{false};
    bool x_reopen_ = false;
    std::atomic<std::uint64_t> x_written_{0};
    std::atomic<std::uint64_t> x_dropped_{0};
    std::uint64_t x_told_ = 0; ///< losses already spoken of
    std::thread x_thread_;
};

} // namespace cosdiag::log
