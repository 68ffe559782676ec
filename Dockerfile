# The App as one image for all of its roles (DBA_ROLE): see docs/app.md.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
ENV NODE_ENV=production
# The programs of the PostgreSQL that a process without DATABASE_URL keeps for itself; no cluster is made in the image.
RUN mkdir -p /etc/postgresql-common && echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf \
  && apt-get update && apt-get install -y --no-install-recommends postgresql-15 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json app.yml ./
COPY bin bin
COPY templates templates
COPY schema schema
COPY fixtures/rules fixtures/rules
COPY fixtures/claims/locks.json fixtures/claims/locks.json
# The folder in which a process without DATABASE_URL keeps its own PostgreSQL.
RUN mkdir /data && chown node:node /data
ENV DBA_DATA=/data
VOLUME /data
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT ?? 3000) + '/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--disable-proto=delete", "bin/dba-app.js"]
