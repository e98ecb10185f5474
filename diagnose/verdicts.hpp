// SPDX-License-Identifier: Apache-2.0
// What a configured secret has shown of a key lately. A storm of refusals is searched as far as time allows;
// the rest of it reuses what was found, and says so.
#pragma once

#include "diagnose/diagnosis.hpp"
#include "diagnose/time.hpp"

#include <array>
#include <mutex>
#include <string>
#include <string_view>

namespace cosdiag {

/// Used by all threads at once. Bounds: 64 keys, 10 s.
class Verdicts {
public:
    static constexpr Seconds lifetime = 10;

    /// Keeps the first finding, if it rests on a secret.
    void keep(const Diagnosis& diagnosis, std::string_view key_id);

    /// Puts the finding of the same key, host and Code first, a degree less sure: this request was not
    /// searched.
    void reuse(Diagnosis& diagnosis, std::string_view key_id) const;

private:
    struct Entry {
        std::string key_id, host, code;
        Seconds at = 0;
        Finding finding;
    };

    const Entry* find(const Diagnosis& diagnosis, std::string_view key_id) const;

    mutable std::mutex lock_;
    std::array<Entry, 64> entries_;
};

} // namespace cosdiag
