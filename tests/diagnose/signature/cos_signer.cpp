// SPDX-License-Identifier: Apache-2.0
#include "tests/diagnose/signature/cos_signer.hpp"

#include "tests/diagnose/signature/signing_tools.hpp"

#include <cctype>
#include <cstdio>

namespace cosdiag::test {

namespace {

constexpr const char* window = "1795492770;1795493670";

std::string small(std::string text)
{
    for (char& c : text)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

std::map<std::string, std::string> signed_fields(const PlainRequest& request)
{
    auto fields = request.fields;
    fields["host"] = request.host;
    return fields;
}

std::string line(const std::map<std::string, std::string>& pairs, std::string_view also = {})
{
    std::map<std::string, std::string> encoded;
    for (const auto& [name, value] : pairs)
        encoded[small(encode(name))] = encode(value, also);
    std::string out;
    for (const auto& [name, value] : encoded)
        out += (out.empty() ? "" : "&") + name + "=" + value;
    return out;
}

std::string names(const std::map<std::string, std::string>& pairs)
{
    std::map<std::string, int> sorted;
    for (const auto& pair : pairs)
        sorted[small(encode(pair.first))] = 0;
    std::string out;
    for (const auto& each : sorted)
        out += (out.empty() ? "" : ";") + each.first;
    return out;
}

bool set(std::string& place, std::string other)
{
    const bool differs = place != other;
    place = std::move(other);
    return differs;
}

std::string lower_escapes(std::string text)
{
    for (std::size_t i = 0; i + 2 < text.size(); ++i)
        if (text[i] == '%')
            for (const std::size_t at : {i + 1, i + 2})
                text[at] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[at])));
    return text;
}

} // namespace

std::string encode(std::string_view text, std::string_view also)
{
    std::string out;
    for (const char c : text) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0 ||
            std::string_view("-_.~").find(c) != std::string_view::npos ||
            also.find(c) != std::string_view::npos) {
            out += c;
        } else {
            char escape[4];
            std::snprintf(escape, sizeof escape, "%%%02X", static_cast<unsigned char>(c));
            out += escape;
        }
    }
    return out;
}

Signing::Signing(const PlainRequest& plain, std::string_view secret_key)
    : request(plain),
      method(small(plain.method)),
      path(plain.key),
      parameters(line(plain.parameters)),
      fields(line(signed_fields(plain))),
      secret(secret_key),
      sign_key_time(window),
      sign_time(window)
{
}

std::string Signing::http_string() const
{
    return method + "\n" + path + "\n" + parameters + "\n" + fields + "\n";
}

std::string Signing::signature() const
{
    const auto key = hmac_sha1(secret, sign_key_time);
    return hex_of(hmac_sha1(
        raw_sign_key ? key : hex_of(key), "sha1\n" + sign_time + "\n" + sha1_of(http_string()) + "\n"
    ));
}

std::string target_of(const PlainRequest& request)
{
    std::string out = encode(request.key, "/");
    char mark = '?';
    for (const auto& [name, value] : request.parameters) {
        out += mark + encode(name) + "=" + encode(value);
        mark = '&';
    }
    return out;
}

std::string
authorization_of(const PlainRequest& request, const std::string& secret_id, const std::string& signature)
{
    return "q-sign-algorithm=sha1&q-ak=" + secret_id + "&q-sign-time=" + window + "&q-key-time=" + window +
           "&q-header-list=" + names(signed_fields(request)) +
           "&q-url-param-list=" + names(request.parameters) + "&q-signature=" + signature;
}

