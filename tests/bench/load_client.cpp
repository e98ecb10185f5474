// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/load_client.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <stdexcept>

namespace cosdiag::bench {

namespace {

[[noreturn]] void refuse(const std::string& why)
{
    throw std::runtime_error(why);
}

std::string lower(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return result;
}

std::uint64_t content_length(std::string_view lower_head)
{
    constexpr std::string_view name = "\r\ncontent-length:";
    const auto at = lower_head.find(name);
    if (at == std::string_view::npos)
        refuse("an answer without Content-Length: " + std::string(lower_head));
    auto digits = lower_head.substr(at + name.size());
    digits.remove_prefix(std::min(digits.find_first_not_of(' '), digits.size()));
    std::uint64_t length = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), length);
    return length;
}

} // namespace

Client::Client(const Plan& plan, const Payload& payload, Poll& poll, Tally& tally)
    : x_plan(plan),
      x_payload(payload),
      x_poll(poll),
      x_tally(tally),
      x_request(request_head(plan)),
      x_connect(connect_head(plan))
{
}

void Client::next()
{
    if (x_tally.to_start == 0)
        return;
    --x_tally.to_start;
    ++x_tally.under_way;
    x_active = true;
    x_began = Clock::now();
    auto* const digits = x_request.bytes.data() + x_request.number_at;
    for (auto [place, number] = std::pair(7, ++x_tally.number); place >= 0; --place, number /= 10)
        digits[place] = static_cast<char>('0' + number % 10);
    if (x_link)
        begin_request();
    else
        connect();
}

void Client::connect()
{
    x_link = Link(connect_to(x_plan.target));
    x_poll.add(x_link.socket(), EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, this);
    x_opening_tunnel = x_plan.form == Form::connect;
    x_peer_closes = false;
    if (x_opening_tunnel) {
        x_out = x_connect;
        send_more();
    } else {
        open();
    }
}

/// The way to whoever answers requests is free.
void Client::open()
{
    if (!x_plan.tls) {
        begin_request();
        return;
    }
    x_link.secure(*x_plan.tls, host_of(x_plan));
    x_shaking_hands = true;
    shake_hands();
}

/// True once a request is under way.
bool Client::shake_hands()
{
    if (!x_link.handshake())
        return false;
    x_shaking_hands = false;
    begin_request();
    return true;
}

void Client::begin_request()
{
    x_out = x_request.bytes;
    x_upload_sent = 0;
    send_more();
}

void Client::send_more()
{
    while (!x_out.empty() || (!x_opening_tunnel && x_upload_sent < x_plan.upload) || x_link.unsent() > 0) {
        const bool in_head = !x_out.empty();
        const ssize_t count = send_some();
        if (count < 0 && would_block())
            return;
        if (count < 0)
            fail("send");
        if (in_head)
            x_out.remove_prefix(static_cast<std::size_t>(count));
        else
            x_upload_sent += static_cast<std::uint64_t>(count);
    }
}

ssize_t Client::send_some()
{
    if (!x_out.empty())
        return x_link.send(x_out, {}, x_plan.upload > 0 && !x_opening_tunnel);
    if (x_link.unsent() > 0)
        return x_link.flush() ? 0 : -1;
    return x_link.send(x_payload, x_upload_sent, x_plan.upload - x_upload_sent);
}

void Client::on_ready(std::uint32_t events)
{
    if ((events & EPOLLERR) != 0)
        refuse("a connection failed with error " + std::to_string(connect_error(x_link.socket())));
    const bool ending = (events & (EPOLLRDHUP | EPOLLHUP)) != 0;
    if (!x_active && ending)
        refuse("an idle connection was closed");
    if (x_active && (events & EPOLLOUT) != 0)
        send_more();
    if (x_active && (ending || (events & EPOLLIN) != 0))
        receive(ending);
}

void Client::receive(bool ending)
{
    while (receive_some()) {
        if (!x_in_body || x_body_left > 0)
            continue;
        finish();
        return;
    }
    if (ending && x_active)
        refuse("a connection was closed before its answer was complete");
}

bool Client::receive_some()
{
    if (x_shaking_hands)
        return shake_hands();
    return x_in_body ? receive_body() : receive_head();
}

/// True if the head is complete, so that something may follow.
bool Client::receive_head()
{
    char buffer[4096];
    const ssize_t count = x_link.receive(buffer);
    if (count < 0 && would_block())
        return false;
    if (count < 0)
        fail("recv");
    x_input.append(buffer, static_cast<std::size_t>(count));
    const auto end = x_input.find("\r\n\r\n");
    if (end == std::string::npos)
        return count > 0;
    check_head(std::string_view(x_input).substr(0, end + 2));
    const auto early = x_input.size() - end - 4;
    if (early > x_body_left)
        refuse("an answer was longer than it said");
    x_body_left -= early;
    x_input.clear();
    if (x_opening_tunnel) {
        x_opening_tunnel = false;
        open();
        return false;
    }
    x_in_body = true;
    return true;
}

/// True once the body is complete.
bool Client::receive_body()
{
    while (x_body_left > 0) {
        const ssize_t count = x_link.discard(x_body_left);
        if (count < 0 && would_block())
            return false;
        if (count < 0)
            fail("recv");
        if (count == 0)
            refuse("an answer was cut short");
        x_body_left -= static_cast<std::uint64_t>(count);
    }
    return true;
}

void Client::check_head(std::string_view head)
{
    const auto text = lower(head);
    const int expected = x_opening_tunnel ? 200 : x_plan.status;
    if (text.size() < 12 || !text.starts_with("http/1.") ||
        std::string_view(text).substr(9, 3) != std::to_string(expected))
        refuse("expected status " + std::to_string(expected) + ", got: " + std::string(head));
    if (x_opening_tunnel) {
        x_body_left = 0;
        return;
    }
    x_body_left = content_length(text);
    if (x_plan.answer > 0 && x_body_left != x_plan.answer)
        refuse("expected " + std::to_string(x_plan.answer) + " bytes, got: " + std::string(head));
    if (!x_plan.expected_field.empty() &&
        text.find("\r\n" + x_plan.expected_field + ":") == std::string::npos)
        refuse("an answer without " + x_plan.expected_field + ": " + std::string(head));
    x_peer_closes = text.starts_with("http/1.0") || text.find("\r\nconnection: close") != std::string::npos;
}

void Client::finish()
{
    if (!x_out.empty() || x_upload_sent < x_plan.upload)
        refuse("an answer came before the request was sent");
    x_tally.latencies.push_back(Clock::now() - x_began);
    --x_tally.under_way;
    x_active = false;
    x_in_body = false;
    if (x_plan.fresh || x_peer_closes)
        x_link.close();
    next();
}

} // namespace cosdiag::bench
