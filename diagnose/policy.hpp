// SPDX-License-Identifier: Apache-2.0
// Rights as a CAM policy names them (436/18023), and the least policy that grants them.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace cosdiag {

/// Why no resource can name an object and no other.
enum class Unnameable {
    no,
    pattern,     ///< the key has `*`, `?` or `${`, which policies read as patterns
    not_utf8,    ///< a policy is UTF-8, the key is not
    credentials, ///< a presigned query became part of the key, and is not repeated
};

/// One action on one resource.
struct Right {
    std::string action; ///< `name/cos:GetObject`
    std::string
        resource; ///< `qcs::cos:<region>:uid/<appid>:<bucket>/<key>`; empty when not known or unnameable
    Unnameable unnameable = Unnameable::no;

    friend bool operator==(const Right&, const Right&) = default;
};

/// An object, or with an empty key its bucket. Borrowed.
struct Place {
    std::string_view bucket, appid, region, key;
};

/// The right to do an action (without `name/cos:`) there.
Right right_on(std::string_view action, const Place& place);

/// A CAM policy (JSON, version 2.0) that allows exactly these rights; empty when one of them has no resource.
std::string policy_allowing(std::span<const Right> rights);

} // namespace cosdiag
