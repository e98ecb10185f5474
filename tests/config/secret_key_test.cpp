// SPDX-License-Identifier: Apache-2.0
#include "config/secret_key.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace cosdiag::config;

namespace {

const std::string secret = "exampleSecretKeyOf32Characters00";

Environment holding(const char* name, const std::string& value)
{
    return [=](const std::string& asked) -> std::optional<std::string> {
        return asked == name ? std::optional(value) : std::nullopt;
    };
}

/// A file with this text and mode, removed at the end.
class File {
public:
    File(const std::string& text, mode_t mode)
    {
        std::string made = (std::filesystem::temp_directory_path() / "cosdiag-key-XXXXXX").string();
        const int descriptor = ::mkstemp(made.data());
        REQUIRE(descriptor >= 0);
        ::close(descriptor);
        name = made;
        std::ofstream(name, std::ios::binary) << text;
        REQUIRE(::chmod(name.c_str(), mode) == 0);
    }

    ~File() { std::filesystem::remove(name); }

    File(const File&) = delete;
    File& operator=(const File&) = delete;

    std::string name;
};

std::string complaint_of(const Parsed<std::string>& read)
{
    REQUIRE(std::holds_alternative<Complaint>(read));
    const auto& complaint = std::get<Complaint>(read);
    return complaint.what + ". " + complaint.hint;
}

} // namespace

TEST_SUITE("config/secret_key")
{
    TEST_CASE("a SecretKey is read from the environment or from its owner's file, without what surrounds it")
    {
        for (const auto& text : {secret, secret + "\n", secret + "\r\n", " " + secret + " \n\n"}) {
            CAPTURE(text);
            CHECK(
                std::get<std::string>(read_secret_key({"AKIDa", "KEY", "", "", ""}, holding("KEY", text))) ==
                secret
            );
            const File file(text, 0600);
            CHECK(
                std::get<std::string>(read_secret_key({"AKIDa", "", file.name, "", ""}, holding("KEY", ""))
                ) == secret
            );
        }
    }

    TEST_CASE("what is no SecretKey is refused without being shown")
    {
        const Identity by_variable{"AKIDa", "KEY", "", "", ""};

        struct Row {
            std::string text;
            const char* what;
        };

        const Row rows[] = {
            {"", "is empty"},
            {" \n", "is empty"},
            {secret + " " + secret, "has a blank"},
            {secret + "\n" + secret, "has a blank or a second line"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.text);
            const auto complaint = complaint_of(read_secret_key(by_variable, holding("KEY", row.text)));
            CHECK(complaint.find(row.what) != std::string::npos);
            CHECK(complaint.find(secret) == std::string::npos);
        }
        CHECK(
            complaint_of(read_secret_key(by_variable, holding("OTHER", secret))).find("is not set") !=
            std::string::npos
        );
    }

    TEST_CASE("a file that others may read, that is too long or missing is refused")
    {
        const auto refused = [](const std::string& name) {
            return complaint_of(read_secret_key({"AKIDa", "", name, "", ""}, holding("KEY", "")));
        };
        const File open(secret, 0640);
        CHECK(refused(open.name).find("chmod 600") != std::string::npos);
        const File long_one(std::string(5000, 'a'), 0600);
        CHECK(refused(long_one.name).find("4 KiB") != std::string::npos);
        CHECK(refused("/nowhere/key").find("No such file") != std::string::npos);
    }
}
