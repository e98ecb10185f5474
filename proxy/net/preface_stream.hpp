// SPDX-License-Identifier: Apache-2.0
// A stream of which somebody has read the first bytes already: they come first.
#pragma once

#include "proxy/net/stream.hpp"

#include <string>

namespace cosdiag::net {

class PrefaceStream final : public Stream, private Observer {
public:
    /// Takes the stream over.
    PrefaceStream(StreamPtr inner, std::string preface)
        : x_inner_(std::move(inner)), x_preface_(std::move(preface))
    {
        x_inner_->watch(this);
    }

    PrefaceStream(const PrefaceStream&) = delete;
    PrefaceStream& operator=(const PrefaceStream&) = delete;
    ~PrefaceStream() override = default;

    IoResult read(std::span<char> into) override
    {
        if (x_preface_.empty())
            return x_inner_->read(into);
        const std::size_t size = x_preface_.copy(into.data(), into.size());
        x_preface_.erase(0, size);
        return {Io::moved, size, 0};
    }

    IoResult write(std::span<const iovec> from) override { return x_inner_->write(from); }

    bool may_read() const noexcept override { return !x_preface_.empty() || x_inner_->may_read(); }

    IoResult peek() override { return x_preface_.empty() ? x_inner_->peek() : IoResult{Io::moved, 1, 0}; }

    bool can_splice() const noexcept override { return x_preface_.empty() && x_inner_->can_splice(); }

    IoResult splice_to(Pipe& pipe, std::size_t most) override { return x_inner_->splice_to(pipe, most); }

    IoResult splice_from(Pipe& pipe) override { return x_inner_->splice_from(pipe); }

    void want_read() override { x_preface_.empty() ? x_inner_->want_read() : x_inner_->poke(); }

    void want_write() override { x_inner_->want_write(); }

    void poke() override { x_inner_->poke(); }

    void end_write() override { x_inner_->end_write(); }

    void abort() override { x_inner_->abort(); }

private:
    void on_ready() override { notify(); }

    StreamPtr x_inner_;
    std::string x_preface_;
};

} // namespace cosdiag::net
