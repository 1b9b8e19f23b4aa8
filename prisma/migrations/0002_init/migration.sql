-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "Transmission" AS ENUM ('automatic', 'manual');

-- CreateEnum
CREATE TYPE "LocationKind" AS ENUM ('office', 'pickup_zone', 'test_centre');

-- CreateEnum
CREATE TYPE "CreditSource" AS ENUM ('purchase', 'refund', 'goodwill');

-- CreateEnum
CREATE TYPE "MessageChannel" AS ENUM ('email', 'sms', 'whatsapp');

-- CreateEnum
CREATE TYPE "MessageStatus" AS ENUM ('queued', 'sent', 'delivered', 'failed', 'suppressed');

-- CreateEnum
CREATE TYPE "WebhookStatus" AS ENUM ('received', 'processed', 'ignored', 'failed');

-- CreateEnum
CREATE TYPE "ActorKind" AS ENUM ('user', 'system', 'webhook', 'operator');

-- CreateEnum
CREATE TYPE "DeliveryStatus" AS ENUM ('waiting', 'queued', 'done', 'dead', 'skipped');

-- CreateEnum
CREATE TYPE "ActionRunStatus" AS ENUM ('running', 'succeeded', 'failed');

-- CreateEnum
CREATE TYPE "PaymentPurpose" AS ENUM ('lesson', 'package', 'reschedule_fee', 'cancellation_fee');

-- CreateEnum
CREATE TYPE "PaymentMethod" AS ENUM ('card', 'credit', 'cash', 'bank_transfer');

-- CreateEnum
CREATE TYPE "PaymentStatus" AS ENUM ('intent_created', 'requires_action', 'processing', 'succeeded', 'failed', 'canceled', 'partially_refunded', 'refunded');

-- CreateEnum
CREATE TYPE "RefundStatus" AS ENUM ('pending_approval', 'approved', 'rejected', 'submitting', 'unknown', 'pending', 'succeeded', 'failed', 'canceled');

-- CreateEnum
CREATE TYPE "RefundMethod" AS ENUM ('original', 'credit');

-- CreateEnum
CREATE TYPE "RefundReason" AS ENUM ('policy', 'instructor_cancelled', 'goodwill', 'duplicate', 'dispute', 'correction');

-- CreateEnum
CREATE TYPE "DisputeStatus" AS ENUM ('warning', 'needs_response', 'under_review', 'won', 'lost');

-- CreateEnum
CREATE TYPE "PayoutKind" AS ENUM ('lesson', 'late_cancel', 'no_show', 'adjustment');

-- CreateEnum
CREATE TYPE "PayoutStatus" AS ENUM ('pending', 'held', 'batched', 'submitting', 'unknown', 'paid', 'partially_reversed', 'reversed', 'failed', 'canceled');

-- CreateEnum
CREATE TYPE "PayoutBatchStatus" AS ENUM ('draft', 'submitted', 'approved', 'processing', 'paid', 'partially_failed', 'rejected', 'canceled');

-- CreateEnum
CREATE TYPE "LedgerAccount" AS ENUM ('stripe_balance', 'cash', 'learner_credit', 'unearned_lessons', 'instructor_payable', 'platform_fee', 'school_income', 'refunds', 'disputes', 'processor_fees');

-- CreateEnum
CREATE TYPE "OrgRole" AS ENUM ('owner', 'admin', 'manager', 'finance', 'compliance', 'instructor', 'student');

-- CreateEnum
CREATE TYPE "PlatformRole" AS ENUM ('none', 'support', 'operator');

-- CreateEnum
CREATE TYPE "OrgStatus" AS ENUM ('trial', 'active', 'suspended', 'closed');

-- CreateEnum
CREATE TYPE "MemberStatus" AS ENUM ('invited', 'active', 'suspended');

-- CreateEnum
CREATE TYPE "IncidentSeverity" AS ENUM ('near_miss', 'minor', 'major');

-- CreateEnum
CREATE TYPE "IncidentStatus" AS ENUM ('open', 'investigating', 'closed');

-- CreateEnum
CREATE TYPE "CredentialKind" AS ENUM ('instructor_licence', 'driver_licence', 'working_with_children', 'police_check', 'medical', 'first_aid');

-- CreateEnum
CREATE TYPE "CredentialStatus" AS ENUM ('pending', 'verified', 'rejected', 'revoked');

-- CreateEnum
CREATE TYPE "ConsentKind" AS ENUM ('minor_lessons', 'gps_tracking', 'marketing', 'terms');

-- CreateEnum
CREATE TYPE "BookingStatus" AS ENUM ('draft', 'pending_payment', 'requested', 'confirmed', 'scheduled', 'in_progress', 'completed', 'cancelled', 'no_show');

-- CreateEnum
CREATE TYPE "CancellationActor" AS ENUM ('student', 'parent', 'instructor', 'admin');

