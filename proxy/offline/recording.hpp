// SPDX-License-Identifier: Apache-2.0
// Exchanges written down elsewhere: by a browser, by curl, by an SDK, by hand. What was not written down is
// missing, which the engine takes for unseen and never for absent.
#pragma once

#include "diagnose/exchange.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cosdiag::offline {

using NamedValue = std::pair<std::string, std::string>;

/// One exchange as far as it was written down. Owns its texts.
struct Recording {
    std::string method, scheme = "https", host, target; ///< empty: not written down
    std::optional<std::vector<NamedValue>> request_fields;
    bool credentials_shown = true; ///< false: the recorder leaves Authorization out
    std::optional<std::string> request_body;
    unsigned status = 0;
    std::optional<std::vector<NamedValue>> response_fields;
    std::optional<std::string> response_body;
    std::optional<Time> at; ///< when the answer came, by the recorder's clock

    std::string error_code;         ///< of COS, where the status was not told with it
    std::vector<std::string> notes; ///< for people: which parts are inferred, and from what

    /// Sets scheme, host and target from an absolute URL, or the target alone from a path.
    void set_url(std::string_view url);

    /// The parts that would have told more, for people: `the fields of the request`, …
    [[nodiscard]] std::vector<std::string_view> missing() const;
};

/// A Recording as the engine wants it. Keeps the views that an Exchange has.
class Replay {
public:
    explicit Replay(const Recording& recording);

    Replay(const Replay&) = delete;
    Replay& operator=(const Replay&) = delete;
    ~Replay() = default;

    const Exchange& exchange() const noexcept { return x_exchange_; }

private:
    std::vector<Field> x_request_fields_, x_response_fields_;
    Exchange x_exchange_;
};

} // namespace cosdiag::offline
