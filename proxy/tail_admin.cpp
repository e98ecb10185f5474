// SPDX-License-Identifier: Apache-2.0
#include "proxy/tail_admin.hpp"

#include "config/address.hpp"
#include "diagnose/json_value.hpp"
#include "diagnose/text.hpp"
#include "proxy/admin_client.hpp"
#include "proxy/tail/event_stream.hpp"
#include "proxy/tail/file_watch.hpp"

#include <boost/json/serialize.hpp>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace cosdiag {

namespace {

constexpr std::string_view path = "/api/diagnoses?";
constexpr std::size_t page = 200;                ///< entries in one answer
constexpr std::chrono::seconds idle(45);         ///< a heartbeat comes every 15 s
constexpr std::chrono::milliseconds pause(1000); ///< before the next attempt to connect
constexpr unsigned ok = 200;

/// The program said no, and will say so again. what() ends in a full stop.
class Refused : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

std::string parameters_of(const log::EntryFilter& filter)
{
    std::string text;
    const auto add = [&](std::string_view name, const std::string& value) {
        if (!value.empty())
            text += join(name, "=", percent_encoded(value), "&");
    };
    add("cause", filter.cause);
    add("confidence", filter.confidence);
    add("bucket", filter.bucket);
    add("key", filter.key);
    add("access_key", filter.access_key);
    add("action", filter.action);
    add("host", filter.host);
    add("text", filter.text);
    return text;
}

std::string entries(std::int64_t count)
{
    return std::to_string(count) + (count == 1 ? " entry was" : " entries were");
}

bool reader_is_gone(std::chrono::milliseconds patience)
{
    return tail::wait_for(-1, STDOUT_FILENO, patience) == tail::Wake::reader_gone;
}

class AdminTail {
public:
    AdminTail(const cli::Tail& asked, tail::Screen& screen)
        : x_asked_(asked), x_screen_(screen), x_parameters_(parameters_of(asked.filter))
    {
    }

    /// Throws AdminError and Refused.
    void show_last()
    {
        const auto wanted = std::max<std::size_t>(x_asked_.lines.value_or(cli::Tail::usual_lines), 1);
        std::vector<std::string> newest_first;
        std::string before;
        do {
            AdminClient client(*x_asked_.admin);
            const auto limit = std::min(page, wanted - newest_first.size());
            const auto answer = read_answer(client, join("limit=", std::to_string(limit), before));
            if (before.empty())
                begin_with(answer);
            for (const auto& each : list_in(value_in(answer, "entries")))
                newest_first.push_back(json::serialize(value_in(each, "entry")));
            const auto& next = value_in(answer, "next");
            before = next.is_null() ? "" : "&before=" + std::to_string(number_in(answer, "next"));
        } while (!before.empty() && newest_first.size() < wanted);
        if (x_asked_.lines == std::size_t{0})
            return;
        std::ranges::reverse(newest_first);
        for (const auto& line : newest_first)
            x_screen_.show(line);
    }

    /// Until nobody reads what is shown. Throws Refused.
    void follow()
    {
        bool told = false;
        for (;;) {
            try {
                AdminClient client(*x_asked_.admin);
                if (!follow_once(client, told))
                    return;
            } catch (const AdminError& error) {
                if (!std::exchange(told, true))
                    x_screen_.note(std::string(error.what()) + ". It is tried again every second.");
            }
            if (reader_is_gone(pause))
                return;
        }
    }

private:
    std::string target_of(std::string_view more) const { return join(path, x_parameters_, more); }

    AdminHead ask(AdminClient& client, AdminRequest request) const
    {
        request.authorization = x_asked_.authorization;
        AdminHead head = client.ask(request);
        if (head.status == ok && (request.accept == "*/*" || head.type == request.accept))
            return head;
        if (head.type != "application/json")
            throw Refused("what answers at " + client.address() + " is not cosdiag's admin listener.");
        const std::string body = client.read_rest();
        const auto words = std::string(text_in(parse_json(body), "error"));
        if (head.status == 401)
            throw Refused(
                client.address() + " wants to know who asks: " + words +
                ". Set COSDIAG_ADMIN_USER=NAME:PASSWORD in the environment."
            );
        throw Refused(client.address() + " refuses: " + words + ".");
    }

    json::value read_answer(AdminClient& client, std::string_view more) const
    {
        ask(client, {.target = target_of(more), .last_event_id = {}, .authorization = {}});
        auto answer = parse_json(client.read_rest());
        if (text_in(answer, "schema") != "cosdiag.diagnoses/1")
            throw Refused("what answers at " + client.address() + " is not cosdiag's admin listener.");
        return answer;
    }

    void begin_with(const json::value& answer)
    {
        x_instance_ = text_in(answer, "instance");
        x_last_ = std::to_string(number_in(answer, "latest"));
    }

    /// Until the connection ends. False when nobody reads what is shown.
    bool follow_once(AdminClient& client, bool& told)
    {
        const auto after = "after=" + x_last_;
        ask(client,
            {.target = target_of(after),
             .accept = "text/event-stream",
             .last_event_id = x_last_,
             .authorization = {}});
        if (std::exchange(told, false))
            x_screen_.note("connected to " + client.address() + " again.");
        tail::EventStream stream;
        bool restarted = false;
        while (!restarted) {
            const auto bytes = client.read(idle);
            if (bytes.empty())
                break;
            stream.feed(bytes, [&](const tail::Event& event) { restarted = restarted || take(event); });
            if (!x_screen_.flush() || reader_is_gone(std::chrono::milliseconds(0)))
                return false;
        }
        if (!restarted && !std::exchange(told, true))
            x_screen_.note(client.address() + " ended the connection. It is tried again every second.");
        return true;
    }

    /// True when it is of another instance, whose entries have numbers of their own.
    bool take(const tail::Event& event)
    {
        if (event.type == "diagnosis") {
            x_last_ = event.id;
            x_screen_.show(event.data);
            return false;
        }
        const auto data = parse_json(event.data);
        if (event.type == "forgotten")
            x_screen_.note(
                entries(number_in(data, "to") - number_in(data, "from") + 1) +
                " missed: the program no longer holds them. Its log, if it writes one, does."
            );
        if (event.type == "draining")
            x_screen_.note("the program is ending.");
        if (event.type != "instance")
            return false;
        const auto before = std::exchange(x_instance_, std::string(text_in(data, "instance")));
        if (before.empty() || before == x_instance_)
            return false;
        x_screen_.note("the program was started anew.");
        x_last_ = "0";
        return true;
    }

    const cli::Tail& x_asked_;
    tail::Screen& x_screen_;
    std::string x_parameters_;
    std::string x_instance_;
    std::string x_last_; ///< number of the newest entry that was told
};

} // namespace

int tail_admin(const cli::Tail& asked, tail::Screen& screen)
{
    AdminTail tail(asked, screen);
    try {
        tail.show_last();
        if (screen.flush() && asked.follow)
            tail.follow();
        screen.finish();
        return cli::good;
    } catch (const AdminError& error) {
        const bool refused = error.kind == AdminError::Kind::refused;
        screen.note(
            std::string(error.what()) +
            (refused ? ". Serve with --admin " + config::to_string(*asked.admin) +
                           ", name another address with tail --admin, or the log itself: cosdiag tail FILE."
                     : ".")
        );
    } catch (const Refused& refusal) {
        screen.note(refusal.what());
    }
    return cli::failed;
}

} // namespace cosdiag
