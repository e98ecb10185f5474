// SPDX-License-Identifier: Apache-2.0
#include "proxy/private_folder.hpp"

#include <stdlib.h> // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX's

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

namespace cosdiag {

PrivateFolder::PrivateFolder(const std::filesystem::path& parent)
{
    std::string name = (std::filesystem::absolute(parent) / "cosdiag-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
        throw std::runtime_error(
            "cannot make a folder in " + parent.string() + ": " + std::generic_category().message(errno) +
            ". Name another place in TMPDIR"
        );
    x_path_ = name;
}

PrivateFolder::~PrivateFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(x_path_, ignored);
}

} // namespace cosdiag
