# SPDX-License-Identifier: Apache-2.0
"""Keys and certificates for one run, all of them EC P-256: an authority, and what it vouches for."""

import subprocess

import process

SETTINGS = """
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
authorityKeyIdentifier = keyid
subjectAltName = DNS:{host}
"""


def make(home, host):
    """Paths by name: `ca` and `ca_key`, `certificate` and `key` of `host`, and key and certificate in one file as
    `ca_pair` and `pair`."""
    with open(f"{home}/openssl.cnf", "w", encoding="ascii") as file:
        file.write(SETTINGS.format(host=host))
    paths = {"ca": f"{home}/ca.pem", "ca_key": f"{home}/ca.key"}
    create(home, "authority", paths["ca"], paths["ca_key"])
    paths |= {"certificate": f"{home}/server.pem", "key": f"{home}/server.key"}
    create(home, "server", paths["certificate"], paths["key"], "-CA", paths["ca"], "-CAkey", paths["ca_key"])
    paths["ca_pair"] = join(f"{home}/ca-pair.pem", paths["ca_key"], paths["ca"])
    paths["pair"] = join(f"{home}/server-pair.pem", paths["key"], paths["certificate"])
    return paths


def create(home, extensions, certificate, key, *signer):
    command = [
        *("openssl", "req", "-x509", "-config", f"{home}/openssl.cnf", "-extensions", extensions),
        *("-subj", f"/CN=benchmark's {extensions}", "-days", "2"),
        *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", *signer),
        *("-keyout", key, "-out", certificate),
    ]
    process.run_tool(command, env=process.quiet_environment())


def join(path, *parts):
    with open(path, "w", encoding="ascii") as whole:
        for part in parts:
            with open(part, encoding="ascii") as file:
                whole.write(file.read())
    return path
