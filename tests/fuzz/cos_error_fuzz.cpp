// SPDX-License-Identifier: Apache-2.0
// The answer's body, and the other texts that only the engine reads: any bytes give an answer.
#include "diagnose/authorization.hpp"
#include "diagnose/cos_error.hpp"
#include "diagnose/form.hpp"
#include "support.hpp"

using namespace cosdiag;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes = fuzz::text(data, size);
    if (const auto error = read_cos_error(bytes)) {
        require(!error->code || error->code->size() <= size, "no entity grows");
        require(!error->message || error->message->size() <= size, "no entity grows");
        static_cast<void>(strings_agree(*error));
    }
    static_cast<void>(read_window(bytes));
    const auto line = std::min(bytes.find('\n'), bytes.size());
    const std::string_view rest = bytes.substr(line);
    if (const auto boundary = form_boundary(bytes.substr(0, line))) {
        const Form form = read_form(rest, *boundary);
        for (const FormField& field : form.fields)
            require(
                field.value.empty() || (field.value.data() >= rest.data() &&
                                        field.value.data() + field.value.size() <= rest.data() + rest.size()),
                "fields lie in the body"
            );
    }
    return 0;
}
