# syntax=docker/dockerfile:1
# SPDX-License-Identifier: Apache-2.0
#
# docker build -t cosdiag .
# docker run --rm --read-only --cap-drop ALL -p 127.0.0.1:8403:8403 cosdiag --listen 0.0.0.0:8403 --allow-client 172.16.0.0/12
#
# Inside a container, 127.0.0.1 is the container's own. To be reached from outside it must listen on 0.0.0.0, and
# then it wants to be told who may use it: --allow-client with the range that clients come from (172.16.0.0/12 holds
# Docker's bridges). Without arguments it serves the containers that share its network namespace, as a sidecar does.
#
# Diagnoses go to standard output as JSON lines, messages to standard error. Settings are /etc/cosdiag/cosdiag.yaml, to
# be mounted over; arguments beat them. Nothing is written but the CA, and that only by `cosdiag ca init`, to
# COSDIAG_DATA_DIR, so the root may be read-only.

FROM debian:bookworm AS build
WORKDIR /src
COPY scripts/install scripts/install
RUN scripts/install run && rm -rf /var/lib/apt/lists/*
COPY . .
RUN scripts/build release >/dev/null && install -s -D .build/release/cosdiag /out/cosdiag

# Debian's slim image and not a distroless one: half of these libraries are in no distroless image and would have to be
# copied in by hand, where no package manager says that one of them needs a security update. It also has the shell that
# `kubectl exec` wants when something is wrong.
FROM debian:bookworm-slim
LABEL org.opencontainers.image.title="cosdiag" \
      org.opencontainers.image.description="Forward HTTP proxy that says why Tencent Cloud COS answered 403" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="0.1.0"
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        ca-certificates libc6 libcrypt1 libfmt9 libgcc-s1 libpugixml1v5 libspdlog1.10 libssl3 libstdc++6 libyaml-cpp0.7 \
        zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 8403 cosdiag \
    && useradd --uid 8403 --gid 8403 --home-dir /var/lib/cosdiag --no-create-home --shell /usr/sbin/nologin cosdiag \
    && install --directory --owner cosdiag --group cosdiag --mode 700 /var/lib/cosdiag
COPY --from=build /out/cosdiag /usr/bin/cosdiag
COPY config/cosdiag.example.yaml /usr/share/doc/cosdiag/examples/cosdiag.example.yaml
COPY config/container.yaml /etc/cosdiag/cosdiag.yaml
ENV COSDIAG_DATA_DIR=/var/lib/cosdiag
VOLUME /var/lib/cosdiag
USER 8403:8403
EXPOSE 8403
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
    CMD ["cosdiag", "healthcheck", "--config", "/etc/cosdiag/cosdiag.yaml"]
ENTRYPOINT ["cosdiag", "--config", "/etc/cosdiag/cosdiag.yaml"]
