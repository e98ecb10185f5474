// SPDX-License-Identifier: Apache-2.0
// What passed before: which key did which call where, what was readable without a signature, which class an
// object has, which token came with which key. Kept as hashes, for an hour at most, and in a bounded room.
#pragma once

#include "diagnose/time.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace cosdiag {

/// One call as far as memory tells calls apart. Borrowed.
struct Passage {
    Seconds at = 0; ///< our clock
    std::string_view method, target, host;
    std::string_view key_id; ///< empty: no signature
    std::string_view token;  ///< empty: none
    std::string_view client; ///< address
    bool retry = false;      ///< the client says so (x-cos-sdk-retry)
};

/// The clock of whoever signed, as its earlier requests showed it.
struct SignerClock {
    Seconds offset = 0; ///< its clock minus COS's, at least
    Seconds slack = 0;  ///< and at most so much more
    unsigned samples = 0;
    Seconds ago = 0; ///< since the last of them
};

/// What memory knows that bears on a refused call. Times are seconds before it.
struct Recollection {
    std::optional<Seconds> same_call;      ///< this key made this call on this object
    std::optional<Seconds> same_folder;    ///< this key made this call in the same folder
    std::optional<Seconds> same_key;       ///< this key made some call on this bucket
    std::optional<Seconds> read_unsigned;  ///< somebody read this object without a signature
    std::string_view storage_class;        ///< of this object when it was last seen; empty: not seen
    std::optional<bool> token_of_this_key; ///< whether the token came with this key before; empty: not seen
    std::optional<SignerClock> signer_clock;
};

/// Which attempt at one call a refusal is.
struct Attempt {
    unsigned number = 1;
    std::string first_id; ///< of the first refusal's diagnosis; empty for the first
};

/// Used by all threads at once. Bounds: 131,072 facts in 2 MiB, which are taken from the system as they are
/// needed, and 1,024 refusals; the oldest of four gives way.
class Memory {
public:
    static constexpr Seconds lifetime = 3600;
    static constexpr Seconds retry_within = 60; ///< where the client says that it is one
    static constexpr Seconds same_within = 10;  ///< where it does not

    Memory();

    /// A call that COS allowed; `storage_class` as in x-cos-storage-class, empty where there was none.
    void remember(const Passage& allowed, std::string_view storage_class) noexcept;

    /// An object's class as a list of objects shows it. `path`: percent-encoded, with its slash.
    void remember_class(
        std::string_view host, std::string_view path, std::string_view storage_class, Seconds at
    ) noexcept;

    Recollection recall(const Passage& refused) const noexcept;

    /// Notes a refusal under its diagnosis's id.
    Attempt refuse(const Passage& refused, std::string_view id);

private:
    struct Slot {
        std::uint64_t tag;
        std::uint32_t at; ///< seconds since the first passage, plus one; 0: free
        std::uint32_t value;
    };

    struct Refusal {
        std::uint64_t tag = 0;
        Seconds at = 0;
        unsigned count = 0;
        std::string first_id;
    };

    struct Free {
        void operator()(Slot* slots) const noexcept { std::free(slots); }
    };

    static constexpr std::size_t ways = 4;
    static constexpr std::size_t rows = 32768;
    static constexpr std::size_t locks = 64;
    static_assert(rows % locks == 0);

    static std::size_t row_of(std::uint64_t tag) noexcept { return tag % rows * ways; }

    /// The same for all tags of a row, since `locks` divides `rows`.
    std::mutex& lock_of(std::uint64_t tag) const noexcept { return locks_[tag % locks]; }

    std::uint32_t stamp(Seconds at) const noexcept;
    void put(std::uint64_t tag, Seconds at, std::uint32_t value = 0) noexcept;
    void put_class(std::uint64_t tag, std::string_view storage_class, Seconds at) noexcept;
    const Slot* find(std::uint64_t tag) const noexcept;
    std::optional<Seconds> age(std::uint64_t tag, Seconds now) const noexcept;

    const std::uint64_t seed_;
    std::unique_ptr<Slot[], Free>
        slots_; ///< null when there was no memory for it: then nothing is remembered
    mutable std::array<std::mutex, locks> locks_;
    std::mutex refusals_lock_;
    std::array<Refusal, 1024> refusals_;
};

} // namespace cosdiag
