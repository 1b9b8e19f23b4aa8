-- An adjustment below zero is never transferred: it is taken off what the instructor is paid next.
ALTER TYPE "PayoutStatus" ADD VALUE 'deducted';

CREATE TYPE "PayoutHold" AS ENUM ('review', 'dispute', 'person');
CREATE TYPE "BankPayoutStatus" AS ENUM ('pending', 'in_transit', 'paid', 'failed', 'canceled');
