# The dashboard. It knows nothing but the committed schema.graphql. Built from the repository's root.
FROM node:22.23.3-bookworm-slim AS build
WORKDIR /app
ENV NEXT_TELEMETRY_DISABLED=1
COPY package.json package-lock.json .npmrc ./
COPY packages/domain/package.json packages/domain/
COPY packages/slides/package.json packages/slides/
COPY packages/store/package.json packages/store/
COPY apps/api/package.json apps/api/
COPY apps/cli/package.json apps/cli/
COPY apps/web/package.json apps/web/
COPY workers/train/package.json workers/train/
RUN npm ci --workspace=@microtome/web --include-workspace-root
COPY codegen.ts ./
COPY apps/api/schema.graphql apps/api/schema.graphql
COPY apps/web apps/web
RUN node codegen.ts && npm run build -w apps/web

FROM node:22.23.3-bookworm-slim
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 WEB_HOST=0.0.0.0
WORKDIR /app
COPY --from=build --chown=node:node /app .
USER node
EXPOSE 3000
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3000/').then((r)=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "apps/web/server.ts"]
