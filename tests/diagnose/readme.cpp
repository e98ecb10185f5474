// SPDX-License-Identifier: Apache-2.0
#include "tests/diagnose/readme.hpp"

#include "diagnose/text.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace cosdiag::test {

namespace {

std::string read_file(const std::filesystem::path& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

void check_readme(std::string_view name, std::string_view text)
{
    const auto path = std::filesystem::path(COSDIAG_SOURCE_DIR) / "README.md";
    const std::string begin = join("<!-- ", name, " -->\n");
    const std::string end = join("<!-- /", name, " -->");
    const std::string readme = read_file(path);
    const std::size_t from = readme.find(begin);
    const std::size_t to = readme.find(end);
    REQUIRE(from < to);
    REQUIRE(to != std::string::npos);
    const std::string right = join(readme.substr(0, from + begin.size()), text, readme.substr(to));
    if (std::getenv("COSDIAG_BLESS") != nullptr) {
        std::ofstream(path, std::ios::binary) << right;
    }
    CHECK_MESSAGE(
        read_file(path) == right, "run this test with COSDIAG_BLESS=1, then look at the difference"
    );
}

} // namespace cosdiag::test
