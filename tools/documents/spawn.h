/* Forking one sandboxed child. */
#pragma once
#include <sys/types.h>
#include "document/wire.h"

/* An empty result, owned by the caller; -1 when there is no memory. */
int spawn_result(void);
/* Starts a child that looks at the files (scan NULL) or reads one page and
 * writes to result. -1 when the system has no more processes or memory. */
pid_t spawn_child(const struct wire_request *req, const int *files,
                  const struct wire_ocr *scan, int result);
/* In a child: signals as usual, and the end with the parent. */
void spawn_settle(void);
/* In a child: descriptors 0, 1 and 2 lead nowhere. */
bool spawn_hush(void);
/* Makes a result read-only for everybody; false when someone still writes. */
bool spawn_seal(int result);