-- CreateTable
CREATE TABLE "Service" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "durationMin" INTEGER NOT NULL,
    "lessonType" TEXT NOT NULL DEFAULT 'standard',
    "transmission" "Transmission",
    "active" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Service_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RateCard" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "currency" TEXT NOT NULL DEFAULT 'AUD',
    "isDefault" BOOLEAN NOT NULL DEFAULT false,
    "validFrom" TIMESTAMPTZ(3),
    "validTo" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "RateCard_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RateCardItem" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "rateCardId" UUID NOT NULL,
    "serviceId" UUID NOT NULL,
    "priceCents" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "RateCardItem_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Package" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "serviceId" UUID,
    "name" TEXT NOT NULL,
    "minutes" INTEGER NOT NULL,
    "priceCents" INTEGER NOT NULL,
    "currency" TEXT NOT NULL DEFAULT 'AUD',
    "validityDays" INTEGER,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Package_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CreditGrant" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "studentId" UUID NOT NULL,
    "packageId" UUID,
    "paymentId" UUID,
    "source" "CreditSource" NOT NULL,
    "minutes" INTEGER NOT NULL,
    "minutesLeft" INTEGER NOT NULL,
    "valueCents" INTEGER NOT NULL,
    "valueLeft" INTEGER NOT NULL,
    "expiresAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "CreditGrant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CreditEntry" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "grantId" UUID NOT NULL,
    "bookingId" UUID,
    "minutes" INTEGER NOT NULL,
    "valueCents" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "actorId" UUID,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "CreditEntry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Vehicle" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "rego" TEXT NOT NULL,
    "regoState" TEXT NOT NULL,
    "make" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "year" INTEGER,
    "transmission" "Transmission" NOT NULL,
    "dualControls" BOOLEAN NOT NULL DEFAULT true,
    "regoExpiresOn" DATE,
    "insuranceExpiresOn" DATE,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "defaultInstructorId" UUID,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Vehicle_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Location" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "LocationKind" NOT NULL,
    "address" TEXT,
    "postcode" TEXT,
    "lat" DECIMAL(9,6),
    "lng" DECIMAL(9,6),
    "active" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Location_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Message" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "toAddress" TEXT NOT NULL,
    "channel" "MessageChannel" NOT NULL,
    "templateKey" TEXT NOT NULL,
    "subject" TEXT,
    "body" TEXT,
    "providerId" TEXT,
    "status" "MessageStatus" NOT NULL DEFAULT 'queued',
    "error" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "dedupeKey" TEXT,
    "relatedType" TEXT,
    "relatedId" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "MessageTemplate" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "channel" "MessageChannel" NOT NULL,
    "subject" TEXT,
    "body" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "MessageTemplate_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ContactOptOut" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "address" TEXT NOT NULL,
    "channel" "MessageChannel" NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ContactOptOut_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "WebhookEvent" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID,
    "provider" TEXT NOT NULL,
    "eventType" TEXT NOT NULL,
    "eventId" TEXT NOT NULL,
    "stripeAccountId" TEXT,
    "payload" JSONB NOT NULL,
    "status" "WebhookStatus" NOT NULL DEFAULT 'received',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "lastError" TEXT,
    "processedAt" TIMESTAMPTZ(3),
    "receivedAt" TIMESTAMPTZ(3) NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "WebhookEvent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Outbox" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "seq" SERIAL NOT NULL,
    "topic" TEXT NOT NULL,
    "aggregateType" TEXT NOT NULL,
    "aggregateId" TEXT NOT NULL,
    "aggregateVersion" INTEGER NOT NULL,
    "schemaVersion" INTEGER NOT NULL DEFAULT 1,
    "dedupeKey" TEXT,
    "payload" JSONB NOT NULL,
    "actor" JSONB,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "lastError" TEXT,
    "availableAt" TIMESTAMPTZ(3) NOT NULL,
    "relayedAt" TIMESTAMPTZ(3),
    "processedAt" TIMESTAMPTZ(3),
    "deadAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Outbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "OutboxDelivery" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "outboxId" UUID NOT NULL,
    "handler" TEXT NOT NULL,
    "status" "DeliveryStatus" NOT NULL DEFAULT 'waiting',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "lastError" TEXT,
    "generation" INTEGER NOT NULL DEFAULT 0,
    "resultRef" TEXT,
    "finishedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "OutboxDelivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ActionRun" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "idempotencyKey" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "actorUserId" UUID,
    "recordType" TEXT,
    "recordId" TEXT,
    "inputHash" TEXT NOT NULL,
    "status" "ActionRunStatus" NOT NULL DEFAULT 'running',
    "result" JSONB,
    "error" TEXT,
    "finishedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ActionRun_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AuditLog" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "seq" SERIAL NOT NULL,
    "actorUserId" UUID,
    "actorKind" "ActorKind" NOT NULL DEFAULT 'user',
    "actorRole" TEXT,
    "action" TEXT NOT NULL,
    "entityType" TEXT NOT NULL,
    "entityId" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,
    "reason" TEXT,
    "requestId" TEXT,
    "ip" TEXT,
    "prevHash" TEXT,
    "hash" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "AuditLog_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AuditSeal" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "rowCount" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "sealedOn" DATE NOT NULL,
    "publishedTo" TEXT,
    "publishedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "AuditSeal_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Payment" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "bookingId" UUID,
    "studentId" UUID NOT NULL,
    "purpose" "PaymentPurpose" NOT NULL DEFAULT 'lesson',
    "method" "PaymentMethod" NOT NULL DEFAULT 'card',
    "status" "PaymentStatus" NOT NULL DEFAULT 'intent_created',
    "currency" TEXT NOT NULL DEFAULT 'AUD',
    "amountCents" INTEGER NOT NULL,
    "gstCents" INTEGER NOT NULL DEFAULT 0,
    "platformFeeCents" INTEGER NOT NULL,
    "instructorShareCents" INTEGER NOT NULL,
    "refundedCents" INTEGER NOT NULL DEFAULT 0,
    "processorFeeCents" INTEGER,
    "stripePaymentIntentId" TEXT,
    "stripeChargeId" TEXT,
    "stripeRefundId" TEXT,
    "failureCode" TEXT,
    "succeededAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Payment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Refund" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "paymentId" UUID NOT NULL,
    "bookingId" UUID,
    "amountCents" INTEGER NOT NULL,
    "platformFeeCents" INTEGER NOT NULL,
    "instructorShareCents" INTEGER NOT NULL,
    "currency" TEXT NOT NULL DEFAULT 'AUD',
    "method" "RefundMethod" NOT NULL DEFAULT 'original',
    "status" "RefundStatus" NOT NULL DEFAULT 'pending_approval',
    "reasonCode" "RefundReason" NOT NULL,
    "reason" TEXT NOT NULL,
    "policySnapshot" JSONB,
    "isOverride" BOOLEAN NOT NULL DEFAULT false,
    "requestedById" UUID,
    "approvedById" UUID,
    "approvedAt" TIMESTAMPTZ(3),
    "stripeRefundId" TEXT,
    "failureCode" TEXT,
    "idempotencyKey" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Refund_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Dispute" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "paymentId" UUID NOT NULL,
    "stripeDisputeId" TEXT NOT NULL,
    "status" "DisputeStatus" NOT NULL,
    "amountCents" INTEGER NOT NULL,
    "feeCents" INTEGER NOT NULL DEFAULT 0,
    "currency" TEXT NOT NULL DEFAULT 'AUD',
    "reason" TEXT NOT NULL,
    "evidenceDueBy" TIMESTAMPTZ(3),
    "evidence" JSONB,
    "openedAt" TIMESTAMPTZ(3) NOT NULL,
    "closedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Dispute_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PayoutBatch" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "periodStart" DATE NOT NULL,
    "periodEnd" DATE NOT NULL,
    "currency" TEXT NOT NULL DEFAULT 'AUD',
    "status" "PayoutBatchStatus" NOT NULL DEFAULT 'draft',
    "payoutCount" INTEGER NOT NULL DEFAULT 0,
    "totalCents" INTEGER NOT NULL DEFAULT 0,
    "createdById" UUID NOT NULL,
    "submittedAt" TIMESTAMPTZ(3),
    "approvedById" UUID,
    "approvedAt" TIMESTAMPTZ(3),
    "rejectedReason" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "PayoutBatch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Payout" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "instructorId" UUID NOT NULL,
    "bookingId" UUID,
    "paymentId" UUID,
    "batchId" UUID,
    "kind" "PayoutKind" NOT NULL DEFAULT 'lesson',
    "currency" TEXT NOT NULL DEFAULT 'AUD',
    "amountCents" INTEGER NOT NULL,
    "reversedCents" INTEGER NOT NULL DEFAULT 0,
    "gstCents" INTEGER NOT NULL DEFAULT 0,
    "status" "PayoutStatus" NOT NULL DEFAULT 'pending',
    "availableAt" TIMESTAMPTZ(3) NOT NULL,
    "holdReason" TEXT,
    "failureCode" TEXT,
    "stripeTransferId" TEXT,
    "paidAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Payout_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "TransferReversal" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "payoutId" UUID NOT NULL,
    "refundId" UUID,
    "disputeId" UUID,
    "amountCents" INTEGER NOT NULL,
    "status" "RefundStatus" NOT NULL DEFAULT 'approved',
    "stripeReversalId" TEXT,
    "failureCode" TEXT,
    "idempotencyKey" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "TransferReversal_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "LedgerTransaction" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "refType" TEXT NOT NULL,
    "refId" TEXT NOT NULL,
    "idempotencyKey" TEXT NOT NULL,
    "description" TEXT,
    "occurredAt" TIMESTAMPTZ(3) NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "LedgerTransaction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "LedgerEntry" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "transactionId" UUID NOT NULL,
    "account" "LedgerAccount" NOT NULL,
    "instructorId" UUID,
    "bookingId" UUID,
    "currency" TEXT NOT NULL,
    "amountCents" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "LedgerEntry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Org" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "name" TEXT NOT NULL,
    "abn" TEXT,
    "timeZone" TEXT NOT NULL DEFAULT 'Australia/Sydney',
    "status" "OrgStatus" NOT NULL DEFAULT 'active',
    "currency" TEXT NOT NULL DEFAULT 'AUD',
    "gstRegistered" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Org_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "OrgSettings" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "platformFeeBps" INTEGER NOT NULL DEFAULT 1500,
    "paymentHoldMin" INTEGER NOT NULL DEFAULT 30,
    "draftTtlMin" INTEGER NOT NULL DEFAULT 60,
    "noShowGraceMin" INTEGER NOT NULL DEFAULT 30,
    "rescheduleCutoffMin" INTEGER NOT NULL DEFAULT 120,
    "rescheduleFeeCents" INTEGER NOT NULL DEFAULT 0,
    "minNoticeMin" INTEGER NOT NULL DEFAULT 120,
    "maxAdvanceDays" INTEGER NOT NULL DEFAULT 90,
    "payoutHoldHours" INTEGER NOT NULL DEFAULT 48,
    "refundApprovalOverCents" INTEGER NOT NULL DEFAULT 10000,
    "gpsRetentionDays" INTEGER NOT NULL DEFAULT 90,
    "lessonRecordRetentionYrs" INTEGER NOT NULL DEFAULT 5,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "OrgSettings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "User" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "email" TEXT NOT NULL,
    "fullName" TEXT NOT NULL,
    "phone" TEXT,
    "password" TEXT,
    "externalId" TEXT,
    "platformRole" "PlatformRole" NOT NULL DEFAULT 'none',
    "disabledAt" TIMESTAMPTZ(3),
    "failedLogins" INTEGER NOT NULL DEFAULT 0,
    "lockedUntil" TIMESTAMPTZ(3),
    "lastLoginAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "UserOrg" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "userId" UUID NOT NULL,
    "role" "OrgRole" NOT NULL,
    "status" "MemberStatus" NOT NULL DEFAULT 'active',
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "UserOrg_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RefreshToken" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "userId" UUID NOT NULL,
    "jti" TEXT NOT NULL,
    "rotationId" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "used" BOOLEAN NOT NULL DEFAULT false,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "RefreshToken_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SavedView" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "ownerId" UUID NOT NULL,
    "resource" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "sharedWith" "OrgRole",
    "settings" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "SavedView_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Lesson" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "bookingId" UUID NOT NULL,
    "instructorId" UUID NOT NULL,
    "studentId" UUID NOT NULL,
    "startedAt" TIMESTAMPTZ(3),
    "endedAt" TIMESTAMPTZ(3),
    "rating" INTEGER,
    "notes" TEXT,
    "distanceMeters" INTEGER,
    "durationSec" INTEGER,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Lesson_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "LogbookEntry" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "studentId" UUID NOT NULL,
    "lessonId" UUID NOT NULL,
    "dayMinutes" INTEGER NOT NULL,
    "nightMinutes" INTEGER NOT NULL,
    "creditedDayMinutes" INTEGER NOT NULL,
    "creditedNightMinutes" INTEGER NOT NULL,
    "structured" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "LogbookEntry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Incident" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "lessonId" UUID,
    "vehicleId" UUID,
    "instructorId" UUID,
    "occurredAt" TIMESTAMPTZ(3) NOT NULL,
    "severity" "IncidentSeverity" NOT NULL,
    "status" "IncidentStatus" NOT NULL DEFAULT 'open',
    "description" TEXT NOT NULL,
    "closedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Incident_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Trip" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "lessonId" UUID NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "endedAt" TIMESTAMPTZ(3),
    "purgedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Trip_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "TripPoint" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "tripId" UUID NOT NULL,
    "ts" TIMESTAMPTZ(3) NOT NULL,
    "lat" DECIMAL(9,6) NOT NULL,
    "lng" DECIMAL(9,6) NOT NULL,
    "speedKph" DECIMAL(6,2),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "TripPoint_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Instructor" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "userId" UUID,
    "displayName" TEXT NOT NULL,
    "phone" TEXT,
    "licenseId" TEXT,
    "abn" TEXT,
    "gstRegistered" BOOLEAN NOT NULL DEFAULT false,
    "teachesAutomatic" BOOLEAN NOT NULL DEFAULT true,
    "teachesManual" BOOLEAN NOT NULL DEFAULT false,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "stripeAccountId" TEXT,
    "stripeOnboardingStatus" TEXT NOT NULL DEFAULT 'not_started',
    "stripeCapabilities" JSONB,
    "stripeRequirementsDue" JSONB,
    "stripeConnectedAt" TIMESTAMPTZ(3),
    "stripeDisconnectedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Instructor_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Student" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "userId" UUID,
    "fullName" TEXT NOT NULL,
    "phone" TEXT,
    "email" TEXT,
    "dob" DATE,
    "licenceType" TEXT,
    "permitNumber" TEXT,
    "permitState" TEXT,
    "permitExpiresOn" DATE,
    "notes" TEXT,
    "archivedAt" TIMESTAMPTZ(3),
    "anonymisedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Student_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Guardian" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "userId" UUID,
    "fullName" TEXT NOT NULL,
    "phone" TEXT,
    "email" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Guardian_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "StudentGuardian" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "studentId" UUID NOT NULL,
    "guardianId" UUID NOT NULL,
    "relation" TEXT,
    "isBilling" BOOLEAN NOT NULL DEFAULT false,
    "isEmergency" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "StudentGuardian_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "InstructorCredential" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "instructorId" UUID NOT NULL,
    "kind" "CredentialKind" NOT NULL,
    "number" TEXT NOT NULL,
    "jurisdiction" TEXT,
    "issuedOn" DATE,
    "expiresOn" DATE NOT NULL,
    "status" "CredentialStatus" NOT NULL DEFAULT 'pending',
    "verifiedById" UUID,
    "verifiedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "InstructorCredential_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Consent" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "studentId" UUID NOT NULL,
    "guardianId" UUID,
    "kind" "ConsentKind" NOT NULL,
    "granted" BOOLEAN NOT NULL,
    "documentVer" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "lessonId" UUID,
    "recordedById" UUID,
    "effectiveAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Consent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "InstructorAvailability" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "instructorId" UUID NOT NULL,
    "dayOfWeek" INTEGER NOT NULL,
    "startMinute" INTEGER NOT NULL,
    "endMinute" INTEGER NOT NULL,
    "effectiveFrom" DATE,
    "effectiveTo" DATE,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "InstructorAvailability_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AvailabilityException" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "instructorId" UUID NOT NULL,
    "date" DATE NOT NULL,
    "isAvailable" BOOLEAN NOT NULL,
    "startMinute" INTEGER,
    "endMinute" INTEGER,
    "note" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "AvailabilityException_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "InstructorWorkingHours" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "instructorId" UUID NOT NULL,
    "dayOfWeek" INTEGER NOT NULL,
    "startTime" TEXT NOT NULL,
    "endTime" TEXT NOT NULL,
    "breakStartTime" TEXT,
    "breakEndTime" TEXT,
    "maxLessonsPerDay" INTEGER,
    "travelBufferMin" INTEGER NOT NULL DEFAULT 15,
    "isActive" BOOLEAN NOT NULL DEFAULT true,
    "effectiveFrom" DATE,
    "effectiveTo" DATE,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "InstructorWorkingHours_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "TravelTimeCache" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "fromLocationHash" TEXT NOT NULL,
    "toLocationHash" TEXT NOT NULL,
    "fromLat" DECIMAL(9,6) NOT NULL,
    "fromLng" DECIMAL(9,6) NOT NULL,
    "toLat" DECIMAL(9,6) NOT NULL,
    "toLng" DECIMAL(9,6) NOT NULL,
    "drivingTimeMin" INTEGER NOT NULL,
    "trafficMultiplier" DECIMAL(5,2) NOT NULL DEFAULT 1.0,
    "distanceMeters" INTEGER NOT NULL,
    "peakHourMultiplier" DECIMAL(5,2) NOT NULL DEFAULT 1.2,
    "timeOfDayFactors" JSONB,
    "lastUpdated" TIMESTAMPTZ(3) NOT NULL,
    "cacheValidUntil" TIMESTAMPTZ(3) NOT NULL,
    "source" TEXT NOT NULL DEFAULT 'google_maps',
    "reliability" TEXT NOT NULL DEFAULT 'high',
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "TravelTimeCache_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "LicenseCompatibilityMatrix" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "studentLicenseType" TEXT NOT NULL,
    "lessonType" TEXT NOT NULL,
    "instructorLicenseReq" TEXT NOT NULL,
    "isCompatible" BOOLEAN NOT NULL,
    "minStudentAge" INTEGER,
    "maxStudentAge" INTEGER,
    "prerequisites" JSONB,
    "restrictions" JSONB,
    "minLessonDuration" INTEGER,
    "maxLessonDuration" INTEGER,
    "requiresParentalConsent" BOOLEAN NOT NULL DEFAULT false,
    "isActive" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "LicenseCompatibilityMatrix_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Booking" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "studentId" UUID NOT NULL,
    "instructorId" UUID NOT NULL,
    "serviceId" UUID NOT NULL,
    "vehicleId" UUID,
    "locationId" UUID,
    "rateCardId" UUID,
    "startAt" TIMESTAMPTZ(3) NOT NULL,
    "endAt" TIMESTAMPTZ(3) NOT NULL,
    "blockedUntil" TIMESTAMPTZ(3) NOT NULL,
    "status" "BookingStatus" NOT NULL DEFAULT 'requested',
    "holdExpiresAt" TIMESTAMPTZ(3),
    "pickupAddress" TEXT,
    "pickupLat" DECIMAL(9,6),
    "pickupLng" DECIMAL(9,6),
    "dropoffAddress" TEXT,
    "dropoffLat" DECIMAL(9,6),
    "dropoffLng" DECIMAL(9,6),
    "currency" TEXT NOT NULL DEFAULT 'AUD',
    "priceCents" INTEGER NOT NULL,
    "platformFeeBps" INTEGER NOT NULL,
    "platformFeeCents" INTEGER NOT NULL,
    "instructorShareCents" INTEGER NOT NULL,
    "notes" TEXT,
    "cancelledBy" UUID,
    "cancelledAs" "CancellationActor",
    "cancelledAt" TIMESTAMPTZ(3),
    "cancellationReason" TEXT,
    "policyId" UUID,
    "rescheduledFrom" TIMESTAMPTZ(3),
    "rescheduledAt" TIMESTAMPTZ(3),
    "rescheduleReason" TEXT,
    "rescheduleCount" INTEGER NOT NULL DEFAULT 0,
    "previousStatus" "BookingStatus",
    "statusChangedAt" TIMESTAMPTZ(3),
    "statusChangedBy" UUID,
    "idempotencyKey" TEXT,
    "version" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Booking_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ScheduledStateTransition" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "bookingId" UUID NOT NULL,
    "toStatus" "BookingStatus" NOT NULL,
    "executeAt" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "metadata" JSONB,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "lastError" TEXT,
    "processedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ScheduledStateTransition_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "StateTransitionRule" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "fromStatus" "BookingStatus",
    "toStatus" "BookingStatus" NOT NULL,
    "requiredRole" "OrgRole",
    "conditions" JSONB,
    "isActive" BOOLEAN NOT NULL DEFAULT true,
    "description" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "StateTransitionRule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "LessonStateHistory" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "bookingId" UUID NOT NULL,
    "fromStatus" "BookingStatus",
    "toStatus" "BookingStatus" NOT NULL,
    "actorUserId" UUID,
    "reason" TEXT,
    "metadata" JSONB,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "LessonStateHistory_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CancellationPolicy" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "orgId" UUID NOT NULL,
    "actor" "CancellationActor" NOT NULL,
    "hoursBeforeStart" INTEGER NOT NULL,
    "refundPercentage" INTEGER NOT NULL DEFAULT 100,
    "feeCents" INTEGER NOT NULL DEFAULT 0,
    "isActive" BOOLEAN NOT NULL DEFAULT true,
    "description" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "CancellationPolicy_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Service_orgId_active_idx" ON "Service"("orgId", "active");

