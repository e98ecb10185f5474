// SPDX-License-Identifier: Apache-2.0
#include "proxy/manual.hpp"

#include "diagnose/wrap.hpp"
#include "proxy/command_table.hpp"

namespace cosdiag::cli {

namespace {

constexpr const char* head = R"(.\" Written by `cosdiag man` from the options that it declares.
.Dd November 28, 2026
.Dt COSDIAG 1
.Os
.Sh NAME
.Nm cosdiag
.Nd forward HTTP proxy that says why Tencent Cloud COS answered 403
.Sh SYNOPSIS
)";

constexpr const char* description = R"(.Sh DESCRIPTION
.Nm
passes HTTP traffic on byte for byte.
An answer of COS with status 403 leaves with one more field,
.Li X-Cos-Diagnosis ,
which says why, and the log gets an entry with the evidence and what to do.
.Pp
Without a command it serves, until SIGTERM or SIGINT:
requests under way may finish then, within
.Li drain.deadline ;
a second signal ends it at once.
SIGHUP opens the log anew.
It listens on loopback unless told otherwise, and on any other address wants to
be told who may use it.
.Pp
Options beat the settings file, which beats the defaults.
An option that may be repeated replaces the list in the file.
)";

constexpr const char* tail = R"mdoc(.Sh ENVIRONMENT
.Bl -tag -width Ds
.It Ev COSDIAG_DATA_DIR
Where lasting files go, such as the CA.
Without it
.Li data_dir
of the settings says so, then
.Pa $XDG_DATA_HOME/cosdiag ,
then
.Pa $HOME/.local/share/cosdiag .
.It Ev http_proxy , https_proxy , all_proxy , no_proxy
The proxy to go through, and for which hosts not, as for other programs;
.Fl -parent
beats them.
.It Ev LC_ALL , LC_MESSAGES , LANG
Texts for people are Chinese where the locale is
.Li zh ,
and English otherwise.
.It Ev SSL_CERT_FILE , SSL_CERT_DIR
The system's roots, where they are not in the usual place.
.It Ev NO_COLOR
No colours on a terminal.
.It Ev NOTIFY_SOCKET , WATCHDOG_USEC
As systemd sets them: it is told when
.Nm
is ready, reloads and ends, and that it lives.
.El
.Sh FILES
.Bl -tag -width Ds
.It Pa /etc/cosdiag/cosdiag.yaml
Settings, where the package and its service look for them.
By itself
.Nm
reads the file that
.Fl -config
names, and no other.
.It Pa ca.key , ca.pem
In the data directory: the CA's key, for its owner alone, and its certificate.
.It Pa bundle.pem , truststore.p12
Beside them, for clients: the certificate with the system's roots.
.El
.Sh EXIT STATUS
.Bl -tag -width Ds
.It 0
All went well.
.It 1
What was asked for did not work.
.It 2
Arguments or settings are wrong; every fault is told.
.El
.Pp
.Cm run
ends with the status of its command: 127 where there is no such command, 126
where it cannot be run, and 128 and the signal's number where one ended it.
.Sh EXAMPLES
Say why a program is refused, without preparing anything:
.Pp
.Dl cosdiag run \-\- python3 upload.py
.Pp
Serve, and lead what this shell starts through it:
.Bd -literal -offset indent
cosdiag --log cosdiag.jsonl &
eval "$(cosdiag env)"
.Ed
.Pp
Look into HTTPS from now on:
.Pp
.Dl cosdiag ca init
.Pp
Explain a 403 that was written down:
.Pp
.Dl curl -v http://... 2>&1 | cosdiag diagnose
.Pp
Have this shell complete its arguments:
.Pp
.Dl source <(cosdiag completion bash)
)mdoc";

/// A sentence on lines of its own, which formatters take for nothing but text.
std::string sentence(std::string_view text)
{
    std::string safe;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool dash =
            text.substr(at).starts_with("--") || (at > 0 && text.substr(at - 1).starts_with("--"));
        safe += text[at] == '\\' ? "\\e" : dash ? "\\-" : std::string(1, text[at]);
    }
    std::string lines = safe.starts_with('.') || safe.starts_with('\'') ? "\\&" : "";
    append_wrapped(lines, safe + ".", 0, 0, 78);
    return lines + "\n";
}

std::string capitalised(std::string text)
{
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text;
}

/// An option's names and its value, as macros.
std::string flags(const TableOption& option)
{
    std::string line;
    for (const auto& name : option.names)
        line += (line.empty() ? "Fl " : " , Fl ") + name.substr(1);
    if (!option.value.empty())
        line += " Ar " + option.value;
    return line;
}

std::string synopsis(const TableCommand& command)
{
    std::string lines;
    if (command.path.empty() || command.commands.empty()) {
        lines += command.path.empty() ? ".Nm\n" : ".Nm\n.Cm" + command.path + "\n";
        lines += ".Op Ar options\n";
        if (command.runs_program)
            lines += ".Ar " + command.argument + " ...\n";
        else if (!command.argument.empty())
            lines += ".Op Ar " + command.argument + "\n";
    }
    for (const auto& below : command.commands)
        lines += synopsis(below);
    return lines;
}

std::string entry(const TableOption& option)
{
    auto text = option.description;
    if (!option.fallback.empty())
        text += " (" + option.fallback + ")";
    return ".It " + flags(option) + "\n" + sentence(text);
}

/// The program's own options, under the headings of its help.
std::string options(const TableCommand& program)
{
    std::string lines = ".Sh OPTIONS\n";
    std::string group;
    for (const auto& option : program.options) {
        if (option.group != group) {
            lines += (group.empty() ? "" : ".El\n") + (".Ss " + option.group + "\n.Bl -tag -width Ds\n");
            group = option.group;
        }
        lines += entry(option);
    }
    return lines + (group.empty() ? "" : ".El\n");
}

std::string entry(const TableCommand& command)
{
    const auto argument = command.argument.empty() ? "" : " Ar " + command.argument;
    std::string lines =
        ".It Cm" + command.path + argument + "\n" + sentence(capitalised(command.description));
    if (!command.argument_description.empty())
        lines += ".Ar " + command.argument + " :\n" + sentence(command.argument_description);
    std::string list;
    for (const auto& option : command.options) {
        if (option.names.back() != "--help")
            list += entry(option);
    }
    return lines + (list.empty() ? "" : ".Bl -tag -width Ds\n" + list + ".El\n");
}

std::string commands(const TableCommand& program)
{
    std::string lines = ".Sh COMMANDS\n.Bl -tag -width Ds\n";
    for (const auto* command : flattened(program)) {
        if (command->commands.empty())
            lines += entry(*command);
    }
    return lines + ".El\n";
}

} // namespace

std::string manual(const CLI::App& app)
{
    const auto program = command_table(app);
    return head + synopsis(program) + description + options(program) + commands(program) + tail;
}

} // namespace cosdiag::cli
