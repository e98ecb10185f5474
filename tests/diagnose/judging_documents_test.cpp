// SPDX-License-Identifier: Apache-2.0
// What a bucket's own documents make of a refusal.
#include "diagnose/cause.hpp"
#include "diagnose/render.hpp"
#include "diagnose/text.hpp"
#include "tests/diagnose/story.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <algorithm>

namespace cosdiag {
namespace {

constexpr std::string_view rules =
    "<CORSConfiguration><CORSRule><ID>shop</ID><AllowedOrigin>https://www.example.com/</AllowedOrigin>"
    "<AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>";

constexpr std::string_view hotlinks =
    "<RefererConfiguration><Status>Enabled</Status><RefererType>White-List</RefererType><DomainList><Domain>"
    "www.example.com</Domain></DomainList><EmptyReferConfiguration>Deny</EmptyReferConfiguration>"
    "</RefererConfiguration>";

Story preflight()
{
    Story story;
    story.method = "OPTIONS";
    story.asked = {
        {"Host", std::string(story_host)},
        {"Origin", "https://www.example.com"},
        {"Access-Control-Request-Method", "GET"},
    };
    story.fail_with("AccessForbidden", "CORSResponse: This CORS request is not allowed.");
    return story;
}

Story hotlinked(std::string_view referer)
{
    Story story;
    story.asked = {{"Host", std::string(story_host)}};
    if (!referer.empty()) {
        story.ask("Referer", referer);
    }
    story.fail_with("AccessDenied", "You are denied by bucket referer rule");
    return story;
}

std::string statement(std::string_view effect, std::string_view principal, std::string_view condition = "{}")
{
    return join(
        R"({"effect":")",
        effect,
        R"(","principal":{"qcs":[")",
        principal,
        R"("]},"action":["name/cos:*"],"resource":["qcs::cos:ap-beijing:uid/1250000000:)",
        R"(examplebucket-1250000000/*"],"condition":)",
        condition,
        "}"
    );
}

std::string policy(std::string_view statements)
{
    return join(R"({"version":"2.0","statement":[)", statements, "]}");
}

constexpr std::string_view everyone = "qcs::cam::anyone:anyone";
constexpr std::string_view somebody = "qcs::cam::uin/100000000001:uin/100000000011";

struct Said {
    std::string token;
    Confidence confidence = Confidence::possible;
    std::string remembered; ///< evidence of memory, a line each
    std::string first_step;
};

Said said_of(const Story& story)
{
    const auto diagnosis = story.diagnosed();
    const auto& judgement = diagnosis.findings.front().judgement;
    Said said{
        std::string(diagnosis.findings.front().cause->token),
        judgement.confidence,
        {},
        judgement.remedies.front().step};
    for (const auto& evidence : judgement.evidence) {
        if (evidence.from == Seen::memory) {
            said.remembered += join(evidence.what, ": ", evidence.value, "\n");
        }
    }
    return said;
}

} // namespace

TEST_SUITE_BEGIN("diagnose/judging_documents");

TEST_CASE("rules that refuse a preflight make it certain, and name rule, field and slip")
{
    auto story = preflight();
    CHECK(said_of(story).confidence == Confidence::likely);
    story.remember(DocumentKind::cors, rules);
    const auto said = said_of(story);
    CHECK(said.token == "cors-denied");
    CHECK(said.confidence == Confidence::certain);
    CHECK(
        said.remembered ==
        "CORS rules, seen 60 s ago: its only rule (shop): AllowedOrigin has https://www.example.com/ "
        "(it ends with a slash, which an origin never does), asked for is https://www.example.com\n"
    );
    CHECK(
        said.first_step ==
        "In CORS rule 1, let AllowedOrigin hold https://www.example.com; what is there does not "
        "fit: it ends with a slash, which an origin never does."
    );
}

TEST_CASE("a bucket without any CORS rule is told as such")
{
    auto story = preflight();
    story.remember(DocumentKind::cors, "");
    const auto said = said_of(story);
    CHECK(said.confidence == Confidence::certain);
    CHECK(said.remembered == "CORS rules, seen 60 s ago: the bucket has no CORS rule at all\n");
    CHECK(said.first_step.starts_with("Add a CORS rule"));
}

TEST_CASE("rules that passed by more than ten minutes ago are evidence, but prove nothing")
{
    for (const Seconds ago : {Seconds{600}, Seconds{601}, Seconds{3600}}) {
        CAPTURE(ago);
        const auto sure = ago <= 600 ? Confidence::certain : Confidence::likely;
        auto asks = preflight();
        asks.remember(DocumentKind::cors, rules, ago);
        CHECK(said_of(asks).confidence == sure);
        CHECK_FALSE(said_of(asks).remembered.empty());
        auto reads = hotlinked("https://other.example/");
        reads.remember(DocumentKind::referer, hotlinks, ago);
        CHECK(said_of(reads).confidence == sure);
        CHECK_FALSE(said_of(reads).remembered.empty());
    }
}

