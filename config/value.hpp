// SPDX-License-Identifier: Apache-2.0
// Durations, sizes, counts and the rest of the plain values, from text.
#pragma once

#include "config/config.hpp"
#include "config/fault.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace cosdiag::config {

/// Turns a setting's text into its value.
template <class T>
using Parse = std::function<Parsed<T>(std::string_view text)>;

/// `250ms`, `10s`, `5m`, `1h`: a whole number and its unit. A number alone is refused, for nobody could tell
/// what it was meant to be. Values outside the bounds, which are inclusive, are refused as well.
Parse<milliseconds> duration(milliseconds least, milliseconds most);

/// `512B`, `64KiB`, `1MiB`; bytes, with the bounds included.
Parse<std::size_t> size(std::size_t least, std::size_t most);

/// A whole number in decimal digits, with the bounds included.
template <class T>
Parse<T> count(T least, T most);

/// `true` or `false`.
Parsed<bool> parse_switch(std::string_view text);

/// A file's name; empty for whatever the setting falls back to. Refused are control characters, and a `~`
/// that counts on a shell to expand it.
Parsed<std::string> parse_path(std::string_view text);

/// The language of the texts for people: `en`.
Parsed<std::string> parse_language(std::string_view text);

Parsed<ListenerMode> parse_listener_mode(std::string_view text);

Parsed<UpstreamTls> parse_upstream_tls(std::string_view text);

/// A name for HTTP's Basic scheme, which can carry neither a colon nor control characters (RFC 7617 §2).
Parsed<std::string> parse_user_name(std::string_view text);

/// A SecretId. The complaint does not repeat the text, which may be a SecretKey in the wrong place.
Parsed<std::string> parse_secret_id(std::string_view text);

/// The name of a variable of the environment. The complaint does not repeat the text either.
Parsed<std::string> parse_variable(std::string_view text);

/// The number of an account, 1 to 20 digits.
Parsed<std::string> parse_appid(std::string_view text);

/// A hash of crypt(5): yescrypt, bcrypt, SHA-512 or SHA-256. The text never appears in a complaint, as it may
/// be somebody's password.
Parsed<std::string> parse_password_hash(std::string_view text);

/// Threads that serve: 0, for as many as there are cores, to 1024.
Parsed<unsigned> parse_threads(std::string_view text);

} // namespace cosdiag::config
