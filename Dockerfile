# An image whose entry point is lockstep, with both engines, for `lockstep k8s` and other engines that start containers:
#
#     docker build -t registry.example/lockstep:0.2.0 .
#
# Its code is that of this folder: runs are made with the same version, which every trial compares by its hash.

FROM node:22-bookworm-slim AS build
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates g++ python3 python3-pip \
  && rm -rf /var/lib/apt/lists/*
ENV LOCKSTEP_CACHE=/opt/lockstep-cache
WORKDIR /opt/lockstep
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run setup && npm prune --omit=dev

FROM node:22-bookworm-slim
ENV LOCKSTEP_CACHE=/opt/lockstep-cache NODE_ENV=production
COPY --from=build /opt/lockstep-cache /opt/lockstep-cache
COPY --from=build /opt/lockstep /opt/lockstep
# The user 1000 of the base image.
RUN mkdir /scratch && chown node: /scratch
USER node
WORKDIR /scratch
ENTRYPOINT ["node", "/opt/lockstep/dist/bin/lockstep.js"]
