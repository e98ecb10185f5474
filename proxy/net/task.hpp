// SPDX-License-Identifier: Apache-2.0
// The coroutine types of a connection: Task, awaited by another coroutine, and Detached, which nobody awaits.
// Why not asio::awaitable: a session waits for any of four readiness events and a deadline at once, which
// there takes a coroutine and an operation object for each; here it is one resumption.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace cosdiag::net {

namespace detail {

struct FinalAwaiter {
    bool await_ready() const noexcept { return false; }

    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> self) const noexcept
    {
        return self.promise().continuation;
    }

    void await_resume() const noexcept {}
};

struct PromiseBase {
    std::coroutine_handle<> continuation = std::noop_coroutine();
    std::exception_ptr failure;

    std::suspend_always initial_suspend() const noexcept { return {}; }

    FinalAwaiter final_suspend() const noexcept { return {}; }

    void unhandled_exception() noexcept { failure = std::current_exception(); }
};

template <class T>
struct Promise : PromiseBase {
    std::optional<T> value;

    template <class U>
    void return_value(U&& result)
    {
        value.emplace(std::forward<U>(result));
    }

    T take()
    {
        if (failure)
            std::rethrow_exception(failure);
        return std::move(*value);
    }
};

template <>
struct Promise<void> : PromiseBase {
    void return_void() const noexcept {}

    void take() const
    {
        if (failure)
            std::rethrow_exception(failure);
    }
};

} // namespace detail

/// A coroutine that starts when it is awaited, once. Its frame dies with the Task.
template <class T = void>
class [[nodiscard]] Task {
public:
    struct promise_type : detail::Promise<T> {
        Task get_return_object() noexcept
        {
            return Task(std::coroutine_handle<promise_type>::from_promise(*this));
        }
    };

    Task(Task&& other) noexcept : x_frame_(std::exchange(other.x_frame_, {})) {}

    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;
    Task& operator=(Task&&) = delete;

    ~Task()
    {
        if (x_frame_)
            x_frame_.destroy();
    }

    bool await_ready() const noexcept { return false; }

    std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept
    {
        x_frame_.promise().continuation = awaiting;
        return x_frame_;
    }

    T await_resume() { return x_frame_.promise().take(); }

private:
    explicit Task(std::coroutine_handle<promise_type> frame) noexcept : x_frame_(frame) {}

    std::coroutine_handle<promise_type> x_frame_;
};

/// A coroutine that runs at once and frees itself at its end. An exception that leaves it ends the program.
struct Detached {
    struct promise_type {
        Detached get_return_object() const noexcept { return {}; }

        std::suspend_never initial_suspend() const noexcept { return {}; }

        std::suspend_never final_suspend() const noexcept { return {}; }

        void return_void() const noexcept {}

        [[noreturn]] void unhandled_exception() const noexcept { std::terminate(); }
    };
};

} // namespace cosdiag::net
