-- Runs of actions that wait for somebody's agreement or for the worker, and how far long ones are.
ALTER TYPE "ActionRunStatus" ADD VALUE 'waiting';
ALTER TYPE "ActionRunStatus" ADD VALUE 'queued';
ALTER TYPE "ActionRunStatus" ADD VALUE 'rejected';

ALTER TABLE "ActionRun"
  ADD COLUMN "summary" TEXT,
  ADD COLUMN "request" JSONB,
  ADD COLUMN "approvers" TEXT,
  ADD COLUMN "approvedById" UUID,
  ADD COLUMN "decidedAt" TIMESTAMPTZ(3),
  ADD COLUMN "reason" TEXT,
  ADD COLUMN "progressDone" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "progressTotal" INTEGER NOT NULL DEFAULT 0,
  -- four eyes: whoever asked cannot agree, whatever the program says
  ADD CONSTRAINT action_run_two_people CHECK ("approvedById" <> "actorUserId"),
  ADD CONSTRAINT action_run_approved CHECK ("approvers" IS NULL OR "approvedById" IS NOT NULL OR status::text IN ('waiting', 'failed')),
  -- status::text: a value that was added in this transaction cannot be named as itself yet
  ADD CONSTRAINT action_run_rejected CHECK (status::text <> 'rejected' OR btrim("reason") <> ''),
  ADD CONSTRAINT action_run_progress CHECK ("progressDone" BETWEEN 0 AND "progressTotal");

CREATE INDEX "ActionRun_actorUserId_createdAt_idx" ON "ActionRun"("actorUserId", "createdAt" DESC);
CREATE INDEX "ActionRun_approvedById_idx" ON "ActionRun"("approvedById");
ALTER TABLE "ActionRun" ADD CONSTRAINT "ActionRun_approvedById_fkey" FOREIGN KEY ("approvedById") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- how far a run is changes several times a second
SELECT audit_table('"ActionRun"', noise => '{progressDone,progressTotal}');
