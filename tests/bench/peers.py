# SPDX-License-Identifier: Apache-2.0
"""The proxies that are compared: how each is configured at its best for one core, started and addressed."""

import dataclasses
import os
import re
import shutil
import subprocess

import process

COS_HOST = "examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com"

HAPROXY = """
global
    nbthread 1
    maxconn 6000
    tune.bufsize 65536
    tune.pipesize 1048576
defaults
    timeout connect 5s
    timeout client 120s
    timeout server 120s
    timeout http-keep-alive 120s
    {splice}
frontend http
    mode http
    bind 127.0.0.1:{http}
    default_backend http_origin
backend http_origin
    mode http
    http-reuse always
    server origin 127.0.0.1:{origin}
frontend tcp
    mode tcp
    bind 127.0.0.1:{tcp}
    default_backend tcp_origin
backend tcp_origin
    mode tcp
    server origin 127.0.0.1:{origin}
"""

NGINX = """
{user}
daemon off;
worker_processes 1;
pid {home}/pid;
error_log {home}/error.log;
events {{ worker_connections 8192; }}
http {{
    access_log off;
    client_body_temp_path {home}/body;
    proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
    keepalive_timeout 120s;
    keepalive_requests 1000000000;
    client_max_body_size 0;
    client_body_buffer_size 128k;
    upstream origin {{
        server 127.0.0.1:{origin};
        keepalive 1024;
        keepalive_requests 1000000000;
        keepalive_timeout 120s;
    }}
    server {{
        listen 127.0.0.1:{http};
        location / {{
            proxy_pass http://origin;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_request_buffering off;
            proxy_buffering on;
            proxy_buffer_size 128k;
            proxy_buffers 8 128k;
            proxy_busy_buffers_size 256k;
            proxy_max_temp_file_size 0;
        }}
    }}
}}
"""

SQUID = """
http_port 127.0.0.1:{http}
http_access allow all
cache deny all
cache_mem 0 MB
access_log none
cache_store_log none
cache_log {home}/cache.log
netdb_filename none
pid_filename none
coredump_dir {home}
pinger_enable off
shutdown_lifetime 0 seconds
visible_hostname localhost
max_filedescriptors 16384
"""

TINYPROXY = """
Port {http}
Listen 127.0.0.1
Timeout 120
MaxClients 4000
LogFile "{home}/log"
LogLevel Critical
DisableViaHeader Yes
"""


@dataclasses.dataclass
class Peer:
    """One way of standing between client and origin."""

    name: str
    configuration: str = ""
    settings: dict = dataclasses.field(default_factory=dict)
    prepare: tuple = ()  # a command that runs once, before the first
    command: tuple = ()  # words; {home}, {file}, {http}, {origin} … are filled in, here and in other texts
    needs: str = ""  # a file without which it can take no part
    form: str = "origin"  # how the client names the destination
    tunnels: str = ""  # form of the tunnel rows; empty: takes no part
    tunnel_port: str = "http"
    speaks_http: bool = True
    keeps_alive: bool = True
    effort: float = 1.0  # share of the requests, for slow ones
    held: int = 1000  # connections of the idle rows
    package: str = ""  # of Debian, or several that exclude one another
    authority: str = COS_HOST
    trust: str = ""  # file with the certificates a client trusts; empty: without TLS

    def available(self):
        return shutil.which(self.command[0]) is not None and (not self.needs or os.path.exists(self.needs))

    def version(self):
        """The version as the program itself or the package system tells it."""
        if self.package:
            shown = "--showformat=${db:Status-Status} ${Version}\n"
            query = ["dpkg-query", "--show", shown, *self.package.split()]
            found = subprocess.run(query, capture_output=True, text=True, check=False)
            version = re.search(r"^installed (?:\d+:)?(\S+)-", found.stdout, re.MULTILINE)
            return version[1] if version else "unknown"
        found = subprocess.run([self.command[0], "--version"], capture_output=True, text=True, check=False)
        return found.stdout.strip() if found.returncode == 0 else ""


class Running:
    """A started peer and where it listens. `site` has what texts of peers name: the origin's port, certificates."""

    def __init__(self, peer, home, site, core):
        seen = os.path.exists(home)
        os.makedirs(home, exist_ok=True)
        os.chmod(home, 0o777)
        self.peer = peer
        self.ports = {"http": process.free_port(), "tcp": process.free_port()}
        values = {"home": home, "file": f"{home}/conf", **site, **self.ports, **peer.settings}
        with open(values["file"], "w", encoding="ascii") as file:
            file.write(peer.configuration.format(**values))
        self.authority = peer.authority.format(**values)
        self.trust = peer.trust.format(**values)
        if peer.prepare and not seen:
            process.run_tool([word.format(**values) for word in peer.prepare], env=process.quiet_environment())
        self.process = process.Process([word.format(**values) for word in peer.command], core, f"{home}/output")
        try:
            self.start_s = self.wait()
        except BaseException:
            self.process.stop()
            raise

    def wait(self):
        """Seconds from the start to the first answer, with TLS until it listens."""
        if self.trust:
            return self.process.wait_for_port(self.ports["http"])
        prefix = f"http://{self.authority}" if self.peer.form == "absolute" else ""
        return self.process.wait_for_answer(self.ports["http"], f"{prefix}/bytes/1024", self.authority)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stop()


def cosdiag_command(program):
    return (
        program,
        *("--threads", "1", "--listen", "127.0.0.1:{http}"),
        *("--allow-destination", "127.0.0.0/8", "--connect-to", "::127.0.0.1:{origin}"),
        *("--log", "{home}/diagnoses"),
    )


def all_peers(program, relay):
    """Every peer, in the order of the table."""
    relay_command = (relay, "--listen", "127.0.0.1:{http}", "--to", "127.0.0.1:{origin}")
    haproxy = {
        "configuration": HAPROXY,
        "command": ("haproxy", "-db", "-f", "{file}"),
        "tunnels": "origin",
        "tunnel_port": "tcp",
        "package": "haproxy",
    }
    user = "user root;" if os.geteuid() == 0 else ""
    return [
        Peer("relay", command=relay_command, tunnels="origin", speaks_http=False),
        Peer("relay-splice", command=(*relay_command, "--splice"), tunnels="origin", speaks_http=False),
        Peer("haproxy", settings={"splice": ""}, **haproxy),
        Peer(
            "haproxy-splice",
            settings={"splice": "option splice-request\n    option splice-response"},
            **haproxy,
        ),
        Peer(
            "nginx",
            configuration=NGINX,
            settings={"user": user},
            command=("nginx", "-p", "{home}", "-e", "{home}/error.log", "-c", "{file}"),
            package="nginx",
        ),
        Peer(
            "squid",
            configuration=SQUID,
            command=("squid", "-N", "-f", "{file}"),
            form="absolute",
            tunnels="connect",
            effort=0.3,
            package="squid squid-openssl",
            authority="127.0.0.1:{origin}",
        ),
        Peer(
            "tinyproxy",
            configuration=TINYPROXY,
            command=("tinyproxy", "-d", "-c", "{file}"),
            form="absolute",
            tunnels="connect",
            keeps_alive=False,
            effort=0.1,
            package="tinyproxy",
            authority="127.0.0.1:{origin}",
        ),
        Peer(
            "cosdiag",
            command=cosdiag_command(program),
            form="absolute",
            tunnels="connect",
        ),
    ]
