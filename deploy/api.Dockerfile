# The API, and with another command the one-shot migration. Built from the repository's root.
FROM node:22.23.3-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY prisma prisma
COPY packages/domain/package.json packages/domain/
COPY packages/slides/package.json packages/slides/
COPY packages/store/package.json packages/store/
COPY apps/api/package.json apps/api/
COPY apps/cli/package.json apps/cli/
COPY apps/web/package.json apps/web/
COPY workers/train/package.json workers/train/
RUN npm ci --omit=dev --workspace=@microtome/api --include-workspace-root
COPY packages packages
COPY apps/api apps/api
COPY apps/cli apps/cli
RUN node prisma/generate.mjs

FROM node:22.23.3-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build --chown=node:node /app .
RUN mkdir /artifacts && chown node:node /artifacts
USER node
EXPOSE 4000
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4000/readyz').then((r)=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "apps/api/src/main.ts"]
