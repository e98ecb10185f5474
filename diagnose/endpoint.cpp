// SPDX-License-Identifier: Apache-2.0
// Host names of COS. Only shapes that COS itself hands out count: the domains are shared with other products
// whose names customers choose, and a COS host is trusted with more than any other destination.
#include "diagnose/endpoint.hpp"

#include "diagnose/text.hpp"

#include <algorithm>
#include <array>

namespace cosdiag {
namespace {

/// A host name taken apart without allocating. RFC 1035 §2.3.4: at most 253 octets, labels of at most 63.
class HostName {
public:
    explicit HostName(std::string_view host) noexcept // text_ is written as far as it is read
        : text_()
    {
        host = without_port(host);
        if (host.empty() || host.size() > text_.size()) {
            return;
        }
        std::transform(host.begin(), host.end(), text_.begin(), [](char c) { return lower(c); });
        rest_ = {text_.data(), host.size()};
        good_ = consists_of(rest_, [](char c) { return is_alnum(c) || c == '-' || c == '.'; });
    }

    HostName(const HostName&) = delete;
    HostName& operator=(const HostName&) = delete;
    ~HostName() = default;

    bool take_suffix(std::string_view suffix) noexcept
    {
        if (!good_ || !rest_.ends_with(suffix)) {
            return false;
        }
        rest_.remove_suffix(suffix.size());
        return true;
    }

    /// The last label still there, or an empty view.
    std::string_view take_label() noexcept
    {
        const auto dot = rest_.rfind('.');
        const auto label = dot == std::string_view::npos ? rest_ : rest_.substr(dot + 1);
        rest_ = dot == std::string_view::npos ? std::string_view{} : rest_.substr(0, dot);
        return label;
    }

    [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

private:
    static std::string_view without_port(std::string_view host) noexcept
    {
        if (const auto colon = host.rfind(':'); colon != std::string_view::npos) {
            host = host.substr(0, colon);
        }
        if (host.ends_with('.')) {
            host.remove_suffix(1);
        }
        return host;
    }

    std::array<char, 253> text_;
    std::string_view rest_;
    bool good_ = false;
};

struct Shape {
    EndpointKind kind = EndpointKind::not_cos;
    std::string_view bucket, appid, region;
};

/// `<name>-<appid>`: the APPID is the run of digits after the last hyphen (436/6225, "Bucket naming").
void read_bucket(std::string_view label, Shape& shape) noexcept
{
    const auto hyphen = label.rfind('-');
    if (hyphen == std::string_view::npos || hyphen == 0 || label.find('.') != std::string_view::npos) {
        return;
    }
    const auto appid = label.substr(hyphen + 1);
    if (!appid.empty() && consists_of(appid, is_digit)) {
        shape.bucket = label;
        shape.appid = appid;
    }
}

constexpr bool any_of(std::string_view what, std::initializer_list<std::string_view> list) noexcept
{
    return std::find(list.begin(), list.end(), what) != list.end();
}

/// Names from before the `cos.` label: `<bucket>-<appid>.cn-north.myqcloud.com`, `….cosgz.myqcloud.com`.
bool is_old_region(std::string_view label) noexcept
{
    return any_of(
        label,
        {"cn-east",
         "cn-north",
         "cn-south",
         "cn-south-2",
         "cn-southwest",
         "sg",
         "cossh",
         "cosgz",
         "cosbj",
         "costj",
         "coscd",
         "cossgp",
         "coshk",
         "cosca",
         "cosger"}
    );
}

EndpointKind kind_of_service(std::string_view service) noexcept
{
    if (any_of(service, {"cos", "cos-internal", "cos-dualstack"})) {
        return EndpointKind::bucket;
    }
    if (any_of(service, {"cos-website", "cos-website-internal"})) {
        return EndpointKind::website;
    }
    if (any_of(service, {"ci", "ci-internal", "pic"})) {
        return EndpointKind::ci;
    }
    return service == "cos-control" || service == "cos-control-internal" ? EndpointKind::control
                                                                         : EndpointKind::not_cos;
}

/// `<front>.<service>.<region>`, `<service>.<region>` or `service.<service>`, the domain already taken off.
Shape read_regional(HostName& name) noexcept
{
    const auto region = name.take_label();
    if (name.rest().empty()) {
        return {};
    }
    if (name.rest() == "service") {
        const auto kind = kind_of_service(region);
        return {kind == EndpointKind::bucket ? EndpointKind::service : kind, {}, {}, {}};
    }
    const auto service = name.take_label();
    auto kind = kind_of_service(service);
    if (kind == EndpointKind::not_cos) {
        return {};
    }
    const auto front = name.rest();
    if (front.find('.') != std::string_view::npos) {
        return {EndpointKind::other, {}, {}, region};
    }
    const bool accelerate = region == "accelerate";
    if (kind == EndpointKind::bucket) {
        kind = front.empty() ? EndpointKind::service : accelerate ? EndpointKind::accelerate : kind;
    }
    Shape shape{kind, {}, {}, accelerate ? std::string_view{} : region};
    if (kind != EndpointKind::control) {
        read_bucket(front, shape);
    }
    return shape;
}

/// Shapes that only the older domain has: the default CDN name and names without a `cos` label.
Shape read_myqcloud(HostName& name) noexcept
{
    Shape shape;
    if (name.take_suffix(".file")) {
        shape.kind = EndpointKind::other;
        read_bucket(name.rest(), shape);
        if (!shape.bucket.empty()) {
            shape.kind = EndpointKind::cdn;
        }
        return shape;
    }
    if (name.take_suffix(".migration")) {
        return {EndpointKind::other, {}, {}, name.rest()};
    }
    const auto rest = name.rest();
    const auto dot = rest.rfind('.');
    if (dot != std::string_view::npos && is_old_region(rest.substr(dot + 1))) {
        read_bucket(rest.substr(0, dot), shape);
        if (!shape.bucket.empty()) {
            shape.kind = EndpointKind::bucket;
            shape.region = rest.substr(dot + 1);
            return shape;
        }
    }
    return read_regional(name);
}

Shape read_shape(HostName& name) noexcept
{
    if (name.take_suffix(".myqcloud.com")) {
        return read_myqcloud(name);
    }
    if (name.take_suffix(".tencentcos.cn")) {
        const auto shape = read_regional(name);
        return shape.kind == EndpointKind::not_cos ? Shape{EndpointKind::other, {}, {}, {}} : shape;
    }
    if (name.take_suffix(".tencentcos.com")) {
        return {EndpointKind::other, {}, {}, {}};
    }
    return {};
}

} // namespace

Endpoint read_endpoint(std::string_view host)
{
    HostName name(host);
    const auto shape = read_shape(name);
    return {
        .kind = shape.kind,
        .bucket = std::string(shape.bucket),
        .appid = std::string(shape.appid),
        .region = std::string(shape.region),
        .path_style = false,
    };
}

bool is_cos_host(std::string_view host) noexcept
{
    HostName name(host);
    return read_shape(name).kind != EndpointKind::not_cos;
}

} // namespace cosdiag
