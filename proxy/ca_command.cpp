// SPDX-License-Identifier: Apache-2.0
#include "proxy/ca_command.hpp"

#include "proxy/clients/trust.hpp"
#include "proxy/cos_domains.hpp"
#include "proxy/tls/authority_store.hpp"
#include "proxy/trust_files.hpp"

#include <filesystem>
#include <ostream>
#include <system_error>

namespace cosdiag {

namespace {

namespace fs = std::filesystem;

void complain(std::ostream& err, const std::string& what)
{
    if (!what.empty())
        err << "cosdiag: " << what << ".\n";
}

int none_there(const std::string& data_dir, std::ostream& err)
{
    complain(err, "no CA was made in " + data_dir + ". Make one with cosdiag ca init");
    return cli::failed;
}

void describe(const tls::Authority& authority, const std::string& data_dir, std::ostream& out)
{
    const clients::TrustFiles files = trust_files_in(data_dir);
    out << "  certificate   " << files.ca << "\n"
        << "  with roots    " << files.bundle << "\n"
        << "  for Java      " << files.truststore << "\n"
        << "  SHA-256       " << authority.fingerprint() << "\n"
        << "  made on       " << made_on(authority) << "\n"
        << "  valid until   " << tls::to_date(authority.not_after()) << "\n"
        << "  vouches for   " << listed(authority.domains()) << ", the names below them, and nothing else\n";
}

/// Whether the one that is there will do.
int keep(const tls::Authority& authority, const cli::Ca& asked, std::ostream& out, std::ostream& err)
{
    const std::vector<std::string> missing = missing_domains(authority, asked.config);
    if (!missing.empty()) {
        complain(
            err,
            "the CA in " + asked.config.data_dir + ", made on " + made_on(authority) + ", does not cover " +
                listed(missing) +
                ". Make one that does with cosdiag ca init --force; clients then have to be told to trust "
                "that "
                "one"
        );
        return cli::failed;
    }
    complain(err, refresh_trust_files(asked.config.data_dir, authority, {}).missing);
    out << "There is a CA already, and it covers all that is wanted:\n\n";
    describe(authority, asked.config.data_dir, out);
    return cli::good;
}

int init(const cli::Ca& asked, tls::Time now, std::ostream& out, std::ostream& err)
{
    const std::string& data_dir = asked.config.data_dir;
    if (!asked.force)
        if (const auto there = tls::load(data_dir, now))
            return keep(*there, asked, out, err);
    const tls::Authority made = tls::create(data_dir, cos_domains(asked.config), now, asked.force);
    complain(err, refresh_trust_files(data_dir, made, {}).missing);
    out << "Made a CA for this user on this machine:\n\n";
    describe(made, data_dir, out);
    out << "\nIts key stays in " << tls::stored_paths(data_dir).key.string() << ", for your eyes only.\n"
        << "\nNext: start cosdiag, or send it SIGHUP where it runs, and let clients trust the CA, by eval "
           "\"$(cosdiag env)\" in their "
           "shell;\ncosdiag ca show tells how for each runtime.\n";
    return cli::good;
}

int export_files(const cli::Ca& asked, tls::Time now, std::ostream& out, std::ostream& err)
{
    const std::string& data_dir = asked.config.data_dir;
    const auto authority = tls::load(data_dir, now);
    if (!authority)
        return none_there(data_dir, err);
    const std::string directory = asked.directory.empty() ? data_dir : asked.directory;
    if (asked.directory.empty()) {
        complain(err, refresh_trust_files(data_dir, *authority, {}).missing);
    } else {
        std::error_code told_below;
        fs::create_directories(directory, told_below);
        complain(err, write_trust_files(directory, *authority, {}));
    }
    const clients::TrustFiles files = trust_files_in(directory);
    out << files.ca << "\n" << files.bundle << "\n" << files.truststore << "\n";
    return cli::good;
}

int show(const cli::Ca& asked, tls::Time now, std::ostream& out, std::ostream& err)
{
    const std::string& data_dir = asked.config.data_dir;
    const auto authority = tls::load(data_dir, now);
    if (!authority)
        return none_there(data_dir, err);
    complain(err, refresh_trust_files(data_dir, *authority, {}).missing);
    describe(*authority, data_dir, out);
    out << "\nHow clients are told to trust it; eval \"$(cosdiag env)\" sets what is a variable here:\n\n";
    for (const std::string& line : clients::trust_lines(trust_files_in(data_dir)))
        out << "  " << line << "\n";
    return cli::good;
}

} // namespace

int ca_command(const cli::Ca& asked, tls::Time now, std::ostream& out, std::ostream& err)
{
    switch (asked.action) {
    case cli::Ca::Action::init:
        return init(asked, now, out, err);
    case cli::Ca::Action::export_files:
        return export_files(asked, now, out, err);
    case cli::Ca::Action::show:
        break;
    }
    return show(asked, now, out, err);
}

} // namespace cosdiag
