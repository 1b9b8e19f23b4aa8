-- What Stripe sends to a bank is some amount; below zero when it fetches money from there.
ALTER TABLE "BankPayout" ADD CONSTRAINT bank_payout_money CHECK ("amountCents" <> 0);
