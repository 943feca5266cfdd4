# One worker on native TensorFlow for NVIDIA GPUs. The CUDA libraries come inside the wheels that pip fetches; the host
# brings the driver (NVIDIA Container Toolkit). Built from the repository's root.
FROM node:22.23.3-bookworm
ENV NODE_ENV=production
RUN apt-get update && apt-get install -y --no-install-recommends python3-pip g++ make && rm -rf /var/lib/apt/lists/*
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
RUN node prisma/generate.mjs && npm run native:build -- --cuda
RUN mkdir /artifacts && chown node:node /artifacts
USER node
CMD ["node", "workers/train/src/main.ts"]
