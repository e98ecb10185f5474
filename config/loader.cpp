// SPDX-License-Identifier: Apache-2.0
#include "config/loader.hpp"

#include "config/address.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <utility>

namespace cosdiag::config {

namespace {

constexpr std::size_t mib = 1024 * kib;
using std::chrono::hours;

} // namespace

std::variant<Loaded, Faults> Loader::load(const YAML::Node& root)
{
    read_root({root, "", {1, 1}});
    if (!reader_.faults.empty()) {
        const auto place = [](const Fault& fault) { return std::pair(fault.at.line, fault.at.column); };
        std::ranges::stable_sort(reader_.faults, {}, place);
        return std::move(reader_.faults);
    }
    return Loaded{std::move(config_), std::move(reader_.positions)};
}

void Loader::read_root(const Place& root)
{
    reader_.section(
        root,
        {
            {"listeners", sections(config_.listeners, &Loader::read_listener)},
            {"threads", reader_.value<unsigned>(config_.threads, parse_threads)},
            {"data_dir", reader_.value<std::string>(config_.data_dir, parse_path)},
            {"via", reader_.value<bool>(config_.via, parse_switch)},
            {"diagnosis", diagnosis()},
            {"upstream", upstream()},
            {"parent", parent()},
            {"cos", cos()},
            {"identities", sections(config_.identities, &Loader::read_identity)},
            {"access", access()},
            {"admin", admin()},
            {"timeouts", timeouts()},
            {"limits", limits()},
            {"drain", drain()},
        }
    );
}

void Loader::need(
    const Place& place, const std::vector<std::string_view>& met, std::string_view key, std::string hint
)
{
    if (!place.node.IsMap() || std::ranges::find(met, key) != met.end())
        return;
    reader_.fault(place, {"has no " + std::string(key), std::move(hint)});
}

void Loader::read_user(std::vector<User>& users, const Place& place)
{
    auto& user = users.emplace_back();
    const auto met = reader_.section(
        place,
        {
            {"name", reader_.value<std::string>(user.name, parse_user_name)},
            {"password_hash", reader_.value<std::string>(user.password_hash, parse_password_hash)},
        }
    );
    need(place, met, "name", "");
    need(
        place, met, "password_hash", "Run `openssl passwd -6` and put what it prints there, in single quotes."
    );
}

void Loader::read_identity(const Place& place)
{
    auto& identity = config_.identities.emplace_back();
    const auto met = reader_.section(
        place,
        {
            {"secret_id", reader_.value<std::string>(identity.secret_id, parse_secret_id)},
            {"secret_key_env", reader_.value<std::string>(identity.secret_key_env, parse_variable)},
            {"secret_key_file", reader_.value<std::string>(identity.secret_key_file, parse_path)},
            {"name", reader_.value<std::string>(identity.name, parse_user_name)},
            {"appid", reader_.value<std::string>(identity.appid, parse_appid)},
        }
    );
    need(place, met, "secret_id", "It begins with AKID and stands in the CAM console, under API keys.");
}

Read Loader::diagnosis()
{
    return [this](const Place& place) {
        auto& diagnosis = config_.diagnosis;
        reader_.section(
            place,
            {
                {"log", reader_.value<std::string>(diagnosis.log, parse_path)},
                {"lang", reader_.value<std::string>(diagnosis.lang, parse_language)},
                {"expose_to_browsers", reader_.value<bool>(diagnosis.expose_to_browsers, parse_switch)},
            }
        );
    };
}

Read Loader::cos()
{
    return [this](const Place& place) {
        reader_.section(
            place,
            {{"custom_domains", reader_.values<std::string>(config_.cos.custom_domains, parse_host_name)}}
        );
    };
}

Read Loader::timeouts()
{
    return [this](const Place& place) {
        auto& timeouts = config_.timeouts;
        const auto wait = [this](milliseconds& target) {
            return reader_.value<milliseconds>(target, duration(milliseconds(1), hours(24)));
        };
        reader_.section(
            place,
            {
                {"connect", wait(timeouts.connect)},
                {"connect_next", wait(timeouts.connect_next)},
                {"client_head", wait(timeouts.client_head)},
                {"upstream_head", wait(timeouts.upstream_head)},
                {"body_idle", wait(timeouts.body_idle)},
                {"tunnel_idle", wait(timeouts.tunnel_idle)},
                {"client_keep_alive", wait(timeouts.client_keep_alive)},
                {"upstream_keep_alive", wait(timeouts.upstream_keep_alive)},
            }
        );
    };
}

Read Loader::limits()
{
    return [this](const Place& place) {
        auto& limits = config_.limits;
        const auto bytes = [this](std::size_t& target, std::size_t least, std::size_t most) {
            return reader_.value<std::size_t>(target, size(least, most));
        };
        const auto number = [this](std::size_t& target, std::size_t least, std::size_t most) {
            return reader_.value<std::size_t>(target, count(least, most));
        };
        reader_.section(
            place,
            {
                {"request_head", bytes(limits.request_head, 4 * kib, mib)},
                {"response_head", bytes(limits.response_head, 4 * kib, mib)},
                {"fields", number(limits.fields, 16, 10'000)},
                {"connections", number(limits.connections, 1, 1'000'000)},
                {"held_body", bytes(limits.held_body, kib, mib)},
                {"decoded_body", bytes(limits.decoded_body, kib, 16 * mib)},
                {"hold", reader_.value<milliseconds>(limits.hold, duration(milliseconds(1), seconds(10)))},
                {"log_queue", number(limits.log_queue, 1, 1'000'000)},
            }
        );
    };
}

Read Loader::drain()
{
    return [this](const Place& place) {
        reader_.section(
            place,
            {{"deadline",
              reader_.value<milliseconds>(config_.drain_deadline, duration(milliseconds(0), hours(1)))}}
        );
    };
}

} // namespace cosdiag::config
