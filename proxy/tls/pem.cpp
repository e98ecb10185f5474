// SPDX-License-Identifier: Apache-2.0
#include "proxy/tls/pem.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <utility>

namespace cosdiag::tls {

namespace {

/// Instead of a question for the password on the terminal.
int no_password(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/)
{
    return -1;
}

struct FreeBytes {
    template <class T>
    void operator()(T* bytes) const noexcept
    {
        OPENSSL_free(bytes);
    }
};

/// A block of PEM as it was read.
struct Block {
    std::unique_ptr<char, FreeBytes> name, header;
    std::unique_ptr<unsigned char, FreeBytes> bytes;
    long size = 0;

    /// False at the end of the text.
    bool read_from(BIO* pem)
    {
        char* its_name = nullptr;
        char* its_header = nullptr;
        unsigned char* its_bytes = nullptr;
        const int got = PEM_read_bio(pem, &its_name, &its_header, &its_bytes, &size);
        name.reset(its_name);
        header.reset(its_header);
        bytes.reset(its_bytes);
        if (got == 1)
            return true;
        const bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
        const std::string reason = openssl_error();
        if (!ended)
            throw CaError("a block of PEM in it cannot be read: " + reason);
        return false;
    }

    /// Null if it is no certificate, or none that is understood.
    X509Ptr certificate() const
    {
        const std::string_view kind = name.get();
        const unsigned char* begin = bytes.get();
        if (kind == PEM_STRING_X509 || kind == PEM_STRING_X509_OLD)
            return X509Ptr(d2i_X509(nullptr, &begin, size));
        if (kind == PEM_STRING_X509_TRUSTED)
            return X509Ptr(d2i_X509_AUX(nullptr, &begin, size));
        return nullptr;
    }
};

} // namespace

std::string to_pem(const X509& certificate)
{
    const BioPtr memory(must(BIO_new(BIO_s_mem()), "write PEM"));
    must(PEM_write_bio_X509(memory.get(), &certificate), "write PEM");
    return written_to(memory.get());
}

std::string to_pem(EVP_PKEY& key)
{
    const BioPtr memory(must(BIO_new(BIO_s_secmem()), "write PEM"));
    must(
        PEM_write_bio_PKCS8PrivateKey(memory.get(), &key, nullptr, nullptr, 0, nullptr, nullptr), "write PEM"
    );
    return written_to(memory.get());
}

std::vector<X509Ptr> read_certificates(std::string_view pem)
{
    std::vector<X509Ptr> all;
    const BioPtr reader = reader_of(pem);
    for (Block block; block.read_from(reader.get());) {
        if (X509Ptr certificate = block.certificate())
            all.push_back(std::move(certificate));
    }
    ERR_clear_error();
    return all;
}

KeyPtr read_key(std::string_view pem)
{
    const BioPtr reader = reader_of(pem);
    KeyPtr key(PEM_read_bio_PrivateKey(reader.get(), nullptr, no_password, nullptr));
    ERR_clear_error();
    return key;
}

} // namespace cosdiag::tls
