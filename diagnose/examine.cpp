// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/diagnosis.hpp"

namespace cosdiag {

Diagnosis diagnose(const Exchange& exchange, std::string id)
{
    static constexpr Cause unexplained{.token = "unexplained", .title = "A 403 of another kind"};
    Diagnosis diagnosis{.id = std::move(id), .at = exchange.answered_at, .findings = {}, .exchange = {}};
    diagnosis.findings.push_back(
        {&unexplained, {Confidence::possible, "COS refused the request", "", {}, {}, ""}}
    );
    return diagnosis;
}

} // namespace cosdiag
