// SPDX-License-Identifier: Apache-2.0
// What clients sign by mistake where AWS Signature Version 2 is asked for: the StringToSign with one thing
// done otherwise. Which of them was signed is for the secret to say: see signature_check.hpp.
#pragma once

#include "diagnose/signature/aws_v2_request.hpp"
#include "diagnose/signature/signature_check.hpp"

#include <functional>
#include <utility>

namespace cosdiag::aws_v2 {

/// Takes a variant and the bug that it would prove; true ends the search.
using TryVariant = std::function<bool(const StringToSign&, SigningBug)>;

/// The common part of everything that varies a StringToSign. One copy is changed and mended again: requests
/// may bear many fields.
class VariantOffer {
public:
    VariantOffer(const Request& request, const StringToSign& right, const TryVariant& attempt)
        : request_(request), parts_(request.parts), right_(right), attempt_(attempt), other_(right)
    {
    }

protected:
    template <class Part>
    bool offer(Part StringToSign::*which, Part value, SigningBug bug)
    {
        std::swap(other_.*which, value);
        const bool taken = attempt_(other_, std::move(bug));
        std::swap(other_.*which, value);
        return taken;
    }

    const Request& request_;
    const SignedParts& parts_;
    const StringToSign& right_;
    const TryVariant& attempt_;

private:
    StringToSign other_;
};

/// The lines before the fields: Content-Type, Content-MD5, the date, the method. Returns whether one was
/// taken.
bool each_line_variant(const Request& request, const StringToSign& right, const TryVariant& attempt);

/// Bucket and path, and the sub-resources. Bounds: 12 parameters are varied.
bool each_resource_variant(const Request& request, const StringToSign& right, const TryVariant& attempt);

/// The x-amz- fields. Bounds: 12 are varied.
bool each_field_variant(const Request& request, const StringToSign& right, const TryVariant& attempt);

} // namespace cosdiag::aws_v2
