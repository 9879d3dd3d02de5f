FROM node:22-bookworm-slim AS build
WORKDIR /app
# The manifests alone first: the installed packages stay cached until one of them changes.
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY scripts/build.mjs scripts/run.mjs scripts/
COPY src src
# The compiler survives the pruning as an optional peer of @nestjs/swagger, for a plugin that only builds use.
RUN npm run build && npm prune --omit=dev && rm -rf node_modules/typescript

FROM node:22-bookworm-slim
# Containers are reached over their network, not over their own loopback.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/app/.data
WORKDIR /app
# Made here so that a new named volume mounted on it belongs to the user that writes it; all else stays
# root's and cannot be changed by the running process.
RUN install -d -o node -g node .data
COPY package.json ./
# What `npm run migrate` and its like call; they find dist/ built.
COPY scripts/build.mjs scripts/run.mjs scripts/
COPY --from=build /app/node_modules node_modules
COPY migrations migrations
COPY seeders seeders
COPY --from=build /app/dist dist
USER node
EXPOSE 3000
# The slim image has no curl.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
