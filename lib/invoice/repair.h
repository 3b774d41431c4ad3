/* Digits that OCR doubts are put right where the invoice's own arithmetic
 * leaves one possibility; what it cannot settle is marked as unsure. */
#pragma once
#include "invoice/invoice.h"

/* Changes inv in place; a text layer has no doubted digits and stays as
 * printed. Sets repaired and unsure of the evidence. Memory in a. */
void repair_run(struct arena *a, struct invoice *inv);
/* What was derived from lines and meters is as sure as they are: when all is
 * read. */
void repair_follow(struct invoice *inv);
