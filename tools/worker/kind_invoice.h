/* The kinds invoice_pdf and invoice_images: what POST /v1/jobs/… orders. */
#pragma once
#include "kinds.h"

enum err kind_invoice_run(struct work *w, const struct job *j);
enum err kind_invoice_dead(struct work *w, const char *error);
