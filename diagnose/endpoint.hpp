// SPDX-License-Identifier: Apache-2.0
// What a COS host name says: bucket, APPID, region and which service answers there.
#pragma once

#include <string>
#include <string_view>

namespace cosdiag {

/// The shapes of COS host names (COS documentation, "Regions and Access Endpoints", 436/6224).
enum class EndpointKind {
    not_cos,    ///< any other name: custom domain, CDN or not COS at all
    bucket,     ///< <bucket>-<appid>.cos.<region>.…
    accelerate, ///< <bucket>-<appid>.cos.accelerate.…: the region is not told
    website,    ///< <bucket>-<appid>.cos-website.<region>.…
    service,    ///< cos.<region>.… or service.cos.…
    ci,         ///< Cloud Infinite: *.ci.<region>.…, *.pic.<region>.…
    cdn,        ///< <bucket>-<appid>.file.myqcloud.com
    control,    ///< <uin>.cos-control.<region>.…
    other,      ///< another host of COS's domains
};

struct Endpoint {
    EndpointKind kind = EndpointKind::not_cos;
    std::string bucket; ///< with the APPID, as COS writes it: examplebucket-1250000000; empty when not told
    std::string appid;
    std::string region; ///< empty when not told
    bool path_style = false;
};

/// Reads a Host value (a port and a trailing dot are ignored, case too). Total: any bytes give an answer.
Endpoint read_endpoint(std::string_view host);

/// Whether the name has a COS shape. Allocates nothing: asked once for each request.
bool is_cos_host(std::string_view host) noexcept;

} // namespace cosdiag
