// SPDX-License-Identifier: Apache-2.0
// The sections of the settings file and where their keys go. Only for load(): the rest of the program sees no
// type of yaml-cpp.
#pragma once

#include "config/config.hpp"
#include "config/load.hpp"
#include "config/yaml.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cosdiag::config {

class Loader {
public:
    /// What the tree says on top of the defaults, or every fault in the order of the file.
    std::variant<Loaded, Faults> load(const YAML::Node& root);

private:
    void read_root(const Place& root);
    void read_listener(const Place& place);
    void read_upstream_host(const Place& place);
    void read_user(std::vector<User>& users, const Place& place);
    void read_access_user(const Place& place);
    void read_admin_user(const Place& place);
    void read_identity(const Place& place);
    Read diagnosis();
    Read upstream();
    Read parent();
    Read cos();
    Read access();
    Read admin();
    Read timeouts();
    Read limits();
    Read drain();

    /// What reads a list of sections into `items`, replacing them.
    template <class T>
    Read sections(std::vector<T>& items, void (Loader::*each)(const Place& place))
    {
        return [this, &items, each](const Place& place) {
            items.clear();
            reader_.list(place, [this, each](const Place& element) { (this->*each)(element); });
        };
    }

    /// Adds a fault if a section that names other keys left this one out.
    void need(
        const Place& place, const std::vector<std::string_view>& met, std::string_view key, std::string hint
    );

    Config config_;
    TreeReader reader_;
};

} // namespace cosdiag::config
