/* Forking one sandboxed child. */
#pragma once
#include <sys/types.h>
#include "document/wire.h"

/* Starts a child that looks at the files (scan NULL) or reads one page; its
 * result memfd goes to *result (owned by the caller). -1 when the system has
 * no more processes or memory. */
pid_t spawn_child(const struct wire_request *req, const int *files,
                  const struct wire_ocr *scan, int *result);
/* Makes a result read-only for everybody; false when someone still writes. */
bool spawn_seal(int result);
