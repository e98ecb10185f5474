// SPDX-License-Identifier: Apache-2.0
// A folder for the files of one test.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace cosdiag::test {

/// A new folder that is gone, with all in it, when the test is over.
class Folder {
public:
    Folder()
    {
        std::string name = (std::filesystem::temp_directory_path() / "cosdiag-test-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr)
            throw std::runtime_error("no folder for temporary files");
        path = name;
    }

    ~Folder() { std::filesystem::remove_all(path); }

    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string file(const char* name) const { return (path / name).string(); }

    std::filesystem::path path;
};

} // namespace cosdiag::test
