// SPDX-License-Identifier: Apache-2.0
#include "diagnose/bucket/documents.hpp"

#include "diagnose/bucket/bucket_host.hpp"
#include "diagnose/memory.hpp"
#include "diagnose/text.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

struct Name {
    std::string_view parameter, words;
    DocumentKind kind;
};

constexpr Name names[] = {
    {"cors", "CORS rules", DocumentKind::cors},
    {"referer", "hotlink rules", DocumentKind::referer},
    {"acl", "bucket ACL", DocumentKind::acl},
    {"policy", "bucket policy", DocumentKind::policy},
};

} // namespace

std::optional<DocumentKind> document_of(std::string_view target) noexcept
{
    if (!target.starts_with("/?")) {
        return std::nullopt;
    }
    for (auto query = target.substr(2); !query.empty();) {
        const auto [parameter, rest] = split_at(query, '&');
        const auto name = parameter.substr(0, parameter.find('='));
        for (const auto& known : names) {
            if (name == known.parameter) {
                return known.kind;
            }
        }
        query = rest;
    }
    return std::nullopt;
}

std::string_view name_of(DocumentKind kind) noexcept
{
    const auto* const known = std::find_if(std::begin(names), std::end(names), [kind](const Name& name) {
        return name.kind == kind;
    });
    return known == std::end(names) ? std::string_view{} : known->words;
}

void Documents::keep(std::string_view host, DocumentKind kind, std::string_view text, Seconds now)
{
    if (text.size() > largest) {
        forget(host, kind);
        return;
    }
    Entry entry{std::string(bucket_of(host)), kind, std::make_shared<const std::string>(text), now};
    const std::lock_guard lock(lock_);
    erase(host, kind);
    if (entries_.size() == most) {
        entries_.erase(std::min_element(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
            return a.at < b.at;
        }));
    }
    entries_.push_back(std::move(entry));
    any_ = true;
}

void Documents::forget(std::string_view host, DocumentKind kind) noexcept
{
    if (!any_) {
        return;
    }
    const std::lock_guard lock(lock_);
    erase(host, kind);
}

void Documents::erase(std::string_view host, DocumentKind kind) noexcept
{
    std::erase_if(entries_, [bucket = bucket_of(host), kind](const Entry& entry) {
        return entry.kind == kind && same_name(entry.bucket, bucket);
    });
}

std::vector<BucketDocument> Documents::of_bucket(std::string_view host, Seconds now) const
{
    std::vector<BucketDocument> out;
    if (!any_) {
        return out;
    }
    const auto bucket = bucket_of(host);
    const std::lock_guard lock(lock_);
    for (const auto& entry : entries_) {
        const auto ago = std::max<Seconds>(now - entry.at, 0);
        if (ago <= Memory::lifetime && same_name(entry.bucket, bucket)) {
            out.push_back({entry.kind, entry.text, ago});
        }
    }
    return out;
}

} // namespace cosdiag
