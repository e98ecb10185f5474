// SPDX-License-Identifier: Apache-2.0
// Tools that name the error by its place in a sentence.
#include "diagnose/text.hpp"
#include "proxy/offline/scan.hpp"
#include "proxy/offline/sdk_readers.hpp"

#include <algorithm>
#include <array>

namespace cosdiag::offline {

namespace {

void take_code(Told& told, std::string_view code)
{
    if (is_code(code))
        tell(told.error.code, code);
    else if (told.recording.status == 0)
        told.recording.status = read_status(code);
}

/// `GET https://…: 403 AccessDenied(Message: …` of the Go SDK. The pairs behind it are read elsewhere.
void take_go(Told& told, std::string_view text)
{
    const auto open = text.find("(Message:");
    if (open == std::string_view::npos)
        return;
    const auto line = line_around(text.substr(0, open), open);
    const auto blank = line.rfind(' ');
    const auto colon = line.rfind(": ");
    if (blank == std::string_view::npos || colon == std::string_view::npos)
        return;
    if (const auto status = read_status(line.substr(colon + 2, 3)); status != 0)
        told.recording.status = status;
    take_code(told, line.substr(blank + 1));
}

/// `…Exception: Access Denied. (Status Code: 403; …` of the Java SDKs, ours and Amazon's. The message ends
/// its line, and other exceptions may stand before it.
void take_java(Told& told, std::string_view text)
{
    const auto open = std::min(text.find("(Service:"), text.find("(Status Code:"));
    if (open == std::string_view::npos)
        return;
    auto message = line_around(text.substr(0, open), open);
    for (const std::string_view mark : {"Exception:", "Exception{"}) {
        if (const auto at = message.rfind(mark); at != std::string_view::npos)
            message.remove_prefix(at + mark.size());
    }
    tell(told.error.message, trimmed(message));
}

/// A sentence with the code between two marks and the message behind a third, to the end of the line.
struct Sentence {
    std::string_view open, close, message;
};

constexpr std::array sentences{
    Sentence{"An error occurred (", ")", " operation: "}, // boto3, aws
    Sentence{"api error ", ":", ": "},                    // aws-sdk-go-v2
    Sentence{"S3 error: 403 (", ")", "): "},              // s3cmd
};

void take_sentence(Told& told, std::string_view text, const Sentence& sentence)
{
    const auto at = text.find(sentence.open);
    if (at == std::string_view::npos)
        return;
    const auto rest = line_around(text, at);
    const auto code = between(rest, sentence.open, sentence.close);
    if (!is_code(code) && read_status(code) == 0)
        return;
    take_code(told, code);
    const auto behind = rest.substr(rest.find(sentence.open) + sentence.open.size());
    if (const auto message = between(behind, sentence.message, "\n\""); is_code(code))
        tell(told.error.message, message);
}

/// The operation that boto3 names tells the method.
void take_operation(Told& told, std::string_view text)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 9> methods{
        {{"DeleteObjects", "POST"},
         {"CreateBucket", "PUT"},
         {"CopyObject", "PUT"},
         {"CreateMultipartUpload", "POST"},
         {"CompleteMultipartUpload", "POST"},
         {"Put", "PUT"},
         {"Get", "GET"},
         {"List", "GET"},
         {"Head", "HEAD"}}};
    const auto operation = between(text, "when calling the ", " ");
    if (operation.empty())
        return;
    told.traced = true;
    if (!told.recording.method.empty())
        return;
    const auto* const found = std::ranges::find_if(methods, [operation](const auto& one) {
        return operation.starts_with(one.first);
    });
    if (found != methods.end())
        told.recording.method = found->second;
}

/// The status as tools write it, where no name stands before it.
void take_status(Told& told, std::string_view text)
{
    if (told.recording.status == 0 && find_whole(text, "403") != std::string_view::npos)
        told.recording.status = 403;
}

} // namespace

void take_sentences(Told& told, std::string_view text)
{
    take_go(told, text);
    take_java(told, text);
    for (const auto& sentence : sentences)
        take_sentence(told, text, sentence);
    constexpr std::array<std::string_view, 3> sdk_names{"COSXML.", "com.qcloud.cos", "Qcloud\\Cos"};
    told.traced = std::ranges::any_of(sdk_names, [text](std::string_view name) {
        return text.find(name) != std::string_view::npos;
    });
    take_operation(told, text);
    if (!told.error.code && !told.error.message)
        take_status(told, text);
}

} // namespace cosdiag::offline
