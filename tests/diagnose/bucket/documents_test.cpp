// SPDX-License-Identifier: Apache-2.0
#include "diagnose/bucket/documents.hpp"
#include "diagnose/memory.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <thread>

using namespace cosdiag;

namespace {

constexpr Seconds noon = 1795492800;
constexpr std::string_view host = "examplebucket-1250000000.cos.ap-beijing.myqcloud.com";

std::optional<std::string>
kept(const Documents& documents, std::string_view of, DocumentKind kind, Seconds now = noon)
{
    std::optional<std::string> found;
    for (const auto& document : documents.of_bucket(of, now)) {
        if (document.kind == kind) {
            CHECK_FALSE(found);
            found = *document.text;
        }
    }
    return found;
}

} // namespace

TEST_SUITE_BEGIN("diagnose/bucket/documents");

TEST_CASE("a call on a document of a bucket is told by path and query")
{
    struct Row {
        std::string_view target;
        std::optional<DocumentKind> kind;
    };

    constexpr Row rows[] = {
        {"/?cors", DocumentKind::cors},
        {"/?referer", DocumentKind::referer},
        {"/?acl", DocumentKind::acl},
        {"/?policy", DocumentKind::policy},
        {"/?cors=", DocumentKind::cors},
        {"/?cors&q-ak=AKIDx", DocumentKind::cors},
        {"/?q-ak=AKIDx&policy=", DocumentKind::policy},
        {"/?x-cos-security-token=acl&cors", DocumentKind::cors},
        {"/", {}},
        {"/?", {}},
        {"/?&&", {}},
        {"/?CORS", {}},
        {"/?corsx", {}},
        {"/?prefix=cors", {}},
        {"/?lifecycle", {}},
        {"/exampleobject?acl", {}},
        {"//?cors", {}},
        {"?cors", {}},
        {"cors", {}},
        {"*", {}},
        {"", {}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.target);
        CHECK(document_of(row.target) == row.kind);
    }
}

TEST_CASE("each document has a name for readers")
{
    CHECK(name_of(DocumentKind::cors) == "CORS rules");
    CHECK(name_of(DocumentKind::referer) == "hotlink rules");
    CHECK(name_of(DocumentKind::acl) == "bucket ACL");
    CHECK(name_of(DocumentKind::policy) == "bucket policy");
}

TEST_CASE("a document is known to its bucket under all of its hosts, and to no other")
{
    Documents documents;
    CHECK(documents.of_bucket(host, noon).empty());
    documents.keep(host, DocumentKind::cors, "<a/>", noon);
    CHECK(kept(documents, host, DocumentKind::cors) == "<a/>");
    CHECK(
        kept(documents, "ExampleBucket-1250000000.cos.ap-beijing.tencentcos.cn", DocumentKind::cors) == "<a/>"
    );
    CHECK_FALSE(kept(documents, host, DocumentKind::policy));
    CHECK_FALSE(kept(documents, "examplebucket-1259999999.cos.ap-beijing.myqcloud.com", DocumentKind::cors));
}

TEST_CASE("two domains of one's own that begin alike share nothing")
{
    Documents documents;
    documents.keep("www.a.com", DocumentKind::cors, "<a/>", noon);
    CHECK(kept(documents, "WWW.a.com", DocumentKind::cors) == "<a/>");
    CHECK_FALSE(kept(documents, "www.b.com", DocumentKind::cors));
    documents.keep("www.b.com", DocumentKind::cors, "<b/>", noon);
    documents.forget("www.b.com", DocumentKind::cors);
    CHECK(kept(documents, "www.a.com", DocumentKind::cors) == "<a/>");
}

TEST_CASE("a newer one takes the place of the older, and a change unseen leaves none")
{
    Documents documents;
    documents.keep(host, DocumentKind::cors, "<a/>", noon);
    documents.keep(host, DocumentKind::policy, "{}", noon);
    documents.keep(host, DocumentKind::cors, "", noon + 1);
    CHECK(kept(documents, host, DocumentKind::cors) == "");
    documents.forget(host, DocumentKind::cors);
    CHECK_FALSE(kept(documents, host, DocumentKind::cors));
    CHECK(kept(documents, host, DocumentKind::policy) == "{}");
}

TEST_CASE("one that is too large is not kept, and neither is what it replaces")
{
    Documents documents;
    documents.keep(host, DocumentKind::cors, std::string(Documents::largest, 'a'), noon);
    CHECK(kept(documents, host, DocumentKind::cors)->size() == Documents::largest);
    documents.keep(host, DocumentKind::cors, std::string(Documents::largest + 1, 'a'), noon);
    CHECK_FALSE(kept(documents, host, DocumentKind::cors));
}

TEST_CASE("a document says how old it is, and ends after an hour")
{
    Documents documents;
    documents.keep(host, DocumentKind::acl, "<a/>", noon);
    CHECK(documents.of_bucket(host, noon + 12).front().ago == 12);
    CHECK(documents.of_bucket(host, noon - 12).front().ago == 0);
    CHECK(kept(documents, host, DocumentKind::acl, noon + Memory::lifetime));
    CHECK_FALSE(kept(documents, host, DocumentKind::acl, noon + Memory::lifetime + 1));
}

TEST_CASE("when there is no more room the oldest gives way")
{
    Documents documents;
    const auto name = [](std::size_t i) { return "b-" + std::to_string(i) + ".cos.ap-beijing.myqcloud.com"; };
    for (std::size_t i = 0; i < Documents::most; ++i) {
        documents.keep(name(i), DocumentKind::cors, "<a/>", noon + static_cast<Seconds>(i == 0 ? 500 : i));
    }
    documents.keep(name(2), DocumentKind::cors, "<b/>", noon + 600);
    CHECK(kept(documents, name(1), DocumentKind::cors));
    documents.keep(host, DocumentKind::cors, "<c/>", noon + 601);
    CHECK_FALSE(kept(documents, name(1), DocumentKind::cors));
    for (const std::size_t i : {std::size_t{0}, std::size_t{2}, Documents::most - 1}) {
        CHECK(kept(documents, name(i), DocumentKind::cors));
    }
}

TEST_CASE("threads that keep one document at once leave one of them")
{
    Documents documents;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&documents] {
            for (int round = 0; round < 500; ++round) {
                documents.keep(host, DocumentKind::cors, "<a/>", noon);
                static_cast<void>(documents.of_bucket(host, noon));
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    CHECK(documents.of_bucket(host, noon).size() == 1);
}

TEST_SUITE_END();
