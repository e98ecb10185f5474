// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/load_plan.hpp"

#include <ctime>
#include <stdexcept>

namespace cosdiag::bench {

namespace {

Form read_form(const std::string& name)
{
    if (name == "origin")
        return Form::origin;
    if (name == "absolute")
        return Form::absolute;
    if (name == "connect")
        return Form::connect;
    throw std::invalid_argument("--form is origin, absolute or connect, not '" + name + "'");
}

std::string authorization()
{
    const auto now = std::time(nullptr);
    const auto window = std::to_string(now - 60) + ";" + std::to_string(now + 7200);
    return "q-sign-algorithm=sha1&q-ak=AKIDb3N2c1R4a5Q6e7W8r9T0y1U2i3O4p5L6&q-sign-time=" + window +
           "&q-key-time=" + window +
           "&q-header-list=date;host&q-url-param-list=&q-signature=5b1c0e7d94a2f3860c7d1e2b3a495867f8091a2b";
}

std::string http_date()
{
    char buffer[40];
    const auto now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    return {buffer, std::strftime(buffer, sizeof buffer, "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

} // namespace

Plan read_plan(Arguments& arguments)
{
    Plan plan;
    plan.target = parse_address(arguments.text("--target"));
    plan.authority = arguments.text("--authority", "examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com");
    plan.form = read_form(arguments.text("--form", "origin"));
    plan.fresh = arguments.flag("--fresh");
    plan.method = arguments.text("--method", "GET");
    plan.path = arguments.text("--path", "/bytes/1024");
    plan.upload = arguments.number("--upload", 0);
    plan.status = static_cast<int>(arguments.number("--status", 200));
    plan.answer = arguments.number("--answer", 0);
    plan.expected_field = arguments.text("--expect-field");
    plan.connections = arguments.number("--connections", 32);
    plan.requests = arguments.number("--requests", plan.connections);
    plan.hold = arguments.flag("--hold");
    if (const auto ca_file = arguments.text("--tls-ca"); !ca_file.empty())
        plan.tls = TlsContext::client(ca_file);
    arguments.finish();
    if (plan.tls && (plan.upload > 0 || plan.form == Form::absolute))
        throw std::invalid_argument("--tls-ca goes neither with --upload nor with --form absolute");
    return plan;
}

std::string host_of(const Plan& plan)
{
    return plan.authority.substr(0, plan.authority.rfind(':'));
}

RequestHead request_head(const Plan& plan)
{
    const bool default_port = plan.tls && plan.authority.ends_with(":443");
    RequestHead head;
    head.bytes = plan.method + (plan.form == Form::absolute ? " http://" + plan.authority : " ") + plan.path;
    head.bytes += "/object-";
    head.number_at = head.bytes.size();
    head.bytes += "00000000 HTTP/1.1\r\nHost: " + (default_port ? host_of(plan) : plan.authority) +
                  "\r\nUser-Agent: cos-go-sdk-v5/0.7.65"
                  "\r\nAccept: */*"
                  "\r\nAccept-Encoding: identity"
                  "\r\nAccept-Language: en-US,en;q=0.9"
                  "\r\nCache-Control: no-cache"
                  "\r\nContent-Type: application/octet-stream"
                  "\r\nDate: " +
                  http_date() + "\r\nAuthorization: " + authorization() + "\r\n";
    const bool body = plan.upload > 0;
    head.bytes +=
        body ? "Content-Length: " + std::to_string(plan.upload) : "If-None-Match: \"d41d8cd98f00b204\"";
    head.bytes += "\r\n\r\n";
    return head;
}

std::string connect_head(const Plan& plan)
{
    return "CONNECT " + plan.authority + " HTTP/1.1\r\nHost: " + plan.authority + "\r\n\r\n";
}

} // namespace cosdiag::bench
