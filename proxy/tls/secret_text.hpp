// SPDX-License-Identifier: Apache-2.0
// Texts that leave nothing behind in memory.
#pragma once

#include <string>
#include <string_view>

namespace cosdiag::tls {

/// A text that is overwritten when it goes.
class SecretText {
public:
    explicit SecretText(std::string text) noexcept;
    ~SecretText();
    SecretText(SecretText&& other) noexcept;
    SecretText& operator=(SecretText&& other) noexcept;
    SecretText(const SecretText&) = delete;
    SecretText& operator=(const SecretText&) = delete;

    std::string_view view() const noexcept { return x_text_; }

private:
    void wipe() noexcept;

    std::string x_text_;
};

} // namespace cosdiag::tls
