// SPDX-License-Identifier: Apache-2.0
#include "proxy/banner.hpp"

#include "config/address.hpp"
#include "diagnose/text.hpp"
#include "proxy/cos_domains.hpp"
#include "proxy/dialable.hpp"

#include <algorithm>
#include <utility>

namespace cosdiag {

namespace {

using config::Listener;
using config::ListenerMode;

struct Line {
    std::string heading;
    std::string text;
};

class Writer {
public:
    explicit Writer(bool colour) : x_bold_(colour ? "\033[1m" : ""), x_plain_(colour ? "\033[0m" : "") {}

    std::string bold(const std::string& text) const { return x_bold_ + text + x_plain_; }

    /// Indented, and a blank line behind them; the texts are below each other.
    std::string table(const std::vector<Line>& lines, bool bold_headings) const
    {
        std::size_t width = 0;
        for (const Line& line : lines)
            width = std::max(width, line.text.empty() ? 0 : line.heading.size());
        std::string out;
        for (const auto& [heading, text] : lines) {
            out += "  " + (bold_headings ? bold(heading) : heading);
            if (!text.empty())
                out += std::string(width - heading.size() + 3, ' ') + text;
            out += '\n';
        }
        return out + '\n';
    }

private:
    std::string x_bold_, x_plain_;
};

std::string mode_of(const Listener& listener)
{
    const std::string tls = listener.tls ? ", TLS" : "";
    switch (listener.mode) {
    case ListenerMode::forward:
        return "";
    case ListenerMode::reverse:
        return " (reverse" + tls + ")";
    case ListenerMode::transparent:
        break;
    }
    return " (transparent)";
}

const Listener* first(const std::vector<Listener>& listeners, ListenerMode mode)
{
    const auto found = std::find_if(listeners.begin(), listeners.end(), [&](const Listener& each) {
        return each.mode == mode;
    });
    return found == listeners.end() ? nullptr : &*found;
}

void add_parent(std::vector<Line>& lines, const StartUp& about)
{
    const std::string from = " (" + about.parent_from + ")";
    const bool same = about.parent_of_http == about.parent_of_https;
    if (!about.parent_of_http.empty())
        lines.push_back({"parent proxy", about.parent_of_http + (same ? "" : " for http://") + from});
    if (!about.parent_of_https.empty() && !same)
        lines.push_back(
            {about.parent_of_http.empty() ? "parent proxy" : "", about.parent_of_https + " for HTTPS" + from}
        );
    if (!about.parent_ourselves.empty())
        lines.push_back(
            {about.parent_of_http.empty() && about.parent_of_https.empty() ? "parent proxy" : "",
             "none by " + about.parent_ourselves + ", which leads to this proxy itself"}
        );
}

std::vector<Line> facts(const StartUp& about)
{
    std::vector<Line> lines{
        {"http://",
         "seen; 403s are explained in X-Cos-Diagnosis and in " +
             (about.log.empty() ? std::string("this output") : about.log)}};
    if (about.domains.empty())
        lines.push_back({"HTTPS to COS", "passes through unseen, since no CA was made: see below"});
    else
        lines.push_back(
            {"HTTPS to COS",
             "seen, where clients trust the CA made on " + about.ca_made + ": " + listed(about.domains)}
        );
    lines.push_back({"other HTTPS", "passes through unseen"});
    if (about.upgrades)
        lines.push_back({"to COS", "clear HTTP from clients becomes TLS"});
    add_parent(lines, about);
    if (const Listener* reverse = first(about.listeners, ListenerMode::reverse))
        lines.push_back(
            {"reverse", "clients connect to " + dialable(reverse->address) + " in the place of COS"}
        );
    if (first(about.listeners, ListenerMode::transparent) != nullptr)
        lines.push_back({"transparent", "connections that the system redirects"});
    if (!about.admin.empty())
        lines.push_back({"live page", "http://" + about.admin + "/"});
    return lines;
}

std::string command(const StartUp& about, const std::string& words)
{
    return about.program + " " + words + about.place;
}

/// What to do in the shell of the client: lines that may be copied whole.
std::vector<Line> commands(const StartUp& about)
{
    std::vector<Line> lines;
    const bool has_ca = !about.domains.empty();
    const std::string https = has_ca ? "" : ", HTTPS included";
    const Listener* const forward = first(about.listeners, ListenerMode::forward);
    if (forward != nullptr)
        lines.push_back({env_line(about), "# for all that this shell starts then"});
    lines.push_back({run_line(about), "# for one command" + https + ", by a proxy of its own"});
    if (has_ca)
        lines.push_back({command(about, "ca show"), "# how each runtime is told to trust the CA"});
    else
        lines.push_back(
            {command(about, "ca init"), "# makes a CA: reload then (SIGHUP), and HTTPS to COS is seen"}
        );
    if (forward != nullptr) {
        const std::string address = dialable(forward->address);
        lines.push_back({join("export http_proxy=http://", address, " HTTP_PROXY=http://", address), ""});
    }
    return lines;
}

} // namespace

std::string env_line(const StartUp& about)
{
    const Listener* const forward = first(about.listeners, ListenerMode::forward);
    if (forward == nullptr)
        return {};
    const std::string at = about.at_usual_address ? "" : " --at " + dialable(forward->address);
    return "eval \"$(" + command(about, "env") + at + ")\"";
}

std::string run_line(const StartUp& about)
{
    return command(about, "run") + " -- COMMAND";
}

std::string banner(const StartUp& about, bool colour)
{
    const Writer writer(colour);
    std::string text;
    for (const Listener& each : about.listeners)
        text += "cosdiag listening on " + writer.bold(to_string(each.address)) + mode_of(each) + "\n";
    text += "\n" + writer.table(facts(about), false);
    text += "In the shell of the client, one of these:\n\n";
    return text + writer.table(commands(about), true);
}

} // namespace cosdiag
