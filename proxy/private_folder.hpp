// SPDX-License-Identifier: Apache-2.0
// A folder for the life of one process.
#pragma once

#include <filesystem>

namespace cosdiag {

class PrivateFolder {
public:
    /// Makes it, 0700, in `parent`. Throws std::runtime_error.
    explicit PrivateFolder(const std::filesystem::path& parent);

    /// Removes it with all that is in it.
    ~PrivateFolder();

    PrivateFolder(const PrivateFolder&) = delete;
    PrivateFolder& operator=(const PrivateFolder&) = delete;

    const std::filesystem::path& path() const noexcept { return x_path_; }

private:
    std::filesystem::path x_path_;
};

} // namespace cosdiag
