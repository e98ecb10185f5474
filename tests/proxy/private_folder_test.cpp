// SPDX-License-Identifier: Apache-2.0
#include "proxy/private_folder.hpp"
#include "tests/proxy/log/support.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>

using namespace cosdiag;

TEST_SUITE("proxy/private_folder")
{
    TEST_CASE("it is its owner's alone, and goes with what is in it")
    {
        const test::Folder parent;
        std::filesystem::path made;
        {
            const PrivateFolder folder(parent.file(""));
            made = folder.path();

            struct stat status {};

            REQUIRE(::stat(made.c_str(), &status) == 0);
            CHECK((status.st_mode & 0777) == 0700);
            std::ofstream(made / "ca.pem") << "text";
            CHECK(std::filesystem::exists(made / "ca.pem"));
        }
        CHECK_FALSE(std::filesystem::exists(made));
    }

    TEST_CASE("two of them are two")
    {
        const test::Folder parent;
        const PrivateFolder one(parent.file(""));
        const PrivateFolder other(parent.file(""));
        CHECK(one.path() != other.path());
    }

    TEST_CASE("where none can be made, that is said with its name")
    {
        const test::Folder parent;
        const std::string missing = parent.file("missing");
        try {
            const PrivateFolder folder(missing);
            FAIL("it was made");
        } catch (const std::runtime_error& error) {
            CHECK(std::string(error.what()).find(missing) != std::string::npos);
        }
    }
}
