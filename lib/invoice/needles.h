/* What the anonymised report must never show (needles.c), for others than the
 * reader. */
#pragma once
#include "invoice/invoice.h"

/* A folded word of names and addresses that is on every report, or nobody's. */
bool needles_everyday(const char *folded);
/* Adds what the record's identifying fields hold now: a value that came after
 * the reader must not show either. */
void needles_add_fields(struct arena *a, struct invoice *inv);