-- CreateIndex
CREATE UNIQUE INDEX "Service_id_orgId_key" ON "Service"("id", "orgId");

-- CreateIndex
CREATE UNIQUE INDEX "Service_orgId_name_key" ON "Service"("orgId", "name");

-- CreateIndex
CREATE INDEX "RateCard_orgId_isDefault_idx" ON "RateCard"("orgId", "isDefault");

-- CreateIndex
CREATE UNIQUE INDEX "RateCard_id_orgId_key" ON "RateCard"("id", "orgId");

-- CreateIndex
CREATE UNIQUE INDEX "RateCard_orgId_name_key" ON "RateCard"("orgId", "name");

-- CreateIndex
CREATE INDEX "RateCardItem_orgId_idx" ON "RateCardItem"("orgId");

-- CreateIndex
CREATE UNIQUE INDEX "RateCardItem_rateCardId_serviceId_key" ON "RateCardItem"("rateCardId", "serviceId");

-- CreateIndex
CREATE UNIQUE INDEX "Package_id_orgId_key" ON "Package"("id", "orgId");

-- CreateIndex
CREATE UNIQUE INDEX "Package_orgId_name_key" ON "Package"("orgId", "name");

-- CreateIndex
CREATE INDEX "CreditGrant_orgId_studentId_expiresAt_idx" ON "CreditGrant"("orgId", "studentId", "expiresAt");

