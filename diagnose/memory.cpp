// SPDX-License-Identifier: Apache-2.0
#include "diagnose/memory.hpp"

#include "diagnose/bucket/bucket_host.hpp"

#define XXH_INLINE_ALL // the library as a header: its functions are a few instructions each
#include <xxhash.h>

#include <algorithm>
#include <random>

namespace cosdiag {
namespace {

constexpr Seconds epoch = 1767225600; ///< 2026-01-01: 32 bits of seconds reach until 2162

constexpr std::string_view classes[] = {
    "",
    "STANDARD",
    "STANDARD_IA",
    "INTELLIGENT_TIERING",
    "ARCHIVE",
    "DEEP_ARCHIVE",
    "COLD_ARCHIVE",
    "MAZ_STANDARD",
    "MAZ_STANDARD_IA",
    "MAZ_INTELLIGENT_TIERING",
    "MAZ_ARCHIVE",
};

/// Kinds of facts, so that equal texts of two kinds do not meet.
enum class Kind : std::uint64_t { call = 1, folder, key, unsigned_read, storage, token, refusal };

/// The parts of a call that tell it from others.
struct Call {
    std::string_view method, bucket, path, folder, subresource;
};

/// Parameters that make another call of a request, as against those that vary it or sign it.
std::string_view subresource_of(std::string_view query) noexcept
{
    const auto name = query.substr(0, query.find_first_of("=&"));
    const bool varies = name.starts_with("q-") || name.starts_with("X-Amz-") ||
                        name.starts_with("response-") || name.starts_with("x-cos-") || name == "sign" ||
                        name == "versionId";
    return varies || name.size() > 24 ? std::string_view{} : name;
}

/// The bucket is told by the host, or by the path's first part.
Call read_call(const Passage& passage) noexcept
{
    const auto question = std::min(passage.target.find('?'), passage.target.size());
    Call call{
        .method = passage.method,
        .bucket = bucket_of(passage.host),
        .path = passage.target.substr(0, question),
        .folder = {},
        .subresource = question < passage.target.size() ? subresource_of(passage.target.substr(question + 1))
                                                        : std::string_view{},
    };
    if (call.path.size() > 1 && is_path_style_host(passage.host)) {
        const auto end = std::min(call.path.find('/', 1), call.path.size());
        call.bucket = call.path.substr(1, end - 1);
        call.path.remove_prefix(end);
    }
    call.folder = call.path.substr(0, call.path.rfind('/') + 1);
    return call;
}

std::uint64_t mix(std::uint64_t seed, std::string_view text) noexcept
{
    return XXH3_64bits_withSeed(text.data(), text.size(), seed);
}

std::uint64_t start(std::uint64_t seed, Kind kind) noexcept
{
    return seed + static_cast<std::uint64_t>(kind) * 0x9E3779B97F4A7C15U;
}

struct Tags {
    std::uint64_t call, folder, key, unsigned_read, storage;
};

Tags tags_of(std::uint64_t seed, const Call& call, std::string_view key_id) noexcept
{
    const auto key = mix(mix(start(seed, Kind::key), key_id), call.bucket);
    const auto action = mix(mix(key, call.method), call.subresource);
    const auto object = mix(mix(start(seed, Kind::storage), call.bucket), call.path);
    return {
        .call = mix(action + static_cast<std::uint64_t>(Kind::call), call.path),
        .folder = mix(action + static_cast<std::uint64_t>(Kind::folder), call.folder),
        .key = key,
        .unsigned_read = object + static_cast<std::uint64_t>(Kind::unsigned_read),
        .storage = object,
    };
}

bool reads(const Call& call) noexcept
{
    return (call.method == "GET" || call.method == "HEAD") && call.subresource.empty();
}

std::uint64_t random_seed()
{
    std::random_device device;
    return std::uint64_t{device()} << 32U | device();
}

} // namespace

Memory::Memory()
    : seed_(random_seed()),
      slots_(static_cast<Slot*>(std::calloc(rows * ways, sizeof(Slot)))) // untouched pages cost nothing
{
}

std::uint32_t Memory::stamp(Seconds at) const noexcept
{
    return static_cast<std::uint32_t>(std::max<Seconds>(at - epoch, 0)) + 1;
}

void Memory::put(std::uint64_t tag, Seconds at, std::uint32_t value) noexcept
{
    // What this thread has just put need not be put again. Seeds differ between memories, and so do their
    // tags.
    struct Put {
        std::uint64_t tag;
        Seconds at;
        std::uint32_t value;
    };

    thread_local std::array<Put, 64> latest{};
    auto& last = latest[tag % latest.size()];
    if (last.tag == tag && last.at == at && last.value == value) {
        return;
    }
    last = {tag, at, value};
    const std::lock_guard lock(lock_of(tag));
    Slot* const row = slots_.get() + row_of(tag);
    Slot* chosen = row;
    for (Slot* slot = row; slot != row + ways; ++slot) {
        if (slot->tag == tag) {
            chosen = slot;
            break;
        }
        if (slot->at < chosen->at) {
            chosen = slot;
        }
    }
    *chosen = {tag, stamp(at), value};
}

const Memory::Slot* Memory::find(std::uint64_t tag) const noexcept
{
    const Slot* const row = slots_.get() + row_of(tag);
    const auto* const at =
        std::find_if(row, row + ways, [tag](const Slot& slot) { return slot.at != 0 && slot.tag == tag; });
    return at == row + ways ? nullptr : at;
}

std::optional<Seconds> Memory::age(std::uint64_t tag, Seconds now) const noexcept
{
    const std::lock_guard lock(lock_of(tag));
    const auto* const slot = find(tag);
    if (slot == nullptr) {
        return std::nullopt;
    }
    const auto passed = std::max<Seconds>(now - epoch + 1 - Seconds{slot->at}, 0);
    return passed <= lifetime ? std::optional(passed) : std::nullopt;
}

void Memory::remember(const Passage& allowed, std::string_view storage_class) noexcept
{
    if (!slots_) {
        return;
    }
    const auto call = read_call(allowed);
    const auto tags = tags_of(seed_, call, allowed.key_id);
    put(tags.call, allowed.at);
    put(tags.folder, allowed.at);
    if (!allowed.key_id.empty()) {
        put(tags.key, allowed.at);
    } else if (reads(call)) {
        put(tags.unsigned_read, allowed.at);
    }
    if (!storage_class.empty() && reads(call)) {
        put_class(tags.storage, storage_class, allowed.at);
    }
    if (!allowed.token.empty()) {
        const auto key = mix(start(seed_, Kind::key), allowed.key_id);
        put(mix(start(seed_, Kind::token), allowed.token), allowed.at, static_cast<std::uint32_t>(key));
    }
}

void Memory::put_class(std::uint64_t tag, std::string_view storage_class, Seconds at) noexcept
{
    const auto* const known = std::find(std::begin(classes), std::end(classes), storage_class);
    if (known != std::end(classes)) {
        put(tag, at, static_cast<std::uint32_t>(known - std::begin(classes)));
    }
}

void Memory::remember_class(
    std::string_view host, std::string_view path, std::string_view storage_class, Seconds at
) noexcept
{
    if (slots_) {
        const auto call = read_call(
            {.at = at, .method = "GET", .target = path, .host = host, .key_id = {}, .token = {}, .client = {}}
        );
        put_class(tags_of(seed_, call, {}).storage, storage_class, at);
    }
}

Recollection Memory::recall(const Passage& refused) const noexcept
{
    Recollection out;
    if (!slots_) {
        return out;
    }
    const auto call = read_call(refused);
    const auto tags = tags_of(seed_, call, refused.key_id);
    out.same_call = age(tags.call, refused.at);
    out.same_folder = age(tags.folder, refused.at);
    out.same_key = age(tags.key, refused.at);
    out.read_unsigned = age(tags.unsigned_read, refused.at);
    if (age(tags.storage, refused.at)) {
        const std::lock_guard lock(lock_of(tags.storage));
        const auto* const slot = find(tags.storage);
        out.storage_class = slot == nullptr ? std::string_view{} : classes[slot->value % std::size(classes)];
    }
    if (!refused.token.empty()) {
        const auto tag = mix(start(seed_, Kind::token), refused.token);
        if (age(tag, refused.at)) {
            const auto key = mix(start(seed_, Kind::key), refused.key_id);
            const std::lock_guard lock(lock_of(tag));
            const auto* const slot = find(tag);
            if (slot != nullptr) {
                out.token_of_this_key = slot->value == static_cast<std::uint32_t>(key);
            }
        }
    }
    return out;
}

Attempt Memory::refuse(const Passage& refused, std::string_view id)
{
    const auto call = read_call(refused);
    const auto who = mix(start(seed_, Kind::refusal), refused.client);
    const auto tag = mix(tags_of(who, call, refused.key_id).call, refused.client);
    const std::lock_guard lock(refusals_lock_);
    auto& place = refusals_[tag % refusals_.size()];
    const auto passed = refused.at - place.at;
    const bool again =
        place.count != 0 && place.tag == tag && passed <= (refused.retry ? retry_within : same_within);
    if (!again) {
        place = {tag, refused.at, 1, std::string(id)};
        return {};
    }
    place.at = refused.at;
    ++place.count;
    return {place.count, place.first_id};
}

} // namespace cosdiag
