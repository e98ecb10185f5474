// SPDX-License-Identifier: Apache-2.0
#include "diagnose/words.hpp"

namespace cosdiag {

std::string_view word_of(Confidence confidence) noexcept
{
    switch (confidence) {
    case Confidence::certain:
        return "certain";
    case Confidence::likely:
        return "likely";
    case Confidence::possible:
        break;
    }
    return "possible";
}

std::string_view word_of(Seen from) noexcept
{
    switch (from) {
    case Seen::request:
        return "request";
    case Seen::response:
        return "response";
    case Seen::our_clock:
        return "our_clock";
    case Seen::memory:
        return "memory";
    case Seen::config:
        break;
    }
    return "config";
}

std::string_view word_of(Actor who) noexcept
{
    switch (who) {
    case Actor::caller:
        return "caller";
    case Actor::bucket_owner:
        return "bucket_owner";
    case Actor::account_owner:
        return "account_owner";
    case Actor::operator_:
        break;
    }
    return "operator";
}

std::string_view policy_of(const Diagnosis& diagnosis) noexcept
{
    return diagnosis.findings.empty() ? std::string_view{} : diagnosis.findings.front().judgement.policy;
}

} // namespace cosdiag
