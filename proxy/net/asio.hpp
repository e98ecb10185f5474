// SPDX-License-Identifier: Apache-2.0
// The parts of Asio that are used; precompiled, because they are what compiling here costs.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

namespace cosdiag::net {

namespace asio = boost::asio;

/// Concrete all the way down: a type-erased executor costs on every operation.
using Executor = asio::io_context::executor_type;
using TcpAcceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;
using Timer = asio::
    basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;

} // namespace cosdiag::net