TEST_CASE("rules that would allow what was refused are not the ones in force, and nothing is certain")
{
    auto asks = preflight();
    asks.ask("Origin", "https://www.example.com/");
    asks.remember(DocumentKind::cors, rules);
    const auto said = said_of(asks);
    CHECK(said.confidence == Confidence::likely);
    CHECK(said.remembered == "CORS rules, seen 60 s ago: rule 1 would allow this\n");
    CHECK(said.first_step.find("would allow it") != std::string::npos);

    auto reads = hotlinked("https://www.example.com/page");
    reads.remember(DocumentKind::referer, hotlinks);
    CHECK(said_of(reads).confidence == Confidence::likely);
    CHECK(said_of(reads).first_step.find("would allow it") != std::string::npos);
}

TEST_CASE("only a whole preflight that COS itself calls one is held against rules for sure")
{
    auto read = preflight();
    read.method = "GET";
    read.remember(DocumentKind::cors, rules);
    CHECK(said_of(read).confidence == Confidence::likely);

    auto without_method = preflight();
    without_method.asked.pop_back();
    without_method.remember(DocumentKind::cors, rules);
    CHECK(said_of(without_method).confidence == Confidence::likely);

    auto without_body = preflight();
    without_body.response_body.reset();
    without_body.remember(DocumentKind::cors, rules);
    CHECK(said_of(without_body).confidence != Confidence::certain);
}

TEST_CASE("a hotlink list that refuses the Referer makes it certain")
{
    struct Row {
        std::string_view referer, remembered;
    };

    constexpr Row rows[] = {
        {"https://other.example/page?token=1", "allowlist of 1 entry, none of which fits"},
        {"", "allowlist of 1 entry, empty Referers are refused"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.referer);
        auto story = hotlinked(row.referer);
        CHECK(said_of(story).confidence == Confidence::likely);
        story.remember(DocumentKind::referer, hotlinks);
        const auto said = said_of(story);
        CHECK(said.token == "referer-denied");
        CHECK(said.confidence == Confidence::certain);
        CHECK(said.remembered == join("hotlink rules, seen 60 s ago: ", row.remembered, "\n"));
    }
}

TEST_CASE("a signed request, which hotlink rules are said to leave alone, makes no list certain")
{
    Story story;
    story.ask("Referer", "https://other.example/");
    story.fail_with("AccessDenied", "You are denied by bucket referer rule");
    story.remember(DocumentKind::referer, hotlinks);
    CHECK(said_of(story).token == "referer-denied");
    CHECK(said_of(story).confidence == Confidence::likely);
}

TEST_CASE("a list that leaves it open is evidence and no more")
{
    auto story = hotlinked("https://example.com/");
    std::string list(hotlinks);
    list.replace(list.find("www.example.com"), 15, "*.example.com");
    story.remember(DocumentKind::referer, list);
    const auto said = said_of(story);
    CHECK(said.confidence == Confidence::likely);
    CHECK(
        said.remembered ==
        "hotlink rules, seen 60 s ago: allowlist of 1 entry, of which this fits: *.example.com\n"
    );
}

TEST_CASE("a deny that names the key's user is the first thing to look at")
{
    Story story;
    story.remember(
        DocumentKind::policy, policy(statement("allow", somebody) + "," + statement("deny", somebody))
    );
    const auto said = said_of(story);
    CHECK(said.token == "permission-denied");
    CHECK(said.confidence == Confidence::likely);
    CHECK(
        said.remembered ==
        "bucket policy, seen 60 s ago: statement 1 of 2 allows it to qcs::cam::uin/100000000001:uin/"
        "100000000011\n"
        "bucket policy, seen 60 s ago: statement 2 of 2 denies it to qcs::cam::uin/100000000001:uin/"
        "100000000011\n"
    );
    CHECK(
        said.first_step == "In the bucket policy, look first at what denies: statement 2 of 2 denies it to "
                           "qcs::cam::uin/100000000001:uin/100000000011."
    );
}

TEST_CASE("a deny to everyone is held against unsigned requests only")
{
    Story with_key;
    with_key.remember(DocumentKind::policy, policy(statement("deny", everyone)));
    const auto keyed = said_of(with_key);
    CHECK(keyed.token == "permission-denied");
    CHECK(
        keyed.remembered == "bucket policy, seen 60 s ago: statement 1 of 1 denies it to everyone; that is "
                            "for unsigned requests\n"
    );
    CHECK(keyed.first_step.find("denies") == std::string::npos);

    auto without = with_key;
    without.asked.pop_back();
    const auto bare = said_of(without);
    CHECK(bare.token == "anonymous-request");
    CHECK(bare.confidence == Confidence::likely);
    CHECK(bare.first_step.starts_with("In the bucket policy, look first at what denies: statement 1 of 1"));
}

TEST_CASE("what is said of a user says nothing of a request without a signature")
{
    Story story;
    story.asked.pop_back();
    story.remember(
        DocumentKind::policy,
        policy(statement("deny", somebody) + "," + statement("allow", somebody, R"({"a":{"b":"c"}})"))
    );
    const auto said = said_of(story);
    CHECK(said.token == "anonymous-request");
    CHECK(
        said.remembered.find(
            "denies it to qcs::cam::uin/100000000001:uin/100000000011; this request is nobody's"
        ) != std::string::npos
    );
    CHECK(said.first_step.find("policy") == std::string::npos);
}

