# SPDX-License-Identifier: Apache-2.0
"""The proxies with TLS on both sides: haproxy and nginx as servers, the others by opening what goes through CONNECT."""

import dataclasses
import os
import subprocess

import peers
import process

HAPROXY = """
global
    nbthread 1
    maxconn 6000
    tune.bufsize 65536
    ssl-default-bind-options ssl-min-ver TLSv1.3
    ssl-default-server-options ssl-min-ver TLSv1.3
defaults
    mode http
    timeout connect 5s
    timeout client 120s
    timeout server 120s
    timeout http-keep-alive 120s
frontend https
    bind 127.0.0.1:{http} ssl crt {pair}
    default_backend origin
backend origin
    http-reuse always
    server origin 127.0.0.1:{origin} ssl verify required ca-file {ca} sni str({host}) verifyhost {host}
"""

# What turns peers.NGINX to TLS, piece by piece.
NGINX_LISTEN = """listen 127.0.0.1:{http} ssl;
        ssl_protocols TLSv1.3;
        ssl_certificate {certificate};
        ssl_certificate_key {key};"""

NGINX_PASS = """proxy_pass https://origin;
            proxy_ssl_protocols TLSv1.3;
            proxy_ssl_verify on;
            proxy_ssl_trusted_certificate {ca};
            proxy_ssl_server_name on;
            proxy_ssl_name {host};"""

NGINX = peers.NGINX.replace("listen 127.0.0.1:{http};", NGINX_LISTEN).replace("proxy_pass http://origin;", NGINX_PASS)

SQUID_HELPER = "/usr/lib/squid/security_file_certgen"
SQUID_PORT = (
    "http_port 127.0.0.1:{http} ssl-bump generate-host-certificates=on dynamic_cert_mem_cache_size=4MB "
    "tls-cert={ca} tls-key={ca_key}"
)
# Certificates are made once for each host and then held in memory, so one helper is plenty.
SQUID_BUMP = """
sslcrtd_program {helper} -s {home}/certificates -M 4MB
sslcrtd_children 1 startup=1
ssl_bump bump all
tls_outgoing_options cafile={ca} min-version=1.3
hosts_file {home}/hosts
"""
SQUID_PREPARATION = """
echo 127.0.0.1 {host} >{home}/hosts
{helper} -c -s {home}/certificates -M 4MB
chmod -R a+rwX {home}
"""

# A script for mitmdump: every connection to an origin goes to ours.
MITMDUMP = """
def server_connect(data):
    data.server.address = ("127.0.0.1", {origin})
"""


def intercepts(program, home):
    """Whether this cosdiag has an authority of its own to vouch for hosts."""
    done = subprocess.run(
        [program, "ca", "init", "--data-dir", f"{home}/probe"],
        capture_output=True,
        env=process.quiet_environment(),
        check=False,
    )
    return done.returncode != 2


def all_peers(program):
    """Every peer, in the order of the table. All but cosdiag show certificates of the benchmark's authority."""
    user = "user root;" if os.geteuid() == 0 else ""
    return [
        peers.Peer(
            "haproxy",
            configuration=HAPROXY,
            command=("haproxy", "-db", "-f", "{file}"),
            package="haproxy",
            trust="{ca}",
        ),
        peers.Peer(
            "nginx",
            configuration=NGINX,
            settings={"user": user},
            command=("nginx", "-p", "{home}", "-e", "{home}/error.log", "-c", "{file}"),
            package="nginx",
            trust="{ca}",
        ),
        peers.Peer(
            "squid",
            configuration=peers.SQUID.replace("http_port 127.0.0.1:{http}", SQUID_PORT) + SQUID_BUMP,
            settings={"helper": SQUID_HELPER},
            prepare=("sh", "-e", "-c", SQUID_PREPARATION),
            command=("squid", "-N", "-f", "{file}"),
            needs=SQUID_HELPER,
            form="connect",
            effort=0.3,
            package="squid-openssl squid",
            authority=peers.COS_HOST + ":{origin}",
            trust="{ca}",
        ),
        peers.Peer(
            "mitmdump",
            configuration=MITMDUMP,
            prepare=("cp", "{ca_pair}", "{home}/mitmproxy-ca.pem"),
            command=(
                *("mitmdump", "--quiet", "--listen-host", "127.0.0.1", "--listen-port", "{http}", "-s", "{file}"),
                *("--set", "confdir={home}", "--set", "ssl_verify_upstream_trusted_ca={ca}"),
                *("--set", "stream_large_bodies=1m", "--set", "connection_strategy=lazy"),
            ),
            form="connect",
            effort=0.02,
            held=50,
            package="mitmproxy",
            trust="{ca}",
        ),
        peers.Peer(
            "cosdiag",
            prepare=(program, "ca", "init", "--data-dir", "{home}/data"),
            command=(*peers.cosdiag_command(program), "--data-dir", "{home}/data", "--upstream-ca", "{ca}"),
            form="connect",
            authority=peers.COS_HOST + ":443",
            trust="{home}/data/ca.pem",
        ),
    ]
