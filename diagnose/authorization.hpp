// SPDX-License-Identifier: Apache-2.0
// The credentials a request bears, wherever it bears them. Signatures and tokens are counted, not kept.
#pragma once

#include "diagnose/exchange.hpp"
#include "diagnose/form.hpp"
#include "diagnose/query.hpp"
#include "diagnose/secret.hpp"
#include "diagnose/sign_window.hpp"
#include "diagnose/time.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cosdiag {

/// Whether the request bears credentials; `unseen` where the place for them was not observed.
enum class Presence { unseen, absent, present };

enum class SignatureScheme {
    none,
    cos,    ///< q-sign-algorithm=… (436/7778)
    aws_v2, ///< AWS <id>:<signature>
    aws_v4, ///< AWS4-HMAC-SHA256 …
    other,  ///< an Authorization of another kind
};

enum class Carrier { none, header, query, form };

struct Authorization {
    Presence presence = Presence::unseen;
    SignatureScheme scheme = SignatureScheme::none;
    Carrier carrier = Carrier::none;
    bool beside_other = false; ///< an Authorization field of a kind that COS does not know came along
    std::optional<std::string> key_id;
    std::optional<std::string> sign_time, key_time;     ///< q-sign-time and q-key-time as sent
    std::optional<std::string> header_list, param_list; ///< q-header-list and q-url-param-list as sent
    std::optional<Secret> signature;
    std::optional<Secret> token;
    std::optional<Seconds> stamped_at; ///< X-Amz-Date or the date that AWS V2 signs
    std::optional<Seconds> ends_at;    ///< the end of an AWS presigned URL
    std::optional<Window> window;      ///< where q-sign-time and q-key-time both hold
    WindowFault window_fault = WindowFault::none;

    [[nodiscard]] bool presigned() const noexcept { return carrier == Carrier::query; }
};

/// The access key id of an Authorization field or else of a query, as it stands there; empty where there is
/// none. For every request: it allocates nothing and looks no further than it must.
std::string_view find_key_id(std::string_view authorization, std::string_view target) noexcept;

/// Looks in the Authorization field, then the query, then the form. An empty Authorization is none: SDKs send
/// that for anonymous requests; and one that COS does not know gives way to a signature elsewhere. `form` is
/// null where the request is no form upload or its body was not kept.
Authorization
read_authorization(std::span<const Field> fields, const Target& target, bool form_upload, const Form* form);

} // namespace cosdiag