TEST_CASE("an allow with a condition asks whether the condition held")
{
    Story story;
    story.remember(
        DocumentKind::policy,
        policy(statement("allow", somebody, R"({"ip_equal":{"qcs:ip":["10.1.0.0/16"]}})"))
    );
    CHECK(
        said_of(story).first_step ==
        "In the bucket policy, check whether the condition held: statement 1 of 1 allows it to "
        "qcs::cam::uin/100000000001:uin/100000000011, if qcs:ip ip_equal 10.1.0.0/16."
    );
}

TEST_CASE("a policy that does not speak of the call is told as such, and one that is not there too")
{
    Story other;
    other.target = "/exampleobject?acl";
    auto elsewhere = policy(statement("allow", somebody));
    elsewhere.replace(elsewhere.find("name/cos:*"), 10, "name/cos:GetObject");
    other.remember(DocumentKind::policy, elsewhere);
    CHECK(
        said_of(other).remembered ==
        "bucket policy, seen 60 s ago: none of its 1 statements is about this call\n"
    );
    Story none;
    none.remember(DocumentKind::policy, "");
    CHECK(said_of(none).remembered == "bucket policy, seen 60 s ago: the bucket has none\n");
}

TEST_CASE("an ACL tells the owner and what everyone may do")
{
    Story story;
    story.remember(
        DocumentKind::acl,
        "<AccessControlPolicy><Owner><ID>qcs::cam::uin/100000000001:uin/100000000001</ID></"
        "Owner><AccessControlList>"
        "<Grant><Grantee><URI>http://cam.qcloud.com/groups/global/AllUsers</URI></Grantee><Permission>READ</"
        "Permission>"
        "</Grant></AccessControlList></AccessControlPolicy>"
    );
    CHECK(said_of(story).remembered == "bucket ACL, seen 60 s ago: owner 100000000001; everyone: READ\n");
}

TEST_CASE("documents that cannot be read change nothing")
{
    for (const std::string_view text : {"<Error/>", "{", "\xFF\xFE", "<CORSConfiguration>"}) {
        CAPTURE(text);
        auto asks = preflight();
        auto reads = hotlinked("https://other.example/");
        Story calls;
        for (auto* story : {&asks, &reads, &calls}) {
            const auto before = json_line(story->diagnosed());
            for (const auto kind :
                 {DocumentKind::cors, DocumentKind::referer, DocumentKind::acl, DocumentKind::policy}) {
                story->remember(kind, text);
            }
            CHECK(json_line(story->diagnosed()) == before);
        }
    }
}

TEST_CASE("whatever a document holds, what is rendered stays in bounds and valid")
{
    std::string hostile = "\xFF\x1B[2J\"\\\r\n";
    while (hostile.size() < 20'000) {
        hostile += "https://a.example,\xC2\x9B";
    }
    const auto in_json = std::string(6000, 'p') + "\\u001b\\\"";
    auto asks = preflight();
    asks.remember(
        DocumentKind::cors,
        join(
            "<CORSConfiguration><CORSRule><ID>",
            hostile,
            "</ID><AllowedOrigin>",
            hostile,
            "</AllowedOrigin></CORSRule></CORSConfiguration>"
        )
    );
    auto reads = hotlinked("https://other.example/");
    reads.remember(
        DocumentKind::referer,
        join(
            "<RefererConfiguration><Status>Enabled</Status><RefererType>Black-List</"
            "RefererType><DomainList><Domain>",
            "other.example</Domain><Domain>",
            hostile,
            "</Domain></DomainList></RefererConfiguration>"
        )
    );
    Story calls;
    calls.remember(
        DocumentKind::policy,
        policy(statement("deny", in_json, join(R"({"x":{")", in_json, R"(":")", in_json, R"("}})")))
    );
    calls.remember(
        DocumentKind::acl,
        join(
            "<AccessControlPolicy><Owner><ID>",
            hostile,
            "</ID></Owner><AccessControlList><Grant><Grantee><ID>anyone</ID>",
            "</Grantee><Permission>",
            hostile,
            "</Permission></Grant></AccessControlList></AccessControlPolicy>"
        )
    );
    for (const auto* story : {&asks, &reads, &calls}) {
        CHECK_FALSE(said_of(*story).remembered.empty());
        const auto diagnosis = story->diagnosed();
        const auto field = header_value(diagnosis);
        CHECK(field.size() <= 1024);
        CHECK(std::all_of(field.begin(), field.end(), [](char c) { return c >= 0x20 && c < 0x7F; }));
        const auto line = json_line(diagnosis);
        CHECK(line.size() < 16 * 1024);
        boost::json::error_code error;
        boost::json::parse(line, error);
        CHECK_FALSE(error);
    }
}

TEST_SUITE_END();

} // namespace cosdiag