const std::vector<Mistake>& mistakes()
{
    static const std::vector<Mistake> all = {
        {"path encoded", "signed-path-differs", [](Signing& s) { return set(s.path, encode(s.path, "/")); }},
        {"path encoded, slashes too",
         "signed-path-differs",
         [](Signing& s) { return set(s.path, encode(s.path)); }},
        {"path encoded twice",
         "signed-path-differs",
         [](Signing& s) { return set(s.path, encode(encode(s.path, "/"), "/")); }},
        {"path without slash",
         "signed-path-differs",
         [](Signing& s) { return set(s.path, s.path.substr(1)); }},
        {"path with two slashes",
         "signed-path-differs",
         [](Signing& s) { return set(s.path, "/" + s.path); }},
        {"blank for plus",
         "signed-path-differs",
         [](Signing& s) { return set(s.path, swapped(s.path, "+", " ")); }},
        {"plus for blank",
         "signed-path-differs",
         [](Signing& s) { return set(s.path, swapped(s.path, " ", "+")); }},
        {"path with query",
         "signed-path-differs",
         [](Signing& s) { return s.path != target_of(s.request) && set(s.path, target_of(s.request)); }},
        {"path as URL",
         "signed-path-differs",
         [](Signing& s) { return set(s.path, "https://" + s.request.host + s.path); }},
        {"host with port",
         "signed-host-differs",
         [](Signing& s) {
             return set(
                 s.fields, swapped(s.fields, "host=" + s.request.host, "host=" + s.request.host + "%3A443")
             );
         }},
        {"other host",
         "signed-host-differs",
         [](Signing& s) { return set(s.fields, swapped(s.fields, "myqcloud.com", "tencentcos.cn")); }},
        {"host of the region",
         "signed-host-differs",
         [](Signing& s) { return set(s.fields, swapped(s.fields, "examplebucket-1250000000.", "")); }},
        {"method of another call",
         "signed-method-differs",
         [](Signing& s) { return set(s.method, s.method == "get" ? "put" : "get"); }},
        {"method in upper case",
         "signed-method-differs",
         [](Signing& s) { return set(s.method, s.request.method); }},
        {"field left out",
         "signed-header-changed",
         [](Signing& s) {
             auto fields = signed_fields(s.request);
             return !s.request.fields.empty() && fields.erase(s.request.fields.begin()->first) == 1 &&
                    set(s.fields, line(fields));
         }},
        {"field without value",
         "signed-header-changed",
         [](Signing& s) {
             auto fields = signed_fields(s.request);
             return !s.request.fields.empty() && (fields[s.request.fields.begin()->first].clear(), true) &&
                    set(s.fields, line(fields));
         }},
        {"fields not encoded",
         "signed-header-changed",
         [](Signing& s) {
             std::string raw;
             for (const auto& [name, value] : signed_fields(s.request))
                 raw += (raw.empty() ? "" : "&") + name + "=" + value;
             return set(s.fields, raw);
         }},
        {"fields with escapes in lower case",
         "signed-header-changed",
         [](Signing& s) { return set(s.fields, lower_escapes(s.fields)); }},
        {"fields with raw slashes",
         "signed-header-changed",
         [](Signing& s) { return set(s.fields, line(signed_fields(s.request), "/")); }},
        {"parameter left out",
         "signed-parameter-differs",
         [](Signing& s) {
             auto parameters = s.request.parameters;
             if (parameters.empty())
                 return false;
             parameters.erase(parameters.begin());
             return set(s.parameters, line(parameters));
         }},
        {"parameters with escapes in lower case",
         "signed-parameter-differs",
         [](Signing& s) { return set(s.parameters, lower_escapes(s.parameters)); }},
        {"parameters not encoded",
         "signed-parameter-differs",
         [](Signing& s) {
             std::string raw;
             for (const auto& [name, value] : s.request.parameters)
                 raw += (raw.empty() ? "" : "&") + name + "=" + value;
             return set(s.parameters, raw);
         }},
        {"parameters as encodeURIComponent has them",
         "signed-parameter-differs",
         [](Signing& s) { return set(s.parameters, line(s.request.parameters, "!'()*")); }},
        {"no parameters", "signed-parameter-differs", [](Signing& s) { return set(s.parameters, ""); }},
        {"secret with LF", "wrong-secret-key", [](Signing& s) { return set(s.secret, s.secret + "\n"); }},
        {"secret with blank", "wrong-secret-key", [](Signing& s) { return set(s.secret, " " + s.secret); }},
        {"secret in quotes",
         "wrong-secret-key",
         [](Signing& s) { return set(s.secret, "\"" + s.secret + "\""); }},
        {"another identity's secret",
         "wrong-secret-key",
         [](Signing& s) { return set(s.secret, "OTHERsecretOfAnotherUser00000000"); }},
        {"SignKey as octets", "wrong-secret-key", [](Signing& s) { return s.raw_sign_key = true; }},
        {"key time encoded",
         "signature-mismatch",
         [](Signing& s) { return set(s.sign_key_time, swapped(s.sign_key_time, ";", "%3B")); }},
        {"sign time encoded",
         "signature-mismatch",
         [](Signing& s) { return set(s.sign_time, swapped(s.sign_time, ";", "%3B")); }},
    };
    return all;
}

} // namespace cosdiag::test
