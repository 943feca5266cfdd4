# One worker on the CPU engine (ONNX Runtime). Built from the repository's root. For CUDA see train-cuda.Dockerfile. For
# WebGPU the image needs the Vulkan loader (libvulkan1) and the host's graphics driver as well; this is untested.
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
RUN npm ci --omit=dev --workspace=@microtome/train --include-workspace-root
COPY packages packages
COPY workers/train workers/train
RUN node prisma/generate.mjs

FROM node:22.23.3-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build --chown=node:node /app .
RUN mkdir /artifacts && chown node:node /artifacts
USER node
CMD ["node", "workers/train/src/main.ts"]
