// SPDX-License-Identifier: Apache-2.0
#include "proxy/cli_options.hpp"
#include "proxy/command_table.hpp"
#include "proxy/completion.hpp"
#include "proxy/manual.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace cosdiag;
using namespace cosdiag::cli;

namespace {

/// Everything that the program declares, and one command more.
struct Declared {
    CLI::App app;
    Options options;
    std::string text;

    Declared()
    {
        declare(app, options);
        auto* added = app.add_subcommand("lend", "hand it out, for [days]: Bob's way");
        added->add_option("--days", text, "How long it's lent")->type_name("one|two");
        added->add_option("NAME", text, "who gets it");
    }
};

const TableCommand& find(const std::vector<const TableCommand*>& commands, const std::string& path)
{
    const auto found = std::ranges::find(commands, path, &TableCommand::path);
    REQUIRE(found != commands.end());
    return **found;
}

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_SUITE("proxy/command_table")
{
    TEST_CASE("the table has commands below commands, with their options, values and arguments")
    {
        const Declared declared;
        const auto program = command_table(declared.app);
        const auto commands = flattened(program);
        CHECK(commands.front()->path.empty());
        CHECK(find(commands, " run").takes_outer_options);
        CHECK(find(commands, " run").runs_program);
        CHECK_FALSE(find(commands, " explain").runs_program);
        CHECK(find(commands, " ca").commands.size() == 3);
        const auto& init = find(commands, " ca init");
        const auto force =
            std::ranges::find(init.options, std::vector<std::string>{"--force"}, &TableOption::names);
        REQUIRE(force != init.options.end());
        CHECK(force->value.empty());
        CHECK(find(commands, " lend").argument == "NAME");
    }

    TEST_CASE("words that a value must be are those between bars")
    {
        CHECK(words_of("en|zh") == std::vector<std::string>{"en", "zh"});
        CHECK(words_of("CAUSE").size() > 30);
        CHECK(words_of("FILE").empty());
        CHECK(words_of("").empty());
    }

    TEST_CASE("what is declared shows up by itself, whatever characters its description has")
    {
        const Declared declared;
        const auto page = manual(declared.app);
        CHECK(contains(page, "\n.It Cm lend Ar NAME\nHand it out, for [days]: Bob's way.\n"));
        CHECK(contains(page, "\n.It Fl -days Ar one|two\nHow long it's lent.\n"));
        CHECK(contains(completion(declared.app, "bash"), "' lend --days') value=WORDS words='one two' ;;"));
        CHECK(contains(completion(declared.app, "zsh"), R"('lend:hand it out, for \[days\]\: Bob'\''s way')")
        );
        CHECK(contains(
            completion(declared.app, "fish"), R"(-a lend -d 'hand it out, for [days]: Bob'\''s way')"
        ));
    }

    TEST_CASE("no other shell gets a script")
    {
        const Declared declared;
        CHECK(completion(declared.app, "tcsh").empty());
        CHECK(completion(declared.app, "").empty());
    }

    TEST_CASE("text that roff could take for a request or an escape stays text")
    {
        CLI::App app;
        bool flag = false;
        app.name("cosdiag");
        app.add_flag("--dot", flag, ".so /etc/passwd \\fB --all");
        CHECK(contains(manual(app), "\n\\&.so /etc/passwd \\efB \\-\\-all.\n"));
    }
}
