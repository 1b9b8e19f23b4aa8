-- The few runs that somebody has to decide about, among all that ever were. A value of an enum can be named only in a
-- later transaction than the one that adds it.
CREATE INDEX action_runs_waiting ON "ActionRun" ("orgId", "createdAt" DESC, id DESC) WHERE status = 'waiting';
CREATE INDEX action_runs_under_way ON "ActionRun" ("orgId", "createdAt" DESC, id DESC) WHERE status IN ('queued', 'running');
CREATE INDEX action_runs_failed ON "ActionRun" ("orgId", "createdAt" DESC, id DESC) WHERE status = 'failed';
CREATE INDEX action_runs_rejected ON "ActionRun" ("orgId", "createdAt" DESC, id DESC) WHERE status = 'rejected';
