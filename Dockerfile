# syntax=docker/dockerfile:1
# Two stages: the first has what a build needs, the second what the server runs with. There is no compiled output:
# Node runs the TypeScript as it is; only the web page is bundled.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
# Only the packages' descriptions first: a change of a source does not install anew.
COPY package.json package-lock.json .npmrc ./
COPY clients/core/package.json clients/core/
COPY clients/cli/package.json clients/cli/
COPY clients/browser/package.json clients/browser/
# No install scripts: the one that is allowed is that of the package `node`, and here Node is the image's.
RUN --mount=type=cache,target=/var/cache/npm npm ci --cache /var/cache/npm --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/node node_modules/node-bin-* node_modules/.bin/node \
  # Binaries of other systems, 200 MB.
  && find node_modules/onnxruntime-node/bin -mindepth 2 -maxdepth 2 ! -name linux -exec rm -rf {} +
COPY tsconfig.json ./
COPY protocol protocol
COPY clients clients
RUN node clients/browser/build.ts
COPY server server
COPY LICENSE ./
# The page is built: without its sources the server serves it as it is, and needs no place to write a new one.
RUN rm -rf clients/browser/src clients/browser/vite.config.ts clients/browser/index.html clients/cli

FROM ${NODE_IMAGE} AS server
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data KUKU_MODELS_DIR=/models
# The uid of the image's own user `node`: volumes made from here belong to it.
RUN mkdir /data /models && chown node:node /data /models
WORKDIR /app
# Root's, so that the server can't change itself.
COPY --from=build /app ./
USER node
VOLUME ["/data", "/models"]
EXPOSE 3000
# The instance lives; whether it can take sessions, `/ready` tells the balancer.
HEALTHCHECK --interval=10s --timeout=2s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node itself, not npm: SIGTERM is to reach the server, which then drains.
CMD ["node", "server/main.ts"]
