// SPDX-License-Identifier: Apache-2.0
#include "proxy/cos_domains.hpp"

#include "proxy/tls/certificate.hpp"
#include "proxy/tls/host_name.hpp"

#include <algorithm>
#include <iterator>

namespace cosdiag {

std::vector<std::string> cos_domains(const config::Config& config)
{
    std::vector<std::string> domains{"myqcloud.com", "tencentcos.cn", "tencentcos.com"};
    const auto& own = config.cos.custom_domains;
    domains.insert(domains.end(), own.begin(), own.end());
    return domains;
}

std::vector<std::string> missing_domains(const tls::Authority& authority, const config::Config& config)
{
    const std::vector<std::string> wanted = cos_domains(config);
    std::vector<std::string> missing;
    std::copy_if(wanted.begin(), wanted.end(), std::back_inserter(missing), [&](const std::string& each) {
        return !tls::is_address(each) && !authority.covers(each);
    });
    return missing;
}

std::string listed(const std::vector<std::string>& names)
{
    std::string all;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0)
            all += i + 1 == names.size() ? " and " : ", ";
        all += names[i];
    }
    return all;
}

std::string made_on(const tls::Authority& authority)
{
    return tls::to_date(authority.not_before() + tls::Authority::backdating);
}

} // namespace cosdiag
