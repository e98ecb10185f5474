// SPDX-License-Identifier: Apache-2.0
// Where diagnoses go: JSON lines to a file or a stream, or blocks for people.
#pragma once

#include "diagnose/diagnosis.hpp"
#include "diagnose/language.hpp"
#include "proxy/log/journal.hpp"
#include "proxy/log/line_sink.hpp"
#include "proxy/log/notices.hpp"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace cosdiag::log {

/// Fed by the threads that carry traffic, which also put the entry into words; written by a thread of its
/// own: a full disk or a reader that has stopped costs entries, which are counted, and never traffic.
class DiagnosisLog {
public:
    struct Options {
        std::string file;           ///< gets JSON lines; empty: the stream
        std::size_t queue = 4096;   ///< entries that may wait, of 4 KiB each on the average
        int stream = STDOUT_FILENO; ///< or STDERR_FILENO; gets blocks if it is a terminal, else JSON lines
        bool blocks = false;        ///< blocks on the stream even if it is none

        Language language = Language::english; ///< of blocks
        Journal* journal = nullptr;            ///< gets every entry too; may be null

        /// Losses that are no further apart than this are one episode.
        std::chrono::milliseconds episode{5000};

        /// Where the beginning and the end of an episode of losses are told, one line each.
        std::function<void(std::string_view)> tell = warn;
    };

    /// Opens the file, created for its owner's eyes only. Throws std::runtime_error that says what failed and
    /// what to do.
    explicit DiagnosisLog(Options options);

    /// See close().
    ~DiagnosisLog();

    DiagnosisLog(const DiagnosisLog&) = delete;
    DiagnosisLog& operator=(const DiagnosisLog&) = delete;

    /// Any thread; never waits for the sink. A diagnosis for which there is no room is dropped and counted.
    void add(const Diagnosis& diagnosis) noexcept;

    /// Closes the file and opens it anew, after it has been rotated away. Any thread.
    void reopen() noexcept;

    /// Writes what waits, for at most 2 s; nothing is written after that. By the thread that made it.
    void close();

    /// Entries that reached the sink whole, and that never will.
    std::uint64_t written() const noexcept { return x_sink_.written(); }

    std::uint64_t dropped() const noexcept { return x_refused_ + x_sink_.lost(); }

private:
    BlockStyle style() const;
    void run();
    void write(Entries& batch, bool reopening) noexcept;
    void tell_losses();
    void tell(const std::string& what) const noexcept;

    Options x_options_;
    LineSink x_sink_;
    bool x_blocks_;
    std::mutex x_mutex_;
    std::condition_variable x_news_;
    Entries x_queue_;
    bool x_asleep_ = false;
    bool x_stopping_ = false;
    bool x_reopen_ = false;
    std::atomic<std::uint64_t> x_refused_{0}; ///< for want of room

    bool x_losing_ = false; ///< an episode is on
    std::uint64_t x_lost_before_ = 0;
    LineSink::Clock::time_point x_last_loss_;

    std::thread x_thread_;
};

} // namespace cosdiag::log
