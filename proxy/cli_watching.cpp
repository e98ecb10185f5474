// SPDX-License-Identifier: Apache-2.0
#include "proxy/cli_watching.hpp"

#include "config/value.hpp"
#include "diagnose/causes.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::cli {

namespace {

constexpr const char* tail_example = R"(
-n all begins with all there are. A reader in front may be anything that has
the log's lines:
  kubectl logs -f deploy/uploader -c cosdiag | cosdiag tail -
COSDIAG_ADMIN_USER=NAME:PASSWORD is for an admin listener that asks who you are.
)";

config::Parsed<std::size_t> parse_lines(std::string_view text)
{
    if (text == "all")
        return Tail::all_lines;
    return config::count<std::size_t>(0, 1'000'000)(text);
}

void declare_filter(CLI::App& tail, log::EntryFilter& filter)
{
    constexpr const char* group = "Only entries";
    const auto add = [&](const char* name, std::string& value, const char* type, const char* description) {
        tail.add_option(name, value, description)->type_name(type)->group(group);
    };
    add("--cause", filter.cause, "CAUSE", "with this cause");
    add("--confidence", filter.confidence, "certain|likely|possible", "of this confidence");
    add("--bucket", filter.bucket, "NAME", "of this bucket, with its APPID");
    add("--key", filter.key, "TEXT", "whose object's key contains it");
    add("--access-key", filter.access_key, "ID", "of this access key, cut or whole");
    add("--action", filter.action, "ACTION", "of this action, such as PutObject");
    add("--host", filter.host, "HOST", "of this host");
    add("--text", filter.text, "TEXT", "that contain it anywhere");
}

} // namespace

void declare_watching(CLI::App& app, Options& options)
{
    auto* tail = app.add_subcommand("tail", "show the diagnosis log as it grows");
    tail->add_option("FILE", options.tailed_file, "a log; - is standard input");
    tail->add_option("-n,--lines", options.lines, "Entries of before to begin with")
        ->type_name("N")
        ->default_str("10");
    tail->add_flag("--no-follow", options.no_follow, "Stop at the end");
    tail->add_flag("--json", options.json, "Print the log's lines as they are");
    tail->add_option("--lang", options.lang, "Language of texts for people")->type_name("en|zh");
    declare_filter(*tail, options.filter);
    tail->footer(tail_example);
    auto* healthcheck = app.add_subcommand("healthcheck", "ask whether it takes requests");
    healthcheck->footer("");
    for (auto* command : {tail, healthcheck}) {
        command->add_option("--admin", options.asked_admin, "Admin listener to ask")
            ->type_name("ADDR")
            ->default_str("127.0.0.1:8404");
        command->add_option("--config", options.settings, "Settings that say where it is")->type_name("FILE");
    }
}

config::Faults faults_of_tail(const Options& options)
{
    config::Faults faults;
    const auto add = [&](const char* flag, const std::string& what, const std::string& hint) {
        faults.push_back({flag, {}, {what, hint}});
    };
    if (options.tailed_file && options.asked_admin)
        add("--admin", "is one log, and FILE is another", "Name one of them.");
    if (options.lines) {
        auto lines = parse_lines(*options.lines);
        if (auto* complaint = std::get_if<config::Complaint>(&lines))
            faults.push_back({"--lines", {}, std::move(*complaint)});
    }
    const std::string& cause = options.filter.cause;
    const std::string& confidence = options.filter.confidence;
    if (!cause.empty() && find_cause(cause) == nullptr)
        add("--cause", config::quoted(cause) + " is no cause", "`cosdiag explain` lists them all.");
    if (!confidence.empty() && confidence != "certain" && confidence != "likely" && confidence != "possible")
        add("--confidence", config::quoted(confidence) + " is none of certain, likely and possible", "");
    return faults;
}

Tail built_tail(const Options& options, const Gathered& gathered, const config::Environment& environment)
{
    Tail tail;
    tail.filter = options.filter;
    tail.follow = !options.no_follow;
    tail.json = options.json;
    tail.language = gathered.settings.diagnosis.lang == "zh" ? Language::chinese : Language::english;
    if (options.lines)
        tail.lines = std::get<std::size_t>(parse_lines(*options.lines));
    if (!options.asked_admin)
        tail.file = options.tailed_file.value_or(gathered.settings.diagnosis.log);
    if (!tail.file.empty())
        return tail;
    tail.admin = admin_of(gathered);
    if (const auto user = environment("COSDIAG_ADMIN_USER"); user && !user->empty())
        tail.authorization = "Basic " + base64_encoded(*user);
    return tail;
}

config::Address admin_of(const Gathered& gathered)
{
    constexpr std::uint16_t usual_port = 8404;
    if (gathered.asked_admin)
        return *gathered.asked_admin;
    return gathered.settings.admin.address.value_or(config::Address{"127.0.0.1", usual_port});
}

} // namespace cosdiag::cli
