// SPDX-License-Identifier: Apache-2.0
// A byte stream: try now, wait if you must.
#pragma once

#include "proxy/net/waiter.hpp"

#include <sys/uio.h>

#include <cstddef>
#include <memory>
#include <span>

namespace cosdiag::net {

class Pipe;

enum class Io : std::uint8_t {
    moved,   ///< at least one byte
    blocked, ///< nothing now; want_read or want_write tells when
    ended,   ///< reading only: the peer sent FIN
    failed,  ///< the connection was reset or broke; `error` says how
};

struct IoResult {
    Io io = Io::blocked;
    std::size_t bytes = 0;
    int error = 0; ///< errno
};

/// One end of a connection. Owned by one session at a time; a single thread's.
class Stream {
public:
    /// Reads what is there, at most the span.
    virtual IoResult read(std::span<char> into) = 0;

    /// Writes what fits, as one packet if it does.
    virtual IoResult write(std::span<const iovec> from) = 0;

    /// Whether read() is worth trying: false once it was blocked, until on_ready() told of more.
    virtual bool may_read() const noexcept { return true; }

    /// What read() would meet, taking nothing: bytes (`moved`), the end, a failure, or nothing yet.
    virtual IoResult peek() = 0;

    /// Moves bytes without their passing through user space. Only if `can_splice`.
    virtual bool can_splice() const noexcept { return false; }

    virtual IoResult splice_to(Pipe&, std::size_t) { return {}; }

    virtual IoResult splice_from(Pipe&) { return {}; }

    /// Asks for one on_ready() once reading, or writing, may get further.
    virtual void want_read() = 0;
    virtual void want_write() = 0;

    /// Asks for one on_ready() soon, whatever the stream is ready for.
    virtual void poke() = 0;

    /// Ends the writing half (FIN); reading goes on.
    virtual void end_write() = 0;

    /// Closes with a reset, so that the peer sees an abort and not an end.
    virtual void abort() = 0;

    /// How a connection attempt stands: `moved` once connected, `blocked` while under way, `failed` with the
    /// error.
    virtual IoResult connected() { return {Io::moved, 0, 0}; }

    /// Closes with FIN and frees the stream, once its last operation has ended. What StreamPtr calls.
    virtual void close_and_free() { delete this; }

    /// Who is told; may be null.
    void watch(Observer* observer) noexcept { x_observer_ = observer; }

protected:
    virtual ~Stream() = default;

    void notify()
    {
        if (x_observer_ != nullptr)
            x_observer_->on_ready();
    }

private:
    Observer* x_observer_ = nullptr;
};

struct StreamDeleter {
    void operator()(Stream* stream) const { stream->close_and_free(); }
};

using StreamPtr = std::unique_ptr<Stream, StreamDeleter>;

/// A pipe(2) that splice(2) moves bytes through.
class Pipe {
public:
    /// Makes the pipe as large as the system lets it be, at most 1 MiB. Throws std::system_error without
    /// descriptors.
    Pipe();
    ~Pipe();
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    int read_end() const noexcept { return x_ends_[0]; }

    int write_end() const noexcept { return x_ends_[1]; }

    std::size_t capacity() const noexcept { return x_capacity_; }

    std::size_t held = 0; ///< bytes inside

private:
    int x_ends_[2];
    std::size_t x_capacity_;
};

} // namespace cosdiag::net
