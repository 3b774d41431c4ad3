/* The kinds invoice_pdf and invoice_images: what POST /v1/jobs/… orders. */
#pragma once
#include "kinds.h"

enum err kind_invoice_run(struct work *w, const struct job *j);
enum err kind_invoice_dead(struct work *w, const char *error);
/* tell_cancelled, which follows one of them that was cancelled. */
enum err kind_invoice_cancelled(struct work *w, const struct job *j);
