// SPDX-License-Identifier: Apache-2.0
// What a bucket's owner wrote down about it: CORS and hotlink rules, ACL and policy, kept as they passed by.
#pragma once

#include "diagnose/time.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cosdiag {

enum class DocumentKind : std::uint8_t { cors, referer, acl, policy };

/// As it was when it passed by; it may have been changed since by another way.
struct BucketDocument {
    DocumentKind kind = DocumentKind::cors;
    std::shared_ptr<const std::string> text; ///< empty: the bucket has none
    Seconds ago = 0;
};

/// The document that a call on a bucket's own host is about, told by its path and query: `/?cors`.
std::optional<DocumentKind> document_of(std::string_view target) noexcept;

/// As a reader would call it: `CORS rules`.
std::string_view name_of(DocumentKind kind) noexcept;

/// Used by all threads at once. Bounds: 64 documents of at most 64 KiB, an hour; the oldest gives way.
class Documents {
public:
    static constexpr std::size_t most = 64;
    static constexpr std::size_t largest = 64 * 1024; ///< bytes of one

    /// A larger one is not kept, and what was known of it before is forgotten.
    void keep(std::string_view host, DocumentKind kind, std::string_view text, Seconds now);

    /// Somebody changed it, and what it says now was not seen.
    void forget(std::string_view host, DocumentKind kind) noexcept;

    std::vector<BucketDocument> of_bucket(std::string_view host, Seconds now) const;

private:
    struct Entry {
        std::string bucket;
        DocumentKind kind;
        std::shared_ptr<const std::string> text;
        Seconds at;
    };

    /// Under the lock.
    void erase(std::string_view host, DocumentKind kind) noexcept;

    mutable std::mutex lock_;
    std::vector<Entry> entries_;
    std::atomic<bool> any_{false}; ///< most proxies never see one: then nobody waits for the lock
};

} // namespace cosdiag
