// SPDX-License-Identifier: Apache-2.0
#include "diagnose/render.hpp"

#include "diagnose/cause.hpp"
#include "diagnose/text.hpp"

namespace cosdiag {

std::string header_value(const Diagnosis& diagnosis)
{
    return join(diagnosis.findings.front().cause->token, ";confidence=possible;id=\"", diagnosis.id, "\"");
}

std::string json_line(const Diagnosis& diagnosis)
{
    return join(R"({"schema":"cosdiag.diagnosis/1","id":")", diagnosis.id, "\"}");
}

std::string block(const Diagnosis& diagnosis, BlockStyle)
{
    return join(diagnosis.findings.front().cause->token, "\n");
}

} // namespace cosdiag