-- CreateIndex
CREATE UNIQUE INDEX "CreditGrant_id_orgId_key" ON "CreditGrant"("id", "orgId");

-- CreateIndex
CREATE INDEX "CreditEntry_orgId_grantId_createdAt_idx" ON "CreditEntry"("orgId", "grantId", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "Vehicle_id_orgId_key" ON "Vehicle"("id", "orgId");

-- CreateIndex
CREATE UNIQUE INDEX "Vehicle_orgId_rego_key" ON "Vehicle"("orgId", "rego");

-- CreateIndex
CREATE UNIQUE INDEX "Location_id_orgId_key" ON "Location"("id", "orgId");

-- CreateIndex
CREATE UNIQUE INDEX "Location_orgId_name_key" ON "Location"("orgId", "name");

-- CreateIndex
CREATE INDEX "Message_orgId_channel_status_idx" ON "Message"("orgId", "channel", "status");

-- CreateIndex
CREATE INDEX "Message_orgId_relatedType_relatedId_idx" ON "Message"("orgId", "relatedType", "relatedId");

-- CreateIndex
CREATE INDEX "Message_orgId_createdAt_id_idx" ON "Message"("orgId", "createdAt" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "Message_orgId_dedupeKey_key" ON "Message"("orgId", "dedupeKey");

-- CreateIndex
CREATE UNIQUE INDEX "MessageTemplate_orgId_key_channel_key" ON "MessageTemplate"("orgId", "key", "channel");

-- CreateIndex
CREATE UNIQUE INDEX "ContactOptOut_orgId_channel_address_key" ON "ContactOptOut"("orgId", "channel", "address");

-- CreateIndex
CREATE INDEX "WebhookEvent_provider_processedAt_idx" ON "WebhookEvent"("provider", "processedAt");

-- CreateIndex
CREATE INDEX "WebhookEvent_orgId_receivedAt_idx" ON "WebhookEvent"("orgId", "receivedAt");

-- CreateIndex
CREATE UNIQUE INDEX "WebhookEvent_provider_eventId_key" ON "WebhookEvent"("provider", "eventId");

-- CreateIndex
CREATE INDEX "Outbox_topic_processedAt_idx" ON "Outbox"("topic", "processedAt");

-- CreateIndex
CREATE INDEX "Outbox_orgId_createdAt_idx" ON "Outbox"("orgId", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "Outbox_id_orgId_key" ON "Outbox"("id", "orgId");

-- CreateIndex
CREATE UNIQUE INDEX "Outbox_orgId_dedupeKey_key" ON "Outbox"("orgId", "dedupeKey");

-- CreateIndex
CREATE UNIQUE INDEX "Outbox_orgId_aggregateType_aggregateId_aggregateVersion_key" ON "Outbox"("orgId", "aggregateType", "aggregateId", "aggregateVersion");

-- CreateIndex
CREATE INDEX "OutboxDelivery_orgId_status_idx" ON "OutboxDelivery"("orgId", "status");

-- CreateIndex
CREATE INDEX "OutboxDelivery_handler_status_idx" ON "OutboxDelivery"("handler", "status");

-- CreateIndex
CREATE UNIQUE INDEX "OutboxDelivery_outboxId_handler_key" ON "OutboxDelivery"("outboxId", "handler");

-- CreateIndex
CREATE INDEX "ActionRun_orgId_createdAt_id_idx" ON "ActionRun"("orgId", "createdAt" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "ActionRun_orgId_idempotencyKey_key" ON "ActionRun"("orgId", "idempotencyKey");

-- CreateIndex
CREATE INDEX "AuditLog_orgId_entityType_entityId_idx" ON "AuditLog"("orgId", "entityType", "entityId");

-- CreateIndex
CREATE INDEX "AuditLog_orgId_action_createdAt_idx" ON "AuditLog"("orgId", "action", "createdAt");

-- CreateIndex
CREATE INDEX "AuditLog_actorUserId_idx" ON "AuditLog"("actorUserId");

-- CreateIndex
CREATE INDEX "AuditLog_orgId_createdAt_id_idx" ON "AuditLog"("orgId", "createdAt" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "AuditLog_orgId_seq_key" ON "AuditLog"("orgId", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "AuditSeal_orgId_sealedOn_key" ON "AuditSeal"("orgId", "sealedOn");

-- CreateIndex
CREATE UNIQUE INDEX "Payment_stripePaymentIntentId_key" ON "Payment"("stripePaymentIntentId");

-- CreateIndex
CREATE UNIQUE INDEX "Payment_stripeChargeId_key" ON "Payment"("stripeChargeId");

-- CreateIndex
CREATE INDEX "Payment_orgId_status_idx" ON "Payment"("orgId", "status");

-- CreateIndex
CREATE INDEX "Payment_orgId_succeededAt_idx" ON "Payment"("orgId", "succeededAt");

-- CreateIndex
CREATE INDEX "Payment_bookingId_idx" ON "Payment"("bookingId");

-- CreateIndex
CREATE INDEX "Payment_studentId_idx" ON "Payment"("studentId");

-- CreateIndex
CREATE INDEX "Payment_orgId_createdAt_id_idx" ON "Payment"("orgId", "createdAt" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "Payment_id_orgId_key" ON "Payment"("id", "orgId");

-- CreateIndex
CREATE UNIQUE INDEX "Refund_stripeRefundId_key" ON "Refund"("stripeRefundId");

-- CreateIndex
CREATE INDEX "Refund_orgId_status_createdAt_idx" ON "Refund"("orgId", "status", "createdAt");

-- CreateIndex
CREATE INDEX "Refund_paymentId_idx" ON "Refund"("paymentId");

-- CreateIndex
CREATE UNIQUE INDEX "Refund_id_orgId_key" ON "Refund"("id", "orgId");

-- CreateIndex
CREATE UNIQUE INDEX "Refund_orgId_idempotencyKey_key" ON "Refund"("orgId", "idempotencyKey");

-- CreateIndex
CREATE UNIQUE INDEX "Dispute_stripeDisputeId_key" ON "Dispute"("stripeDisputeId");

-- CreateIndex
CREATE INDEX "Dispute_orgId_status_evidenceDueBy_idx" ON "Dispute"("orgId", "status", "evidenceDueBy");

-- CreateIndex
CREATE INDEX "Dispute_paymentId_idx" ON "Dispute"("paymentId");

-- CreateIndex
CREATE UNIQUE INDEX "Dispute_id_orgId_key" ON "Dispute"("id", "orgId");

-- CreateIndex
CREATE INDEX "PayoutBatch_orgId_status_idx" ON "PayoutBatch"("orgId", "status");

-- CreateIndex
CREATE UNIQUE INDEX "PayoutBatch_id_orgId_key" ON "PayoutBatch"("id", "orgId");

-- CreateIndex
CREATE UNIQUE INDEX "PayoutBatch_orgId_number_key" ON "PayoutBatch"("orgId", "number");

-- CreateIndex
CREATE UNIQUE INDEX "Payout_stripeTransferId_key" ON "Payout"("stripeTransferId");

-- CreateIndex
CREATE INDEX "Payout_orgId_status_availableAt_idx" ON "Payout"("orgId", "status", "availableAt");

-- CreateIndex
CREATE INDEX "Payout_orgId_instructorId_idx" ON "Payout"("orgId", "instructorId");

-- CreateIndex
CREATE INDEX "Payout_batchId_idx" ON "Payout"("batchId");

-- CreateIndex
CREATE INDEX "Payout_bookingId_idx" ON "Payout"("bookingId");

-- CreateIndex
CREATE INDEX "Payout_orgId_createdAt_id_idx" ON "Payout"("orgId", "createdAt" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "Payout_id_orgId_key" ON "Payout"("id", "orgId");

-- CreateIndex
CREATE UNIQUE INDEX "TransferReversal_stripeReversalId_key" ON "TransferReversal"("stripeReversalId");

-- CreateIndex
CREATE INDEX "TransferReversal_payoutId_idx" ON "TransferReversal"("payoutId");

-- CreateIndex
CREATE UNIQUE INDEX "TransferReversal_orgId_idempotencyKey_key" ON "TransferReversal"("orgId", "idempotencyKey");

-- CreateIndex
CREATE INDEX "LedgerTransaction_orgId_refType_refId_idx" ON "LedgerTransaction"("orgId", "refType", "refId");

-- CreateIndex
CREATE INDEX "LedgerTransaction_orgId_occurredAt_idx" ON "LedgerTransaction"("orgId", "occurredAt");

-- CreateIndex
CREATE UNIQUE INDEX "LedgerTransaction_id_orgId_key" ON "LedgerTransaction"("id", "orgId");

-- CreateIndex
CREATE UNIQUE INDEX "LedgerTransaction_orgId_idempotencyKey_key" ON "LedgerTransaction"("orgId", "idempotencyKey");

-- CreateIndex
CREATE INDEX "LedgerEntry_orgId_account_createdAt_idx" ON "LedgerEntry"("orgId", "account", "createdAt");

-- CreateIndex
CREATE INDEX "LedgerEntry_transactionId_idx" ON "LedgerEntry"("transactionId");

-- CreateIndex
CREATE INDEX "Org_name_idx" ON "Org"("name");

-- CreateIndex
CREATE UNIQUE INDEX "OrgSettings_orgId_key" ON "OrgSettings"("orgId");

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");

-- CreateIndex
CREATE UNIQUE INDEX "User_externalId_key" ON "User"("externalId");

-- CreateIndex
CREATE INDEX "UserOrg_orgId_role_idx" ON "UserOrg"("orgId", "role");

-- CreateIndex
CREATE UNIQUE INDEX "UserOrg_userId_orgId_role_key" ON "UserOrg"("userId", "orgId", "role");

-- CreateIndex
CREATE UNIQUE INDEX "RefreshToken_jti_key" ON "RefreshToken"("jti");

-- CreateIndex
CREATE INDEX "RefreshToken_userId_idx" ON "RefreshToken"("userId");

-- CreateIndex
CREATE INDEX "RefreshToken_rotationId_idx" ON "RefreshToken"("rotationId");

-- CreateIndex
CREATE INDEX "RefreshToken_expiresAt_idx" ON "RefreshToken"("expiresAt");

-- CreateIndex
CREATE INDEX "SavedView_orgId_resource_sharedWith_idx" ON "SavedView"("orgId", "resource", "sharedWith");

-- CreateIndex
CREATE UNIQUE INDEX "SavedView_orgId_ownerId_resource_name_key" ON "SavedView"("orgId", "ownerId", "resource", "name");

-- CreateIndex
CREATE UNIQUE INDEX "Lesson_bookingId_key" ON "Lesson"("bookingId");

-- CreateIndex
CREATE INDEX "Lesson_orgId_startedAt_idx" ON "Lesson"("orgId", "startedAt");

-- CreateIndex
CREATE INDEX "Lesson_instructorId_idx" ON "Lesson"("instructorId");

-- CreateIndex
CREATE INDEX "Lesson_studentId_idx" ON "Lesson"("studentId");

-- CreateIndex
CREATE UNIQUE INDEX "Lesson_id_orgId_key" ON "Lesson"("id", "orgId");

-- CreateIndex
CREATE UNIQUE INDEX "Lesson_bookingId_orgId_key" ON "Lesson"("bookingId", "orgId");

-- CreateIndex
CREATE UNIQUE INDEX "LogbookEntry_lessonId_key" ON "LogbookEntry"("lessonId");

-- CreateIndex
CREATE INDEX "LogbookEntry_orgId_studentId_idx" ON "LogbookEntry"("orgId", "studentId");

-- CreateIndex
CREATE UNIQUE INDEX "LogbookEntry_lessonId_orgId_key" ON "LogbookEntry"("lessonId", "orgId");

-- CreateIndex
CREATE INDEX "Incident_orgId_status_occurredAt_idx" ON "Incident"("orgId", "status", "occurredAt");

-- CreateIndex
CREATE INDEX "Trip_lessonId_idx" ON "Trip"("lessonId");

-- CreateIndex
CREATE INDEX "Trip_orgId_startedAt_idx" ON "Trip"("orgId", "startedAt");

-- CreateIndex
CREATE UNIQUE INDEX "Trip_id_orgId_key" ON "Trip"("id", "orgId");

-- CreateIndex
CREATE INDEX "TripPoint_tripId_ts_idx" ON "TripPoint"("tripId", "ts");

-- CreateIndex
CREATE INDEX "TripPoint_orgId_ts_idx" ON "TripPoint"("orgId", "ts");

-- CreateIndex
CREATE UNIQUE INDEX "Instructor_stripeAccountId_key" ON "Instructor"("stripeAccountId");

-- CreateIndex
CREATE INDEX "Instructor_orgId_active_idx" ON "Instructor"("orgId", "active");

-- CreateIndex
CREATE INDEX "Instructor_orgId_displayName_idx" ON "Instructor"("orgId", "displayName");

-- CreateIndex
CREATE UNIQUE INDEX "Instructor_id_orgId_key" ON "Instructor"("id", "orgId");

-- CreateIndex
CREATE UNIQUE INDEX "Instructor_orgId_userId_key" ON "Instructor"("orgId", "userId");

-- CreateIndex
CREATE INDEX "Student_orgId_fullName_idx" ON "Student"("orgId", "fullName");

-- CreateIndex
CREATE INDEX "Student_orgId_email_idx" ON "Student"("orgId", "email");

-- CreateIndex
CREATE INDEX "Student_orgId_createdAt_id_idx" ON "Student"("orgId", "createdAt" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "Student_id_orgId_key" ON "Student"("id", "orgId");

-- CreateIndex
CREATE INDEX "Guardian_orgId_fullName_idx" ON "Guardian"("orgId", "fullName");

-- CreateIndex
CREATE UNIQUE INDEX "Guardian_id_orgId_key" ON "Guardian"("id", "orgId");

-- CreateIndex
CREATE INDEX "StudentGuardian_orgId_idx" ON "StudentGuardian"("orgId");

-- CreateIndex
CREATE UNIQUE INDEX "StudentGuardian_studentId_guardianId_key" ON "StudentGuardian"("studentId", "guardianId");

-- CreateIndex
CREATE INDEX "InstructorCredential_orgId_expiresOn_idx" ON "InstructorCredential"("orgId", "expiresOn");

-- CreateIndex
CREATE UNIQUE INDEX "InstructorCredential_orgId_instructorId_kind_number_key" ON "InstructorCredential"("orgId", "instructorId", "kind", "number");

-- CreateIndex
CREATE INDEX "Consent_orgId_studentId_kind_effectiveAt_idx" ON "Consent"("orgId", "studentId", "kind", "effectiveAt");

-- CreateIndex
CREATE INDEX "InstructorAvailability_orgId_instructorId_dayOfWeek_idx" ON "InstructorAvailability"("orgId", "instructorId", "dayOfWeek");

-- CreateIndex
CREATE INDEX "AvailabilityException_orgId_date_idx" ON "AvailabilityException"("orgId", "date");

-- CreateIndex
CREATE UNIQUE INDEX "AvailabilityException_instructorId_date_startMinute_key" ON "AvailabilityException"("instructorId", "date", "startMinute");

-- CreateIndex
CREATE INDEX "InstructorWorkingHours_instructorId_dayOfWeek_isActive_idx" ON "InstructorWorkingHours"("instructorId", "dayOfWeek", "isActive");

-- CreateIndex
CREATE INDEX "InstructorWorkingHours_orgId_isActive_idx" ON "InstructorWorkingHours"("orgId", "isActive");

-- CreateIndex
CREATE UNIQUE INDEX "InstructorWorkingHours_orgId_instructorId_dayOfWeek_effecti_key" ON "InstructorWorkingHours"("orgId", "instructorId", "dayOfWeek", "effectiveFrom");

-- CreateIndex
CREATE INDEX "TravelTimeCache_orgId_cacheValidUntil_idx" ON "TravelTimeCache"("orgId", "cacheValidUntil");

-- CreateIndex
CREATE UNIQUE INDEX "TravelTimeCache_orgId_fromLocationHash_toLocationHash_key" ON "TravelTimeCache"("orgId", "fromLocationHash", "toLocationHash");

-- CreateIndex
CREATE INDEX "LicenseCompatibilityMatrix_orgId_isActive_idx" ON "LicenseCompatibilityMatrix"("orgId", "isActive");

-- CreateIndex
CREATE UNIQUE INDEX "LicenseCompatibilityMatrix_orgId_studentLicenseType_lessonT_key" ON "LicenseCompatibilityMatrix"("orgId", "studentLicenseType", "lessonType");

-- CreateIndex
CREATE INDEX "Booking_orgId_startAt_idx" ON "Booking"("orgId", "startAt");

-- CreateIndex
CREATE INDEX "Booking_orgId_status_startAt_idx" ON "Booking"("orgId", "status", "startAt");

-- CreateIndex
CREATE INDEX "Booking_instructorId_startAt_idx" ON "Booking"("instructorId", "startAt");

-- CreateIndex
CREATE INDEX "Booking_studentId_startAt_idx" ON "Booking"("studentId", "startAt");

-- CreateIndex
CREATE INDEX "Booking_orgId_startAt_id_idx" ON "Booking"("orgId", "startAt" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "Booking_serviceId_startAt_idx" ON "Booking"("serviceId", "startAt");

-- CreateIndex
CREATE INDEX "Booking_vehicleId_startAt_idx" ON "Booking"("vehicleId", "startAt");

-- CreateIndex
CREATE INDEX "Booking_locationId_idx" ON "Booking"("locationId");

-- CreateIndex
CREATE UNIQUE INDEX "Booking_id_orgId_key" ON "Booking"("id", "orgId");

-- CreateIndex
CREATE UNIQUE INDEX "Booking_orgId_idempotencyKey_key" ON "Booking"("orgId", "idempotencyKey");

-- CreateIndex
CREATE INDEX "ScheduledStateTransition_executeAt_processedAt_idx" ON "ScheduledStateTransition"("executeAt", "processedAt");

-- CreateIndex
CREATE INDEX "ScheduledStateTransition_orgId_processedAt_idx" ON "ScheduledStateTransition"("orgId", "processedAt");

-- CreateIndex
CREATE INDEX "ScheduledStateTransition_bookingId_idx" ON "ScheduledStateTransition"("bookingId");

-- CreateIndex
CREATE INDEX "StateTransitionRule_orgId_isActive_idx" ON "StateTransitionRule"("orgId", "isActive");

-- CreateIndex
CREATE UNIQUE INDEX "StateTransitionRule_orgId_fromStatus_toStatus_requiredRole_key" ON "StateTransitionRule"("orgId", "fromStatus", "toStatus", "requiredRole");

-- CreateIndex
CREATE INDEX "LessonStateHistory_orgId_bookingId_idx" ON "LessonStateHistory"("orgId", "bookingId");

-- CreateIndex
CREATE INDEX "LessonStateHistory_bookingId_createdAt_idx" ON "LessonStateHistory"("bookingId", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "CancellationPolicy_id_orgId_key" ON "CancellationPolicy"("id", "orgId");

-- CreateIndex
CREATE UNIQUE INDEX "CancellationPolicy_orgId_actor_hoursBeforeStart_key" ON "CancellationPolicy"("orgId", "actor", "hoursBeforeStart");

-- AddForeignKey
ALTER TABLE "Service" ADD CONSTRAINT "Service_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "RateCard" ADD CONSTRAINT "RateCard_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "RateCardItem" ADD CONSTRAINT "RateCardItem_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "RateCardItem" ADD CONSTRAINT "RateCardItem_rateCardId_orgId_fkey" FOREIGN KEY ("rateCardId", "orgId") REFERENCES "RateCard"("id", "orgId") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "RateCardItem" ADD CONSTRAINT "RateCardItem_serviceId_orgId_fkey" FOREIGN KEY ("serviceId", "orgId") REFERENCES "Service"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Package" ADD CONSTRAINT "Package_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Package" ADD CONSTRAINT "Package_serviceId_orgId_fkey" FOREIGN KEY ("serviceId", "orgId") REFERENCES "Service"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "CreditGrant" ADD CONSTRAINT "CreditGrant_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "CreditGrant" ADD CONSTRAINT "CreditGrant_studentId_orgId_fkey" FOREIGN KEY ("studentId", "orgId") REFERENCES "Student"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "CreditGrant" ADD CONSTRAINT "CreditGrant_packageId_orgId_fkey" FOREIGN KEY ("packageId", "orgId") REFERENCES "Package"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "CreditGrant" ADD CONSTRAINT "CreditGrant_paymentId_orgId_fkey" FOREIGN KEY ("paymentId", "orgId") REFERENCES "Payment"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "CreditEntry" ADD CONSTRAINT "CreditEntry_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "CreditEntry" ADD CONSTRAINT "CreditEntry_grantId_orgId_fkey" FOREIGN KEY ("grantId", "orgId") REFERENCES "CreditGrant"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "CreditEntry" ADD CONSTRAINT "CreditEntry_bookingId_orgId_fkey" FOREIGN KEY ("bookingId", "orgId") REFERENCES "Booking"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Vehicle" ADD CONSTRAINT "Vehicle_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Vehicle" ADD CONSTRAINT "Vehicle_defaultInstructorId_orgId_fkey" FOREIGN KEY ("defaultInstructorId", "orgId") REFERENCES "Instructor"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Location" ADD CONSTRAINT "Location_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Message" ADD CONSTRAINT "Message_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "MessageTemplate" ADD CONSTRAINT "MessageTemplate_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "ContactOptOut" ADD CONSTRAINT "ContactOptOut_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "WebhookEvent" ADD CONSTRAINT "WebhookEvent_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Outbox" ADD CONSTRAINT "Outbox_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "OutboxDelivery" ADD CONSTRAINT "OutboxDelivery_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "OutboxDelivery" ADD CONSTRAINT "OutboxDelivery_outboxId_orgId_fkey" FOREIGN KEY ("outboxId", "orgId") REFERENCES "Outbox"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "ActionRun" ADD CONSTRAINT "ActionRun_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "ActionRun" ADD CONSTRAINT "ActionRun_actorUserId_fkey" FOREIGN KEY ("actorUserId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "AuditLog" ADD CONSTRAINT "AuditLog_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "AuditLog" ADD CONSTRAINT "AuditLog_actorUserId_fkey" FOREIGN KEY ("actorUserId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "AuditSeal" ADD CONSTRAINT "AuditSeal_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Payment" ADD CONSTRAINT "Payment_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Payment" ADD CONSTRAINT "Payment_bookingId_orgId_fkey" FOREIGN KEY ("bookingId", "orgId") REFERENCES "Booking"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Payment" ADD CONSTRAINT "Payment_studentId_orgId_fkey" FOREIGN KEY ("studentId", "orgId") REFERENCES "Student"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Refund" ADD CONSTRAINT "Refund_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Refund" ADD CONSTRAINT "Refund_paymentId_orgId_fkey" FOREIGN KEY ("paymentId", "orgId") REFERENCES "Payment"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Refund" ADD CONSTRAINT "Refund_bookingId_orgId_fkey" FOREIGN KEY ("bookingId", "orgId") REFERENCES "Booking"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Refund" ADD CONSTRAINT "Refund_requestedById_fkey" FOREIGN KEY ("requestedById") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Refund" ADD CONSTRAINT "Refund_approvedById_fkey" FOREIGN KEY ("approvedById") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Dispute" ADD CONSTRAINT "Dispute_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Dispute" ADD CONSTRAINT "Dispute_paymentId_orgId_fkey" FOREIGN KEY ("paymentId", "orgId") REFERENCES "Payment"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "PayoutBatch" ADD CONSTRAINT "PayoutBatch_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "PayoutBatch" ADD CONSTRAINT "PayoutBatch_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "PayoutBatch" ADD CONSTRAINT "PayoutBatch_approvedById_fkey" FOREIGN KEY ("approvedById") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Payout" ADD CONSTRAINT "Payout_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Payout" ADD CONSTRAINT "Payout_instructorId_orgId_fkey" FOREIGN KEY ("instructorId", "orgId") REFERENCES "Instructor"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Payout" ADD CONSTRAINT "Payout_bookingId_orgId_fkey" FOREIGN KEY ("bookingId", "orgId") REFERENCES "Booking"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Payout" ADD CONSTRAINT "Payout_paymentId_orgId_fkey" FOREIGN KEY ("paymentId", "orgId") REFERENCES "Payment"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Payout" ADD CONSTRAINT "Payout_batchId_orgId_fkey" FOREIGN KEY ("batchId", "orgId") REFERENCES "PayoutBatch"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "TransferReversal" ADD CONSTRAINT "TransferReversal_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "TransferReversal" ADD CONSTRAINT "TransferReversal_payoutId_orgId_fkey" FOREIGN KEY ("payoutId", "orgId") REFERENCES "Payout"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "TransferReversal" ADD CONSTRAINT "TransferReversal_refundId_orgId_fkey" FOREIGN KEY ("refundId", "orgId") REFERENCES "Refund"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "TransferReversal" ADD CONSTRAINT "TransferReversal_disputeId_orgId_fkey" FOREIGN KEY ("disputeId", "orgId") REFERENCES "Dispute"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "LedgerTransaction" ADD CONSTRAINT "LedgerTransaction_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "LedgerEntry" ADD CONSTRAINT "LedgerEntry_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "LedgerEntry" ADD CONSTRAINT "LedgerEntry_transactionId_orgId_fkey" FOREIGN KEY ("transactionId", "orgId") REFERENCES "LedgerTransaction"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "LedgerEntry" ADD CONSTRAINT "LedgerEntry_instructorId_orgId_fkey" FOREIGN KEY ("instructorId", "orgId") REFERENCES "Instructor"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "LedgerEntry" ADD CONSTRAINT "LedgerEntry_bookingId_orgId_fkey" FOREIGN KEY ("bookingId", "orgId") REFERENCES "Booking"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "OrgSettings" ADD CONSTRAINT "OrgSettings_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "UserOrg" ADD CONSTRAINT "UserOrg_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "UserOrg" ADD CONSTRAINT "UserOrg_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "RefreshToken" ADD CONSTRAINT "RefreshToken_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "SavedView" ADD CONSTRAINT "SavedView_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "SavedView" ADD CONSTRAINT "SavedView_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Lesson" ADD CONSTRAINT "Lesson_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Lesson" ADD CONSTRAINT "Lesson_bookingId_orgId_fkey" FOREIGN KEY ("bookingId", "orgId") REFERENCES "Booking"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Lesson" ADD CONSTRAINT "Lesson_instructorId_orgId_fkey" FOREIGN KEY ("instructorId", "orgId") REFERENCES "Instructor"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Lesson" ADD CONSTRAINT "Lesson_studentId_orgId_fkey" FOREIGN KEY ("studentId", "orgId") REFERENCES "Student"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "LogbookEntry" ADD CONSTRAINT "LogbookEntry_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "LogbookEntry" ADD CONSTRAINT "LogbookEntry_studentId_orgId_fkey" FOREIGN KEY ("studentId", "orgId") REFERENCES "Student"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "LogbookEntry" ADD CONSTRAINT "LogbookEntry_lessonId_orgId_fkey" FOREIGN KEY ("lessonId", "orgId") REFERENCES "Lesson"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Incident" ADD CONSTRAINT "Incident_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Incident" ADD CONSTRAINT "Incident_lessonId_orgId_fkey" FOREIGN KEY ("lessonId", "orgId") REFERENCES "Lesson"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Incident" ADD CONSTRAINT "Incident_vehicleId_orgId_fkey" FOREIGN KEY ("vehicleId", "orgId") REFERENCES "Vehicle"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Incident" ADD CONSTRAINT "Incident_instructorId_orgId_fkey" FOREIGN KEY ("instructorId", "orgId") REFERENCES "Instructor"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Trip" ADD CONSTRAINT "Trip_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Trip" ADD CONSTRAINT "Trip_lessonId_orgId_fkey" FOREIGN KEY ("lessonId", "orgId") REFERENCES "Lesson"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "TripPoint" ADD CONSTRAINT "TripPoint_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "TripPoint" ADD CONSTRAINT "TripPoint_tripId_orgId_fkey" FOREIGN KEY ("tripId", "orgId") REFERENCES "Trip"("id", "orgId") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Instructor" ADD CONSTRAINT "Instructor_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Instructor" ADD CONSTRAINT "Instructor_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Student" ADD CONSTRAINT "Student_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Student" ADD CONSTRAINT "Student_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Guardian" ADD CONSTRAINT "Guardian_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Guardian" ADD CONSTRAINT "Guardian_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "StudentGuardian" ADD CONSTRAINT "StudentGuardian_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "StudentGuardian" ADD CONSTRAINT "StudentGuardian_studentId_orgId_fkey" FOREIGN KEY ("studentId", "orgId") REFERENCES "Student"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "StudentGuardian" ADD CONSTRAINT "StudentGuardian_guardianId_orgId_fkey" FOREIGN KEY ("guardianId", "orgId") REFERENCES "Guardian"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "InstructorCredential" ADD CONSTRAINT "InstructorCredential_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "InstructorCredential" ADD CONSTRAINT "InstructorCredential_instructorId_orgId_fkey" FOREIGN KEY ("instructorId", "orgId") REFERENCES "Instructor"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Consent" ADD CONSTRAINT "Consent_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Consent" ADD CONSTRAINT "Consent_studentId_orgId_fkey" FOREIGN KEY ("studentId", "orgId") REFERENCES "Student"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Consent" ADD CONSTRAINT "Consent_guardianId_orgId_fkey" FOREIGN KEY ("guardianId", "orgId") REFERENCES "Guardian"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "InstructorAvailability" ADD CONSTRAINT "InstructorAvailability_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "InstructorAvailability" ADD CONSTRAINT "InstructorAvailability_instructorId_orgId_fkey" FOREIGN KEY ("instructorId", "orgId") REFERENCES "Instructor"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "AvailabilityException" ADD CONSTRAINT "AvailabilityException_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "AvailabilityException" ADD CONSTRAINT "AvailabilityException_instructorId_orgId_fkey" FOREIGN KEY ("instructorId", "orgId") REFERENCES "Instructor"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "InstructorWorkingHours" ADD CONSTRAINT "InstructorWorkingHours_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "InstructorWorkingHours" ADD CONSTRAINT "InstructorWorkingHours_instructorId_orgId_fkey" FOREIGN KEY ("instructorId", "orgId") REFERENCES "Instructor"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "TravelTimeCache" ADD CONSTRAINT "TravelTimeCache_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "LicenseCompatibilityMatrix" ADD CONSTRAINT "LicenseCompatibilityMatrix_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Booking" ADD CONSTRAINT "Booking_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Booking" ADD CONSTRAINT "Booking_studentId_orgId_fkey" FOREIGN KEY ("studentId", "orgId") REFERENCES "Student"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Booking" ADD CONSTRAINT "Booking_instructorId_orgId_fkey" FOREIGN KEY ("instructorId", "orgId") REFERENCES "Instructor"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Booking" ADD CONSTRAINT "Booking_serviceId_orgId_fkey" FOREIGN KEY ("serviceId", "orgId") REFERENCES "Service"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Booking" ADD CONSTRAINT "Booking_vehicleId_orgId_fkey" FOREIGN KEY ("vehicleId", "orgId") REFERENCES "Vehicle"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Booking" ADD CONSTRAINT "Booking_locationId_orgId_fkey" FOREIGN KEY ("locationId", "orgId") REFERENCES "Location"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Booking" ADD CONSTRAINT "Booking_rateCardId_orgId_fkey" FOREIGN KEY ("rateCardId", "orgId") REFERENCES "RateCard"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Booking" ADD CONSTRAINT "Booking_policyId_orgId_fkey" FOREIGN KEY ("policyId", "orgId") REFERENCES "CancellationPolicy"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "ScheduledStateTransition" ADD CONSTRAINT "ScheduledStateTransition_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "ScheduledStateTransition" ADD CONSTRAINT "ScheduledStateTransition_bookingId_orgId_fkey" FOREIGN KEY ("bookingId", "orgId") REFERENCES "Booking"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "StateTransitionRule" ADD CONSTRAINT "StateTransitionRule_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "LessonStateHistory" ADD CONSTRAINT "LessonStateHistory_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "LessonStateHistory" ADD CONSTRAINT "LessonStateHistory_bookingId_orgId_fkey" FOREIGN KEY ("bookingId", "orgId") REFERENCES "Booking"("id", "orgId") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "LessonStateHistory" ADD CONSTRAINT "LessonStateHistory_actorUserId_fkey" FOREIGN KEY ("actorUserId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "CancellationPolicy" ADD CONSTRAINT "CancellationPolicy_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

