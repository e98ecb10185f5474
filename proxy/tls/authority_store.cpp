// SPDX-License-Identifier: Apache-2.0
#include "proxy/tls/authority_store.hpp"

#include "proxy/tls/data_folder.hpp"

#include <unistd.h>

#include <array>
#include <utility>

namespace cosdiag::tls {

namespace {

constexpr const char* key_file = "ca.key";
constexpr const char* certificate_file = "ca.pem";

std::string machine_name()
{
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::optional<Authority> read_pair(const DataFolder& folder)
{
    const std::optional<SecretText> pair = folder.read_private(key_file);
    if (!pair)
        return std::nullopt;
    try {
        return Authority::from_pem(pair->view(), pair->view());
    } catch (const CaError& error) {
        throw CaError("cannot use " + folder.path_of(key_file) + ": " + error.what());
    }
}

/// The pair that is there when the copy of its certificate has been written: a writer of an old copy finds
/// the new pair here, so the last copy written is that of the last pair.
std::optional<Authority> read_and_publish(const DataFolder& folder)
{
    std::optional<Authority> authority = read_pair(folder);
    while (authority && folder.read(certificate_file) != authority->certificate_pem()) {
        folder.replace(certificate_file, authority->certificate_pem(), 0644);
        authority = read_pair(folder);
    }
    return authority;
}

} // namespace

StoredPaths stored_paths(const std::filesystem::path& data_dir)
{
    return {data_dir / certificate_file, data_dir / key_file};
}

Authority
create(const std::filesystem::path& data_dir, const std::vector<std::string>& domains, Time now, bool replace)
{
    const DataFolder folder = DataFolder::make(data_dir);
    if (replace || !folder.has(key_file)) {
        const Authority made = Authority::make(domains, now, machine_name());
        const SecretText key(made.key_pem());
        std::string both = made.certificate_pem();
        both += key.view();
        const SecretText pair(std::move(both));
        if (replace)
            folder.replace(key_file, pair.view(), 0600);
        else
            folder.add(key_file, pair.view(), 0600);
    }
    if (std::optional<Authority> stored = load(data_dir, now))
        return std::move(*stored);
    throw CaError(
        folder.path_of(key_file) + " was taken away while it was being made. Run \"cosdiag ca init\" again"
    );
}

std::optional<Authority> load(const std::filesystem::path& data_dir, Time now)
{
    const std::optional<DataFolder> folder = DataFolder::open(data_dir);
    if (!folder || !folder->has(key_file))
        return std::nullopt;
    folder->expect_private();
    std::optional<Authority> authority = read_and_publish(*folder);
    if (authority)
        authority->expect_valid(now);
    return authority;
}

} // namespace cosdiag::tls
