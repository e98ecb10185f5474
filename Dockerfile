# syntax=docker/dockerfile:1
# SPDX-License-Identifier: Apache-2.0
#
# docker build -t cosdiag .
# docker run --rm -p 127.0.0.1:8403:8403 cosdiag --listen 0.0.0.0:8403 --allow-client 172.16.0.0/12
#
# Inside a container, 127.0.0.1 is the container's own. To be reached from outside it must listen on 0.0.0.0, and
# then it wants to be told who may use it: --allow-client with the range that clients come from (172.16.0.0/12 holds
# Docker's bridges). Without arguments it serves the containers that share its network namespace, as a sidecar does.

FROM debian:bookworm AS build
WORKDIR /src
COPY scripts/install scripts/install
RUN scripts/install run && rm -rf /var/lib/apt/lists/*
COPY . .
RUN scripts/build release >/dev/null && install -s -D .build/release/cosdiag /out/cosdiag

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        ca-certificates libcrypt1 libpugixml1v5 libspdlog1.10 libssl3 libstdc++6 libyaml-cpp0.7 zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 8403 --home-dir /var/lib/cosdiag --create-home --shell /usr/sbin/nologin cosdiag
COPY --from=build /out/cosdiag /usr/local/bin/cosdiag
COPY config/cosdiag.example.yaml /usr/local/share/cosdiag/cosdiag.example.yaml
ENV COSDIAG_DATA_DIR=/var/lib/cosdiag
USER 8403
EXPOSE 8403
ENTRYPOINT ["cosdiag"]
