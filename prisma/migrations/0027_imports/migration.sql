-- Files whose rows become records: checked first, then written in pieces, each with its progress in one transaction.
CREATE TYPE "ImportStatus" AS ENUM ('uploaded', 'checking', 'checked', 'running', 'finished', 'failed');

CREATE TABLE "DataImport" (
  "id" UUID NOT NULL DEFAULT uuidv7(),
  "orgId" UUID NOT NULL,
  "model" TEXT NOT NULL,
  "fileName" TEXT NOT NULL,
  "encoding" TEXT NOT NULL,
  "separator" TEXT NOT NULL,
  "header" JSONB NOT NULL,
  "mapping" JSONB,
  "status" "ImportStatus" NOT NULL DEFAULT 'uploaded',
  "generation" INTEGER NOT NULL DEFAULT 0,
  "rowsTotal" INTEGER NOT NULL,
  "rowsDone" INTEGER NOT NULL DEFAULT 0,
  "rowsWritten" INTEGER NOT NULL DEFAULT 0,
  "rowsRefused" INTEGER NOT NULL DEFAULT 0,
  "error" TEXT,
  "createdById" UUID NOT NULL,
  "finishedAt" TIMESTAMPTZ(3),
  "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "DataImport_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "DataImport_id_orgId_key" ON "DataImport"("id", "orgId");
CREATE INDEX "DataImport_orgId_createdAt_id_idx" ON "DataImport"("orgId", "createdAt" DESC, "id" DESC);
CREATE INDEX "DataImport_createdById_idx" ON "DataImport"("createdById");
ALTER TABLE "DataImport" ADD CONSTRAINT "DataImport_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "DataImport" ADD CONSTRAINT "DataImport_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

CREATE TABLE "DataImportRow" (
  "id" UUID NOT NULL DEFAULT uuidv7(),
  "orgId" UUID NOT NULL,
  "importId" UUID NOT NULL,
  "number" INTEGER NOT NULL,
  "cells" JSONB NOT NULL,
  "problem" TEXT,
  CONSTRAINT "DataImportRow_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "DataImportRow_orgId_importId_number_key" ON "DataImportRow"("orgId", "importId", "number");
ALTER TABLE "DataImportRow" ADD CONSTRAINT "DataImportRow_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "DataImportRow" ADD CONSTRAINT "DataImportRow_importId_orgId_fkey" FOREIGN KEY ("importId", "orgId") REFERENCES "DataImport"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

SELECT secure_table('"DataImport"');
-- how far an import is changes several times a second
SELECT audit_table('"DataImport"', noise => '{rowsDone,rowsWritten,rowsRefused}');
-- rows that wait are no records yet: what they become is recorded when it is written
SELECT secure_table('"DataImportRow"', audited => false);
